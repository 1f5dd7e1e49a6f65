use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use url::Url;

use crate::client::{Client, Settings};
use crate::credential::Credential;
use crate::error::{Error, OnAmbiguous};
use crate::event::{Event, Observer};
use crate::model::{Cloud, Refusal};
use crate::process::Origin;
use crate::transport::{Route, bare, is_loopback};

/// The settings of a [`Client`].
#[derive(Clone)]
#[must_use = "a builder does nothing until build()"]
pub struct ClientBuilder {
    credential: Credential,
    cloud: Cloud,
    base_url: Option<String>,
    authority: Option<String>,
    allow_http_loopback: bool,
    application: String,
    locale: String,
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    deadline: Option<Duration>,
    proxy: Option<String>,
    ca_certificates: Option<Vec<u8>>,
    only_ca_certificates: Option<Vec<u8>>,
    validate_mfa: bool,
    on_ambiguous: OnAmbiguous,
    observer: Observer,
    time_scale: u32,
}

impl ClientBuilder {
    pub(crate) fn new(credential: Credential) -> Self {
        Self {
            credential,
            cloud: Cloud::Global,
            base_url: None,
            authority: None,
            allow_http_loopback: false,
            application: "partner-center".into(),
            locale: "en-US".into(),
            connect_timeout: None,
            attempt_timeout: None,
            deadline: None,
            proxy: None,
            ca_certificates: None,
            only_ca_certificates: None,
            validate_mfa: false,
            on_ambiguous: OnAmbiguous::ReconcileThenResend,
            observer: Observer::Nobody,
            time_scale: time_scale(),
        }
    }

    /// The cloud to talk to; the global one by default.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Another address than the cloud's, `https`; also the audience of its tokens.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Another sign-in authority than the cloud's: an address without the tenant. By default that of
    /// a `base_url` on this machine is the same address, as the emulator's.
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.authority = Some(url.into());
        self
    }

    /// Lets `base_url` and `authority` be plain `http` to this machine, as for the emulator.
    pub fn allow_http_loopback(mut self, allow: bool) -> Self {
        self.allow_http_loopback = allow;
        self
    }

    /// `MS-PartnerCenter-Application`: the name under which the service knows the caller.
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = name.into();
        self
    }

    /// `X-Locale`: the language of the service's texts; `en-US` by default.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = locale.into();
        self
    }

    /// The most time for a connection; by default 10 s, or half of the attempt's where that is less.
    pub fn connect_timeout(mut self, most: Duration) -> Self {
        self.connect_timeout = Some(most);
        self
    }

    /// The most time for one request; by default 100 s, or half of the deadline where that is less.
    pub fn attempt_timeout(mut self, most: Duration) -> Self {
        self.attempt_timeout = Some(most);
        self
    }

    /// The most time for a whole call, with waiting in line and for a token; 300 s by default.
    pub fn deadline(mut self, most: Duration) -> Self {
        self.deadline = Some(most);
        self
    }

    /// An HTTP proxy, as `http://user:password@host:port`, instead of the environment's.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// PEM certificates of authorities to trust beside the system's.
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates = Some(pem.into());
        self
    }

    /// PEM certificates of the only authorities to trust.
    pub fn only_ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.only_ca_certificates = Some(pem.into());
        self
    }

    /// Asks the service with each request whether the token's sign-in had multifactor
    /// authentication; results and errors say so as `mfa_compliant`.
    pub fn validate_mfa(mut self, ask: bool) -> Self {
        self.validate_mfa = ask;
        self
    }

    /// What to do about a change whose effect is not known; by default to read, and where the reads
    /// see the old value to send it once more with the same id.
    pub fn on_ambiguous(mut self, what: OnAmbiguous) -> Self {
        self.on_ambiguous = what;
        self
    }

    /// Hears every event of every call, on the thread that works for it. Must be quick.
    pub fn on_event(mut self, hear: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.observer = Observer::Function(Arc::new(hear));
        self
    }

    /// The thread that waits for a call hears its events, by [`Step::Event`](crate::Step); once it
    /// has left, `late` does.
    pub fn events_to_waiter(mut self, late: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.observer = Observer::Waiter(Arc::new(late));
        self
    }

    /// Divides every wait, for tests. The deadline's clock goes on by the whole wait.
    #[cfg(feature = "time-scale")]
    pub fn time_scale(mut self, divisor: u32) -> Self {
        self.time_scale = divisor;
        self
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// `InvalidArgument` where a setting breaks a rule, `Tls` where no authorities are found.
    pub fn build(self) -> Result<Client, Error> {
        static CLIENTS: AtomicU64 = AtomicU64::new(0);
        let base = self.checked("base_url", self.base_url.as_deref(), self.cloud.base_url())?;
        let own = self.cloud.authority();
        let own = if is_loopback(&base) {
            base.as_str()
        } else {
            own
        };
        let authority = self.checked("authority", self.authority.as_deref(), own)?;
        self.credential
            .check()
            .map_err(|Refusal(rule)| Error::invalid(rule))?;
        for (name, value) in [("application", &self.application), ("locale", &self.locale)] {
            let fits = |b: u8| b == b' ' || b.is_ascii_graphic();
            if value.trim().is_empty() || value.len() > 128 || !value.bytes().all(fits) {
                return Err(Error::invalid(format!(
                    "{name} must be 1 to 128 printable ASCII characters"
                )));
            }
        }
        if self.proxy.is_some() && (base.scheme() == "http" || authority.scheme() == "http") {
            return Err(Error::invalid(
                "proxy cannot be used with plain http addresses: it would see the token",
            ));
        }
        let deadline = self.deadline.unwrap_or(Duration::from_secs(300));
        let attempt = self.attempt_timeout;
        let attempt = attempt.unwrap_or_else(|| (deadline / 2).min(Duration::from_secs(100)));
        let connect = self.connect_timeout;
        let connect = connect.unwrap_or_else(|| (attempt / 2).min(Duration::from_secs(10)));
        // A time-out that ends a connect could otherwise not be told from a lost answer.
        if connect.is_zero() || connect >= attempt || attempt >= deadline {
            return Err(Error::invalid(format!(
                "connect_timeout ({connect:?}) must be shorter than attempt_timeout \
                 ({attempt:?}), and that shorter than deadline ({deadline:?})"
            )));
        }
        if Instant::now().checked_add(deadline).is_none() {
            return Err(Error::invalid("deadline is too far away"));
        }
        let origin = Origin {
            client: CLIENTS.fetch_add(1, Ordering::Relaxed),
            audience: bare(&base),
            credential: self.credential,
            route: Route {
                base,
                authority,
                connect_timeout: connect,
                proxy: self.proxy,
                extra_authorities: self.ca_certificates,
                only_authorities: self.only_ca_certificates,
            },
        };
        let settings = Settings {
            application: self.application,
            locale: self.locale,
            connect_timeout: connect,
            attempt_timeout: attempt,
            deadline,
            validate_mfa: self.validate_mfa,
            on_ambiguous: self.on_ambiguous,
            observer: self.observer,
            time_scale: self.time_scale,
        };
        Client::new(settings, origin)
    }

    /// An address that may get a secret.
    fn checked(&self, option: &str, given: Option<&str>, own: &str) -> Result<Url, Error> {
        let url = Url::parse(given.unwrap_or(own)).map_err(|_| {
            Error::invalid(format!(
                "{option} is not an absolute URL such as https://host"
            ))
        })?;
        let rule = if !url.username().is_empty() || url.password().is_some() {
            "must not hold a user or a password"
        } else if url.query().is_some() || url.fragment().is_some() {
            "must not have a query or a fragment"
        } else {
            match url.scheme() {
                "https" => return Ok(url),
                "http" if is_loopback(&url) && self.allow_http_loopback => return Ok(url),
                "http" if is_loopback(&url) => {
                    "may be plain http to this machine only with allow_http_loopback"
                }
                _ => "must begin with https://: a secret goes over nothing else",
            }
        };
        Err(Error::invalid(format!("{option} {rule}")))
    }
}

/// By what a test build divides its waits; nothing else knows the variable.
fn time_scale() -> u32 {
    if cfg!(feature = "time-scale") {
        let set = std::env::var("PARTNER_CENTER_TIME_SCALE");
        return set.ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    }
    1
}
