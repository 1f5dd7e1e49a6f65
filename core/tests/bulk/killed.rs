//! A run in a process of its own that is killed in many places and resumed each time.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use partner_center::{CallOptions, ChangeEnd, Client, Plan, Report, StaticToken};
use partner_center_test_server::emulator::{Chance, Emulator, Loss, LostAs, Switches};

use crate::{Journal, client, emulator, plan, resume, run_options, schools};

/// What says that this process is the one to be killed: what to do, as JSON.
pub const CHILD: &str = "PARTNER_CENTER_BULK_CHILD";

/// Runs a plan, or goes on with its journal, until it ends or is killed.
pub fn child() {
    let told = std::env::var(CHILD).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    let client = Client::builder(StaticToken::new(text("token")))
        .base_url(text("url"))
        .allow_http_loopback(true)
        .time_scale(1_000)
        .build()
        .unwrap();
    let (journal, call, run) = (text("journal"), CallOptions::default(), run_options());
    let plan = std::fs::read_to_string(text("plan")).unwrap();
    let plan = Plan::from_json(&plan).unwrap();
    if Path::new(&journal).exists() {
        match client.resume(&journal, &run, &call).wait() {
            Ok(report) => return say(&report),
            Err(error) => assert!(error.to_string().contains("had sent nothing"), "{error}"),
        }
        std::fs::remove_file(&journal).unwrap();
    }
    say(&client.run(&plan, journal, &run, &call).wait().unwrap());
}

fn say(report: &Report) {
    let stopped = report.stopped.map(|reason| reason.as_str());
    println!(
        "{}",
        serde_json::json!({"stopped": stopped, "not_started": report.not_started})
    );
}

/// What the process to be killed is told.
pub fn told(emulator: &Emulator, journal: &Path, plan: &Path) -> String {
    let told = serde_json::json!({
        "url": emulator.url(),
        "token": emulator.token(),
        "journal": journal,
        "plan": plan,
    });
    told.to_string()
}

/// Numbers that differ from run to run and are shown where one fails.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn number_from(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().unwrap())
}

/// Ends the process once the journal has so many bytes; whether it was still there.
fn kill_at(mut child: Child, journal: &Path, size: u64) -> bool {
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "the run failed by itself");
            return false;
        }
        let now = std::fs::metadata(journal).map_or(0, |file| file.len());
        if now >= size {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        std::thread::sleep(Duration::from_micros(50));
    }
}

pub fn in_many_places() {
    let customers = usize::try_from(number_from("PARTNER_CENTER_CUSTOMERS", 400)).unwrap();
    let kills = number_from("PARTNER_CENTER_KILLS", 20);
    let seed = number_from("PARTNER_CENTER_SEED", u64::from(std::process::id()));
    println!("PARTNER_CENTER_SEED={seed}");
    let mut numbers = Numbers(seed);
    let emulator = emulator(customers, Switches::default());
    let plan = plan(&client(&emulator), &schools(1, customers));
    emulator.set_switches(Switches {
        seed,
        lost: Loss::AfterApplying,
        lost_as: LostAs::Closed,
        lost_when: Chance::permille(50),
        ..Switches::default()
    });
    let (journal, file) = (Journal::new(), Journal::new());
    std::fs::write(&file.0, plan.to_json()).unwrap();
    let told = told(&emulator, &journal.0, &file.0);
    let begun = plan.to_json().len() as u64;
    // Half of what a run writes for its changes.
    let each = 300 * customers as u64 / kills.max(1);
    let (mut killed, mut life) = (0, 0);
    // One that nobody kills in time comes to its end.
    while killed < kills && life < 3 * kills {
        life += 1;
        let child = Command::new(std::env::current_exe().unwrap())
            .env(CHILD, &told)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let size = std::fs::metadata(&journal.0).map_or(begun, |file| file.len());
        // Some right after a line or two, some later.
        let more = numbers.below(if life % 3 == 0 { 800 } else { 2 * each });
        killed += u64::from(kill_at(child, &journal.0, size + more));
        tear(&journal.0, &mut numbers);
        // Faults of both kinds.
        emulator.set_switches(Switches {
            lost: if numbers.below(2) == 0 {
                Loss::AfterApplying
            } else {
                Loss::BeforeApplying
            },
            lost_as: if numbers.below(2) == 0 {
                LostAs::Closed
            } else {
                LostAs::ServerError
            },
            ..emulator.switches()
        });
    }
    println!("killed {killed} times in {life} lives");
    assert!(killed >= kills / 2, "killed {killed} times only");
    let report = loop {
        let report = resume(&client(&emulator), &journal, &run_options());
        // A run of faults may stop it; whoever looks at it goes on.
        if report.not_started == 0 {
            break report;
        }
    };
    let truth = emulator.truth();
    let set: HashSet<&str> = truth.iter().map(|one| one.customer.as_str()).collect();
    let mut ids = HashMap::<&str, &str>::new();
    for one in &truth {
        let id = ids.entry(&one.customer).or_insert(&one.request_id);
        assert_eq!(*id, one.request_id, "two operations for {}", one.customer);
    }
    for (id, writes) in emulator.writes() {
        assert!(writes.arrived <= 2, "{id}: {writes:?}");
    }
    for result in &report.results {
        let is_set = set.contains(result.customer.as_str());
        match result.end {
            ChangeEnd::Applied => assert!(is_set, "{result:?}"),
            ChangeEnd::Unknown => assert!(result.pending.is_some()),
            _ => panic!("{result:?}"),
        }
    }
    println!("applied {}, unknown {}", report.applied, report.unknown);
    let mut ids = HashMap::<u64, String>::new();
    for line in journal.text().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(row) = line["sending"]["row"].as_u64() else {
            continue;
        };
        let id = line["sending"]["change"]["request_id"].as_str().unwrap();
        let first = ids.entry(row).or_insert_with(|| id.to_owned());
        assert_eq!(first, id, "another operation for row {row}");
    }
    let noted: HashSet<&String> = ids.values().collect();
    for (id, _) in emulator.writes() {
        assert!(noted.contains(&id), "{id} was not written down");
    }
}

/// A last line that nobody waited for may be torn by a crash of the machine.
fn tear(journal: &Path, numbers: &mut Numbers) {
    let text = std::fs::read_to_string(journal).unwrap();
    let Some(last) = text.lines().last() else {
        return;
    };
    if last.starts_with("{\"ended\"") && numbers.below(3) == 0 {
        let keep = text.len() - 1 - usize::try_from(numbers.below(last.len() as u64)).unwrap();
        std::fs::write(journal, &text[..keep]).unwrap();
    }
}
