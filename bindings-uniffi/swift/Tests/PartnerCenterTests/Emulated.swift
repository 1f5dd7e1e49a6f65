import Foundation
import PartnerCenter

/// An emulator of the service in the fixture server.
struct Emulated: Sendable {
    static let contoso = UUID(uuidString: "11111111-aaaa-4aaa-8aaa-111111111111")!

    let name: String
    let url: String
    let token: String
    let about: JSON

    /// Runs `body` with an emulator of its own, and ends that.
    static func with<T>(
        customers: Int = 0, name: String = UUID().uuidString, _ body: (Emulated) async throws -> T
    ) async throws -> T {
        let server = try FixtureServer.shared.get()
        let about = try await server.ask([
            "emulate": ["name": .string(name), "customers": JSON(customers)]
        ])
        let emulated = Emulated(
            name: name, url: about["url"].string ?? "", token: about["token"].string ?? "",
            about: about)
        do {
            let result = try await body(emulated)
            _ = try? await emulated.stop()
            return result
        } catch {
            _ = try? await emulated.stop()
            throw error
        }
    }

    /// What leads a client here.
    var options: ClientOptions {
        get throws {
            let authority = try FixtureServer.shared.get().authority
            return ClientOptions(baseUrl: url, authority: url, onlyCaCertificates: authority)
        }
    }

    func client(_ heard: Events? = nil) throws -> Client {
        try Client(
            credential: Credential.staticToken(token: token), options: options, listener: heard)
    }

    /// Microsoft's decision on what is in review.
    func approve(_ customer: UUID) async throws {
        _ = try await FixtureServer.shared.get().ask([
            "decide": [
                "name": .string(name), "customer": .string(customer.uuidString.lowercased()),
                "approved": true,
            ]
        ])
    }

    /// Ends it; method and path of every request that it got.
    func stop() async throws -> [String] {
        let stopped = try await FixtureServer.shared.get().ask(["stop": .string(name)])
        return stopped["requests"].array.map { request in
            request.array.compactMap(\.string).joined(separator: " ")
        }
    }
}

/// Keeps the events of a client.
final class Events: EventListener, @unchecked Sendable {
    private let lock = NSLock()
    private var heard: [Event] = []

    var all: [Event] { lock.withLock { heard } }

    func onEvent(event: Event) throws { lock.withLock { heard.append(event) } }

    /// Waits for the first that is so.
    func first(_ isSo: (Event) -> Bool) async throws -> Event {
        for _ in 0..<6000 {
            if let found = all.first(where: isSo) { return found }
            try await Task.sleep(nanoseconds: 5_000_000)
        }
        throw Problem("not heard in half a minute; but \(all.map(\.text))")
    }
}

/// A client of a service on loopback, with a token of no worth.
func client(
    of service: Holding, credential: Credential = Credential.staticToken(token: "t"),
    attemptTimeout: TimeInterval? = nil, onAmbiguous: OnAmbiguous? = nil,
    listener: (any EventListener)? = nil
) throws -> Client {
    let options = ClientOptions(
        baseUrl: service.url, authority: service.url, allowHttpLoopback: true,
        attemptTimeout: attemptTimeout, onAmbiguous: onAmbiguous)
    return try Client(credential: credential, options: options, listener: listener)
}
