use partner_center::{
    CallOptions, Change, ChangeEnd, ChangeOperation, ErrorKind, Outcome, Plan, Qualification,
    StopReason,
};
use partner_center_test_server::emulator::{
    Chance, Deduplication, Emulator, Loss, LostAs, Switches, seed,
};
use serde_json::{Value, json};

use crate::{Journal, client, emulator, killed, plan, planned, resume, run, run_options, schools};

/// The lines of a journal.
fn lines(journal: &Journal) -> Vec<Value> {
    let text = journal.text();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// Leaves a journal as a process does that is killed right after the line before this one.
fn cut_before(journal: &Journal, wanted: impl Fn(&Value) -> bool) -> String {
    let text = journal.text();
    let cut: usize = text
        .lines()
        .take_while(|line| !wanted(&serde_json::from_str(line).unwrap()))
        .map(|line| line.len() + 1)
        .sum();
    assert!(cut < text.len(), "no such line");
    std::fs::write(&journal.0, &text[..cut]).unwrap();
    text[cut..].to_owned()
}

fn error_of(client: &partner_center::Client, journal: &Journal) -> String {
    let call = CallOptions::default();
    let error = client.resume(&journal.0, &run_options(), &call).wait();
    let error = error.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Journal, Outcome::NotApplied)
    );
    error.to_string()
}

pub fn refuses_what_is_none() {
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let journal = Journal::new();
    assert!(error_of(&client, &journal).contains("could not be read"));
    std::fs::write(&journal.0, "{\"jour").unwrap();
    assert!(error_of(&client, &journal).contains("had sent nothing"));
    std::fs::write(&journal.0, "customer,qualification\n").unwrap();
    assert!(error_of(&client, &journal).contains("line 1"));
    std::fs::remove_file(&journal.0).unwrap();

    let plan = plan(&client, &schools(1, 3));
    run(&client, &plan, &journal, &run_options());
    let text = journal.text();
    let call = CallOptions::default();
    let again = client.run(&plan, &journal.0, &run_options(), &call).wait();
    let again = again.unwrap_err().to_string();
    assert!(again.contains("Resume it"), "{again}");
    assert_eq!(journal.text(), text, "what is there is left alone");
    let torn = text.split_once('\n').unwrap().1;
    std::fs::write(&journal.0, torn).unwrap();
    assert!(error_of(&client, &journal).contains("does not begin as one"));
    let newer = text.replace("\"version\":1,", "\"version\":2,");
    std::fs::write(&journal.0, newer).unwrap();
    assert!(error_of(&client, &journal).contains("does not know"));
    // An altered plan, an altered line in the middle, a plan that is not whole.
    let id = seed::generated_id(2);
    std::fs::write(&journal.0, text.replace(&id, seed::CONTOSO)).unwrap();
    assert!(error_of(&client, &journal).contains("altered"));
    std::fs::write(&journal.0, text.replace("{\"ended\"", "{\"endet\"")).unwrap();
    assert!(error_of(&client, &journal).contains("altered"));
    let whole: Vec<&str> = text.lines().take(3).collect();
    std::fs::write(&journal.0, whole.join("\n") + "\n").unwrap();
    assert!(error_of(&client, &journal).contains("not whole"));
}

pub fn has_one_writer() {
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let journal = Journal::new();
    run(
        &client,
        &plan(&client, &schools(1, 3)),
        &journal,
        &run_options(),
    );
    let held = std::fs::File::open(&journal.0).unwrap();
    held.lock().unwrap();
    assert!(error_of(&client, &journal).contains("another run"));
    // A process that another test has begun this moment holds the file too.
    held.unlock().unwrap();
    resume(&client, &journal, &run_options());
}

pub fn tolerates_a_torn_line() {
    let emulator = emulator(20, Switches::default());
    let client = client(&emulator);
    let journal = Journal::new();
    run(
        &client,
        &plan(&client, &schools(1, 20)),
        &journal,
        &run_options(),
    );
    let rest = cut_before(&journal, |line| line["ended"]["row"] == json!(12));
    journal.append(&rest[..20]);
    let report = resume(&client, &journal, &run_options());
    assert!(report.torn);
    assert_eq!(report.applied + report.already_set, 20);
    assert_eq!(emulator.applied(), 20);
    assert!(!resume(&client, &journal, &run_options()).torn);
}

pub fn a_full_disk_sends_nothing() {
    // /dev/full takes no byte; a journal there cannot even be begun.
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &schools(1, 3));
    let before = emulator.requests().len();
    for path in ["/dev/full/journal", "/nowhere/at/all/journal"] {
        let call = CallOptions::default();
        let error = client.run(&plan, path, &run_options(), &call).wait();
        let error = error.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Journal, Outcome::NotApplied)
        );
    }
    assert_eq!(emulator.requests().len(), before);
    // A disk that is full in the middle: what was not written down is not sent.
    let emulator = crate::emulator(200, Switches::default());
    let plan = crate::plan(&crate::client(&emulator), &schools(1, 200));
    let (journal, file) = (Journal::new(), Journal::new());
    std::fs::write(&file.0, plan.to_json()).unwrap();
    let told = killed::told(&emulator, &journal.0, &file.0);
    // A file of 60 KB is the largest that this process may write; the signal for it is ignored.
    let limited = "trap '' XFSZ; ulimit -f 120; exec \"$0\"";
    let child = std::process::Command::new("dash")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .env(killed::CHILD, told)
        .output()
        .unwrap();
    let said = String::from_utf8(child.stdout).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["stopped"], json!("journal"), "{said}");
    let not_started = said["not_started"].as_u64().unwrap();
    assert!((1..200).contains(&not_started), "{said}");
    for (id, _) in emulator.writes() {
        assert!(journal.text().contains(&id), "{id} was not written down");
    }
    let report = resume(&crate::client(&emulator), &journal, &run_options());
    assert_eq!(
        (report.applied, report.unknown),
        (200, 0),
        "{:?}",
        report.detail
    );
}

pub fn settles_what_was_open() {
    // Applied, and the process died before its answer was written down.
    let emulator = emulator(20, Switches::default());
    let client = client(&emulator);
    let journal = Journal::new();
    run(
        &client,
        &plan(&client, &schools(1, 20)),
        &journal,
        &run_options(),
    );
    cut_before(&journal, |line| line["ended"]["row"] == json!(5));
    let writes = emulator.writes().len();
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.applied + report.already_set, 20);
    assert_eq!(
        emulator.writes().len(),
        writes,
        "nothing is sent for what is settled by a read"
    );
    let read = report.results.iter().find(|one| one.row == 5).unwrap();
    assert_eq!(read.end, ChangeEnd::Applied);

    // Sent, and never arrived: by the same id once more, after reads.
    let emulator = crate::emulator(3, Switches::default());
    let client = crate::client(&emulator);
    let journal = Journal::new();
    emulator.set_switches(Switches {
        lost: Loss::BeforeApplying,
        lost_as: LostAs::Closed,
        ..Switches::default()
    });
    let report = run(
        &client,
        &plan(&client, &schools(1, 3)),
        &journal,
        &run_options(),
    );
    assert_eq!((report.unknown, report.not_started), (1, 2));
    cut_before(&journal, |line| !line["lost"].is_null());
    emulator.set_switches(Switches::default());
    let id = report.results[0].request_id.clone().unwrap();
    let arrived = emulator.writes_of(&id).arrived;
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.applied, 3, "{report:#?}");
    assert_eq!(report.results[0].request_id.as_deref(), Some(id.as_str()));
    assert_eq!(emulator.writes_of(&id).arrived, arrived + 1);
}

/// A journal whose only request was made so long ago, and left no trace.
fn open_since(journal: &Journal, seconds: i64) {
    let text = journal.text();
    let sending = lines(journal);
    let sending = sending
        .iter()
        .find(|line| !line["sending"].is_null())
        .unwrap();
    let at = sending["sending"]["change"]["first_sent"].as_i64().unwrap();
    let aged = text.replace(&at.to_string(), &(at - seconds * 1000).to_string());
    std::fs::write(&journal.0, aged).unwrap();
}

/// A run that met these faults and was killed before it wrote down that its first answer is lost.
fn killed_at_loss(
    operation: ChangeOperation,
    changes: &[Change],
    faults: Switches,
) -> (Emulator, Plan, Journal) {
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let journal = Journal::new();
    let plan = planned(&client, operation, changes);
    emulator.set_switches(faults);
    run(&client, &plan, &journal, &run_options());
    cut_before(&journal, |line| !line["lost"].is_null());
    (emulator, plan, journal)
}

/// One whose request never arrived; by now the service is well.
fn lost_once(operation: ChangeOperation, changes: &[Change]) -> (Emulator, Plan, Journal) {
    let faults = Switches {
        lost: Loss::BeforeApplying,
        ..Switches::default()
    };
    let (emulator, plan, journal) = killed_at_loss(operation, changes, faults);
    emulator.set_switches(Switches::default());
    (emulator, plan, journal)
}

pub fn asks_for_a_flag() {
    let (emulator, _, journal) = lost_once(ChangeOperation::UpdateQualification, &schools(1, 1));
    open_since(&journal, 301);
    let client = client(&emulator);
    let writes = emulator.writes();
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.unknown, 1, "{report:#?}");
    assert!(report.results[0].pending.is_some());
    assert_eq!(
        emulator.writes(),
        writes,
        "nothing older than five minutes is sent again"
    );
    // Until an operator says so.
    let mut options = run_options();
    options.resend_older = true;
    let report = resume(&client, &journal, &options);
    assert_eq!(report.applied, 1, "{report:#?}");
    assert_eq!(emulator.applied(), 1);
    // By a clock that was set back it is not sent yet.
    for flag in [false, true] {
        let (emulator, _, journal) =
            lost_once(ChangeOperation::UpdateQualification, &schools(1, 1));
        open_since(&journal, -3_600);
        options.resend_older = flag;
        resume(&crate::client(&emulator), &journal, &options);
        assert_eq!(emulator.applied(), u64::from(flag));
    }

    // Never for Education by the current contract.
    let school = Change::new(seed::generated_id(1), "Education").education_segment("K12");
    let (emulator, _, journal) = lost_once(ChangeOperation::CreateQualification, &[school]);
    let client = crate::client(&emulator);
    let writes = emulator.writes();
    let report = resume(&client, &journal, &options);
    assert_eq!(report.unknown, 1, "{report:#?}");
    assert_eq!(emulator.writes(), writes);
    let again = resume(&client, &journal, &options);
    assert_eq!(again.unknown, 1);
    assert_eq!(emulator.writes(), writes);
}

pub fn goes_on_once_its_code_is_there() {
    let gcc = Qualification::GovernmentCommunityCloud;
    let county = Change::new(seed::WOODGROVE_COUNTY, gcc).code_name("Woodgrove");
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &[county]);
    emulator.set_switches(Switches {
        lost: Loss::BeforeApplying,
        ..Switches::default()
    });
    let mut with_code = run_options();
    with_code
        .codes
        .insert("Woodgrove".into(), seed::OPEN_CODE.into());
    let journal = Journal::new();
    run(&client, &plan, &journal, &with_code);
    cut_before(&journal, |line| !line["lost"].is_null());
    emulator.set_switches(Switches::default());
    let text = journal.text();
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.unknown, 1, "{report:#?}");
    assert_eq!(journal.text(), text, "it was only read");
    let report = resume(&client, &journal, &with_code);
    assert_eq!((report.applied, emulator.applied()), (1, 1), "{report:#?}");
}

pub fn never_repeats_what_was_answered() {
    // A success that names nothing: asked for twice, it might be done twice.
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &schools(1, 1));
    emulator.set_switches(Switches {
        lost: Loss::BeforeApplying,
        ..Switches::default()
    });
    let journal = Journal::new();
    run(&client, &plan, &journal, &run_options());
    let text = journal.text();
    cut_before(&journal, |line| !line["ended"].is_null());
    let said_done = journal
        .text()
        .replace("\"said_done\":false", "\"said_done\":true");
    assert_ne!(said_done, journal.text());
    std::fs::write(&journal.0, said_done).unwrap();
    emulator.set_switches(Switches::default());
    let writes = emulator.writes();
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.unknown, 1, "{report:#?}");
    assert_eq!(emulator.writes(), writes);
    // Two requests were made: no third.
    assert_eq!(text.matches("{\"sending\"").count(), 2, "{text}");
    std::fs::write(&journal.0, &text).unwrap();
    cut_before(&journal, |line| !line["ended"].is_null());
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.unknown, 1);
    assert_eq!(emulator.writes(), writes);
}

pub fn a_rejected_repeat_frees_no_third() {
    let faults = Switches {
        lost: Loss::AfterApplying,
        late_ms: 3_600_000,
        deduplication: Deduplication::InProgress,
        ..Switches::default()
    };
    let (emulator, _, journal) =
        killed_at_loss(ChangeOperation::UpdateQualification, &schools(1, 1), faults);
    let client = client(&emulator);
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.unknown, 1, "{report:#?}");
    // Killed after that answer: the request it was for and the one before it are both still open.
    cut_before(&journal, |line| !line["ended"].is_null());
    let text = journal.text();
    assert_eq!(text.matches("{\"sending\"").count(), 2, "{text}");
    assert!(!text.contains("{\"refused\""), "{text}");
    emulator.set_switches(Switches::default());
    let writes = emulator.writes();
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.unknown, 1, "{report:#?}");
    assert_eq!(emulator.writes(), writes);
}

pub fn keeps_what_a_resume_learns_nothing_of() {
    let (emulator, plan, journal) = lost_once(ChangeOperation::UpdateQualification, &schools(1, 1));
    let client = client(&emulator);
    // As if this version's rules refused what an earlier one has sent.
    let id = seed::generated_id(1);
    let bare = plan.to_json().replace(&id, "no-guid");
    let bare = bare.replace(&plan.fingerprint, "");
    let own = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, bare.as_bytes()).to_string();
    let text = journal.text().replace(&id, "no-guid");
    let text = text.replace(&plan.fingerprint, &own);
    std::fs::write(&journal.0, &text).unwrap();
    let writes = emulator.writes();
    for _ in 0..2 {
        let report = resume(&client, &journal, &run_options());
        assert_eq!((report.unknown, emulator.writes()), (1, writes.clone()));
        assert!(report.results[0].pending.is_some());
        let detail = report.results[0].detail.as_ref().unwrap();
        assert!(detail.contains("tenant id"), "{detail}");
        assert_eq!(journal.text(), text, "nothing was learned");
    }
}

pub fn begins_with_what_has_not_failed() {
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &schools(1, 3));
    emulator.set_switches(Switches {
        unavailable: Chance::ALWAYS,
        ..Switches::default()
    });
    let journal = Journal::new();
    let report = run(&client, &plan, &journal, &run_options());
    assert_eq!(report.stopped, Some(StopReason::FirstChanges));
    emulator.set_switches(Switches::default());
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.applied, 3);
    let lines = lines(&journal);
    let sent = lines
        .iter()
        .filter_map(|line| line["sending"]["row"].as_u64());
    let sent: Vec<u64> = sent.collect();
    assert_eq!((sent[0], sent.len()), (1, 3), "{sent:?}");
}

pub fn goes_past_what_stays_unknown() {
    let emulator = emulator(40, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &schools(1, 40));
    emulator.set_switches(Switches {
        lost: Loss::BeforeApplying,
        ..Switches::default()
    });
    let journal = Journal::new();
    let mut report = run(&client, &plan, &journal, &run_options());
    while report.unknown < 7 {
        assert_eq!(report.stopped, Some(StopReason::FirstChanges));
        report = resume(&client, &journal, &run_options());
    }
    // More than would stop a run that had begun them itself.
    emulator.set_switches(Switches::default());
    let report = resume(&client, &journal, &run_options());
    assert_eq!(report.stopped, None, "{:?}", report.detail);
    assert_eq!((report.applied, report.unknown), (33, 7));
    let size = journal.text().len();
    resume(&client, &journal, &run_options());
    assert_eq!(journal.text().len(), size, "what is no news is not written");
}
