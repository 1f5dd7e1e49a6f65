import Foundation
import PartnerCenter

/// What a case's call came to, as the canonical line that all languages write.
enum Canonical {
    static func success(_ outcome: Outcome?, _ result: JSON, _ trace: Trace) -> [String: JSON] {
        [
            "outcome": JSON(outcome?.description),
            "result": result,
            "error": nil,
            "request_id": .string(trace.requestId),
            "correlation_id": .string(trace.correlationId),
            "ms_cv": JSON(trace.msCv),
            "mfa_compliant": JSON(trace.mfaCompliant),
            "attempts": attempts(trace.attempts),
        ]
    }

    static func failure(_ error: PartnerCenterError) -> [String: JSON] {
        [
            "outcome": .string(error.outcome.description),
            "result": nil,
            "error": [
                "kind": .string(error.kind.description),
                "reason": JSON(error.reason?.description),
                "status": JSON(error.status),
                "code": JSON(error.code),
                "description": JSON(error.serviceDescription),
                "retryable": .bool(error.retryable),
                "retry_after_ms": JSON(error.retryAfter.map(milliseconds)),
                "body": JSON(error.body),
                "meaning": JSON(error.meaning),
                "next_step": .string(error.nextStep),
                "text": .string(error.description),
            ],
            "request_id": JSON(error.requestId),
            "correlation_id": JSON(error.correlationId),
            "ms_cv": JSON(error.msCv),
            "mfa_compliant": JSON(error.mfaCompliant),
            "attempts": attempts(error.attempts),
        ]
    }

    private static func attempts(_ attempts: [Attempt]) -> JSON {
        .array(attempts.map { attempt in
            [
                "method": .string(attempt.method.description),
                "class": .string(attempt.class.description),
                "status": JSON(attempt.status),
                "request_id": .string(attempt.requestId),
                "correlation_id": .string(attempt.correlationId),
            ]
        })
    }

    static func item(_ of: CustomerQualification) -> JSON {
        [
            "qualification": .string(of.qualification.description),
            "vetting_status": JSON(of.vettingStatus?.description),
            "vetting_reason": JSON(of.vettingReason?.description),
            "vetting_created_ms": JSON(of.vettingCreated.map(milliseconds)),
            "vetting_created_text": JSON(of.vettingCreatedText),
        ]
    }

    static func customer(_ of: Customer) -> JSON {
        [
            "id": .string(of.id.uuidString.lowercased()),
            "company_name": JSON(of.companyName),
            "domain": JSON(of.domain),
            "relationship_to_partner": JSON(of.relationshipToPartner),
            "commerce_id": JSON(of.commerceId),
            "allow_delegated_access": JSON(of.allowDelegatedAccess),
            "custom_domains": .array(of.customDomains.map(JSON.string)),
            "associated_partner_id": JSON(of.associatedPartnerId),
            "organization_registration_number": JSON(of.organizationRegistrationNumber),
            "email": JSON(of.email),
        ]
    }

    static func code(_ of: ValidationCode) -> JSON {
        [
            "value": .string(of.value.reveal()),
            "organization": JSON(of.organization),
            "max_creates": JSON(of.maxCreates),
            "remaining_creates": JSON(of.remainingCreates),
            "partner_id": JSON(of.partnerId),
            "etag": JSON(of.etag),
        ]
    }

    /// Rounded down, but for what a floating-point number cannot tell from the next millisecond.
    static func milliseconds(_ seconds: TimeInterval) -> Int64 {
        Int64((seconds * 1000 + 0.0002).rounded(.down))
    }

    /// Since 1970. A date counts from 2001, and is exact from there.
    static func milliseconds(_ date: Date) -> Int64 {
        milliseconds(date.timeIntervalSinceReferenceDate)
            + Int64(Date.timeIntervalBetween1970AndReferenceDate) * 1000
    }

    /// Sorted members; no port; a GUID that the case does not name becomes its number of appearance.
    static func line(_ seen: [String: JSON], case text: String) -> String {
        let line = Array(JSON.object(seen).text.utf8)
        let host = Array("127.0.0.1:".utf8)
        var out: [UInt8] = []
        var ids: [String: Int] = [:]
        var at = 0
        while at < line.count {
            if isGUID(line[at...]) {
                let guid = String(decoding: line[at..<at + 36], as: UTF8.self)
                if text.contains(guid) {
                    out += guid.utf8
                } else {
                    let number = ids[guid] ?? ids.count + 1
                    ids[guid] = number
                    out += "id-\(number)".utf8
                }
                at += 36
            } else if line[at...].starts(with: host) {
                out += "127.0.0.1:port".utf8
                at += host.count
                while at < line.count, isDigit(line[at]) { at += 1 }
            } else {
                out.append(line[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isGUID(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 36 else { return false }
        return text.prefix(36).enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Where `seen` lacks what is expected: objects may hold more, everything else is equal.
    static func lack(of expected: JSON, in seen: JSON, at path: String = "expect") -> String? {
        switch (expected, seen) {
        case (.object(let members), .object):
            for (name, value) in members {
                if let lack = lack(of: value, in: seen[name], at: "\(path).\(name)") { return lack }
            }
            return nil
        case (.array(let items), .array(let found)) where items.count == found.count:
            for (index, (value, found)) in zip(items, found).enumerated() {
                if let lack = lack(of: value, in: found, at: "\(path)[\(index)]") { return lack }
            }
            return nil
        case _ where expected == seen: return nil
        default: return "\(path): expected \(expected.text), saw \(seen.text)"
        }
    }
}
