//! Ports to which no connection can be made.

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long a connect on loopback may go unanswered; one that succeeds does so at once.
const PATIENCE: Duration = Duration::from_millis(100);
/// One that is refused is so at once, too, but who asks may be held up.
const TO_REFUSE: Duration = Duration::from_secs(10);
/// More connections than any system queues when asked to queue none.
const MOST: usize = 64;

/// A port that is taken, so that no one else gets it, and on which nothing is accepted.
pub(super) struct Unreachable {
    port: u16,
    _socket: Socket,
    /// The connections that fill the queue.
    _queue: Vec<TcpStream>,
    problem: Option<String>,
}

impl Unreachable {
    /// A connect is refused.
    pub(super) fn refusing() -> io::Result<Self> {
        let (socket, address) = bind()?;
        let problem = match TcpStream::connect_timeout(&address, TO_REFUSE) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => None,
            Err(error) => Some(error.to_string()),
            Ok(_) => Some("a connection was accepted".to_owned()),
        };
        Ok(Self {
            port: address.port(),
            _socket: socket,
            _queue: Vec::new(),
            problem,
        })
    }

    /// A connect is never answered.
    pub(super) fn full() -> io::Result<Self> {
        let (socket, address) = bind()?;
        socket.listen(0)?;
        let mut queue = Vec::new();
        let problem = loop {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) if queue.len() < MOST => queue.push(stream),
                Ok(_) => break Some("the queue has no end".to_owned()),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => break None,
                Err(error) => break Some(error.to_string()),
            }
        };
        Ok(Self {
            port: address.port(),
            _socket: socket,
            _queue: queue,
            problem,
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Why the port is not what it should be.
    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

/// Binds and does not listen.
fn bind() -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    socket.bind(&any.into())?;
    let address = socket
        .local_addr()?
        .as_socket()
        .ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok((socket, address))
}
