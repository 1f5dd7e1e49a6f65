import Foundation

extension Credential {
    /// Tokens from asynchronous code, such as MSAL's. It must not call the client that it serves:
    /// that ends the call with an error.
    ///
    /// What it throws ends the call with the error's type; for words of your own throw
    /// `TokenProviderError.Failed`.
    public static func provider(
        _ token: @escaping @Sendable (TokenRequest) async throws -> AccessToken
    ) -> Credential {
        provider(provider: Closure { request in try waiting { try await token(request) } })
    }

    /// The refresh token of an app and its user; `keep` puts each rotated one where the next start
    /// will find it.
    public static func refreshToken(
        tenant: String, clientId: String, refreshToken: String, clientSecret: String? = nil,
        keep: @escaping @Sendable (RefreshToken) async throws -> Void
    ) -> Credential {
        self.refreshToken(
            tenant: tenant, clientId: clientId, refreshToken: refreshToken,
            keeper: Closure { token in try waiting { try await keep(token) } },
            clientSecret: clientSecret)
    }
}

extension Client {
    /// A client that tells `onEvent` of every call, on a thread of its own; it must be quick.
    public convenience init(
        credential: Credential, options: ClientOptions = ClientOptions(), proxy: Proxy? = nil,
        onEvent: @escaping @Sendable (Event) -> Void
    ) throws {
        let listener = Closure(call: onEvent)
        try self.init(credential: credential, options: options, proxy: proxy, listener: listener)
    }
}

/// A closure in the place of a protocol of one method.
final class Closure<Input, Output>: Sendable {
    private let call: @Sendable (Input) throws -> Output
    init(call: @escaping @Sendable (Input) throws -> Output) { self.call = call }
}

extension Closure: TokenProvider where Input == TokenRequest, Output == AccessToken {
    func token(request: TokenRequest) throws -> AccessToken { try call(request) }
}

extension Closure: RefreshTokenKeeper where Input == RefreshToken, Output == Void {
    func keep(token: RefreshToken) throws { try call(token) }
}

extension Closure: EventListener where Input == Event, Output == Void {
    func onEvent(event: Event) throws { try call(event) }
}

extension Closure: VettingListener where Input == CustomerQualification, Output == Void {
    func onProgress(qualification: CustomerQualification) throws { try call(qualification) }
}

/// Waits for asynchronous code. Only ever on a thread of the library's: one of Swift's own would be
/// missing where the code is to run. A foreign error's text may hold a token: its type is told.
private func waiting<T: Sendable>(_ code: @escaping @Sendable () async throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    let clients = askedFor()
    // The semaphore orders the write before the read.
    nonisolated(unsafe) var end: Result<T, any Error> = .failure(CancellationError())
    Task.detached {
        do {
            end = .success(try await servedClients.withValue(clients) { try await code() })
        } catch let known as TokenProviderError {
            end = .failure(known)
        } catch let own as PartnerCenterError {
            end = .failure(TokenProviderError.Failed(reason: own.description))
        } catch {
            end = .failure(TokenProviderError.Failed(reason: "\(type(of: error))"))
        }
        done.signal()
    }
    done.wait()
    return try end.get()
}

/// The clients for which a task gets tokens. The library knows them by thread.
private let servedClients = TaskLocal(wrappedValue: [UInt64]())

/// Runs what begins a call so that the library sees whose provider makes it.
func seen(_ begin: () -> Void) {
    let clients = servedClients.get()
    guard !clients.isEmpty else { return begin() }
    let before = enterAskedFor(clients: clients)
    defer { _ = enterAskedFor(clients: before) }
    begin()
}

extension Closure: PlanListener where Input == PlannedChange, Output == Void {
    func onPlanned(change: PlannedChange) { try? call(change) }
}

extension Closure: RunListener where Input == ChangeResult, Output == Void {
    func onResult(result: ChangeResult) { try? call(result) }
}
