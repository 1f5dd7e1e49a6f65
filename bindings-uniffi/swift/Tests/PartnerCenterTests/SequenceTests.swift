import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    @Suite struct Sequences {
        @Test func pagesAreReadAsTheLoopComesToThem() async throws {
            try await Emulated.with(customers: 50) { emulated in
                let customers = try emulated.client().customers(pageSize: 10)
                for try await customer in customers {
                    #expect(customer.companyName != nil)
                    break
                }
                #expect(try await emulated.stop().count == 1)
            }
        }

        @Test func allPagesAreRead() async throws {
            try await Emulated.with(customers: 50) { emulated in
                let customers = try emulated.client().customers(pageSize: 10)
                var names: Set<String> = []
                for try await customer in customers { names.insert(customer.companyName ?? "") }
                #expect(names.count == 55)
                var again = 0
                for try await _ in customers { again += 1 }
                #expect(again == 55)
                #expect(try await emulated.stop().count == 12)
            }
        }

        @Test func onlyThoseThatAreAskedFor() async throws {
            try await Emulated.with(customers: 3) { emulated in
                let customers = try emulated.client().customers(companyName: "customer")
                let names = try await customers.reduce(into: []) { $0.append($1.companyName ?? "") }
                #expect(names == ["Customer 00001", "Customer 00002", "Customer 00003"])
            }
        }

        @Test func anErrorEndsTheLoop() async throws {
            let customers = try Client(credential: .staticToken(token: "t")).customers(pageSize: -1)
            var iterator = customers.makeAsyncIterator()
            await #expect(throws: PartnerCenterError.self) { try await iterator.next() }
            #expect(try await iterator.next() == nil)
        }

        @Test func aVettingIsFollowedToItsEnd() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                try await ask(client)
                var steps: [VettingUpdate] = []
                let updates = client.vetting(customer: Emulated.contoso, qualification: .education)
                for try await update in updates {
                    if steps.isEmpty { try await emulated.approve(Emulated.contoso) }
                    steps.append(update)
                }
                guard case .progress(let first) = steps.first, case .ended(let end) = steps.last else {
                    throw Problem("\(steps)")
                }
                #expect(first.vettingStatus == .inReview)
                #expect(end.end == .approved)
                #expect(Int(end.polls) == steps.count - 1)
            }
        }

        @Test func anEndThatWasSeenStaysOneInACancelledTask() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                try await ask(client)
                try await emulated.approve(Emulated.contoso)
                let loop = Task {
                    var updates = client.vetting(
                        customer: Emulated.contoso, qualification: .education
                    ).makeAsyncIterator()
                    while let update = try await updates.next() {
                        guard case .ended = update else { continue }
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }
                try await loop.value
            }
        }

        @Test func leavingTheLoopLeavesTheCall() async throws {
            try await Emulated.with { emulated in
                let events = Events()
                let client = try emulated.client(events)
                try await ask(client)
                let updates = client.vetting(
                    customer: Emulated.contoso, qualification: .education, pollInterval: 86400)
                for try await update in updates {
                    guard case .progress = update else { throw Problem("\(update)") }
                    break
                }
                let end = try await events.first {
                    $0.operation == "wait_for_vetting" && $0.name == .end
                }
                #expect(end.error == .cancelled)
            }
        }

        @Test func aVettingThatWasNotAskedForIsAnError() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let error = try await failure {
                    for try await _ in client.vetting(
                        customer: Emulated.contoso, qualification: .education)
                    {}
                }
                #expect(error.reason == .notRequested)
            }
        }
    }
}
