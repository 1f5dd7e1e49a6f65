import Foundation
import PartnerCenter

/// A case's call, and what it came to as members of the canonical line.
struct Operations {
    let client: Client
    let arguments: JSON
    let heard: Heard

    func call(_ operation: String) async throws -> [String: JSON] {
        switch operation {
        case "update_qualification": try await updateQualification()
        case "get_qualification": try await getQualification()
        case "create_qualification": try await createQualification()
        case "get_qualifications": try await getQualifications()
        case "wait_for_vetting": try await waitForVetting()
        case "get_validation_codes": try await getValidationCodes()
        case "find_validation_code": try await findValidationCode()
        case "list_customers": try await listCustomers()
        case "get_customer": try await getCustomer()
        case "find_customer": try await findCustomer()
        case "run": try await RunCase.call(client, arguments)
        default: throw Problem("unknown operation \(operation)")
        }
    }

    private func text(_ name: String) -> String? { arguments[name].string }

    private func customer() throws -> UUID { try customerId(text: text("customer") ?? "") }

    private var qualification: Qualification {
        PartnerCenterTests.qualification(text("qualification") ?? "")
    }

    private var options: CallOptions {
        CallOptions(requestId: text("request_id"), correlationId: text("correlation_id"))
    }

    private func updateQualification() async throws -> [String: JSON] {
        let updated = try await client.updateQualification(
            customer: try customer(), qualification: qualification,
            validationCode: text("validation_code"),
            skipIfSet: arguments["skip_if_set"].bool ?? false, options: options)
        let result: JSON = [
            "customer": .string(updated.customer.uuidString.lowercased()),
            "qualification": .string(updated.qualification.description),
            "evidence": .string(updated.evidence.description),
        ]
        return Canonical.success(updated.outcome, result, updated.trace)
    }

    private func getQualification() async throws -> [String: JSON] {
        let current = try await client.getQualification(customer: try customer(), options: options)
        let result: JSON = [
            "customer": .string(current.customer.uuidString.lowercased()),
            "qualification": .string(current.qualification.description),
        ]
        return Canonical.success(nil, result, current.trace)
    }

    private func createQualification() async throws -> [String: JSON] {
        let request = QualificationRequest(
            qualification: qualification,
            educationSegment: text("education_segment").map(segment),
            website: text("website"), validationCode: text("validation_code"))
        let created = try await client.createQualification(
            customer: try customer(), request: request, options: options)
        let result: JSON = [
            "customer": .string(created.customer.uuidString.lowercased()),
            "qualification": Canonical.item(created.qualification),
            "evidence": .string(created.evidence.description),
        ]
        return Canonical.success(created.outcome, result, created.trace)
    }

    private func getQualifications() async throws -> [String: JSON] {
        let current = try await client.getQualifications(customer: try customer(), options: options)
        let result: JSON = [
            "customer": .string(current.customer.uuidString.lowercased()),
            "qualifications": .array(current.qualifications.map(Canonical.item)),
        ]
        return Canonical.success(nil, result, current.trace)
    }

    private func waitForVetting() async throws -> [String: JSON] {
        let vetting = try await client.waitForVetting(
            customer: try customer(), qualification: qualification,
            deadline: arguments["deadline"].double, pollInterval: arguments["poll_interval"].double,
            listener: heard, options: options)
        let result: JSON = [
            "customer": .string(vetting.customer.uuidString.lowercased()),
            "end": .string(vetting.end.description),
            "qualification": Canonical.item(vetting.qualification),
            "polls": .number(vetting.polls),
            "progress": heard.progress,
        ]
        return Canonical.success(nil, result, vetting.trace)
    }

    private func getValidationCodes() async throws -> [String: JSON] {
        let listed = try await client.getValidationCodes(options: options)
        let result: JSON = ["codes": .array(listed.codes.map(Canonical.code))]
        return Canonical.success(nil, result, listed.trace)
    }

    private func findValidationCode() async throws -> [String: JSON] {
        let found = try await client.findValidationCode(
            organization: text("organization") ?? "", options: options)
        return Canonical.success(nil, ["code": Canonical.code(found.code)], found.trace)
    }

    private func listCustomers() async throws -> [String: JSON] {
        var page = try await client.listCustomers(
            companyName: text("company_name"), pageSize: arguments["page_size"].int.map(Int32.init),
            options: options)
        var (customers, pages) = (page.customers, 1)
        while let next = page.next {
            page = try await client.nextCustomers(next: next, options: options)
            customers += page.customers
            pages += 1
        }
        let result: JSON = ["customers": .array(customers.map(Canonical.customer)), "pages": JSON(pages)]
        return Canonical.success(nil, result, page.trace)
    }

    private func getCustomer() async throws -> [String: JSON] {
        let found = try await client.getCustomer(customer: try customer(), options: options)
        return Canonical.success(nil, ["customer": Canonical.customer(found.customer)], found.trace)
    }

    private func findCustomer() async throws -> [String: JSON] {
        let found = try await client.findCustomer(
            domain: text("domain"), companyName: text("company_name"), options: options)
        return Canonical.success(nil, ["customer": Canonical.customer(found.customer)], found.trace)
    }
}

/// The qualification of that name, or the unknown one.
func qualification(_ name: String) -> Qualification {
    let known: [Qualification] = [
        .unqualified, .education, .nonprofit, .governmentCommunityCloud, .stateOwnedEntity,
    ]
    return known.first { $0.description == name } ?? .unknown(value: name)
}

/// The segment of that name, or the unknown one.
func segment(_ name: String) -> EducationSegment {
    let known: [EducationSegment] = [.k12, .higherEducation]
    return known.first { $0.description == name } ?? .unknown(value: name)
}
