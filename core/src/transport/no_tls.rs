//! A build without TLS reaches this machine only.

use std::error::Error as StdError;

use reqwest::blocking;

use super::Route;
use crate::engine::Stage;
use crate::error::Error;

pub(super) fn trusting(
    _: blocking::ClientBuilder,
    _: &Route,
) -> Result<blocking::ClientBuilder, Error> {
    Err(Error::invalid(
        "this build of the library has no TLS, so it can use plain http to this machine only",
    ))
}

pub(super) fn handshake(_: &(dyn StdError + 'static), _: bool) -> Option<Stage> {
    None
}

pub(super) fn named_stores() -> &'static str {
    ""
}
