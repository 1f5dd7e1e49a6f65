package partnercenter

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File

/** The folder of the whole project. */
val ROOT: File = File("../..").canonicalFile

/** Recordings and cases. */
val FIXTURES: File = ROOT.resolve("tests/fixtures")

/** The replaying server as a process; it speaks JSON lines on its standard streams. */
class FixtureServer : AutoCloseable {
    private val process =
        ProcessBuilder(
            System.getenv("PARTNER_CENTER_FIXTURE_SERVER") ?: "$ROOT/target/debug/fixture-server",
            "--fixtures",
            "$FIXTURES",
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val input = process.outputStream.bufferedWriter()
    private val output = process.inputStream.bufferedReader()

    /** The certificate that its connections are signed with, as PEM. */
    val authority: ByteArray = requireNotNull(read().text("ca")).toByteArray()

    /** Where a case's server waits, and its proxy, if it has one. */
    data class Ports(
        val server: Int,
        val proxy: Int?,
    )

    fun start(case: String): Ports {
        val started = ask(json("start" to case))
        return Ports(
            started.getValue("port").jsonPrimitive.int,
            started["proxy_port"]?.jsonPrimitive?.int,
        )
    }

    /** How many requests came, and what was wrong with them. */
    fun finish(case: String): JsonObject = ask(json("finish" to case))

    /** Starts an emulator over TLS: its url, token, tenant, client_id and so on. */
    fun emulate(
        name: String,
        customers: Int = 0,
    ): JsonObject = ask(json("emulate" to json("name" to name, "customers" to customers)))

    /** Lets an emulator refuse its token; the one that it accepts instead. */
    fun expire(name: String): String = requireNotNull(ask(json("expire" to name)).text("token"))

    /** Ends the vetting of a customer's request. */
    fun decide(
        name: String,
        customer: String,
        approved: Boolean,
    ) {
        ask(json("decide" to json("name" to name, "customer" to customer, "approved" to approved)))
    }

    /** Ends an emulator. */
    fun stop(name: String): JsonObject = ask(json("stop" to name))

    override fun close() {
        input.close()
        process.waitFor()
    }

    @Synchronized
    private fun ask(question: JsonObject): JsonObject {
        input.write("$question\n")
        input.flush()
        val answer = read()
        check("error" !in answer) { answer.getValue("error") }
        return answer
    }

    private fun read(): JsonObject =
        Json
            .parseToJsonElement(
                checkNotNull(output.readLine()) { "the server has ended" },
            ).jsonObject
}
