//! Does the I/O. Only this module names reqwest.
//!
//! No layer below may send twice: no redirects, no protocol retries, HTTP/1.1 only, and idle
//! connections dropped early, so that a stale one is rare.

#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "transport/no_tls.rs"]
mod tls;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io::Read;
use std::time::Duration;

use hyper::ext::ReasonPhrase;
use reqwest::blocking::{self, Body};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Proxy, redirect, retry};
use url::Url;

use crate::engine::{Failure, Stage};
use crate::error::{Details, Error, ErrorKind};
use crate::http::{Cut, Host, Method, Request, Response};

/// The largest body that is read. A qualification answers in 30 bytes.
const MAX_BODY: u64 = 1024 * 1024;
/// Well inside any server's own idle limit.
const IDLE: Duration = Duration::from_secs(15);
const USER_AGENT: &str = concat!("partner-center/", env!("CARGO_PKG_VERSION"));
const PROXIES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// How to reach the service.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) base: Url,
    /// The sign-in authority, without the tenant.
    pub(crate) authority: Url,
    pub(crate) connect_timeout: Duration,
    pub(crate) proxy: Option<String>,
    pub(crate) extra_authorities: Option<Vec<u8>>,
    pub(crate) only_authorities: Option<Vec<u8>>,
}

pub(crate) struct Transport {
    /// Each address with the client for it.
    api: (String, blocking::Client),
    authority: (String, blocking::Client),
    proxy_host: Option<String>,
}

impl Transport {
    pub(crate) fn new(route: &Route) -> Result<Self, Error> {
        let api = client(route, &route.base)?;
        // What suits one address must not decide for the other: proxies, authorities to trust.
        let alike = is_loopback(&route.base) == is_loopback(&route.authority)
            && route.base.scheme() == route.authority.scheme();
        Ok(Self {
            authority: (
                bare(&route.authority),
                if alike {
                    api.clone()
                } else {
                    client(route, &route.authority)?
                },
            ),
            api: (bare(&route.base), api),
            proxy_host: proxy_host(route),
        })
    }

    /// Sends once. An `Err` is a transport failure; any status is an `Ok`. The token goes to the API
    /// only.
    pub(crate) fn send(
        &self,
        request: &Request,
        ids: &[(&str, &str)],
        token: Option<&str>,
        timeout: Duration,
    ) -> Result<Response, Failure> {
        let (base, http) = match request.host {
            Host::Api => &self.api,
            Host::Authority => &self.authority,
        };
        let built = build(base, http, request, ids, token, timeout)?;
        let answer = http
            .execute(built)
            .map_err(|error| self.failure(error.without_url()))?;
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let reason_phrase = answer
            .extensions()
            .get::<ReasonPhrase>()
            .map(|phrase| String::from_utf8_lossy(phrase.as_bytes()).into_owned());
        let (body, cut) = read(answer);
        Ok(Response {
            status,
            reason_phrase,
            headers,
            body,
            cut,
        })
    }

    fn failure(&self, error: reqwest::Error) -> Failure {
        let mut detail = if error.is_connect() && error.is_timeout() {
            // Which of the layers saw it first differs from time to time.
            "connect timed out".to_owned()
        } else {
            chain(&error)
        };
        let stage = if error.is_builder() {
            Stage::Build
        } else if error.is_connect() {
            // The only trustworthy sign that nothing reached the service: measured for every way
            // in which a connection, a handshake or a tunnel fails.
            if let Some(stage) =
                causes(&error).find_map(|cause| tls::handshake(cause, self.proxy_host.is_some()))
            {
                stage
            } else if detail.contains("tunnel error: proxy authorization required") {
                Stage::ProxyCredentials
            } else if detail.contains("tunnel error") {
                Stage::Proxy
            } else {
                Stage::Connect
            }
        } else if error.is_timeout() {
            Stage::Timeout
        } else if causes(&error).any(is_framing) {
            Stage::Framing
        } else {
            Stage::Lost
        };
        if let (Stage::Proxy | Stage::ProxyCredentials, Some(host)) = (stage, &self.proxy_host) {
            detail = format!("{detail} (the proxy is {host})");
        }
        Failure { stage, detail }
    }
}

/// Builds what starts the thread that writes to the sockets, and lets that one inherit a blocked
/// SIGPIPE: a write to a connection that the peer has reset would else end every process that does
/// not ignore the signal, as Swift's do not.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn quietly<T>(build: impl FnOnce() -> T) -> T {
    use nix::sys::signal::{SigSet, Signal};
    let mut pipe = SigSet::empty();
    pipe.add(Signal::SIGPIPE);
    let before = SigSet::thread_get_mask();
    let blocked = pipe.thread_block();
    let built = build();
    if let (Ok(()), Ok(before)) = (blocked, before) {
        // Only an invalid argument can fail.
        let _ = before.thread_set_mask();
    }
    built
}

/// There no socket raises the signal.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn quietly<T>(build: impl FnOnce() -> T) -> T {
    build()
}

/// What reaches that address.
fn client(route: &Route, url: &Url) -> Result<blocking::Client, Error> {
    let mut builder = blocking::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .http1_only()
        .referer(false)
        .pool_idle_timeout(IDLE)
        .connect_timeout(route.connect_timeout)
        .timeout(None)
        .tcp_nodelay(true);
    if let Some(proxy) = &route.proxy {
        // reqwest's own error would print the URL, and a password in it.
        let proxy = Proxy::all(proxy.as_str())
            .map_err(|_| Error::invalid("proxy is not a URL such as http://proxy:8080"))?;
        builder = builder.no_proxy().proxy(proxy);
    } else if is_loopback(url) {
        builder = builder.no_proxy();
    }
    if url.scheme() == "https" {
        builder = tls::trusting(builder, route)?;
    }
    quietly(|| builder.build()).map_err(|error| {
        Details::new(
            ErrorKind::Tls,
            format!(
                "The client could not be built: {}{}.",
                chain(&error),
                tls::named_stores()
            ),
            "On a machine without certificate authorities, install its ca-certificates \
             package, set SSL_CERT_FILE, or give only_ca_certificates.",
        )
        .into()
    })
}

fn build(
    base: &str,
    http: &blocking::Client,
    request: &Request,
    ids: &[(&str, &str)],
    token: Option<&str>,
    timeout: Duration,
) -> Result<blocking::Request, Failure> {
    let refused = |detail: &str| Failure {
        stage: Stage::Build,
        detail: detail.to_owned(),
    };
    let url = Url::parse(&format!("{base}{}", request.target()))
        .map_err(|_| refused("the URL is not valid"))?;
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Put => reqwest::Method::PUT,
        Method::Post => reqwest::Method::POST,
    };
    let mut built = http.request(method, url).timeout(timeout);
    if let Some(token) = token.filter(|_| request.host == Host::Api) {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| refused("the token does not fit a header"))?;
        // Otherwise Debug of a request would print it.
        authorization.set_sensitive(true);
        built = built.header(AUTHORIZATION, authorization);
    }
    let headers = request.headers.iter();
    for (name, value) in headers
        .map(|(name, value)| (name.as_ref(), value.as_str()))
        .chain(ids.iter().copied())
    {
        built = built.header(name, value);
    }
    if let Some(body) = &request.body {
        built = built.body(Body::from(body.clone()));
    }
    built
        .build()
        .map_err(|error| refused(&chain(&error.without_url())))
}

/// An address to which a path can be added.
pub(crate) fn bare(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// The headers that the transport adds by itself, as they are shown by a dry run.
pub(crate) fn own_headers(base: &Url, body: Option<&[u8]>) -> Vec<(Cow<'static, str>, String)> {
    let host = base.host_str().unwrap_or_default();
    let host = base
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut headers = vec![
        ("Host".into(), host),
        ("User-Agent".into(), USER_AGENT.to_owned()),
    ];
    headers.extend(body.map(|body| ("Content-Length".into(), body.len().to_string())));
    headers
}

/// Whether this thread belongs to an async runtime, where reqwest's blocking client panics.
pub(crate) fn in_async_runtime() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}

/// Whether an address can only be this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The proxy's host, for error texts; never its credentials.
fn proxy_host(route: &Route) -> Option<String> {
    let from_environment = || PROXIES.iter().find_map(|name| std::env::var(name).ok());
    let text = match &route.proxy {
        Some(proxy) => proxy.clone(),
        None if is_loopback(&route.base) => return None,
        None => from_environment().filter(|text| !text.is_empty())?,
    };
    let url = Url::parse(&text)
        .ok()
        .filter(Url::has_host)
        .or_else(|| Url::parse(&format!("http://{text}")).ok())?;
    let host = url.host_str()?;
    Some(
        url.port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
    )
}

/// At most [`MAX_BODY`] bytes, as they came: nothing is decompressed.
fn read(answer: blocking::Response) -> (Vec<u8>, Option<Cut>) {
    let lost = |timeout| {
        (
            Vec::new(),
            Some(if timeout { Cut::Timeout } else { Cut::Lost }),
        )
    };
    match answer.content_length() {
        Some(length) if length > MAX_BODY => (Vec::new(), Some(Cut::TooLarge)),
        // The announced length bounds it, and one wait is cheaper than one a read.
        Some(_) => match answer.bytes() {
            Ok(body) => (body.into(), None),
            Err(error) => lost(error.is_timeout()),
        },
        None => {
            let mut body = Vec::new();
            match answer.take(MAX_BODY + 1).read_to_end(&mut body) {
                Ok(_) if body.len() as u64 > MAX_BODY => (Vec::new(), Some(Cut::TooLarge)),
                Ok(_) => (body, None),
                Err(error) => lost(is_timeout(&error)),
            }
        }
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout)
}

/// An error and what it came from, looking through `io::Error`, which hides its own cause.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    fn cause<'a>(error: &&'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
        let error: &'a (dyn StdError + 'static) = *error;
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        inner.map_or_else(|| error.source(), |inner| Some(inner))
    }
    std::iter::successors(Some(error), cause)
}

fn is_framing(error: &(dyn StdError + 'static)) -> bool {
    error
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse)
}

/// The causes in one line. reqwest's own first sentence says nothing ("error sending request").
fn chain(error: &reqwest::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in causes(error).skip(1) {
        let text = cause.to_string();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
    }
    if said.is_empty() {
        error.to_string()
    } else {
        // Of an expired certificate rustls also tells the times, in seconds since 1970.
        let said = said.join(": ");
        let plain = said.split(": verification time").next();
        plain.unwrap_or_default().to_owned()
    }
}
