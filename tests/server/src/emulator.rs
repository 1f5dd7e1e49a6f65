//! A stateful stand-in for the service and its sign-in authority, on loopback.
//!
//! It answers the singular and the plural qualification resource, the list of validation codes,
//! customers one by one and in pages, the audit log, and, below the same base URL, the authority's
//! token endpoint and its documents. Five customers and two validation codes are there from the
//! start, always with the same ids: see [`seed`]; or those of a file. Every start begins anew.
//! Below `/emulator` it is looked at and changed from outside, and `/` is a page for people.
//!
//! What it does is not all known of the real service: [`BEHAVIOURS`] lists each behaviour and
//! whether it is documented, observed or assumed. [`Switches`] change what is assumed, and make
//! things go wrong: answers are lost, writes come late, reads lag behind. Whatever the client is
//! told, [`Emulator::truth`] says what really happened.

#[cfg(feature = "tls")]
use crate::authority::Authority;
use crate::http::{Request, Response};
use crate::listener::{Listener, Port, lock};
use log::Log;
use serde_json::{Value, json};
use service::{Beginning, Delivery, Service};
use sign_in::{Caller, SignIn};
use std::fmt;
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

mod admin;
mod answer;
mod api;
mod behaviours;
mod chance;
mod clock;
mod connection;
mod history;
mod ledger;
mod log;
mod model;
mod recent;
mod rules;
pub mod seed;
mod service;
mod sign_in;
mod state;
mod switches;

pub use behaviours::{Area, BEHAVIOURS, Basis, Behaviour, fidelity};
pub use chance::Chance;
pub use ledger::{Applied, Writes};
pub use model::{
    Customer, Decision, Qualification, QualificationItem, ValidationCode, Vetting, VettingStatus,
};
pub use seed::Seed;
pub use switches::{
    CodeUse, Deduplication, Loss, LostAs, PostAnswer, PutAnswer, ReadFailure, SWITCHES, Switch,
    Switches,
};

/// The most customers that are generated; their numbers still fit into ids and into memory.
const MOST_CUSTOMERS: usize = 1_000_000;

/// How to start an [`Emulator`].
#[derive(Clone, Default)]
pub struct EmulatorOptions {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The bearer token that is accepted; `None` makes up a random one.
    pub token: Option<String>,
    /// The customers and validation codes that are there from the start.
    pub seed: Seed,
    /// How many customers there are besides the seed's: `Customer 00001` and so on, see
    /// [`seed::generated_id`]. At most a million.
    pub customers: usize,
    /// Where the service's behaviour is not known, and what goes wrong; friendly by default.
    pub switches: Switches,
}

impl fmt::Debug for EmulatorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorOptions")
            .field("port", &self.port)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("seed", &self.seed.customers.len())
            .field("customers", &self.customers)
            .field("switches", &self.switches)
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
    service: Service,
    log: Log,
}

impl Emulator {
    /// Starts to answer over plain HTTP. A token must be visible ASCII without spaces, as it goes
    /// into a header.
    pub fn start(options: EmulatorOptions) -> io::Result<Self> {
        Self::open("http", options, connection::serve)
    }

    /// Starts to answer over TLS, with a certificate of this authority.
    #[cfg(feature = "tls")]
    pub fn start_tls(options: EmulatorOptions, authority: &Authority) -> io::Result<Self> {
        let config = authority.config();
        Self::open("https", options, move |socket, shared| {
            connection::serve_tls(&config, socket, shared);
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
        let beginning = Arc::new(Beginning {
            seed: options.seed,
            customers: options.customers,
            switches: options.switches,
        });
        let shared = Arc::new(Mutex::new(Shared {
            service: Service::new(url.clone(), sign_in, beginning),
            log: Log::default(),
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
        self.service(|service| service.sign_in.token(Caller::User).to_owned())
    }

    /// Replaces the accepted tokens by new ones and returns the user's; the old ones get 401 from
    /// now on, and the token endpoint gives out the new ones.
    pub fn expire_token(&self) -> String {
        self.service(|service| {
            service.sign_in.expire();
            service.sign_in.token(Caller::User).to_owned()
        })
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
        self.service(|service| service.sign_in.client_secret().to_owned())
    }

    /// The latest refresh token. Those before it stay valid.
    pub fn refresh_token(&self) -> String {
        self.service(|service| service.sign_in.refresh_token())
    }

    /// Ends the vetting of the customer's request; `false` when none is in review.
    pub fn decide(&self, customer_id: &str, decision: Decision) -> bool {
        let Ok(id) = Uuid::try_parse(customer_id) else {
            return false;
        };
        self.service(|service| service.decide(id, decision))
    }

    /// The switches as they are now: what counts down has been counted down.
    pub fn switches(&self) -> Switches {
        self.service(|service| service.switches().clone())
    }

    /// Replaces all switches, for the requests from now on. What is under way stays as it is:
    /// writes that are to be applied late will be. Chance begins anew only with another seed.
    pub fn set_switches(&self, switches: Switches) {
        self.service(|service| service.set_switches(switches));
    }

    /// Puts the emulator's clock forward: what would have happened by then, has happened.
    pub fn advance(&self, by: Duration) {
        self.service(|service| service.advance(by));
    }

    /// The customers as they are now.
    pub fn customers(&self) -> Vec<Customer> {
        self.service(|service| service.world.customers().to_vec())
    }

    /// The validation codes as they are now.
    pub fn validation_codes(&self) -> Vec<ValidationCode> {
        self.service(|service| service.world.codes().to_vec())
    }

    /// Every change that really happened, in order, whatever the client was told.
    pub fn truth(&self) -> Vec<Applied> {
        self.service(|service| service.ledger.truth().to_vec())
    }

    /// What became of the writes, by `MS-RequestId`, in the order of its first arrival. A write
    /// without one has an id that was made up. The last 100,000 ids are kept.
    pub fn writes(&self) -> Vec<(String, Writes)> {
        let owned = |(id, writes): (&str, &Writes)| (id.to_owned(), *writes);
        self.service(|service| service.ledger.writes().map(owned).collect())
    }

    /// What became of the writes with this `MS-RequestId`.
    pub fn writes_of(&self, request_id: &str) -> Writes {
        self.service(|service| service.ledger.writes_of(request_id))
    }

    /// Method and path of the requests received, oldest first, refused ones too. Queries are left
    /// out, since they carry validation codes. The log keeps the last 10,000.
    pub fn requests(&self) -> Vec<(String, String)> {
        lock(&self.shared).log.requests().cloned().collect()
    }

    /// How many changes were really made; setting what is set already makes none.
    pub fn applied(&self) -> u64 {
        self.service(|service| service.ledger.changes())
    }

    /// Begins anew: customers, codes, switches and all that is counted or logged are as they were at
    /// the start. The tokens stay.
    pub fn reset(&self) {
        lock(&self.shared).reset();
    }

    /// What a client needs, as a JSON object: `url`, `token`, `tenant`, `client_id`,
    /// `client_secret` and `refresh_token`.
    pub fn about(&self) -> Value {
        json!({
            "url": self.url(),
            "token": self.token(),
            "tenant": self.tenant(),
            "client_id": self.client_id(),
            "client_secret": self.client_secret(),
            "refresh_token": self.refresh_token(),
        })
    }

    /// Looks at what is behind the port, as it is now.
    fn service<T>(&self, look: impl FnOnce(&mut Service) -> T) -> T {
        let service = &mut lock(&self.shared).service;
        service.catch_up();
        look(service)
    }

    /// Closes the port and every connection. May be called twice.
    pub fn stop(&self) {
        self.listener.stop();
    }
}

impl Shared {
    /// What is asked of the emulator itself is neither logged nor counted.
    fn handle(&mut self, request: &Request) -> Delivery<Response> {
        if let Some(response) = admin::answer(self, request) {
            return Delivery::Answer(response);
        }
        let delivery = self.service.handle(request);
        self.log.keep(request, &delivery);
        delivery
    }

    fn reset(&mut self) {
        self.service.reset();
        self.log = Log::default();
    }
}

/// The answer to what is no HTTP; the connection closes after it.
fn unreadable() -> (Request, Delivery<Response>) {
    let request = Request {
        method: String::new(),
        path: String::new(),
        query: None,
        headers: Vec::new(),
        body: Vec::new(),
        keep_alive: false,
    };
    let answer = answer::bad_input("The request could not be read.");
    let response = answer.into_response(answer::Ids::of(&request));
    (request, Delivery::Answer(response))
}

#[cfg(test)]
mod tests;
