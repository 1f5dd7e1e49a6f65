package partnercenter

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Path
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.time.Duration
import java.util.UUID
import java.util.concurrent.atomic.AtomicInteger

/** What only this language's layer can do wrong. */
class BehaviourTest {
    @Test
    fun `a bug in the library is an exception, and the next call works`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val id = client.customers().first().id
                    val bug = CallOptions(requestId = "0badc0de-0bad-4bad-8bad-0badc0de0bad")
                    val error =
                        assertThrows(PartnerCenterException.Internal::class.java) {
                            runBlocking { client.getQualification(id, bug) }
                        }
                    assertEquals(Outcome.NOT_APPLIED, error.outcome)
                    assertEquals(error.failure.text, error.message)
                    client.getQualification(id)
                }
            }
        }
    }

    @Test
    fun `a listener that throws stops nothing`() {
        Service().use { service ->
            val heard = AtomicInteger()
            val listener =
                eventListener {
                    heard.incrementAndGet()
                    error("no ears")
                }
            service.client(listener = listener).use { client ->
                runBlocking { client.getValidationCodes() }
            }
            assertEquals(3, heard.get())
        }
    }

    @Test
    fun `a page of customers is asked for when it is wanted`() {
        Service(customers = 30).use { service ->
            val requests = AtomicInteger()
            val listener =
                eventListener { if (it.name == EventName.ATTEMPT) requests.incrementAndGet() }
            service.client(listener = listener).use { client ->
                runBlocking {
                    client.customers(pageSize = 10).take(10).toList()
                    assertEquals(1, requests.get())
                    val all = client.customers(pageSize = 10).toList()
                    assertTrue(all.size >= 30)
                    assertEquals(all.size, all.distinct().size)
                    assertEquals(1 + (all.size + 9) / 10, requests.get())
                }
            }
        }
    }

    @Test
    fun `a vetting is told poll by poll`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val school = client.findCustomer(companyName = "Contoso").customer
                    val request =
                        QualificationRequest(Qualification.Education, EducationSegment.K12)
                    val created = client.createQualification(school.id, request)
                    assertEquals(Outcome.APPLIED, created.outcome)
                    val seen = mutableListOf<VettingUpdate>()
                    client.vetting(school.id, Qualification.Education).collect { update ->
                        if (seen.isEmpty()) service.approve(school)
                        seen += update
                    }
                    val first = seen.first() as VettingUpdate.Progress
                    assertEquals(VettingStatus.InReview, first.qualification.vettingStatus)
                    val last = seen.last() as VettingUpdate.Ended
                    assertEquals(VettingEnd.APPROVED, last.vetting.end)
                }
            }
        }
    }

    @Test
    fun `a slow collector loses no poll`() {
        Service().use { service ->
            val ended = CompletableDeferred<Unit>()
            val listener =
                eventListener {
                    if (it.operation == "wait_for_vetting" && it.name == EventName.END) {
                        ended.complete(Unit)
                    }
                }
            service.client(listener = listener).use { client ->
                runBlocking {
                    val school = client.findCustomer(companyName = "Contoso").customer
                    val request =
                        QualificationRequest(Qualification.Education, EducationSegment.K12)
                    client.createQualification(school.id, request)
                    val (deadline, pause) = Duration.ofMinutes(100) to Duration.ofMinutes(1)
                    val seen = mutableListOf<VettingUpdate>()
                    client
                        .vetting(school.id, Qualification.Education, deadline, pause)
                        .collect { update ->
                            ended.await()
                            seen += update
                        }
                    val last = seen.last() as VettingUpdate.Ended
                    assertTrue(last.vetting.polls > 80, "${last.vetting}")
                    assertEquals(last.vetting.polls.toInt(), seen.size - 1)
                }
            }
        }
    }

    @Test
    fun `a slow collector has each item before the failure`() {
        val seen = mutableListOf<Int>()
        val flow =
            told<Int> { tell ->
                repeat(80, tell)
                error("the end")
            }
        assertThrows(IllegalStateException::class.java) {
            runBlocking {
                flow.collect {
                    yield()
                    seen += it
                }
            }
        }
        assertEquals(List(80) { it }, seen)
    }

    @Test
    fun `a duration that cannot be is refused by the library`() {
        Service().use { service ->
            fun refused(call: suspend (Client) -> Unit) =
                service.client().use { client ->
                    assertThrows(PartnerCenterException.InvalidArgument::class.java) {
                        runBlocking { call(client) }
                    }
                }
            val never = listOf(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))
            for (deadline in never + Duration.ofSeconds(Long.MAX_VALUE)) {
                refused { it.getValidationCodes(CallOptions(deadline = deadline)) }
                val id = UUID.randomUUID()
                refused { it.waitForVetting(id, Qualification.Education, deadline = deadline) }
            }
        }
    }

    @Test
    fun `what was closed is no argument`() {
        Service().use { service ->
            service.client().use { client ->
                val id = UUID.randomUUID()
                val request = QualificationRequest(Qualification.StateOwnedEntity)
                val options = RunOptions(emptyMap())
                val credential = Credential.staticToken("invented")
                val token = AccessToken("invented")
                listOf(request, options, credential, token).forEach(AutoCloseable::close)
                val calls =
                    listOf<suspend () -> Unit>(
                        { client.createQualification(id, request) },
                        { client.resume(Path.of("none"), options) },
                        { Client(credential).close() },
                    )
                for (call in calls) {
                    val thrown =
                        assertThrows(IllegalStateException::class.java) { runBlocking { call() } }
                    assertTrue("destroyed" in thrown.message.orEmpty(), thrown.message)
                }
                service.client(Credential.provider(tokenProvider { token })).use {
                    val error =
                        assertThrows(PartnerCenterException.Authentication::class.java) {
                            runBlocking { it.getValidationCodes() }
                        }
                    assertTrue("IllegalStateException" in error.message, error.message)
                }
            }
        }
    }

    @Test
    fun `each field of a failure is its exception's, too`() {
        val failure =
            assertThrows(PartnerCenterException.InvalidArgument::class.java) { customerId("no id") }
        val there = Class.forName("partnercenter.FailuresKt").methods
        val fields = Failure::class.java.methods.filter { it.name.matches(Regex("get[A-Z].*")) }
        // The text is the exception's message.
        for (field in fields.filter { it.name !in setOf("getText", "getClass") }) {
            val extension = checkNotNull(there.find { it.name == field.name }) { field.name }
            assertEquals(field.invoke(failure.failure), extension.invoke(null, failure))
        }
    }

    @Test
    fun `a pending operation is settled by reads from what was written down`() {
        Service().use { service ->
            service.client().use { client ->
                runBlocking {
                    val id = client.findCustomer(companyName = "Contoso").customer.id
                    val request = UUID.randomUUID().toString()
                    val pending =
                        client.pendingUpdateQualification(id, Qualification.Education, request)
                    client.updateQualification(
                        id,
                        Qualification.Education,
                        options = CallOptions(request),
                    )
                    assertEquals(pending, pendingOperation(pending.json))
                    val settled = client.reconcile(pendingOperation(pending.json))
                    assertEquals(Outcome.APPLIED, settled.outcome)
                    assertEquals(Evidence.READ, settled.evidence)
                }
            }
        }
        assertThrows(PartnerCenterException.InvalidArgument::class.java) {
            pendingOperation("{}")
        }
    }

    @Test
    fun `a value that is not known stays visible`() {
        assertEquals("Charity_2030", "${Qualification.Unknown("Charity_2030")}")
        assertEquals(Qualification.Unknown("x"), Qualification.Unknown("x"))
        assertEquals("Not an Academic Domain", "${VettingReason.NotAnAcademicDomain}")
    }

    @Test
    fun `the authorities of a store are trusted`() {
        Service().use { service ->
            val certificate =
                CertificateFactory
                    .getInstance("X.509")
                    .generateCertificate(service.authority.inputStream())
            val store = KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null) }
            store.setCertificateEntry("emulator", certificate)
            val options = service.options.copy(onlyCaCertificates = platformAuthorities(store))
            Client(Credential.staticToken(service.token), options).use { client ->
                runBlocking { client.getValidationCodes() }
            }
            // As in Android's own.
            store.setCertificateEntry("user:1", certificate)
            assertEquals(2, certificates(platformAuthorities(store)))
            store.setCertificateEntry("system:1", certificate)
            assertEquals(1, certificates(platformAuthorities(store)))
            assertEquals(3, certificates(platformAuthorities(store, added = true)))
        }
    }

    private fun certificates(pem: ByteArray) = Regex("BEGIN").findAll(String(pem)).count()

    @Test
    fun `no text and no field shows a secret`() {
        val canary = "canary-4711"
        val keeper = refreshTokenKeeper { }
        val holders =
            listOf(
                AccessToken(canary),
                Credential.staticToken(canary),
                Credential.refreshToken("t", "c", canary, keeper, canary),
                Credential.clientCredentials("t", "c", canary),
                QualificationRequest(
                    Qualification.GovernmentCommunityCloud,
                    validationCode = canary,
                ),
                Proxy("http://user:$canary@127.0.0.1:1"),
                Client(Credential.staticToken(canary)),
                RunOptions(mapOf("a name" to canary)),
            )
        holders.forEach { assertHidden(it, canary) }
        Service().use { service ->
            service.client().use { client ->
                val codes = runBlocking { client.getValidationCodes().codes }
                assertTrue(codes.isNotEmpty())
                codes.forEach { assertHidden(it, it.value.reveal()) }
            }
        }
    }
}

/** Neither the object's own text nor that of anything it holds. */
fun assertHidden(
    holder: Any,
    secret: String,
    depth: Int = 0,
) {
    assertFalse(secret in "$holder", "$holder")
    if (depth > 4 || holder.javaClass.packageName != "partnercenter") return
    generateSequence<Class<*>>(holder.javaClass) { it.superclass }
        .takeWhile { it.name.startsWith("partnercenter") }
        .flatMap { it.declaredFields.asSequence() }
        .forEach { field ->
            field.isAccessible = true
            field.get(holder)?.let { assertHidden(it, secret, depth + 1) }
        }
}
