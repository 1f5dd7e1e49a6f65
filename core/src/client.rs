use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use uuid::Uuid;

use crate::builder::ClientBuilder;
use crate::credential::{Credential, is_asked_for};
use crate::engine::Effect;
use crate::error::{Details, Error, ErrorKind, Evidence, Outcome, Reason};
use crate::exchange::{Exchange, Trace};
use crate::http::{Request, Response};
use crate::model::{
    CurrentQualification, CustomerId, Qualification, Refusal, UpdatedQualification,
};
use crate::operations::{get_qualification, update_qualification};
use crate::pending::Pending;
use crate::process::{Origin, Process, contained, here};
use crate::redaction::Redaction;
use crate::transport::own_headers;

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
        ClientBuilder::new(credential.into())
    }

    /// A client with settings that were checked.
    pub(crate) fn new(settings: ClientBuilder, origin: Origin) -> Result<Self, Error> {
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

    /// A prepared call, ready to run.
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
                let job = contained(move || {
                    let answered = exchange.run(&worker, running.control(), |response| {
                        read(&arguments, response)
                    });
                    running.end(answered.map(|(value, trace)| finish(arguments, value, trace)));
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
