import Foundation
import PartnerCenter

/// What a client tells its caller beside the result.
final class Heard: EventListener, VettingListener, TokenProvider, RefreshTokenKeeper, @unchecked Sendable {
    private let lock = NSLock()
    private let tokens: [String]
    private let builtIn: Bool
    private let raises: Bool
    private var calls = 0
    private var rotations = 0
    private var events: [JSON] = []
    private var waits: [JSON] = []
    private var seen: [JSON] = []

    init(_ of: JSON) {
        tokens = of["tokens"].array.compactMap(\.string)
        builtIn = !of["client"]["credential"].isNull
        raises = of["client"]["credential"]["on_rotation"].string == "raise"
    }

    /// Each token in order, the last one again when they run out.
    func token(request: TokenRequest) throws -> AccessToken {
        lock.withLock {
            calls += 1
            return AccessToken(token: tokens[min(calls, tokens.count) - 1])
        }
    }

    func keep(token: RefreshToken) throws {
        lock.withLock { rotations += 1 }
        if raises { throw TokenProviderError.Failed(reason: "RuntimeError") }
    }

    func onEvent(event: Event) throws {
        lock.withLock {
            events.append(.string(event.name.description))
            if let wait = event.wait {
                waits.append(event.asked ? .number(Canonical.milliseconds(wait)) : nil)
            }
        }
    }

    func onProgress(qualification: CustomerQualification) throws {
        lock.withLock { seen.append(JSON(qualification.vettingStatus?.description)) }
    }

    var progress: JSON { lock.withLock { .array(seen) } }

    var books: [String: JSON] {
        lock.withLock {
            [
                "token_calls": builtIn ? nil : JSON(calls),
                "rotations": JSON(rotations),
                "events": .array(events),
                "waits": .array(waits),
            ]
        }
    }
}

/// The client that a case asks for.
enum CaseClient {
    /// What only the proxy of a case leads to.
    private static let behindProxy = "https://api.partnercenter.example"
    private static let options: Set = [
        "application", "locale", "connect_timeout", "attempt_timeout", "deadline", "on_ambiguous",
        "validate_mfa", "proxy", "credential",
    ]

    static func of(_ of: JSON, at started: JSON, authority: Data, heard: Heard) throws -> Client {
        let asked = of["client"]
        for option in asked.object.keys where !options.contains(option) {
            throw Problem("unknown client option \(option)")
        }
        let here = "https://127.0.0.1:\(started["port"].int ?? 0)"
        let proxy = started["proxy_port"].int.map { port in
            Proxy(url: "http://user:invented-proxy-password@127.0.0.1:\(port)")
        }
        let options = ClientOptions(
            baseUrl: proxy == nil ? here : behindProxy,
            authority: proxy == nil ? nil : here,
            application: asked["application"].string,
            locale: asked["locale"].string,
            connectTimeout: asked["connect_timeout"].double,
            attemptTimeout: asked["attempt_timeout"].double,
            deadline: asked["deadline"].double,
            onlyCaCertificates: authority,
            validateMfa: asked["validate_mfa"].bool ?? false,
            onAmbiguous: try asked["on_ambiguous"].string.map(onAmbiguous))
        return try Client(
            credential: try credential(asked["credential"], heard), options: options, proxy: proxy,
            listener: heard)
    }

    private static func onAmbiguous(_ name: String) throws -> OnAmbiguous {
        let all: [OnAmbiguous] = [.reconcileThenResend, .reconcile, .raise]
        guard let found = all.first(where: { $0.description == name }) else {
            throw Problem("unknown on_ambiguous \(name)")
        }
        return found
    }

    private static func credential(_ given: JSON, _ heard: Heard) throws -> Credential {
        let (tenant, id) = (given["tenant"].string ?? "", given["client_id"].string ?? "")
        switch given["type"].string {
        case nil: return Credential.provider(provider: heard)
        case "client_credentials":
            return Credential.clientCredentials(
                tenant: tenant, clientId: id, clientSecret: given["client_secret"].string ?? "")
        case "refresh_token":
            return Credential.refreshToken(
                tenant: tenant, clientId: id, refreshToken: given["refresh_token"].string ?? "",
                keeper: heard, clientSecret: given["client_secret"].string)
        case let other?: throw Problem("unknown credential \(other)")
        }
    }
}
