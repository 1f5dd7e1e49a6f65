//! Cases whose client comes through a proxy.

use super::*;
use crate::authority::PROXIED_HOST;
use crate::testing::tls::over;
use std::net::TcpStream;

const CONNECT: &str = "CONNECT api.partnercenter.example:443 HTTP/1.1\r\n\
    Host: api.partnercenter.example:443\r\n\
    Proxy-Authorization: Basic dXNlcjppbnZlbnRlZC1wcm94eS1wYXNzd29yZA==\r\n\r\n";

fn running(server: &str, entries: &[Value]) -> Running {
    let fixtures = Fixtures::new();
    fixtures.recording("one", entries);
    let recording = (!entries.is_empty()).then_some("one");
    fixtures.server_case("put/one", server, recording);
    Running::on(fixtures)
}

/// A connection to the proxy, and the head of what it answers to `request`.
fn ask(running: &Running, request: &str) -> (TcpStream, String) {
    let mut socket = plain(running.replay.proxy_port().unwrap());
    socket.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    (socket, String::from_utf8(head).unwrap())
}

fn tunnel(running: &Running) -> Tls {
    let (socket, head) = ask(running, CONNECT);
    assert_eq!(head, "HTTP/1.1 200 Connection Established\r\n\r\n");
    over(socket, running.authority.pem(), PROXIED_HOST, "http/1.1")
}

#[test]
fn a_tunnel_leads_to_the_replay() {
    let mut named = second_entry();
    named["response"]["content"] = json!({"text": "${api}/x"});
    let running = running("proxy", &[entry(), named]);
    let mut stream = tunnel(&running);
    assert_eq!(exchange(&mut stream, PUT).status(), 200);
    let reply = exchange(&mut stream, &second_put());
    assert_eq!(reply.text(), "https://api.partnercenter.example/x");
    assert_eq!(running.finish(), clean(2));
    assert_eq!(stream.read(&mut [0]).unwrap_or_default(), 0);
}

#[test]
fn faults_are_played_within_a_tunnel() {
    let faults = [
        with_fault("connection", "reset"),
        with_fault("body", "close"),
    ];
    let running = running("proxy", &faults);
    for kind in [ErrorKind::ConnectionReset, ErrorKind::UnexpectedEof] {
        let mut stream = tunnel(&running);
        stream.write_all(PUT.as_bytes()).unwrap();
        assert_eq!(rest(&mut stream).1, kind);
    }
    assert_eq!(running.finish(), clean(1));
}

#[test]
fn the_port_that_stands_for_the_authority_is_reached_too() {
    let running = running("proxy", &[entry()]);
    let target = format!("127.0.0.1:{}", running.replay.port());
    let connect = CONNECT.replace("api.partnercenter.example:443", &target);
    let (socket, _) = ask(&running, &connect);
    let mut stream = over(socket, running.authority.pem(), "127.0.0.1", "http/1.1");
    assert_eq!(exchange(&mut stream, PUT).status(), 200);
    assert_eq!(running.finish(), clean(1));
}

#[test]
fn a_proxy_refuses_or_closes() {
    for (server, status) in [
        (
            "proxy_407",
            "HTTP/1.1 407 Proxy Authentication Required\r\n",
        ),
        ("proxy_502", "HTTP/1.1 502 Bad Gateway\r\n"),
        ("proxy_close", ""),
    ] {
        let running = running(server, &[]);
        let (mut socket, head) = ask(&running, CONNECT);
        assert!(head.starts_with(status), "{head}");
        assert_eq!(head.is_empty(), status.is_empty());
        let challenges = head.contains("\r\nProxy-Authenticate: Basic realm=");
        assert_eq!(challenges, server == "proxy_407");
        assert_eq!(socket.read(&mut [0]).unwrap(), 0);
        assert_eq!(running.finish(), clean(0));
    }
}

#[test]
fn a_tunnel_may_lead_to_what_is_no_tls() {
    let running = running("proxy_not_tls", &[]);
    let error = tunnel(&running).write_all(PUT.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("InvalidContentType"), "{error}");
    assert_eq!(running.finish(), clean(0));
}

#[test]
fn http_to_a_proxy_that_does_not_lead_on_is_a_failure() {
    for server in ["proxy_407", "proxy_502", "proxy_not_tls"] {
        let running = running(server, &[]);
        let (mut socket, _) = ask(&running, CONNECT);
        socket.write_all(PUT.as_bytes()).unwrap();
        socket.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = socket.read_to_end(&mut Vec::new());
        let count = PUT.len();
        let failure = format!("server {server}: {count} bytes of HTTP reached it");
        assert_eq!(running.finish().failures, [failure]);
    }
}

#[test]
fn what_is_wrong_with_a_request_to_the_proxy_is_a_failure() {
    let elsewhere = CONNECT.replacen("api.partnercenter.example", "other.example", 1);
    let with = |header: &str| CONNECT.replace("Host:", &format!("{header}\r\nHost:"));
    for (request, problem) in [
        (PUT, "expected CONNECT, got PUT /v1/customers"),
        (&elsewhere, "no tunnel leads to other.example:443"),
        (&with("Authorization: Bearer x"), "a token was shown to it"),
        (&with("X-Token: first-token"), "a token was shown to it"),
        (
            &(CONNECT.to_owned() + "\x16"),
            "bytes came before the tunnel",
        ),
    ] {
        let running = running("proxy", &[]);
        let (_socket, head) = ask(&running, request);
        assert!(head.starts_with("HTTP/1.1 599 "), "{head}");
        let failures = running.finish().failures;
        assert_eq!(failures.len(), 1);
        let whole = format!("the proxy: {problem}");
        assert!(failures[0].starts_with(&whole), "{failures:?}");
        for secret in ["first-token", "dXNlcjpp"] {
            assert!(!failures[0].contains(secret), "{failures:?}");
        }
    }
}

#[test]
fn nobody_may_go_past_the_proxy() {
    let running = running("proxy", &[entry()]);
    assert!(running.connect().write_all(b"x").is_err());
    let failures = running.finish().failures;
    assert_eq!(failures[0], "a connection was made past the proxy");
    assert!(failures[1].contains("entry 1: never requested"));
}

#[test]
fn only_a_proxys_case_has_its_port() {
    let plain = Running::new(&[]);
    assert_eq!(plain.replay.proxy_port(), None);
    let proxied = running("proxy", &[entry()]);
    assert_ne!(proxied.replay.proxy_port(), Some(proxied.replay.port()));
}
