package partnercenter

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import java.time.Duration
import java.util.UUID

/** The partner's customers; a page is asked for once the one before it was collected. */
public fun Client.customers(
    companyName: String? = null,
    pageSize: Int? = null,
    options: CallOptions = CallOptions(),
): Flow<Customer> =
    flow {
        var page = listCustomers(companyName, pageSize, options)
        while (true) {
            page.customers.forEach { emit(it) }
            page = page.next?.use { nextCustomers(it, options) } ?: break
        }
    }

/** What a vetting that is waited for comes to. */
public sealed interface VettingUpdate {
    /** How the qualification stands after a poll. */
    public data class Progress(
        val qualification: CustomerQualification,
    ) : VettingUpdate

    /** The last: how the waiting ended. */
    public data class Ended(
        val vetting: Vetting,
    ) : VettingUpdate
}

/** [Client.waitForVetting], poll by poll. Leaving the flow ends the waiting. */
public fun Client.vetting(
    customer: UUID,
    qualification: Qualification,
    deadline: Duration? = null,
    pollInterval: Duration? = null,
    options: CallOptions = CallOptions(),
): Flow<VettingUpdate> =
    told { tell ->
        val polls =
            object : VettingListener {
                override fun onProgress(qualification: CustomerQualification) {
                    tell(VettingUpdate.Progress(qualification))
                }
            }
        val ended = waitForVetting(customer, qualification, deadline, pollInterval, polls, options)
        VettingUpdate.Ended(ended)
    }

/** What a call tells on its way, and last how it ended. Leaving the flow leaves the call. */
internal fun <T> told(call: suspend (tell: (T) -> Unit) -> T): Flow<T> =
    channelFlow {
        // A failure is an item, too: thrown here, it would overtake those that a slow collector has
        // not taken yet.
        send(runCatching { call { trySend(Result.success(it)) } })
    }.buffer(Channel.UNLIMITED).map { it.getOrThrow() }
