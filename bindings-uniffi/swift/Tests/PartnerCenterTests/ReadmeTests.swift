import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    /// The README's code is compiled, and does what the README says.
    @Suite struct Readme {
        @Test func everyBlockIsHere() throws {
            func text(_ path: String) throws -> String {
                try String(contentsOf: Place.package.appendingPathComponent(path), encoding: .utf8)
            }
            let blocks = try text("README.md").components(separatedBy: "```swift\n").dropFirst()
                .compactMap { $0.components(separatedBy: "```").first }
            #expect(blocks.count == 10)
            let here = try text("Tests/PartnerCenterTests/ReadmeBlocks.swift")
            #expect(here.hasSuffix(blocks.joined(separator: "\n")))
        }

        @Test func tenLines() async throws {
            try await Emulated.with { emulated in
                let said = try await qualify(
                    options: emulated.options, token: emulated.token, company: "Contoso")
                #expect(said == "applied answer")
            }
        }

        @Test func tokens() async throws {
            struct Signed: Session {
                let token: String
                func acquireToken(
                    scopes: [String], claims: String?, fresh: Bool
                ) async throws -> (token: String, expiresOn: Date) {
                    #expect(claims == nil && !fresh)
                    return (token, Date() + 3600)
                }
            }
            try await Emulated.with { emulated in
                let client = try client(
                    of: Signed(token: emulated.token), options: emulated.options)
                let found = try await client.getCustomer(customer: Emulated.contoso)
                #expect(found.customer.companyName == "Contoso")
            }
        }

        @Test func errors() async throws {
            var said: [String] = []
            try await Emulated.with { emulated in
                try await change(
                    client: emulated.client(), customer: Emulated.contoso, code: "no-such-code"
                ) { said.append($0) }
            }
            #expect(said.count == 1)
            #expect(said.first?.hasPrefix("not changed: ") == true)
        }

        @Test func anUnknownOutcomeIsSettled() async throws {
            let service = try Holding()
            defer { service.close() }
            let client = try client(of: service, onAmbiguous: .raise)
            let said = Later<String>()
            let call = Task {
                try await change(client: client, customer: Emulated.contoso, code: "123456") {
                    said.value = $0
                }
            }
            try await service.arrived()
            service.answer(500, "")
            try await call.value
            let text = try #require(said.value)
            #expect(text.hasPrefix("unknown, to be settled: {"))

            service.answer(200, "\"governmentcommunitycloud\"")
            let kept = String(text.dropFirst("unknown, to be settled: ".count))
            #expect(try await settle(client: client, kept: kept) == "applied GovernmentCommunityCloud")
        }

        @Test func listsAndVetting() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                try await ask(client)
                try await emulated.approve(Emulated.contoso)
                var said: [String] = []
                try await follow(client: client, company: "Contoso") { said.append($0) }
                #expect(said == ["Contoso Education", "approved"])
            }
        }

        @Test func manyCustomers() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let county = try await client.findCustomer(companyName: "Woodgrove County").customer
                let listed = try await client.findValidationCode(organization: "Woodgrove County")
                let codes = ["county": listed.code.value.reveal()]
                let ids = [Emulated.contoso, county.id].map { $0.uuidString.lowercased() }
                let changes = [
                    Change(customer: ids[0], qualification: .education),
                    Change(
                        customer: ids[1], qualification: .governmentCommunityCloud,
                        codeName: "county"),
                ]
                let journal = Place.journal()
                defer { try? FileManager.default.removeItem(at: journal) }
                var said: [String] = []
                try await qualifyAll(
                    client: client, changes: changes, codes: codes, journal: journal
                ) { said.append($0) }
                #expect(said == [
                    "\(ids[0]) set", "\(ids[1]) set", "county is spent 1 times",
                    "\(ids[0]) applied", "\(ids[1]) applied", "2 of 2",
                ])
                let end = try await goOn(client: client, codes: codes, journal: journal)
                #expect(end == "2 of 2")
            }
        }

        @Test func leavingACall() async throws {
            let service = try Holding()
            defer { service.close() }
            let client = try client(of: service)
            await #expect(throws: CancellationError.self) {
                try await within(seconds: 0.05) {
                    try await client.getCustomer(customer: Emulated.contoso)
                }
            }
        }

        @Test func theEmulatorOfOnesOwn() async throws {
            let built = Place.fixtureServer.deletingLastPathComponent()
            let program = built.appendingPathComponent("partner-center-emulator").path
            #expect(try await losesAnAnswer([program]) == "applied read")
            let emulator = try Emulator([program])
            await #expect { try await emulator.ask("PUT", "switches", #"{"lose": 1}"#) } throws: {
                $0.localizedDescription.contains("unknown field `lose`")
            }
            emulator.close()
            #expect(throws: CocoaError.self) { try Emulator(["/nowhere/at/all"]) }
        }
    }
}
