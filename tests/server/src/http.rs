//! HTTP/1.1 on one connection: read a request, write a response, again.

use std::fmt;
use std::io::{self, Read, Write};

/// The longest request head that is read.
pub const MAX_HEAD: usize = 64 * 1024;
/// The longest request body that is read.
pub const MAX_BODY: usize = 1024 * 1024;
const MAX_HEADERS: usize = 128;

/// One request, as it came. Its `Debug` leaves out all values that may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, such as `PUT`.
    pub method: String,
    /// The target up to the first `?`, undecoded.
    pub path: String,
    /// What follows the first `?`, undecoded; `None` without one.
    pub query: Option<String>,
    /// Names and values in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body, with any chunked framing removed.
    pub body: Vec<u8>,
    /// Whether the client leaves the connection open for another request.
    pub keep_alive: bool,
}

/// One response. Its `Content-Length` is added while writing. Its `Debug` leaves out the body, which
/// may hold a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// Names and values in the order of writing.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why no request could be read.
#[derive(Debug)]
pub enum HttpError {
    /// The connection failed or ended within a request.
    Io(io::Error),
    /// What arrived is not a request this server reads.
    Malformed(String),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "connection: {error}"),
            Self::Malformed(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for HttpError {}

impl From<io::Error> for HttpError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn malformed<T>(problem: impl Into<String>) -> Result<T, HttpError> {
    Err(HttpError::Malformed(problem.into()))
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .field("headers", &self.headers)
            .field("body_length", &self.body.len())
            .finish()
    }
}

impl Request {
    /// The values of every header of this name, in order.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The first value of this header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.values(name).first().copied()
    }
}

impl Response {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(have, _)| have.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a response of this status has a body at all.
    pub fn has_body(&self) -> bool {
        !matches!(self.status, 100..=199 | 204 | 304)
    }

    /// The whole head: status line, headers, then `framing`, whole lines that say how the body is
    /// sent.
    pub fn head(&self, framing: &str) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(framing);
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// The head of a request whose body has not been read.
pub struct Head {
    /// The request; its body is still empty.
    pub request: Request,
    framing: Framing,
}

impl Head {
    /// Whether a body follows.
    pub fn has_body(&self) -> bool {
        !matches!(self.framing, Framing::Length(0))
    }
}

/// One open connection.
pub struct Connection<S> {
    stream: S,
    /// Bytes that arrived and belong to no request yet.
    buffer: Vec<u8>,
}

impl<S: Read + Write> Connection<S> {
    /// Takes over a stream on which nothing has been read.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Gives the stream back.
    pub fn into_inner(self) -> S {
        self.stream
    }

    /// The stream itself, for what is not HTTP.
    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Whether bytes have arrived that belong to no request yet.
    pub fn has_unread(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Waits for the first byte of a request; `false` when the client has closed instead.
    pub fn wait(&mut self) -> io::Result<bool> {
        if self.has_unread() {
            return Ok(true);
        }
        match self.read_more() {
            Ok(()) => Ok(true),
            // Many clients close a TLS connection without saying goodbye.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads one whole request; `None` when the client has closed between two requests.
    pub fn read_request(&mut self) -> Result<Option<Request>, HttpError> {
        match self.read_head()? {
            Some(head) => self.read_body(head).map(Some),
            None => Ok(None),
        }
    }

    /// Reads the head of a request; `None` when the client has closed between two requests.
    pub fn read_head(&mut self) -> Result<Option<Head>, HttpError> {
        if !self.wait()? {
            return Ok(None);
        }
        loop {
            if let Some((length, head)) = parse_head(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(Some(head));
            }
            if self.buffer.len() > MAX_HEAD {
                return malformed("the request head is too long");
            }
            self.read_more()?;
        }
    }

    /// Reads the body that belongs to the head.
    pub fn read_body(&mut self, head: Head) -> Result<Request, HttpError> {
        let Head {
            mut request,
            framing,
        } = head;
        request.body = match framing {
            Framing::Length(length) => {
                self.fill(length)?;
                self.buffer.drain(..length).collect()
            }
            Framing::Chunked => self.read_chunks()?,
        };
        Ok(request)
    }

    fn read_chunks(&mut self) -> Result<Vec<u8>, HttpError> {
        let mut body = Vec::new();
        loop {
            let size = self.read_chunk_size()?;
            if size == 0 {
                break;
            }
            if size > MAX_BODY - body.len() {
                return malformed("the request body is too long");
            }
            self.fill(size + 2)?;
            body.extend(self.buffer.drain(..size));
            if self.buffer.drain(..2).ne(*b"\r\n") {
                return malformed("a chunk does not end where its size says");
            }
        }
        // Trailer fields say nothing here.
        while !self.read_line()?.is_empty() {}
        Ok(body)
    }

    fn read_chunk_size(&mut self) -> Result<usize, HttpError> {
        let mut line = self.read_line()?;
        line.extend(b"\r\n");
        match httparse::parse_chunk_size(&line) {
            Ok(httparse::Status::Complete((_, size))) => {
                usize::try_from(size).or_else(|_| malformed("the request body is too long"))
            }
            _ => malformed("a chunk size is not a number"),
        }
    }

    /// One line without its CRLF.
    fn read_line(&mut self) -> Result<Vec<u8>, HttpError> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.buffer.drain(..end).collect();
                self.buffer.drain(..2);
                return Ok(line);
            }
            if self.buffer.len() > MAX_HEAD {
                return malformed("a line of the chunked body is too long");
            }
            self.read_more()?;
        }
    }

    fn fill(&mut self, length: usize) -> io::Result<()> {
        while self.buffer.len() < length {
            self.read_more()?;
        }
        Ok(())
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut block = [0; 8192];
        loop {
            match self.stream.read(&mut block) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.buffer.extend(block.iter().take(count));
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes the response to `request` with this server's own framing.
    pub fn write_response(&mut self, request: &Request, response: &Response) -> io::Result<()> {
        let mut framing = String::new();
        if response.has_body() {
            framing.push_str(&format!("Content-Length: {}\r\n", response.body.len()));
        }
        if !request.keep_alive {
            framing.push_str("Connection: close\r\n");
        }
        let mut bytes = response.head(&framing);
        if response.has_body() && request.method != "HEAD" {
            bytes.extend(&response.body);
        }
        // One write: a client never sees half a head because of us.
        self.stream.write_all(&bytes)?;
        self.stream.flush()
    }
}

enum Framing {
    Length(usize),
    Chunked,
}

/// The head at the start of `buffer` and its length, or `None` while it is incomplete.
fn parse_head(buffer: &[u8]) -> Result<Option<(usize, Head)>, HttpError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return malformed(format!("the request head cannot be read: {error}")),
    };
    let (method, target) = (head.method.unwrap_or(""), head.path.unwrap_or(""));
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query,
        headers: head
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value).into_owned();
                (header.name.to_owned(), value)
            })
            .collect(),
        body: Vec::new(),
        keep_alive: false,
    };
    let closes = request.values("connection").iter().any(|value| {
        value
            .split(',')
            .any(|option| option.trim().eq_ignore_ascii_case("close"))
    });
    request.keep_alive = head.version == Some(1) && !closes;
    let framing = framing(&request)?;
    Ok(Some((length, Head { request, framing })))
}

fn framing(request: &Request) -> Result<Framing, HttpError> {
    let codings = request.values("transfer-encoding");
    let lengths = request.values("content-length");
    match (codings.as_slice(), lengths.as_slice()) {
        ([], []) => Ok(Framing::Length(0)),
        ([coding], []) if coding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
        ([], [length]) => match length.parse::<usize>() {
            Ok(length) if length <= MAX_BODY => Ok(Framing::Length(length)),
            Ok(_) => malformed("the request body is too long"),
            Err(_) => malformed("the Content-Length is not a number"),
        },
        _ => malformed("the length of the request body is not clear"),
    }
}

#[cfg(test)]
mod tests;
