package partnercenter

import kotlinx.coroutines.runBlocking
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import java.util.UUID

private const val ROUNDS = 7

/**
 * `URL TOKEN CALLS`: what a PUT of a qualification costs, in microseconds, here and by OkHttp: the
 * medians of interleaved rounds in one run.
 */
fun main(arguments: Array<String>) {
    val (url, token, calls) = arguments
    val options = ClientOptions(baseUrl = url, allowHttpLoopback = true)
    Client(Credential.staticToken(token), options).use { client ->
        val customer =
            runBlocking {
                client
                    .listCustomers()
                    .customers
                    .first()
                    .id
            }
        val http = OkHttpClient()
        val ways =
            mapOf<String, suspend () -> Unit>(
                "kotlin" to { client.updateQualification(customer, Qualification.Education) },
                "okhttp" to { put(http, "$url/v1/customers/$customer/qualification", token) },
            )
        val costs = ways.mapValues { mutableListOf<Double>() }
        // The first round is for the JVM's compiler.
        repeat(ROUNDS + 1) { round ->
            ways.forEach { (name, call) ->
                val begun = System.nanoTime()
                runBlocking { repeat(calls.toInt()) { call() } }
                val each = (System.nanoTime() - begun) / 1e3 / calls.toInt()
                if (round > 0) costs.getValue(name) += each
            }
        }
        val medians = costs.mapValues { (_, each) -> each.sorted()[each.size / 2] }
        println(json(*medians.map { (name, cost) -> "${name}_us" to cost }.toTypedArray()))
    }
}

/** The same request with the headers that the service asks for, and its answer read. */
private fun put(
    http: OkHttpClient,
    url: String,
    token: String,
) {
    val request =
        Request
            .Builder()
            .url(url)
            .header("Authorization", "Bearer $token")
            .header("Accept", "application/json")
            .header("MS-RequestId", "${UUID.randomUUID()}")
            .header("MS-CorrelationId", "${UUID.randomUUID()}")
            .put("1".toRequestBody("application/json".toMediaType()))
            .build()
    http.newCall(request).execute().use { answer ->
        val body = answer.body.string()
        check(answer.code == 200 && body.contains("education", ignoreCase = true)) { answer }
    }
}
