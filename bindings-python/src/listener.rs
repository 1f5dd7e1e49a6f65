//! Who hears of events: the caller's `on_event`, and the logger of the package's name.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use partner_center::{Event, EventName};
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

pub struct Listener {
    on_event: Option<Py<PyAny>>,
    awaited: AtomicBool,
    this: Weak<Self>,
    left: Left,
}

/// The calls that were left and have not ended, by their id.
type Left = Arc<Mutex<HashMap<String, Arc<Remaining>>>>;

/// Who hears of a call that was left; the client may be gone by then.
struct Remaining {
    listener: Arc<Listener>,
    /// Hears in the place of `on_event`, where that belongs to an event loop.
    later: Option<Py<PyAny>>,
}

impl Listener {
    pub fn new(on_event: Option<Py<PyAny>>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            on_event,
            awaited: AtomicBool::new(false),
            this: Weak::clone(this),
            left: Arc::default(),
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

    /// From now on calls are awaited in event loops.
    pub fn set_awaited(&self) {
        self.awaited.store(true, Ordering::Relaxed);
    }

    /// Whether calls are awaited in an event loop.
    pub fn is_awaited(&self) -> bool {
        self.awaited.load(Ordering::Relaxed)
    }

    /// Lets `on_event` live until the calls that are left have ended.
    pub fn keep(&self, calls: Vec<String>, later: Option<Py<PyAny>>) {
        if let (Some(_), Some(listener)) = (&self.on_event, self.this.upgrade()) {
            let remaining = Arc::new(Remaining { listener, later });
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            left.extend(calls.into_iter().map(|call| (call, Arc::clone(&remaining))));
        }
    }

    /// What the core calls for an event whose caller has left, on a thread of its own.
    pub fn late(listener: &Arc<Self>) -> impl Fn(&Event) + Send + Sync + 'static {
        // Not owned: the garbage collector cannot look into the core.
        let weak = Arc::downgrade(listener);
        let left = Arc::clone(&listener.left);
        move |event| {
            // While the interpreter ends there is nobody left to hear.
            attached(|py| {
                let remaining = remaining(&left, event);
                let later = remaining.as_ref().and_then(|kept| kept.later.as_ref());
                let kept = remaining.as_ref().map(|kept| Arc::clone(&kept.listener));
                match kept.or_else(|| weak.upgrade()) {
                    Some(listener) => listener.hear_late(py, event, later),
                    None => unraisable(py, log(py, event)),
                }
            });
        }
    }

    /// Tells of an event whose caller has left; there is nobody to raise anything to.
    pub fn hear_late(&self, py: Python<'_>, event: &Event, later: Option<&Py<PyAny>>) {
        unraisable(py, log(py, event));
        let told = match (&self.on_event, later) {
            (Some(_), Some(later)) => later.call1(py, (models::Event::from(event),)).map(drop),
            (Some(on_event), None) if !self.is_awaited() => on_event
                .bind(py)
                .call1((models::Event::from(event),))
                .and_then(|given| settled(given, "on_event").map(drop)),
            _ => Ok(()),
        };
        unraisable(py, told);
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.on_event)
    }
}

/// Who hears of it; of its last event, for the last time.
fn remaining(left: &Left, event: &Event) -> Option<Arc<Remaining>> {
    let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
    if event.name == EventName::End {
        left.remove(&event.call)
    } else {
        left.get(&event.call).cloned()
    }
}

fn unraisable(py: Python<'_>, told: PyResult<()>) {
    if let Err(raised) = told {
        raised.write_unraisable(py, None);
    }
}

fn log(py: Python<'_>, event: &Event) -> PyResult<()> {
    let level = if event.is_grave() {
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
