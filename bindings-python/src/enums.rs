//! The core's names as members of real Python enums, which live in `partner_center.enums`.

use partner_center as core;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// The members of a Python enum, looked up once: a look-up by value costs more than a call of ours.
pub type Members = PyOnceLock<Vec<Py<PyAny>>>;

/// A core enum that has a Python class of the same name.
pub trait Named: Clone + PartialEq + 'static {
    const CLASS: &'static str;
    /// Those that have a member.
    const KNOWN: &'static [Self];
    fn name(&self) -> &str;
    /// What becomes of text that is no member's.
    fn other(text: &str) -> Option<Self>;
    fn members() -> &'static Members;
}

macro_rules! named {
    (
        closed: $($closed:ident),*;
        open: $($open:ident),*;
    ) => {
        $(named!(@impl $closed, core::$closed::ALL, |_| None);)*
        $(named!(@impl $open, core::$open::KNOWN, |text| Some(text.into()));)*

        /// The core's names by Python class; the package's tests hold the enums against it.
        #[pyfunction]
        pub fn names(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
            let all = PyDict::new(py);
            $(all.set_item(stringify!($closed), texts::<core::$closed>())?;)*
            $(all.set_item(stringify!($open), texts::<core::$open>())?;)*
            Ok(all)
        }
    };
    (@impl $name:ident, $known:expr, $other:expr) => {
        impl Named for core::$name {
            const CLASS: &'static str = stringify!($name);
            const KNOWN: &'static [Self] = $known;
            fn name(&self) -> &str {
                self.as_str()
            }
            fn other(text: &str) -> Option<Self> {
                let other: fn(&str) -> Option<Self> = $other;
                other(text)
            }
            fn members() -> &'static Members {
                static MEMBERS: Members = PyOnceLock::new();
                &MEMBERS
            }
        }
    };
}
named!(
    closed: AttemptClass, ChangeEnd, ChangeOperation, Cloud, Decision, ErrorKind, EventName, Evidence,
        OnAmbiguous, Outcome, Reason, StopReason, VettingEnd;
    open: EducationSegment, Qualification, VettingReason, VettingStatus;
);

fn texts<N: Named>() -> Vec<&'static str> {
    N::KNOWN.iter().map(N::name).collect()
}

/// The Python member, or the plain text that the service sent and nobody knows yet.
pub fn member<'py, N: Named>(py: Python<'py>, value: &N) -> PyResult<Bound<'py, PyAny>> {
    let members = N::members().get_or_try_init(py, || {
        let class = py.import("partner_center.enums")?.getattr(N::CLASS)?;
        texts::<N>()
            .into_iter()
            .map(|name| Ok(class.call1((name,))?.unbind()))
            .collect::<PyResult<Vec<_>>>()
    })?;
    let index = N::KNOWN.iter().position(|known| known == value);
    if let Some(member) = index.and_then(|index| members.get(index)) {
        return Ok(member.bind(py).clone());
    }
    match N::other(value.name()) {
        Some(_) => Ok(value.name().into_pyobject(py)?.into_any()),
        None => Err(PyRuntimeError::new_err(format!(
            "{} lacks a member",
            N::CLASS
        ))),
    }
}

/// The core's value for a Python member, or for its text.
pub fn named<N: Named>(text: &str) -> PyResult<N> {
    N::KNOWN
        .iter()
        .find(|value| value.name() == text)
        .cloned()
        .or_else(|| N::other(text))
        .ok_or_else(|| PyValueError::new_err(format!("{text:?} is not a valid {}", N::CLASS)))
}
