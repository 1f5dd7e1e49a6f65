package partnercenter

import java.time.Duration

/** Who has to act. */
public val PartnerCenterException.kind: ErrorKind get() = failure.kind

/** Refines the kind. */
public val PartnerCenterException.reason: Reason? get() = failure.reason

/** What is known about the asked change. Of a read it is always not applied. */
public val PartnerCenterException.outcome: Outcome get() = failure.outcome

/** What the service's code means, in plain words, where it is a documented one. */
public val PartnerCenterException.meaning: String? get() = failure.meaning

/** What to do next. */
public val PartnerCenterException.nextStep: String get() = failure.nextStep

/** Whether the same call may succeed later by itself, and repeating it is safe. */
public val PartnerCenterException.retryable: Boolean get() = failure.retryable

/** How long the service asked to wait. */
public val PartnerCenterException.retryAfter: Duration? get() = failure.retryAfter

/** The HTTP status of the last answer. */
public val PartnerCenterException.status: Int? get() = failure.status

/** The service's own code, as text. */
public val PartnerCenterException.code: String? get() = failure.code

/** The service's own words. */
public val PartnerCenterException.serviceDescription: String? get() = failure.serviceDescription

/** `MS-RequestId`: the answer's, else the one sent. */
public val PartnerCenterException.requestId: String? get() = failure.requestId

/** `MS-CorrelationId`: the answer's, else the one sent. */
public val PartnerCenterException.correlationId: String? get() = failure.correlationId

/** `MS-CV`, the service's own trace. */
public val PartnerCenterException.msCv: String? get() = failure.msCv

/** Whether the service found multifactor authentication in the token, where the client asks. */
public val PartnerCenterException.mfaCompliant: Boolean? get() = failure.mfaCompliant

/** The last answer's body: bounded, secrets taken out, never an HTML page. */
public val PartnerCenterException.body: String? get() = failure.body

/** Every request that was made, in order. */
public val PartnerCenterException.attempts: List<Attempt> get() = failure.attempts

/** What the last good read of the customer saw, where there was one. */
public val PartnerCenterException.observed: Observation? get() = failure.observed

/** What [Client.reconcile] needs to settle the change; there while the outcome is unknown. */
public val PartnerCenterException.pending: PendingOperation? get() = failure.pending
