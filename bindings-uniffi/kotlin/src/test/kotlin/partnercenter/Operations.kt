package partnercenter

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import java.time.Instant
import java.util.Collections
import java.util.UUID

/** A case's call, and what it came to as the members of a canonical line. */
suspend fun call(
    case: JsonObject,
    client: Client,
): JsonObject {
    val given = Arguments(case.getValue("arguments").jsonObject)
    return when (val operation = case.text("operation")) {
        "update_qualification" -> updateQualification(client, given)
        "get_qualification" -> getQualification(client, given)
        "create_qualification" -> createQualification(client, given)
        "get_qualifications" -> getQualifications(client, given)
        "wait_for_vetting" -> waitForVetting(client, given)
        "get_validation_codes" -> getValidationCodes(client, given)
        "find_validation_code" -> findValidationCode(client, given)
        "list_customers" -> listCustomers(client, given)
        "get_customer" -> getCustomer(client, given)
        "find_customer" -> findCustomer(client, given)
        "run" -> run(client, given.all)
        else -> error("unknown operation $operation")
    }
}

private class Arguments(
    val all: JsonObject,
) {
    val options = CallOptions(all.text("request_id"), all.text("correlation_id"))

    fun text(name: String): String? = all.text(name)

    fun customer(): UUID = customerId(requireNotNull(text("customer")))

    fun qualification(): Qualification = qualification(requireNotNull(text("qualification")))
}

private val KNOWN =
    listOf(
        Qualification.None,
        Qualification.Education,
        Qualification.Nonprofit,
        Qualification.GovernmentCommunityCloud,
        Qualification.StateOwnedEntity,
    )

/** The value of that name, or the unknown one. */
fun qualification(name: String): Qualification =
    KNOWN.find { "$it" == name } ?: Qualification.Unknown(name)

/** The segment of that name, or the unknown one. */
fun segment(name: String): EducationSegment =
    when (name) {
        "K12" -> EducationSegment.K12
        "HigherEducation" -> EducationSegment.HigherEducation
        else -> EducationSegment.Unknown(name)
    }

private suspend fun updateQualification(
    client: Client,
    given: Arguments,
): JsonObject {
    val updated =
        client.updateQualification(
            given.customer(),
            given.qualification(),
            given.text("validation_code"),
            given.all.flag("skip_if_set"),
            given.options,
        )
    val result =
        json(
            "customer" to "${updated.customer}",
            "qualification" to "${updated.qualification}",
            "evidence" to "${updated.evidence}",
        )
    return success(updated.outcome, result, updated.trace)
}

private suspend fun getQualification(
    client: Client,
    given: Arguments,
): JsonObject {
    val current = client.getQualification(given.customer(), given.options)
    val result =
        json("customer" to "${current.customer}", "qualification" to "${current.qualification}")
    return success(null, result, current.trace)
}

private suspend fun createQualification(
    client: Client,
    given: Arguments,
): JsonObject {
    val request =
        QualificationRequest(
            given.qualification(),
            given.text("education_segment")?.let(::segment),
            given.text("website"),
            given.text("validation_code"),
        )
    val created = client.createQualification(given.customer(), request, given.options)
    val result =
        json(
            "customer" to "${created.customer}",
            "qualification" to item(created.qualification),
            "evidence" to "${created.evidence}",
        )
    return success(created.outcome, result, created.trace)
}

private suspend fun getQualifications(
    client: Client,
    given: Arguments,
): JsonObject {
    val current = client.getQualifications(given.customer(), given.options)
    val items = current.qualifications.map(::item)
    val result = json("customer" to "${current.customer}", "qualifications" to items)
    return success(null, result, current.trace)
}

private suspend fun waitForVetting(
    client: Client,
    given: Arguments,
): JsonObject {
    val progress = Collections.synchronizedList(mutableListOf<String?>())
    val listener =
        object : VettingListener {
            override fun onProgress(qualification: CustomerQualification) {
                progress += qualification.vettingStatus?.toString()
            }
        }
    val vetting =
        client.waitForVetting(
            given.customer(),
            given.qualification(),
            given.all.seconds("deadline"),
            given.all.seconds("poll_interval"),
            listener,
            given.options,
        )
    val result =
        json(
            "customer" to "${vetting.customer}",
            "end" to "${vetting.end}",
            "qualification" to item(vetting.qualification),
            "polls" to vetting.polls,
            "progress" to progress,
        )
    return success(null, result, vetting.trace)
}

private suspend fun getValidationCodes(
    client: Client,
    given: Arguments,
): JsonObject {
    val listed = client.getValidationCodes(given.options)
    return success(null, json("codes" to listed.codes.map(::code)), listed.trace)
}

private suspend fun findValidationCode(
    client: Client,
    given: Arguments,
): JsonObject {
    val organization = requireNotNull(given.text("organization"))
    val found = client.findValidationCode(organization, given.options)
    return success(null, json("code" to code(found.code)), found.trace)
}

private suspend fun listCustomers(
    client: Client,
    given: Arguments,
): JsonObject {
    val size = given.all.number("page_size")?.toInt()
    var page = client.listCustomers(given.text("company_name"), size, given.options)
    val customers = page.customers.toMutableList()
    var pages = 1
    while (true) {
        page = client.nextCustomers(page.next ?: break, given.options)
        customers += page.customers
        pages += 1
    }
    val result = json("customers" to customers.map(::customer), "pages" to pages)
    return success(null, result, page.trace)
}

private suspend fun getCustomer(
    client: Client,
    given: Arguments,
): JsonObject {
    val found = client.getCustomer(given.customer(), given.options)
    return success(null, json("customer" to customer(found.customer)), found.trace)
}

private suspend fun findCustomer(
    client: Client,
    given: Arguments,
): JsonObject {
    val (domain, name) = given.text("domain") to given.text("company_name")
    val found = client.findCustomer(domain, name, given.options)
    return success(null, json("customer" to customer(found.customer)), found.trace)
}

private fun item(item: CustomerQualification): JsonObject =
    json(
        "qualification" to "${item.qualification}",
        "vetting_status" to item.vettingStatus?.toString(),
        "vetting_reason" to item.vettingReason?.toString(),
        "vetting_created_ms" to item.vettingCreated?.let(Instant::toEpochMilli),
        "vetting_created_text" to item.vettingCreatedText,
    )

private fun customer(customer: Customer): JsonObject =
    json(
        "id" to "${customer.id}",
        "company_name" to customer.companyName,
        "domain" to customer.domain,
        "relationship_to_partner" to customer.relationshipToPartner,
        "commerce_id" to customer.commerceId,
        "allow_delegated_access" to customer.allowDelegatedAccess,
        "custom_domains" to customer.customDomains,
        "associated_partner_id" to customer.associatedPartnerId,
        "organization_registration_number" to customer.organizationRegistrationNumber,
        "email" to customer.email,
    )

private fun code(code: ValidationCode): JsonObject =
    json(
        "value" to code.value.reveal(),
        "organization" to code.organization,
        "max_creates" to code.maxCreates,
        "remaining_creates" to code.remainingCreates,
        "partner_id" to code.partnerId,
        "etag" to code.etag,
    )

private fun success(
    outcome: Outcome?,
    result: JsonObject,
    trace: Trace,
): JsonObject =
    json(
        "outcome" to outcome?.toString(),
        "result" to result,
        "error" to null,
        "request_id" to trace.requestId,
        "correlation_id" to trace.correlationId,
        "ms_cv" to trace.msCv,
        "mfa_compliant" to trace.mfaCompliant,
        "attempts" to trace.attempts.map(::attempt),
    )

private fun attempt(attempt: Attempt): JsonObject =
    json(
        "method" to "${attempt.method}",
        "class" to "${attempt.`class`}",
        "status" to attempt.status,
        "request_id" to attempt.requestId,
        "correlation_id" to attempt.correlationId,
    )

/** What an error is in a canonical line. */
fun failure(error: PartnerCenterException): JsonObject =
    json(
        "outcome" to "${error.outcome}",
        "result" to null,
        "error" to
            json(
                "kind" to "${error.kind}",
                "reason" to error.reason?.toString(),
                "status" to error.status,
                "code" to error.code,
                "description" to error.serviceDescription,
                "retryable" to error.retryable,
                "retry_after_ms" to error.retryAfter?.toMillis(),
                "body" to error.body,
                "meaning" to error.meaning,
                "next_step" to error.nextStep,
                "text" to error.message,
            ),
        "request_id" to error.requestId,
        "correlation_id" to error.correlationId,
        "ms_cv" to error.msCv,
        "mfa_compliant" to error.mfaCompliant,
        "attempts" to error.attempts.map(::attempt),
    )
