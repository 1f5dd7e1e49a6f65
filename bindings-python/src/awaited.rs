//! The calls of `partner_center.aio`, which an event loop awaits.

use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use partner_center::Error;

use crate::call::{Asked, Made, Running, Turn, ended, left};
use crate::client::Client;
use crate::threads::attached;

/// Event loops' timers do not all reach further; whoever waits that long polls once more.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// A call on its way; partner_center.aio drives it.
#[pyclass(module = "partner_center._native")]
pub struct Call {
    client: Py<Client>,
    on_progress: Option<Py<PyAny>>,
    running: Option<Box<dyn Running>>,
    /// Who hears of what comes after its caller has left.
    later: Option<Py<PyAny>>,
    asked: Option<Asked>,
    raised: Option<PyErr>,
    end: Option<Result<Made, Error>>,
}

impl Call {
    pub fn new(
        client: Py<Client>,
        running: Box<dyn Running>,
        on_progress: Option<Py<PyAny>>,
    ) -> Self {
        Self {
            client,
            on_progress,
            running: Some(running),
            later: None,
            asked: None,
            raised: None,
            end: None,
        }
    }

    fn settle<'py>(
        &mut self,
        py: Python<'py>,
        come: PyResult<Option<Bound<'py, PyAny>>>,
    ) -> PyResult<()> {
        let (Some(asked), Some(running)) = (self.asked.take(), &self.running) else {
            return Err(misused());
        };
        let client = self.client.get();
        asked.settle(py, &**running, client, &mut self.raised, |_| come)
    }
}

#[pymethods]
impl Call {
    /// From now on events that come after the call was left go there.
    fn hear_later(&mut self, later: Py<PyAny>) {
        self.later = Some(later);
    }

    /// What there is to do, as end, token or event; None until schedule calls ring.
    fn poll(&mut self, schedule: Py<PyAny>, ring: Py<PyAny>) -> PyResult<Option<&'static str>> {
        let running = self.running.as_ref().ok_or_else(misused)?;
        let waker = Waker::from(Arc::new(Bell { schedule, ring }));
        Ok(match running.poll(&mut Context::from_waker(&waker)) {
            Turn::Nothing => None,
            Turn::Asked(asked) => Some(self.asked.insert(asked).name()),
            Turn::Ended(end) => {
                let later = self.later.take();
                self.client.get().listener().keep(running.told(), later);
                self.end = Some(end);
                Some("end")
            }
        })
    }

    /// Seconds until it must be polled again, whether or not ring was called.
    fn time_left(&self) -> PyResult<f64> {
        let running = self.running.as_ref().ok_or_else(misused)?;
        Ok(running.time_left().min(YEAR).as_secs_f64())
    }

    /// Calls whom the call asks; what comes may have to be awaited.
    fn ask<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let asked = self.asked.as_ref().ok_or_else(misused)?;
        asked.ask(py, self.client.get(), self.on_progress.as_ref())
    }

    /// Hands the call what came.
    fn give<'py>(&mut self, py: Python<'py>, given: Option<Bound<'py, PyAny>>) -> PyResult<()> {
        self.settle(
            py,
            Ok(Some(given.unwrap_or_else(|| py.None().into_bound(py)))),
        )
    }

    /// Tells the call that who was asked raised this.
    fn fail(&mut self, raised: Bound<'_, PyAny>) -> PyResult<()> {
        self.settle(raised.py(), Err(PyErr::from_value(raised)))
    }

    /// What the call returns or raises.
    fn result(&mut self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let end = self.end.take().ok_or_else(misused)?;
        // What the call holds is free for the next one now, whoever still refers to this object.
        self.running = None;
        ended(py, end, self.raised.take())
    }

    /// Leaves the call, and raises why.
    fn leave(&mut self, why: Bound<'_, PyAny>) -> PyResult<()> {
        let running = self.running.take().ok_or_else(misused)?;
        let client = self.client.get();
        let later = self.later.take();
        Err(left(
            why.py(),
            PyErr::from_value(why),
            running,
            client,
            later,
        ))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.client)?;
        visit.call(&self.on_progress)?;
        visit.call(&self.later)
    }
}

fn misused() -> PyErr {
    PyRuntimeError::new_err("this call is not at that point")
}

/// Wakes the loop from one of the client's threads.
struct Bell {
    /// The loop's call_soon_threadsafe.
    schedule: Py<PyAny>,
    ring: Py<PyAny>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        // A loop that is closed, or an interpreter that ends, has nobody left to wake.
        attached(|py| {
            drop(self.schedule.call1(py, (&self.ring,)));
            // Inside: the last of them would else be dropped where Python is not at hand.
            drop(self);
        });
    }
}
