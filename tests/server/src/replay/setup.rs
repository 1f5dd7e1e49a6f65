//! Servers with which no client may get as far as HTTP.

use super::account::Account;
use super::conversation::drain;
use super::records::Records;
use crate::authority::tls_stream;
use crate::case::Setup;
use rustls::ServerConfig;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

/// A fatal alert: protocol_version. It is in the version that such a server speaks, TLS 1.1.
const PROTOCOL_VERSION: &[u8] = &[21, 3, 2, 0, 2, 2, 70];
/// What web servers say to a TLS handshake on a port for plain HTTP.
pub(super) const PLAIN_HTTP: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

impl Account {
    /// Speaks TLS with a certificate that the client must refuse.
    pub(super) fn flawed_tls(&self, setup: Setup, config: &Arc<ServerConfig>, socket: TcpStream) {
        if socket.peek(&mut [0]).is_ok_and(|count| count > 0) {
            self.meet();
        }
        let Some(mut stream) = tls_stream(config, socket) else {
            return;
        };
        // No error and not the end: the handshake was completed, and this came after it.
        if let Ok(count @ 1..) = stream.read(&mut [0; 4096]) {
            self.fail(format!(
                "server {setup}: {count} bytes of HTTP or more reached it"
            ));
        }
    }

    /// Does not speak TLS, or not as far as the client needs.
    pub(super) fn no_tls(&self, setup: Setup, mut socket: &TcpStream) {
        let mut records = Records::default();
        let mut block = [0; 4096];
        let Ok(count @ 1..) = socket.read(&mut block) else {
            return;
        };
        self.meet();
        records.feed(block.get(..count).unwrap_or_default());
        let answer = match setup {
            Setup::Tls11 => PROTOCOL_VERSION,
            Setup::Plaintext | Setup::ProxyNotTls => PLAIN_HTTP,
            _ => &[],
        };
        if !answer.is_empty() {
            match socket.write_all(answer) {
                // The client may have read it and be gone already.
                Ok(()) => drop(socket.shutdown(Shutdown::Write)),
                Err(error) => self.fail(super::not_played(Some(setup), &error.to_string())),
            }
        }
        self.watch(setup, socket, records);
    }

    /// Reads on until the client closes: nothing that it sends may be HTTP.
    pub(super) fn watch(&self, setup: Setup, socket: &TcpStream, mut records: Records) {
        drain(socket, |bytes| records.feed(bytes));
        if records.foreign > 0 {
            let count = records.foreign;
            self.fail(format!("server {setup}: {count} bytes of HTTP reached it"));
        }
    }
}
