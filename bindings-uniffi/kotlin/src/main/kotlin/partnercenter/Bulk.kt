package partnercenter

import kotlinx.coroutines.flow.Flow
import java.nio.file.Path

/** What a plan that is made comes to. */
public sealed interface PlanUpdate {
    /** What a run would do to one more customer, who was read. */
    public data class Planned(
        val change: PlannedChange,
    ) : PlanUpdate

    /** The last: the plan. */
    public data class Ended(
        val plan: Plan,
    ) : PlanUpdate
}

/** [Client.plan], customer by customer as they are read. Leaving the flow ends the reading. */
public fun Client.planning(
    operation: ChangeOperation,
    changes: List<Change>,
    pace: Pace? = null,
    options: CallOptions = CallOptions(),
): Flow<PlanUpdate> =
    told { tell ->
        val reads =
            object : PlanListener {
                override fun onPlanned(change: PlannedChange) {
                    tell(PlanUpdate.Planned(change))
                }
            }
        PlanUpdate.Ended(plan(operation, changes, pace, reads, options))
    }

/** What a run comes to. */
public sealed interface RunUpdate {
    /** How one more change ended. */
    public data class Settled(
        val result: ChangeResult,
    ) : RunUpdate

    /** The last: what became of all of them. */
    public data class Ended(
        val report: Report,
    ) : RunUpdate
}

/**
 * [Client.run], change by change as they end. Leaving the flow leaves the run: nothing more is begun,
 * and [Client.resume] goes on with its journal.
 */
public fun Client.running(
    plan: Plan,
    journal: Path,
    how: RunOptions? = null,
    options: CallOptions = CallOptions(),
): Flow<RunUpdate> =
    told { tell -> RunUpdate.Ended(run(plan, journal, how, results(tell), options)) }

/** [Client.resume], change by change as they end; leaving the flow leaves the run. */
public fun Client.resuming(
    journal: Path,
    how: RunOptions? = null,
    options: CallOptions = CallOptions(),
): Flow<RunUpdate> = told { tell -> RunUpdate.Ended(resume(journal, how, results(tell), options)) }

private fun results(tell: (RunUpdate) -> Unit): RunListener =
    object : RunListener {
        override fun onResult(result: ChangeResult): Unit = tell(RunUpdate.Settled(result))
    }
