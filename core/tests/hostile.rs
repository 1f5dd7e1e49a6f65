//! 100,000 hostile ids and codes: none changes path, host or header, and what is refused is not sent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use partner_center::{CallOptions, ErrorKind, Qualification, QualificationRequest};
use partner_center_test_server::http::Request;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use wire::{CUSTOMER, Listener, answer};

const HEADERS: [&str; 11] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "ms-contract-version",
    "ms-correlationid",
    "ms-partnercenter-application",
    "ms-requestid",
    "user-agent",
    "x-locale",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "&", "#", "+", "%", "%2e%2e", "..", "/", "\\", "?", "=", ";", "@", ":", " ", "\r\n",
            "\n", "\0", "\t", "\u{ff11}", "\u{202e}", "\u{feff}", "code=", "Host: x", "4711", "ä",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9._~-]{1,6}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn customers() -> impl Strategy<Value = String> {
    let bare = CUSTOMER.replace('-', "");
    prop_oneof![
        4 => prop::sample::select(vec![
            CUSTOMER.to_owned(),
            CUSTOMER.to_uppercase(),
            format!("{{{CUSTOMER}}}"),
            format!("urn:uuid:{CUSTOMER}"),
            bare,
        ]),
        1 => hostile(),
        1 => hostile().prop_map(|tail| format!("{CUSTOMER}{tail}")),
        1 => Just("00000000-0000-0000-0000-000000000000".to_owned()),
    ]
}

fn codes() -> impl Strategy<Value = String> {
    prop_oneof![20 => hostile(), 1 => hostile().prop_map(|code| code + &"1".repeat(10_240))]
}

#[test]
fn no_input_changes_path_host_or_header() {
    let (sent, seen) = channel::<Request>();
    let sent = Arc::new(Mutex::new(sent));
    let server = Listener::serving(move |request| {
        sent.lock().unwrap().send(request.clone()).unwrap();
        answer(200, "3")
    });
    let client = server.client().build().unwrap();
    let host = format!("127.0.0.1:{}", server.port);
    let mut runner = TestRunner::new(Config {
        cases: 100_000,
        failure_persistence: None,
        ..Config::default()
    });
    let (mut refused, mut accepted) = (0_u32, 0_u32);
    let outcome = runner.run(&(customers(), codes()), |(customer, code)| {
        let ended = client
            .update_qualification(
                &customer,
                &Qualification::GovernmentCommunityCloud,
                Some(&code),
                &CallOptions::default(),
            )
            .wait();
        if let Err(error) = ended {
            prop_assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            prop_assert!(seen.try_recv().is_err(), "sent although refused");
            return Ok(());
        }
        let request = seen.recv().unwrap();
        prop_assert_eq!(&request.method, "PUT");
        prop_assert_eq!(
            request.path.clone(),
            format!("/v1/customers/{CUSTOMER}/qualification")
        );
        let query = request.query.clone().unwrap();
        prop_assert_eq!(
            decoded(query.strip_prefix("code=").unwrap()),
            code.as_bytes()
        );
        let mut names: Vec<String> = request
            .headers
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort();
        prop_assert_eq!(names, HEADERS);
        prop_assert_eq!(request.header("host"), Some(host.as_str()));
        prop_assert_eq!(&request.body, b"3");
        Ok(())
    });
    outcome.unwrap();
    // Both kinds must have come up, or the test proves nothing.
    let mut runner = TestRunner::deterministic();
    for _ in 0..1_000 {
        let customer = customers().new_tree(&mut runner).unwrap().current();
        let preview = client.preview_update_qualification(
            customer,
            &Qualification::GovernmentCommunityCloud,
            Some("1"),
            &CallOptions::default(),
        );
        if preview.is_ok() {
            accepted += 1
        } else {
            refused += 1
        }
    }
    assert!(
        accepted > 300 && refused > 300,
        "{accepted} accepted, {refused} refused"
    );
}

#[test]
fn no_name_code_or_website_leaves_its_place() {
    let (sent, seen) = channel::<Request>();
    let sent = Arc::new(Mutex::new(sent));
    let server = Listener::serving(move |request| {
        let read = request.method == "GET" && request.path.ends_with("/qualifications");
        if !read {
            sent.lock().unwrap().send(request.clone()).unwrap();
        }
        answer(
            200,
            if request.method == "POST" {
                r#"[{"qualification":"Education"},{"qualification":"GovernmentCommunityCloud"}]"#
            } else if read {
                "[]"
            } else {
                r#"{"items":[]}"#
            },
        )
    });
    let client = server.client().build().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 10_000,
        failure_persistence: None,
        ..Config::default()
    });
    let none = CallOptions::default();
    let outcome = runner.run(&(hostile(), hostile()), |(text, other)| {
        let education = QualificationRequest::new(Qualification::Education)
            .education_segment("K12")
            .website(&text);
        let government = QualificationRequest::new(Qualification::GovernmentCommunityCloud)
            .validation_code(&other);
        for (asked, member, value) in [
            (education, "website", &text),
            (government, "validationCode", &other),
        ] {
            match client.create_qualification(CUSTOMER, &asked, &none).wait() {
                Ok(_) => {
                    let request = seen.recv().unwrap();
                    let path = format!("/v1/customers/{CUSTOMER}/qualifications");
                    prop_assert_eq!((&request.path, &request.query), (&path, &None));
                    let body: Value = serde_json::from_slice(&request.body).unwrap();
                    prop_assert_eq!(body[member].as_str(), Some(value.as_str()));
                }
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidArgument),
            }
        }
        match client.list_customers(Some(&text), Some(7), &none).wait() {
            Ok(_) => {
                let query = seen.recv().unwrap().query.unwrap();
                let filter = query.strip_prefix("size=7&filter=").unwrap();
                let filter: Value = serde_json::from_slice(&decoded(filter)).unwrap();
                prop_assert_eq!(filter["Value"].as_str(), Some(text.as_str()));
                prop_assert_eq!(filter.as_object().unwrap().len(), 3);
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidArgument),
        }
        // What could be a domain is asked of the authority, which is this server and knows none.
        let found = client.find_customer(Some(&other), None, &none).wait();
        let error = found.unwrap_err();
        if error.kind() != ErrorKind::InvalidArgument {
            let path = seen.recv().unwrap().path;
            let domain = other.trim().trim_end_matches('.').to_ascii_lowercase();
            prop_assert_eq!(
                path,
                format!("/{domain}/v2.0/.well-known/openid-configuration")
            );
        }
        prop_assert!(seen.try_recv().is_err(), "sent although refused");
        Ok(())
    });
    outcome.unwrap();
}

/// Percent-decodes once, by itself: the library's own encoder must not check itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap()
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => byte,
            other => panic!("{other:?} is not encoded"),
        });
    }
    out
}
