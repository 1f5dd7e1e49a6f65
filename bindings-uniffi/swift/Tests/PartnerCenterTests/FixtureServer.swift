import Foundation
import PartnerCenter

/// Where things are.
enum Place {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let package = root.appendingPathComponent("bindings-uniffi/swift")
    static let fixtures = root.appendingPathComponent("tests/fixtures")
    static let environment = ProcessInfo.processInfo.environment
    static let fixtureServer = URL(
        fileURLWithPath: environment["PARTNER_CENTER_FIXTURE_SERVER"]
            ?? root.appendingPathComponent("target/debug/fixture-server").path)

    /// Where no file is yet.
    static func journal() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID())")
    }
}

struct Problem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The replaying server as a process; it speaks JSON lines on its standard streams. It ends with
/// this process, whose end of the stream closes.
final class FixtureServer: @unchecked Sendable {
    static let shared = Result { try FixtureServer() }

    /// PEM of who signs for its TLS.
    let authority: Data

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var read = Data()
    // One question at a time; the answer is waited for on a thread that is not Swift's.
    private let queue = DispatchQueue(label: "fixture-server")

    private init() throws {
        process.executableURL = Place.fixtureServer
        process.arguments = ["--fixtures", Place.fixtures.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // What `line` needs, before all is initialised.
        var first = Data()
        while first.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Problem("the fixture server does not start") }
            first += more
        }
        let hello = try JSON(parsing: String(decoding: first, as: UTF8.self))
        authority = Data((hello["ca"].string ?? "").utf8)
    }

    /// What it answers.
    func ask(_ question: JSON) async throws -> JSON {
        try await withCheckedThrowingContinuation { asking in
            queue.async {
                asking.resume(with: Result {
                    self.input.fileHandleForWriting.write(Data((question.text + "\n").utf8))
                    let answer = try JSON(parsing: self.line())
                    if let problem = answer["error"].string { throw Problem(problem) }
                    return answer
                })
            }
        }
    }

    private func line() throws -> String {
        while true {
            if let end = read.firstIndex(of: UInt8(ascii: "\n")) {
                defer { read = read.suffix(from: read.index(after: end)) }
                return String(decoding: read[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Problem("the fixture server has ended") }
            read += more
        }
    }
}
