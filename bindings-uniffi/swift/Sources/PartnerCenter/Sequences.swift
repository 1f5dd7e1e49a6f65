import Foundation

extension Client {
    /// The partner's customers. A page is read when the loop comes to it; arguments as of
    /// `listCustomers`.
    public func customers(
        companyName: String? = nil, pageSize: Int32? = nil, options: CallOptions = CallOptions()
    ) -> Customers {
        Customers { next in
            if let next { return try await self.nextCustomers(next: next, options: options) }
            return try await self.listCustomers(
                companyName: companyName, pageSize: pageSize, options: options)
        }
    }

    /// How a vetting goes on and ends; arguments as of `waitForVetting`. The call begins with the
    /// loop, and ends with it.
    public func vetting(
        customer: UUID, qualification: Qualification, deadline: TimeInterval? = nil,
        pollInterval: TimeInterval? = nil, options: CallOptions = CallOptions()
    ) -> VettingUpdates {
        VettingUpdates { tell in
            .ended(
                try await self.waitForVetting(
                    customer: customer, qualification: qualification, deadline: deadline,
                    pollInterval: pollInterval, listener: Closure { tell(.progress($0)) },
                    options: options))
        }
    }
}

/// The partner's customers, page by page. Each loop over it reads them anew; after an error a loop
/// is at its end.
public struct Customers: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let page: @Sendable (NextPage?) async throws -> CustomerPage
    private var rest: ArraySlice<Customer> = []
    private var following: NextPage?
    private var more = true

    init(page: @escaping @Sendable (NextPage?) async throws -> CustomerPage) { self.page = page }

    public func makeAsyncIterator() -> Customers { self }

    public mutating func next() async throws -> Customer? {
        while rest.isEmpty {
            guard more else { return nil }
            more = false
            let read = try await page(following)
            (rest, following, more) = (read.customers[...], read.next, read.next != nil)
        }
        return rest.removeFirst()
    }
}

/// A step of waiting for a vetting.
public enum VettingUpdate: Equatable, Hashable, Sendable {
    /// A poll saw this.
    case progress(CustomerQualification)
    /// The wait is over; nothing comes after it.
    case ended(Vetting)
}

/// The steps of waiting for a vetting.
public typealias VettingUpdates = Updates<VettingUpdate>

/// The steps of a call, and last its end. Each loop makes the call anew; leaving the loop leaves it.
public struct Updates<Update: Sendable>: AsyncSequence, Sendable {
    public typealias Element = Update
    typealias Tell = @Sendable (Update) -> Void
    typealias Steps = AsyncThrowingStream<(update: Update, last: Bool), any Error>
    let call: @Sendable (@escaping Tell) async throws -> Update

    public func makeAsyncIterator() -> AsyncIterator {
        let steps = Steps { steps in
            let call = Task {
                do {
                    steps.yield((try await self.call { steps.yield(($0, false)) }, true))
                    steps.finish()
                } catch {
                    steps.finish(throwing: error)
                }
            }
            // Also when the loop is left.
            steps.onTermination = { _ in call.cancel() }
        }
        return AsyncIterator(steps: steps.makeAsyncIterator())
    }

    /// Where a loop is. After the last step or an error it is at its end, whatever becomes of the
    /// task.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var steps: Steps.AsyncIterator
        private var more = true

        init(steps: Steps.AsyncIterator) { self.steps = steps }

        public mutating func next() async throws -> Update? {
            guard more else { return nil }
            more = false
            if let step = try await steps.next() {
                more = !step.last
                return step.update
            }
            // Without an end nothing has ended but the task.
            try Task.checkCancellation()
            return nil
        }
    }
}
