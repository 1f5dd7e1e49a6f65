//! `/v1/customers/{id}/qualification`: one value, set at once.

use super::parameter;
use crate::emulator::answer::{Answer, bad_input, success};
use crate::emulator::model::Qualification;
use crate::emulator::state::{Refusal, World};
use crate::http::Request;
use serde_json::Value;
use std::time::SystemTime;
use uuid::Uuid;

pub(super) fn get(world: &World, id: Uuid) -> Result<Answer, Answer> {
    let customer = world.customer(id)?;
    Ok(success(200, &customer.qualification.as_str()))
}

pub(super) fn put(
    world: &mut World,
    id: Uuid,
    request: &Request,
    now: SystemTime,
) -> Result<Answer, Answer> {
    world.customer(id)?;
    let asked = match serde_json::from_slice::<Value>(&request.body) {
        Err(_) => return Err(bad_input("The request body is not valid JSON.")),
        Ok(Value::Number(number)) => number.as_u64().and_then(Qualification::from_number),
        Ok(Value::String(text)) => Qualification::from_text(&text),
        Ok(_) => None,
    };
    let code = parameter(request, "code");
    let set = world.set(id, asked.ok_or(Refusal::NotSettable)?, code.as_deref(), now)?;
    Ok(success(200, &set.as_str()))
}
