//! Every case of `tests/fixtures/cases` against the replaying server, through the public API.
//!
//! Each case is a test. What was seen is also written, as one canonical line a case, to
//! `target/parity/rust.jsonl` for comparison with the other languages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use partner_center::{
    AccessToken, Attempt, CallOptions, Client, Error, Qualification, TokenProvider,
    TokenProviderError, TokenRequest,
};
use partner_center_test_server::authority::Authority;
use partner_center_test_server::replay::Replay;
use serde_json::{Map, Value, json};

const HOST: &str = "127.0.0.1";

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let fixtures = root.join("tests/fixtures");
    let authority = Arc::new(Authority::new().expect("a throw-away authority"));
    let lines: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let trials = case_files(&fixtures.join("cases"))
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a case file");
            let case: Value = serde_json::from_str(&text).expect("JSON");
            let id = case["id"].as_str().expect("an id").to_owned();
            let (fixtures, authority, lines) =
                (fixtures.clone(), Arc::clone(&authority), Arc::clone(&lines));
            Trial::test(id.clone(), move || {
                let seen = run(&case, &fixtures, &authority)?;
                let line = canonical(&seen, &text);
                lines.lock().unwrap().insert(id, line.clone());
                let seen: Value = serde_json::from_str(&line).unwrap();
                if seen["failures"] != json!([]) {
                    return Err(format!("the server says: {:#}", seen["failures"]).into());
                }
                covers(&case["expect"], &seen, "")
            })
        })
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    let parity = root.join("target/parity");
    fs::create_dir_all(&parity).expect("target/parity");
    let all: String = lines
        .lock()
        .unwrap()
        .values()
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(parity.join("rust.jsonl"), all).expect("rust.jsonl");
    conclusion.exit();
}

fn case_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(case_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Hands out the case's tokens in order, the last one again when they run out.
struct Tokens {
    texts: Vec<String>,
    calls: Arc<AtomicUsize>,
}

impl TokenProvider for Tokens {
    fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let last = self.texts.len() - 1;
        Ok(AccessToken::new(&self.texts[call.min(last)], None))
    }
}

fn run(case: &Value, fixtures: &Path, authority: &Authority) -> Result<Value, Failed> {
    let text = |name: &str| case["arguments"][name].as_str();
    let server = Replay::start(authority, fixtures, case["id"].as_str().unwrap())?;
    let calls = Arc::new(AtomicUsize::new(0));
    let tokens = Tokens {
        texts: serde_json::from_value(case["tokens"].clone())?,
        calls: Arc::clone(&calls),
    };
    let client = client(case, tokens, server.port(), authority)?;
    let mut options = CallOptions::default();
    options.request_id = text("request_id").map(str::to_owned);
    options.correlation_id = text("correlation_id").map(str::to_owned);
    let customer = text("customer").unwrap();
    let ended = match case["operation"].as_str().unwrap() {
        "update_qualification" => client
            .update_qualification(
                customer,
                &Qualification::from(text("qualification").unwrap()),
                text("validation_code"),
                &options,
            )
            .wait()
            .map(|updated| {
                json!({
                    "outcome": updated.outcome.as_str(),
                    "result": {
                        "customer": updated.customer,
                        "qualification": updated.qualification.as_str(),
                        "evidence": updated.evidence.as_str(),
                    },
                    "error": null,
                    "request_id": updated.request_id,
                    "correlation_id": updated.correlation_id,
                    "ms_cv": updated.ms_cv,
                    "attempts": attempts(&updated.attempts),
                })
            }),
        "get_qualification" => client
            .get_qualification(customer, &options)
            .wait()
            .map(|current| {
                json!({
                    "outcome": null,
                    "result": {
                        "customer": current.customer,
                        "qualification": current.qualification.as_str(),
                    },
                    "error": null,
                    "request_id": current.request_id,
                    "correlation_id": current.correlation_id,
                    "ms_cv": current.ms_cv,
                    "attempts": attempts(&current.attempts),
                })
            }),
        other => return Err(format!("unknown operation {other}").into()),
    };
    let mut seen = ended.unwrap_or_else(|error| failure(&error));
    let verdict = server.finish();
    seen["id"] = case["id"].clone();
    seen["token_calls"] = json!(calls.load(Ordering::SeqCst));
    seen["requests"] = json!(verdict.requests);
    seen["failures"] = json!(verdict.failures);
    Ok(seen)
}

fn client(
    case: &Value,
    tokens: Tokens,
    port: u16,
    authority: &Authority,
) -> Result<Client, Failed> {
    let none = Map::new();
    let mut builder = Client::builder(tokens)
        .base_url(format!("https://{HOST}:{port}"))
        .only_ca_certificates(authority.pem());
    for (option, value) in case["client"].as_object().unwrap_or(&none) {
        builder = match (option.as_str(), value) {
            ("application", Value::String(name)) => builder.application(name),
            ("locale", Value::String(locale)) => builder.locale(locale),
            ("deadline", Value::Number(seconds)) => {
                builder.deadline(Duration::from_secs(seconds.as_u64().unwrap()))
            }
            // One send is all that a write has today, so there is nothing to switch off.
            ("on_ambiguous", Value::String(value)) if value == "raise" => builder,
            _ => return Err(format!("unknown client option {option}: {value}").into()),
        };
    }
    Ok(builder.build()?)
}

fn attempts(attempts: &[Attempt]) -> Value {
    attempts
        .iter()
        .map(|attempt| {
            json!({
                "class": attempt.class.as_str(),
                "status": attempt.status,
                "request_id": attempt.request_id,
                "correlation_id": attempt.correlation_id,
            })
        })
        .collect()
}

fn failure(error: &Error) -> Value {
    json!({
        "outcome": error.outcome().as_str(),
        "result": null,
        "error": {
            "kind": error.kind().as_str(),
            "reason": error.reason().map(|reason| reason.as_str()),
            "status": error.status(),
            "code": error.code(),
            "description": error.description(),
            "retry_after_ms": error.retry_after().map(|wait| wait.as_millis() as u64),
            "body": error.body(),
            "text": error.to_string(),
        },
        "request_id": error.request_id(),
        "correlation_id": error.correlation_id(),
        "ms_cv": error.ms_cv(),
        "attempts": attempts(error.attempts()),
    })
}

/// Sorted members; no port; a GUID that the case does not name becomes its number of appearance.
fn canonical(seen: &Value, case: &str) -> String {
    let line = seen.to_string();
    let mut out = String::new();
    let mut ids: Vec<String> = Vec::new();
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some(guid) = rest.get(..36).filter(|text| is_guid(text)) {
            if case.contains(guid) {
                out.push_str(guid);
            } else {
                let known = ids.iter().position(|id| id == guid);
                let number = known.unwrap_or_else(|| {
                    ids.push(guid.to_owned());
                    ids.len() - 1
                });
                out.push_str(&format!("id-{}", number + 1));
            }
            rest = &rest[36..];
        } else if let Some(after) = rest.strip_prefix(&format!("{HOST}:")) {
            out.push_str(&format!("{HOST}:port"));
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn is_guid(text: &str) -> bool {
    text.bytes().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    })
}

/// Whether `seen` holds all that is expected: objects may hold more, everything else is equal.
fn covers(expected: &Value, seen: &Value, at: &str) -> Result<(), Failed> {
    match (expected, seen) {
        (Value::Object(expected), Value::Object(_)) => expected
            .iter()
            .try_for_each(|(name, value)| covers(value, &seen[name], &format!("{at}.{name}"))),
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .try_for_each(|(index, (value, found))| {
                covers(value, found, &format!("{at}[{index}]"))
            }),
        _ if expected == seen => Ok(()),
        _ => Err(format!("{at}: expected {expected:#}, saw {seen:#}").into()),
    }
}
