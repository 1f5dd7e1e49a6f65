//! Runs whose caller leaves.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Instant;

use partner_center::{
    CallOptions, Change, Client, ErrorKind, Event, EventName, Outcome, Pace, Pending, Report,
    RunOptions, Step,
};
use partner_center_test_server::emulator::{Emulator, Switches};

use crate::{Journal, SECONDS, builder, emulator, plan, run_options, schools};

fn begin(
    client: &Client,
    changes: &[Change],
    journal: &Journal,
    run: &RunOptions,
) -> Pending<Report> {
    let plan = plan(client, changes);
    client.run(&plan, &journal.0, run, &CallOptions::default())
}

/// The end of a run, among what is heard.
fn end_of_run(events: &Receiver<Event>) -> Event {
    loop {
        let event = events.recv_timeout(SECONDS).unwrap();
        if (event.operation, event.name) == ("run", EventName::End) {
            return event;
        }
    }
}

/// A run of 300 changes, of which forty have ended, and its events. At fifty a second, by this
/// clock, it is left long before it ends.
fn underway(emulator: &Emulator, journal: &Journal) -> (Client, Pending<Report>, Receiver<Event>) {
    let (told, events) = std::sync::mpsc::channel();
    let client = builder(emulator)
        .on_event(move |event| drop(told.send(event.clone())))
        .build()
        .unwrap();
    let mut options = run_options();
    options.pace = Pace::new(4, Some(0.05));
    let pending = begin(&client, &schools(1, 300), journal, &options);
    for _ in 0..40 {
        while !matches!(pending.step(SECONDS), Step::Settled(_)) {}
    }
    (client, pending, events)
}

/// A thread that leaves, and is held up until the run has ended, before it lets go of the call.
struct HeldUp {
    leaving: ThreadId,
    events: Mutex<Receiver<Event>>,
    end: Mutex<Option<Event>>,
}

impl Wake for HeldUp {
    fn wake(self: Arc<Self>) {
        if thread::current().id() == self.leaving {
            *self.end.lock().unwrap() = Some(end_of_run(&self.events.lock().unwrap()));
        }
    }
}

pub fn begins_nothing_once_left() {
    let emulator = emulator(300, Switches::default());
    let journal = Journal::new();
    let (_client, pending, events) = underway(&emulator, &journal);
    let held_up = Arc::new(HeldUp {
        leaving: thread::current().id(),
        events: Mutex::new(events),
        end: Mutex::default(),
    });
    let waker = Waker::from(Arc::clone(&held_up));
    while let Poll::Ready(step) = pending.poll_step(&mut Context::from_waker(&waker)) {
        assert!(!matches!(step, Step::Done(_)), "{step:?}");
    }
    drop(pending.cancel());
    // Something else may have taken the waker: then the thread is not held up.
    let end = held_up.end.lock().unwrap().take();
    let end = end.unwrap_or_else(|| end_of_run(&held_up.events.lock().unwrap()));
    assert_eq!(end.outcome, Some(Outcome::Unknown), "{end}");
    assert_eq!(end.error, Some(ErrorKind::Cancelled), "{end}");
    assert!(end.late && end.is_grave(), "{end}");
}

pub fn can_be_left() {
    let emulator = emulator(300, Switches::default());
    let journal = Journal::new();
    let (client, pending, events) = underway(&emulator, &journal);
    let error = pending.cancel();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.to_string().contains("Of 300 changes"), "{error}");
    assert!(error.to_string().contains("Resume its journal"), "{error}");
    let end = end_of_run(&events);
    assert_eq!(end.outcome, Some(Outcome::Unknown), "{end}");
    assert!(end.late && end.is_grave(), "{end}");
    let begun = Instant::now();
    let report = loop {
        // The calls that were open let go of the journal once they are through.
        let call = CallOptions::default();
        match client.resume(&journal.0, &run_options(), &call).wait() {
            Ok(report) => break report,
            Err(error) => assert!(error.to_string().contains("another run"), "{error}"),
        }
        assert!(begun.elapsed() < SECONDS, "nobody lets go of it");
    };
    crate::sums_hold(&report);
    assert_eq!((report.applied, report.unknown), (300, 0), "{report:#?}");
    assert_eq!(emulator.applied(), 300);

    // Before anything was begun, nothing can have changed.
    let journal = Journal::new();
    let error = begin(&client, &schools(1, 3), &journal, &run_options()).cancel();
    assert_eq!(error.outcome(), Outcome::NotApplied);
}
