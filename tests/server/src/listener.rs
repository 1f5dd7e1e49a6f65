//! Accepts connections on loopback, one thread each, and can end all of them at once.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Locks even if another thread panicked while holding the lock: its failure is reported elsewhere.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Between two tries of what fails while file handles are short.
const A_MOMENT: Duration = Duration::from_millis(10);
/// How often the end of `accept` is tried: the end of a test must not hang.
const WAKES: usize = 100;

type Serve = dyn Fn(TcpStream) + Send + Sync;

/// A listening socket and everything that came out of it.
pub(crate) struct Listener {
    /// The process whose threads and sockets these are.
    pid: u32,
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    closing: AtomicBool,
    /// A second handle of every open socket: closing it from outside wakes the thread that reads.
    sockets: Mutex<HashMap<u64, TcpStream>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// A port that is taken and not served yet: what is served may have to know it.
pub(crate) struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Takes the port on 127.0.0.1; 0: any free one.
    pub(crate) fn take(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    pub(crate) fn number(&self) -> u16 {
        self.address.port()
    }

    /// Runs `serve` for every connection.
    pub(crate) fn serve(
        self,
        serve: impl Fn(TcpStream) + Send + Sync + 'static,
    ) -> io::Result<Listener> {
        let Self { listener, address } = self;
        let shared = Arc::new(Shared::default());
        let serve: Arc<Serve> = Arc::new(serve);
        let accepting = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("accept".to_owned())
                .spawn(move || accept(&listener, &shared, &serve))?
        };
        Ok(Listener {
            pid: std::process::id(),
            address,
            shared,
            accepting: Mutex::new(Some(accepting)),
        })
    }
}

impl Listener {
    /// Closes the listener and every connection, and waits for their threads. May be called twice.
    pub(crate) fn stop(&self) {
        // In a child of `fork` the threads do not exist, and a shutdown would reach the parent's.
        if self.pid != std::process::id() {
            return;
        }
        self.shared.closing.store(true, Ordering::SeqCst);
        if let Some(accepting) = lock(&self.accepting).take()
            && self.wake(&accepting)
        {
            let _ = accepting.join();
        }
        self.close_sockets();
        let threads = std::mem::take(&mut *lock(&self.shared.threads));
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl Listener {
    /// Ends `accept`, which nothing but a connection wakes; says whether it is sure to end.
    fn wake(&self, accepting: &JoinHandle<()>) -> bool {
        for _ in 0..WAKES {
            if TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok()
                || accepting.is_finished()
            {
                return true;
            }
            // Out of file handles: the connections that end give theirs back.
            self.close_sockets();
            thread::sleep(A_MOMENT);
        }
        false
    }

    fn close_sockets(&self) {
        for socket in lock(&self.shared.sockets).values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, serve: &Arc<Serve>) {
    let mut next = 0;
    loop {
        let accepted = listener.accept();
        if shared.closing.load(Ordering::SeqCst) {
            return;
        }
        match accepted {
            Ok((socket, _)) => {
                next += 1;
                // A connection that cannot be served is closed, which its client sees.
                let _ = open(socket, next, shared, serve);
            }
            // Out of file handles, or the client has gone again: neither ends the server.
            Err(_) => thread::sleep(A_MOMENT),
        }
    }
}

fn open(socket: TcpStream, id: u64, shared: &Arc<Shared>, serve: &Arc<Serve>) -> io::Result<()> {
    socket.set_nodelay(true)?;
    lock(&shared.sockets).insert(id, socket.try_clone()?);
    let forget = Forget {
        id,
        shared: Arc::clone(shared),
    };
    let serve = Arc::clone(serve);
    let thread = thread::Builder::new()
        .name("connection".to_owned())
        .spawn(move || {
            let _forget = forget;
            serve(socket);
        })?;
    let mut threads = lock(&shared.threads);
    threads.retain(|thread| !thread.is_finished());
    threads.push(thread);
    Ok(())
}

/// Drops the second handle with the thread; otherwise the socket would stay open.
struct Forget {
    id: u64,
    shared: Arc<Shared>,
}

impl Drop for Forget {
    fn drop(&mut self) {
        lock(&self.shared.sockets).remove(&self.id);
    }
}
