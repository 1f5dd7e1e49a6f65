//! Reads that are tried again, waited for, or end in a clear error instead of a loop.

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

use partner_center::{ErrorKind, Event, EventName, Outcome, Qualification, Reason, Step};
use partner_center_test_server::http::Response;
use wire::{CUSTOMER, Listener, answer, hasty, in_turn, milliseconds, none, updating};

#[test]
fn an_outage_is_not_amplified() {
    let (server, asked) = in_turn(vec![answer(503, "")]);
    let client = hasty(&server);
    let calls = 10_000;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..calls / 4 {
                    let error = client
                        .get_qualification(CUSTOMER, &none())
                        .wait()
                        .unwrap_err();
                    assert_eq!(error.status(), Some(503));
                    assert!(error.retryable());
                }
            });
        }
    });
    let asked = asked.load(Ordering::SeqCst);
    assert!(asked > calls, "nothing was tried again");
    assert!(asked * 10 <= calls * 11 + 100, "{asked} requests");
}

#[test]
fn an_asked_wait_is_not_shortened_and_one_beyond_the_deadline_is_not_begun() {
    let ask = |seconds: &str| {
        let mut refused = answer(429, "");
        refused.headers.push(("Retry-After".into(), seconds.into()));
        refused
    };
    let (server, asked) = in_turn(vec![ask("57"), answer(200, "1")]);
    let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let heard = Arc::clone(&waits);
    let builder = server.client().time_scale(100_000);
    let client = builder
        .on_event(move |event| heard.lock().unwrap().extend(event.wait))
        .build()
        .unwrap();
    let read = client.get_qualification(CUSTOMER, &none()).wait().unwrap();
    assert_eq!(read.trace.attempts.len(), 2);
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(57)]);
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    // 290 s would fit into 300 s, but not with a connection after it.
    for seconds in ["290", "301", "99999999999"] {
        let (server, asked) = in_turn(vec![ask(seconds)]);
        let error = hasty(&server)
            .get_qualification(CUSTOMER, &none())
            .wait()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled);
        let wait = error.retry_after().unwrap();
        assert_eq!(wait.as_secs().to_string(), seconds);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn a_lost_answer_to_a_read_is_asked_for_again() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&dropped);
    let server = Listener::new(move |mut stream| {
        wire::read_request(&mut stream);
        if count.fetch_add(1, Ordering::SeqCst) > 1 {
            let good = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
            std::io::Write::write_all(&mut stream, good).unwrap();
        }
    });
    let read = hasty(&server).get_qualification(CUSTOMER, &none()).wait();
    let read = read.unwrap();
    assert_eq!(read.qualification, Qualification::Education);
    assert_eq!(read.trace.attempts.len(), 3);
}

#[test]
fn a_write_is_not_tried_again_as_a_read_is() {
    let (server, asked) = in_turn(vec![answer(503, "")]);
    let error = updating(&hasty(&server), CUSTOMER).wait().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(!error.retryable());
    // The change, and four reads that saw nothing.
    assert_eq!(asked.load(Ordering::SeqCst), 5);
    let methods: Vec<&str> = error.attempts().iter().map(|a| a.method.as_str()).collect();
    assert_eq!(methods, ["PUT", "GET", "GET", "GET", "GET"]);
}

#[test]
fn a_call_whose_wait_is_over_finds_a_thread() {
    // The first read is tried again after a second; meanwhile another call's send stalls.
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Mutex::new(released);
    let server = Listener::serving(move |request| {
        if request.method == "PUT" {
            let _ = released.lock().unwrap().recv();
            return answer(200, "1");
        }
        let mut refused = answer(503, "");
        refused.headers.push(("Retry-After".into(), "1".into()));
        match count.fetch_add(1, Ordering::SeqCst) {
            0 => refused,
            _ => answer(200, "1"),
        }
    });
    let client = server.client().build().unwrap();
    let read = client.get_qualification(CUSTOMER, &none());
    let early = read.step(milliseconds(300));
    let stalled = updating(&client, CUSTOMER);
    assert!(matches!(stalled.step(milliseconds(100)), Step::Waiting));
    let ended = match early {
        Step::Waiting => read.step(Duration::from_secs(30)),
        ended => ended,
    };
    assert!(matches!(ended, Step::Done(Ok(_))), "{ended:?}");
    // Only now: the read did not wait for it.
    release.send(()).unwrap();
    assert!(matches!(
        stalled.step(Duration::from_secs(30)),
        Step::Done(Ok(_))
    ));
}

#[test]
fn a_call_that_waits_in_line_too_long_says_so() {
    let server = Listener::stalling();
    let client = server
        .client()
        .connect_timeout(milliseconds(100))
        .build()
        .unwrap();
    let busy: Vec<_> = (0..64).map(|_| updating(&client, CUSTOMER)).collect();
    for call in &busy {
        assert!(matches!(call.step(Duration::ZERO), Step::Waiting));
    }
    let mut options = none();
    options.deadline = Some(milliseconds(300));
    let queued = client.get_qualification(CUSTOMER, &options);
    let Step::Done(Err(error)) = queued.step(Duration::from_secs(30)) else {
        panic!("no end");
    };
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.attempts().is_empty());
}

#[test]
fn a_call_that_nobody_observes_tells_of_its_late_end_only() {
    let (server, _) = in_turn(vec![answer(200, "1")]);
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    let late = move |_: &Event| {
        count.fetch_add(1, Ordering::SeqCst);
    };
    let client = server.client().events_to_waiter(late).build().unwrap();
    let mut options = none();
    options.unobserved = true;
    let call = client.get_qualification(CUSTOMER, &options);
    assert!(matches!(
        call.step(Duration::from_secs(30)),
        Step::Done(Ok(_))
    ));
    assert_eq!(told.load(Ordering::SeqCst), 0);
    // One that never began has nothing to tell, either.
    drop(client.get_qualification(CUSTOMER, &none()));
    assert_eq!(told.load(Ordering::SeqCst), 0);
    // On the calling thread nobody takes steps: the listener hears of all of it.
    client.get_qualification(CUSTOMER, &none()).wait().unwrap();
    assert_eq!(told.load(Ordering::SeqCst), 3);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async { client.get_qualification(CUSTOMER, &none()).wait().unwrap() });
    assert_eq!(told.load(Ordering::SeqCst), 6);
}

#[test]
fn events_say_what_a_log_may_hold_and_late_ones_say_so() {
    let (arrived, arrival) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Mutex::new(released);
    let server = Listener::serving(move |_| {
        arrived.send(()).unwrap();
        let _ = released.lock().unwrap().recv();
        answer(200, "1")
    });
    let (told, late) = std::sync::mpsc::channel();
    let told = Mutex::new(told);
    let client = server
        .client()
        .events_to_waiter(move |event| told.lock().unwrap().send(event.clone()).unwrap())
        .build()
        .unwrap();
    let call = updating(&client, CUSTOMER);
    assert!(matches!(call.step(Duration::from_secs(30)), Step::Event(_)));
    arrival.recv().unwrap();
    assert_eq!(call.cancel().outcome(), Outcome::Unknown);
    release.send(()).unwrap();
    let patience = Duration::from_secs(30);
    let attempt: Event = late.recv_timeout(patience).unwrap();
    let end = late.recv_timeout(patience).unwrap();
    assert_eq!(
        (attempt.name, end.name),
        (EventName::Attempt, EventName::End)
    );
    assert!(attempt.late && end.late);
    assert_eq!(end.outcome, Some(Outcome::Applied));
    let shown = format!("{attempt}\n{end}");
    assert!(shown.contains("PUT applied, status 200"), "{shown}");
    assert!(!shown.contains(CUSTOMER), "{shown}");
}

#[test]
fn a_list_that_leads_in_a_circle_or_away_ends_with_an_error() {
    let page = |uri: &str, token: &str| {
        let link = format!(
            r#"{{"uri":"{uri}","method":"GET","headers":[{{"key":"MS-ContinuationToken","value":"{token}"}}]}}"#
        );
        answer(200, format!(r#"{{"items":[],"links":{{"next":{link}}}}}"#))
    };
    let list = |answers: Vec<Response>| {
        let (server, asked) = in_turn(answers);
        let client = hasty(&server);
        let mut page = client.list_customers(None, None, &none()).wait();
        while let Ok(Some(next)) = page.as_ref().map(|page| page.next.clone()) {
            page = client.next_customers(&next, &none()).wait();
        }
        (
            page.err().map(|error| error.reason().unwrap()),
            asked.load(Ordering::SeqCst),
        )
    };
    let next = "/v1/customers?seekOperation=Next";
    // A, B, A: not only the last one counts.
    let circle = vec![page(next, "A"), page(next, "B"), page(next, "A")];
    assert_eq!(list(circle), (Some(Reason::RepeatedPage), 3));
    for uri in [
        "https://api.partnercenter.microsoft.com/v1/customers?size=1",
        "//evil.example/customers",
        "/v1/customers/../invoices",
        "/v1/customers/all/validations",
        "customers",
        "",
    ] {
        assert_eq!(
            list(vec![page(uri, "A")]),
            (Some(Reason::ForeignLink), 1),
            "{uri}"
        );
    }
    for (uri, token) in [
        (next, "a\\r\\nb"),
        (next, "\u{e9}"),
        ("/customers?a=%FF", "A"),
    ] {
        assert_eq!(
            list(vec![page(uri, token)]),
            (Some(Reason::ForeignLink), 1),
            "{uri}"
        );
    }
    let gone = vec![page(next, "A"), answer(404, "")];
    assert_eq!(list(gone), (Some(Reason::PageNotFound), 2));
    let end = vec![page(next, "A"), answer(200, r#"{"items":[]}"#)];
    assert_eq!(list(end), (None, 2));
}

#[test]
fn a_link_cannot_set_the_library_s_own_headers() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&seen);
    let first = r#"{"items":[],"links":{"next":{"uri":"/customers?a=b%26c","headers":[
        {"key":"Authorization","value":"Bearer stolen"},{"key":"Host","value":"evil"},
        {"key":"MS-RequestId","value":"1"},{"key":"MS-ContinuationToken","value":"AQ=="},
        {"key":"MS-Odd\\r\\nX","value":"1"}]}}}"#;
    let server = Listener::serving(move |request| {
        let mut log = log.lock().unwrap();
        log.push(format!("{:?}", request.headers).to_lowercase());
        log.push(request.query.clone().unwrap_or_default());
        answer(
            200,
            if log.len() == 2 {
                first
            } else {
                r#"{"items":[]}"#
            },
        )
    });
    let client = hasty(&server);
    let page = client.list_customers(None, None, &none()).wait().unwrap();
    let next = client.next_customers(&page.next.unwrap(), &none()).wait();
    assert!(next.unwrap().next.is_none());
    let seen = seen.lock().unwrap();
    assert!(seen[2].contains("ms-continuationtoken") && seen[2].contains("aq=="));
    for never in ["stolen", "evil", "ms-odd"] {
        assert!(!seen[2].contains(never), "{}", seen[2]);
    }
    assert_eq!(seen[3], "a=b%26c");
}
