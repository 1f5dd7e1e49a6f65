package partnercenter

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
import java.util.UUID
import java.util.concurrent.atomic.AtomicInteger

/** Where tokens come from, and what they may do meanwhile. */
class CredentialTest {
    @Test
    fun `waiting calls share one token`() {
        Service(customers = 40).use { service ->
            val asked = AtomicInteger()
            val tokens =
                tokenProvider {
                    asked.incrementAndGet()
                    AccessToken(service.token)
                }
            service.client(Credential.provider(tokens)).use { client ->
                runBlocking(Dispatchers.Default) {
                    val customer = UUID.fromString("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04")
                    List(32) { async { runCatching { client.getCustomer(customer) } } }.awaitAll()
                }
            }
            assertEquals(1, asked.get())
        }
    }

    @Test
    fun `what a provider throws is named, and not told`() {
        Service().use { service ->
            fun error(tokens: TokenProvider) =
                service.client(Credential.provider(tokens)).use { client ->
                    assertThrows(PartnerCenterException.Authentication::class.java) {
                        runBlocking { client.getValidationCodes() }
                    }
                }

            fun assertNamed(
                tokens: TokenProvider,
                thrown: String,
                told: String,
            ) {
                val message = error(tokens).message
                assertTrue(thrown in message, message)
                assertFalse(told in message, message)
            }

            fun throwing(thrown: Throwable) =
                object : TokenProvider {
                    override fun token(request: TokenRequest) = throw thrown
                }
            val suspended = tokenProvider { error("a secret in a message") }
            assertNamed(suspended, "IllegalStateException", "secret")
            assertNamed(throwing(AssertionError("a bug")), "AssertionError", "a bug")
            assertNamed(throwing(AuthError("a secret")), "AuthError", "secret")
            val said =
                error(tokenProvider { throw TokenProviderException.Failed("nobody signed in") })
            assertTrue("nobody signed in" in said.message, said.message)
        }
    }

    @Test
    fun `a provider that calls its client ends the call, whichever thread it does so on`() {
        val patience = CallOptions(deadline = Duration.ofSeconds(15))
        val switched: suspend (Client) -> Unit = {
            withContext(Dispatchers.IO) {
                delay(1)
                coroutineScope { launch(Dispatchers.Default) { it.getValidationCodes() } }
            }
        }
        val ways = listOf<suspend (Client) -> Unit>({ it.getValidationCodes() }, switched)
        for (way in ways) {
            Service().use { service ->
                lateinit var client: Client
                val tokens =
                    tokenProvider {
                        way(client)
                        AccessToken(service.token)
                    }
                client = service.client(Credential.provider(tokens))
                client.use {
                    val error =
                        assertThrows(PartnerCenterException.Authentication::class.java) {
                            runBlocking { it.getValidationCodes(patience) }
                        }
                    assertTrue("called the client" in error.message, error.message)
                    assertTrue(error.attempts.isEmpty())
                }
            }
        }
    }

    @Test
    fun `a provider may call another client, and its own threads forget whom they served`() {
        Service().use { service ->
            lateinit var client: Client
            val tokens =
                tokenProvider {
                    service.client().use { other ->
                        withContext(Dispatchers.IO) { other.getValidationCodes() }
                    }
                    AccessToken(service.token)
                }
            client = service.client(Credential.provider(tokens))
            client.use {
                runBlocking {
                    it.getValidationCodes()
                    withContext(Dispatchers.IO) { it.getValidationCodes() }
                }
            }
        }
    }

    @Test
    fun `an expired token is asked for again`() {
        Service().use { service ->
            val tokens = mutableListOf(service.token)
            val forced = mutableListOf<Boolean>()
            val provider =
                tokenProvider { request ->
                    forced += request.forceRefresh
                    AccessToken(tokens.last())
                }
            service.client(Credential.provider(provider)).use { client ->
                runBlocking {
                    client.getValidationCodes()
                    tokens += service.expire()
                    client.getValidationCodes()
                }
            }
            assertEquals(listOf(false, true), forced)
        }
    }

    @Test
    fun `a rotated refresh token is kept by suspending code, and first`() {
        val kept = mutableListOf<String>()
        val keeper =
            refreshTokenKeeper {
                delay(1)
                kept += it.secret()
            }
        val given =
            rotating(keeper) { client ->
                runBlocking { client.getValidationCodes() }
            }
        assertEquals(1, kept.size)
        assertFalse(given in kept)
    }

    @Test
    fun `what a keeper throws is named, and not told`() {
        val keeper =
            object : RefreshTokenKeeper {
                override fun keep(token: RefreshToken) = throw AuthError("a secret")
            }
        rotating(keeper) { client ->
            val error =
                assertThrows(PartnerCenterException.Authentication::class.java) {
                    runBlocking { client.getValidationCodes() }
                }
            assertTrue("AuthError" in error.message, error.message)
            assertFalse("secret" in error.message, error.message)
        }
    }

    /** A client whose refresh token is rotated; that token. */
    private fun rotating(
        keeper: RefreshTokenKeeper,
        call: (Client) -> Unit,
    ): String =
        FixtureServer().use { server ->
            val told = server.emulate("rotating", 0)
            val given = checkNotNull(told.text("refresh_token"))
            val credential =
                Credential.refreshToken(
                    checkNotNull(told.text("tenant")),
                    checkNotNull(told.text("client_id")),
                    given,
                    keeper,
                    told.text("client_secret"),
                )
            val url = told.text("url")
            val options =
                ClientOptions(
                    baseUrl = url,
                    authority = url,
                    onlyCaCertificates = server.authority,
                )
            Client(credential, options).use(call)
            given
        }
}

/** Its own text shows what it holds. */
private data class AuthError(
    val token: String,
) : Exception()
