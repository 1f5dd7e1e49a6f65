import Foundation
import PartnerCenter
import Testing

#if os(Linux)
extension Behaviour {
    @Suite struct Resources {
        /// The client has at most 64 threads that work, and few besides; a thread for each call
        /// would be thousands.
        @Test func cancelledCallsLeaveNothingBehind() async throws {
            try await Turns.shared.taking(Turns.all) {
                let service = try Holding(reading: false)
                defer { service.close() }
                let client = try client(of: service, attemptTimeout: 0.2, listener: Nobody())
                // What is made once is made here.
                try await leave(client, calls: 1000)
                let (threads, memory) = try (threads(), memory())
                for _ in 0..<3 { try await leave(client, calls: 1000) }
                #expect(try self.threads() <= max(threads, 64) + 64)
                // Less than 2 kB a call; what a call holds is more.
                #expect(try self.memory() - memory < 6_000_000)
            }
        }

        /// What is heard is not kept.
        private final class Nobody: EventListener {
            func onEvent(event: Event) {}
        }

        /// Calls that are cancelled sooner or later.
        private func leave(_ client: Client, calls: Int) async throws {
            for call in 0..<calls {
                let task = Task {
                    try await client.updateQualification(
                        customer: Emulated.contoso, qualification: .education)
                }
                try await Task.sleep(nanoseconds: UInt64(call % 40) * 10_000)
                task.cancel()
                _ = await task.result
            }
        }

        private func threads() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        }

        /// Bytes that are in use by this process.
        private func memory() throws -> Int {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
        }
    }
}
#endif
