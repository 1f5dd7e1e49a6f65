package readme

import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import partnercenter.*
import java.net.InetSocketAddress
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Path
import java.util.UUID
import kotlin.io.path.div

/**
 * What README.md shows: each of its blocks stands here, and runs. The package is another than the
 * library's, as a reader's is.
 */
class ReadmeTest {
    @Test
    fun `every block is compiled here`() {
        val here = ROOT.resolve("bindings-uniffi/kotlin")
        val source = here.resolve("src/test/kotlin/readme/ReadmeTest.kt").readText()
        val readme = here.resolve("README.md").readText()
        val blocks =
            Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
                .findAll(readme)
                .map { it.groupValues[1] }
                .toList()
        assertEquals(10, blocks.size)
        blocks.forEach { block -> assertTrue(block in source, block) }
    }

    @Test
    fun `the first ten lines change a customer`() {
        Service().use { service ->
            val said = runBlocking { qualify(service.options, service.token, "Contoso") }
            assertEquals("APPLIED ANSWER", said)
        }
    }

    @Test
    fun `tokens come from suspending code`() {
        Service().use { service ->
            val session = Session { _, _, _ -> service.token }
            client(session, service.options).use { client ->
                runBlocking { client.getValidationCodes() }
            }
        }
    }

    @Test
    fun `an error says what to do`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val id = client.findCustomer(companyName = "Woodgrove County").customer.id
                    val shown = mutableListOf<String>()
                    change(client, id, "wrong", shown::add)
                    assertTrue(shown.single().startsWith("not changed: "), "$shown")
                }
            }
        }
    }

    @Test
    fun `a conflict after a lost answer is not said to be no change`() {
        val service = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        service.createContext("/") { request ->
            val education = "1".toByteArray()
            val status = if (request.requestMethod == "GET") 200 else 500
            request.sendResponseHeaders(status, education.size.toLong())
            request.responseBody.use { it.write(education) }
        }
        service.start()
        val url = "http://127.0.0.1:${service.address.port}"
        val options = ClientOptions(baseUrl = url, allowHttpLoopback = true)
        Client(Credential.staticToken("invented"), options).use { client ->
            val shown = mutableListOf<String>()
            runBlocking { change(client, UUID.randomUUID(), "a code", shown::add) }
            assertTrue(shown.single().startsWith("unknown, to be settled: {"), "$shown")
        }
        service.stop(0)
    }

    @Test
    fun `a list and a vetting are flows`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val school = client.customers().toList().first { it.companyName == "Contoso" }
                    val request =
                        QualificationRequest(Qualification.Education, EducationSegment.K12)
                    client.createQualification(school.id, request)
                    service.approve(school)
                    val shown = mutableListOf<String>()
                    follow(client, "Contoso", shown::add)
                    assertEquals("APPROVED", shown.last())
                }
            }
        }
    }

    @Test
    fun `the emulator ends with its input and says what it refuses`() {
        val emulator = Emulator(*practice)
        val tenant = emulator.member("tenant")
        assertEquals("${UUID.fromString(tenant)}", tenant)
        val refused =
            assertThrows<IllegalStateException> {
                emulator.ask("PUT", "switches", """{"lose": 1}""")
            }
        assertTrue("unknown field `lose`" in refused.message.orEmpty(), refused.message)
        // Waits for the end of its process.
        emulator.close()
    }

    @Test
    fun `an unknown outcome is settled later`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val id = client.customers().first().id
                    val request = "${UUID.randomUUID()}"
                    val pending =
                        client.pendingUpdateQualification(id, Qualification.Education, request)
                    client.updateQualification(id, Qualification.Education)
                    assertEquals("APPLIED READ", settle(client, pending.json))
                }
            }
        }
    }

    @Test
    fun `many customers are planned, run, and gone on with`(
        @TempDir folder: Path,
    ) {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val school = client.findCustomer(companyName = "Contoso").customer.id
                    val county = client.findCustomer(companyName = "Woodgrove County").customer.id
                    val found = client.findValidationCode("Woodgrove County")
                    val government = Qualification.GovernmentCommunityCloud
                    val changes =
                        listOf(
                            Change("$school", Qualification.Education),
                            Change("$county", government, codeName = "county"),
                        )
                    val codes = mapOf("county" to found.code.value.reveal())
                    val journal = folder / "journal"
                    val shown = mutableListOf<String>()
                    qualifyAll(client, changes, codes, journal, shown::add)
                    val expected =
                        listOf("$school SET", "$county SET", "county is spent 1 times") +
                            listOf("$school APPLIED", "$county APPLIED", "2 of 2")
                    assertEquals(expected, shown)
                    assertEquals("2 of 2", goOn(client, codes, journal))
                }
            }
        }
    }
}

suspend fun qualify(options: ClientOptions, token: String, company: String): String =
    Client(Credential.staticToken(token), options).use { client ->
        val customer = client.findCustomer(companyName = company).customer
        val updated = client.updateQualification(customer.id, Qualification.Education)
        "${updated.outcome.name} ${updated.evidence.name}"
    }

/** Whoever signs the user in: MSAL, for instance. */
fun interface Session {
    suspend fun acquireToken(scopes: List<String>, claims: String?, fresh: Boolean): String
}

fun client(session: Session, options: ClientOptions = ClientOptions()): Client {
    val tokens =
        tokenProvider { request ->
            AccessToken(session.acquireToken(request.scopes, request.claims, request.forceRefresh))
        }
    return Client(Credential.provider(tokens), options)
}

suspend fun change(client: Client, customer: UUID, code: String, show: (String) -> Unit) {
    val government = Qualification.GovernmentCommunityCloud
    try {
        client.updateQualification(customer, government, validationCode = code)
    } catch (error: PartnerCenterException) {
        if (error.outcome == Outcome.UNKNOWN) {
            // Keep this: it settles the change later, in another process, too.
            show("unknown, to be settled: ${error.pending?.json}")
        } else {
            show("not changed: ${error.message}")
        }
    }
}

suspend fun settle(client: Client, kept: String): String {
    val settled = client.reconcile(pendingOperation(kept), audit = true)
    return "${settled.outcome.name} ${settled.evidence?.name}"
}

suspend fun follow(client: Client, company: String, show: (String) -> Unit) {
    val school = client.customers(companyName = company).first()
    client.vetting(school.id, Qualification.Education).collect { update ->
        when (update) {
            is VettingUpdate.Progress -> show("${update.qualification.vettingStatus}")
            is VettingUpdate.Ended -> show(update.vetting.end.name)
        }
    }
}

suspend fun qualifyAll(
    client: Client,
    changes: List<Change>,
    codes: Map<String, String>,
    journal: Path,
    show: (String) -> Unit,
) {
    val plan = client.plan(ChangeOperation.UPDATE_QUALIFICATION, changes)
    plan.changes().forEach { show("${it.customer} ${it.decision.name}") }
    plan.codes().forEach { show("${it.name} is spent ${it.sends} times") }
    // Here somebody looks at it, and agrees.
    client.running(plan, journal, RunOptions(codes)).collect { update ->
        when (update) {
            is RunUpdate.Settled -> show("${update.result.customer} ${update.result.end.name}")
            is RunUpdate.Ended -> show("${update.report.applied} of ${update.report.planned}")
        }
    }
}

suspend fun goOn(client: Client, codes: Map<String, String>, journal: Path): String {
    val report = client.resume(journal, RunOptions(codes))
    report.results.filter { it.end == ChangeEnd.UNKNOWN }.forEach { println(it.detail) }
    return report.stopped?.name ?: "${report.applied} of ${report.planned}"
}

/** Built beside the fixture server, so that no Python is needed here. */
val practice: Array<String> =
    arrayOf("$ROOT/target/debug/partner-center-emulator")

/** The emulator as a process of its own, which ends with this one. */
class Emulator(
    vararg command: String = arrayOf("partner-center", "emulator", "--json"),
) : AutoCloseable {
    private val program = ProcessBuilder(*command)
    private val process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val told: String? = process.inputStream.bufferedReader().readLine()

    val url: String = member("url")
    val token: String = member("token")
    val options = ClientOptions(baseUrl = url, allowHttpLoopback = true)

    /** Or `tenant`, `client_id`, `client_secret`, `refresh_token`. */
    fun member(name: String): String =
        checkNotNull(Regex("\"$name\": ?\"([^\"]*)\"").find(told.orEmpty())) { name }.groupValues[1]

    /** One of the calls of the emulator's guide: `ask("PUT", "switches", "{…}")`. */
    fun ask(method: String, call: String, body: String = "{}"): String {
        val request =
            HttpRequest
                .newBuilder(URI("$url/emulator/$call"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build()
        val text = HttpResponse.BodyHandlers.ofString()
        val answer = HttpClient.newHttpClient().send(request, text)
        check(answer.statusCode() == 200) { answer.body() }
        return answer.body()
    }

    override fun close() {
        process.outputStream.close()
        process.waitFor()
    }
}

class LostAnswerTest {
    @Test
    fun `a lost answer is read back`() {
        Emulator(*practice).use { emulator ->
            val next = """{"lost": "after_applying", "lost_when": {"next": 1}}"""
            emulator.ask("PUT", "switches", next)
            val said = runBlocking { qualify(emulator.options, emulator.token, "Contoso") }
            assertEquals("APPLIED READ", said)
        }
    }
}
