package partnercenter

import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.runBlocking
import java.security.KeyStore
import java.util.Base64
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext

/**
 * A provider of tokens made of suspending code, as that of MSAL.
 *
 * It is called on a thread of the library's, never on the caller's. What [get] throws ends the call
 * with the exception's name; for words of your own throw [TokenProviderException.Failed].
 */
public fun tokenProvider(get: suspend (TokenRequest) -> AccessToken): TokenProvider =
    object : TokenProvider {
        override fun token(request: TokenRequest): AccessToken = asked { get(request) }
    }

/** A keeper of rotated refresh tokens made of suspending code. */
public fun refreshTokenKeeper(keep: suspend (RefreshToken) -> Unit): RefreshTokenKeeper =
    object : RefreshTokenKeeper {
        override fun keep(token: RefreshToken): Unit = asked { keep(token) }
    }

/** A listener made of a function; it must be quick. */
public fun eventListener(hear: (Event) -> Unit): EventListener =
    object : EventListener {
        override fun onEvent(event: Event): Unit = hear(event)
    }

// A foreign exception's message may hold a token: only its name becomes part of an error's text.
private fun <T> asked(answer: suspend () -> T): T =
    try {
        runBlocking(AskedFor(askedFor())) { answer() }
    } catch (known: TokenProviderException) {
        throw known
    } catch (own: PartnerCenterException) {
        throw TokenProviderException.Failed(own.failure.text)
    } catch (other: Throwable) {
        throw TokenProviderException.Failed(other.javaClass.simpleName)
    }

/** Tells the library on each thread that suspending code goes on on which clients it serves. */
private class AskedFor(
    private val clients: List<ULong>,
) : AbstractCoroutineContextElement(Key),
    ThreadContextElement<List<ULong>> {
    override fun updateThreadContext(context: CoroutineContext) = enterAskedFor(clients)

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: List<ULong>,
    ) {
        enterAskedFor(oldState)
    }

    private companion object Key : CoroutineContext.Key<AskedFor>
}

/**
 * The authorities that a store of certificates trusts, as PEM for
 * [ClientOptions.onlyCaCertificates]. On Android, where they must be given, the default is the
 * system's own store.
 *
 * What the user or the company added there is left out, as apps do not trust it by default either;
 * [added] takes it in.
 */
public fun platformAuthorities(
    store: KeyStore = KeyStore.getInstance("AndroidCAStore").apply { load(null) },
    added: Boolean = false,
): ByteArray {
    val lines = Base64.getMimeEncoder(64, byteArrayOf('\n'.code.toByte()))
    val all = store.aliases().toList().filter(store::isCertificateEntry)
    // Android's store names by whom each one is there; another store does not.
    val system = all.filter { it.startsWith("system:") }
    return (if (added) all else system.ifEmpty { all })
        .map(store::getCertificate)
        .joinToString("") { certificate ->
            val text = lines.encodeToString(certificate.encoded)
            "-----BEGIN CERTIFICATE-----\n$text\n-----END CERTIFICATE-----\n"
        }.toByteArray()
}
