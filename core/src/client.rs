use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use url::Url;
use uuid::Uuid;

use crate::credential::{Credential, is_asked_for};
use crate::engine::Effect;
use crate::error::{Details, Error, ErrorKind, Evidence, Outcome, Reason};
use crate::exchange::{Exchange, Trace};
use crate::http::{Request, Response};
use crate::model::{
    Cloud, CurrentQualification, CustomerId, Qualification, Refusal, UpdatedQualification,
};
use crate::operations::{get_qualification, update_qualification};
use crate::pending::Pending;
use crate::process::{Origin, Process, here};
use crate::redaction::Redaction;
use crate::transport::{Route, is_loopback, own_headers};

/// What one call may say for itself.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// `MS-RequestId`, a GUID: the service's key against applying one operation twice. Else made.
    pub request_id: Option<String>,
    /// `MS-CorrelationId`, a GUID, for every attempt. Else a new one each.
    pub correlation_id: Option<String>,
    /// The most time for this call, instead of the client's.
    pub deadline: Option<Duration>,
}

/// The settings of a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    credential: Credential,
    cloud: Cloud,
    base_url: Option<String>,
    allow_http_loopback: bool,
    application: String,
    locale: String,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    deadline: Duration,
    proxy: Option<String>,
    ca_certificates: Option<Vec<u8>>,
    only_ca_certificates: Option<Vec<u8>>,
}

impl ClientBuilder {
    /// The cloud to talk to; the global one by default.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Another address than the cloud's, `https`; also the audience of its tokens.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Lets `base_url` be plain `http` to this machine, as for the emulator.
    #[must_use]
    pub fn allow_http_loopback(mut self, allow: bool) -> Self {
        self.allow_http_loopback = allow;
        self
    }

    /// `MS-PartnerCenter-Application`: the name under which the service knows the caller.
    #[must_use]
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = name.into();
        self
    }

    /// `X-Locale`: the language of the service's texts; `en-US` by default.
    #[must_use]
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = locale.into();
        self
    }

    /// The most time for a connection; 10 s by default. Shorter than the attempt's.
    #[must_use]
    pub fn connect_timeout(mut self, most: Duration) -> Self {
        self.connect_timeout = most;
        self
    }

    /// The most time for one request; 100 s by default. Shorter than the deadline.
    #[must_use]
    pub fn attempt_timeout(mut self, most: Duration) -> Self {
        self.attempt_timeout = most;
        self
    }

    /// The most time for a whole call, with waiting in line and for a token; 300 s by default.
    #[must_use]
    pub fn deadline(mut self, most: Duration) -> Self {
        self.deadline = most;
        self
    }

    /// An HTTP proxy, as `http://user:password@host:port`, instead of the environment's.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// PEM certificates of authorities to trust beside the system's.
    #[must_use]
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates = Some(pem.into());
        self
    }

    /// PEM certificates of the only authorities to trust.
    #[must_use]
    pub fn only_ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.only_ca_certificates = Some(pem.into());
        self
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// `InvalidArgument` where a setting breaks a rule, `Tls` where no authorities are found.
    pub fn build(self) -> Result<Client, Error> {
        static CLIENTS: AtomicU64 = AtomicU64::new(0);
        let base = self.checked_base()?;
        for (name, value) in [("application", &self.application), ("locale", &self.locale)] {
            let fits = |b: u8| b == b' ' || b.is_ascii_graphic();
            if value.trim().is_empty() || value.len() > 128 || !value.bytes().all(fits) {
                return Err(Error::invalid(format!(
                    "{name} must be 1 to 128 printable ASCII characters"
                )));
            }
        }
        if self.connect_timeout.is_zero()
            || self.connect_timeout >= self.attempt_timeout
            || self.attempt_timeout >= self.deadline
        {
            return Err(Error::invalid(
                "connect_timeout must be shorter than attempt_timeout, and that shorter than deadline",
            ));
        }
        let origin = Origin {
            client: CLIENTS.fetch_add(1, Ordering::Relaxed),
            scope: format!("{}/.default", base.as_str().trim_end_matches('/')),
            credential: self.credential.clone(),
            route: Route {
                base,
                connect_timeout: self.connect_timeout,
                proxy: self.proxy.clone(),
                extra_authorities: self.ca_certificates.clone(),
                only_authorities: self.only_ca_certificates.clone(),
            },
        };
        let process = ArcSwap::from_pointee(Process::start(&origin)?);
        Ok(Client(Arc::new(Inner {
            settings: self,
            origin,
            process,
        })))
    }

    fn checked_base(&self) -> Result<Url, Error> {
        let text = self.base_url.as_deref().unwrap_or(self.cloud.base_url());
        let url = Url::parse(text)
            .map_err(|_| Error::invalid("base_url is not an absolute URL such as https://host"))?;
        let rule = if !url.username().is_empty() || url.password().is_some() {
            "base_url must not hold a user or a password"
        } else if url.query().is_some() || url.fragment().is_some() {
            "base_url must not have a query or a fragment"
        } else {
            match url.scheme() {
                "https" => return Ok(url),
                "http" if is_loopback(&url) && self.allow_http_loopback => return Ok(url),
                "http" if is_loopback(&url) => {
                    "base_url may be plain http to this machine only with allow_http_loopback"
                }
                _ => "base_url must begin with https://: a token goes over nothing else",
            }
        };
        Err(Error::invalid(rule))
    }
}

/// Talks to Partner Center. Cheap to clone, safe to share between threads, usable after `fork`.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: ClientBuilder,
    origin: Origin,
    process: ArcSwap<Process>,
}

impl Client {
    /// The settings of a client that gets its tokens from `credential`.
    pub fn builder(credential: impl Into<Credential>) -> ClientBuilder {
        ClientBuilder {
            credential: credential.into(),
            cloud: Cloud::default(),
            base_url: None,
            allow_http_loopback: false,
            application: "partner-center".into(),
            locale: "en-US".into(),
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(100),
            deadline: Duration::from_secs(300),
            proxy: None,
            ca_certificates: None,
            only_ca_certificates: None,
        }
    }

    /// Sets a customer's qualification: `PUT /v1/customers/{id}/qualification`.
    ///
    /// The change is **irreversible**. `customer` is the tenant id; `qualification` is Education, or
    /// GovernmentCommunityCloud with its `validation_code`. Needs an App+User token. One request is
    /// sent; a second one only where the first was refused for its token.
    ///
    /// This is the synchronous contract, deprecated by the service since 2021.
    /// Source: Learn, "Update a customer's qualification via synchronous validation" (2020-12-07).
    pub fn update_qualification(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        validation_code: Option<&str>,
        call: &CallOptions,
    ) -> Pending<UpdatedQualification> {
        let prepared =
            update_qualification::Arguments::new(customer.as_ref(), qualification, validation_code)
                .map_err(refused)
                .and_then(|arguments| {
                    let mut exchange = self.exchange(Effect::Write, arguments.request(), call)?;
                    if let Some(code) = &arguments.validation_code {
                        exchange.redaction.add(code.expose(), "[validation code]");
                    }
                    Ok((exchange, arguments))
                });
        self.begin(
            Effect::Write,
            prepared,
            |arguments, response| arguments.answer(response),
            |arguments, (), trace| UpdatedQualification {
                customer: arguments.customer.to_string(),
                qualification: arguments.qualification,
                outcome: Outcome::Applied,
                evidence: Evidence::Answer,
                request_id: trace.request_id,
                correlation_id: trace.correlation_id,
                ms_cv: trace.ms_cv,
                attempts: trace.attempts,
            },
        )
    }

    /// The request that [`Client::update_qualification`] would send, as text, secrets taken out.
    /// Nothing is sent, and no token is asked for.
    ///
    /// # Errors
    /// `InvalidArgument`, as the call itself.
    pub fn preview_update_qualification(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        validation_code: Option<&str>,
        call: &CallOptions,
    ) -> Result<String, Error> {
        let arguments =
            update_qualification::Arguments::new(customer.as_ref(), qualification, validation_code)
                .map_err(refused)?;
        let mut exchange = self.exchange(Effect::Write, arguments.request(), call)?;
        if let Some((_, code)) = exchange.request.query.first_mut() {
            "[validation code]".clone_into(code);
        }
        Ok(self.preview(&exchange))
    }

    /// Reads a customer's qualification: `GET /v1/customers/{id}/qualification`.
    ///
    /// This is the synchronous contract, deprecated by the service since 2021.
    /// Source: Learn, "Get a customer's qualification via synchronous validation" (2020-12).
    pub fn get_qualification(
        &self,
        customer: impl AsRef<str>,
        call: &CallOptions,
    ) -> Pending<CurrentQualification> {
        let prepared = CustomerId::parse(customer.as_ref())
            .map_err(refused)
            .and_then(|customer| {
                let request = get_qualification::request(customer);
                Ok((self.exchange(Effect::Read, request, call)?, customer))
            });
        self.begin(
            Effect::Read,
            prepared,
            |_, response| get_qualification::answer(response),
            |customer, qualification, trace| CurrentQualification {
                customer: customer.to_string(),
                qualification,
                request_id: trace.request_id,
                correlation_id: trace.correlation_id,
                ms_cv: trace.ms_cv,
                attempts: trace.attempts,
            },
        )
    }

    /// Adds what every request carries.
    fn exchange(
        &self,
        effect: Effect,
        mut request: Request,
        call: &CallOptions,
    ) -> Result<Exchange, Error> {
        let settings = &self.0.settings;
        let deadline = call.deadline.unwrap_or(settings.deadline);
        if deadline <= settings.connect_timeout {
            return Err(Error::invalid(
                "a call's deadline must be longer than connect_timeout",
            ));
        }
        let deadline = Instant::now()
            .checked_add(deadline)
            .ok_or_else(|| Error::invalid("deadline is too far away"))?;
        request.headers.extend([
            ("Accept", "application/json".to_owned()),
            ("MS-Contract-Version", "v1".to_owned()),
            ("X-Locale", settings.locale.clone()),
            ("MS-PartnerCenter-Application", settings.application.clone()),
        ]);
        Ok(Exchange {
            effect,
            request,
            request_id: trace_id("request_id", call.request_id.as_deref())?
                .unwrap_or_else(|| Uuid::new_v4().to_string()),
            correlation_id: trace_id("correlation_id", call.correlation_id.as_deref())?,
            connect_timeout: settings.connect_timeout,
            attempt_timeout: settings.attempt_timeout,
            deadline,
            redaction: Redaction::default(),
        })
    }

    fn preview(&self, exchange: &Exchange) -> String {
        let Exchange {
            request,
            request_id,
            correlation_id,
            ..
        } = exchange;
        let base = &self.0.origin.route.base;
        let mut shown = request.clone();
        let query = std::mem::take(&mut shown.query);
        let query: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let mut text = format!(
            "{} {}{}{mark}{} HTTP/1.1\n",
            request.method.as_str(),
            base.path().trim_end_matches('/'),
            shown.target(),
            query.join("&"),
        );
        let ids = [
            ("Authorization", "Bearer [token]".to_owned()),
            ("MS-RequestId", request_id.clone()),
            (
                "MS-CorrelationId",
                correlation_id.clone().unwrap_or_else(|| "[new]".to_owned()),
            ),
        ];
        let own = own_headers(base, request.body.as_deref());
        for (name, value) in own.iter().chain(&ids).chain(&request.headers) {
            text.push_str(&format!("{name}: {value}\n"));
        }
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(
            request.body.as_deref().unwrap_or_default(),
        ));
        text
    }

    /// Runs a prepared call on the client's threads.
    fn begin<A, V, T>(
        &self,
        effect: Effect,
        prepared: Result<(Exchange, A), Error>,
        read: impl Fn(&A, &Response) -> Result<V, Reason> + Send + 'static,
        finish: impl FnOnce(A, V, Trace) -> T + Send + 'static,
    ) -> Pending<T>
    where
        A: Send + 'static,
        T: Send + 'static,
    {
        let client = self.0.origin.client;
        let (pending, running) = Pending::new(client, effect);
        let ready = prepared.and_then(|prepared| {
            if is_asked_for(client) {
                return Err(called_by_its_credential());
            }
            Ok((prepared, here(&self.0.process, &self.0.origin)?))
        });
        match ready {
            Err(error) => running.end(Err(error)),
            Ok(((exchange, arguments), live)) => {
                let worker = Arc::clone(&live);
                live.run(move || {
                    let answered = exchange.run(&worker, running.control(), |response| {
                        read(&arguments, response)
                    });
                    running.end(answered.map(|(value, trace)| finish(arguments, value, trace)));
                });
            }
        }
        pending
    }
}

fn refused(Refusal(rule): Refusal) -> Error {
    Error::invalid(rule)
}

fn called_by_its_credential() -> Error {
    Details::new(
        ErrorKind::Authentication,
        "The credential called the client that it gives tokens to.",
        "Nothing was sent: let the credential get its token without this client.",
    )
    .into()
}

fn trace_id(name: &str, given: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = given else { return Ok(None) };
    match Uuid::try_parse(text) {
        Ok(id) if !id.is_nil() => Ok(Some(id.hyphenated().to_string())),
        _ => Err(Error::invalid(format!(
            "{name} must be a GUID other than the nil one"
        ))),
    }
}
