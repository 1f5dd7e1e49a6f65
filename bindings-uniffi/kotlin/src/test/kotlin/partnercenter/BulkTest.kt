package partnercenter

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** Many customers: plans, runs, and runs that are left. */
class BulkTest {
    @TempDir
    lateinit var folder: Path

    private val journal get() = folder / "run.journal"

    // As fast as they end.
    private val unpaced = Pace(4, null)
    private val how = RunOptions(pace = unpaced)

    // Fifty a second, by this clock: it is left long before it ends.
    private val slow = RunOptions(pace = Pace(4, 0.005))

    private fun schools(client: Client): List<Change> =
        runBlocking {
            client.customers(companyName = "Customer").toList().map {
                Change("${it.id}", Qualification.Education)
            }
        }

    private suspend fun planned(
        client: Client,
        changes: List<Change> = schools(client),
    ) = client.plan(ChangeOperation.UPDATE_QUALIFICATION, changes, unpaced)

    private fun assertSumHolds(report: Report) =
        assertEquals(
            report.planned,
            report.applied + report.alreadySet + report.refused + report.conflict +
                report.unknown + report.notStarted,
            "$report",
        )

    @Test
    fun `a plan and its run are told change by change`() {
        Service(customers = 12).use { service ->
            service.client().use { client ->
                runBlocking {
                    val contract = ChangeOperation.UPDATE_QUALIFICATION
                    val steps = client.planning(contract, schools(client), unpaced).toList()
                    val plan = (steps.last() as PlanUpdate.Ended).plan
                    val planned = steps.dropLast(1).map { (it as PlanUpdate.Planned).change }
                    assertEquals(plan.changes(), planned.sortedBy { it.row })
                    assertEquals(12, plan.sends())
                    assertEquals(12, plan.count(Decision.SET))

                    val ended = client.running(plan, journal, how).toList()
                    val report = (ended.last() as RunUpdate.Ended).report
                    val results = ended.dropLast(1).map { (it as RunUpdate.Settled).result }
                    assertEquals(report.results, results.sortedBy { it.row })
                    assertEquals(12, report.applied)
                    assertEquals(journal, report.journal)
                    assertEquals(plan.fingerprint(), report.fingerprint)
                    assertSumHolds(report)

                    val again = client.resuming(journal, how).toList().single()
                    assertEquals(report.results, (again as RunUpdate.Ended).report.results)
                }
            }
        }
    }

    @Test
    fun `a cancelled run is unknown, and its journal goes on to the full sum`() {
        val ends = LinkedBlockingQueue<Event>()
        val listener =
            eventListener { if (it.name == EventName.END && it.operation == "run") ends += it }
        Service(customers = 300).use { service ->
            service.client(listener = listener).use { client ->
                runBlocking {
                    val plan = planned(client)
                    val heard = CountDownLatch(40)
                    val results =
                        object : RunListener {
                            override fun onResult(result: ChangeResult) = heard.countDown()
                        }
                    val call =
                        async(Dispatchers.Default) { client.run(plan, journal, slow, results) }
                    assertTrue(heard.await(30, TimeUnit.SECONDS))
                    call.cancelAndJoin()
                    assertThrows(CancellationException::class.java) {
                        runBlocking { call.await() }
                    }
                    val end = checkNotNull(ends.poll(30, TimeUnit.SECONDS)) { "no end was told" }
                    assertEquals(Outcome.UNKNOWN, end.outcome, end.text)
                    assertTrue(end.late && end.grave, end.text)
                    assertGoesOn(client)
                }
            }
        }
    }

    @Test
    fun `leaving the flow leaves the run`() {
        Service(customers = 300).use { service ->
            service.client().use { client ->
                runBlocking {
                    val updates = client.running(planned(client), journal, slow)
                    assertEquals(20, updates.take(20).toList().size)
                    assertGoesOn(client)
                }
            }
        }
    }

    private suspend fun assertGoesOn(client: Client) {
        val steps = resumed(client)
        val report = (steps.last() as RunUpdate.Ended).report
        assertSumHolds(report)
        assertEquals(300, report.planned)
        assertEquals(300, report.applied, "$report")
        val settled = steps.dropLast(1).map { (it as RunUpdate.Settled).result }
        assertTrue(settled.isNotEmpty(), "nothing was left to do")
        assertTrue(report.results.containsAll(settled))
    }

    /** What was open lets go of the journal once it is through. */
    private suspend fun resumed(client: Client): List<RunUpdate> {
        repeat(30_000) {
            try {
                return client.resuming(journal, how).toList()
            } catch (error: PartnerCenterException.Journal) {
                assertTrue("another run" in error.message, error.message)
            }
            delay(1)
        }
        error("nobody lets go of it")
    }

    @Test
    fun `a plan outlives its process, and none that was altered is taken`() {
        Service(customers = 3).use { service ->
            service.client().use { client ->
                runBlocking {
                    val text = planned(client).toJson()
                    val plan = Plan.fromJson(text)
                    assertEquals(text, plan.toJson())
                    assertEquals(ChangeOperation.UPDATE_QUALIFICATION, plan.operation())
                    assertEquals(service.options.baseUrl, plan.baseUrl())
                    listOf("", "{}", "no plan", text.replace("\"set\"", "\"refused\"")).forEach {
                        val error =
                            assertThrows(PartnerCenterException.InvalidArgument::class.java) {
                                Plan.fromJson(it)
                            }
                        assertTrue("plan" in error.message, error.message)
                    }
                    assertEquals(3, client.run(plan, journal, how).applied)
                }
            }
        }
    }

    @Test
    fun `what is no journal is an error of its own`() {
        Service().use { service ->
            service.client().use { client ->
                journal.writeText("{}\n")
                val error =
                    assertThrows(PartnerCenterException.Journal::class.java) {
                        runBlocking { client.resume(journal) }
                    }
                assertEquals(ErrorKind.JOURNAL, error.kind)
                assertEquals(Outcome.NOT_APPLIED, error.outcome)
                assertTrue("$journal" in error.message, error.message)
            }
        }
    }

    @Test
    fun `a listener that throws stops nothing`() {
        Service(customers = 3).use { service ->
            service.client().use { client ->
                val deaf =
                    object : PlanListener, RunListener {
                        override fun onPlanned(change: PlannedChange) = error("no ears")

                        override fun onResult(result: ChangeResult) = error("no ears")
                    }
                runBlocking {
                    val contract = ChangeOperation.CREATE_QUALIFICATION
                    val changes =
                        schools(client).map { it.copy(educationSegment = EducationSegment.K12) }
                    val plan = client.plan(contract, changes, unpaced, deaf)
                    assertEquals(3, client.run(plan, journal, how, deaf).applied)
                }
            }
        }
    }

    @Test
    fun `a pace that is none is refused, of a plan and of its run`() {
        Service().use { service ->
            service.client().use { client ->
                listOf(Pace(-1, null), Pace(0, 5.0), Pace(4, 0.0), Pace(4, Double.NaN)).forEach {
                    assertThrows(PartnerCenterException.InvalidArgument::class.java) {
                        val contract = ChangeOperation.UPDATE_QUALIFICATION
                        runBlocking { client.plan(contract, emptyList(), it) }
                    }
                    assertThrows(PartnerCenterException.InvalidArgument::class.java) {
                        val wrong = RunOptions(pace = it)
                        runBlocking { client.run(planned(client, emptyList()), journal, wrong) }
                    }
                }
            }
        }
    }

    @Test
    fun `nothing of a run shows a code`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val found = client.findValidationCode("Woodgrove County")
                    val code = found.code.value.reveal()
                    val county = client.findCustomer(companyName = "Woodgrove County").customer
                    val government = Qualification.GovernmentCommunityCloud
                    val change = Change("${county.id}", government, codeName = "Woodgrove")
                    val plan = planned(client, listOf(change))
                    assertEquals(listOf(PlannedCode("Woodgrove", 1)), plan.codes())
                    val how = RunOptions(mapOf("Woodgrove" to code), unpaced)
                    val steps = client.running(plan, journal, how).toList()
                    assertEquals(1, (steps.last() as RunUpdate.Ended).report.applied)
                    val shown = listOf(plan, how, change, steps)
                    shown.forEach { assertHidden(it, code) }
                    assertFalse(code in plan.toJson())
                    assertFalse(code in journal.readText())
                    // That the run was given it shows in nothing but its end.
                    val missing = folder / "missing.journal"
                    val error =
                        assertThrows(PartnerCenterException.InvalidArgument::class.java) {
                            val wrong = RunOptions(mapOf("Wood" to code), unpaced)
                            runBlocking { client.run(plan, missing, wrong) }
                        }
                    assertHidden(error, code)
                }
            }
        }
    }
}
