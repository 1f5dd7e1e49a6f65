//! `/v1/customers/{id}/qualifications`: all of them, with their vetting.

use crate::emulator::answer::{Answer, bad_input, empty, extended_fault, success};
use crate::emulator::model::{Customer, Qualification, QualificationItem};
use crate::emulator::rules::{Refusal, Through, Write};
use crate::emulator::switches::PostAnswer;
use crate::http::Request;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    qualification: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vetting_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vetting_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vetting_create_date: Option<&'a str>,
}

impl<'a> From<&'a QualificationItem> for Item<'a> {
    fn from(item: &'a QualificationItem) -> Self {
        let vetting = item.vetting.as_ref();
        Self {
            qualification: item.qualification.name(),
            vetting_status: vetting.map(|vetting| vetting.status.as_str()),
            vetting_reason: vetting.and_then(|vetting| vetting.reason.as_deref()),
            vetting_create_date: vetting.and_then(|vetting| vetting.created.as_deref()),
        }
    }
}

fn items(customer: &Customer) -> Vec<Item<'_>> {
    customer.qualifications.iter().map(Item::from).collect()
}

pub(super) fn get(customer: &Customer) -> Answer {
    success(200, &items(customer))
}

/// What a `POST` asks for.
pub(super) fn asked(customer: Uuid, request: &Request) -> Result<Write, Answer> {
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(&request.body) else {
        return Err(bad_input("The request body is not a JSON object."));
    };
    let asked = text(&body, "qualification")?
        .and_then(Qualification::from_text)
        .ok_or(Refusal::NotSettable)?;
    if asked == Qualification::Education {
        check_education(&body)?;
    }
    Ok(Write {
        customer,
        asked,
        code: text(&body, "validationCode")?.map(str::to_owned),
        through: Through::Plural,
    })
}

/// The answer once the customer is as asked.
pub(super) fn answer(customer: &Customer, asked: Qualification, form: PostAnswer) -> Answer {
    let item = customer.item(asked).map(Item::from);
    match form {
        PostAnswer::Created => success(201, &item),
        PostAnswer::Ok => success(200, &item),
        PostAnswer::Array => success(201, &items(customer)),
        PostAnswer::Wrapped => success(200, &json!({"qualifications": items(customer)})),
        PostAnswer::Empty => empty(201),
    }
}

fn check_education(body: &Map<String, Value>) -> Result<(), Answer> {
    text(body, "website")?;
    match text(body, "educationSegment")? {
        None | Some("") => Err(extended_fault(
            600_905,
            "EducationSegmentMissing",
            "An education segment is required for this qualification.",
        )),
        Some(segment)
            if !["K12", "HigherEducation"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(segment)) =>
        {
            Err(extended_fault(
                600_906,
                "EducationSegmentNotSupported",
                "The education segment is not known.",
            ))
        }
        Some(_) => Ok(()),
    }
}

/// A member of the body; its name is matched without regard to case.
fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Answer> {
    let found = body
        .iter()
        .find(|(have, _)| have.eq_ignore_ascii_case(name));
    match found.map(|(_, value)| value) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(bad_input("A member of the request body is not a text.")),
    }
}
