//! The parts of a case file that the server needs.

use crate::error::ServerError;
use crate::member::{Document, Member};
use std::fmt;
use std::path::Path;

/// One case: what the credential hands out, and which recording answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The path of the file below `cases`, without `.json`.
    pub id: String,
    /// The tokens in the order in which the credential hands them out.
    pub tokens: Vec<String>,
    /// The name of the recording; `None` when nothing may reach the server.
    pub recording: Option<String>,
    /// What is wrong with every connection; `None` when nothing is.
    pub server: Option<Setup>,
}

/// How the server behaves on every connection, before any HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// Nothing listens on the port.
    Refusing,
    /// The queue of connections is full: a connect is never answered.
    BacklogFull,
    /// The certificate is of another authority.
    UntrustedCertificate,
    /// The certificate was valid until yesterday.
    ExpiredCertificate,
    /// The certificate is of another host.
    WrongNameCertificate,
    /// No version of TLS that the client offers is accepted.
    Tls11,
    /// Plain HTTP is spoken.
    Plaintext,
    /// The handshake is never answered.
    HandshakeStall,
    /// A proxy that asks for other credentials.
    Proxy407,
    /// A proxy that does not reach the host.
    Proxy502,
    /// A proxy that closes in place of an answer.
    ProxyClose,
    /// A proxy whose tunnel leads to something that speaks no TLS.
    ProxyNotTls,
    /// A proxy whose tunnel leads to the replay.
    Proxy,
}

const NAMES: [(&str, Setup); 13] = [
    ("refusing", Setup::Refusing),
    ("backlog_full", Setup::BacklogFull),
    ("untrusted_certificate", Setup::UntrustedCertificate),
    ("expired_certificate", Setup::ExpiredCertificate),
    ("wrong_name_certificate", Setup::WrongNameCertificate),
    ("tls_1_1", Setup::Tls11),
    ("plaintext", Setup::Plaintext),
    ("handshake_stall", Setup::HandshakeStall),
    ("proxy_407", Setup::Proxy407),
    ("proxy_502", Setup::Proxy502),
    ("proxy_close", Setup::ProxyClose),
    ("proxy_not_tls", Setup::ProxyNotTls),
    ("proxy", Setup::Proxy),
];

impl Setup {
    /// Whether clients come through a proxy.
    pub fn is_proxy(self) -> bool {
        matches!(
            self,
            Self::Proxy407 | Self::Proxy502 | Self::ProxyClose | Self::ProxyNotTls | Self::Proxy
        )
    }

    fn read(member: &Member<'_>) -> Result<Self, ServerError> {
        let text = member.text()?;
        let known = NAMES.iter().find(|(name, _)| *name == text);
        known.map(|(_, setup)| *setup).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            member.wrong(format!("must be one of {}", names.join(", ")))
        })
    }
}

impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = NAMES.iter().find(|(_, setup)| setup == self);
        f.write_str(known.map_or("", |(name, _)| name))
    }
}

impl Case {
    /// Reads `cases/ID.json` below `fixtures`.
    pub fn load(fixtures: &Path, id: &str) -> Result<Self, ServerError> {
        let document = Document::read(fixtures, "cases", id, "json")?;
        let case = document.root();
        let named = case.get("id")?;
        if named.text()? != id {
            return Err(named.wrong(format!("must be {id:?}, as the file is named")));
        }
        let tokens = case.get("tokens")?;
        let texts: Vec<String> = tokens
            .items()?
            .iter()
            .map(|token| match token.line()? {
                "" => Err(token.wrong("must not be empty")),
                text => Ok(text.to_owned()),
            })
            .collect::<Result<_, _>>()?;
        if texts.is_empty() {
            return Err(tokens.wrong("must not be empty"));
        }
        let server = case.optional("server")?;
        let server = server.map(|server| Setup::read(&server)).transpose()?;
        let recording = case.get("recording")?;
        let name = if recording.is_null() {
            None
        } else {
            Some(recording.text()?.to_owned())
        };
        match server {
            Some(setup) if setup != Setup::Proxy && name.is_some() => {
                return Err(recording.wrong(format!("must be null: the server is {setup}")));
            }
            _ => {}
        }
        Ok(Self {
            id: id.to_owned(),
            tokens: texts,
            recording: name,
            server,
        })
    }
}
