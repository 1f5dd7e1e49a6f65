//! The built-in credentials against a stand-in for the sign-in authority, which is also the API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center::{
    AccessToken, CallOptions, Client, ClientCredentials, Credential, ErrorKind, EventName, Outcome,
    Qualification, Reason, RefreshTokenCredential, Step, TokenProvider, TokenProviderError,
    TokenRequest, Vetting, WaitOptions,
};
use partner_center_test_server::http::{Request, Response};
use wire::{CUSTOMER, Listener, answer, update, updating};

const TENANT: &str = "partner.onmicrosoft.com";
const APP: &str = "11112222-bbbb-3333-cccc-4444dddd5555";
const SECRET: &str = "canary&secret";
const FIRST: &str = "first-refresh-token";

/// Requests in order: the form of one for a token, else method and token.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, request: &Request) -> usize {
        let token = request.header("authorization").unwrap_or("none");
        let line = if request.path.ends_with("/token") {
            assert_eq!(token, "none", "the authority got a token");
            assert_eq!(request.path, format!("/{TENANT}/oauth2/v2.0/token"));
            String::from_utf8(request.body.clone()).unwrap()
        } else {
            format!("{} {token}", request.method)
        };
        let mut seen = self.0.lock().unwrap();
        seen.push(line);
        seen.iter()
            .filter(|line| line.contains("grant_type"))
            .count()
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Grants `token-N` and the refresh token `refresh-N`; the API sets Education.
fn service(seen: &Seen) -> Listener {
    let seen = seen.clone();
    Listener::serving(move |request| {
        let call = seen.note(request);
        if request.path.ends_with("/token") {
            return granted(call);
        }
        answer(200, "1")
    })
}

fn granted(call: usize) -> Response {
    // Number and text in turn: both forms are documented. A lifetime of no form costs nothing.
    let lifetime = ["{}", "3600", "\"3600\"", "3599.5"][call % 4];
    answer(
        200,
        format!(
            r#"{{"token_type":"Bearer","expires_in":{lifetime},"access_token":"token-{call}","refresh_token":"refresh-{call}"}}"#
        ),
    )
}

fn client(server: &Listener, credential: impl Into<Credential>) -> Client {
    Client::builder(credential)
        .base_url(format!("http://127.0.0.1:{}", server.port))
        .allow_http_loopback(true)
        .build()
        .unwrap()
}

type Kept = Arc<Mutex<Vec<String>>>;

fn keeping(kept: &Kept) -> RefreshTokenCredential {
    let kept = Arc::clone(kept);
    let keep = move |token: &str| {
        kept.lock().unwrap().push(token.to_owned());
        Ok(())
    };
    RefreshTokenCredential::new(TENANT, APP, FIRST, keep).client_secret(SECRET)
}

#[test]
fn a_rotated_refresh_token_is_kept_before_the_new_access_token_is_used() {
    let seen = Seen::default();
    let server = service(&seen);
    let log = seen.clone();
    let requests_when_kept: Arc<Mutex<Vec<usize>>> = Arc::default();
    let counts = Arc::clone(&requests_when_kept);
    let keep = move |token: &str| {
        assert_eq!(token, "refresh-1");
        counts.lock().unwrap().push(log.all().len());
        Ok(())
    };
    let credential = RefreshTokenCredential::new(TENANT, APP, FIRST, keep).client_secret(SECRET);
    assert!(!format!("{credential:?}").contains(FIRST));
    update(&client(&server, credential)).unwrap();
    assert_eq!(*requests_when_kept.lock().unwrap(), [1]);
    let seen = seen.all();
    assert_eq!(seen.len(), 2);
    for part in [
        "grant_type=refresh_token",
        "refresh_token=first-refresh-token",
        "client_secret=canary%26secret",
        "user_impersonation+offline_access",
    ] {
        assert!(seen[0].contains(part), "{part}: {}", seen[0]);
    }
    assert_eq!(seen[1], "PUT Bearer token-1");
}

#[test]
fn while_the_callback_fails_nothing_is_sent_and_the_old_token_stays() {
    let seen = Seen::default();
    let server = service(&seen);
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let keep = move |token: &str| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Err(TokenProviderError(format!("no room for {token}"))),
        _ => Ok(()),
    };
    let client = client(
        &server,
        RefreshTokenCredential::new(TENANT, APP, FIRST, keep),
    );
    let error = update(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(error.reason(), Some(Reason::RotationFailed));
    assert_eq!(error.outcome(), Outcome::NotApplied);
    assert!(error.attempts().is_empty());
    let text = format!("{error} {error:?}");
    assert!(text.contains("no room for [refresh token]"), "{text}");
    update(&client).unwrap();
    let seen = seen.all();
    assert_eq!(seen.len(), 3);
    assert!(
        seen[1].contains("refresh_token=first-refresh-token"),
        "{}",
        seen[1]
    );
    assert_eq!(seen[2], "PUT Bearer token-2");
}

#[test]
fn the_kept_refresh_token_is_used_for_the_next_exchange() {
    let seen = Seen::default();
    let log = seen.clone();
    let server = Listener::serving(move |request| {
        let call = log.note(request);
        if request.path.ends_with("/token") {
            return granted(call);
        }
        // The first token was withdrawn.
        let refused = request.header("authorization") == Some("Bearer token-1");
        if refused {
            answer(401, "")
        } else {
            answer(200, "1")
        }
    });
    let kept = Kept::default();
    let updated = update(&client(&server, keeping(&kept))).unwrap();
    assert_eq!(updated.trace.attempts.len(), 2);
    assert_eq!(*kept.lock().unwrap(), ["refresh-1", "refresh-2"]);
    assert!(seen.all()[2].contains("refresh_token=refresh-1"));
}

#[test]
fn the_waiting_thread_can_keep_it() {
    let seen = Seen::default();
    let server = service(&seen);
    let credential = RefreshTokenCredential::kept_by_waiter(TENANT, APP, FIRST);
    let client = client(&server, credential);
    let call = updating(&client, CUSTOMER);
    let patience = Duration::from_secs(30);
    let Step::RefreshTokenRotated(token) = call.step(patience) else {
        panic!("nobody was asked");
    };
    assert_eq!(token.secret(), "refresh-1");
    assert!(!format!("{token:?}").contains("refresh-1"));
    call.kept(|| Ok(()));
    assert!(matches!(call.step(patience), Step::Done(Ok(_))));
    // On the calling thread nobody can be asked; then nothing is sent.
    let credential = RefreshTokenCredential::kept_by_waiter(TENANT, APP, FIRST);
    let error = update(&self::client(&server, credential)).unwrap_err();
    assert_eq!(error.reason(), Some(Reason::RotationFailed));
}

#[test]
fn what_the_authority_refuses_is_said_without_secrets() {
    let body = format!(
        r#"{{"error":"invalid_grant","error_description":"AADSTS50076: MFA for {FIRST} and {SECRET}.\r\nTrace ID: 1"}}"#
    );
    let server = Listener::serving(move |_| answer(400, body.clone()));
    let error = update(&client(&server, keeping(&Kept::default()))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(error.code(), Some("invalid_grant"));
    assert!(!error.retryable());
    assert!(error.meaning().is_some() && !error.next_step().is_empty());
    let text = format!("{error} {error:?} {}", error.description().unwrap());
    assert!(text.contains("AADSTS50076: MFA for [refresh token] and [client secret]"));
    assert!(!text.contains(FIRST) && !text.contains("canary"), "{text}");

    for (status, body, retryable) in [
        (503, "<html>", true),
        (429, "", true),
        (400, r#"{"error":"temporarily_unavailable"}"#, true),
        (400, "", false),
        (200, "{}", false),
        (302, "", false),
    ] {
        let server = Listener::serving(move |_| answer(status, body));
        let error = update(&client(&server, keeping(&Kept::default()))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{status}");
        assert_eq!(error.retryable(), retryable, "{status} {body}");
    }
    let gone = Listener::new(drop);
    let error = update(&client(&gone, keeping(&Kept::default()))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(error.outcome(), Outcome::NotApplied);
}

#[test]
fn sixty_four_calls_with_an_expired_token_make_one_token_call() {
    let seen = Seen::default();
    let log = seen.clone();
    let server = Listener::serving(move |request| match log.note(request) {
        // The first token is expired as soon as it is there.
        1 if request.path.ends_with("/token") => answer(
            200,
            r#"{"access_token":"expired","expires_in":0,"refresh_token":"refresh-1"}"#,
        ),
        call if request.path.ends_with("/token") => granted(call),
        _ => answer(200, "1"),
    });
    let client = client(&server, keeping(&Kept::default()));
    update(&client).unwrap();
    let start = std::sync::Barrier::new(64);
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                start.wait();
                update(&client).unwrap();
            });
        }
    });
    let seen = seen.all();
    assert_eq!(seen.len(), 2 + 2 + 64 - 1);
    let tokens = seen.iter().filter(|line| line.contains("grant_type"));
    assert_eq!(tokens.count(), 2);
}

#[test]
fn app_only_tokens_read_and_change_nothing() {
    let seen = Seen::default();
    let server = service(&seen);
    let client = client(&server, ClientCredentials::new(TENANT, APP, SECRET));
    let error = update(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(seen.all().is_empty());
    let read = client.get_qualification(CUSTOMER, &CallOptions::default());
    read.wait().unwrap();
    let seen = seen.all();
    assert!(seen[0].contains("grant_type=client_credentials"));
    assert!(seen[0].contains("%2F.default"), "{}", seen[0]);
    assert_eq!(seen[1], "GET Bearer token-1");
}

struct Asked(Arc<Mutex<Vec<TokenRequest>>>);

impl TokenProvider for Asked {
    fn token(&self, request: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
        let mut asked = self.0.lock().unwrap();
        asked.push(request.clone());
        Ok(AccessToken::new(format!("token-{}", asked.len()), None))
    }
}

#[test]
fn a_claims_challenge_reaches_who_gives_tokens() {
    let challenge = || {
        let mut refused = answer(401, r#"{"code":900421,"description":"MFA required"}"#);
        let claims = "eyJhY2Nlc3NfdG9rZW4iOnt9fQ"; // {"access_token":{}}
        let header = format!(r#"Bearer error="insufficient_claims", claims="{claims}""#);
        refused.headers.push(("WWW-Authenticate".into(), header));
        refused
    };
    let server = Listener::serving(move |request| {
        let first = request.header("authorization") == Some("Bearer token-1");
        if first { challenge() } else { answer(200, "1") }
    });
    let asked = Arc::default();
    update(&client(&server, Asked(Arc::clone(&asked)))).unwrap();
    let asked = asked.lock().unwrap();
    assert_eq!((asked.len(), asked[0].claims.as_deref()), (2, None));
    assert_eq!(asked[1].claims.as_deref(), Some(r#"{"access_token":{}}"#));
    assert!(asked[1].force_refresh);

    let seen = Seen::default();
    let log = seen.clone();
    let server = Listener::serving(move |request| match log.note(request) {
        call if request.path.ends_with("/token") => granted(call),
        1 => challenge(),
        _ => answer(200, "1"),
    });
    update(&client(&server, keeping(&Kept::default()))).unwrap();
    let again = &seen.all()[2];
    assert!(
        again.contains("claims=%7B%22access_token%22%3A%7B%7D%7D"),
        "{again}"
    );
}

#[test]
fn an_answer_that_comes_too_late_is_not_taken_for_the_next() {
    let seen = Seen::default();
    let log = seen.clone();
    let server = Listener::serving(move |request| {
        log.note(request);
        answer(200, r#"[{"qualification":"Education"}]"#)
    });
    let client = Client::builder(Credential::waiter())
        .base_url(format!("http://127.0.0.1:{}", server.port))
        .allow_http_loopback(true)
        .connect_timeout(Duration::from_millis(100))
        .time_scale(100_000)
        .events_to_waiter(|_| ())
        .build()
        .unwrap();
    let mut poll = CallOptions::default();
    poll.deadline = Some(Duration::from_secs(3));
    let wait = WaitOptions::default();
    let call = client.wait_for_vetting(CUSTOMER, &Qualification::Education, &wait, &poll);
    let until = |is_it: fn(&Step<Vetting>) -> bool| {
        loop {
            let step = call.step(Duration::from_secs(30));
            if is_it(&step) {
                return step;
            }
            assert!(
                matches!(step, Step::Event(_) | Step::Progress(_)),
                "{step:?}"
            );
        }
    };
    until(|step| matches!(step, Step::TokenWanted(_)));
    // The first poll gives up; the second one asks again.
    until(|step| matches!(step, Step::Event(event) if event.name == EventName::Wait));
    call.answer(|| Ok(AccessToken::new("too-late", None)));
    until(|step| matches!(step, Step::TokenWanted(_)));
    call.answer(|| Ok(AccessToken::new("in-time", None)));
    let Step::Done(end) = until(|step| matches!(step, Step::Done(_))) else {
        unreachable!()
    };
    end.unwrap();
    assert_eq!(seen.all(), ["GET Bearer in-time"]);
}

#[test]
fn what_breaks_a_rule_is_refused_when_the_client_is_built() {
    let built = |credential: Credential| {
        let error = Client::builder(credential).build().err();
        error.map(|error| error.to_string()).unwrap_or_default()
    };
    let refresh = |tenant: &str, app: &str, token: &str| {
        built(RefreshTokenCredential::kept_by_waiter(tenant, app, token).into())
    };
    assert_eq!(refresh(TENANT, APP, FIRST), "");
    for tenant in ["", "a/b", "..", "a?b", "a b", "ä.com"] {
        assert!(
            refresh(tenant, APP, FIRST).starts_with("tenant must"),
            "{tenant}"
        );
    }
    assert!(refresh(TENANT, "my-app", FIRST).starts_with("client_id must"));
    assert!(refresh(TENANT, APP, " x").starts_with("refresh_token is"));
    let app_only = built(ClientCredentials::new(TENANT, APP, "").into());
    assert!(app_only.starts_with("client_secret is"), "{app_only}");
    let plain = Client::builder(ClientCredentials::new(TENANT, APP, SECRET))
        .authority("http://login.microsoftonline.com")
        .build();
    assert_eq!(plain.unwrap_err().kind(), ErrorKind::InvalidArgument);
}
