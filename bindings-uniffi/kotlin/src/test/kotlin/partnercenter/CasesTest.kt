package partnercenter

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.parallel.Execution
import org.junit.jupiter.api.parallel.ExecutionMode
import java.io.File
import java.time.Duration
import java.util.concurrent.ConcurrentSkipListMap

/** Every case of the fixtures against the replaying server, through the public API. */
@Execution(ExecutionMode.CONCURRENT)
class CasesTest {
    @TestFactory
    fun cases(): List<DynamicTest> =
        FIXTURES
            .resolve("cases")
            .walk()
            .filter { it.extension == "json" }
            .sorted()
            .map(::test)
            .toList()

    private fun test(file: File): DynamicTest {
        val text = file.readText()
        val case = Json.parseToJsonElement(text).jsonObject
        val id = requireNotNull(case.text("id"))
        return DynamicTest.dynamicTest(id) {
            val line = canonical(run(id, case).toString(), text)
            LINES[id] = line
            val seen = Json.parseToJsonElement(line).jsonObject
            assertEquals(JsonArray(emptyList()), seen["failures"])
            assertCovers(case.getValue("expect"), seen, "")
        }
    }

    private fun run(
        id: String,
        case: JsonObject,
    ): JsonObject {
        val ports = SERVER.start(id)
        val heard = Heard()
        val ended =
            try {
                client(case, ports, heard).use { runBlocking { call(case, it) } }
            } catch (error: PartnerCenterException) {
                failure(error)
            }
        val verdict = SERVER.finish(id)
        val rest = listOf("requests", "redirected", "failures").associateWith(verdict::getValue)
        return ended.with(heard.members()).with(rest).with(json("id" to id))
    }

    companion object {
        private val SERVER by lazy(::FixtureServer)
        private val LINES = ConcurrentSkipListMap<String, String>()

        private const val BEHIND_PROXY = "https://api.partnercenter.example"

        @JvmStatic
        @AfterAll
        fun write() {
            SERVER.close()
            val parity = ROOT.resolve("target/parity").apply { mkdirs() }
            val all = LINES.values.joinToString("") { "$it\n" }
            parity.resolve("kotlin.jsonl").writeText(all)
        }

        private fun client(
            case: JsonObject,
            ports: FixtureServer.Ports,
            heard: Heard,
        ): Client {
            val given = case["client"]?.jsonObject ?: JsonObject(emptyMap())
            val known =
                setOf("application", "locale", "deadline", "validate_mfa", "credential", "proxy") +
                    setOf("on_ambiguous", "connect_timeout", "attempt_timeout")
            check(known.containsAll(given.keys)) { "unknown client option: ${given.keys - known}" }
            val here = "https://127.0.0.1:${ports.server}"
            val password = "invented-proxy-password"
            val proxy = ports.proxy?.let { Proxy("http://user:$password@127.0.0.1:$it") }
            val options =
                ClientOptions(
                    baseUrl = if (proxy == null) here else BEHIND_PROXY,
                    authority = here.takeIf { proxy != null },
                    onlyCaCertificates = SERVER.authority,
                    application = given.text("application"),
                    locale = given.text("locale"),
                    deadline = given.seconds("deadline"),
                    connectTimeout = given.seconds("connect_timeout"),
                    attemptTimeout = given.seconds("attempt_timeout"),
                    validateMfa = given.flag("validate_mfa"),
                    onAmbiguous =
                        given.text("on_ambiguous")?.let { name ->
                            OnAmbiguous.entries.single { "$it" == name }
                        },
                )
            val credential = credential(case, given["credential"]?.jsonObject, heard)
            return Client(credential, options, proxy, eventListener(heard::event))
        }

        private fun credential(
            case: JsonObject,
            given: JsonObject?,
            heard: Heard,
        ): Credential {
            if (given == null) {
                val tokens = case.getValue("tokens").jsonArray.map { it.jsonPrimitive.content }
                return Credential.provider(heard.handingOut(tokens))
            }
            val tenant = given.text("tenant").orEmpty()
            val client = given.text("client_id").orEmpty()
            val secret = given.text("client_secret")
            if (given.text("type") == "client_credentials") {
                return Credential.clientCredentials(tenant, client, secret.orEmpty())
            }
            val keeper =
                refreshTokenKeeper {
                    heard.rotation()
                    if (given.text("on_rotation") == "raise") {
                        throw TokenProviderException.Failed("RuntimeError")
                    }
                }
            val token = given.text("refresh_token").orEmpty()
            return Credential.refreshToken(tenant, client, token, keeper, secret)
        }
    }
}

/** What the client told its caller beside the result. */
private class Heard {
    private var tokenCalls: Int? = null
    private var rotations = 0
    private val events = mutableListOf<String>()
    private val waits = mutableListOf<Long?>()

    /** Hands out the tokens in order, the last one again when they run out. */
    fun handingOut(tokens: List<String>): TokenProvider {
        tokenCalls = 0
        return tokenProvider {
            val call = synchronized(this) { (tokenCalls ?: 0).also { tokenCalls = it + 1 } }
            AccessToken(tokens[minOf(call, tokens.lastIndex)])
        }
    }

    @Synchronized
    fun rotation() {
        rotations += 1
    }

    @Synchronized
    fun event(event: Event) {
        events += "${event.name}"
        event.wait?.let { wait -> waits += wait.toMillis().takeIf { event.asked } }
    }

    @Synchronized
    fun members(): JsonObject =
        json(
            "token_calls" to tokenCalls,
            "rotations" to rotations,
            "events" to events,
            "waits" to waits,
        )
}

/** A member that is a number of seconds. */
fun JsonObject.seconds(name: String): Duration? =
    number(name)?.let { Duration.ofNanos((it * 1e9).toLong()) }

/** Whether a member is true. */
fun JsonObject.flag(name: String): Boolean = get(name) == JsonPrimitive(true)

private val GUID = Regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

/** No port; a GUID that the case does not name becomes its number of appearance. */
fun canonical(
    line: String,
    case: String,
): String {
    val ids = mutableListOf<String>()
    val numbered =
        GUID.replace(line) { found ->
            val id = found.value
            if (id in case) {
                id
            } else {
                if (id !in ids) ids += id
                "id-${ids.indexOf(id) + 1}"
            }
        }
    return Regex("127\\.0\\.0\\.1:\\d*").replace(numbered, "127.0.0.1:port")
}

/** That what was seen holds all that is expected: objects may hold more, the rest is equal. */
private fun assertCovers(
    expected: JsonElement,
    seen: JsonElement?,
    at: String,
) {
    if (expected is JsonObject && seen is JsonObject) {
        expected.forEach { (name, value) -> assertCovers(value, seen[name], "$at.$name") }
    } else if (expected is JsonArray && seen is JsonArray && expected.size == seen.size) {
        expected.zip(seen).forEachIndexed { index, (value, found) ->
            assertCovers(value, found, "$at[$index]")
        }
    } else {
        assertEquals(expected, seen, at)
    }
}
