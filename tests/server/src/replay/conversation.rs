//! One connection of a case: request after request, up to the fault that ends it.

use super::account::{Account, Met};
use super::misanswer::Then;
use crate::authority::{Tls, say_goodbye, tls_stream};
use crate::har::{Ending, Fault};
use crate::http::{Connection, HttpError, Request};
use rustls::ServerConfig;
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

/// How a conversation ends.
enum Last {
    Goodbye,
    Fault(Met, Ending),
}

impl From<(Met, Ending)> for Last {
    fn from((met, ending): (Met, Ending)) -> Self {
        Self::Fault(met, ending)
    }
}

impl Account {
    /// Answers on the socket until one side has enough.
    pub(super) fn serve(&self, config: &Arc<ServerConfig>, socket: TcpStream) {
        let Some(stream) = tls_stream(config, socket) else {
            return;
        };
        let mut connection = Connection::new(stream);
        let last = self.converse(&mut connection);
        let stream = connection.into_inner();
        match last {
            Last::Goodbye => say_goodbye(stream),
            Last::Fault(met, ending) => {
                // A client that has seen a part of an answer may be gone already.
                if let Err(error) = self.break_off(&stream.sock, ending)
                    && !met.fault.is_of_answer()
                {
                    self.not_played(met, &error.to_string());
                }
            }
        }
    }

    fn converse(&self, connection: &mut Connection<Tls>) -> Last {
        let mut idle: Option<Met> = None;
        loop {
            let comes = connection.wait().unwrap_or(false);
            if let Some(met) = idle.take() {
                if comes {
                    return Last::Fault(met, Ending::Close);
                }
                self.not_played(met, "the connection was not used again");
            }
            if !comes {
                return Last::Goodbye;
            }
            let mut request = match self.receive(connection) {
                Ok(ControlFlow::Continue(request)) => request,
                Ok(ControlFlow::Break(last)) => return last,
                Err(HttpError::Io(_)) => return Last::Goodbye,
                Err(HttpError::Malformed(problem)) => {
                    self.fail(format!("not a readable request: {problem}"));
                    return Last::Goodbye;
                }
            };
            let (mut response, met) = self.reply(&request);
            if met.is_some_and(|met| met.fault == Fault::Idle) {
                idle = met;
            } else if self.awaits_a_connection() {
                // That fault is one of a new connection, so this one must not be used again.
                request.keep_alive = false;
            }
            let then = match met {
                Some(met) if idle.is_none() => {
                    if !request.keep_alive {
                        let close = ("Connection".to_owned(), "close".to_owned());
                        response.headers.push(close);
                    }
                    match self.misanswer(met.fault, connection.stream(), &response) {
                        Ok(Then::End(ending)) => return Last::Fault(met, ending),
                        Ok(then) => then,
                        Err(error) => {
                            self.not_played(met, &error.to_string());
                            Then::Gone
                        }
                    }
                }
                _ => match connection.write_response(&request, &response) {
                    Ok(()) => Then::GoOn,
                    Err(_) => Then::Gone,
                },
            };
            if !matches!(then, Then::GoOn) || !request.keep_alive {
                if let Some(met) = idle {
                    self.not_played(met, "the client did not keep the connection");
                }
                return Last::Goodbye;
            }
        }
    }

    /// The next request, or the fault that comes before it is whole.
    fn receive(
        &self,
        connection: &mut Connection<Tls>,
    ) -> Result<ControlFlow<Last, Request>, HttpError> {
        // Not before the first byte: a client whose connection ends while it has nothing to send
        // may notice that in time and see no fault at all.
        if let Some(met) = self.meet_unread() {
            return Ok(ControlFlow::Break(met.into()));
        }
        let Some(head) = connection.read_head()? else {
            return Ok(ControlFlow::Break(Last::Goodbye));
        };
        if let Some(met) = self.meet_head(&head) {
            return Ok(ControlFlow::Break(met.into()));
        }
        connection.read_body(head).map(ControlFlow::Continue)
    }

    fn break_off(&self, socket: &TcpStream, ending: Ending) -> io::Result<()> {
        match ending {
            Ending::Close => {
                socket.shutdown(Shutdown::Write)?;
                // With bytes unread the system would reset the connection, not close it.
                drain(socket, |_| {});
            }
            // Takes effect when the socket is dropped.
            Ending::Reset => SockRef::from(socket).set_linger(Some(Duration::ZERO))?,
            Ending::Stall => self.wait_for_the_end(),
        }
        Ok(())
    }

    /// What followed a redirect: it is counted, and nobody may do so.
    pub(super) fn sent_on(&self, connection: &mut Connection<impl Read + Write>) {
        while connection.wait().unwrap_or(false) {
            self.count_redirected();
            let request = match connection.read_request() {
                Ok(Some(request)) => request,
                _ => return self.fail("a request that followed a redirect was cut off"),
            };
            let Request { method, path, .. } = &request;
            let response = self.refusal(&format!("a request followed a redirect: {method} {path}"));
            if connection.write_response(&request, &response).is_err() || !request.keep_alive {
                return;
            }
        }
    }
}

/// Reads until the client closes or the case ends.
pub(super) fn drain(mut socket: &TcpStream, mut seen: impl FnMut(&[u8])) {
    let mut block = [0; 4096];
    loop {
        match socket.read(&mut block) {
            Ok(0) => return,
            Ok(count) => seen(block.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
