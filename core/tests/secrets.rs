//! A canary token and a canary code appear in no output, with every log of the process at TRACE.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::path::Path;
use std::sync::Mutex;

use log::{LevelFilter, Log, Metadata, Record};
use partner_center::{AccessToken, CallOptions, Client, Qualification, StaticToken};
use partner_center_test_server::authority::Authority;
use partner_center_test_server::emulator::{Emulator, EmulatorOptions, seed};
use partner_center_test_server::replay::Replay;
use wire::{CUSTOMER, Listener};

const TOKEN: &str = "canary-token-9f8e7d";
const CODE: &str = "canary code&7b6a5c";

/// Raw, URL-encoded and base64: what a leak would look like.
const CANARIES: [&str; 7] = [
    TOKEN,
    CODE,
    "canary%20code%267b6a5c",
    "canary+code%267b6a5c",
    "Y2FuYXJ5LXRva2VuLTlmOGU3ZA",
    "Y2FuYXJ5IGNvZGUmN2I2YTVj",
    "7b6a5c",
];

struct Kept(Mutex<String>);

impl Log for Kept {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {} {}\n", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }
    fn flush(&self) {}
}

static LOG: Kept = Kept(Mutex::new(String::new()));

fn assert_clean(text: &str, what: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{what} holds {canary}: {text}");
    }
}

/// One call that ends as it will; every text it leaves behind.
fn texts(client: &Client, customer: &str) -> String {
    let ended = client
        .update_qualification(
            customer,
            &Qualification::GovernmentCommunityCloud,
            Some(CODE),
            &CallOptions::default(),
        )
        .wait();
    match ended {
        Ok(updated) => format!("{updated:?}"),
        Err(error) => format!(
            "{error} {error:?} {:?} {:?}",
            error.body(),
            error.description()
        ),
    }
}

#[test]
fn no_output_holds_a_secret() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(LevelFilter::Trace);

    let token = AccessToken::new(TOKEN, None);
    assert_clean(&format!("{token:?}"), "Debug of a token");

    let emulator = Emulator::start(EmulatorOptions {
        token: Some(TOKEN.into()),
        ..EmulatorOptions::default()
    })
    .unwrap();
    let over_http = |port: &str| {
        Client::builder(StaticToken::new(TOKEN))
            .base_url(port)
            .allow_http_loopback(true)
            .build()
            .unwrap()
    };
    let refused = texts(&over_http(&emulator.url()), seed::CONTOSO);
    assert!(refused.contains("HTTP 400"), "{refused}");
    assert_clean(&refused, "a refusal");

    // A service that repeats whatever it gets, in each place where it can.
    let echo = Listener::new(|mut stream| {
        let request = String::from_utf8(wire::read_request(&mut stream)).unwrap();
        let body =
            format!("{{\"code\":\"{CODE}\",\"description\":{request:?},\"message\":\"{TOKEN}\"}}");
        let answer = format!(
            "HTTP/1.1 400 {CODE}\r\nMS-CV: {CODE}\r\nMS-RequestId: {TOKEN}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        std::io::Write::write_all(&mut stream, answer.as_bytes()).unwrap();
    });
    let echoed = texts(
        &over_http(&format!("http://127.0.0.1:{}", echo.port)),
        CUSTOMER,
    );
    assert!(
        echoed.contains("[validation code]") && echoed.contains("[token]"),
        "{echoed}"
    );
    assert_clean(&echoed, "an echo");

    let lost = Listener::answering("");
    let client = over_http(&format!("http://127.0.0.1:{}", lost.port));
    assert_clean(&texts(&client, CUSTOMER), "a lost answer");

    // Over TLS, where the case's tokens are not ours, so that the server refuses with 599.
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let authority = Authority::new().unwrap();
    let server = Replay::start(&authority, &fixtures, "update_qualification/government").unwrap();
    let client = Client::builder(StaticToken::new(TOKEN))
        .base_url(format!("https://127.0.0.1:{}", server.port()))
        .only_ca_certificates(authority.pem())
        .build()
        .unwrap();
    assert_clean(&texts(&client, CUSTOMER), "an error over TLS");
    drop(client);
    server.finish();

    let log = LOG.0.lock().unwrap();
    for source in ["partner_center", "reqwest", "hyper_util", "rustls"] {
        assert!(
            log.contains(&format!(" {source}")),
            "no line of {source}: {log}"
        );
    }
    assert_clean(&log, "the log at TRACE");
}
