//! A throw-away certificate authority and the TLS configurations that it vouches for, or not.

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

/// The host that only the proxy of a case reaches.
pub const PROXIED_HOST: &str = "api.partnercenter.example";

/// A connection's server side.
pub(crate) type Tls = StreamOwned<ServerConnection, TcpStream>;

/// An authority that exists for one process, and a server certificate for loopback signed by it.
pub struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
    config: Arc<ServerConfig>,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Another authority signed it.
    Untrusted,
    /// It was valid until yesterday.
    Expired,
    /// It is of another host.
    WrongName,
}

impl Authority {
    /// Makes new keys and certificates, valid from yesterday for a month.
    pub fn new() -> Result<Self, ServerError> {
        Self::named("partner-center test authority")
    }

    fn named(name: &str) -> Result<Self, ServerError> {
        let ca_key = KeyPair::generate().map_err(certificate)?;
        let ca = ca_parameters(name)?;
        let pem = ca.self_signed(&ca_key).map_err(certificate)?.pem();
        let issuer = Issuer::new(ca, ca_key);

        let config = server_config(leaf_parameters(&HOSTS)?, &issuer)?;
        Ok(Self {
            pem,
            issuer,
            config,
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

    /// The same with a certificate that no client may accept.
    pub fn flawed_config(&self, flaw: Flaw) -> Result<Arc<ServerConfig>, ServerError> {
        let mut config = match flaw {
            // Of the same name it would be a forgery, which is another flaw.
            Flaw::Untrusted => Self::named("another test authority")?.config,
            Flaw::Expired => {
                let mut leaf = leaf_parameters(&HOSTS)?;
                leaf.not_before = (SystemTime::now() - 30 * DAY).into();
                leaf.not_after = (SystemTime::now() - DAY).into();
                server_config(leaf, &self.issuer)?
            }
            Flaw::WrongName => server_config(leaf_parameters(&["wrong.example"])?, &self.issuer)?,
        };
        // With nothing to write after the handshake, what follows it can be read even when the
        // client is gone.
        Arc::make_mut(&mut config).send_tls13_tickets = 0;
        Ok(config)
    }
}

const HOSTS: [&str; 4] = ["localhost", "127.0.0.1", "::1", PROXIED_HOST];

fn server_config(
    leaf: CertificateParams,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<Arc<ServerConfig>, ServerError> {
    let key = KeyPair::generate().map_err(certificate)?;
    let leaf = leaf.signed_by(&key, issuer).map_err(certificate)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    // The provider is named: the process may hold several, and none may be installed.
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(certificate)?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .map_err(certificate)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The stream on which TLS is spoken; the handshake happens with the first read.
pub(crate) fn tls_stream(config: &Arc<ServerConfig>, socket: TcpStream) -> Option<Tls> {
    let tls = ServerConnection::new(Arc::clone(config)).ok()?;
    Some(StreamOwned::new(tls, socket))
}

/// Ends the connection in good order.
pub(crate) fn say_goodbye(mut stream: Tls) {
    stream.conn.send_close_notify();
    let _ = stream.conn.complete_io(&mut stream.sock);
}

/// Speaks TLS on the socket while `converse` lasts, and says goodbye after it.
pub(crate) fn over_tls(
    config: &Arc<ServerConfig>,
    socket: TcpStream,
    converse: impl FnOnce(&mut Connection<Tls>),
) {
    let Some(stream) = tls_stream(config, socket) else {
        return;
    };
    let mut connection = Connection::new(stream);
    converse(&mut connection);
    say_goodbye(connection.into_inner());
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

fn ca_parameters(name: &str) -> Result<CertificateParams, ServerError> {
    let mut ca = parameters(name, &[])?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(ca)
}

fn leaf_parameters(hosts: &[&str]) -> Result<CertificateParams, ServerError> {
    let mut leaf = parameters("partner-center test server", hosts)?;
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
