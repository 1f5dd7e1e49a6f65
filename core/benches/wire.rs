//! One client, many PUTs, microseconds a call: `wire raw|core URL CALLS`, for `make bench`.
//!
//! `raw` is reqwest as anybody would use it; `core` is `update_qualification`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Instant;

use partner_center::{CallOptions, Client, Qualification, StaticToken};

const CUSTOMER: &str = "11111111-aaaa-4aaa-8aaa-111111111111";

fn main() {
    let arguments: Vec<String> = std::env::args()
        .filter(|a| a != "--bench")
        .skip(1)
        .collect();
    let [how, url, token, calls] = arguments.as_slice() else {
        panic!("wire raw|core URL TOKEN CALLS");
    };
    let calls: u32 = calls.parse().unwrap();
    let call: Box<dyn Fn()> = match how.as_str() {
        "raw" => raw(url, token),
        "core" => core(url, token),
        other => panic!("{other}?"),
    };
    for _ in 0..calls / 10 {
        call();
    }
    let begun = Instant::now();
    for _ in 0..calls {
        call();
    }
    println!(
        "{:.2}",
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
    );
}

fn raw(url: &str, token: &str) -> Box<dyn Fn()> {
    let client = reqwest::blocking::Client::builder()
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("{url}/v1/customers/{CUSTOMER}/qualification");
    let token = token.to_owned();
    Box::new(move || {
        let answer = client
            .put(&url)
            .bearer_auth(&token)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .header("MS-RequestId", "037db222-6d8e-4d7f-ba78-df3dca33fb68")
            .header("MS-CorrelationId", "7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745")
            .header("MS-Contract-Version", "v1")
            .header("X-Locale", "en-US")
            .header("MS-PartnerCenter-Application", "bench")
            .body("1")
            .send()
            .unwrap();
        assert!(answer.status().is_success());
        assert!(answer.bytes().unwrap().ends_with(b"\"education\""));
    })
}

fn core(url: &str, token: &str) -> Box<dyn Fn()> {
    let client = Client::builder(StaticToken::new(token))
        .base_url(url)
        .allow_http_loopback(true)
        .build()
        .unwrap();
    Box::new(move || {
        let updated = client.update_qualification(
            CUSTOMER,
            &Qualification::Education,
            None,
            &CallOptions::default(),
        );
        assert_eq!(
            updated.wait().unwrap().qualification,
            Qualification::Education
        );
    })
}
