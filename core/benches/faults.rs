//! Every fault of the cases in real time: how far a deadline is overrun, how soon a call is left, and
//! what hostile bodies cost in memory. Prints figures; the tests assert what must hold.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use partner_center::{
    CallOptions, Client, ClientBuilder, CurrentQualification, Error, Pending, Qualification,
    StaticToken, Step, UpdatedQualification,
};
use partner_center_test_server::authority::Authority;
use partner_center_test_server::replay::Replay;
use serde_json::Value;

const DEADLINE: Duration = Duration::from_millis(1_500);
const CUSTOMER: &str = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
const CONNECT: Duration = Duration::from_millis(300);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, operation, url] = arguments.as_slice()
        && what == "alone"
    {
        return println!("{}", alone(operation, url));
    }
    // `cargo test --benches` runs it without this.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let cases: Vec<(String, Value)> = ["get_qualification", "update_qualification"]
        .iter()
        .flat_map(|operation| cases(&fixtures, operation))
        .collect();
    let found: Mutex<BTreeMap<String, (Duration, Duration)>> = Mutex::default();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let authority = Authority::new().unwrap();
                while let Some((id, case)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let figures = measure(&fixtures, &authority, id, case);
                    found.lock().unwrap().insert(id.clone(), figures);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    let (late, overrun) = worst(&found, |figures| figures.0);
    let (slow, left) = worst(&found, |figures| figures.1);
    println!(
        "{} faults, each with a deadline of {DEADLINE:?}",
        found.len()
    );
    println!("  most beyond the deadline  {overrun:>10.1?}  {late}");
    println!("  longest until it was left {left:>10.1?}  {slow}");
    let (most, grown) = worst(&hostile(&fixtures, &cases), |grown| *grown);
    println!("  most memory for a body    {grown:>6} KiB  {most}");
}

fn worst<F, T: Ord + Copy>(found: &BTreeMap<String, F>, of: impl Fn(&F) -> T) -> (String, T) {
    let (id, figures) = found.iter().max_by_key(|(_, figures)| of(figures)).unwrap();
    (id.clone(), of(figures))
}

fn cases(fixtures: &Path, operation: &str) -> Vec<(String, Value)> {
    let mut files: Vec<PathBuf> = fs::read_dir(fixtures.join("cases").join(operation))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("fault_")
        })
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let case: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        (case["id"].as_str().unwrap().to_owned(), case)
    };
    files.iter().map(read).collect()
}

enum Call {
    Read(Pending<CurrentQualification>),
    Write(Pending<UpdatedQualification>),
}

impl Call {
    fn begin(client: &Client, operation: &str) -> Self {
        let options = CallOptions::default();
        if operation == "get_qualification" {
            return Self::Read(client.get_qualification(CUSTOMER, &options));
        }
        let asked = Qualification::Education;
        Self::Write(client.update_qualification(CUSTOMER, &asked, None, &options))
    }

    fn end(self) {
        match self {
            Self::Read(call) => drop(call.wait()),
            Self::Write(call) => drop(call.wait()),
        }
    }

    /// Lets it run a little, and leaves it.
    fn leave(self) -> (Duration, Option<Error>) {
        let patience = Duration::from_millis(120);
        match self {
            Self::Read(call) => left(call, patience),
            Self::Write(call) => left(call, patience),
        }
    }
}

fn left<T>(call: Pending<T>, patience: Duration) -> (Duration, Option<Error>) {
    if matches!(call.step(patience), Step::Done(_)) {
        return (Duration::ZERO, None);
    }
    let begun = Instant::now();
    let error = call.cancel();
    (begun.elapsed(), Some(error))
}

fn measure(fixtures: &Path, authority: &Authority, id: &str, case: &Value) -> (Duration, Duration) {
    let operation = case["operation"].as_str().unwrap();
    let client = |server: &Replay| {
        let builder = builder(authority.pem());
        let builder = match server.proxy_port() {
            None => builder.base_url(url(server)),
            Some(port) => builder
                .base_url("https://api.partnercenter.example")
                .proxy(format!("http://127.0.0.1:{port}")),
        };
        builder.build().unwrap()
    };
    let server = Replay::start(authority, fixtures, id).unwrap();
    let begun = Instant::now();
    Call::begin(&client(&server), operation).end();
    let overrun = begun.elapsed().saturating_sub(DEADLINE);
    drop(server.finish());
    let server = Replay::start(authority, fixtures, id).unwrap();
    let (left, _) = Call::begin(&client(&server), operation).leave();
    drop(server.finish());
    (overrun, left)
}

fn builder(authority: &str) -> ClientBuilder {
    Client::builder(StaticToken::new("first-token"))
        .only_ca_certificates(authority)
        .connect_timeout(CONNECT)
        .attempt_timeout(CONNECT * 3)
        .deadline(DEADLINE)
}

fn url(server: &Replay) -> String {
    format!("https://127.0.0.1:{}", server.port())
}

/// How much more memory a process takes for a client and its call, in KiB, by bodies without end, of
/// more than is read, and compressed. Each is a process of its own; the server is in this one.
fn hostile(fixtures: &Path, cases: &[(String, Value)]) -> BTreeMap<String, u64> {
    let authority = Authority::new().unwrap();
    let bodies = cases
        .iter()
        .filter(|(id, _)| id.contains("_f28_") || id.contains("_f29_"));
    let grown = bodies.map(|(id, case)| {
        let server = Replay::start(&authority, fixtures, id).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["alone", case["operation"].as_str().unwrap(), &url(&server)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(authority.pem().as_bytes()).unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{id}");
        let calls = server.finish().requests;
        assert!(calls > 0, "{id} asked for nothing");
        let grown = String::from_utf8(output.stdout).unwrap();
        (id.clone(), grown.trim().parse().unwrap())
    });
    grown.collect()
}

/// The whole growth of this process by one call, in KiB, from before there is a client.
fn alone(operation: &str, url: &str) -> u64 {
    let mut authority = String::new();
    std::io::stdin().read_to_string(&mut authority).unwrap();
    let before = memory("VmRSS:");
    let client = builder(&authority).base_url(url).build().unwrap();
    Call::begin(&client, operation).end();
    memory("VmHWM:") - before
}

/// In KiB, of this process.
fn memory(of: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(of));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or_default()
}
