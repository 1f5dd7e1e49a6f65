// `Bench URL TOKEN [CALLS]`: microseconds of a change, through this package and through URLSession,
// against a running emulator. Rounds are interleaved; the median is shown.
import Foundation
import PartnerCenter

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

let rounds = 7
let customer = UUID(uuidString: "11111111-aaaa-4aaa-8aaa-111111111111")!

struct Usage: Error {}

guard CommandLine.arguments.count >= 3 else { throw Usage() }
let (address, token) = (CommandLine.arguments[1], CommandLine.arguments[2])
let calls = CommandLine.arguments.dropFirst(3).first.flatMap(Int.init) ?? 500

let client = try Client(
    credential: .staticToken(token: token),
    options: ClientOptions(baseUrl: address, allowHttpLoopback: true))

func package() async throws -> Bool {
    let updated = try await client.updateQualification(customer: customer, qualification: .education)
    return updated.qualification == .education
}

/// The same request, as it would be written by hand.
var request = URLRequest(
    url: URL(string: "\(address)/v1/customers/\(customer.uuidString.lowercased())/qualification")!)
request.httpMethod = "PUT"
request.httpBody = Data("1".utf8)
for (name, value) in [
    "Authorization": "Bearer \(token)",
    "Accept": "application/json",
    "Content-Type": "application/json",
    "MS-RequestId": "037db222-6d8e-4d7f-ba78-df3dca33fb68",
    "MS-CorrelationId": "7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745",
    "MS-Contract-Version": "v1",
    "X-Locale": "en-US",
    "MS-PartnerCenter-Application": "bench",
] { request.setValue(value, forHTTPHeaderField: name) }

func urlSession() async throws -> Bool {
    let (body, _) = try await URLSession.shared.data(for: request)
    return String(decoding: body, as: UTF8.self).hasSuffix("education\"")
}

func microseconds(_ calls: Int, _ call: () async throws -> Bool) async throws -> Double {
    let begun = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<calls {
        guard try await call() else { throw Usage() }
    }
    return Double(DispatchTime.now().uptimeNanoseconds - begun) / 1000 / Double(calls)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

_ = try await microseconds(calls / 10, package)
_ = try await microseconds(calls / 10, urlSession)
var costs: (package: [Double], urlSession: [Double]) = ([], [])
for _ in 0..<rounds {
    costs.package.append(try await microseconds(calls, package))
    costs.urlSession.append(try await microseconds(calls, urlSession))
}
let shown = [median(costs.package), median(costs.urlSession)].map { String(format: "%.1f", $0) }
print("{\"swift_us\":\(shown[0]),\"urlsession_us\":\(shown[1])}")
