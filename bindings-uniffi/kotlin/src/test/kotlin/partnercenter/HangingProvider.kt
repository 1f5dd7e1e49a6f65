package partnercenter

import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.launch
import java.util.concurrent.CountDownLatch

/** A program whose `main` ends while a provider hangs; [LeavingTest] sees it end, too. */
@OptIn(DelicateCoroutinesApi::class)
fun main() {
    val asked = CountDownLatch(1)
    val tokens =
        object : TokenProvider {
            override fun token(request: TokenRequest): AccessToken {
                asked.countDown()
                while (true) Thread.sleep(Long.MAX_VALUE)
            }
        }
    val client = Client(Credential.provider(tokens))
    GlobalScope.launch { client.getValidationCodes() }
    asked.await()
}
