import Foundation

extension Credential {
    /// Tokens from asynchronous code, such as MSAL's. It must not call the client that it serves.
    ///
    /// What it throws ends the call with the error's type; for words of your own throw
    /// `TokenProviderError.Failed`.
    public static func provider(
        _ token: @escaping @Sendable (TokenRequest) async throws -> AccessToken
    ) -> Credential {
        provider(provider: Tokens(get: token))
    }

    /// The refresh token of an app and its user; `keep` puts each rotated one where the next start
    /// will find it.
    public static func refreshToken(
        tenant: String, clientId: String, refreshToken: String, clientSecret: String? = nil,
        keep: @escaping @Sendable (RefreshToken) async throws -> Void
    ) -> Credential {
        self.refreshToken(
            tenant: tenant, clientId: clientId, refreshToken: refreshToken,
            keeper: Keeper(put: keep), clientSecret: clientSecret)
    }
}

extension Client {
    /// A client that tells `onEvent` of every call, on a thread of its own; it must be quick.
    public convenience init(
        credential: Credential, options: ClientOptions = ClientOptions(), proxy: Proxy? = nil,
        onEvent: @escaping @Sendable (Event) -> Void
    ) throws {
        let listener = Listener(hear: onEvent)
        try self.init(credential: credential, options: options, proxy: proxy, listener: listener)
    }
}

private final class Tokens: TokenProvider {
    let get: @Sendable (TokenRequest) async throws -> AccessToken
    init(get: @escaping @Sendable (TokenRequest) async throws -> AccessToken) { self.get = get }
    func token(request: TokenRequest) throws -> AccessToken { try waiting { [get] in try await get(request) } }
}

private final class Keeper: RefreshTokenKeeper {
    let put: @Sendable (RefreshToken) async throws -> Void
    init(put: @escaping @Sendable (RefreshToken) async throws -> Void) { self.put = put }
    func keep(token: RefreshToken) throws { try waiting { [put] in try await put(token) } }
}

private final class Listener: EventListener {
    let hear: @Sendable (Event) -> Void
    init(hear: @escaping @Sendable (Event) -> Void) { self.hear = hear }
    func onEvent(event: Event) { hear(event) }
}

/// Waits for asynchronous code. Only ever on a thread of the library's: one of Swift's own would be
/// missing where the code is to run. A foreign error's text may hold a token: its type is told.
private func waiting<T: Sendable>(_ code: @escaping @Sendable () async throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    let end = End<T>()
    Task.detached {
        do {
            end.result = .success(try await code())
        } catch {
            let known = error as? TokenProviderError
            end.result = .failure(known ?? .Failed(reason: "\(type(of: error))"))
        }
        done.signal()
    }
    done.wait()
    return try end.result.get()
}

/// What the code came to. The semaphore orders the write before the read.
private final class End<T>: @unchecked Sendable {
    var result: Result<T, any Error> = .failure(CancellationError())
}
