import Foundation

extension PartnerCenterError: CustomStringConvertible {
    /// All that is known, whatever the kind. Its members are the error's, too.
    public var failure: Failure {
        switch self {
        case .InvalidArgument(let failure), .Authentication(let failure), .Forbidden(let failure),
            .NotFound(let failure), .Conflict(let failure), .Rejected(let failure),
            .Throttled(let failure), .Connection(let failure), .Proxy(let failure),
            .Tls(let failure), .Timeout(let failure), .Protocol(let failure),
            .OutcomeUnknown(let failure), .Cancelled(let failure), .Journal(let failure),
            .Internal(let failure):
            failure
        }
    }

    public var kind: ErrorKind { failure.kind }
    public var reason: Reason? { failure.reason }
    public var outcome: Outcome { failure.outcome }
    public var meaning: String? { failure.meaning }
    public var nextStep: String { failure.nextStep }
    public var retryable: Bool { failure.retryable }
    public var retryAfter: TimeInterval? { failure.retryAfter }
    public var status: Int32? { failure.status }
    public var code: String? { failure.code }
    public var serviceDescription: String? { failure.serviceDescription }
    public var requestId: String? { failure.requestId }
    public var correlationId: String? { failure.correlationId }
    public var msCv: String? { failure.msCv }
    public var mfaCompliant: Bool? { failure.mfaCompliant }
    public var body: String? { failure.body }
    public var attempts: [Attempt] { failure.attempts }
    public var observed: Observation? { failure.observed }
    public var pending: PendingOperation? { failure.pending }

    /// Of `LocalizedError`: what to do next.
    public var recoverySuggestion: String? { nextStep }
}

extension TokenProviderError: CustomStringConvertible {}
