//! A throw-away certificate authority and the TLS configuration that it vouches for.

use crate::error::ServerError;
use crate::http::Connection;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An authority that exists for one process, and a server certificate for loopback signed by it.
pub struct Authority {
    pem: String,
    config: Arc<ServerConfig>,
}

impl Authority {
    /// Makes new keys and certificates, valid from yesterday for a month.
    pub fn new() -> Result<Self, ServerError> {
        let ca_key = KeyPair::generate().map_err(certificate)?;
        let ca = ca_parameters()?;
        let pem = ca.self_signed(&ca_key).map_err(certificate)?.pem();
        let issuer = Issuer::new(ca, ca_key);

        let key = KeyPair::generate().map_err(certificate)?;
        let leaf = leaf_parameters()?
            .signed_by(&key, &issuer)
            .map_err(certificate)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));

        // The provider is named: the process may hold several, and none may be installed.
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(certificate)?
                .with_no_client_auth()
                .with_single_cert(vec![leaf.der().clone()], key)
                .map_err(certificate)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            pem,
            config: Arc::new(config),
        })
    }

    /// The certificate of the authority, for clients to trust.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The server side: certificate, key, HTTP/1.1 only.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

/// Speaks TLS on the socket while `converse` lasts, and says goodbye after it.
pub(crate) fn over_tls(
    config: &Arc<ServerConfig>,
    socket: TcpStream,
    converse: impl FnOnce(&mut Connection<StreamOwned<ServerConnection, TcpStream>>),
) {
    let Ok(tls) = ServerConnection::new(Arc::clone(config)) else {
        return;
    };
    let mut connection = Connection::new(StreamOwned::new(tls, socket));
    converse(&mut connection);
    let mut stream = connection.into_inner();
    stream.conn.send_close_notify();
    let _ = stream.conn.complete_io(&mut stream.sock);
}

fn certificate(error: impl std::fmt::Display) -> ServerError {
    ServerError::Certificate(error.to_string())
}

fn parameters(name: &str, hosts: &[&str]) -> Result<CertificateParams, ServerError> {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut parameters = CertificateParams::new(hosts).map_err(certificate)?;
    parameters.distinguished_name.push(DnType::CommonName, name);
    // Some verifiers refuse server certificates that are valid for years.
    parameters.not_before = (SystemTime::now() - DAY).into();
    parameters.not_after = (SystemTime::now() + 30 * DAY).into();
    Ok(parameters)
}

fn ca_parameters() -> Result<CertificateParams, ServerError> {
    let mut ca = parameters("partner-center test authority", &[])?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(ca)
}

fn leaf_parameters() -> Result<CertificateParams, ServerError> {
    let mut leaf = parameters(
        "partner-center test server",
        &["localhost", "127.0.0.1", "::1"],
    )?;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    Ok(leaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authority_is_a_new_one() {
        let (one, other) = (Authority::new().unwrap(), Authority::new().unwrap());
        assert!(one.pem().starts_with("-----BEGIN CERTIFICATE-----"));
        assert_ne!(one.pem(), other.pem());
    }

    #[test]
    fn only_http_1_1_is_offered() {
        let config = Authority::new().unwrap().config();
        assert_eq!(config.alpn_protocols, [b"http/1.1".to_vec()]);
    }
}
