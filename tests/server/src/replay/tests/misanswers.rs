//! Answers that are wrong below HTTP.

use super::*;
use crate::replay::bomb;
use std::thread;

const BODY: &[u8] = b"\xEF\xBB\xBF\"education\"";

/// The answer to one PUT, as it comes, until the connection ends.
fn answer(point: &str, action: &str) -> (Vec<u8>, ErrorKind) {
    let running = Running::new(&[with_fault(point, action)]);
    let mut stream = running.connect();
    stream.write_all(PUT.as_bytes()).unwrap();
    let seen = rest(&mut stream);
    assert_eq!(running.finish(), clean(1), "{point} {action}");
    seen
}

/// A fault that ends only with the case: what comes first, as many bytes as are asked for, and
/// whether nothing follows. More is read while the case is finished.
fn begun(point: &str, action: &str, count: usize) -> (Vec<u8>, bool) {
    let running = Running::new(&[with_fault(point, action)]);
    let mut stream = running.connect();
    stream.write_all(PUT.as_bytes()).unwrap();
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    let silent = is_silent(&mut stream);
    let reading = thread::spawn(move || rest(&mut stream));
    assert_eq!(running.finish(), clean(1), "{point} {action}");
    reading.join().unwrap();
    (bytes, silent)
}

fn head(framing: &str) -> String {
    format!(
        "HTTP/1.1 200 Very Well\r\nContent-Type: application/json\r\nMS-CV: abc.0\r\n{framing}\r\n"
    )
}

fn whole() -> Vec<u8> {
    [head("Content-Length: 14\r\n").as_bytes(), BODY].concat()
}

#[test]
fn garbage_is_no_status_line() {
    let (bytes, end) = answer("status", "garbage");
    assert!(!bytes.is_empty() && !bytes.starts_with(b"HTTP"));
    assert_eq!(end, ErrorKind::UnexpectedEof);
}

#[test]
fn an_oversize_head_is_a_megabyte_in_few_headers() {
    let (bytes, end) = answer("status", "oversize");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.len() > 1_000_000 && head.lines().count() < 100);
    assert!(head.starts_with("HTTP/1.1 200 Very Well\r\n"));
    assert!(head.ends_with("\r\nContent-Length: 14"));
    assert_eq!(body.as_bytes(), BODY);
    assert_eq!(end, ErrorKind::UnexpectedEof);
}

#[test]
fn lengths_that_differ_stand_in_one_head() {
    let (bytes, end) = answer("status", "conflicting_lengths");
    let two = head("Content-Length: 14\r\nContent-Length: 15\r\n");
    assert_eq!(bytes, [two.as_bytes(), BODY].concat());
    assert_eq!(end, ErrorKind::UnexpectedEof);
}

#[test]
fn interim_answers_come_without_end() {
    let (bytes, _) = begun("status", "endless_1xx", 200);
    let text = String::from_utf8(bytes).unwrap();
    let heads: Vec<_> = text.split("\r\n\r\n").collect();
    assert!(heads.len() > 3, "{text}");
    for head in heads.iter().take(3) {
        assert!(head.starts_with("HTTP/1.1 103 Early Hints\r\n"), "{head}");
    }
}

#[test]
fn an_answer_ends_after_half_of_its_head_or_body() {
    let whole = whole();
    let head = head("Content-Length: 14\r\n").len();
    for (point, count) in [("headers", head / 2), ("body", head + 7)] {
        let due = whole.split_at(count).0;
        let (bytes, end) = answer(point, "close");
        assert_eq!((bytes.as_slice(), end), (due, ErrorKind::UnexpectedEof));
        let (bytes, silent) = begun(point, "stall", count);
        assert_eq!((bytes.as_slice(), silent), (due, true));
    }
}

#[test]
fn a_body_drips_and_is_never_done() {
    let head = head("Content-Length: 1000000\r\n");
    let due = [head.as_bytes(), BODY, b"  "].concat();
    let (bytes, _) = begun("body", "drip", due.len());
    assert_eq!(bytes, due);
}

#[test]
fn a_chunk_is_cut() {
    let (bytes, end) = answer("body", "cut_chunk");
    let head = head("Transfer-Encoding: chunked\r\n") + "e\r\n";
    assert_eq!(bytes, [head.as_bytes(), &BODY[..7]].concat());
    assert_eq!(end, ErrorKind::UnexpectedEof);
}

#[test]
fn an_endless_body_goes_on_until_the_client_has_enough() {
    let running = Running::new(&[with_fault("body", "endless"), entry()]);
    let mut stream = running.connect();
    stream.write_all(PUT.as_bytes()).unwrap();
    let begin = head("Transfer-Encoding: chunked\r\n") + "e\r\n";
    let begin = [begin.as_bytes(), BODY, b"\r\n4000\r\n    "].concat();
    let mut bytes = vec![0; 3 * 1024 * 1024];
    stream.read_exact(&mut bytes).unwrap();
    assert!(bytes.starts_with(&begin));
    drop(stream);
    assert_eq!(running.send(PUT).status(), 200);
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn a_client_that_stops_reading_does_not_keep_the_case_open() {
    for action in ["endless", "oversize"] {
        let running = Running::new(&[with_fault("body", action)]);
        let mut stream = running.connect();
        stream.write_all(PUT.as_bytes()).unwrap();
        stream.read_exact(&mut [0; 100]).unwrap();
        assert_eq!(running.finish(), clean(1));
    }
}

#[test]
fn an_oversize_body_is_announced_and_sent() {
    let running = Running::new(&[with_fault("body", "oversize"), second_entry()]);
    let mut stream = running.connect();
    let reply = exchange(&mut stream, PUT);
    assert_eq!(reply.body.len(), 2 * 1024 * 1024);
    let (begin, rest) = reply.body.split_at(BODY.len());
    assert!(begin == BODY && rest.iter().all(|byte| *byte == b' '));
    assert_eq!(exchange(&mut stream, &second_put()).status(), 200);
    assert_eq!(running.finish(), clean(2));
}

#[test]
fn a_small_gzip_becomes_large() {
    let running = Running::new(&[with_fault("body", "gzip"), second_entry()]);
    let mut stream = running.connect();
    let reply = exchange(&mut stream, PUT);
    assert_eq!(reply.header("Content-Encoding"), Some("gzip"));
    assert!(reply.body.len() < 512 * 1024);
    assert_eq!(expanded(&reply.body), bomb::EXPANDED);
    assert_eq!(exchange(&mut stream, &second_put()).status(), 200);
    assert_eq!(running.finish(), clean(2));
}

/// How much the file expands to, read with as much of the format as it uses.
fn expanded(file: &[u8]) -> usize {
    let (head, rest) = file.split_at(10);
    assert_eq!(head[..4], [0x1F, 0x8B, 8, 0]);
    let (deflated, trailer) = rest.split_at(rest.len() - 8);
    let mut bits = deflated
        .iter()
        .flat_map(|byte| (0..8).map(move |place| byte >> place & 1));
    let mut code = |count: usize| {
        let bits = bits.by_ref().take(count);
        bits.fold(0, |value, bit| value << 1 | u32::from(bit))
    };
    assert_eq!(code(3), 0b110);
    let mut length = 0;
    // A code of 8 bits, unless the first 7 are zeros: that is the end.
    loop {
        let seven = code(7);
        if seven == 0 {
            break;
        }
        match seven << 1 | code(1) {
            0x50 => length += 1,
            0xC5 => {
                assert_eq!(code(5), 0);
                length += 258;
            }
            other => panic!("{other:x}"),
        }
    }
    let size = u32::from_le_bytes(trailer[4..].try_into().unwrap());
    assert_eq!(usize::try_from(size).unwrap(), length);
    length
}

#[test]
fn an_answer_before_a_fault_of_a_connection_says_that_it_closes() {
    let next = with_fault("connection", "reset");
    let running = Running::new(&[with_fault("body", "gzip"), next]);
    let mut stream = running.connect();
    let reply = exchange(&mut stream, PUT);
    assert_eq!(reply.header("Connection"), Some("close"));
    assert_eq!(rest(&mut stream).1, ErrorKind::Other);
    let mut stream = running.connect();
    stream.write_all(b"P").unwrap();
    assert_eq!(rest(&mut stream).1, ErrorKind::ConnectionReset);
    assert_eq!(running.finish(), clean(1));
}
