//! What the tests share: fixtures made on the spot, and a client that is nothing but a socket.

use serde_json::{Value, json};
use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub const REQUEST_ID: &str = "037db222-6d8e-4d7f-ba78-df3dca33fb68";

/// The request that [`entry`] expects, with a token of the case [`Fixtures::case`] writes.
#[cfg(feature = "tls")]
pub const PUT: &str = "PUT /v1/customers/4d3cf487/qualification?code=12%2034 HTTP/1.1\r\n\
    Host: localhost\r\n\
    Authorization: Bearer first-token\r\n\
    ms-requestid: 037db222-6d8e-4d7f-ba78-df3dca33fb68\r\n\
    Content-Type: application/json\r\n\
    Content-Length: 1\r\n\r\n3";

/// A fixtures directory that goes away with the test.
pub struct Fixtures(PathBuf);

impl Fixtures {
    pub fn new() -> Self {
        let name = format!("fixtures-{}", uuid::Uuid::new_v4());
        let root = std::env::temp_dir().join(name);
        fs::create_dir_all(root.join("cases/put")).unwrap();
        fs::create_dir_all(root.join("recordings")).unwrap();
        Self(root)
    }

    /// One case, `put/one`, with the recording `one`.
    pub fn with(entries: &[Value]) -> Self {
        let fixtures = Self::new();
        fixtures.case("put/one", Some("one"));
        fixtures.recording("one", entries);
        fixtures
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    pub fn case(&self, id: &str, recording: Option<&str>) {
        self.write_case(id, json!({"recording": recording}));
    }

    /// A case on which something is wrong before any HTTP.
    pub fn server_case(&self, id: &str, server: &str, recording: Option<&str>) {
        self.write_case(id, json!({"recording": recording, "server": server}));
    }

    fn write_case(&self, id: &str, mut case: Value) {
        case["id"] = json!(id);
        case["tokens"] = json!(["first-token", "second-token"]);
        case["expect"] = json!({});
        self.write(&format!("cases/{id}.json"), &case.to_string());
    }

    pub fn recording(&self, name: &str, entries: &[Value]) {
        let har = json!({"log": {"version": "1.2", "entries": entries}});
        self.write(&format!("recordings/{name}.har"), &har.to_string());
    }
}

impl Drop for Fixtures {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An exchange: [`PUT`], answered with a byte order mark and a made-up reason phrase.
pub fn entry() -> Value {
    json!({
        "request": {
            "method": "PUT",
            "url": "https://api.example/v1/customers/4d3cf487/qualification?code=12%2034",
            "headers": [
                {"name": "MS-RequestId", "value": REQUEST_ID},
                {"name": "Content-Type", "value": "application/json"}
            ],
            "postData": {"mimeType": "application/json", "text": "3"}
        },
        "response": {
            "status": 200,
            "statusText": "Very Well",
            "headers": [
                {"name": "Content-Type", "value": "application/json"},
                {"name": "Content-Length", "value": "999"},
                {"name": "Transfer-Encoding", "value": "chunked"},
                {"name": "Connection", "value": "close"},
                {"name": "Content-Encoding", "value": "identity"},
                {"name": "MS-CV", "value": "abc.0"}
            ],
            // U+FEFF and "education"
            "content": {"encoding": "base64", "text": "77u/ImVkdWNhdGlvbiI="}
        }
    })
}

/// A response as it came.
#[derive(Debug)]
pub struct Reply {
    pub status_line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn status(&self) -> u16 {
        self.status_line.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Reads one response that has a Content-Length; `None` when the connection ends first.
pub fn read_reply(stream: &mut impl Read) -> Option<Reply> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let mut reply = Reply {
        status_line: lines.next().unwrap().to_owned(),
        headers: lines
            .map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect(),
        body: Vec::new(),
    };
    let length: usize = reply.header("Content-Length").unwrap().parse().unwrap();
    reply.body.resize(length, 0);
    stream.read_exact(&mut reply.body).ok()?;
    Some(reply)
}

/// A socket on which a test fails rather than hangs.
pub fn plain(port: u16) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    socket
}

#[cfg(feature = "tls")]
pub mod tls {
    use super::plain;
    use rustls::crypto::aws_lc_rs;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
    use std::net::TcpStream;
    use std::sync::Arc;

    pub type Tls = StreamOwned<ClientConnection, TcpStream>;

    /// A TLS connection that trusts this authority only; the handshake has not happened yet.
    pub fn connect(ca: &str, host: &'static str, alpn: &str, port: u16) -> Tls {
        over(plain(port), ca, host, alpn)
    }

    /// The same on a socket that is open already.
    pub fn over(socket: TcpStream, ca: &str, host: &'static str, alpn: &str) -> Tls {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(ca.as_bytes()).unwrap();
        roots.add(authority).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
        let name = ServerName::try_from(host).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        StreamOwned::new(connection, socket)
    }
}
