//! A stateful stand-in for the service and its sign-in authority, on loopback.
//!
//! It answers the singular and the plural qualification resource, the list of validation codes,
//! customers one by one and in pages, and, below the same base URL, the authority's token endpoint
//! and its documents. Five customers and two validation codes are there from the start, always
//! with the same ids: see [`seed`]. Every start begins anew.
//!
//! What it does is not all known of the real service: [`BEHAVIOURS`] lists each behaviour and
//! whether it is documented, observed or assumed.

#[cfg(feature = "tls")]
use crate::authority::{Authority, over_tls};
use crate::http::{Connection, HttpError, Request, Response};
use crate::listener::{Listener, Port, lock};
use sign_in::{Caller, SignIn};
use state::World;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use uuid::Uuid;

mod answer;
mod api;
mod behaviours;
mod clock;
mod model;
pub mod seed;
mod sign_in;
mod state;

pub use behaviours::{BEHAVIOURS, Basis, Behaviour};
pub use model::{
    Customer, Decision, Qualification, QualificationItem, ValidationCode, Vetting, VettingStatus,
};

/// How many requests the log keeps; the oldest go first.
const LOG_LENGTH: usize = 10_000;
/// The most customers that are generated; their numbers still fit into ids and into memory.
const MOST_CUSTOMERS: usize = 1_000_000;

/// How to start an [`Emulator`].
#[derive(Clone, Default)]
pub struct EmulatorOptions {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The bearer token that is accepted; `None` makes up a random one.
    pub token: Option<String>,
    /// How many customers there are besides the five: `Customer 00001` and so on, see
    /// [`seed::generated_id`]. At most a million.
    pub customers: usize,
}

impl fmt::Debug for EmulatorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorOptions")
            .field("port", &self.port)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("customers", &self.customers)
            .finish()
    }
}

/// A running emulator. Dropping it stops it.
pub struct Emulator {
    url: String,
    listener: Listener,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    url: String,
    sign_in: SignIn,
    world: World,
    log: VecDeque<(String, String)>,
}

impl Emulator {
    /// Starts to answer over plain HTTP. A token must be visible ASCII without spaces, as it goes
    /// into a header.
    pub fn start(options: EmulatorOptions) -> io::Result<Self> {
        Self::open("http", options, |socket, shared| {
            converse(&mut Connection::new(socket), shared);
        })
    }

    /// Starts to answer over TLS, with a certificate of this authority.
    #[cfg(feature = "tls")]
    pub fn start_tls(options: EmulatorOptions, authority: &Authority) -> io::Result<Self> {
        let config = authority.config();
        Self::open("https", options, move |socket, shared| {
            over_tls(&config, socket, |connection| converse(connection, shared));
        })
    }

    fn open(
        scheme: &str,
        options: EmulatorOptions,
        serve: impl Fn(TcpStream, &Mutex<Shared>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        if options.customers > MOST_CUSTOMERS {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a million customers is the most",
            ));
        }
        let sign_in = SignIn::new(options.token)?;
        let port = Port::take(options.port)?;
        let url = format!("{scheme}://127.0.0.1:{}", port.number());
        let shared = Arc::new(Mutex::new(Shared {
            url: url.clone(),
            sign_in,
            world: World::new(options.customers, SystemTime::now()),
            log: VecDeque::new(),
        }));
        let serving = Arc::clone(&shared);
        let listener = port.serve(move |socket| serve(socket, &serving))?;
        Ok(Self {
            url,
            listener,
            shared,
        })
    }

    /// The base URL, such as `http://127.0.0.1:40123`: the service's and the authority's.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The bearer token of a signed-in user that is accepted now.
    pub fn token(&self) -> String {
        lock(&self.shared).sign_in.token(Caller::User).to_owned()
    }

    /// Replaces the accepted tokens by new ones and returns the user's; the old ones get 401 from
    /// now on, and the token endpoint gives out the new ones.
    pub fn expire_token(&self) -> String {
        let sign_in = &mut lock(&self.shared).sign_in;
        sign_in.expire();
        sign_in.token(Caller::User).to_owned()
    }

    /// The partner's tenant, in which the application signs in.
    pub fn tenant(&self) -> &'static str {
        seed::PARTNER_TENANT
    }

    /// The application that may sign in.
    pub fn client_id(&self) -> &'static str {
        seed::CLIENT_ID
    }

    /// The application's secret.
    pub fn client_secret(&self) -> String {
        lock(&self.shared).sign_in.client_secret().to_owned()
    }

    /// The latest refresh token. Those before it stay valid.
    pub fn refresh_token(&self) -> String {
        lock(&self.shared).sign_in.refresh_token()
    }

    /// Ends the vetting of the customer's request; `false` when none is in review.
    pub fn decide(&self, customer_id: &str, decision: Decision) -> bool {
        Uuid::try_parse(customer_id).is_ok_and(|id| lock(&self.shared).world.decide(id, decision))
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

fn converse(connection: &mut Connection<impl Read + Write>, shared: &Mutex<Shared>) {
    loop {
        let (request, response) = match connection.read_request() {
            Ok(Some(request)) => {
                let response = lock(shared).handle(&request);
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

impl Shared {
    fn handle(&mut self, request: &Request) -> Response {
        if self.log.len() == LOG_LENGTH {
            self.log.pop_front();
        }
        self.log
            .push_back((request.method.clone(), request.path.clone()));
        let answer = api::answer(&mut self.world, &mut self.sign_in, &self.url, request);
        answer.into_response(request)
    }
}

/// The answer to what is no HTTP; the connection closes after it.
fn unreadable() -> (Request, Response) {
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
