use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use uuid::Uuid;

use crate::builder::ClientBuilder;
use crate::credential::{Credential, is_asked_for};
use crate::error::{Details, Error, ErrorKind};
use crate::exchange::Exchange;
use crate::model::{CustomerId, Qualification, Refusal};
use crate::operations::{
    CurrentQualification, GetQualification, Operation, UpdateQualification, UpdatedQualification,
};
use crate::pending::Pending;
use crate::process::{Origin, Process, contained, here};
use crate::redaction::Redaction;
use crate::transport::own_headers;

/// What every text shows in the place of a validation code.
const VALIDATION_CODE: &str = "[validation code]";

/// What one call may say for itself.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// `MS-RequestId`, a GUID: the service's key against applying one operation twice. Else made.
    pub request_id: Option<String>,
    /// `MS-CorrelationId`, a GUID, for every attempt. Else a new one each.
    pub correlation_id: Option<String>,
    /// The most time for this call, instead of the client's; longer than its connect timeout.
    pub deadline: Option<Duration>,
}

/// What every call starts from, once it was checked.
pub(crate) struct Settings {
    pub(crate) application: String,
    pub(crate) locale: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Duration,
}

/// Talks to Partner Center. Cheap to clone, safe to share between threads, usable after `fork`.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Settings,
    origin: Origin,
    process: ArcSwap<Process>,
}

/// Shows where it talks to, and nothing of its credential.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.origin.route.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The settings of a client that gets its tokens from `credential`.
    pub fn builder(credential: impl Into<Credential>) -> ClientBuilder {
        ClientBuilder::new(credential.into())
    }

    /// A client with settings that were checked.
    pub(crate) fn new(settings: Settings, origin: Origin) -> Result<Self, Error> {
        let process = ArcSwap::from_pointee(Process::start(&origin)?);
        Ok(Self(Arc::new(Inner {
            settings,
            origin,
            process,
        })))
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
        let customer = customer.as_ref();
        self.begin(
            UpdateQualification::new(customer, qualification, validation_code),
            call,
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
        let customer = customer.as_ref();
        let operation =
            UpdateQualification::new(customer, qualification, validation_code).map_err(refused)?;
        let exchange = self.exchange(&operation, call)?;
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
        let customer = CustomerId::parse(customer.as_ref());
        self.begin(customer.map(GetQualification), call)
    }

    /// Adds what every request carries.
    fn exchange<O: Operation>(&self, operation: &O, call: &CallOptions) -> Result<Exchange, Error> {
        let settings = &self.0.settings;
        let deadline = call.deadline.unwrap_or(settings.deadline);
        if deadline <= settings.connect_timeout {
            return Err(Error::invalid(format!(
                "the call's deadline ({deadline:?}) must be longer than the client's \
                 connect_timeout ({:?})",
                settings.connect_timeout
            )));
        }
        let deadline = Instant::now()
            .checked_add(deadline)
            .ok_or_else(|| Error::invalid("deadline is too far away"))?;
        let mut request = operation.request();
        request.headers.extend([
            ("Accept", "application/json".to_owned()),
            ("MS-Contract-Version", "v1".to_owned()),
            ("X-Locale", settings.locale.clone()),
            ("MS-PartnerCenter-Application", settings.application.clone()),
        ]);
        let mut redaction = Redaction::default();
        if let Some(code) = operation.secret() {
            redaction.add(code, VALIDATION_CODE);
        }
        Ok(Exchange {
            effect: O::EFFECT,
            request,
            request_id: trace_id("request_id", call.request_id.as_deref())?
                .unwrap_or_else(|| Uuid::new_v4().to_string()),
            correlation_id: trace_id("correlation_id", call.correlation_id.as_deref())?,
            connect_timeout: settings.connect_timeout,
            attempt_timeout: settings.attempt_timeout,
            deadline,
            redaction,
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
        let mut text = format!(
            "{} {}{} HTTP/1.1\n",
            request.method.as_str(),
            base.path().trim_end_matches('/'),
            request.target_with(|_| VALIDATION_CODE.to_owned()),
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

    /// A call, ready to run.
    fn begin<O: Operation>(
        &self,
        operation: Result<O, Refusal>,
        call: &CallOptions,
    ) -> Pending<O::Output> {
        let client = self.0.origin.client;
        let (pending, running) = Pending::new(client, O::EFFECT);
        let prepare = || {
            let operation = operation.map_err(refused)?;
            let exchange = self.exchange(&operation, call)?;
            if is_asked_for(client) {
                return Err(called_by_its_credential());
            }
            let live = here(&self.0.process, &self.0.origin)?;
            Ok((operation, exchange, live))
        };
        match prepare() {
            Err(error) => running.end(Err(error)),
            Ok((operation, exchange, live)) => {
                let worker = Arc::clone(&live);
                let job = contained(move || {
                    let ended = exchange.run(&worker, running.control(), |response| {
                        operation.proof(response)
                    });
                    running.end(ended.map(|(proof, trace)| operation.output(proof, trace)));
                });
                pending.set_ready(live, job);
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
