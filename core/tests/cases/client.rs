//! The client that a case asks for, and what is heard from its side: tokens, events.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use libtest_mimic::Failed;
use partner_center::{
    AccessToken, Client, ClientBuilder, ClientCredentials, Credential, Error, Event, OnAmbiguous,
    RefreshTokenCredential, TokenProvider, TokenProviderError, TokenRequest,
};
use partner_center_test_server::authority::Authority;
use partner_center_test_server::replay::Replay;
use serde_json::{Map, Value, json};

/// What the client told its caller beside the result.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Books>>);

#[derive(Default)]
struct Books {
    /// None where the credential is a built-in one.
    token_calls: Option<u32>,
    rotations: u32,
    events: Vec<&'static str>,
    waits: Vec<Option<u64>>,
}

impl Heard {
    pub fn add_to(&self, seen: &mut Value) {
        let books = self.0.lock().unwrap();
        seen["token_calls"] = json!(books.token_calls);
        seen["rotations"] = json!(books.rotations);
        seen["events"] = json!(books.events);
        seen["waits"] = json!(books.waits);
    }

    fn event(&self, event: &Event) {
        let mut books = self.0.lock().unwrap();
        books.events.push(event.name.as_str());
        if let Some(wait) = event.wait {
            books
                .waits
                .push(event.asked.then_some(wait.as_millis() as u64));
        }
    }
}

/// Hands out the case's tokens in order, the last one again when they run out.
struct Tokens {
    texts: Vec<String>,
    heard: Heard,
}

impl TokenProvider for Tokens {
    fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
        let mut books = self.heard.0.lock().unwrap();
        let call = books.token_calls.unwrap_or_default();
        books.token_calls = Some(call + 1);
        let last = self.texts.len() - 1;
        Ok(AccessToken::new(
            &self.texts[(call as usize).min(last)],
            None,
        ))
    }
}

/// What only the proxy of a case leads to.
const BEHIND_PROXY: &str = "https://api.partnercenter.example";

pub fn of(
    case: &Value,
    server: &Replay,
    authority: &Authority,
) -> Result<(Result<Client, Error>, Heard), Failed> {
    let port = server.port();
    let none = Map::new();
    let options = case["client"].as_object().unwrap_or(&none);
    let heard = Heard::default();
    let listening = heard.clone();
    let mut builder = Client::builder(credential(case, options.get("credential"), &heard)?)
        .base_url(format!("https://127.0.0.1:{port}"))
        .only_ca_certificates(authority.pem())
        .time_scale(10_000)
        .on_event(move |event| listening.event(event));
    for (option, value) in options {
        builder = with(builder, option, value)?;
    }
    if let Some(proxy) = server.proxy_port() {
        let proxy = format!("http://user:invented-proxy-password@127.0.0.1:{proxy}");
        builder = builder.base_url(BEHIND_PROXY).proxy(proxy);
        builder = builder.authority(format!("https://127.0.0.1:{port}"));
    }
    Ok((builder.build(), heard))
}

fn with(builder: ClientBuilder, option: &str, value: &Value) -> Result<ClientBuilder, Failed> {
    Ok(match (option, value) {
        ("application", Value::String(name)) => builder.application(name),
        ("locale", Value::String(locale)) => builder.locale(locale),
        ("deadline", Value::Number(seconds)) => {
            builder.deadline(Duration::from_secs_f64(seconds.as_f64().unwrap()))
        }
        ("validate_mfa", Value::Bool(ask)) => builder.validate_mfa(*ask),
        ("credential" | "proxy", _) => builder,
        ("on_ambiguous", Value::String(name)) => {
            let named = |known: &&OnAmbiguous| known.as_str() == name;
            builder.on_ambiguous(*OnAmbiguous::ALL.iter().find(named).unwrap())
        }
        ("connect_timeout", Value::Number(seconds)) => {
            builder.connect_timeout(Duration::from_secs_f64(seconds.as_f64().unwrap()))
        }
        ("attempt_timeout", Value::Number(seconds)) => {
            builder.attempt_timeout(Duration::from_secs_f64(seconds.as_f64().unwrap()))
        }
        _ => return Err(format!("unknown client option {option}: {value}").into()),
    })
}

fn credential(case: &Value, given: Option<&Value>, heard: &Heard) -> Result<Credential, Failed> {
    let Some(given) = given else {
        heard.0.lock().unwrap().token_calls = Some(0);
        let texts = serde_json::from_value(case["tokens"].clone())?;
        let heard = heard.clone();
        return Ok(Tokens { texts, heard }.into());
    };
    let text = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
    let (tenant, client) = (text("tenant"), text("client_id"));
    if given["type"] == "client_credentials" {
        return Ok(ClientCredentials::new(tenant, client, text("client_secret")).into());
    }
    let raises = given["on_rotation"] == "raise";
    let heard = heard.clone();
    let keep = move |_: &str| {
        heard.0.lock().unwrap().rotations += 1;
        if raises {
            return Err(TokenProviderError("RuntimeError".into()));
        }
        Ok(())
    };
    let credential = RefreshTokenCredential::new(tenant, client, text("refresh_token"), keep);
    Ok(match given["client_secret"].as_str() {
        Some(secret) => credential.client_secret(secret).into(),
        None => credential.into(),
    })
}
