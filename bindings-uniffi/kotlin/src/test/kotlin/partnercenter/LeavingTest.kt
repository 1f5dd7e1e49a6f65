package partnercenter

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.parallel.Isolated
import java.io.File
import java.util.UUID
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

private val CUSTOMER: UUID = customerId("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04")

/** Calls that are left, and calls that wait; alone, as it counts threads and memory. */
@Isolated
class LeavingTest {
    @Test
    fun `a cancelled change ends at once, sends nothing more, and its end is told`() {
        val ends = LinkedBlockingQueue<Event>()
        val listener = eventListener { if (it.name == EventName.END) ends += it }
        Silence().use { silence ->
            silence.client(listener).use { client ->
                runBlocking {
                    val call =
                        async(Dispatchers.Default) {
                            client.updateQualification(CUSTOMER, Qualification.Education)
                        }
                    assertTrue(silence.request().startsWith("PUT "))
                    // The answer never comes: this returns because the call was left.
                    call.cancelAndJoin()
                    assertThrows(CancellationException::class.java) {
                        runBlocking { call.await() }
                    }
                }
                assertTrue(ends.isEmpty())
                silence.close()
                val end = checkNotNull(ends.poll(30, TimeUnit.SECONDS)) { "no end was told" }
                assertEquals(Outcome.UNKNOWN, end.outcome)
                assertTrue(end.late && end.grave)
                assertTrue(silence.requests.isEmpty())
            }
        }
    }

    @Test
    fun `nothing is sent for a coroutine that was cancelled before`() {
        Silence().use { silence ->
            silence.client().use { client ->
                runBlocking {
                    // Whether one would be sent is a matter of luck.
                    repeat(200) {
                        launch {
                            cancel()
                            client.updateQualification(CUSTOMER, Qualification.Education)
                        }.join()
                    }
                    val read = launch(Dispatchers.Default) { client.getQualification(CUSTOMER) }
                    assertTrue(silence.request().startsWith("GET "))
                    read.cancelAndJoin()
                }
            }
            assertTrue(silence.requests.isEmpty())
        }
    }

    @Test
    fun `waiting calls hold up no other coroutine of the only thread`() {
        Silence().use { silence ->
            silence.client().use { client ->
                runBlocking {
                    val calls = List(16) { launch { client.getQualification(CUSTOMER) } }
                    repeat(20) { delay(5) }
                    assertTrue(calls.all { it.isActive })
                    calls.forEach { it.cancelAndJoin() }
                }
            }
        }
    }

    @Test
    fun `a provider that hangs does not keep the program alive`() {
        val java = "${System.getProperty("java.home")}/bin/java"
        val classes = System.getProperty("java.class.path")
        val program =
            ProcessBuilder(java, "-cp", classes, "partnercenter.HangingProviderKt")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
        try {
            assertTrue(program.waitFor(120, TimeUnit.SECONDS))
            assertEquals(0, program.exitValue())
        } finally {
            program.destroyForcibly()
        }
    }

    @Test
    fun `three thousand cancelled calls leave nothing behind`() {
        fun leave(calls: Int) =
            Silence().use { silence ->
                silence.client().use { client ->
                    runBlocking {
                        repeat(calls) {
                            val call = launch { client.getQualification(CUSTOMER) }
                            yield()
                            call.cancelAndJoin()
                        }
                    }
                }
            }
        // What is set up once is set up by now.
        leave(6_000)
        settle()
        val (threads, memory) = threads() to memory()
        leave(3_000)
        settle()
        // And those that held the other ends.
        repeat(600) { if (threads() > threads + 4) Thread.sleep(50) }
        assertTrue(threads() <= threads + 4, "${threads()} threads, after $threads")
        assertTrue(memory() <= memory + 24_000, "${memory()} KB, after $memory")
    }

    private fun settle() {
        System.gc()
        // The library's threads end once their client is gone and their sockets are closed.
        repeat(100) { if (native() > 0) Thread.sleep(50) }
    }

    private fun tasks() = checkNotNull(File("/proc/self/task").listFiles())

    private fun native() =
        tasks().count { task ->
            runCatching { task.resolve("comm").readText().trim() }.getOrNull() == "partner-center"
        }

    private fun threads() = tasks().size

    /** What the process holds, in KB; its heap was whole from the start. */
    private fun memory(): Long {
        val status = File("/proc/self/status").readLines().single { it.startsWith("VmRSS:") }
        return status.filter(Char::isDigit).toLong()
    }
}
