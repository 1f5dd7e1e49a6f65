//! The endpoints: from a request to an answer.

use super::answer::{Answer, bare, extended_fault, fault};
use super::sign_in::{Caller, SignIn, Unauthorized};
use super::state::{Refusal, World};
use crate::form;
use crate::http::Request;
use std::time::SystemTime;
use uuid::Uuid;

mod authority;
mod customers;
mod qualification;
mod qualifications;
mod validations;

/// What the endpoints are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resource<'a> {
    Customers,
    Customer(&'a str),
    Qualification(&'a str),
    Qualifications(&'a str),
    Validations,
}

/// Answers one request. The token is checked before anything else is looked at, except by the
/// authority that gives it out.
pub(super) fn answer(
    world: &mut World,
    sign_in: &mut SignIn,
    url: &str,
    request: &Request,
) -> Answer {
    if let Some(answer) = authority::answer(world, sign_in, url, request) {
        return answer;
    }
    let caller = match sign_in.caller(&request.values("authorization")) {
        Ok(caller) => caller,
        Err(why) => return unauthorized(why),
    };
    let answer = route(world, caller, request);
    let asks_for_mfa = request
        .header("ValidateMfa")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if asks_for_mfa {
        answer.with("isMfaCompliant", "true")
    } else {
        answer
    }
}

fn unauthorized(why: Unauthorized) -> Answer {
    let (description, challenge) = match why {
        Unauthorized::Missing => ("The partner token is missing.", "Bearer"),
        Unauthorized::Wrong => (
            "The partner token is not valid.",
            "Bearer error=\"invalid_token\"",
        ),
    };
    fault(401, 800_001, description).with("WWW-Authenticate", challenge)
}

fn route(world: &mut World, caller: Caller, request: &Request) -> Answer {
    let Some(resource) = Resource::of(&request.path) else {
        return not_found();
    };
    let (reads, allowed) = match (request.method.as_str(), resource) {
        ("GET", _) => (true, ""),
        ("PUT", Resource::Qualification(_)) | ("POST", Resource::Qualifications(_)) => (false, ""),
        (_, Resource::Qualification(_)) => (false, "GET, PUT"),
        (_, Resource::Qualifications(_)) => (false, "GET, POST"),
        _ => (false, "GET"),
    };
    if !allowed.is_empty() {
        return fault(405, 900_141, "The operation is not supported.").with("Allow", allowed);
    }
    if !reads && caller == Caller::Application {
        return fault(
            403,
            900_329,
            "The resource does not support application-only authentication.",
        );
    }
    let answer = match resource {
        Resource::Customers => Ok(customers::list(world, request)),
        Resource::Validations => Ok(validations::list(world)),
        Resource::Customer(id) => guid(id).and_then(|id| customers::get(world, id)),
        Resource::Qualification(id) => guid(id).and_then(|id| match reads {
            true => qualification::get(world, id),
            false => qualification::put(world, id, request, SystemTime::now()),
        }),
        Resource::Qualifications(id) => guid(id).and_then(|id| match reads {
            true => qualifications::get(world, id),
            false => qualifications::post(world, id, request, SystemTime::now()),
        }),
    };
    answer.unwrap_or_else(|refused| refused)
}

impl<'a> Resource<'a> {
    fn of(path: &'a str) -> Option<Self> {
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
fn parameter(request: &Request, name: &str) -> Option<String> {
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
