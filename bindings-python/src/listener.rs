//! Who hears of events: the caller's `on_event`, and the logger of the package's name.

use std::sync::{Arc, OnceLock, Weak};

use partner_center::{Event, EventName, Outcome};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::callback::{settled, shown};
use crate::models;
use crate::threads::attached;

const DEBUG: u8 = 10;
const INFO: u8 = 20;
const WARNING: u8 = 30;

#[derive(Default)]
pub struct Listener {
    on_event: Option<Py<PyAny>>,
    /// Hears late events in the place of `on_event`, where that belongs to an event loop.
    later: OnceLock<Py<PyAny>>,
}

impl Listener {
    pub fn new(on_event: Option<Py<PyAny>>) -> Arc<Self> {
        Arc::new(Self {
            on_event,
            later: OnceLock::new(),
        })
    }

    /// Whether anybody would hear of an event that is nothing to worry about.
    pub fn is_heard(&self, py: Python<'_>) -> PyResult<bool> {
        if self.on_event.is_some() {
            return Ok(true);
        }
        // Nobody has set up what nobody has imported.
        match configured_logger(py)? {
            Some(logger) => is_enabled(&logger, INFO),
            None => Ok(false),
        }
    }

    /// Tells of an event; what `on_event` returned may have to be awaited.
    pub fn hear<'py>(&self, py: Python<'py>, event: &Event) -> PyResult<Option<Bound<'py, PyAny>>> {
        log(py, event).or_else(|raised| shown(py, raised, None))?;
        let Some(on_event) = &self.on_event else {
            return Ok(None);
        };
        on_event
            .bind(py)
            .call1((models::Event::from(event),))
            .map(Some)
    }

    /// What `on_event` raised stops nothing.
    pub fn failed(&self, py: Python<'_>, raised: PyErr) -> PyResult<()> {
        let on_event = self.on_event.as_ref().map(|on_event| on_event.bind(py));
        shown(py, raised, on_event)
    }

    /// From now on late events go there, to be heard where the loop runs.
    pub fn hear_later(&self, later: Py<PyAny>) {
        let _ = self.later.set(later);
    }

    /// Whether calls are awaited in an event loop.
    pub fn is_awaited(&self) -> bool {
        self.later.get().is_some()
    }

    /// What the core calls for an event whose caller has left, on a thread of its own.
    pub fn late(listener: &Arc<Self>) -> impl Fn(&Event) + Send + Sync + 'static {
        // Not owned: the garbage collector cannot look into the core.
        let listener: Weak<Self> = Arc::downgrade(listener);
        move |event| {
            // While the interpreter ends there is nobody left to hear.
            attached(|py| {
                let told = match listener.upgrade() {
                    Some(listener) => listener.hear_late(py, event),
                    None => log(py, event),
                };
                if let Err(raised) = told {
                    raised.write_unraisable(py, None);
                }
            });
        }
    }

    fn hear_late(&self, py: Python<'_>, event: &Event) -> PyResult<()> {
        let Some(later) = self.later.get() else {
            return match self.hear(py, event)? {
                Some(given) => settled(given, "on_event").map(drop),
                None => Ok(()),
            };
        };
        log(py, event)?;
        if self.on_event.is_some() {
            later.call1(py, (models::Event::from(event),))?;
        }
        Ok(())
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.on_event)?;
        visit.call(self.later.get())
    }
}

fn log(py: Python<'_>, event: &Event) -> PyResult<()> {
    let level = if event.late || event.outcome == Some(Outcome::Unknown) {
        WARNING
    } else if event.name == EventName::Wait {
        INFO
    } else {
        DEBUG
    };
    let logger = match configured_logger(py)? {
        Some(logger) => logger,
        None if level < WARNING => return Ok(()),
        None => logger(py)?,
    };
    if is_enabled(&logger, level)? {
        let fields = PyDict::new(py);
        fields.set_item("partner_center", models::Event::from(event))?;
        let options = PyDict::new(py);
        options.set_item("extra", fields)?;
        logger.call_method("log", (level, event.to_string()), Some(&options))?;
    }
    Ok(())
}

fn is_enabled(logger: &Bound<'_, PyAny>, level: u8) -> PyResult<bool> {
    logger
        .call_method1(intern!(logger.py(), "isEnabledFor"), (level,))?
        .is_truthy()
}

static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The package's logger, unless nobody has imported `logging`.
fn configured_logger(py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>> {
    if let Some(logger) = LOGGER.get(py) {
        return Ok(Some(logger.bind(py).clone()));
    }
    let modules = py.import("sys")?.getattr(intern!(py, "modules"))?;
    if modules.contains(intern!(py, "logging"))? {
        logger(py).map(Some)
    } else {
        Ok(None)
    }
}

fn logger(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let logger = LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        let logger = logging.call_method1("getLogger", ("partner_center",))?;
        Ok::<_, PyErr>(logger.unbind())
    })?;
    Ok(logger.bind(py).clone())
}
