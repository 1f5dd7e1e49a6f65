import Foundation
import PartnerCenter

/// The case operation `run`: a plan, and the run of it.
enum RunCase {
    static func call(_ client: Client, _ arguments: JSON) async throws -> [String: JSON] {
        let operations: [ChangeOperation] = [.updateQualification, .createQualification]
        let name = arguments["operation"].string
        guard let operation = operations.first(where: { $0.description == name }) else {
            throw Problem("unknown operation \(name ?? "")")
        }
        // In order, as a recording is.
        let pace = Pace(atOnce: 1, perSecond: nil)
        let rows = Rows()
        let plan = try await client.plan(
            operation: operation, changes: arguments["changes"].array.map(change), pace: pace,
            listener: rows)
        let codes = arguments["codes"].object.compactMapValues(\.string)
        let journal = Place.journal()
        defer { try? FileManager.default.removeItem(at: journal) }
        let report = try await client.run(
            plan: plan, journal: journal, how: RunOptions(codes: codes, pace: pace), listener: rows)
        let result = planned(plan).merging(rows.members) { one, _ in one }
        return [
            "outcome": nil,
            "result": .object(result.merging(settled(report)) { one, _ in one }),
            "error": nil,
            "request_id": nil,
            "correlation_id": nil,
            "ms_cv": nil,
            "mfa_compliant": nil,
            "attempts": [],
        ]
    }

    private static func change(_ given: JSON) -> Change {
        Change(
            customer: given["customer"].string ?? "",
            qualification: qualification(given["qualification"].string ?? ""),
            educationSegment: given["education_segment"].string.map(segment),
            website: given["website"].string, codeName: given["code_name"].string)
    }

    private static func planned(_ plan: Plan) -> [String: JSON] {
        let changes = plan.changes()
        return [
            "doubles": .number(plan.doubles()),
            "codes": .array(
                plan.codes().map { ["name": .string($0.name), "sends": .number($0.sends)] }),
            "decisions": .array(changes.map { .string($0.decision.description) }),
            "currents": .array(changes.map { JSON($0.current) }),
            "refusals": .array(changes.map { JSON($0.detail) }),
        ]
    }

    private static func settled(_ report: Report) -> [String: JSON] {
        [
            "counts": [
                "planned": .number(report.planned),
                "applied": .number(report.applied),
                "already_set": .number(report.alreadySet),
                "refused": .number(report.refused),
                "conflict": .number(report.conflict),
                "unknown": .number(report.unknown),
                "not_started": .number(report.notStarted),
            ],
            "stopped": JSON(report.stopped?.description),
            "detail": JSON(report.detail),
            "torn": .bool(report.torn),
            "results": .array(report.results.map(result)),
        ]
    }

    private static func result(_ of: ChangeResult) -> JSON {
        [
            "row": .number(of.row),
            "customer": .string(of.customer),
            "qualification": .string(of.qualification.description),
            "end": .string(of.end.description),
            "outcome": .string(of.outcome.description),
            "evidence": JSON(of.evidence?.description),
            "kind": JSON(of.kind?.description),
            "reason": JSON(of.reason?.description),
            "status": JSON(of.status),
            "code": JSON(of.code),
            "detail": JSON(of.detail),
            "request_id": JSON(of.requestId),
            "correlation_id": JSON(of.correlationId),
            "attempts": .number(of.attempts),
        ]
    }
}

/// Keeps the rows in the order in which they are heard.
private final class Rows: PlanListener, RunListener, @unchecked Sendable {
    private let lock = NSLock()
    private var planned: [JSON] = []
    private var settled: [JSON] = []

    func onPlanned(change: PlannedChange) throws {
        lock.withLock { planned.append(.number(change.row)) }
    }

    func onResult(result: ChangeResult) throws {
        lock.withLock { settled.append(.number(result.row)) }
    }

    var members: [String: JSON] {
        lock.withLock { ["planned": .array(planned), "settled": .array(settled)] }
    }
}
