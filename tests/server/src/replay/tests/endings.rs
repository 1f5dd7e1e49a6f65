//! Connections that end, or fall silent, before the answer is begun.

use super::*;
use std::thread;

const HEAD: usize = PUT.len() - 1;

/// The point, how much of the request is sent, and how many requests that is.
const POINTS: [(&str, &str, u64); 3] = [
    ("connection", "P", 0),
    ("head", PUT.split_at(HEAD).0, 0),
    ("request", PUT, 1),
];

#[test]
fn a_connection_is_closed_or_reset_at_each_point() {
    for (action, kind) in [
        ("close", ErrorKind::UnexpectedEof),
        ("reset", ErrorKind::ConnectionReset),
    ] {
        for (point, sent, requests) in POINTS {
            let running = Running::new(&[with_fault(point, action), entry()]);
            let mut stream = running.connect();
            stream.write_all(sent.as_bytes()).unwrap();
            assert_eq!(rest(&mut stream), (Vec::new(), kind), "{point} {action}");
            assert_eq!(running.send(PUT).status(), 200);
            assert_eq!(running.finish(), clean(requests + 1));
        }
    }
}

#[test]
fn a_stall_lasts_until_the_case_is_finished() {
    let [connection, head, (_, sent, requests)] = POINTS;
    for (point, sent, requests) in [connection, head, ("answer", sent, requests)] {
        let running = Running::new(&[with_fault(point, "stall")]);
        let mut stream = running.connect();
        stream.write_all(sent.as_bytes()).unwrap();
        running.until(|account| account.progress().0 == 1);
        assert!(is_silent(&mut stream), "{point}");
        let reading = thread::spawn(move || rest(&mut stream));
        assert_eq!(running.finish(), clean(requests));
        assert!(reading.join().unwrap().0.is_empty());
    }
}

#[test]
fn a_case_that_is_dropped_ends_its_stalls() {
    let running = Running::new(&[with_fault("answer", "stall")]);
    let port = running.replay.port();
    let mut stream = running.connect();
    stream.write_all(PUT.as_bytes()).unwrap();
    drop(running);
    assert!(rest(&mut stream).0.is_empty());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_head_without_a_body_is_a_whole_request() {
    let mut get = with_fault("head", "close");
    get["request"]["method"] = json!("GET");
    get["request"]["headers"] = json!([]);
    get["request"].as_object_mut().unwrap().remove("postData");
    let running = Running::new(&[get]);
    let mut stream = running.connect();
    let head = PUT
        .replace("PUT", "GET")
        .replace("Content-Length: 1", "A: b");
    let head = head.strip_suffix('3').unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(rest(&mut stream).1, ErrorKind::UnexpectedEof);
    assert_eq!(running.finish(), clean(1));
}

#[test]
fn a_fault_at_the_head_is_met_by_its_own_request_only() {
    for (from, to, problem) in [
        ("PUT", "POST", "method"),
        ("12%2034", "1", "query"),
        ("037db", "137db", "header ms-requestid"),
        ("first-token", "second-token", "header authorization"),
    ] {
        let running = Running::new(&[with_fault("head", "reset")]);
        let reply = running.send(&PUT.replacen(from, to, 1));
        assert_eq!(reply.status(), 599);
        let failures = running.finish().failures;
        assert!(failures[0].contains(problem), "{failures:?}");
        let unplayed = "; its fault head/reset could not be played";
        assert!(failures[1].ends_with(unplayed), "{failures:?}");
    }
}

#[test]
fn a_fault_of_a_connection_gets_a_new_one() {
    let faulty = with_fault("connection", "close");
    let running = Running::new(&[entry(), faulty, second_entry()]);
    let mut first = running.connect();
    let reply = exchange(&mut first, PUT);
    assert_eq!(reply.header("Connection"), Some("close"));
    assert_eq!(rest(&mut first), (Vec::new(), ErrorKind::Other));
    let mut second = running.connect();
    second.write_all(b"P").unwrap();
    assert_eq!(rest(&mut second).1, ErrorKind::UnexpectedEof);
    assert_eq!(running.send(&second_put()).status(), 200);
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn a_connection_without_a_request_does_not_use_up_its_fault() {
    let running = Running::new(&[with_fault("connection", "close")]);
    let mut stream = running.connect();
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).unwrap();
    }
    stream.conn.send_close_notify();
    stream.conn.complete_io(&mut stream.sock).unwrap();
    assert_eq!(rest(&mut stream), (Vec::new(), ErrorKind::Other));
    let failures = running.finish().failures;
    assert!(failures[0].contains("its fault connection/close could not be played"));
}

#[test]
fn an_idle_connection_closes_as_the_next_request_begins() {
    let running = Running::new(&[with_fault("idle", "close"), second_entry()]);
    let mut stream = running.connect();
    let reply = exchange(&mut stream, PUT);
    assert_eq!((reply.status(), reply.header("Connection")), (200, None));
    assert!(is_silent(&mut stream));
    stream.write_all(b"P").unwrap();
    assert_eq!(rest(&mut stream), (Vec::new(), ErrorKind::UnexpectedEof));
    assert_eq!(running.send(&second_put()).status(), 200);
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn an_idle_connection_that_is_not_used_again_is_a_failure() {
    let running = Running::new(&[with_fault("idle", "close")]);
    assert_eq!(running.send(PUT).status(), 200);
    let problem = "the connection was not used again";
    let unplayed = "entry 1: its fault idle/close could not be played";
    assert_eq!(
        running.finish().failures,
        [format!("{unplayed}: {problem}")]
    );

    let running = Running::new(&[with_fault("idle", "close")]);
    running.send(&PUT.replace("Host:", "Connection: close\r\nHost:"));
    let problem = "the client did not keep the connection";
    assert_eq!(
        running.finish().failures,
        [format!("{unplayed}: {problem}")]
    );
}
