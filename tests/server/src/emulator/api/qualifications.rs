//! `/v1/customers/{id}/qualifications`: all of them, with their vetting.

use crate::emulator::answer::{Answer, bad_input, extended_fault, success};
use crate::emulator::model::{Qualification, QualificationItem};
use crate::emulator::state::{Refusal, World};
use crate::http::Request;
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::SystemTime;
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

pub(super) fn get(world: &World, id: Uuid) -> Result<Answer, Answer> {
    let customer = world.customer(id)?;
    let items: Vec<Item<'_>> = customer.qualifications.iter().map(Item::from).collect();
    Ok(success(200, &items))
}

pub(super) fn post(
    world: &mut World,
    id: Uuid,
    request: &Request,
    now: SystemTime,
) -> Result<Answer, Answer> {
    world.customer(id)?;
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(&request.body) else {
        return Err(bad_input("The request body is not a JSON object."));
    };
    let asked = text(&body, "qualification")?
        .and_then(Qualification::from_text)
        .ok_or(Refusal::NotSettable)?;
    if asked == Qualification::Education {
        check_education(&body)?;
    }
    let code = text(&body, "validationCode")?;
    let item = world.request(id, asked, code, now)?;
    Ok(success(201, &Item::from(item)))
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
