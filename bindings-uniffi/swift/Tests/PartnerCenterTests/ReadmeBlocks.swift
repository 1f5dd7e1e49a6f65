import Foundation
import PartnerCenter

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

// The code of the README, word for word; a test compares the two.

func qualify(options: ClientOptions, token: String, company: String) async throws -> String {
    let client = try Client(credential: .staticToken(token: token), options: options)
    let customer = try await client.findCustomer(companyName: company).customer
    let updated = try await client.updateQualification(
        customer: customer.id, qualification: .education)
    return "\(updated.outcome) \(updated.evidence)"
}

/// Whoever signs the user in: MSAL, for instance.
protocol Session: Sendable {
    func acquireToken(
        scopes: [String], claims: String?, fresh: Bool
    ) async throws -> (token: String, expiresOn: Date)
}

func client(of session: any Session, options: ClientOptions = ClientOptions()) throws -> Client {
    let credential = Credential.provider { request in
        let acquired = try await session.acquireToken(
            scopes: request.scopes, claims: request.claims, fresh: request.forceRefresh)
        return AccessToken(token: acquired.token, expiresOn: acquired.expiresOn)
    }
    return try Client(credential: credential, options: options)
}

func change(client: Client, customer: UUID, code: String, show: (String) -> Void) async throws {
    do {
        _ = try await client.updateQualification(
            customer: customer, qualification: .governmentCommunityCloud, validationCode: code)
    } catch let error as PartnerCenterError where error.outcome == .unknown {
        // Keep this: it settles the change later, in another process, too.
        show("unknown, to be settled: \(error.pending?.json ?? "")")
    } catch let error as PartnerCenterError {
        show("not changed: \(error)")
    }
}

func settle(client: Client, kept: String) async throws -> String {
    let settled = try await client.reconcile(pending: try pendingOperation(json: kept), audit: true)
    return "\(settled.outcome) \(settled.observed.value)"
}

func follow(client: Client, company: String, show: (String) -> Void) async throws {
    for try await school in client.customers(companyName: company) {
        let vetting = client.vetting(customer: school.id, qualification: .education)
        for try await update in vetting {
            switch update {
            case .progress(let item): show("\(school.companyName ?? "") \(item.qualification)")
            case .ended(let vetting): show("\(vetting.end)")
            }
        }
    }
}

func qualifyAll(
    client: Client, changes: [Change], codes: [String: String], journal: URL,
    show: (String) -> Void
) async throws {
    let plan = try await client.plan(operation: .updateQualification, changes: changes)
    for change in plan.changes() { show("\(change.customer) \(change.decision)") }
    for code in plan.codes() { show("\(code.name) is spent \(code.sends) times") }
    // Here somebody looks at it, and agrees.
    let run = client.running(plan: plan, journal: journal, how: RunOptions(codes: codes))
    for try await update in run {
        switch update {
        case .settled(let result): show("\(result.customer) \(result.end)")
        case .ended(let report): show("\(report.applied) of \(report.planned)")
        }
    }
}

func goOn(client: Client, codes: [String: String], journal: URL) async throws -> String {
    let report = try await client.resume(journal: journal, how: RunOptions(codes: codes))
    for result in report.results where result.end == .unknown { print(result.detail ?? "") }
    return report.stopped?.description ?? "\(report.applied) of \(report.planned)"
}

func within<T: Sendable>(
    seconds: Double, _ call: @escaping @Sendable () async throws -> T
) async throws -> T {
    try await withThrowingTaskGroup(of: T.self) { group in
        group.addTask { try await call() }
        group.addTask {
            try await Task.sleep(nanoseconds: UInt64(seconds * 1e9))
            throw CancellationError()
        }
        defer { group.cancelAll() }
        return try await group.next()!
    }
}

/// The emulator as a process of its own, which ends with this one; on a Mac or on Linux.
final class Emulator {
    let url: String
    let token: String
    private let process = Process()
    private let input = Pipe()

    init(_ command: [String] = ["partner-center", "emulator", "--json"]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CocoaError(.fileReadUnknown) }
            line += more
        }
        let told = try JSONDecoder().decode([String: String].self, from: line)
        url = told["url"] ?? ""
        token = told["token"] ?? ""
    }

    var options: ClientOptions { ClientOptions(baseUrl: url, allowHttpLoopback: true) }

    /// One of the calls of the emulator's guide: `ask("PUT", "switches", "{…}")`.
    func ask(_ method: String, _ call: String, _ body: String = "{}") async throws -> String {
        var request = URLRequest(url: URL(string: "\(url)/emulator/\(call)")!)
        request.httpMethod = method
        request.httpBody = method == "GET" ? nil : Data(body.utf8)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await URLSession.shared.data(for: request)
        let text = String(decoding: data, as: UTF8.self)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw CocoaError(.featureUnsupported, userInfo: [NSLocalizedDescriptionKey: text])
        }
        return text
    }

    func close() {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
    }
}

func losesAnAnswer(_ command: [String]) async throws -> String {
    let emulator = try Emulator(command)
    defer { emulator.close() }
    _ = try await emulator.ask(
        "PUT", "switches", #"{"lost": "after_applying", "lost_when": {"next": 1}}"#)
    return try await qualify(
        options: emulator.options, token: emulator.token, company: "Contoso")
}
