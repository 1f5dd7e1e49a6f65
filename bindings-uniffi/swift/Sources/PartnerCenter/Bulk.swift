import Foundation

extension Client {
    /// How a plan is made and what it says; arguments as of `plan`. Leaving the loop ends the
    /// reading.
    public func planning(
        operation: ChangeOperation, changes: [Change], pace: Pace? = nil,
        options: CallOptions = CallOptions()
    ) -> Updates<PlanUpdate> {
        Updates { tell in
            .ended(
                try await self.plan(
                    operation: operation, changes: changes, pace: pace,
                    listener: Closure { tell(.planned($0)) }, options: options))
        }
    }

    /// How a run goes on and ends; arguments as of `run`. Leaving the loop leaves the run: nothing
    /// more is begun, and `resume` goes on with its journal.
    public func running(
        plan: Plan, journal: URL, how: RunOptions? = nil, options: CallOptions = CallOptions()
    ) -> Updates<RunUpdate> {
        Updates { tell in
            .ended(
                try await self.run(
                    plan: plan, journal: journal, how: how, listener: Closure { tell(.settled($0)) },
                    options: options))
        }
    }

    /// How a resumed run goes on and ends; arguments as of `resume`. Leaving the loop leaves it.
    public func resuming(
        journal: URL, how: RunOptions? = nil, options: CallOptions = CallOptions()
    ) -> Updates<RunUpdate> {
        Updates { tell in
            .ended(
                try await self.resume(
                    journal: journal, how: how, listener: Closure { tell(.settled($0)) }, options: options))
        }
    }
}

/// A step of making a plan.
public enum PlanUpdate: Sendable {
    /// What a run would do to one more customer, who was read.
    case planned(PlannedChange)
    /// The plan; nothing comes after it.
    case ended(Plan)
}

/// A step of a run.
public enum RunUpdate: Equatable, Hashable, Sendable {
    /// How one more change ended.
    case settled(ChangeResult)
    /// What became of all of them; nothing comes after it.
    case ended(Report)
}
