use super::*;
use crate::testing::tls::{Tls, connect};
use crate::testing::{Fixtures, PUT, Reply, entry, plain, read_reply};
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

mod endings;
mod misanswers;
mod proxies;
mod redirects;
mod setups;
mod sign_in;

struct Running {
    authority: Authority,
    replay: Replay,
    _fixtures: Fixtures,
}

impl Running {
    fn new(entries: &[Value]) -> Self {
        Self::on(Fixtures::with(entries))
    }

    fn on(fixtures: Fixtures) -> Self {
        let authority = Authority::new().unwrap();
        let replay = Replay::start(&authority, fixtures.path(), "put/one").unwrap();
        Self {
            authority,
            replay,
            _fixtures: fixtures,
        }
    }

    fn connect(&self) -> Tls {
        let port = self.replay.port();
        connect(self.authority.pem(), "localhost", "http/1.1", port)
    }

    /// One request on a connection of its own.
    fn send(&self, request: &str) -> Reply {
        exchange(&mut self.connect(), request)
    }

    /// Waits until the server has got as far; as with a socket, the test fails rather than hangs.
    fn until(&self, reached: impl Fn(&Account) -> bool) {
        let begin = Instant::now();
        while !reached(&self.replay.account) {
            assert!(begin.elapsed() < Duration::from_secs(20));
            std::thread::yield_now();
        }
    }

    fn finish(self) -> Verdict {
        self.replay.finish()
    }
}

fn exchange(stream: &mut Tls, request: &str) -> Reply {
    stream.write_all(request.as_bytes()).unwrap();
    read_reply(stream).unwrap()
}

fn clean(requests: u64) -> Verdict {
    Verdict {
        requests,
        redirected: 0,
        failures: Vec::new(),
    }
}

fn with_fault(point: &str, action: &str) -> Value {
    let mut entry = entry();
    entry["_fault"] = json!({"point": point, "action": action});
    entry
}

/// What arrives until the connection ends, and how it ends: `UnexpectedEof` is a FIN without a
/// word of TLS, `Other` the clean end.
fn rest(stream: &mut Tls) -> (Vec<u8>, ErrorKind) {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => (bytes, ErrorKind::Other),
        Err(error) => (bytes, error.kind()),
    }
}

/// Whether nothing arrives for a while. What a stall is cannot be seen in another way.
fn is_silent(stream: &mut Tls) -> bool {
    let allow = |stream: &Tls, time| stream.sock.set_read_timeout(Some(time)).unwrap();
    allow(stream, Duration::from_millis(50));
    let seen = stream.read(&mut [0]).map_err(|error| error.kind());
    allow(stream, Duration::from_secs(20));
    matches!(seen, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

fn second_entry() -> Value {
    let mut second = entry();
    second["request"]["postData"]["text"] = json!("1");
    second["response"]["content"] = json!({"text": "second"});
    second["_match"] = json!({"token": 2});
    second
}

fn second_put() -> String {
    let request = PUT.strip_suffix('3').unwrap().to_owned() + "1";
    request.replace("first-token", "second-token")
}

#[test]
fn the_recorded_answer_arrives() {
    let running = Running::new(&[entry()]);
    let reply = running.send(PUT);
    assert_eq!(reply.status_line, "HTTP/1.1 200 Very Well");
    assert_eq!(reply.body, b"\xEF\xBB\xBF\"education\"");
    let names: Vec<_> = reply.headers.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Content-Type", "MS-CV", "Content-Length"]);
    assert_eq!(running.finish(), clean(1));
}

#[test]
fn one_connection_serves_two_entries() {
    let running = Running::new(&[entry(), second_entry()]);
    let mut stream = running.connect();
    assert_eq!(exchange(&mut stream, PUT).status(), 200);
    assert_eq!(exchange(&mut stream, &second_put()).text(), "second");
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn a_chunked_body_and_other_white_space_match() {
    let running = Running::new(&[entry(), entry()]);
    let chunked = PUT.replace("Content-Length: 1", "Transfer-Encoding: chunked");
    let chunked = chunked.strip_suffix('3').unwrap().to_owned() + "1\r\n3\r\n0\r\n\r\n";
    assert_eq!(running.send(&chunked).status(), 200);
    let spaced = PUT.replace("Content-Length: 1", "Content-Length: 4") + " \r\n";
    assert_eq!(running.send(&spaced).status(), 200);
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn every_difference_is_599_and_a_failure() {
    let id = "037db222-6d8e-4d7f-ba78-df3dca33fb68";
    let other = "137db222-6d8e-4d7f-ba78-df3dca33fb68";
    let cases = [
        ("PUT /", "POST /", "method: expected PUT, got POST"),
        (
            "4d3cf487/",
            "4D3cf487/",
            "got /v1/customers/4D3cf487/qualif",
        ),
        ("%20", "+", "query: expected code=12%2034, got code=12+34"),
        (
            "?code=12%2034",
            "",
            "query: expected code=12%2034, got none",
        ),
        (
            id,
            other,
            &format!("header ms-requestid: expected {id}, got {other}"),
        ),
        (
            "Content-Type: application/json\r\n",
            "",
            "header content-type: expected application/json, got none",
        ),
        (
            "Host: localhost",
            "Content-Type: application/json",
            "header content-type: expected application/json, got application/json and application",
        ),
        ("\r\n\r\n3", "\r\n\r\n4", "body: expected 3, got 4"),
        ("\r\n\r\n3", "\r\n\r\nx", "body: expected 3, got x"),
        (
            "Length: 1\r\n\r\n3",
            "Length: 0\r\n\r\n",
            "body: expected 3, got none",
        ),
        (
            "first-token",
            "second-token",
            "header authorization: expected the token of position 1, got the token of position 2",
        ),
        (
            "first-token",
            "stranger",
            "got a token that the case does not have",
        ),
        (
            "Bearer first",
            "bearer first",
            "got a value that is not a bearer token",
        ),
        (
            "Authorization",
            "X-Other",
            "the token of position 1, got none",
        ),
    ];
    for (from, to, expected) in cases {
        let running = Running::new(&[entry()]);
        let request = PUT.replacen(from, to, 1);
        assert_ne!(request, PUT, "{from}");
        let reply = running.send(&request);
        assert_eq!(reply.status(), 599, "{from}");
        let verdict = running.finish();
        assert_eq!(verdict.requests, 1);
        let [failure, left] = verdict.failures.as_slice() else {
            panic!("{verdict:?}");
        };
        assert!(failure.starts_with("request 1: entry 1: "), "{failure}");
        assert!(failure.contains(expected), "{failure}");
        assert_eq!(&reply.text(), failure);
        assert!(
            left.starts_with("entry 1: never requested: PUT /v1/"),
            "{left}"
        );
    }
}

#[test]
fn a_body_where_none_is_due_is_a_failure() {
    let mut empty = entry();
    empty["request"].as_object_mut().unwrap().remove("postData");
    let running = Running::new(&[empty]);
    assert_eq!(running.send(PUT).status(), 599);
    assert!(running.finish().failures[0].contains("body: expected none, got 3"));
}

#[test]
fn the_order_counts_and_each_entry_answers_once() {
    let running = Running::new(&[entry(), second_entry()]);
    assert_eq!(running.send(&second_put()).status(), 599);
    assert_eq!(running.send(PUT).status(), 200);
    assert_eq!(running.send(PUT).status(), 599);
    assert_eq!(running.send(&second_put()).status(), 200);
    assert_eq!(running.send(PUT).status(), 599);
    let verdict = running.finish();
    assert_eq!(verdict.requests, 5);
    let [early, repeated, late] = verdict.failures.as_slice() else {
        panic!("{verdict:?}");
    };
    assert!(early.starts_with("request 1: entry 1: body"), "{early}");
    assert!(
        early.ends_with("it is entry 2, whose turn has not come"),
        "{early}"
    );
    assert!(
        repeated.ends_with("it repeats entry 1, which is used up"),
        "{repeated}"
    );
    assert!(
        late.starts_with("request 5: no entry is left: PUT /v1/"),
        "{late}"
    );
}

#[test]
fn what_nobody_asks_for_is_left_over() {
    let running = Running::new(&[entry(), second_entry()]);
    assert_eq!(running.send(PUT).status(), 200);
    let left = "entry 2: never requested: PUT /v1/customers/4d3cf487/qualification";
    assert_eq!(running.finish().failures, [left]);
}

#[test]
fn without_a_recording_every_request_is_a_failure() {
    let fixtures = Fixtures::new();
    fixtures.case("put/one", None);
    let running = Running::on(fixtures);
    assert_eq!(running.send(PUT).status(), 599);
    let verdict = running.finish();
    assert_eq!(verdict.requests, 1);
    assert!(verdict.failures[0].contains("nothing may be sent"));

    let fixtures = Fixtures::new();
    fixtures.case("put/one", None);
    assert_eq!(Running::on(fixtures).finish(), clean(0));
}

#[test]
fn finishing_does_not_wait_for_open_connections() {
    let running = Running::new(&[entry()]);
    let port = running.replay.port();
    let mut idle = running.connect();
    assert_eq!(exchange(&mut idle, PUT).status(), 200);
    let _silent = plain(port);
    let mut half = running.connect();
    half.write_all(b"PUT /v1 HT").unwrap();
    assert_eq!(running.finish(), clean(1));
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn what_is_no_http_is_a_failure_and_no_request() {
    let running = Running::new(&[]);
    let mut stream = running.connect();
    stream.write_all(b"first-token\r\n\r\n").unwrap();
    assert!(read_reply(&mut stream).is_none());
    let verdict = running.finish();
    assert_eq!(verdict.requests, 0);
    assert!(verdict.failures[0].starts_with("not a readable request"));
}

#[test]
fn no_failure_contains_a_token() {
    let running = Running::new(&[entry(), second_entry()]);
    let everywhere = "second-token /first-token?second-token HTTP/1.1\r\n\
        Authorization: Bearer strange-token\r\n\
        MS-RequestId: first-token\r\nContent-Length: 11\r\n\r\nfirst-token";
    let mut replies = vec![running.send(everywhere).text()];
    replies.push(running.send(&PUT.replace("first-", "second-")).text());
    let long = "x".repeat(1995 - "request 3: entry 1: body: expected 3, got ".len());
    let long = format!("{long}first-token-and-more");
    let cut = PUT.replace("Length: 1", &format!("Length: {}", long.len()));
    replies.push(
        running
            .send(&(cut.strip_suffix('3').unwrap().to_owned() + &long))
            .text(),
    );

    let mut texts = running.finish().failures;
    assert_eq!(texts.len(), 5);
    texts.append(&mut replies);
    for text in texts {
        for token in ["first-", "second-", "strange-token"] {
            assert!(!text.contains(token), "{text}");
        }
        assert!(text.chars().count() <= 2001, "{}", text.len());
    }
}

#[test]
fn both_names_are_certified_and_only_http_1_1_is_spoken() {
    let running = Running::new(&[entry(), entry()]);
    let (ca, port) = (running.authority.pem(), running.replay.port());
    for host in ["localhost", "127.0.0.1"] {
        let mut stream = connect(ca, host, "http/1.1", port);
        assert_eq!(exchange(&mut stream, PUT).status(), 200);
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
    assert!(
        connect(ca, "localhost", "h2", port)
            .write_all(b"x")
            .is_err()
    );
    assert!(
        connect(ca, "other.example", "http/1.1", port)
            .write_all(b"x")
            .is_err()
    );
    let stranger = Authority::new().unwrap();
    let mut untrusting = connect(stranger.pem(), "localhost", "http/1.1", port);
    assert!(untrusting.write_all(b"x").is_err());
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn the_connection_closes_when_asked_to() {
    let running = Running::new(&[entry()]);
    let mut stream = running.connect();
    let reply = exchange(
        &mut stream,
        &PUT.replace("Host:", "Connection: close\r\nHost:"),
    );
    assert_eq!(reply.header("Connection"), Some("close"));
    // A clean end: TLS says goodbye first.
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    assert_eq!(running.finish(), clean(1));
}

#[test]
fn a_case_that_cannot_be_read_does_not_start() {
    let fixtures = Fixtures::new();
    let authority = Authority::new().unwrap();
    let Err(error) = Replay::start(&authority, fixtures.path(), "put/none") else {
        panic!("started");
    };
    assert!(
        error
            .to_string()
            .starts_with("cases/put/none.json: cannot be read")
    );
}
