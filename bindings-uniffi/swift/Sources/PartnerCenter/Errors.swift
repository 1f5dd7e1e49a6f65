import Foundation

extension PartnerCenterError: CustomStringConvertible {
    /// All that is known, whatever the kind.
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

    /// Each member of `failure` is the error's, too: `error.outcome`.
    public subscript<Value>(dynamicMember member: KeyPath<Failure, Value>) -> Value {
        failure[keyPath: member]
    }

    /// Of `LocalizedError`: what to do next.
    public var recoverySuggestion: String? { failure.nextStep }
}

extension TokenProviderError: CustomStringConvertible {}
