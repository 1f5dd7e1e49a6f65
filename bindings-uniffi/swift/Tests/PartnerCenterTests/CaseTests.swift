import Foundation
import PartnerCenter
import Testing

/// Every case of tests/fixtures/cases against the replaying server, through the public API.
///
/// Each case is a test. What was seen is also written, as one canonical line a case, to
/// target/parity/swift.jsonl for comparison with the other languages.
@Suite struct CaseTests {
    @Test(arguments: Case.all)
    func endsAsTheCaseSays(_ of: Case) async throws {
        let seen = await Turns.shared.taking(1) { await self.seen(of) }
        let problem = await Lines.shared.took(of, seen)
        if let problem { Issue.record("\(problem)") }
    }

    /// The canonical line, or why there is none.
    private func seen(_ of: Case) async -> Result<String, any Error> {
        do {
            let server = try FixtureServer.shared.get()
            let heard = Heard(of.json)
            let started = try await server.ask(["start": .string(of.id)])
            var seen: [String: JSON]
            do {
                let client = try CaseClient.of(
                    of.json, at: started, authority: server.authority, heard: heard)
                let operations = Operations(
                    client: client, arguments: of.json["arguments"], heard: heard)
                seen = try await operations.call(of.json["operation"].string ?? "")
            } catch let error as PartnerCenterError {
                seen = Canonical.failure(error)
            }
            let verdict = try await server.ask(["finish": .string(of.id)])
            seen.merge(heard.books) { one, _ in one }
            seen.merge(verdict.object) { one, _ in one }
            seen["id"] = .string(of.id)
            return .success(Canonical.line(seen, case: of.text))
        } catch {
            return .failure(error)
        }
    }
}

/// A case file.
struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let text: String
    let json: JSON

    var testDescription: String { id }

    /// Cases are read once; a file that cannot be read is a case that fails.
    static let all: [Case] = {
        let folder = Place.fixtures.appendingPathComponent("cases")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
        return (names ?? []).filter { $0.hasSuffix(".json") }.sorted().map { name in
            let file = folder.appendingPathComponent(name)
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            let json = (try? JSON(parsing: text)) ?? .null
            return Case(id: json["id"].string ?? name, text: text, json: json)
        }
    }()
}

/// Lets a few at a time.
actor Turns {
    static let all = 8
    static let shared = Turns()

    private var free = all
    private var waiting: [(turns: Int, begin: CheckedContinuation<Void, Never>)] = []

    /// With all of them, nobody else runs.
    func taking<T: Sendable>(_ turns: Int, _ body: @Sendable () async throws -> T) async rethrows -> T {
        await withCheckedContinuation { begin in
            waiting.append((turns, begin))
            next()
        }
        defer {
            free += turns
            next()
        }
        return try await body()
    }

    private func next() {
        while let first = waiting.first, first.turns <= free {
            free -= first.turns
            waiting.removeFirst().begin.resume()
        }
    }
}

/// What was seen, written down when the last case has ended.
private actor Lines {
    static let shared = Lines()
    private var lines: [(id: String, line: String)] = []
    private var ended = 0

    /// What is wrong with it.
    func took(_ of: Case, _ seen: Result<String, any Error>) -> String? {
        let problem: String?
        do {
            let line = try seen.get()
            lines.append((of.id, line))
            let json = try JSON(parsing: line)
            problem = json["failures"] == []
                ? Canonical.lack(of: of.json["expect"], in: json)
                : "the server says: \(json["failures"].text)"
        } catch {
            problem = "\(error)"
        }
        ended += 1
        if ended == Case.all.count {
            do { try write() } catch { return "\(error)" }
        }
        return problem
    }

    private func write() throws {
        let folder = Place.root.appendingPathComponent("target/parity")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let sorted = lines.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        let text = sorted.map { $0.line + "\n" }.joined()
        try text.write(
            to: folder.appendingPathComponent("swift.jsonl"), atomically: true, encoding: .utf8)
    }
}
