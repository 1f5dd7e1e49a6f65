//! A case's call, and what it came to as the members of a canonical line.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use libtest_mimic::Failed;
use partner_center::{
    Attempt, CallOptions, Client, Customer, CustomerQualification, Error, Outcome, Qualification,
    QualificationRequest, Trace, ValidationCode, WaitOptions,
};
use serde_json::{Value, json};

use crate::bulk;

pub type Ended = Result<Value, Error>;

pub fn call(case: &Value, client: &Client) -> Result<Value, Failed> {
    let arguments = Arguments(&case["arguments"]);
    let ended = match case["operation"].as_str().unwrap() {
        "update_qualification" => update_qualification(client, &arguments),
        "get_qualification" => get_qualification(client, &arguments),
        "create_qualification" => create_qualification(client, &arguments),
        "get_qualifications" => get_qualifications(client, &arguments),
        "wait_for_vetting" => wait_for_vetting(client, &arguments),
        "get_validation_codes" => get_validation_codes(client, &arguments),
        "find_validation_code" => find_validation_code(client, &arguments),
        "list_customers" => list_customers(client, &arguments),
        "get_customer" => get_customer(client, &arguments),
        "find_customer" => find_customer(client, &arguments),
        "run" => bulk::run(client, &case["arguments"]),
        other => return Err(format!("unknown operation {other}").into()),
    };
    Ok(ended.unwrap_or_else(|error| failure(&error)))
}

struct Arguments<'a>(&'a Value);

impl Arguments<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        self.0[name].as_f64().map(Duration::from_secs_f64)
    }

    fn customer(&self) -> &str {
        self.text("customer").unwrap()
    }

    fn qualification(&self) -> Qualification {
        self.text("qualification").unwrap().into()
    }

    fn call(&self) -> CallOptions {
        let mut options = CallOptions::default();
        options.request_id = self.text("request_id").map(str::to_owned);
        options.correlation_id = self.text("correlation_id").map(str::to_owned);
        options.skip_if_set = self.0["skip_if_set"] == true;
        options
    }
}

fn update_qualification(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let updated = client
        .update_qualification(
            arguments.customer(),
            &arguments.qualification(),
            arguments.text("validation_code"),
            &arguments.call(),
        )
        .wait()?;
    let result = json!({
        "customer": updated.customer,
        "qualification": updated.qualification.as_str(),
        "evidence": updated.evidence.as_str(),
    });
    Ok(success(Some(updated.outcome), result, &updated.trace))
}

fn get_qualification(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let current = client
        .get_qualification(arguments.customer(), &arguments.call())
        .wait()?;
    let result = json!({
        "customer": current.customer,
        "qualification": current.qualification.as_str(),
    });
    Ok(success(None, result, &current.trace))
}

fn create_qualification(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let mut request = QualificationRequest::new(arguments.qualification());
    if let Some(segment) = arguments.text("education_segment") {
        request = request.education_segment(segment);
    }
    if let Some(website) = arguments.text("website") {
        request = request.website(website);
    }
    if let Some(code) = arguments.text("validation_code") {
        request = request.validation_code(code);
    }
    let created = client
        .create_qualification(arguments.customer(), &request, &arguments.call())
        .wait()?;
    let result = json!({
        "customer": created.customer,
        "qualification": item(&created.qualification),
        "evidence": created.evidence.as_str(),
    });
    Ok(success(Some(created.outcome), result, &created.trace))
}

fn get_qualifications(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let current = client
        .get_qualifications(arguments.customer(), &arguments.call())
        .wait()?;
    let items: Vec<Value> = current.qualifications.iter().map(item).collect();
    let result = json!({"customer": current.customer, "qualifications": items});
    Ok(success(None, result, &current.trace))
}

fn wait_for_vetting(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let progress: Arc<Mutex<Vec<Value>>> = Arc::default();
    let heard = Arc::clone(&progress);
    let mut wait = WaitOptions::default();
    wait.deadline = arguments.seconds("deadline").unwrap_or(wait.deadline);
    wait.poll_interval = arguments
        .seconds("poll_interval")
        .unwrap_or(wait.poll_interval);
    wait.on_progress = Some(Arc::new(move |seen: &CustomerQualification| {
        let status = json!(seen.vetting_status.as_ref().map(|status| status.as_str()));
        heard.lock().unwrap().push(status);
    }));
    let vetting = client
        .wait_for_vetting(
            arguments.customer(),
            &arguments.qualification(),
            &wait,
            &arguments.call(),
        )
        .wait()?;
    let result = json!({
        "customer": vetting.customer,
        "end": vetting.end.as_str(),
        "qualification": item(&vetting.qualification),
        "polls": vetting.polls,
        "progress": *progress.lock().unwrap(),
    });
    Ok(success(None, result, &vetting.trace))
}

fn get_validation_codes(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let listed = client.get_validation_codes(&arguments.call()).wait()?;
    let codes: Vec<Value> = listed.codes.iter().map(code).collect();
    Ok(success(None, json!({"codes": codes}), &listed.trace))
}

fn find_validation_code(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let found = client
        .find_validation_code(arguments.text("organization").unwrap(), &arguments.call())
        .wait()?;
    Ok(success(
        None,
        json!({"code": code(&found.code)}),
        &found.trace,
    ))
}

fn list_customers(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let size = arguments.0["page_size"].as_u64().map(|size| size as u32);
    let options = arguments.call();
    let mut page = client
        .list_customers(arguments.text("company_name"), size, &options)
        .wait()?;
    let mut customers: Vec<Value> = page.customers.iter().map(customer).collect();
    let mut pages = 1;
    while let Some(next) = &page.next {
        page = client.next_customers(next, &options).wait()?;
        customers.extend(page.customers.iter().map(customer));
        pages += 1;
    }
    let result = json!({"customers": customers, "pages": pages});
    Ok(success(None, result, &page.trace))
}

fn get_customer(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let found = client
        .get_customer(arguments.customer(), &arguments.call())
        .wait()?;
    let result = json!({"customer": customer(&found.customer)});
    Ok(success(None, result, &found.trace))
}

fn find_customer(client: &Client, arguments: &Arguments<'_>) -> Ended {
    let (domain, name) = (arguments.text("domain"), arguments.text("company_name"));
    let found = client
        .find_customer(domain, name, &arguments.call())
        .wait()?;
    let result = json!({"customer": customer(&found.customer)});
    Ok(success(None, result, &found.trace))
}

fn item(item: &CustomerQualification) -> Value {
    json!({
        "qualification": item.qualification.as_str(),
        "vetting_status": item.vetting_status.as_ref().map(|status| status.as_str()),
        "vetting_reason": item.vetting_reason.as_ref().map(|reason| reason.as_str()),
        "vetting_created_ms": item.vetting_created.map(milliseconds),
        "vetting_created_text": item.vetting_created_text,
    })
}

fn milliseconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

fn customer(customer: &Customer) -> Value {
    json!({
        "id": customer.id,
        "company_name": customer.company_name,
        "domain": customer.domain,
        "relationship_to_partner": customer.relationship_to_partner,
        "commerce_id": customer.commerce_id,
        "allow_delegated_access": customer.allow_delegated_access,
        "custom_domains": customer.custom_domains,
        "associated_partner_id": customer.associated_partner_id,
        "organization_registration_number": customer.organization_registration_number,
        "email": customer.email,
    })
}

fn code(code: &ValidationCode) -> Value {
    json!({
        "value": code.value(),
        "organization": code.organization,
        "max_creates": code.max_creates,
        "remaining_creates": code.remaining_creates,
        "partner_id": code.partner_id,
        "etag": code.etag,
    })
}

fn success(outcome: Option<Outcome>, result: Value, trace: &Trace) -> Value {
    json!({
        "outcome": outcome.map(Outcome::as_str),
        "result": result,
        "error": null,
        "request_id": trace.request_id,
        "correlation_id": trace.correlation_id,
        "ms_cv": trace.ms_cv,
        "mfa_compliant": trace.mfa_compliant,
        "attempts": attempts(&trace.attempts),
    })
}

fn attempts(attempts: &[Attempt]) -> Value {
    attempts
        .iter()
        .map(|attempt| {
            json!({
                "method": attempt.method.as_str(),
                "class": attempt.class.as_str(),
                "status": attempt.status,
                "request_id": attempt.request_id,
                "correlation_id": attempt.correlation_id,
            })
        })
        .collect()
}

pub fn failure(error: &Error) -> Value {
    json!({
        "outcome": error.outcome().as_str(),
        "result": null,
        "error": {
            "kind": error.kind().as_str(),
            "reason": error.reason().map(|reason| reason.as_str()),
            "status": error.status(),
            "code": error.code(),
            "description": error.description(),
            "retryable": error.retryable(),
            "retry_after_ms": error.retry_after().map(|wait| wait.as_millis() as u64),
            "body": error.body(),
            "meaning": error.meaning(),
            "next_step": error.next_step(),
            "text": error.to_string(),
        },
        "request_id": error.request_id(),
        "correlation_id": error.correlation_id(),
        "ms_cv": error.ms_cv(),
        "mfa_compliant": error.mfa_compliant(),
        "attempts": attempts(error.attempts()),
    })
}
