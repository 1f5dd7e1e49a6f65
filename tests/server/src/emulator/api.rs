//! The endpoints: from a request to an answer.

use super::answer::{Answer, bare, extended_fault, fault};
use super::ledger::Ledger;
use super::rules::{Refusal, Through, Write};
use super::sign_in::Caller;
use super::state::{Effect, Moment, World};
use super::switches::Switches;
use crate::form;
use crate::http::Request;
use std::time::Duration;
use uuid::Uuid;

mod audit;
pub(super) mod authority;
mod customers;
mod envelope;
mod qualification;
mod qualifications;
mod validations;

/// What the endpoints are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource<'a> {
    AuditRecords,
    Customers,
    Customer(&'a str),
    Qualification(&'a str),
    Qualifications(&'a str),
    Validations,
}

/// What a request wants of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call<'a> {
    Read(Resource<'a>),
    Write(Resource<'a>),
}

/// What reads see.
pub(super) struct View<'a> {
    pub(super) world: &'a World,
    pub(super) ledger: &'a Ledger,
    pub(super) now: Moment,
    /// What happened after this moment since the start is not to be seen yet; `None` is before the
    /// start.
    pub(super) as_of: Option<Duration>,
}

impl<'a> Call<'a> {
    /// What a request wants; else the refusal.
    pub(super) fn of(request: &'a Request) -> Result<Self, Answer> {
        let resource = Resource::of(&request.path).ok_or_else(not_found)?;
        let allowed = match (request.method.as_str(), resource) {
            ("GET", _) => return Ok(Self::Read(resource)),
            ("PUT", Resource::Qualification(_)) | ("POST", Resource::Qualifications(_)) => {
                return Ok(Self::Write(resource));
            }
            (_, Resource::Qualification(_)) => "GET, PUT",
            (_, Resource::Qualifications(_)) => "GET, POST",
            _ => "GET",
        };
        Err(fault(405, 900_141, "The operation is not supported.").with("Allow", allowed))
    }

    /// Whether this caller may do that.
    pub(super) fn check(self, caller: Caller) -> Result<(), Answer> {
        match (self, caller) {
            (Self::Write(_), Caller::Application) => Err(fault(
                403,
                900_329,
                "The resource does not support application-only authentication.",
            )),
            _ => Ok(()),
        }
    }
}

pub(super) fn read(
    view: &View<'_>,
    resource: Resource<'_>,
    request: &Request,
) -> Result<Answer, Answer> {
    let customer = |id: &str| Ok::<_, Answer>(view.world.customer_as_of(guid(id)?, view.as_of)?);
    match resource {
        Resource::AuditRecords => audit::list(view, request),
        Resource::Customers => customers::list(view.world, request),
        Resource::Validations => Ok(validations::list(view.world.codes_as_of(view.as_of))),
        Resource::Customer(id) => customers::get(view.world, guid(id)?),
        Resource::Qualification(id) => customer(id).map(qualification::get),
        Resource::Qualifications(id) => customer(id).map(qualifications::get),
    }
}

/// What a write asks for.
pub(super) fn asked(
    world: &World,
    resource: Resource<'_>,
    request: &Request,
) -> Result<Write, Answer> {
    match resource {
        Resource::Qualification(id) => {
            let customer = guid(id)?;
            world.customer(customer)?;
            qualification::asked(customer, request)
        }
        Resource::Qualifications(id) => {
            let customer = guid(id)?;
            world.customer(customer)?;
            qualifications::asked(customer, request)
        }
        _ => Err(not_found()),
    }
}

/// The answer to a write that has this effect.
pub(super) fn done(write: &Write, effect: &Effect, switches: &Switches) -> Answer {
    match write.through {
        Through::Singular => qualification::answer(write.asked, switches.put_answer),
        Through::Plural => {
            qualifications::answer(&effect.customer, write.asked, switches.post_answer)
        }
    }
}

impl<'a> Resource<'a> {
    fn of(path: &'a str) -> Option<Self> {
        if path == "/v1/auditrecords" {
            return Some(Self::AuditRecords);
        }
        let parts: Vec<&str> = path.strip_prefix("/v1/customers")?.split('/').collect();
        match parts.as_slice() {
            [""] => Some(Self::Customers),
            ["", ""] | ["", "", ..] => None,
            ["", "all", "validations"] => Some(Self::Validations),
            ["", id] => Some(Self::Customer(id)),
            ["", id, "qualification"] => Some(Self::Qualification(id)),
            ["", id, "qualifications"] => Some(Self::Qualifications(id)),
            _ => None,
        }
    }
}

/// With hyphens only; what else parses as a GUID is not seen in the service's paths.
fn guid(text: &str) -> Result<Uuid, Answer> {
    let parsed = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
    parsed.ok_or_else(|| fault(400, 900_118, "The customer id is not valid."))
}

fn not_found() -> Answer {
    fault(404, 1000, "The resource was not found.")
}

/// The code itself is never repeated: it is worth as much as a password.
impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Stranger => fault(403, 20_002, "No relationship between caller and account."),
            Refusal::NotSettable => fault(400, 900_126, "The qualification could not be parsed."),
            Refusal::Denied => bare("Customer tagging denied."),
            Refusal::CodeMissing => extended_fault(
                600_901,
                "ValidationCodeMissing",
                "A validation code is required for this qualification.",
            ),
            Refusal::CodeUnknown => extended_fault(
                600_902,
                "ValidationCodeNotFound",
                "The validation code was not found.",
            ),
            Refusal::CodeSpent => extended_fault(
                600_903,
                "ValidationCodeExhausted",
                "The validation code has no remaining uses.",
            ),
            Refusal::TooManyRequests => extended_fault(
                600_904,
                "VerificationLimitReached",
                "Verification was requested three times for this customer already.",
            ),
        }
    }
}

/// The first query parameter of this name, decoded once. A value that cannot be decoded stays as
/// it is.
pub(super) fn parameter(request: &Request, name: &str) -> Option<String> {
    request
        .query
        .as_deref()?
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .map(|value| form::percent_decode(value).unwrap_or_else(|| value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_among_others() {
        let value = |query: Option<&str>| {
            let request = Request {
                method: String::new(),
                path: String::new(),
                query: query.map(str::to_owned),
                headers: Vec::new(),
                body: Vec::new(),
                keep_alive: false,
            };
            parameter(&request, "code")
        };
        assert_eq!(value(Some("a=1&code=2&code=3")).as_deref(), Some("2"));
        assert_eq!(value(Some("code=a+b%2B")).as_deref(), Some("a+b+"));
        assert_eq!(value(Some("code=%FF")).as_deref(), Some("%FF"));
        assert_eq!(value(Some("codes=1&validationcode=2&code")), None);
        assert_eq!(value(Some("")), None);
        assert_eq!(value(None), None);
    }

    #[test]
    fn only_the_exact_paths_are_resources() {
        let known = [
            ("/v1/auditrecords", Resource::AuditRecords),
            ("/v1/customers", Resource::Customers),
            ("/v1/customers/all/validations", Resource::Validations),
            ("/v1/customers/all", Resource::Customer("all")),
            (
                "/v1/customers/x/qualification",
                Resource::Qualification("x"),
            ),
            (
                "/v1/customers/x/qualifications",
                Resource::Qualifications("x"),
            ),
        ];
        for (path, resource) in known {
            assert_eq!(Resource::of(path), Some(resource), "{path}");
        }
        for path in [
            "/",
            "/v1/auditrecords/",
            "/v1/customers/",
            "/v1/customersx",
            "/v1/customers//qualification",
            "/v1/customers/x/",
            "/v1/customers/x/y/qualification",
            "/v1/customers/x/qualification/",
            "/v1/customers/x/validations",
            "/v1/Customers/x/qualification",
            "/customers/x/qualification",
        ] {
            assert_eq!(Resource::of(path), None, "{path}");
        }
    }
}
