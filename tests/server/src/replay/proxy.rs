//! An HTTP proxy. Its tunnel has no far end of its own: it leads straight to the replay.

use super::account::Account;
use super::not_played;
use super::records::Records;
use crate::authority::PROXIED_HOST;
use crate::case::Setup;
use crate::http::{Connection, HttpError, Request, Response};
use rustls::ServerConfig;
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection Established\r\n\r\n";

impl Account {
    /// Takes one CONNECT and does with it what the case says. `direct` is the port that the replay
    /// would have without a proxy: it stands for the sign-in authority.
    pub(super) fn proxy(
        &self,
        setup: Setup,
        direct: u16,
        config: &Arc<ServerConfig>,
        socket: TcpStream,
    ) {
        let mut connection = Connection::new(socket);
        let mut request = match connection.read_request() {
            Ok(Some(request)) => request,
            Ok(None) | Err(HttpError::Io(_)) => return,
            Err(HttpError::Malformed(problem)) => {
                return self.fail(format!("the proxy: not a readable request: {problem}"));
            }
        };
        request.keep_alive = false;
        if let Some(problem) = self.misuse(&request, direct, connection.has_unread()) {
            let refusal = self.refusal(&format!("the proxy: {problem}"));
            let _ = connection.write_response(&request, &refusal);
            return;
        }
        self.meet();
        if let Err(error) = answer(setup, &mut connection, &request) {
            return self.fail(not_played(Some(setup), &error.to_string()));
        }
        let socket = connection.into_inner();
        match setup {
            Setup::Proxy => self.serve(config, socket),
            Setup::ProxyNotTls => self.no_tls(setup, &socket),
            _ => self.watch(setup, &socket, Records::default()),
        }
    }

    /// What is wrong with a request to the proxy. It may carry the proxy's credentials, which are
    /// not asked for, and nothing that is meant for the service.
    fn misuse(&self, request: &Request, direct: u16, is_early: bool) -> Option<String> {
        let Request { method, path, .. } = request;
        if method != "CONNECT" {
            return Some(format!("expected CONNECT, got {method} {path}"));
        }
        if *path != format!("{PROXIED_HOST}:443") && *path != format!("127.0.0.1:{direct}") {
            return Some(format!("no tunnel leads to {path}"));
        }
        let is_secret = |value: &String| self.tokens.iter().any(|token| value.contains(token));
        let mut headers = request.headers.iter();
        if headers
            .any(|(name, value)| name.eq_ignore_ascii_case("authorization") || is_secret(value))
        {
            return Some("a token was shown to it".to_owned());
        }
        is_early.then(|| "bytes came before the tunnel was there".to_owned())
    }
}

fn answer(
    setup: Setup,
    connection: &mut Connection<TcpStream>,
    request: &Request,
) -> io::Result<()> {
    let (status, reason, challenge) = match setup {
        Setup::Proxy | Setup::ProxyNotTls => return connection.stream().write_all(ESTABLISHED),
        Setup::Proxy407 => (407, "Proxy Authentication Required", true),
        Setup::Proxy502 => (502, "Bad Gateway", false),
        _ => return connection.stream().shutdown(Shutdown::Write),
    };
    let mut response = Response {
        status,
        reason: reason.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    if challenge {
        let value = "Basic realm=\"invented\"".to_owned();
        let name = "Proxy-Authenticate".to_owned();
        response.headers.push((name, value));
    }
    connection.write_response(request, &response)?;
    // The client may have read it and be gone already.
    let _ = connection.stream().shutdown(Shutdown::Write);
    Ok(())
}
