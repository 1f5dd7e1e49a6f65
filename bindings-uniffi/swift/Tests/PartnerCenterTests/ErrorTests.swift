import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    @Suite struct Errors {
        private static let panics = CallOptions(requestId: "0badc0de-0bad-4bad-8bad-0badc0de0bad")

        @Test func itsTextIsTheLibrarysOwn() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let error = try await failure {
                    try await client.updateQualification(
                        customer: Emulated.contoso, qualification: .governmentCommunityCloud,
                        validationCode: "invented")
                }
                guard case .Rejected(let failure) = error else {
                    throw Problem("\(error)")
                }
                #expect(error.failure == failure)
                #expect(error.outcome == .notApplied)
                #expect(error.status == 400)
                #expect(error.description == failure.text)
                #expect(String(reflecting: error) == failure.text)
                #expect(error.localizedDescription == failure.text)
                #expect(error.recoverySuggestion == failure.nextStep)
                #expect(error.attempts.map(\.method) == [.put])
                #expect(error.requestId == error.attempts.first?.requestId)
                #expect(error.pending == nil)
            }
        }

        @Test func anOutcomeThatIsNotKnownCanBeSettledLater() async throws {
            let service = try Holding()
            let client = try client(of: service, onAmbiguous: .raise)
            let call = Task {
                try await failure {
                    try await client.updateQualification(
                        customer: Emulated.contoso, qualification: .education)
                }
            }
            try await service.arrived()
            service.answer(500, "")
            let error = try await call.value
            service.close()
            guard case .OutcomeUnknown = error, let pending = error.pending else {
                throw Problem("\(error)")
            }
            #expect(error.outcome == .unknown)
            #expect(!error.retryable)
            #expect(try pendingOperation(json: pending.json) == pending)
        }

        @Test func aChangeIsSettledByReads() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let id = "5b3fd8a0-2c41-4f0e-9d55-0a1b2c3d4e5f"
                let pending = try await client.pendingUpdateQualification(
                    customer: Emulated.contoso, qualification: .education, requestId: id)
                _ = try await client.updateQualification(
                    customer: Emulated.contoso, qualification: .education,
                    options: CallOptions(requestId: id))
                let kept = try pendingOperation(json: pending.json)
                let settled = try await client.reconcile(pending: kept)
                #expect(settled.outcome == .applied)
                #expect(settled.evidence == .read)
                #expect(settled.observed.value == "Education")
            }
        }

        @Test func whatIsNoPendingOperationIsRefused() throws {
            #expect(throws: PartnerCenterError.self) { try pendingOperation(json: "{}") }
        }

        @Test func aBugInTheLibraryEndsOneCall() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let error = try await failure {
                    try await client.getCustomer(
                        customer: Emulated.contoso, options: Self.panics)
                }
                guard case .Internal = error else { throw Problem("\(error)") }
                let found = try await client.getCustomer(customer: Emulated.contoso)
                #expect(found.customer.id == Emulated.contoso)
            }
        }

        @Test func aListenerThatThrowsStopsNothing() async throws {
            final class Throwing: EventListener {
                func onEvent(event: Event) throws { throw Problem("not heard") }
            }
            final class ThrowingToo: VettingListener {
                func onProgress(qualification: CustomerQualification) throws {
                    throw ListenerError.Failed(reason: "not seen")
                }
            }
            try await Emulated.with { emulated in
                let client = try Client(
                    credential: .staticToken(token: emulated.token), options: emulated.options,
                    listener: Throwing())
                try await ask(client)
                try await emulated.approve(Emulated.contoso)
                let vetting = try await client.waitForVetting(
                    customer: Emulated.contoso, qualification: .education, listener: ThrowingToo())
                #expect(vetting.end == .approved)
            }
        }

        @Test func aListenerMayBeAClosure() async throws {
            try await Emulated.with { emulated in
                let events = Events()
                let client = try Client(
                    credential: .staticToken(token: emulated.token), options: emulated.options
                ) { event in try? events.onEvent(event: event) }
                _ = try await client.getCustomer(customer: Emulated.contoso)
                #expect(events.all.map(\.name) == [.start, .attempt, .end])
            }
        }

        @Test(arguments: [-1, 0, .nan, -TimeInterval.infinity])
        func aDurationThatIsNoneIsRefused(_ seconds: TimeInterval) async throws {
            let error = try await failure {
                try Client(
                    credential: .staticToken(token: "t"), options: ClientOptions(deadline: seconds))
            }
            #expect(error.kind == .invalidArgument)
        }

        /// More than any clock counts.
        @Test func aDurationMayBeEndless() async throws {
            try await Emulated.with { emulated in
                let options = ClientOptions(
                    baseUrl: emulated.url, attemptTimeout: .greatestFiniteMagnitude,
                    deadline: .infinity, onlyCaCertificates: try emulated.options.onlyCaCertificates)
                do {
                    let client = try Client(
                        credential: .staticToken(token: emulated.token), options: options)
                    _ = try await client.getCustomer(
                        customer: Emulated.contoso, options: CallOptions(deadline: .infinity))
                } catch let error as PartnerCenterError {
                    #expect(error.kind == .invalidArgument, "\(error)")
                }
            }
        }
    }

    @Suite struct Values {
        @Test func whatTheServiceAddsStaysVisible() {
            #expect(Qualification.unqualified.description == "None")
            #expect(Qualification.unknown(value: "SpaceForce").description == "SpaceForce")
            #expect(VettingStatus.unknown(value: "OnHold").description == "OnHold")
            let none: Qualification? = .none
            #expect(none == nil)
        }

        @Test func anIdIsReadInAnyForm() throws {
            for text in [
                "11111111-AAAA-4AAA-8AAA-111111111111", "{11111111-aaaa-4aaa-8aaa-111111111111}",
                "11111111aaaa4aaa8aaa111111111111",
            ] {
                #expect(try customerId(text: text) == Emulated.contoso)
            }
            #expect(throws: PartnerCenterError.self) { try customerId(text: "contoso") }
        }

        @Test func aRequestCanBeSeenBeforeItIsSent() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let update = try await client.previewUpdateQualification(
                    customer: Emulated.contoso, qualification: .governmentCommunityCloud,
                    validationCode: "invented-code")
                #expect(update.hasPrefix("PUT "))
                #expect(!update.contains("invented-code"))
                let create = try await client.previewCreateQualification(
                    customer: Emulated.contoso,
                    request: QualificationRequest(qualification: .stateOwnedEntity))
                #expect(create.hasPrefix("POST "))
                #expect(try await emulated.stop() == [])
            }
        }
    }
}

/// Asks for Contoso's education.
func ask(_ client: Client) async throws {
    let request = QualificationRequest(
        qualification: .education, educationSegment: .higherEducation, website: "contoso.edu")
    let created = try await client.createQualification(customer: Emulated.contoso, request: request)
    #expect(created.outcome == .applied)
}
