//! Servers with which a client does not get as far as HTTP.

use super::*;
use std::net::{SocketAddr, TcpStream};

fn running(server: &str) -> Running {
    let fixtures = Fixtures::new();
    fixtures.server_case("put/one", server, None);
    Running::on(fixtures)
}

/// Why a client that trusts the authority cannot write its request.
fn refusal(running: &Running, host: &'static str) -> String {
    let (ca, port) = (running.authority.pem(), running.replay.port());
    let mut stream = connect(ca, host, "http/1.1", port);
    let written = stream.write_all(PUT.as_bytes());
    let error = written.and_then(|()| stream.read(&mut [0]).map(|_| ()));
    error.unwrap_err().to_string()
}

#[test]
fn a_port_that_refuses_is_nobodys() {
    let running = running("refusing");
    let port = running.replay.port();
    for _ in 0..2 {
        let error = TcpStream::connect(("127.0.0.1", port)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    }
    assert!(std::net::TcpListener::bind(("127.0.0.1", port)).is_err());
    assert_eq!(running.finish(), clean(0));
}

#[test]
fn a_full_backlog_answers_no_connect() {
    let running = running("backlog_full");
    let address: SocketAddr = ([127, 0, 0, 1], running.replay.port()).into();
    let patience = Duration::from_millis(50);
    for _ in 0..3 {
        let error = TcpStream::connect_timeout(&address, patience).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }
    assert_eq!(running.finish(), clean(0));
    let error = TcpStream::connect(address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn a_flawed_certificate_is_refused_for_its_own_flaw() {
    for (server, flaw) in [
        ("untrusted_certificate", "UnknownIssuer"),
        ("expired_certificate", "expired"),
        ("wrong_name_certificate", "not valid for name"),
    ] {
        let running = running(server);
        for host in ["127.0.0.1", "localhost"] {
            let error = refusal(&running, host);
            assert!(error.contains(flaw), "{server}: {error}");
        }
        assert_eq!(running.finish(), clean(0));
    }
}

#[test]
fn http_to_a_peer_that_must_not_be_trusted_is_a_failure() {
    let running = running("wrong_name_certificate");
    let (ca, port) = (running.authority.pem(), running.replay.port());
    let mut stream = connect(ca, "wrong.example", "http/1.1", port);
    stream.write_all(PUT.as_bytes()).unwrap();
    assert!(rest(&mut stream).0.is_empty());
    let verdict = running.finish();
    assert_eq!(verdict.requests, 0);
    let failure = format!(
        "server wrong_name_certificate: {} bytes of HTTP or more reached it",
        PUT.len()
    );
    assert_eq!(verdict.failures, [failure]);
}

#[test]
fn an_old_version_of_tls_is_said_in_an_alert() {
    let running = running("tls_1_1");
    let error = refusal(&running, "127.0.0.1");
    assert!(error.contains("ProtocolVersion"), "{error}");
    assert_eq!(running.finish(), clean(0));
}

#[test]
fn plain_http_answers_a_handshake() {
    let running = running("plaintext");
    let error = refusal(&running, "127.0.0.1");
    assert!(error.contains("InvalidContentType"), "{error}");
    assert_eq!(running.finish(), clean(0));
}

#[test]
fn a_handshake_stalls_until_the_case_is_finished() {
    let running = running("handshake_stall");
    let (ca, port) = (running.authority.pem(), running.replay.port());
    let mut stream = connect(ca, "127.0.0.1", "http/1.1", port);
    assert!(is_silent(&mut stream));
    running.until(Account::was_met);
    let reading = std::thread::spawn(move || rest(&mut stream));
    assert_eq!(running.finish(), clean(0));
    assert!(reading.join().unwrap().0.is_empty());
}

#[test]
fn http_in_the_clear_is_counted_everywhere() {
    for server in ["tls_1_1", "plaintext", "handshake_stall"] {
        let running = running(server);
        let mut socket = plain(running.replay.port());
        socket.write_all(PUT.as_bytes()).unwrap();
        // The server reads on until then.
        socket.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = socket.read_to_end(&mut Vec::new());
        let count = PUT.len();
        let failure = format!("server {server}: {count} bytes of HTTP reached it");
        assert_eq!(running.finish().failures, [failure]);
    }
}

#[test]
fn a_server_to_which_nobody_came_was_not_played() {
    for server in [
        "untrusted_certificate",
        "expired_certificate",
        "wrong_name_certificate",
        "tls_1_1",
        "plaintext",
        "handshake_stall",
        "proxy_407",
        "proxy_502",
        "proxy_close",
        "proxy_not_tls",
    ] {
        let running = running(server);
        // A connection alone is not enough.
        drop(plain(
            running.replay.proxy_port().unwrap_or(running.replay.port()),
        ));
        let failure = format!("server {server}: could not be played: nobody came");
        assert_eq!(running.finish().failures, [failure]);
    }
    for server in ["refusing", "proxy"] {
        assert_eq!(running(server).finish(), clean(0));
    }
}
