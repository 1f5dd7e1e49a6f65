use super::*;
use std::io::Cursor;

/// A stream that gives `step` bytes at a time and keeps what is written.
struct Wire {
    input: Cursor<Vec<u8>>,
    step: usize,
    output: Vec<u8>,
}

impl Read for Wire {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let step = self.step.min(block.len());
        self.input.read(&mut block[..step])
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn wire(input: &[u8], step: usize) -> Connection<Wire> {
    Connection::new(Wire {
        input: Cursor::new(input.to_vec()),
        step,
        output: Vec::new(),
    })
}

fn problem(input: &str) -> String {
    match wire(input.as_bytes(), 8192).read_request() {
        Err(HttpError::Malformed(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_read_however_it_is_cut() {
    let text =
        b"PUT /a/b?x=%20y&z HTTP/1.1\r\nHost: h\r\nMS-CV: one\r\nms-cv: two\r\nContent-Length: 2\r\n\r\n{}";
    for step in [1, 2, 7, 8192] {
        let mut connection = wire(text, step);
        let request = connection.read_request().unwrap().unwrap();
        assert_eq!(request.method, "PUT");
        assert_eq!(request.path, "/a/b");
        assert_eq!(request.query.as_deref(), Some("x=%20y&z"));
        assert_eq!(request.headers[1], ("MS-CV".to_owned(), "one".to_owned()));
        assert_eq!(request.values("Ms-Cv"), ["one", "two"]);
        assert_eq!(request.body, b"{}");
        assert!(request.keep_alive);
        assert!(connection.read_request().unwrap().is_none());
    }
}

#[test]
fn an_empty_query_is_not_the_same_as_none() {
    let read = |target: &str| {
        let text = format!("GET {target} HTTP/1.1\r\n\r\n");
        let request = wire(text.as_bytes(), 8192).read_request().unwrap().unwrap();
        request.query
    };
    assert_eq!(read("/a"), None);
    assert_eq!(read("/a?"), Some(String::new()));
    assert_eq!(read("/a?b?c"), Some("b?c".to_owned()));
}

#[test]
fn chunks_are_joined_and_the_next_request_is_found() {
    let text = b"PUT / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n\
        2;a=b\r\n12\r\nA\r\n3456789012\r\n0\r\nTrailer: x\r\n\r\nGET /next HTTP/1.1\r\n\r\n";
    for step in [1, 3, 8192] {
        let mut connection = wire(text, step);
        let first = connection.read_request().unwrap().unwrap();
        assert_eq!(first.body, b"123456789012");
        let second = connection.read_request().unwrap().unwrap();
        assert_eq!(second.path, "/next");
        assert!(second.body.is_empty());
    }
}

#[test]
fn what_is_no_request_is_refused() {
    let long = "x".repeat(MAX_HEAD);
    let cases = [
        ("nonsense\r\n\r\n", "request head"),
        (
            "PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            "not a number",
        ),
        (
            "PUT / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n",
            "body is too long",
        ),
        (
            "PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "not clear",
        ),
        (
            "PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "not clear",
        ),
        (
            "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            "not clear",
        ),
        (
            "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
            "chunk size",
        ),
        (
            "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n12\r\n",
            "where its size says",
        ),
        (
            "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\n",
            "body is too long",
        ),
        (
            &format!("GET / HTTP/1.1\r\nA: {long}{long}"),
            "head is too long",
        ),
    ];
    for (input, expected) in cases {
        assert!(problem(input).contains(expected), "{expected}");
    }
}

#[test]
fn an_end_between_requests_is_none_and_within_one_an_error() {
    assert!(wire(b"", 1).read_request().unwrap().is_none());
    for cut in [
        "GET / HT",
        "PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\n1",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n",
    ] {
        let result = wire(cut.as_bytes(), 8192).read_request();
        assert!(matches!(result, Err(HttpError::Io(_))), "{cut}");
    }
}

#[test]
fn close_and_old_versions_end_the_connection() {
    let read = |text: &str| {
        let request = wire(text.as_bytes(), 8192).read_request();
        request.unwrap().unwrap().keep_alive
    };
    assert!(!read("GET / HTTP/1.1\r\nConnection: TE, Close\r\n\r\n"));
    assert!(!read("GET / HTTP/1.0\r\n\r\n"));
}

fn written(request: &str, status: u16) -> String {
    let mut connection = wire(request.as_bytes(), 8192);
    let request = connection.read_request().unwrap().unwrap();
    let response = Response {
        status,
        reason: "Just So".to_owned(),
        headers: vec![
            ("B".to_owned(), "2".to_owned()),
            ("A".to_owned(), "1".to_owned()),
        ],
        body: b"body".to_vec(),
    };
    connection.write_response(&request, &response).unwrap();
    String::from_utf8(connection.into_inner().output).unwrap()
}

#[test]
fn a_response_has_its_own_framing() {
    assert_eq!(
        written("GET / HTTP/1.1\r\n\r\n", 200),
        "HTTP/1.1 200 Just So\r\nB: 2\r\nA: 1\r\nContent-Length: 4\r\n\r\nbody"
    );
    assert_eq!(
        written("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n", 200),
        "HTTP/1.1 200 Just So\r\nB: 2\r\nA: 1\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(
        written("GET / HTTP/1.1\r\n\r\n", 204),
        "HTTP/1.1 204 Just So\r\nB: 2\r\nA: 1\r\n\r\n"
    );
}
