//! The state as JSON.
//!
//! `?find=TEXT` keeps the customers whose name, domain or id holds the text, whatever its case.
//! `?show=codes` adds the codes themselves, which are masked otherwise. Tokens are never there.

use crate::emulator::Shared;
use crate::emulator::api::parameter;
use crate::emulator::model::{Customer, QualificationItem, ValidationCode};
use crate::http::Request;
use serde_json::{Value, json};

/// The most customers of an answer: the page is for people.
const MOST_CUSTOMERS: usize = 100;

pub(super) fn of(shared: &Shared, request: &Request) -> Value {
    let service = &shared.service;
    let find = parameter(request, "find").unwrap_or_default();
    let shows_codes = parameter(request, "show").as_deref() == Some("codes");
    let all = service.world.customers();
    let sought = find.trim().to_lowercase();
    let found = || all.iter().filter(|one| holds(one, &sought));
    let customers: Vec<_> = found().take(MOST_CUSTOMERS).map(customer).collect();
    let codes = service.world.codes().iter();
    let codes: Vec<_> = codes.map(|one| code(one, shows_codes)).collect();
    json!({
        "url": service.url,
        "applied": service.ledger.changes(),
        "customers_in_all": all.len(),
        "customers_found": found().count(),
        "customers": customers,
        "validation_codes": codes,
        "switches": service.switches(),
        "requests": shared.log.exchanges().collect::<Vec<_>>(),
    })
}

fn holds(customer: &Customer, sought: &str) -> bool {
    let texts = [&customer.company_name, &customer.domain, &customer.id];
    sought.is_empty()
        || texts
            .iter()
            .any(|text| text.to_lowercase().contains(sought))
}

/// In the words of a seed; `qualification` is what the singular resource shows.
fn customer(customer: &Customer) -> Value {
    json!({
        "id": customer.id,
        "company_name": customer.company_name,
        "domain": customer.domain,
        "country": customer.country,
        "qualification": customer.qualification.name(),
        "qualifications": customer.qualifications.iter().map(item).collect::<Vec<_>>(),
        "education_requests": customer.education_requests,
    })
}

fn item(item: &QualificationItem) -> Value {
    let vetting = item.vetting.as_ref();
    json!({
        "qualification": item.qualification.name(),
        "vetting_status": vetting.map(|vetting| vetting.status.as_str()),
        "vetting_reason": vetting.and_then(|vetting| vetting.reason.as_deref()),
    })
}

fn code(code: &ValidationCode, is_shown: bool) -> Value {
    let mut shown = json!({
        "masked": masked(&code.validation_id),
        "organization_name": code.organization_name,
        "max_creates": code.max_creates,
        "remaining_creates": code.remaining_creates,
    });
    if let Some(members) = shown.as_object_mut().filter(|_| is_shown) {
        members.insert("validation_id".to_owned(), json!(code.validation_id));
    }
    shown
}

/// The last two characters of what is long enough to stay a secret.
fn masked(code: &str) -> String {
    let hidden = if code.len() < 6 {
        code.len()
    } else {
        code.len() - 2
    };
    format!("••••{}", code.get(hidden..).unwrap_or_default())
}
