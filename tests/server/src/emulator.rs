//! A stateful stand-in for the service, over plain HTTP on loopback.
//!
//! It answers `GET` and `PUT /v1/customers/{id}/qualification`. Five customers and two validation
//! codes are there from the start, always with the same ids: see [`seed`]. Every start begins anew.
//!
//! What it does is not all known of the real service: [`BEHAVIOURS`] lists each behaviour and
//! whether it is documented, observed or assumed.

use crate::http::{Connection, HttpError, Request};
use crate::listener::{Listener, lock};
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

mod answer;
mod api;
mod behaviours;
pub mod seed;
mod state;

pub use behaviours::{BEHAVIOURS, Basis, Behaviour};
pub use state::{Customer, Qualification, ValidationCode};

/// How many requests the log keeps; the oldest go first.
const LOG_LENGTH: usize = 10_000;

/// How to start an [`Emulator`].
#[derive(Clone, Default)]
pub struct EmulatorOptions {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The bearer token that is accepted; `None` makes up a random one.
    pub token: Option<String>,
}

impl fmt::Debug for EmulatorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorOptions")
            .field("port", &self.port)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .finish()
    }
}

/// A running emulator. Dropping it stops it.
pub struct Emulator {
    listener: Listener,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    token: String,
    world: state::World,
    log: VecDeque<(String, String)>,
}

impl Emulator {
    /// Starts to answer. A token must be visible ASCII without spaces, as it goes into a header.
    pub fn start(options: EmulatorOptions) -> io::Result<Self> {
        let token = options.token.unwrap_or_else(new_token);
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the token must be visible ASCII without spaces",
            ));
        }
        let shared = Arc::new(Mutex::new(Shared {
            token,
            world: state::World::new(),
            log: VecDeque::new(),
        }));
        let serving = Arc::clone(&shared);
        let listener = Listener::start(options.port, move |socket| serve(socket, &serving))?;
        Ok(Self { listener, shared })
    }

    /// The base URL, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.listener.port())
    }

    /// The bearer token that is accepted now.
    pub fn token(&self) -> String {
        lock(&self.shared).token.clone()
    }

    /// Replaces the accepted token by a new one and returns it; the old one gets 401 from now on.
    pub fn expire_token(&self) -> String {
        let token = new_token();
        lock(&self.shared).token.clone_from(&token);
        token
    }

    /// The customers as they are now.
    pub fn customers(&self) -> Vec<Customer> {
        lock(&self.shared).world.customers().to_vec()
    }

    /// The validation codes as they are now.
    pub fn validation_codes(&self) -> Vec<ValidationCode> {
        lock(&self.shared).world.codes().to_vec()
    }

    /// Method and path of the requests received, oldest first, refused ones too. Queries are left
    /// out, since they carry validation codes. The log keeps the last 10,000.
    pub fn requests(&self) -> Vec<(String, String)> {
        lock(&self.shared).log.iter().cloned().collect()
    }

    /// How many changes were really made; setting what is set already makes none.
    pub fn applied(&self) -> u64 {
        lock(&self.shared).world.applied()
    }

    /// Closes the port and every connection. May be called twice.
    pub fn stop(&self) {
        self.listener.stop();
    }
}

fn new_token() -> String {
    format!("emulator-{}", Uuid::new_v4().simple())
}

fn serve(socket: TcpStream, shared: &Mutex<Shared>) {
    let mut connection = Connection::new(socket);
    loop {
        let (request, response) = match connection.read_request() {
            Ok(Some(request)) => {
                let response = handle(&mut lock(shared), &request);
                (request, response)
            }
            Err(HttpError::Malformed(_)) => unreadable(),
            Ok(None) | Err(HttpError::Io(_)) => return,
        };
        if connection.write_response(&request, &response).is_err() || !request.keep_alive {
            return;
        }
    }
}

fn handle(shared: &mut Shared, request: &Request) -> crate::http::Response {
    if shared.log.len() == LOG_LENGTH {
        shared.log.pop_front();
    }
    shared
        .log
        .push_back((request.method.clone(), request.path.clone()));
    let answer = api::answer(&mut shared.world, &shared.token, request);
    answer.into_response(request)
}

/// The answer to what is no HTTP; the connection closes after it.
fn unreadable() -> (Request, crate::http::Response) {
    let request = Request {
        method: String::new(),
        path: String::new(),
        query: None,
        headers: Vec::new(),
        body: Vec::new(),
        keep_alive: false,
    };
    let response = answer::bad_input("The request could not be read.").into_response(&request);
    (request, response)
}

#[cfg(test)]
mod tests;
