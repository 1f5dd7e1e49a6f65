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

mod bulk;
mod canonical;
mod client;
mod operations;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use partner_center_test_server::authority::Authority;
use partner_center_test_server::replay::Replay;
use serde_json::{Value, json};

use canonical::{canonical, covers};

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

fn run(case: &Value, fixtures: &Path, authority: &Authority) -> Result<Value, Failed> {
    let server = Replay::start(authority, fixtures, case["id"].as_str().unwrap())?;
    let (client, heard) = client::of(case, &server, authority)?;
    let mut seen = match client {
        Ok(client) => operations::call(case, &client)?,
        Err(error) => operations::failure(&error),
    };
    let verdict = server.finish();
    heard.add_to(&mut seen);
    seen["id"] = case["id"].clone();
    seen["requests"] = json!(verdict.requests);
    seen["redirected"] = json!(verdict.redirected);
    seen["failures"] = json!(verdict.failures);
    Ok(seen)
}
