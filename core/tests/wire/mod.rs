//! A listener on this machine whose behaviour a test spells out, byte by byte.

#![allow(dead_code)] // each test program uses a part of it

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use partner_center::{
    CallOptions, Client, ClientBuilder, Error, OnAmbiguous, Pending, Qualification, StaticToken,
    UpdatedQualification,
};

use partner_center_test_server::http::{Connection, Request, Response};

pub const CUSTOMER: &str = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";

pub struct Listener {
    pub port: u16,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    /// Each connection is handed to `serve`, on a thread of its own.
    pub fn new(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (count, serve) = (Arc::clone(&connections), Arc::new(serve));
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(stream));
            }
        });
        Self { port, connections }
    }

    /// Reads one request a connection, and answers it with these bytes.
    pub fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(move |mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(&answer);
        })
    }

    /// Answers every request of every connection as `handle` says.
    pub fn serving(handle: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        Self::new(move |stream| {
            let _ = stream.set_nodelay(true);
            let mut connection = Connection::new(stream);
            while let Ok(Some(request)) = connection.read_request() {
                let answer = handle(&request);
                if connection.write_response(&request, &answer).is_err() {
                    return;
                }
            }
        })
    }

    /// Reads the request and never answers.
    pub fn stalling() -> Self {
        Self::new(|mut stream| {
            read_request(&mut stream);
            // Until the client closes.
            let _ = stream.read(&mut [0]);
        })
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Settings for a client of this listener, over plain http.
    pub fn client(&self) -> ClientBuilder {
        Client::builder(StaticToken::new("some-token"))
            .base_url(format!("http://127.0.0.1:{}", self.port))
            .allow_http_loopback(true)
    }
}

/// An answer without headers of its own.
pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response {
        status,
        reason: String::new(),
        headers: Vec::new(),
        body: body.into(),
    }
}

/// A head, and one byte of body where a length is announced.
pub fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            return seen;
        }
        seen.push(byte[0]);
    }
    if seen
        .to_ascii_lowercase()
        .windows(17)
        .any(|w| w == b"content-length: 1")
    {
        let _ = stream.read(&mut byte);
        seen.push(byte[0]);
    }
    seen
}

pub fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// One request for a change.
pub fn once(builder: ClientBuilder) -> Client {
    let builder = builder.on_ambiguous(OnAmbiguous::Raise);
    builder.time_scale(10_000).build().unwrap()
}

/// The same with limits short enough for a test that waits for them.
pub fn impatient(builder: ClientBuilder) -> Client {
    once(
        builder
            .connect_timeout(milliseconds(100))
            .attempt_timeout(milliseconds(300))
            .deadline(milliseconds(5_000)),
    )
}

pub fn update(client: &Client) -> Result<UpdatedQualification, Error> {
    update_of(client, CUSTOMER)
}

pub fn update_of(client: &Client, customer: &str) -> Result<UpdatedQualification, Error> {
    updating(client, customer).wait()
}

/// A call to Education that nobody waits for yet.
pub fn updating(client: &Client, customer: &str) -> Pending<UpdatedQualification> {
    client.update_qualification(
        customer,
        &Qualification::Education,
        None,
        &CallOptions::default(),
    )
}

pub fn none() -> CallOptions {
    CallOptions::default()
}

/// A client whose waits are all but over at once.
pub fn hasty(server: &Listener) -> Client {
    server.client().time_scale(100_000).build().unwrap()
}

/// Answers in turn, the last one for ever; and how often it was asked.
pub fn in_turn(answers: Vec<Response>) -> (Listener, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Listener::serving(move |_| {
        let turn = count.fetch_add(1, Ordering::SeqCst);
        answers[turn.min(answers.len() - 1)].clone()
    });
    (server, asked)
}
