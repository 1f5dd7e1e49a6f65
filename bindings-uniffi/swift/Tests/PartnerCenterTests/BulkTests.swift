import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    /// Many customers: plans, runs, and runs that are left.
    @Suite struct Bulk {
        // As fast as they end.
        private static let unpaced = Pace(atOnce: 4, perSecond: nil)
        private static let how = RunOptions(pace: unpaced)
        // Fifty a second, by this clock: it is left long before it ends.
        private static let slow = RunOptions(pace: Pace(atOnce: 4, perSecond: 0.005))

        @Test func aPlanAndItsRunAreToldChangeByChange() async throws {
            try await Emulated.with(customers: 12) { emulated in
                let client = try emulated.client()
                var reads: [PlannedChange] = []
                var found: Plan?
                for try await update in client.planning(
                    operation: .updateQualification, changes: try await schools(client),
                    pace: Self.unpaced)
                {
                    switch update {
                    case .planned(let change): reads.append(change)
                    case .ended(let plan): found = plan
                    }
                }
                let plan = try #require(found)
                #expect(reads.sorted { $0.row < $1.row } == plan.changes())
                #expect(plan.sends() == 12)
                #expect(plan.count(decision: .set) == 12)

                try await journaled { journal in
                    var ends: [ChangeResult] = []
                    var last: Report?
                    for try await update in client.running(
                        plan: plan, journal: journal, how: Self.how)
                    {
                        switch update {
                        case .settled(let result): ends.append(result)
                        case .ended(let report): last = report
                        }
                    }
                    let report = try #require(last)
                    #expect(ends.sorted { $0.row < $1.row } == report.results)
                    #expect(report.applied == 12)
                    #expect(report.journal.path == journal.path)
                    #expect(report.fingerprint == plan.fingerprint())
                    sumHolds(report)
                    let again = client.resuming(journal: journal, how: Self.how)
                    let steps = try await again.reduce(into: []) { $0.append($1) }
                    guard case .ended(let resumed) = steps.first, steps.count == 1 else {
                        throw Problem("\(steps)")
                    }
                    #expect(resumed.results == report.results)
                }
            }
        }

        @Test func aCancelledRunIsUnknownAndItsJournalGoesOnToTheFullSum() async throws {
            try await Emulated.with(customers: 300) { emulated in
                let events = Events()
                let client = try emulated.client(events)
                let plan = try await planned(client, try await schools(client))
                try await journaled { journal in
                    let heard = Ends()
                    let task = Task {
                        try await client.run(
                            plan: plan, journal: journal, how: Self.slow, listener: heard)
                    }
                    try await heard.came(40)
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                    let end = try await events.first { $0.operation == "run" && $0.name == .end }
                    #expect(end.outcome == .unknown, "\(end.text)")
                    #expect(end.late && end.grave, "\(end.text)")
                    try await goesOn(client, journal)
                }
            }
        }

        @Test func leavingTheLoopLeavesTheRun() async throws {
            try await Emulated.with(customers: 300) { emulated in
                let client = try emulated.client()
                let plan = try await planned(client, try await schools(client))
                try await journaled { journal in
                    var heard = 0
                    for try await _ in client.running(plan: plan, journal: journal, how: Self.slow) {
                        heard += 1
                        if heard == 20 { break }
                    }
                    try await goesOn(client, journal)
                }
            }
        }

        /// It must not look as if the run had come to its end.
        @Test func theLoopOfACancelledTaskThrows() async throws {
            try await Emulated.with(customers: 300) { emulated in
                let client = try emulated.client()
                let plan = try await planned(client, try await schools(client))
                try await journaled { journal in
                    let task = Task {
                        for try await update in client.running(
                            plan: plan, journal: journal, how: Self.slow)
                        {
                            if case .ended(let report) = update { throw Problem("\(report)") }
                            withUnsafeCurrentTask { $0?.cancel() }
                        }
                    }
                    await #expect(throws: CancellationError.self) { try await task.value }
                    try await goesOn(client, journal)
                }
            }
        }

        @Test func aPlanOutlivesItsProcessAndNoneThatWasAlteredIsTaken() async throws {
            try await Emulated.with(customers: 3) { emulated in
                let client = try emulated.client()
                let text = try await planned(client, try await schools(client)).toJson()
                let plan = try Plan.fromJson(json: text)
                #expect(plan.toJson() == text)
                #expect(plan.operation() == .updateQualification)
                #expect(plan.baseUrl() == emulated.url)
                let altered = text.replacingOccurrences(of: "\"set\"", with: "\"refused\"")
                #expect(altered != text)
                for wrong in ["", "{}", "no plan", altered] {
                    let error = try await failure { try Plan.fromJson(json: wrong) }
                    #expect(error.kind == .invalidArgument)
                    #expect(error.description.contains("plan"))
                }
                try await journaled { journal in
                    let report = try await client.run(plan: plan, journal: journal, how: Self.how)
                    #expect(report.applied == 3)
                }
            }
        }

        @Test func whatIsNoJournalIsAnErrorOfItsOwn() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                try await journaled { journal in
                    try "{}\n".write(to: journal, atomically: true, encoding: .utf8)
                    let error = try await failure { try await client.resume(journal: journal) }
                    guard case .Journal = error else { throw Problem("\(error)") }
                    #expect(error.kind == .journal)
                    #expect(error.outcome == .notApplied)
                    #expect(error.description.contains(journal.path))
                }
            }
        }

        @Test func aListenerThatThrowsStopsNothing() async throws {
            final class Deaf: PlanListener, RunListener {
                func onPlanned(change: PlannedChange) throws { throw Problem("no ears") }
                func onResult(result: ChangeResult) throws { throw Problem("no ears") }
            }
            try await Emulated.with(customers: 3) { emulated in
                let client = try emulated.client()
                let changes = try await schools(client).map {
                    Change(
                        customer: $0.customer, qualification: $0.qualification,
                        educationSegment: .k12)
                }
                let plan = try await client.plan(
                    operation: .createQualification, changes: changes, pace: Self.unpaced,
                    listener: Deaf())
                try await journaled { journal in
                    let report = try await client.run(
                        plan: plan, journal: journal, how: Self.how, listener: Deaf())
                    #expect(report.applied == 3)
                }
            }
        }

        @Test(arguments: [
            Pace(atOnce: -1, perSecond: nil), Pace(atOnce: 0, perSecond: 5),
            Pace(atOnce: 4, perSecond: 0), Pace(atOnce: 4, perSecond: .nan),
        ])
        func aPaceThatIsNoneIsRefused(_ pace: Pace) async throws {
            let client = try Client(credential: .staticToken(token: "t"))
            let error = try await failure {
                try await client.plan(operation: .updateQualification, changes: [], pace: pace)
            }
            #expect(error.kind == .invalidArgument)
            let plan = try await planned(client, [])
            let how = RunOptions(pace: pace)
            let other = try await failure {
                try await client.run(plan: plan, journal: Place.journal(), how: how)
            }
            #expect(other.kind == .invalidArgument)
        }

        @Test func nothingOfARunShowsACode() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let listed = try await client.findValidationCode(organization: "Woodgrove County")
                let code = listed.code.value.reveal()
                let county = try await client.findCustomer(companyName: "Woodgrove County").customer
                let change = Change(
                    customer: county.id.uuidString, qualification: .governmentCommunityCloud,
                    codeName: "Woodgrove")
                let plan = try await planned(client, [change])
                #expect(plan.codes() == [PlannedCode(name: "Woodgrove", sends: 1)])
                let how = RunOptions(codes: ["Woodgrove": code], pace: Self.unpaced)
                try await journaled { journal in
                    let report = try await client.run(plan: plan, journal: journal, how: how)
                    #expect(report.applied == 1)
                    for shown in [plan, how, change, report] as [Any] { isHidden(shown, code) }
                    #expect(!plan.toJson().contains(code))
                    let text = try String(contentsOf: journal, encoding: .utf8)
                    #expect(!text.contains(code))
                }
                let wrong = RunOptions(codes: ["Wood": code], pace: Self.unpaced)
                let error = try await failure {
                    try await client.run(plan: plan, journal: Place.journal(), how: wrong)
                }
                #expect(error.kind == .invalidArgument)
                isHidden(error, code)
            }
        }

        private func schools(_ client: Client) async throws -> [Change] {
            try await client.customers(companyName: "Customer").reduce(into: []) {
                $0.append(Change(customer: $1.id.uuidString, qualification: .education))
            }
        }

        private func planned(_ client: Client, _ changes: [Change]) async throws -> Plan {
            try await client.plan(
                operation: .updateQualification, changes: changes, pace: Self.unpaced)
        }

        /// With a journal that goes away afterwards.
        private func journaled(_ body: (URL) async throws -> Void) async throws {
            let journal = Place.journal()
            defer { try? FileManager.default.removeItem(at: journal) }
            try await body(journal)
        }

        private func goesOn(_ client: Client, _ journal: URL) async throws {
            var steps = try await resumed(client, journal)
            guard case .ended(let report) = steps.popLast() else { throw Problem("no end") }
            sumHolds(report)
            #expect(report.planned == 300)
            #expect(report.applied == 300, "\(report)")
            #expect(!steps.isEmpty, "nothing was left to do")
            for case .settled(let result) in steps { #expect(report.results.contains(result)) }
        }

        /// What was open lets go of the journal once it is through.
        private func resumed(_ client: Client, _ journal: URL) async throws -> [RunUpdate] {
            for _ in 0..<30_000 {
                do {
                    return try await client.resuming(journal: journal, how: Self.how)
                        .reduce(into: []) { $0.append($1) }
                } catch let error as PartnerCenterError where error.kind == .journal {
                    #expect(error.description.contains("another run"), "\(error)")
                }
                try await Task.sleep(nanoseconds: 1_000_000)
            }
            throw Problem("nobody lets go of it")
        }

        private func sumHolds(_ report: Report) {
            let well = report.applied + report.alreadySet
            let badly = report.refused + report.conflict + report.unknown
            #expect(report.planned == well + badly + report.notStarted, "\(report)")
        }

        /// Counts what ended.
        private final class Ends: RunListener, @unchecked Sendable {
            private let lock = NSLock()
            private var count = 0

            func onResult(result: ChangeResult) { lock.withLock { count += 1 } }

            func came(_ number: Int) async throws {
                for _ in 0..<30_000 {
                    if lock.withLock({ count >= number }) { return }
                    try await Task.sleep(nanoseconds: 1_000_000)
                }
                throw Problem("not so many in time")
            }
        }
    }
}
