//! The client itself: its settings, its threads, its credential, and leaving a call.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use partner_center::{
    AccessToken, Asked, CallOptions, Client, Credential, ErrorKind, Outcome, Pending,
    Qualification, Reason, StaticToken, Step, TokenProvider, TokenProviderError, TokenRequest,
};
use partner_center_test_server::emulator::{Emulator, EmulatorOptions, seed};
use wire::{CUSTOMER, Listener, milliseconds, update, update_of, updating};

const PATIENCE: Duration = Duration::from_secs(30);

fn emulator() -> Emulator {
    Emulator::start(EmulatorOptions::default()).unwrap()
}

fn client(emulator: &Emulator, credential: impl Into<Credential>) -> Client {
    Client::builder(credential)
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .build()
        .unwrap()
}

/// A call that runs on the client's threads, against a server that never answers.
fn begun<T>(call: Pending<T>) -> Pending<T> {
    assert!(matches!(call.step(Duration::ZERO), Step::Waiting));
    call
}

#[test]
fn settings_that_break_a_rule_are_refused() {
    let built = |url: &str, loopback: bool| {
        Client::builder(StaticToken::new("t"))
            .base_url(url)
            .allow_http_loopback(loopback)
            .build()
            .err()
            .map(|error| error.kind())
    };
    for url in [
        "api.partnercenter.microsoft.com",
        "http://api.partnercenter.microsoft.com",
        "http://127.0.0.1.example",
        "http://localhost.example",
        "http://user@127.0.0.1",
        "https://api.partnercenter.microsoft.com@example.com",
        "https://user:password@example.com",
        "https://example.com/?a=b",
        "https://example.com/#a",
        "ftp://127.0.0.1",
        "file:///etc",
        "",
    ] {
        assert_eq!(built(url, true), Some(ErrorKind::InvalidArgument), "{url}");
    }
    assert_eq!(
        built("http://127.0.0.1:1", false),
        Some(ErrorKind::InvalidArgument)
    );
    for url in [
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://localhost",
        "https://example.com/gateway/",
    ] {
        assert_eq!(built(url, true), None, "{url}");
    }
    let limits = |connect: u64, attempt: u64, deadline: u64| {
        Client::builder(StaticToken::new("t"))
            .connect_timeout(milliseconds(connect))
            .attempt_timeout(milliseconds(attempt))
            .deadline(milliseconds(deadline))
            .build()
            .is_ok()
    };
    assert!(limits(1, 2, 3));
    assert!(!limits(0, 2, 3) && !limits(2, 2, 3) && !limits(1, 3, 3));
    // What is not given makes room for what is.
    let short = Client::builder(StaticToken::new("t")).deadline(milliseconds(5));
    assert!(short.build().is_ok());
    let short = Client::builder(StaticToken::new("t")).attempt_timeout(milliseconds(5));
    assert!(short.build().is_ok());
    for name in ["", " ", "a\r\nb: c", "ä", &"x".repeat(129)] {
        let built = Client::builder(StaticToken::new("t"))
            .application(name)
            .build();
        assert!(built.is_err(), "{name:?}");
    }
}

#[test]
fn thirty_two_threads_share_one_token_call() {
    struct Counting(Arc<AtomicUsize>, String);
    impl TokenProvider for Counting {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(AccessToken::new(&self.1, None))
        }
    }
    let (emulator, calls) = (emulator(), Arc::new(AtomicUsize::new(0)));
    let client = client(&emulator, Counting(Arc::clone(&calls), emulator.token()));
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                let read = client.get_qualification(seed::CONTOSO, &CallOptions::default());
                assert_eq!(read.wait().unwrap().qualification, Qualification::None);
            });
        }
    });
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn more_calls_than_threads_all_end() {
    let emulator = emulator();
    let client = client(&emulator, StaticToken::new(emulator.token()));
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let call = client.get_qualification(seed::CONTOSO, &CallOptions::default());
            let begun = call.step(Duration::ZERO);
            (call, begun)
        })
        .collect();
    for (call, begun) in calls {
        let ended = match begun {
            Step::Done(ended) => ended,
            _ => call.wait(),
        };
        assert!(ended.is_ok());
    }
}

#[test]
fn the_waiting_thread_is_asked_for_the_token() {
    let emulator = emulator();
    let client = client(&emulator, Credential::waiter());
    let call = client.get_qualification(seed::NORTHWIND_SCHOOL, &CallOptions::default());
    let Step::TokenWanted(request) = call.step(PATIENCE) else {
        panic!("no question");
    };
    assert_eq!(request.scopes, [format!("{}/.default", emulator.url())]);
    assert!(!request.force_refresh);
    call.answer(|| Ok(AccessToken::new(emulator.token(), None)));
    let Step::Done(Ok(read)) = call.step(PATIENCE) else {
        panic!("no end");
    };
    assert_eq!(read.qualification, Qualification::Education);
    // The token is kept: nobody is asked again.
    assert!(
        client
            .get_qualification(CUSTOMER, &CallOptions::default())
            .wait()
            .is_err()
    );
    let nobody = Client::builder(Credential::waiter())
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .build()
        .unwrap();
    assert_eq!(
        update(&nobody).unwrap_err().kind(),
        ErrorKind::Authentication
    );
}

#[test]
fn a_credential_that_calls_its_client_gets_an_error() {
    struct Reentrant(Arc<Mutex<Option<Client>>>);
    impl TokenProvider for Reentrant {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            let client = self.0.lock().unwrap().clone().unwrap();
            let error = client
                .get_qualification(CUSTOMER, &CallOptions::default())
                .wait()
                .unwrap_err();
            Err(TokenProviderError(error.to_string()))
        }
    }
    let (emulator, cell) = (emulator(), Arc::default());
    let client = client(&emulator, Reentrant(Arc::clone(&cell)));
    *cell.lock().unwrap() = Some(client.clone());
    let error = update(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.to_string().contains("called the client"), "{error}");
    assert_eq!(emulator.requests().len(), 0);
    *cell.lock().unwrap() = None;
}

#[test]
fn a_credential_takes_along_to_another_thread_whom_it_serves() {
    struct Elsewhere(Arc<Mutex<Option<Client>>>);
    impl TokenProvider for Elsewhere {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            let (client, asked) = (self.0.lock().unwrap().clone().unwrap(), Asked::here());
            let there = std::thread::spawn(move || {
                let before = asked.enter();
                assert_eq!(before, Asked::default());
                let call = client.get_qualification(CUSTOMER, &CallOptions::default());
                let error = call.wait().unwrap_err();
                before.enter();
                assert_eq!(Asked::here(), Asked::default());
                error
            });
            Err(TokenProviderError(there.join().unwrap().to_string()))
        }
    }
    let (emulator, cell) = (emulator(), Arc::default());
    let client = client(&emulator, Elsewhere(Arc::clone(&cell)));
    *cell.lock().unwrap() = Some(client.clone());
    let error = update(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.to_string().contains("called the client"), "{error}");
    assert_eq!(emulator.requests().len(), 0);
    assert_eq!(Asked::here(), Asked::default());
    *cell.lock().unwrap() = None;
}

#[test]
fn a_credential_that_panics_ends_its_call_and_nothing_else() {
    struct Panicking(AtomicUsize, String);
    impl TokenProvider for Panicking {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the first time");
            Ok(AccessToken::new(&self.1, None))
        }
    }
    let emulator = emulator();
    let client = client(&emulator, Panicking(AtomicUsize::new(0), emulator.token()));
    let read = || {
        client
            .get_qualification(seed::CONTOSO, &CallOptions::default())
            .wait()
    };
    let error = read().unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Authentication, Outcome::NotApplied)
    );
    assert!(read().is_ok());
}

/// Tells when a request has arrived, and never answers.
fn stalling(arrived: Sender<()>) -> Listener {
    let arrived = Mutex::new(arrived);
    Listener::new(move |mut stream| {
        wire::read_request(&mut stream);
        arrived.lock().unwrap().send(()).unwrap();
        let _ = std::io::Read::read(&mut stream, &mut [0]);
    })
}

#[test]
fn leaving_an_open_send_says_unknown_at_once() {
    let (arrived, requests) = channel();
    let server = stalling(arrived);
    let client = server.client().build().unwrap();
    let from = Instant::now();
    let call = begun(updating(&client, CUSTOMER));
    requests.recv_timeout(PATIENCE).unwrap();
    let error = call.cancel();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Cancelled, Outcome::Unknown)
    );
    assert!(error.request_id().is_some() && error.attempts().len() == 1);
    let read = begun(client.get_qualification(CUSTOMER, &CallOptions::default()));
    requests.recv_timeout(PATIENCE).unwrap();
    assert_eq!(read.cancel().outcome(), Outcome::NotApplied);
    // Long before the answer would have been given up (100 s).
    assert!(from.elapsed() < PATIENCE);
}

#[test]
fn a_call_that_nobody_waits_for_sends_nothing() {
    let emulator = emulator();
    let client = client(&emulator, StaticToken::new(emulator.token()));
    let call = || updating(&client, seed::CONTOSO);
    drop(call());
    assert_eq!(call().cancel().outcome(), Outcome::NotApplied);
    let read = client
        .get_qualification(seed::CONTOSO, &CallOptions::default())
        .wait();
    assert_eq!(read.unwrap().qualification, Qualification::None);
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn an_end_is_given_once_and_a_second_question_says_so() {
    let emulator = emulator();
    let client = client(&emulator, StaticToken::new(emulator.token()));
    let call = updating(&client, seed::CONTOSO);
    assert!(matches!(call.step(Duration::MAX), Step::Done(Ok(_))));
    let Step::Done(Err(again)) = call.step(Duration::MAX) else {
        panic!("no end");
    };
    assert_eq!(again.outcome(), Outcome::Applied);
    assert_eq!(again.kind(), ErrorKind::InvalidArgument);
    // Nor does a read hang there.
    let read = client.get_qualification(seed::CONTOSO, &CallOptions::default());
    assert!(matches!(read.step(Duration::MAX), Step::Done(Ok(_))));
    assert!(matches!(read.step(Duration::MAX), Step::Done(Err(_))));
    // Leaving a call that was applied does not make it less so.
    assert_eq!(call.cancel().outcome(), Outcome::Applied);
}

#[test]
fn a_proxy_never_sees_a_plain_request() {
    let built = Client::builder(StaticToken::new("t"))
        .base_url("http://127.0.0.1:1")
        .allow_http_loopback(true)
        .proxy("http://127.0.0.1:2")
        .build();
    assert_eq!(built.unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn inside_an_async_runtime_it_works_and_blocks() {
    let emulator = emulator();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let updated = runtime.block_on(async {
        let client = client(&emulator, StaticToken::new(emulator.token()));
        update_of(&client, seed::CONTOSO)
    });
    assert_eq!(updated.unwrap().outcome, Outcome::Applied);
    assert_eq!(emulator.applied(), 1);
}

#[test]
fn a_refused_token_is_not_sent_again_by_the_next_call() {
    struct Renewed(Arc<AtomicUsize>, Arc<Emulator>);
    impl TokenProvider for Renewed {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            match self.0.fetch_add(1, Ordering::SeqCst) {
                0 | 1 => Ok(AccessToken::new("stale", None)),
                _ => Ok(AccessToken::new(self.1.token(), None)),
            }
        }
    }
    let (emulator, calls) = (Arc::new(emulator()), Arc::new(AtomicUsize::new(0)));
    let client = client(
        &emulator,
        Renewed(Arc::clone(&calls), Arc::clone(&emulator)),
    );
    let error = update_of(&client, seed::CONTOSO).unwrap_err();
    assert_eq!(error.reason(), Some(Reason::SameToken));
    let updated = update_of(&client, seed::CONTOSO).unwrap();
    assert_eq!(updated.trace.attempts.len(), 1);
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[test]
fn leaving_before_the_send_says_not_applied_and_sends_nothing() {
    let emulator = emulator();
    let client = client(&emulator, Credential::waiter());
    let call = updating(&client, seed::CONTOSO);
    assert!(matches!(call.step(PATIENCE), Step::TokenWanted(_)));
    let error = call.cancel();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Cancelled, Outcome::NotApplied)
    );
    // Another call gets through, and it is the only one that does.
    let read = client.get_qualification(seed::CONTOSO, &CallOptions::default());
    assert!(matches!(read.step(PATIENCE), Step::TokenWanted(_)));
    read.answer(|| Ok(AccessToken::new(emulator.token(), None)));
    assert!(matches!(read.step(PATIENCE), Step::Done(Ok(_))));
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn a_token_that_comes_too_late_is_not_sent() {
    let emulator = emulator();
    let client = Client::builder(Credential::waiter())
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .connect_timeout(milliseconds(19_900))
        .attempt_timeout(milliseconds(19_950))
        .deadline(milliseconds(20_000))
        .build()
        .unwrap();
    let call = updating(&client, seed::CONTOSO);
    assert!(matches!(call.step(PATIENCE), Step::TokenWanted(_)));
    std::thread::sleep(milliseconds(250));
    call.answer(|| Ok(AccessToken::new(emulator.token(), None)));
    let Step::Done(Err(error)) = call.step(PATIENCE) else {
        panic!("no error");
    };
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Timeout, Outcome::NotApplied)
    );
    assert_eq!((emulator.requests().len(), emulator.applied()), (0, 0));
}

#[test]
fn a_dry_run_shows_the_request_without_its_secrets() {
    let client = Client::builder(StaticToken::new("canary-token"))
        .build()
        .unwrap();
    let preview = |code| {
        client.preview_update_qualification(
            "{4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04}",
            &Qualification::GovernmentCommunityCloud,
            code,
            &CallOptions::default(),
        )
    };
    let text = preview(Some("canary-code")).unwrap();
    let first =
        format!("PUT /v1/customers/{CUSTOMER}/qualification?code=[validation code] HTTP/1.1\n");
    assert!(text.starts_with(&first), "{text}");
    assert!(
        text.contains("Host: api.partnercenter.microsoft.com\n"),
        "{text}"
    );
    assert!(text.ends_with("\n\n3"), "{text}");
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(
        preview(None).unwrap_err().kind(),
        ErrorKind::InvalidArgument
    );
}

/// Notes that a task was woken.
struct Woken(Sender<()>);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(());
    }
}

#[test]
fn who_awaits_a_call_is_woken_when_its_deadline_passes() {
    let emulator = emulator();
    let (_hold, held) = channel::<()>();
    let held = Mutex::new(held);
    struct Stuck(Mutex<std::sync::mpsc::Receiver<()>>);
    impl TokenProvider for Stuck {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            let _ = self.0.lock().unwrap().recv();
            Err(TokenProviderError("released".into()))
        }
    }
    let client = Client::builder(Stuck(held))
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .connect_timeout(milliseconds(50))
        .attempt_timeout(milliseconds(100))
        .deadline(milliseconds(200))
        .build()
        .unwrap();
    let (send, woken) = channel();
    let waker = Waker::from(Arc::new(Woken(send)));
    let mut call = Box::pin(client.get_qualification(CUSTOMER, &CallOptions::default()));
    let error = loop {
        match call.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(ended) => break ended.unwrap_err(),
            Poll::Pending => woken.recv_timeout(PATIENCE).expect("nobody wakes the task"),
        }
    };
    assert_eq!(error.kind(), ErrorKind::Timeout);
}
