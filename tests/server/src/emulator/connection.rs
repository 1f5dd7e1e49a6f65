//! One connection: answers, or breaks it off without one.

use super::Shared;
use super::service::Delivery;
use crate::http::{Connection, HttpError};
use crate::listener::lock;
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Duration;

#[cfg(feature = "tls")]
use rustls::{ServerConfig, ServerConnection, StreamOwned};
#[cfg(feature = "tls")]
use std::sync::Arc;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    Reset,
}

/// Serves a connection over plain HTTP.
pub(super) fn serve(socket: TcpStream, shared: &Mutex<Shared>) {
    let mut connection = Connection::new(socket);
    let end = converse(&mut connection, shared);
    finish(&connection.into_inner(), end);
}

/// Serves a connection over TLS. A reset one is not said goodbye to.
#[cfg(feature = "tls")]
pub(super) fn serve_tls(config: &Arc<ServerConfig>, socket: TcpStream, shared: &Mutex<Shared>) {
    let Ok(tls) = ServerConnection::new(Arc::clone(config)) else {
        return;
    };
    let mut connection = Connection::new(StreamOwned::new(tls, socket));
    let end = converse(&mut connection, shared);
    let mut stream = connection.into_inner();
    if end == End::Closed {
        stream.conn.send_close_notify();
        let _ = stream.conn.complete_io(&mut stream.sock);
    }
    finish(&stream.sock, end);
}

/// With a linger time of zero, the close that follows is a reset.
fn finish(socket: &TcpStream, end: End) {
    if end == End::Reset {
        let _ = SockRef::from(socket).set_linger(Some(Duration::ZERO));
    }
}

fn converse(connection: &mut Connection<impl Read + Write>, shared: &Mutex<Shared>) -> End {
    loop {
        let (request, delivery) = match connection.read_request() {
            Ok(Some(request)) => {
                let delivery = lock(shared).handle(&request);
                (request, delivery)
            }
            Err(HttpError::Malformed(_)) => super::unreadable(),
            Ok(None) | Err(HttpError::Io(_)) => return End::Closed,
        };
        let response = match delivery {
            Delivery::Answer(response) => response,
            Delivery::Closed => return End::Closed,
            Delivery::Reset => return End::Reset,
        };
        if connection.write_response(&request, &response).is_err() || !request.keep_alive {
            return End::Closed;
        }
    }
}
