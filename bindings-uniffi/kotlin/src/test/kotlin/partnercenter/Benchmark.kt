package partnercenter

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.suspendCancellableCoroutine
import okhttp3.Call
import okhttp3.Callback
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import java.io.IOException
import java.util.UUID
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

private const val ROUNDS = 7
private val CUSTOMER = customerId("11111111-aaaa-4aaa-8aaa-111111111111")

/** `calls URL TOKEN CALLS` or `leaving URL TIMES`, where a service never answers; figures as JSON. */
fun main(arguments: Array<String>) {
    val figures =
        when (arguments[0]) {
            "calls" -> calls(arguments[1], arguments[2], arguments[3].toInt())
            else -> leaving(arguments[1], arguments[2].toInt())
        }
    println(json(*figures.toList().toTypedArray()))
}

/**
 * Microseconds of a PUT of a qualification, here and by OkHttp: the medians of interleaved rounds.
 * OkHttp blocks its thread, and once more it is awaited so that a coroutine can leave it, as here.
 */
private fun calls(
    url: String,
    token: String,
    calls: Int,
): Map<String, Double> {
    val options = ClientOptions(baseUrl = url, allowHttpLoopback = true)
    val client = Client(Credential.staticToken(token), options)
    val http = OkHttpClient()
    val put = { http.newCall(request("$url/v1/customers/$CUSTOMER/qualification", token)) }
    val ways =
        mapOf<String, suspend () -> Unit>(
            "kotlin" to { client.updateQualification(CUSTOMER, Qualification.Education) },
            "okhttp" to { read(put().execute()) },
            "okhttp awaited" to { read(put().awaited()) },
        )
    val costs = ways.mapValues { mutableListOf<Double>() }
    // The first rounds are for the JVM's compiler.
    repeat(2 + ROUNDS) { round ->
        ways.forEach { (name, call) ->
            val begun = System.nanoTime()
            runBlocking { repeat(calls) { call() } }
            if (round >= 2) costs.getValue(name) += (System.nanoTime() - begun) / 1e3 / calls
        }
    }
    http.dispatcher.executorService.shutdown()
    client.close()
    return costs.mapValues { (_, each) -> each.sorted()[ROUNDS / 2] }
}

/** The same request with the headers that the service asks for. */
private fun request(
    url: String,
    token: String,
) = Request
    .Builder()
    .url(url)
    .header("Authorization", "Bearer $token")
    .header("Accept", "application/json")
    .header("MS-RequestId", "${UUID.randomUUID()}")
    .header("MS-CorrelationId", "${UUID.randomUUID()}")
    .header("MS-Contract-Version", "v1")
    .header("X-Locale", "en-US")
    .header("MS-PartnerCenter-Application", "bench")
    .put("1".toRequestBody("application/json".toMediaType()))
    .build()

private suspend fun Call.awaited(): Response =
    suspendCancellableCoroutine { waiting ->
        waiting.invokeOnCancellation { cancel() }
        enqueue(
            object : Callback {
                override fun onFailure(
                    call: Call,
                    e: IOException,
                ) = waiting.resumeWithException(e)

                override fun onResponse(
                    call: Call,
                    response: Response,
                ) = waiting.resume(response)
            },
        )
    }

private fun read(response: Response) =
    response.use { answer ->
        val body = answer.body.string()
        check(answer.code == 200 && body.contains("education", ignoreCase = true)) { answer }
    }

/** Milliseconds from `cancel` to the end of the coroutine, while its call waits for an answer. */
private fun leaving(
    url: String,
    times: Int,
): Map<String, Double> {
    val options = ClientOptions(baseUrl = url, allowHttpLoopback = true)
    Client(Credential.staticToken("some-token"), options, listener = eventListener { }).use {
        val took =
            runBlocking {
                List(times) { _ ->
                    val call =
                        launch(Dispatchers.Default) {
                            it.updateQualification(CUSTOMER, Qualification.Education)
                        }
                    delay(50)
                    check(call.isActive)
                    val begun = System.nanoTime()
                    call.cancelAndJoin()
                    (System.nanoTime() - begun) / 1e6
                }
            }.sorted()
        return mapOf("median" to took[times / 2], "most" to took.last())
    }
}
