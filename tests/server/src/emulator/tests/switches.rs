//! What can be switched. Time is put forward here, never waited for.

use super::*;
use std::io::{ErrorKind, Read};

mod audit;
mod forms;
mod gates;
mod losses;
mod reads;
mod repeats;

/// How an exchange ends.
#[derive(Debug)]
enum Seen {
    Reply(Reply),
    Closed,
    Reset,
}

impl Seen {
    fn reply(self) -> Reply {
        match self {
            Self::Reply(reply) => reply,
            other => panic!("no reply: {other:?}"),
        }
    }

    fn status(self) -> u16 {
        self.reply().status()
    }
}

fn with(switches: Switches) -> Emulator {
    let options = EmulatorOptions {
        switches,
        ..EmulatorOptions::default()
    };
    Emulator::start(options).unwrap()
}

/// The id of a test's write: `id(1)` and so on.
fn id(number: u32) -> String {
    format!("aaaaaaaa-0000-4000-8000-{number:012}")
}

fn text(emulator: &Emulator, method: &str, target: &str, id: &str, body: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nAuthorization: Bearer {}\r\nMS-RequestId: {id}\r\n\
         MS-CorrelationId: of-{id}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        emulator.token(),
        body.len()
    )
}

/// Reads to the end, whatever comes. A 204 has no length.
fn see(stream: &mut impl Read) -> Seen {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::ConnectionReset => return Seen::Reset,
        Err(error) => panic!("{error}"),
        Ok(0) => return Seen::Closed,
        Ok(_) => {}
    }
    let head = String::from_utf8_lossy(&bytes);
    if head.starts_with("HTTP/1.1 204 ") {
        assert!(head.ends_with("\r\n\r\n"), "{head}");
        bytes.truncate(bytes.len() - 2);
        bytes.extend(b"Content-Length: 0\r\n\r\n");
    }
    Seen::Reply(read_reply(&mut bytes.as_slice()).unwrap())
}

fn send(emulator: &Emulator, method: &str, target: &str, id: &str, body: &str) -> Seen {
    let mut socket = plain(port(emulator));
    let request = text(emulator, method, target, id, body);
    socket.write_all(request.as_bytes()).unwrap();
    see(&mut socket)
}

/// Sets Education.
fn set(emulator: &Emulator, customer: &str, id: &str) -> Seen {
    send(emulator, "PUT", &path(customer), id, "1")
}

/// Sets GovernmentCommunityCloud.
fn set_government(emulator: &Emulator, customer: &str, id: &str, code: &str) -> Seen {
    let target = format!("{}?code={code}", path(customer));
    send(emulator, "PUT", &target, id, "3")
}

fn plural(customer: &str) -> String {
    path(customer) + "s"
}

/// Asks for Education.
fn ask(emulator: &Emulator, customer: &str, id: &str) -> Seen {
    let body = r#"{"qualification": "Education", "educationSegment": "K12"}"#;
    send(emulator, "POST", &plural(customer), id, body)
}

fn read(emulator: &Emulator, customer: &str) -> String {
    value(&get(emulator, customer))
}

fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 3600)
}

const HOUR_MS: u64 = 3_600_000;

#[test]
fn switches_are_set_at_the_start_and_at_any_time() {
    let unavailable = Switches {
        unavailable: Chance::ALWAYS,
        ..Switches::default()
    };
    let emulator = with(unavailable.clone());
    assert_eq!(emulator.switches(), unavailable);
    assert_eq!(get(&emulator, CONTOSO).status(), 503);
    emulator.set_switches(Switches::default());
    assert_eq!(read(&emulator, CONTOSO), "none");
    emulator.set_switches(unavailable);
    assert_eq!(get(&emulator, CONTOSO).status(), 503);
}

#[test]
fn switches_are_read_from_json_with_what_is_left_out_as_by_default() {
    let read = |text: &str| serde_json::from_str::<Switches>(text);
    assert_eq!(read("{}").unwrap(), Switches::default());
    let given = r#"{"lost": "after_applying", "lost_as": "server_error", "lost_when": {"next": 2},
                    "deduplication": "in_progress", "unavailable": {"permille": 5}}"#;
    let expected = Switches {
        deduplication: Deduplication::InProgress,
        lost: Loss::AfterApplying,
        lost_as: LostAs::ServerError,
        lost_when: Chance::times(2),
        unavailable: Chance::permille(5),
        ..Switches::default()
    };
    assert_eq!(read(given).unwrap(), expected);
    for wrong in [
        r#"{"lose": 1}"#,
        r#"{"lost": "always"}"#,
        r#"{"unavailable": {"times": 1}}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_table_names_every_switch() {
    let switches = serde_json::to_value(Switches::default()).unwrap();
    let switches = switches.as_object().unwrap();
    let named: std::collections::HashSet<_> = BEHAVIOURS
        .iter()
        .flat_map(|area| area.behaviours)
        .flat_map(|behaviour| behaviour.switches)
        .copied()
        .collect();
    for name in &named {
        assert!(switches.contains_key(*name), "{name}");
    }
    for name in switches.keys() {
        assert!(named.contains(name.as_str()), "{name}");
    }
}

#[test]
fn the_same_seed_meets_the_same_faults() {
    let run = |seed| {
        let switches = Switches {
            seed,
            lost: Loss::AfterApplying,
            lost_when: Chance::permille(300),
            reads_fail: ReadFailure::Closed,
            reads_fail_when: Chance::permille(300),
            unauthorized: Chance::permille(200),
            unavailable: Chance::permille(200),
            ..Switches::default()
        };
        let emulator = with(switches);
        let status = |seen| match seen {
            Seen::Reply(reply) => reply.status(),
            Seen::Closed | Seen::Reset => 0,
        };
        (0..60)
            .map(|number| match number % 2 {
                0 => status(set(&emulator, CONTOSO, &id(number))),
                _ => status(send(&emulator, "GET", &path(CONTOSO), &id(number), "")),
            })
            .collect::<Vec<_>>()
    };
    let first = run(1);
    for status in [0, 200, 401, 503] {
        assert!(first.contains(&status), "{status} in {first:?}");
    }
    assert_eq!(first, run(1));
    assert_ne!(first, run(2));
}

#[test]
fn the_truth_knows_every_change_and_every_write() {
    let emulator = emulator();
    assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
    assert_eq!(set(&emulator, CONTOSO, &id(2)).status(), 200);
    assert_eq!(set(&emulator, LITWARE_COUNTY, &id(2)).status(), 400);
    assert_eq!(ask(&emulator, FABRIKAM, &id(3)).status(), 201);
    assert!(emulator.decide(FABRIKAM, Decision::Approved));
    let strange = send(&emulator, "POST", "/v1/customers", &id(4), "{}");
    assert_eq!(strange.status(), 405);
    let unsigned = format!(
        "PUT {} HTTP/1.1\r\nMS-RequestId: {}\r\n\r\n",
        path(CONTOSO),
        id(2)
    );
    assert_eq!(raw(&emulator, &unsigned).status(), 401);
    // A write without an id gets one, which the answer names.
    let request = format!(
        "PUT {} HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Length: 1\r\n\r\n1",
        path(WOODGROVE_COUNTY),
        emulator.token()
    );
    let reply = raw(&emulator, &request);
    let made_up = |name: &str| reply.header(name).unwrap().to_owned();

    let applied = |at_order, customer: &str, request_id: &str, correlation_id: &str| Applied {
        customer: customer.to_owned(),
        qualification: Qualification::Education,
        request_id: request_id.to_owned(),
        correlation_id: correlation_id.to_owned(),
        at_order,
    };
    let of = |number| format!("of-{}", id(number));
    let expected = [
        applied(1, CONTOSO, &id(1), &of(1)),
        applied(2, FABRIKAM, &id(3), &of(3)),
        applied(
            3,
            WOODGROVE_COUNTY,
            &made_up("MS-RequestId"),
            &made_up("MS-CorrelationId"),
        ),
    ];
    assert_eq!(emulator.truth(), expected);
    assert_eq!(emulator.applied(), 3);
    let writes = |arrived, refused, rejected| Writes {
        arrived,
        refused,
        rejected,
    };
    let expected = [
        (id(1), writes(1, 0, 0)),
        (id(2), writes(3, 1, 1)),
        (id(3), writes(1, 0, 0)),
        (made_up("MS-RequestId"), writes(1, 0, 0)),
    ];
    assert_eq!(emulator.writes(), expected);
    assert_eq!(emulator.writes_of(&id(2)), writes(3, 1, 1));
    assert_eq!(emulator.writes_of(&id(4)), writes(0, 0, 0));
}
