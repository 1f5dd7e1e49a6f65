//! What is asked of the emulator itself: below `/emulator/`, which the service cannot have, and the
//! page at `/`.
//!
//! | call | body | answer |
//! |---|---|---|
//! | `GET /emulator/state` | | customers, codes, switches, the last requests; see [`state`] |
//! | `GET /emulator/behaviours` | | what is known of each behaviour, and of each switch |
//! | `PUT /emulator/switches` | `{NAME: VALUE, ...}`; those left out are as usual | all switches as they are now |
//! | `PATCH /emulator/switches` | the same; those left out stay | all switches as they are now |
//! | `POST /emulator/decide` | `{"customer": ID, "status": "Approved"}`, or `"Denied"` and a `"reason"`, which may be left out | `{}` |
//! | `POST /emulator/expire-token` | `{}` | `{"token": TEXT}`, the one that is accepted from now on |
//! | `POST /emulator/reset` | `{}` | `{}` |
//!
//! What cannot be done is answered with `{"error": TEXT}`. A page of another site can neither read
//! nor change anything here: see [`guard`].

use super::Shared;
use super::behaviours::BEHAVIOURS;
use super::model::Decision;
use super::sign_in::Caller;
use super::switches::{SWITCHES, Switches};
use crate::http::{Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

mod guard;
mod page;
mod state;

/// What has become of it; or a status, and why nothing has.
type Answer = Result<Value, (u16, String)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    customer: String,
    status: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The answer, if it is the emulator itself that is asked.
pub(super) fn answer(shared: &mut Shared, request: &Request) -> Option<Response> {
    let call = request.path.strip_prefix("/emulator/");
    let is_page = request.path == "/" && request.method == "GET";
    if call.is_none() && !is_page {
        return None;
    }
    let checked = guard::check(request, &shared.service.url);
    let answer = match (checked, call) {
        (Err(refused), _) => Err(refused),
        (Ok(()), None) => return Some(page::answer("")),
        (Ok(()), Some(call)) => match page::file(call).filter(|_| request.method == "GET") {
            Some(file) => return Some(page::answer(file)),
            None => obey(shared, call, request),
        },
    };
    Some(match answer {
        Ok(value) => page::response(200, page::JSON, value.to_string().into_bytes()),
        Err((status, text)) => {
            let error = json!({ "error": text });
            page::response(status, page::JSON, error.to_string().into_bytes())
        }
    })
}

fn obey(shared: &mut Shared, call: &str, request: &Request) -> Answer {
    let service = &mut shared.service;
    service.catch_up();
    match (request.method.as_str(), call) {
        ("GET", "state") => Ok(state::of(shared, request)),
        ("GET", "behaviours") => Ok(json!({
            "areas": BEHAVIOURS,
            "switches": SWITCHES,
            "usual": Switches::default(),
        })),
        ("PUT", "switches") => switch(shared, json!({}), request),
        ("PATCH", "switches") => {
            let now = json!(service.switches());
            switch(shared, now, request)
        }
        ("POST", "decide") => decide(shared, request),
        ("POST", "expire-token") => {
            let Nothing {} = body(request)?;
            service.sign_in.expire();
            Ok(json!({"token": service.sign_in.token(Caller::User)}))
        }
        ("POST", "reset") => {
            let Nothing {} = body(request)?;
            shared.reset();
            Ok(json!({}))
        }
        (_, "state" | "behaviours" | "switches" | "decide" | "expire-token" | "reset") => {
            Err((405, format!("{} is not for {call}", request.method)))
        }
        _ => Err((404, "there is no such call".to_owned())),
    }
}

fn switch(shared: &mut Shared, mut switches: Value, request: &Request) -> Answer {
    let given: serde_json::Map<String, Value> = body(request)?;
    if let Some(switches) = switches.as_object_mut() {
        switches.extend(given);
    }
    let switches = Switches::from_json(&switches.to_string()).map_err(|error| (400, error))?;
    let now = json!(switches);
    shared.service.set_switches(switches);
    Ok(now)
}

fn decide(shared: &mut Shared, request: &Request) -> Answer {
    let asked: Decide = body(request)?;
    let is_approved = match asked.status.as_str() {
        "Approved" => true,
        "Denied" => false,
        _ => return Err((400, "status must be Approved or Denied".to_owned())),
    };
    let decision = Decision::of(is_approved, asked.reason).map_err(|error| (400, error))?;
    let id = Uuid::try_parse(&asked.customer);
    if id.is_ok_and(|id| shared.service.decide(id, decision)) {
        Ok(json!({}))
    } else {
        let text = format!("nothing of the customer {} is in review", asked.customer);
        Err((404, text))
    }
}

fn body<T: DeserializeOwned>(request: &Request) -> Result<T, (u16, String)> {
    serde_json::from_slice(&request.body).map_err(|error| (400, format!("the body: {error}")))
}
