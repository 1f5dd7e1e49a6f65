//! `/v1/customers/{id}/qualification`: one value, set at once.

use super::parameter;
use crate::emulator::answer::{Answer, bad_input, empty, success};
use crate::emulator::model::{Customer, Qualification};
use crate::emulator::rules::{Refusal, Through, Write};
use crate::emulator::switches::PutAnswer;
use crate::http::Request;
use serde_json::Value;
use uuid::Uuid;

pub(super) fn get(customer: &Customer) -> Answer {
    success(200, &customer.qualification.as_str())
}

/// What a `PUT` asks for.
pub(super) fn asked(customer: Uuid, request: &Request) -> Result<Write, Answer> {
    let asked = match serde_json::from_slice::<Value>(&request.body) {
        Err(_) => return Err(bad_input("The request body is not valid JSON.")),
        Ok(Value::Number(number)) => number.as_u64().and_then(Qualification::from_number),
        Ok(Value::String(text)) => Qualification::from_text(&text),
        Ok(_) => None,
    };
    Ok(Write {
        customer,
        asked: asked.ok_or(Refusal::NotSettable)?,
        code: parameter(request, "code"),
        through: Through::Singular,
    })
}

pub(super) fn answer(set: Qualification, form: PutAnswer) -> Answer {
    match form {
        PutAnswer::Value => success(200, &set.as_str()),
        PutAnswer::Empty => empty(200),
        PutAnswer::NoContent => empty(204),
    }
}
