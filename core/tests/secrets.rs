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
use partner_center::{
    AccessToken, CallOptions, Client, ClientCredentials, Credential, ErrorKind, Qualification,
    Reason, RefreshTokenCredential, StaticToken, TokenProviderError,
};
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

/// The built-in credentials against an authority that repeats whatever it gets.
fn sign_in_texts(echo: &Listener) -> String {
    let keep = |_: &str| Err(TokenProviderError(TOKEN.into()));
    let app = "11112222-bbbb-3333-cccc-4444dddd5555";
    let refresh = RefreshTokenCredential::new("contoso.com", app, TOKEN, keep).client_secret(CODE);
    let app_only = ClientCredentials::new("contoso.com", app, CODE);
    let mut texts = format!("{refresh:?} {app_only:?}");
    for credential in [Credential::from(refresh), Credential::from(app_only)] {
        let client = Client::builder(credential)
            .base_url(format!("http://127.0.0.1:{}", echo.port))
            .allow_http_loopback(true)
            .build()
            .unwrap();
        let read = client.get_qualification(CUSTOMER, &CallOptions::default());
        let error = read.wait().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        texts.push_str(&format!("{client:?} {error} {error:?}"));
    }
    texts
}

/// Listed codes, and a list that cannot be read.
fn listing_texts() -> String {
    let texts = |answer: String| {
        let server = Listener::serving(move |_| wire::answer(200, answer.clone()));
        let client = server.client().build().unwrap();
        match client.get_validation_codes(&CallOptions::default()).wait() {
            Ok(listed) => {
                assert_eq!(listed.codes[0].value(), CODE);
                format!("{listed:?}")
            }
            Err(error) => {
                assert_eq!(error.reason(), Some(Reason::UnreadableBody));
                format!("{error} {error:?}")
            }
        }
    };
    let code = format!(r#"{{"validationId":"{CODE}","organizationName":"Contoso"}}"#);
    texts(format!("[{code}]")) + &texts(format!("[{code},7]")) + &texts(format!("{code} {CODE}"))
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
            .time_scale(10_000)
            .build()
            .unwrap()
    };
    let refused = texts(&over_http(&emulator.url()), seed::CONTOSO);
    assert!(refused.contains("HTTP 400"), "{refused}");
    assert_clean(&refused, "a refusal");

    // A service that repeats whatever it gets, in each place where it can.
    let echo = Listener::serving(|request| {
        let sent = format!(
            "{:?} {:?} {}",
            request.query,
            request.headers,
            String::from_utf8_lossy(&request.body)
        );
        let token = request.header("authorization").unwrap_or_default();
        let words = format!("{sent} {CODE} {token}");
        let body = serde_json::json!({
            "code": CODE, "description": words, "message": token,
            "error": CODE, "error_description": words,
        });
        let mut answer = wire::answer(400, body.to_string());
        answer.reason = CODE.into();
        answer.headers = vec![
            ("MS-CV".into(), CODE.into()),
            ("MS-RequestId".into(), token.into()),
        ];
        answer
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

    assert_clean(&sign_in_texts(&echo), "a sign-in that is refused");
    assert_clean(&listing_texts(), "codes that were listed");

    // Over TLS, where the case's tokens are not ours, so that the server refuses with 599.
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let authority = Authority::new().unwrap();
    let server = Replay::start(&authority, &fixtures, "update_qualification/government").unwrap();
    let client = Client::builder(StaticToken::new(TOKEN))
        .base_url(format!("https://127.0.0.1:{}", server.port()))
        .only_ca_certificates(authority.pem())
        .time_scale(10_000)
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
