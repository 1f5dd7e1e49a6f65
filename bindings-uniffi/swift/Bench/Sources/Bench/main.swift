// `Bench calls URL TOKEN CALLS` or `Bench leaving URL TIMES`, where a service never answers; figures
// as JSON.
import Foundation
import PartnerCenter

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

let rounds = 7
let customer = UUID(uuidString: "11111111-aaaa-4aaa-8aaa-111111111111")!

struct Unexpected: Error {}

func since(_ begun: DispatchTime) -> Double {
    Double(DispatchTime.now().uptimeNanoseconds - begun.uptimeNanoseconds)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Microseconds of a change, through this package and through URLSession: the medians of
/// interleaved rounds.
func calls(_ address: String, _ token: String, _ calls: Int) async throws -> [String: Double] {
    let client = try Client(
        credential: .staticToken(token: token),
        options: ClientOptions(baseUrl: address, allowHttpLoopback: true))
    let path = "\(address)/v1/customers/\(customer.uuidString.lowercased())/qualification"
    let ways: [String: () async throws -> Bool] = [
        "swift": {
            let updated = try await client.updateQualification(
                customer: customer, qualification: .education)
            return updated.qualification == .education
        },
        "urlsession": {
            let (body, _) = try await URLSession.shared.data(for: request(path, token))
            return String(decoding: body, as: UTF8.self).hasSuffix("education\"")
        },
    ]
    var costs: [String: [Double]] = [:]
    // The first round is for what is set up once.
    for round in 0...rounds {
        for (name, call) in ways {
            let begun = DispatchTime.now()
            for _ in 0..<calls { guard try await call() else { throw Unexpected() } }
            if round > 0 { costs[name, default: []].append(since(begun) / 1000 / Double(calls)) }
        }
    }
    return costs.mapValues(median)
}

/// The same request, as it would be written by hand.
func request(_ address: String, _ token: String) -> URLRequest {
    var request = URLRequest(url: URL(string: address)!)
    request.httpMethod = "PUT"
    request.httpBody = Data("1".utf8)
    for (name, value) in [
        "Authorization": "Bearer \(token)",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "MS-RequestId": UUID().uuidString,
        "MS-CorrelationId": UUID().uuidString,
        "MS-Contract-Version": "v1",
        "X-Locale": "en-US",
        "MS-PartnerCenter-Application": "bench",
    ] { request.setValue(value, forHTTPHeaderField: name) }
    return request
}

/// Milliseconds from `cancel` to the end of the task, while its call waits for an answer; and how
/// late a sleep of 10 ms ends beside no such call and beside sixteen.
func leaving(_ address: String, _ times: Int) async throws -> [String: Double] {
    let client = try Client(
        credential: .staticToken(token: "some-token"),
        options: ClientOptions(baseUrl: address, allowHttpLoopback: true)
    ) { _ in }
    var took: [Double] = []
    for _ in 0..<times {
        let call = Task {
            try await client.updateQualification(customer: customer, qualification: .education)
        }
        try await Task.sleep(nanoseconds: 50_000_000)
        let begun = DispatchTime.now()
        call.cancel()
        guard case .failure(let error) = await call.result, error is CancellationError else {
            throw Unexpected()
        }
        took.append(since(begun) / 1e6)
    }
    let alone = try await lateness(times)
    let another = try Client(
        credential: .staticToken(token: "some-token"),
        options: ClientOptions(baseUrl: address, allowHttpLoopback: true))
    let beside = try await withThrowingTaskGroup(of: Void.self) { group in
        // It sleeps already when the calls begin.
        let sleeping = Task { try await lateness(times) }
        for _ in 0..<16 {
            group.addTask { _ = try await another.getQualification(customer: customer) }
        }
        let late = try await sleeping.value
        group.cancelAll()
        while let end = await group.nextResult() {
            guard case .failure(let error) = end, error is CancellationError else {
                throw Unexpected()
            }
        }
        return late
    }
    return [
        "median": median(took), "most": took.max()!,
        "alone median": median(alone), "alone most": alone.max()!,
        "beside median": median(beside), "beside most": beside.max()!,
    ]
}

func lateness(_ times: Int) async throws -> [Double] {
    var late: [Double] = []
    for _ in 0..<times {
        let begun = DispatchTime.now()
        try await Task.sleep(nanoseconds: 10_000_000)
        late.append(since(begun) / 1e6 - 10)
    }
    return late
}

let arguments = Array(CommandLine.arguments.dropFirst())
let figures =
    arguments[0] == "calls"
    ? try await calls(arguments[1], arguments[2], Int(arguments[3])!)
    : try await leaving(arguments[1], Int(arguments[2])!)
print(String(decoding: try JSONSerialization.data(withJSONObject: figures), as: UTF8.self))
