//! The sign-in authority: tokens, and what a client looks up before it asks for one.

use super::parameter;
use crate::emulator::answer::{Answer, sign_in as answer_with};
use crate::emulator::clock;
use crate::emulator::seed::{CLIENT_ID, PARTNER_DOMAIN, PARTNER_TENANT};
use crate::emulator::sign_in::{Caller, SignIn};
use crate::emulator::state::World;
use crate::form;
use crate::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use std::time::SystemTime;
use uuid::Uuid;

const LIFETIME: u32 = 3599;
/// The id of the one user.
const USER: &str = "bbbbbbbb-0000-4000-8000-bbbbbbbbbbbb";

/// What the authority has to offer; a tenant is an id or a domain.
#[derive(Debug, PartialEq, Eq)]
enum Resource<'a> {
    Token(&'a str),
    Configuration(&'a str),
    Discovery,
}

impl<'a> Resource<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match parts.as_slice() {
            [tenant, "oauth2", "v2.0", "token"] => Some(Self::Token(tenant)),
            [tenant, "v2.0", ".well-known", "openid-configuration"] => {
                Some(Self::Configuration(tenant))
            }
            ["common", "discovery", "instance"] => Some(Self::Discovery),
            _ => None,
        }
    }
}

/// An answer, if the path is one of the authority's.
pub(in crate::emulator) fn answer(
    world: &World,
    sign_in: &mut SignIn,
    url: &str,
    request: &Request,
) -> Option<Answer> {
    let resource = Resource::of(&request.path)?;
    let allowed = match resource {
        Resource::Token(_) => "POST",
        Resource::Configuration(_) | Resource::Discovery => "GET",
    };
    if request.method != allowed {
        let text = format!("The endpoint only accepts {allowed} requests.");
        return Some(error(405, "invalid_request", 900_561, &text).with("Allow", allowed));
    }
    Some(match resource {
        Resource::Token(tenant) => {
            token(world, sign_in, tenant, request).unwrap_or_else(|refused| refused)
        }
        Resource::Configuration(tenant) => configuration(world, url, tenant),
        Resource::Discovery => discovery(world, url, request),
    })
}

/// The id of the tenant with this id or domain.
fn tenant_id<'a>(world: &'a World, name: &str) -> Option<&'a str> {
    if name.eq_ignore_ascii_case(PARTNER_TENANT) || name.eq_ignore_ascii_case(PARTNER_DOMAIN) {
        return Some(PARTNER_TENANT);
    }
    let customer = match Uuid::try_parse(name) {
        Ok(id) => world.customer(id).ok(),
        Err(_) => world.customer_of_domain(name),
    };
    customer.map(|customer| customer.id.as_str())
}

fn configuration(world: &World, url: &str, name: &str) -> Answer {
    let Some(tenant) = tenant_id(world, name) else {
        return error(400, "invalid_tenant", 90_002, "The tenant was not found.");
    };
    let body = json!({
        "issuer": format!("{url}/{tenant}/v2.0"),
        "authorization_endpoint": format!("{url}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{url}/{tenant}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
    });
    answer_with(200, &body)
}

/// The tenant is the one of the authorization endpoint asked about.
fn discovery(world: &World, url: &str, request: &Request) -> Answer {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let asked = parameter(request, "authorization_endpoint").unwrap_or_default();
    let tenant = asked
        .split_once("://")
        .and_then(|(_, rest)| rest.split('/').nth(1))
        .and_then(|name| tenant_id(world, name))
        .unwrap_or(PARTNER_TENANT);
    let body = json!({
        "tenant_discovery_endpoint":
            format!("{url}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{
            "preferred_network": host,
            "preferred_cache": host,
            "aliases": [host],
        }],
    });
    answer_with(200, &body)
}

/// The parameters of a token request.
struct Form(Vec<(String, String)>);

impl Form {
    fn of(request: &Request) -> Self {
        let is_form = request.header("content-type").is_some_and(form::is_form);
        let body = std::str::from_utf8(&request.body).ok();
        let pairs = body.filter(|_| is_form).and_then(form::pairs);
        Self(pairs.unwrap_or_default())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(have, _)| have == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn must(&self, name: &str) -> Result<&str, Answer> {
        self.get(name).ok_or_else(|| {
            let text = format!("The request body must contain the following parameter: '{name}'.");
            error(400, "invalid_request", 900_144, &text)
        })
    }
}

fn token(
    world: &World,
    sign_in: &mut SignIn,
    tenant: &str,
    request: &Request,
) -> Result<Answer, Answer> {
    let form = Form::of(request);
    let grant = form.must("grant_type")?;
    let client = form.must("client_id")?;
    let tenant = tenant_id(world, tenant)
        .ok_or_else(|| error(400, "invalid_request", 90_002, "The tenant was not found."))?;
    if tenant != PARTNER_TENANT || !client.eq_ignore_ascii_case(CLIENT_ID) {
        let text = "The application was not found in the tenant.";
        return Err(error(400, "unauthorized_client", 700_016, text));
    }
    if !matches!(grant, "refresh_token" | "client_credentials") {
        let text = "The grant type is not supported.";
        return Err(error(400, "unsupported_grant_type", 70_003, text));
    }
    match form.get("client_secret") {
        Some(secret) if secret == sign_in.client_secret() => {}
        Some(_) => {
            let text = "Invalid client secret provided.";
            return Err(error(401, "invalid_client", 7_000_215, text));
        }
        None => {
            let text = "The request body must contain 'client_secret'.";
            return Err(error(401, "invalid_client", 7_000_218, text));
        }
    }
    if grant == "client_credentials" {
        if !form.must("scope")?.ends_with("/.default") {
            let text = "The scope of an application must end with /.default.";
            return Err(error(400, "invalid_scope", 1_002_012, text));
        }
        let token = sign_in.token(Caller::Application);
        return Ok(answer_with(200, &granted(token).into()));
    }
    if !sign_in.is_refresh_token(form.must("refresh_token")?) {
        let text = "The refresh token is not valid.";
        return Err(error(400, "invalid_grant", 70_000, text));
    }
    let refresh_token = sign_in.rotate();
    let mut body = granted(sign_in.token(Caller::User));
    body.insert("refresh_token".to_owned(), refresh_token.into());
    // A client that keeps tokens by account asks whose they are.
    if form.get("client_info") == Some("1") {
        let account = json!({"uid": USER, "utid": PARTNER_TENANT}).to_string();
        let account = URL_SAFE_NO_PAD.encode(account);
        body.insert("client_info".to_owned(), account.into());
    }
    Ok(answer_with(200, &body.into()))
}

fn granted(access_token: &str) -> Map<String, Value> {
    [
        ("token_type", "Bearer".into()),
        ("expires_in", LIFETIME.into()),
        ("ext_expires_in", LIFETIME.into()),
        ("access_token", access_token.into()),
    ]
    .into_iter()
    .map(|(name, value): (&str, Value)| (name.to_owned(), value))
    .collect()
}

/// The one form of the authority's errors. Nothing of the request is repeated in it.
fn error(status: u16, name: &str, code: u32, text: &str) -> Answer {
    let [trace, correlation] = [(); 2].map(|()| Uuid::new_v4().to_string());
    let timestamp = clock::spaced(SystemTime::now());
    let body = json!({
        "error": name,
        "error_description": format!(
            "AADSTS{code}: {text} Trace ID: {trace} Correlation ID: {correlation} \
             Timestamp: {timestamp}"
        ),
        "error_codes": [code],
        "timestamp": timestamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
    });
    answer_with(status, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_the_authority_are_known() {
        assert_eq!(
            Resource::of("/a.example/oauth2/v2.0/token"),
            Some(Resource::Token("a.example"))
        );
        assert_eq!(
            Resource::of("/common/v2.0/.well-known/openid-configuration"),
            Some(Resource::Configuration("common"))
        );
        assert_eq!(
            Resource::of("/common/discovery/instance"),
            Some(Resource::Discovery)
        );
        for path in [
            "/a.example/discovery/instance",
            "/a.example/oauth2/token",
            "/a.example/b/oauth2/v2.0/token",
            "/v1/customers",
            "*",
        ] {
            assert_eq!(Resource::of(path), None, "{path}");
        }
    }
}
