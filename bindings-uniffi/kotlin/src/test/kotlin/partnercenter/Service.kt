package partnercenter

import kotlinx.serialization.json.JsonObject
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** An emulated service over TLS. */
class Service(
    customers: Int = 0,
) : AutoCloseable {
    private val server = FixtureServer()
    private val told: JsonObject = server.emulate("service", customers)

    val token: String = requireNotNull(told.text("token"))
    val authority: ByteArray = server.authority
    val options = ClientOptions(baseUrl = told.text("url"), onlyCaCertificates = authority)

    fun client(
        credential: Credential = Credential.staticToken(token),
        listener: EventListener? = null,
    ) = Client(credential, options, null, listener)

    fun approve(customer: Customer) = server.decide("service", "${customer.id}", approved = true)

    fun expire(): String = server.expire("service")

    override fun close() = server.close()
}

/** A service that reads requests and never answers. */
class Silence : AutoCloseable {
    private val socket = ServerSocket(0, 200, InetAddress.getLoopbackAddress())
    private val open = CopyOnWriteArrayList<Socket>()

    /** The first line of each request that came. */
    val requests = LinkedBlockingQueue<String>()

    init {
        thread(isDaemon = true) {
            while (!socket.isClosed) {
                val connection = runCatching { socket.accept() }.getOrNull() ?: break
                open += connection
                if (socket.isClosed) connection.close()
                thread(isDaemon = true) {
                    runCatching {
                        val lines = connection.getInputStream().bufferedReader()
                        requests += lines.readLine()
                        lines.forEachLine { }
                    }
                }
            }
        }
    }

    fun client(listener: EventListener? = null): Client {
        val options =
            ClientOptions(
                baseUrl = "http://127.0.0.1:${socket.localPort}",
                allowHttpLoopback = true,
                onAmbiguous = OnAmbiguous.RAISE,
            )
        return Client(Credential.staticToken("invented"), options, null, listener)
    }

    fun request(): String = checkNotNull(requests.poll(30, TimeUnit.SECONDS)) { "nothing came" }

    override fun close() {
        socket.close()
        open.forEach(Socket::close)
    }
}
