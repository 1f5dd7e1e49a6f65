import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    /// A task that is cancelled leaves its call.
    @Suite struct Cancellation {
        @Test func aStalledChangeIsLeftAndItsOutcomeLearned() async throws {
            let service = try Holding()
            defer { service.close() }
            let events = Events()
            let client = try client(of: service, listener: events)
            let task = Task {
                try await client.updateQualification(
                    customer: Emulated.contoso, qualification: .education)
            }
            try await service.arrived()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(service.requests == 1)

            service.answer(200, "\"education\"")
            let end = try await events.first { $0.late && $0.name == .end }
            #expect(end.outcome == .applied)
            #expect(service.requests == 1)
        }

        @Test func whatIsNeverAnsweredEndsUnknown() async throws {
            let service = try Holding()
            let events = Events()
            let client = try client(of: service, listener: events)
            let task = Task {
                try await client.updateQualification(
                    customer: Emulated.contoso, qualification: .education)
            }
            try await service.arrived()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            service.close()
            let end = try await events.first { $0.name == .end }
            #expect(end.outcome == .unknown)
            #expect(end.late && end.grave)
            #expect(service.requests == 1)
        }

        @Test func whereNobodyListensStandardErrorHears() async throws {
            let service = try Holding()
            let client = try client(of: service)
            let heard = try await standardError { heard in
                let task = Task {
                    try await client.updateQualification(
                        customer: Emulated.contoso, qualification: .education)
                }
                try await service.arrived()
                task.cancel()
                _ = await task.result
                service.close()
                for _ in 0..<6000 {
                    if try heard().contains("outcome unknown") { return }
                    try await Task.sleep(nanoseconds: 5_000_000)
                }
            }
            let lines = heard.split(separator: "\n").filter { $0.hasPrefix("partner-center: ") }
            #expect(lines.count == 1)
            #expect(lines.first?.contains("update_qualification end: Cancelled, outcome unknown") == true)
        }

        /// What is written to standard error meanwhile, by whomever.
        private func standardError(
            _ meanwhile: (() throws -> String) async throws -> Void
        ) async throws -> String {
            let path = NSTemporaryDirectory() + UUID().uuidString
            let kept = dup(2)
            let file = open(path, O_CREAT | O_WRONLY, 0o600)
            dup2(file, 2)
            defer {
                dup2(kept, 2)
                for opened in [kept, file] { close(opened) }
                unlink(path)
            }
            let written = { try String(contentsOfFile: path, encoding: .utf8) }
            try await meanwhile(written)
            return try written()
        }

        @Test func aTaskThatIsCancelledBeforeSendsNothing() async throws {
            let service = try Holding()
            defer { service.close() }
            let client = try client(of: service)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.updateQualification(
                    customer: Emulated.contoso, qualification: .education)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(service.requests == 0)
        }

        @Test func aTimeoutOfTheCallersOwn() async throws {
            let service = try Holding()
            defer { service.close() }
            let client = try client(of: service)
            await #expect(throws: Late.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await client.getQualification(customer: Emulated.contoso) }
                    group.addTask {
                        try await service.arrived()
                        throw Late()
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }

        private struct Late: Error {}

        /// Swift has a thread for each core, and sixteen calls would hold all of them.
        @Test func callsStallNoOtherTask() async throws {
            let service = try Holding()
            defer { service.close() }
            let client = try client(of: service)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask { _ = try await client.getQualification(customer: Emulated.contoso) }
                }
                try await service.arrived(16)
                for _ in 0..<20 { try await Task.sleep(nanoseconds: 1_000_000) }
                #expect(service.requests == 16)
                group.cancelAll()
                while let end = await group.nextResult() {
                    #expect(throws: CancellationError.self) { try end.get() }
                }
            }
        }
    }
}
