//! Waits for a vetting: what ends them, and what they keep busy meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::future::poll_fn;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center::{
    Client, ErrorKind, EventName, Pending, Qualification, Step, Vetting, VettingEnd, WaitOptions,
};
use wire::{CUSTOMER, Listener, answer, hasty, in_turn, milliseconds, none};

const IN_REVIEW: &str = r#"[{"qualification":"Education","vettingStatus":"InReview"}]"#;
const APPROVED: &str = r#"[{"qualification":"Education","vettingStatus":"Approved"}]"#;

fn waiting(client: &Client, deadline: u64) -> Pending<Vetting> {
    let mut wait = WaitOptions::default();
    wait.deadline = Duration::from_secs(deadline);
    client.wait_for_vetting(CUSTOMER, &Qualification::Education, &wait, &none())
}

#[test]
fn a_vetting_is_waited_for_over_a_bad_hour() {
    let answers = vec![
        answer(200, "[]"),
        answer(200, IN_REVIEW),
        answer(503, ""),
        answer(503, ""),
        answer(503, ""),
        answer(503, ""),
        answer(200, APPROVED),
    ];
    let (server, _) = in_turn(answers);
    let vetting = waiting(&hasty(&server), 24 * 3600).wait().unwrap();
    assert_eq!(vetting.end, VettingEnd::Approved);
    assert_eq!(vetting.polls, 3);
    assert_eq!(vetting.trace.attempts.len(), 7);
}

#[test]
fn a_vetting_that_outlasts_the_deadline_is_no_error() {
    let (server, asked) = in_turn(vec![answer(200, IN_REVIEW)]);
    let vetting = waiting(&hasty(&server), 6_000).wait().unwrap();
    assert_eq!(vetting.end, VettingEnd::InReview);
    // Pauses of 480 to 720 s, and one more poll at the end.
    assert!((10..=14).contains(&vetting.polls), "{}", vetting.polls);
    assert_eq!(asked.load(Ordering::SeqCst), vetting.polls as usize);
}

#[test]
fn a_vetting_that_never_gets_an_answer_ends_with_its_error() {
    let (server, _) = in_turn(vec![answer(503, "")]);
    let error = waiting(&hasty(&server), 3_600).wait().unwrap_err();
    assert_eq!(error.status(), Some(503));
    let (server, asked) = in_turn(vec![answer(404, "")]);
    let error = waiting(&hasty(&server), 3_600).wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_vetting_keeps_its_own_deadline_and_what_the_service_asks() {
    // Longer than what is left: nothing more is asked, and nothing ends before its time.
    let mut refused = answer(429, "");
    refused
        .headers
        .push(("Retry-After".into(), "999999".into()));
    let (server, asked) = in_turn(vec![answer(200, IN_REVIEW), refused, answer(200, APPROVED)]);
    let waited: Arc<Mutex<Duration>> = Arc::default();
    let heard = Arc::clone(&waited);
    let client = server
        .client()
        .time_scale(1_000_000)
        .on_event(move |event| *heard.lock().unwrap() += event.wait.unwrap_or_default())
        .build()
        .unwrap();
    let vetting = waiting(&client, 24 * 3600).wait().unwrap();
    assert_eq!(vetting.end, VettingEnd::InReview);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let waited = waited.lock().unwrap().as_secs();
    assert!((24 * 3600 - 60..=24 * 3600).contains(&waited), "{waited}");

    let stalled = Listener::stalling();
    let client = stalled
        .client()
        .connect_timeout(milliseconds(100))
        .build()
        .unwrap();
    let mut wait = WaitOptions::default();
    wait.deadline = milliseconds(500);
    let call = client.wait_for_vetting(CUSTOMER, &Qualification::Education, &wait, &none());
    let error = call.wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);

    for (deadline, interval) in [
        (Duration::MAX, 600),
        (Duration::ZERO, 600),
        (Duration::from_secs(3600), 100_000),
    ] {
        let mut wait = WaitOptions::default();
        wait.deadline = deadline;
        wait.poll_interval = Duration::from_secs(interval);
        let call = client.wait_for_vetting(CUSTOMER, &Qualification::Education, &wait, &none());
        assert_eq!(call.wait().unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
}

/// The first step, which must come.
fn first_notice(call: &Pending<Vetting>) -> Step<Vetting> {
    match call.step(Duration::from_secs(30)) {
        Step::Waiting => panic!("nothing in half a minute"),
        step => step,
    }
}

#[test]
fn calls_that_wait_occupy_no_thread() {
    let (server, _) = in_turn(vec![answer(200, IN_REVIEW)]);
    let client = server.client().build().unwrap();
    // More than there are threads; each has polled once and waits for minutes.
    let calls: Vec<_> = (0..200).map(|_| waiting(&client, 24 * 3600)).collect();
    let waits = |call: &&Pending<Vetting>| match call.step(Duration::ZERO) {
        Step::Waiting => true,
        // Told already.
        Step::Progress(_) => false,
        other => panic!("{other:?}"),
    };
    let waiting: Vec<_> = calls.iter().filter(waits).collect();
    for call in waiting {
        assert!(matches!(first_notice(call), Step::Progress(_)));
    }
    let again = client.get_qualifications(CUSTOMER, &none());
    let Step::Done(Ok(read)) = again.step(Duration::from_secs(30)) else {
        panic!("no thread was free");
    };
    assert_eq!(read.qualifications.len(), 1);
}

#[test]
fn a_wait_that_was_left_polls_no_more() {
    let (server, asked) = in_turn(vec![answer(200, IN_REVIEW)]);
    let client = server.client().time_scale(2_000).build().unwrap();
    let call = waiting(&client, 24 * 3600);
    assert!(matches!(first_notice(&call), Step::Progress(_)));
    let error = call.cancel();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let polls = asked.load(Ordering::SeqCst);
    // Twice as long as the longest pause, at this scale; one poll may have been on its way.
    let mut seen = polls;
    loop {
        std::thread::sleep(milliseconds(1_000));
        let now = asked.load(Ordering::SeqCst);
        assert!(now <= polls + 1);
        if std::mem::replace(&mut seen, now) == now {
            break;
        }
    }
}

#[test]
fn an_event_loop_is_woken_for_each_step() {
    let answers = vec![
        answer(200, IN_REVIEW),
        answer(503, ""),
        answer(200, APPROVED),
    ];
    let (server, _) = in_turn(answers);
    let builder = server.client().time_scale(100_000);
    let client = builder.events_to_waiter(|_| ()).build().unwrap();
    let call = waiting(&client, 24 * 3600);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (names, progress, end) = runtime.block_on(async {
        let (mut names, mut progress) = (Vec::new(), 0);
        loop {
            match poll_fn(|context| call.poll_step(context)).await {
                Step::Event(event) => names.push(event.name),
                Step::Progress(_) => progress += 1,
                Step::Done(end) => return (names, progress, end),
                other => panic!("{other:?}"),
            }
        }
    });
    use EventName::{Attempt, End, Start, Wait};
    let expected = [Start, Attempt, Wait, Attempt, Wait, Attempt, End];
    assert_eq!(names, expected);
    assert_eq!(progress, 2);
    assert_eq!(end.unwrap().end, VettingEnd::Approved);
}
