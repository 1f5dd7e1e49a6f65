//! What a broken wire comes to: the kind, and above all the outcome.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use partner_center::{
    AttemptClass, CallOptions, Client, Error, ErrorKind, Outcome, Reason, StaticToken,
};
use partner_center_test_server::authority::Authority;
use partner_center_test_server::replay::Replay;
use wire::{CUSTOMER, Listener, impatient, once, read_request, update};

fn read(client: &Client) -> Error {
    client
        .get_qualification(CUSTOMER, &CallOptions::default())
        .wait()
        .unwrap_err()
}

fn assert_unknown(error: &Error, reason: Reason) {
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert_eq!(error.reason(), Some(reason), "{error}");
    assert_eq!(error.attempts().len(), 1, "{error}");
    assert_eq!(error.attempts()[0].class, AttemptClass::Unknown);
}

/// `tries`: one, or three more where another connection may come about.
fn assert_not_sent(error: &Error, kind: ErrorKind, tries: usize) {
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(error.outcome(), Outcome::NotApplied, "{error}");
    assert_eq!(error.attempts().len(), tries, "{error}");
    let mut attempts = error.attempts().iter();
    assert!(attempts.all(|attempt| attempt.class == AttemptClass::NotSent));
    assert!(error.to_string().contains("The customer was not changed."));
}

#[test]
fn a_refused_connection_is_not_sent() {
    // A port that is taken, and on which nobody listens: that of a connection's other end.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let port = taken.local_addr().unwrap().port();
    let client = Client::builder(StaticToken::new("t"))
        .base_url(format!("http://localhost:{port}"))
        .allow_http_loopback(true)
        .time_scale(10_000)
        .build()
        .unwrap();
    assert_not_sent(&update(&client).unwrap_err(), ErrorKind::Connection, 4);
}

#[test]
fn an_untrusted_certificate_is_not_sent_and_sees_no_byte_of_http() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let (trusted, other) = (Authority::new().unwrap(), Authority::new().unwrap());
    let server = Replay::start(&other, &fixtures, "update_qualification/refused_none").unwrap();
    let client = Client::builder(StaticToken::new("t"))
        .base_url(format!("https://127.0.0.1:{}", server.port()))
        .only_ca_certificates(trusted.pem())
        .build()
        .unwrap();
    assert_not_sent(&update(&client).unwrap_err(), ErrorKind::Tls, 1);
    let verdict = server.finish();
    assert_eq!((verdict.requests, verdict.failures), (0, Vec::new()));
}

#[test]
fn a_plaintext_port_behind_https_is_not_sent() {
    let server = Listener::answering("HTTP/1.1 200 OK\r\n\r\n");
    let client = Client::builder(StaticToken::new("t"))
        .base_url(format!("https://127.0.0.1:{}", server.port))
        .only_ca_certificates(Authority::new().unwrap().pem())
        .connect_timeout(wire::milliseconds(500))
        .time_scale(10_000)
        .build()
        .unwrap();
    let error = update(&client).unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotApplied, "{error}");
    assert_eq!(error.attempts()[0].class, AttemptClass::NotSent);
}

#[test]
fn a_proxy_that_refuses_the_tunnel_is_named_without_its_password() {
    let proxy = Listener::answering("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let client = Client::builder(StaticToken::new("t"))
        .proxy(format!(
            "http://user:proxy-password@127.0.0.1:{}",
            proxy.port
        ))
        .build()
        .unwrap();
    let error = update(&client).unwrap_err();
    assert_not_sent(&error, ErrorKind::Proxy, 1);
    let text = format!("{error} {error:?}");
    assert!(
        text.contains(&format!("127.0.0.1:{}", proxy.port)),
        "{text}"
    );
    assert!(!text.contains("proxy-password"), "{text}");
}

#[test]
fn a_connection_that_closes_without_an_answer_leaves_it_unknown() {
    let server = Listener::answering("");
    let client = once(server.client());
    let error = update(&client).unwrap_err();
    assert_unknown(&error, Reason::ConnectionLost);
    assert_eq!(server.connections(), 1, "it was sent again");
    assert_eq!(read(&client).kind(), ErrorKind::Connection);
}

#[test]
fn no_answer_in_time_leaves_it_unknown() {
    let server = Listener::stalling();
    let client = impatient(server.client());
    let error = update(&client).unwrap_err();
    assert_unknown(&error, Reason::Timeout);
    let error = read(&client);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.outcome(), Outcome::NotApplied);
}

#[test]
fn a_body_that_breaks_off_leaves_it_unknown() {
    for (answer, reason) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n\"educ",
            Reason::ConnectionLost,
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n\"edu",
            Reason::ConnectionLost,
        ),
        ("garbage\r\n\r\n", Reason::UnreadableBody),
    ] {
        let server = Listener::answering(answer);
        let error = update(&once(server.client())).unwrap_err();
        assert_unknown(&error, reason);
        assert_eq!(server.connections(), 1, "it was sent again");
    }
}

#[test]
fn a_body_that_drips_is_given_up_at_the_attempts_end() {
    let server = Listener::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(wire::milliseconds(20));
        }
    });
    let error = update(&impatient(server.client())).unwrap_err();
    assert_unknown(&error, Reason::Timeout);
}

#[test]
fn a_body_over_the_limit_is_not_read_to_its_end() {
    let server = Listener::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [b"1000\r\n".as_slice(), &[b' '; 0x1000], b"\r\n"].concat();
        // Endless: only a client that stops reading ends this.
        while stream.write_all(&chunk).is_ok() {}
    });
    let client = once(server.client());
    assert_unknown(&update(&client).unwrap_err(), Reason::TooLarge);
    let error = read(&client);
    assert_eq!(
        (error.kind(), error.reason()),
        (ErrorKind::Protocol, Some(Reason::TooLarge))
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let target = Listener::answering("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n\"education\"");
    for status in [301, 302, 303, 307, 308] {
        let server = Listener::answering(format!(
            "HTTP/1.1 {status} Moved\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:{}/\r\n\r\n",
            target.port
        ));
        assert_unknown(
            &update(&once(server.client())).unwrap_err(),
            Reason::Redirect,
        );
        assert_eq!(server.connections(), 1);
    }
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_compressed_answer_is_not_unpacked() {
    // gzip of "education" with its quotes; the client never offered to take it.
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x53\x4a\x4d\x29\x4d\x4e\x2c\xc9\xcc\xcf\x53\x02\x00\x43\xf8\x99\x39\x0b\x00\x00\x00";
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    );
    let server = Listener::answering([head.as_bytes(), packed].concat());
    assert_unknown(
        &update(&once(server.client())).unwrap_err(),
        Reason::UnreadableBody,
    );
}

#[test]
fn a_certificate_bundle_that_is_none_is_named() {
    let build = |pem: &str| {
        let error = Client::builder(StaticToken::new("t"))
            .ca_certificates(pem)
            .build()
            .err()
            .unwrap();
        (error.kind(), error.to_string())
    };
    for pem in [
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
    ] {
        let (kind, text) = build(pem);
        assert_eq!(kind, ErrorKind::InvalidArgument);
        assert!(text.contains("ca_certificates"), "{text}");
    }
}

/// A thread's blocked signals, by its name's beginning.
#[cfg(target_os = "linux")]
fn blocked(name: &str) -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let of = |task: std::path::PathBuf| {
        let status = std::fs::read_to_string(task.join("status")).unwrap_or_default();
        let is_it = status.starts_with(&format!("Name:\t{name}"));
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigBlk:\t"))?;
        is_it.then(|| u64::from_str_radix(mask, 16).unwrap())
    };
    tasks
        .filter_map(|task| of(task.unwrap().path()))
        .next()
        .unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_lost_connection_ends_no_process_that_leaves_its_signals_alone() {
    const SIGPIPE: u64 = 1 << 12;
    std::thread::Builder::new()
        .name("builds".into())
        .spawn(|| {
            let _client = Client::builder(StaticToken::new("t")).build().unwrap();
            assert_ne!(blocked("reqwest-interna") & SIGPIPE, 0);
            assert_eq!(blocked("builds") & SIGPIPE, 0);
        })
        .unwrap()
        .join()
        .unwrap();
}
