//! A call on its way: what it asks of its caller, and how the synchronous client waits for its end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use partner_center as core;
use partner_center::{Error, ErrorKind, EventName, Outcome, Pending, Step, TokenProviderError};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::callback::{settled, stops};
use crate::client::Client;
use crate::credential::access_token;
use crate::errors::exception;
use crate::models;

/// How long a signal may stay unseen. Nobody else looks: the interpreter's handler only sets a flag.
const TICK: Duration = Duration::from_millis(50);

/// A call's result, to be made a Python object where Python is at hand.
pub type Made = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send + Sync>;

/// What a look at a call came to.
pub enum Turn {
    Ended(Result<Made, Error>),
    Asked(Asked),
    Nothing,
}

/// What a call asks of its caller, or tells it.
pub enum Asked {
    Token(core::TokenRequest),
    Keep(core::RefreshToken),
    Event(core::Event),
    Progress(core::CustomerQualification),
    Planned(Arc<core::PlannedChange>),
    Settled(Arc<core::ChangeResult>),
}

/// A pending call, whatever it returns.
pub trait Running: Send + Sync {
    fn step(&self, patience: Duration) -> Turn;
    fn poll(&self, context: &mut Context<'_>) -> Turn;
    fn time_left(&self) -> Duration;
    /// The ids of which events have told, and not yet of the end: a bulk call is several calls.
    fn told(&self) -> Vec<String>;
    fn answer(&self, give: GiveToken<'_>);
    fn kept(&self, keep: KeepToken<'_>);
    fn cancel(self: Box<Self>) -> Error;
}

type GiveToken<'a> = Box<dyn FnOnce() -> Result<core::AccessToken, TokenProviderError> + 'a>;
type KeepToken<'a> = Box<dyn FnOnce() -> Result<(), TokenProviderError> + 'a>;

struct Of<T, F> {
    pending: Pending<T>,
    make: F,
    told: Mutex<HashSet<String>>,
}

/// The call, with what makes a Python object of its result.
pub fn running<T, F>(pending: Pending<T>, make: F) -> Box<dyn Running>
where
    T: Send + Sync + 'static,
    F: Fn(Python<'_>, T) -> PyResult<Py<PyAny>> + Clone + Send + Sync + 'static,
{
    Box::new(Of {
        pending,
        make,
        told: Mutex::default(),
    })
}

impl<T, F> Of<T, F>
where
    T: Send + Sync + 'static,
    F: Fn(Python<'_>, T) -> PyResult<Py<PyAny>> + Clone + Send + Sync + 'static,
{
    fn lock_told(&self) -> MutexGuard<'_, HashSet<String>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, step: Step<T>) -> Turn {
        match step {
            Step::Done(Ok(value)) => {
                let make = self.make.clone();
                Turn::Ended(Ok(Box::new(move |py| make(py, value))))
            }
            Step::Done(Err(error)) => Turn::Ended(Err(error)),
            Step::TokenWanted(request) => Turn::Asked(Asked::Token(request)),
            Step::RefreshTokenRotated(token) => Turn::Asked(Asked::Keep(token)),
            Step::Event(event) => {
                let mut told = self.lock_told();
                if event.name == EventName::End {
                    told.remove(&event.call);
                } else if !told.contains(&event.call) {
                    told.insert(event.call.clone());
                }
                drop(told);
                Turn::Asked(Asked::Event(event))
            }
            Step::Progress(item) => Turn::Asked(Asked::Progress(item)),
            Step::Planned(change) => Turn::Asked(Asked::Planned(change)),
            Step::Settled(result) => Turn::Asked(Asked::Settled(result)),
            _ => Turn::Nothing,
        }
    }
}

impl<T, F> Running for Of<T, F>
where
    T: Send + Sync + 'static,
    F: Fn(Python<'_>, T) -> PyResult<Py<PyAny>> + Clone + Send + Sync + 'static,
{
    fn step(&self, patience: Duration) -> Turn {
        self.turn(self.pending.step(patience))
    }

    fn poll(&self, context: &mut Context<'_>) -> Turn {
        // A step that this version does not know leaves no waker behind: the next one must.
        while let Poll::Ready(step) = self.pending.poll_step(context) {
            match self.turn(step) {
                Turn::Nothing => {}
                turn => return turn,
            }
        }
        Turn::Nothing
    }

    fn time_left(&self) -> Duration {
        self.pending.time_left()
    }

    fn told(&self) -> Vec<String> {
        self.lock_told().iter().cloned().collect()
    }

    fn answer(&self, give: GiveToken<'_>) {
        self.pending.answer(give);
    }

    fn kept(&self, keep: KeepToken<'_>) {
        self.pending.kept(keep);
    }

    fn cancel(self: Box<Self>) -> Error {
        self.pending.cancel()
    }
}

impl Asked {
    /// Its name, for who drives the call.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Keep(_) => "rotation",
            Self::Event(_) => "event",
            Self::Progress(_) => "progress",
            Self::Planned(_) => "planned",
            Self::Settled(_) => "settled",
        }
    }

    /// Calls whom it is for, if there is one; what comes may have to be awaited.
    pub fn ask<'py>(
        &self,
        py: Python<'py>,
        client: &Client,
        on_progress: Option<&Py<PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self {
            Self::Token(request) => client.credential().ask(py, request).map(Some),
            Self::Keep(token) => client.credential().keep(py, token).map(Some),
            Self::Event(event) => client.listener().hear(py, event),
            Self::Progress(item) => progress(py, on_progress, || {
                models::CustomerQualification::from(item.clone())
            }),
            Self::Planned(change) => {
                progress(py, on_progress, || models::PlannedChange::from(&**change))
            }
            Self::Settled(result) => {
                progress(py, on_progress, || models::ChangeResult::from(&**result))
            }
        }
    }

    /// Who was asked, in an error.
    fn whose(&self) -> &'static str {
        match self {
            Self::Token(_) => "the credential",
            Self::Keep(_) => "on_rotation",
            Self::Event(_) => "on_event",
            Self::Progress(_) => "on_progress",
            Self::Planned(_) => "on_planned",
            Self::Settled(_) => "on_result",
        }
    }

    /// Lets it come to something, and hands that to the call. What a credential raised is `raised`
    /// until the call ends by it; an error here ends the call at once.
    pub fn settle<'py>(
        self,
        py: Python<'py>,
        running: &dyn Running,
        client: &Client,
        raised: &mut Option<PyErr>,
        come: impl FnOnce(&Self) -> PyResult<Option<Bound<'py, PyAny>>>,
    ) -> PyResult<()> {
        // Only the type is put into words: the text may hold a secret.
        let put = |error: PyErr, raised: &mut Option<PyErr>| {
            let kind = error.get_type(py).name().map(|name| name.to_string());
            *raised = Some(error);
            TokenProviderError(kind.unwrap_or_default())
        };
        if matches!(self, Self::Token(_) | Self::Keep(_)) {
            // What an earlier one raised is not why this one fails.
            *raised = None;
        }
        match &self {
            Self::Token(_) => running.answer(Box::new(|| {
                let given = come(&self).and_then(|given| match given {
                    Some(given) => access_token(&given),
                    None => Err(PyTypeError::new_err("the credential was not asked")),
                });
                given.map_err(|error| put(error, raised))
            })),
            Self::Keep(_) => running.kept(Box::new(|| {
                come(&self).map(drop).map_err(|error| put(error, raised))
            })),
            Self::Event(_) => {
                return come(&self)
                    .map(drop)
                    .or_else(|error| client.listener().failed(py, error));
            }
            Self::Progress(_) | Self::Planned(_) | Self::Settled(_) => {
                return come(&self).map(drop);
            }
        }
        match raised.take_if(|raised| stops(py, raised)) {
            Some(stop) => Err(stop),
            None => Ok(()),
        }
    }
}

/// Tells how far a call has come, where somebody hears of it.
fn progress<'py, M>(
    py: Python<'py>,
    hear: Option<&Py<PyAny>>,
    told: impl FnOnce() -> M,
) -> PyResult<Option<Bound<'py, PyAny>>>
where
    M: IntoPyObject<'py>,
    (M,): pyo3::call::PyCallArgs<'py>,
{
    hear.map(|hear| hear.bind(py).call1((told(),))).transpose()
}

/// Waits for the end of a call, in ticks, with an eye on Python's signals; whom the call asks is
/// asked on this thread.
pub fn wait(
    py: Python<'_>,
    running: Box<dyn Running>,
    client: &Client,
    on_progress: Option<&Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    let mut raised = None;
    loop {
        let come = |asked: &Asked| {
            let given = asked.ask(py, client, on_progress)?;
            given.map(|given| settled(given, asked.whose())).transpose()
        };
        let gone_on = match py.detach(|| running.step(TICK)) {
            Turn::Ended(end) => {
                client.listener().keep(running.told(), None);
                return ended(py, end, raised);
            }
            Turn::Asked(asked) => asked.settle(py, &*running, client, &mut raised, come),
            Turn::Nothing => Ok(()),
        };
        // Also between what comes without a pause, as a fast run's results.
        if let Err(stop) = gone_on.and_then(|()| py.check_signals()) {
            return Err(left(py, stop, running, client, None));
        }
    }
}

/// The result as an object, or the error with what a credential raised as its cause.
pub fn ended(
    py: Python<'_>,
    end: Result<Made, Error>,
    raised: Option<PyErr>,
) -> PyResult<Py<PyAny>> {
    match end {
        Ok(made) => made(py),
        Err(error) => {
            let made = exception(py, &error);
            if error.kind() == ErrorKind::Authentication && raised.is_some() {
                made.set_cause(py, raised);
            }
            Err(made)
        }
    }
}

/// Leaves a call. An interrupt gets what is known of the call as its cause and as a note. An error
/// of the caller's own listener stays as it is, but for a note where something may have changed.
pub fn left(
    py: Python<'_>,
    stop: PyErr,
    running: Box<dyn Running>,
    client: &Client,
    later: Option<Py<PyAny>>,
) -> PyErr {
    let listener = client.listener();
    // Its first event may be there untaken: the call cannot be known by its id without it.
    if running.told().is_empty()
        && let Turn::Asked(Asked::Event(event)) =
            running.poll(&mut Context::from_waker(Waker::noop()))
    {
        listener.keep(
            running.told(),
            later.as_ref().map(|later| later.clone_ref(py)),
        );
        listener.hear_late(py, &event, later.as_ref());
    } else {
        listener.keep(running.told(), later);
    }
    let error = running.cancel();
    let stops = stops(py, &stop);
    if stops || error.outcome() == Outcome::Unknown {
        // `add_note` came with 3.11; before it, the cause alone tells.
        let _ = stop
            .value(py)
            .call_method1("add_note", (format!("partner_center: {error}"),));
    }
    if stops {
        stop.set_cause(py, Some(exception(py, &error)));
    }
    stop
}
