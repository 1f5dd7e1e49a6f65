//! Answers one case from its recording and keeps account of every difference.
//!
//! Requests must come in the order of the entries, and each entry answers once. A request that is
//! not the one due gets status 599, which no service sends, and becomes a failure; so does an entry
//! that nobody asked for. A connection that ends before its request is complete is no request.
//!
//! What goes wrong on purpose is said by an entry's `_fault` or, before any HTTP, by the case's
//! `server`. A fault that could not be played is a failure too.

use crate::authority::{Authority, Flaw, PROXIED_HOST, over_tls};
use crate::case::{Case, Setup};
use crate::error::ServerError;
use crate::har::{Entry, Recording, Values};
use crate::listener::{Listener, Port};
use account::Account;
use serde::Serialize;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use unreachable::Unreachable;

mod account;
mod bomb;
mod compare;
mod conversation;
mod forms;
mod misanswer;
mod proxy;
mod records;
mod secrets;
mod setup;
mod unreachable;

/// The status of a request that is not the one due.
pub const NO_MATCH: u16 = 599;

/// A running replay of one case on its own ports, with TLS.
pub struct Replay {
    port: u16,
    proxy_port: Option<u16>,
    setup: Option<Setup>,
    listeners: Vec<Listener>,
    account: Arc<Account>,
    /// Held so that the port stays as it is.
    _unreachable: Option<Unreachable>,
}

/// What a replay saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The complete requests that were read.
    pub requests: u64,
    /// The requests, whole or begun, that followed a redirect to `${redirect}`. Each is a failure.
    pub redirected: u64,
    /// What differed, for a person to read; empty when all is well. Never contains a token or a
    /// secret of a form.
    pub failures: Vec<String>,
}

impl Replay {
    /// Loads `cases/ID.json` and its recording below `fixtures` and starts to answer.
    pub fn start(
        authority: &Authority,
        fixtures: &Path,
        case_id: &str,
    ) -> Result<Self, ServerError> {
        let case = Case::load(fixtures, case_id)?;
        let front = Front::open(case.server).map_err(ServerError::Socket)?;
        let is_proxied = case.server.is_some_and(Setup::is_proxy);
        let proxy = is_proxied.then(take_port).transpose()?;
        let elsewhere = take_port()?;
        let redirect = base_url(elsewhere.number());
        let values = Values {
            tokens: &case.tokens,
            api: &match &proxy {
                Some(_) => format!("https://{PROXIED_HOST}"),
                None => base_url(front.port()),
            },
            redirect: &redirect,
        };
        let recording = case
            .recording
            .as_deref()
            .map(|name| Recording::load(fixtures, name, &values))
            .transpose()?;
        let entries = recording.map(|recording| recording.entries);
        let is_redirecting = names(entries.as_deref().unwrap_or_default(), &redirect);
        let account = Arc::new(Account::new(case.tokens, entries));
        let mut replay = Self {
            port: front.port(),
            proxy_port: proxy.as_ref().map(Port::number),
            setup: case.server,
            listeners: Vec::new(),
            account,
            _unreachable: None,
        };
        match front {
            Front::Open(port) => replay.serve_front(port, authority)?,
            Front::Shut(unreachable) => {
                if let Some(problem) = unreachable.problem() {
                    replay.account.fail(not_played(case.server, problem));
                }
                replay._unreachable = Some(unreachable);
            }
        }
        if let (Some(port), Some(setup)) = (proxy, case.server) {
            let (config, direct) = (authority.config(), replay.port);
            replay.serve(port, move |account, socket| {
                account.proxy(setup, direct, &config, socket);
            })?;
        }
        if is_redirecting {
            let config = authority.config();
            replay.serve(elsewhere, move |account, socket| {
                over_tls(&config, socket, |open| account.sent_on(open));
            })?;
        }
        Ok(replay)
    }

    fn serve_front(&mut self, port: Port, authority: &Authority) -> Result<(), ServerError> {
        let Some(setup) = self.setup else {
            let config = authority.config();
            return self.serve(port, move |account, socket| account.serve(&config, socket));
        };
        let flaw = match setup {
            Setup::UntrustedCertificate => Flaw::Untrusted,
            Setup::ExpiredCertificate => Flaw::Expired,
            Setup::WrongNameCertificate => Flaw::WrongName,
            _ if setup.is_proxy() => {
                return self.serve(port, |account, _| {
                    account.fail("a connection was made past the proxy");
                });
            }
            _ => return self.serve(port, move |account, socket| account.no_tls(setup, &socket)),
        };
        let config = authority.flawed_config(flaw)?;
        self.serve(port, move |account, socket| {
            account.flawed_tls(setup, &config, socket);
        })
    }

    fn serve(
        &mut self,
        port: Port,
        serve: impl Fn(&Account, TcpStream) + Send + Sync + 'static,
    ) -> Result<(), ServerError> {
        let account = Arc::clone(&self.account);
        let listener = port
            .serve(move |socket| serve(&account, socket))
            .map_err(ServerError::Socket)?;
        self.listeners.push(listener);
        Ok(())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The proxy's port on 127.0.0.1, where the case has a proxy. What it leads to is
    /// [`PROXIED_HOST`].
    pub fn proxy_port(&self) -> Option<u16> {
        self.proxy_port
    }

    /// Ends the case: closes every connection, stalled ones too, and says what was seen.
    pub fn finish(self) -> Verdict {
        self.close();
        let mut verdict = self.account.close();
        // The tunnel that works is no fault, and of the port that nobody reaches nothing is seen.
        let unseen = matches!(
            self.setup,
            None | Some(Setup::Proxy | Setup::Refusing | Setup::BacklogFull)
        );
        if !unseen && !self.account.was_met() {
            verdict.failures.push(not_played(self.setup, "nobody came"));
        }
        verdict
    }

    fn close(&self) {
        self.account.end();
        for listener in &self.listeners {
            listener.stop();
        }
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.close();
    }
}

fn not_played(setup: Option<Setup>, problem: &str) -> String {
    let name = setup.map(|setup| setup.to_string()).unwrap_or_default();
    format!("server {name}: could not be played: {problem}")
}

fn base_url(port: u16) -> String {
    format!("https://127.0.0.1:{port}")
}

fn take_port() -> Result<Port, ServerError> {
    Port::take(0).map_err(ServerError::Socket)
}

/// Whether an answer names the listener that nobody may be sent on to.
fn names(entries: &[Entry], redirect: &str) -> bool {
    entries.iter().any(|entry| {
        let mut headers = entry.response.headers.iter();
        headers.any(|(_, value)| value.contains(redirect))
            || String::from_utf8_lossy(&entry.response.body).contains(redirect)
    })
}

/// The port that the client is told of.
enum Front {
    Open(Port),
    Shut(Unreachable),
}

impl Front {
    fn open(setup: Option<Setup>) -> std::io::Result<Self> {
        match setup {
            Some(Setup::Refusing) => Unreachable::refusing().map(Self::Shut),
            Some(Setup::BacklogFull) => Unreachable::full().map(Self::Shut),
            _ => Port::take(0).map(Self::Open),
        }
    }

    fn port(&self) -> u16 {
        match self {
            Self::Open(port) => port.number(),
            Self::Shut(unreachable) => unreachable.port(),
        }
    }
}

#[cfg(test)]
mod tests;
