import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    @Suite struct Credentials {
        @Test func oneTokenServesAllWhoWait() async throws {
            try await Emulated.with { emulated in
                let calls = Counter()
                let credential = Credential.provider { [token = emulated.token] request in
                    await calls.add()
                    #expect(request.scopes == ["\(emulated.url)/.default"])
                    // Long enough for all to come.
                    try await Task.sleep(nanoseconds: 50_000_000)
                    return AccessToken(token: token, expiresOn: Date() + 3600)
                }
                let client = try Client(credential: credential, options: emulated.options)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<16 {
                        group.addTask { _ = try await client.getCustomer(customer: Emulated.contoso) }
                    }
                    try await group.waitForAll()
                }
                #expect(await calls.count == 1)
            }
        }

        @Test func aTokenMayExpireInNoYear() async throws {
            try await Emulated.with { emulated in
                for seconds in [TimeInterval.nan, -.infinity, 1e300, .infinity] {
                    let date = Date(timeIntervalSince1970: seconds)
                    let token = AccessToken(token: emulated.token, expiresOn: date)
                    let credential = Credential.provider { _ in token }
                    let client = try Client(credential: credential, options: emulated.options)
                    if seconds > 0 { _ = try await client.getValidationCodes() }
                }
            }
        }

        @Test func aProvidersFailureIsTheCalls() async throws {
            let service = try Holding()
            defer { service.close() }
            for (thrown, said) in Self.failures {
                let credential = Credential.provider { _ in throw thrown }
                let client = try client(of: service, credential: credential)
                let error = try await failure {
                    try await client.updateQualification(
                        customer: Emulated.contoso, qualification: .education)
                }
                #expect(error.kind == .authentication)
                #expect(error.outcome == .notApplied)
                #expect(error.description.contains(said))
                #expect(!error.description.contains(Self.secret))
            }
            #expect(service.requests == 0)
        }

        private static let secret = "invented-secret"

        /// The text of another's error may hold anything.
        private static let failures: [(any Error & Sendable, String)] = [
            (TokenProviderError.Failed(reason: "signed out"), "signed out"),
            (Problem(secret), "Problem"),
            (Odd.odd(secret), "Odd"),
            (Localized(), "Localized"),
            (CancellationError(), "CancellationError"),
        ]

        private enum Odd: Error { case odd(String) }

        private struct Localized: LocalizedError {
            var errorDescription: String? { secret }
        }

        /// Code that is not asynchronous needs no adapter.
        @Test func aBlockingProviderMayThrowWhatItLikes() async throws {
            final class Blocking: TokenProvider {
                func token(request: TokenRequest) throws -> AccessToken {
                    throw Problem(Credentials.secret)
                }
            }
            let service = try Holding()
            defer { service.close() }
            let client = try client(of: service, credential: .provider(provider: Blocking()))
            let error = try await failure { try await client.getCustomer(customer: Emulated.contoso) }
            #expect(error.kind == .authentication)
            #expect(error.description.contains("Problem"))
            #expect(!error.description.contains(Self.secret))
        }

        @Test(arguments: [false, true])
        func aProviderThatCallsItsClientEndsTheCall(fromAnotherTask: Bool) async throws {
            try await Emulated.with { emulated in
                let itself = Later<Client>()
                let credential = Credential.provider { [token = emulated.token] _ in
                    let ask: @Sendable () async throws -> Void = {
                        await Task.yield()
                        _ = try await itself.value?.getCustomer(customer: Emulated.contoso)
                    }
                    try await fromAnotherTask ? Task(operation: ask).value : ask()
                    return AccessToken(token: token)
                }
                let client = try Client(credential: credential, options: emulated.options)
                itself.value = client
                let error = try await failure {
                    try await client.getCustomer(
                        customer: Emulated.contoso, options: CallOptions(deadline: 15))
                }
                #expect(error.kind == .authentication)
                #expect(error.description.contains("called the client"), "\(error)")
                #expect(try await emulated.stop() == [])
                itself.value = nil
            }
        }

        @Test func aProviderMayCallAnotherClient() async throws {
            try await Emulated.with { emulated in
                let other = try emulated.client()
                let credential = Credential.provider { [token = emulated.token] _ in
                    _ = try await other.getCustomer(customer: Emulated.contoso)
                    return AccessToken(token: token)
                }
                let client = try Client(credential: credential, options: emulated.options)
                for _ in 0..<4 { _ = try await client.getCustomer(customer: Emulated.contoso) }
                #expect(try await emulated.stop().count == 5)
            }
        }

        @Test func aRotatedRefreshTokenIsKeptFirst() async throws {
            try await Emulated.with { emulated in
                let kept = Later<String>()
                let about = emulated.about
                let credential = Credential.refreshToken(
                    tenant: about["tenant"].string ?? "", clientId: about["client_id"].string ?? "",
                    refreshToken: about["refresh_token"].string ?? "",
                    clientSecret: about["client_secret"].string ?? ""
                ) { token in
                    await Task.yield()
                    kept.value = token.secret()
                }
                let client = try Client(credential: credential, options: emulated.options)
                let updated = try await client.updateQualification(
                    customer: Emulated.contoso, qualification: .education)
                #expect(updated.outcome == .applied)
                #expect(kept.value != nil)
                #expect(kept.value != about["refresh_token"].string)
            }
        }
    }
}

/// A number that tasks share.
actor Counter {
    private(set) var count = 0
    func add() { count += 1 }
}

/// A value that comes later.
final class Later<T: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var held: T?
    var value: T? {
        get { lock.withLock { held } }
        set { lock.withLock { held = newValue } }
    }
}

/// The error that a call must end with.
func failure<T>(_ call: () async throws -> T) async throws -> PartnerCenterError {
    do {
        _ = try await call()
    } catch let error as PartnerCenterError {
        return error
    }
    throw Problem("the call did not fail")
}
