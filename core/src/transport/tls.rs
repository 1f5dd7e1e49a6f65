//! Whom to trust.

use std::error::Error as StdError;
use std::path::Path;

use reqwest::{Certificate, blocking};

use super::Route;
use crate::engine::Stage;
use crate::error::Error;

/// Where requests and curl look for authorities; rustls does not.
const BUNDLES: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
/// Where rustls looks on Linux, instead of the system's own place.
const STORES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Whose fault a handshake is that failed: behind a proxy what is no TLS at all is the proxy's.
pub(super) fn handshake(cause: &(dyn StdError + 'static), is_proxied: bool) -> Option<Stage> {
    Some(match cause.downcast_ref()? {
        rustls::Error::InvalidMessage(_) if is_proxied => Stage::Proxy,
        _ => Stage::Tls,
    })
}

/// The stores that the environment names: the system's loader does not say which file it missed.
pub(super) fn named_stores() -> String {
    let named = STORES.iter().filter(|name| is_set(name));
    named
        .map(|name| format!(" ({name} names {})", shown(name)))
        .collect()
}

/// Decides whom to trust: those given, those of the environment, or the system's.
pub(super) fn trusting(
    builder: blocking::ClientBuilder,
    route: &Route,
) -> Result<blocking::ClientBuilder, Error> {
    let extra = match &route.extra_authorities {
        Some(pem) => certificates("ca_certificates", pem)?,
        None => Vec::new(),
    };
    let only = match &route.only_authorities {
        Some(pem) => Some(certificates("only_ca_certificates", pem)?),
        None => bundle_from_environment()?,
    };
    // The system's verifier would need the app's Java context, and panics without it.
    if only.is_none() && cfg!(target_os = "android") {
        return Err(Error::invalid(
            "only_ca_certificates is missing: on Android it holds the authorities to trust, \
             as platformAuthorities() reads them from the system",
        ));
    }
    Ok(match only {
        Some(only) => builder.tls_certs_only(only.into_iter().chain(extra)),
        None if extra.is_empty() => builder,
        None => builder.tls_certs_merge(extra),
    })
}

fn certificates(option: &str, pem: &[u8]) -> Result<Vec<Certificate>, Error> {
    let refused = || {
        Error::invalid(format!(
            "{option} holds no PEM certificate that can be read"
        ))
    };
    let found = Certificate::from_pem_bundle(pem).map_err(|_| refused())?;
    if found.is_empty() {
        return Err(refused());
    }
    Ok(found)
}

/// The authorities that requests or curl would use here. As with them, they replace the system's.
fn bundle_from_environment() -> Result<Option<Vec<Certificate>>, Error> {
    // The system's loader reads these two by itself.
    if STORES.into_iter().any(is_set) {
        return Ok(None);
    }
    let Some(name) = BUNDLES.into_iter().find(|name| is_set(name)) else {
        return Ok(None);
    };
    let path = std::env::var_os(name).unwrap_or_default();
    let pem = read_bundle(Path::new(&path))
        .map_err(|error| Error::invalid(format!("{name} names {}: {error}", shown(name))))?;
    certificates(name, &pem).map(Some)
}

/// A file, or a directory of certificate files.
fn read_bundle(path: &Path) -> std::io::Result<Vec<u8>> {
    if !path.is_dir() {
        return std::fs::read(path);
    }
    let mut pem = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let file = entry?.path();
        if file.is_file() {
            pem.extend(std::fs::read(file)?);
            pem.push(b'\n');
        }
    }
    Ok(pem)
}

fn shown(name: &str) -> String {
    let value = std::env::var_os(name).unwrap_or_default();
    value.to_string_lossy().into_owned()
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
