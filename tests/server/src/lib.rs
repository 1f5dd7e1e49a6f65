//! The loopback server that every language's test suite runs against.
//!
//! - [`replay`]: answers a test case from its recording, plays its faults, and reports every request
//!   that differs.
//! - [`emulator`]: a stateful stand-in for the service, to practise on and to test against.
//!
//! The crate shares no code with the client library and contains no HTTP library, client or server:
//! a mistake made in both would go unseen, and a server library cannot break its own sockets.

pub mod case;
pub mod emulator;
pub mod error;
pub mod fuzz;
pub mod har;
pub mod http;

#[cfg(feature = "tls")]
pub mod authority;
#[cfg(feature = "tls")]
pub mod control;
#[cfg(feature = "tls")]
pub mod replay;

mod form;
mod listener;
mod member;
#[cfg(test)]
mod testing;

pub use error::ServerError;
