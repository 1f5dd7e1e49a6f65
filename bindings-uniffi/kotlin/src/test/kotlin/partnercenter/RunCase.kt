package partnercenter

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.util.Collections
import kotlin.io.path.createTempDirectory
import kotlin.io.path.div

/** The case operation `run`: a plan, and the run of it. */
suspend fun run(
    client: Client,
    given: JsonObject,
): JsonObject {
    val operation = ChangeOperation.entries.single { "$it" == given.text("operation") }
    val changes = given.getValue("changes").jsonArray.map { change(it.jsonObject) }
    val codes = given["codes"]?.jsonObject.orEmpty().mapValues { it.value.jsonPrimitive.content }
    // In order, as a recording is.
    val pace = Pace(1, null)
    val rows = Rows()
    val folder = createTempDirectory("case")
    try {
        client.plan(operation, changes, pace, rows).use { plan ->
            val report = client.run(plan, folder / "journal", RunOptions(codes, pace), rows)
            return json(
                "outcome" to null,
                "result" to planned(plan).with(rows.members()).with(settled(report)),
                "error" to null,
                "request_id" to null,
                "correlation_id" to null,
                "ms_cv" to null,
                "mfa_compliant" to null,
                "attempts" to emptyList<Any>(),
            )
        }
    } finally {
        folder.toFile().deleteRecursively()
    }
}

/** Keeps the rows in the order in which they are heard. */
private class Rows :
    PlanListener,
    RunListener {
    private val planned = Collections.synchronizedList(mutableListOf<Long>())
    private val settled = Collections.synchronizedList(mutableListOf<Long>())

    override fun onPlanned(change: PlannedChange) {
        planned += change.row
    }

    override fun onResult(result: ChangeResult) {
        settled += result.row
    }

    fun members() = json("planned" to planned, "settled" to settled)
}

private fun change(given: JsonObject) =
    Change(
        requireNotNull(given.text("customer")),
        qualification(requireNotNull(given.text("qualification"))),
        given.text("education_segment")?.let(::segment),
        given.text("website"),
        given.text("code_name"),
    )

private fun planned(plan: Plan): JsonObject {
    val changes = plan.changes()
    return json(
        "doubles" to plan.doubles(),
        "codes" to plan.codes().map { json("name" to it.name, "sends" to it.sends) },
        "decisions" to changes.map { "${it.decision}" },
        "currents" to changes.map { it.current },
        "refusals" to changes.map { it.detail },
    )
}

private fun settled(report: Report): JsonObject =
    json(
        "counts" to
            json(
                "planned" to report.planned,
                "applied" to report.applied,
                "already_set" to report.alreadySet,
                "refused" to report.refused,
                "conflict" to report.conflict,
                "unknown" to report.unknown,
                "not_started" to report.notStarted,
            ),
        "stopped" to report.stopped?.toString(),
        "detail" to report.detail,
        "torn" to report.torn,
        "results" to report.results.map(::result),
    )

private fun result(result: ChangeResult): JsonObject =
    json(
        "row" to result.row,
        "customer" to result.customer,
        "qualification" to "${result.qualification}",
        "end" to "${result.end}",
        "outcome" to "${result.outcome}",
        "evidence" to result.evidence?.toString(),
        "kind" to result.kind?.toString(),
        "reason" to result.reason?.toString(),
        "status" to result.status,
        "code" to result.code,
        "detail" to result.detail,
        "request_id" to result.requestId,
        "correlation_id" to result.correlationId,
        "attempts" to result.attempts,
    )
