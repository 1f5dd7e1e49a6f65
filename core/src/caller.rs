//! From a method of the client to a call that is ready to run.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use uuid::Uuid;

use crate::calls::{Call, Changing, One};
use crate::client::{CallOptions, Client};
use crate::clock::Clock;
use crate::control::{self, Control};
use crate::credential::is_asked_for;
use crate::engine::write::{Before, RESEND_WITHIN, Rules};
use crate::error::{Details, Error, ErrorKind, OnAmbiguous};
use crate::event::Observer;
use crate::exchange::{Context, Exchange, Flow, Limits};
use crate::http::{Effect, Host};
use crate::model::{PendingOperation, Refusal};
use crate::operations::{Change, Operation, Single};
use crate::pending::{Pending, Running};
use crate::process::{Live, Slot, Turn, here};
use crate::redaction::Redaction;
use crate::transport::{bare, own_headers};

/// What every text shows in the place of a validation code.
const VALIDATION_CODE: &str = "[validation code]";

/// A client and what the caller said of this call: enough for a further request of it.
pub(crate) struct Caller {
    pub(crate) client: Client,
    pub(crate) options: CallOptions,
    pub(crate) limits: Limits,
}

impl Caller {
    /// The request that the caller's id is for.
    pub(crate) fn first<O: Operation>(&self, operation: O) -> Result<Exchange<O>, Error> {
        self.client.exchange(operation, &self.options, self.limits)
    }

    /// Another request of the same call, with an id of its own: to the service it is another
    /// operation.
    pub(crate) fn other<O: Operation>(&self, operation: O) -> Result<Exchange<O>, Error> {
        let mut options = self.options.clone();
        options.request_id = None;
        self.client.exchange(operation, &options, self.limits)
    }

    /// A change by the client's rules, as `rules` alters them.
    fn changing<O: Change>(
        self,
        operation: Result<O, Refusal>,
        rules: impl FnOnce(Rules) -> Rules,
        begun: Instant,
    ) -> Result<Changing<O>, Error> {
        let operation = operation.map_err(refused)?;
        let settings = &self.client.inner().settings;
        let rules = rules(Rules {
            on_ambiguous: settings.on_ambiguous,
            read_first: false,
            may_resend: operation.may_resend(),
            deadline: self.options.deadline.unwrap_or(settings.deadline),
            least: settings.connect_timeout,
            resend_within: RESEND_WITHIN,
            before: None,
        });
        let sending = self.first(operation)?;
        let base_url = bare(&self.client.inner().origin.route.base);
        Ok(Changing::new(self, rules, begun, sending, base_url))
    }
}

impl Client {
    /// The limits of a request that is made now.
    pub(crate) fn limits(&self, call: &CallOptions, now: Instant) -> Result<Limits, Error> {
        let settings = &self.inner().settings;
        let deadline = call.deadline.unwrap_or(settings.deadline);
        if deadline <= settings.connect_timeout {
            return Err(Error::invalid(format!(
                "the call's deadline ({deadline:?}) must be longer than the client's \
                 connect_timeout ({:?})",
                settings.connect_timeout
            )));
        }
        Ok(Limits {
            connect_timeout: settings.connect_timeout,
            attempt_timeout: settings.attempt_timeout,
            deadline: now
                .checked_add(deadline)
                .ok_or_else(|| Error::invalid("deadline is too far away"))?,
        })
    }

    /// Adds what every request carries.
    pub(crate) fn exchange<O: Operation>(
        &self,
        operation: O,
        call: &CallOptions,
        limits: Limits,
    ) -> Result<Exchange<O>, Error> {
        let settings = &self.inner().settings;
        let mut request = operation.request();
        request
            .headers
            .push(("Accept".into(), "application/json".into()));
        if request.host == Host::Api {
            request.headers.extend([
                ("MS-Contract-Version".into(), "v1".to_owned()),
                ("X-Locale".into(), settings.locale.clone()),
                (
                    "MS-PartnerCenter-Application".into(),
                    settings.application.clone(),
                ),
            ]);
            if settings.validate_mfa {
                request.headers.push(("ValidateMfa".into(), "true".into()));
            }
        }
        let mut redaction = Redaction::default();
        if let Some(code) = operation.secret() {
            redaction.add(code, VALIDATION_CODE);
        }
        Ok(Exchange::new(
            operation,
            request,
            trace_id("request_id", call.request_id.as_deref())?
                .unwrap_or_else(|| Uuid::new_v4().to_string()),
            trace_id("correlation_id", call.correlation_id.as_deref())?,
            limits,
            redaction,
        ))
    }

    pub(crate) fn preview<O: Operation>(
        &self,
        operation: Result<O, Refusal>,
        call: &CallOptions,
    ) -> Result<String, Error> {
        let operation = operation.map_err(refused)?;
        let limits = self.limits(call, Instant::now())?;
        let exchange = self.exchange(operation, call, limits)?;
        self.allows(exchange.request.method.effect())?;
        let Exchange {
            request,
            correlation_id,
            redaction,
            ..
        } = &exchange;
        let request_id = call
            .request_id
            .as_ref()
            .map(|_| exchange.request_id.clone());
        let or_new = |id: Option<String>| id.unwrap_or_else(|| "[new]".to_owned());
        let base = &self.inner().origin.route.base;
        let mut text = format!(
            "{} {}{} HTTP/1.1\n",
            request.method,
            base.path().trim_end_matches('/'),
            request.target_with(|_| VALIDATION_CODE.to_owned()),
        );
        let mut headers = own_headers(base, request.body.as_deref());
        headers.extend([
            ("Authorization".into(), "Bearer [token]".to_owned()),
            ("MS-RequestId".into(), or_new(request_id)),
            ("MS-CorrelationId".into(), or_new(correlation_id.clone())),
        ]);
        for (name, value) in headers.iter().chain(&request.headers) {
            text.push_str(&format!("{name}: {value}\n"));
        }
        let body = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default());
        text.push('\n');
        text.push_str(&redaction.scrub(&body));
        Ok(text)
    }

    /// Whether the credential's tokens are good for it.
    fn allows(&self, effect: Effect) -> Result<(), Error> {
        if effect == Effect::Write && self.inner().origin.credential.is_app_only() {
            return Err(Error::invalid(
                "a change needs an App+User token, and ClientCredentials give App-only ones",
            ));
        }
        Ok(())
    }

    /// A read of one request.
    pub(crate) fn one<O: Single>(
        &self,
        operation: Result<O, Refusal>,
        call: &CallOptions,
    ) -> Pending<O::Output> {
        self.begin(call, |caller| {
            Ok(One::new(caller.first(operation.map_err(refused)?)?))
        })
    }

    /// A call that changes a customer.
    pub(crate) fn change<O: Change>(
        &self,
        operation: Result<O, Refusal>,
        read_first: bool,
        call: &CallOptions,
    ) -> Pending<O::Output> {
        self.begin(call, |caller| {
            let rules = |rules| Rules {
                read_first,
                ..rules
            };
            caller.changing(operation, rules, Instant::now())
        })
    }

    /// A change that an earlier process has sent, to be settled: by reads, and where `resend_within`
    /// allows, by one more request.
    pub(crate) fn resume_change<O: Change>(
        &self,
        operation: O,
        change: PendingOperation,
        before: Before,
        resend_within: Duration,
        call: &CallOptions,
    ) -> Pending<O::Output> {
        // A clock that was set back says nothing, and neither does one that began later.
        let age = SystemTime::now()
            .duration_since(change.first_sent_at())
            .ok();
        let begun = age.and_then(|age| Instant::now().checked_sub(age));
        let rules = |rules: Rules| Rules {
            on_ambiguous: match rules.on_ambiguous {
                OnAmbiguous::Raise => OnAmbiguous::Reconcile,
                other => other,
            },
            deadline: rules.deadline + age.unwrap_or_default(),
            resend_within: match begun {
                None if resend_within != Duration::MAX => Duration::ZERO,
                _ => resend_within,
            },
            before: Some(before),
            ..rules
        };
        let mut call = call.clone();
        call.request_id = Some(change.request_id.clone());
        self.begin(&call, |caller| {
            let begun = begun.unwrap_or_else(Instant::now);
            Ok(caller
                .changing(Ok(operation), rules, begun)?
                .resumed(change))
        })
    }

    /// A call, ready to run.
    pub(crate) fn begin<C: Call>(
        &self,
        options: &CallOptions,
        make: impl FnOnce(Caller) -> Result<C, Error>,
    ) -> Pending<C::Output> {
        let client = self.inner().origin.client;
        // One id for the call's events and for the request that it is about.
        let mut options = options.clone();
        let given = trace_id("request_id", options.request_id.as_deref());
        let id = match &given {
            Ok(Some(id)) => id.clone(),
            _ => Uuid::new_v4().to_string(),
        };
        options.request_id = Some(id.clone());
        let control = self.control::<C>(id, &options);
        let (pending, running) = Pending::new(client, control, C::IS_WOKEN);
        let prepare = || {
            given?;
            let caller = Caller {
                client: self.clone(),
                limits: self.limits(&options, Instant::now())?,
                options,
            };
            let deadline = caller.limits.deadline;
            let call = make(caller)?;
            self.allows(C::EFFECT)?;
            if is_asked_for(client) {
                return Err(called_by_its_credential());
            }
            let live = here(&self.inner().process, &self.inner().origin)?;
            Ok((call, live, deadline))
        };
        match prepare() {
            Err(error) => running.refuse(error),
            Ok((call, live, deadline)) => {
                // What is made of calls ends by their deadlines.
                if !C::IS_WOKEN {
                    let end = call.must_end().unwrap_or(deadline);
                    running.control().must_end(end);
                }
                // Whoever leaves, however early, still has what settles it.
                if let Some(change) = call.about() {
                    running.control().expect(change.clone());
                }
                let turns = turns(call, running, Arc::clone(&live), pending.slot());
                pending.set_ready(live, turns);
            }
        }
        pending
    }

    fn control<C: Call>(&self, id: String, options: &CallOptions) -> Control {
        let settings = &self.inner().settings;
        Control::new(control::Call {
            operation: C::NAME,
            effect: C::EFFECT,
            id,
            observer: match &settings.observer {
                // Still to hear of what ends after its caller has left.
                Observer::Waiter(late) if options.unobserved => Observer::Late(Arc::clone(late)),
                observer => observer.clone(),
            },
            clock: Clock::new(settings.time_scale),
            part: options.part.clone(),
        })
    }
}

/// Takes a call from one wait to the next, and to its end.
fn turns<C: Call>(
    mut call: C,
    running: Running<C::Output>,
    live: Arc<Live>,
    slot: Weak<Slot>,
) -> impl FnMut() -> Turn + Send {
    let mut begun = false;
    move || {
        let control = running.control();
        control.clock().end_wait();
        if !std::mem::replace(&mut begun, true) {
            control.started();
        }
        let context = Context {
            live: &live,
            control,
            slot: &slot,
        };
        match call.advance(context) {
            Flow::Wait(Duration::MAX) => Turn::Idle,
            Flow::Wait(wait) => Turn::At(control.clock().begin_wait(wait)),
            Flow::Done(result) => {
                let outcome = result.as_ref().ok().and_then(C::outcome);
                running.end(result, outcome);
                Turn::Ended
            }
        }
    }
}

pub(crate) fn refused(Refusal(rule): Refusal) -> Error {
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

pub(crate) fn trace_id(name: &str, given: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = given else { return Ok(None) };
    match Uuid::try_parse(text) {
        Ok(id) if !id.is_nil() => Ok(Some(id.hyphenated().to_string())),
        _ => Err(Error::invalid(format!(
            "{name} must be a GUID other than the nil one"
        ))),
    }
}
