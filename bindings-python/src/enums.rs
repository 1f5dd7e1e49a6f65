//! The core's names as members of real Python enums, which live in `partner_center.enums`.

use partner_center as core;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// The members of a Python enum, looked up once: a look-up by value costs more than a call of ours.
type Members = PyOnceLock<Vec<Py<PyAny>>>;

/// A core enum that has a Python class of the same name.
pub trait Named: Copy + PartialEq + 'static {
    const CLASS: &'static str;
    const ALL: &'static [Self];
    fn name(self) -> &'static str;
    fn members() -> &'static Members;
}

macro_rules! named {
    ($($name:ident),*) => {
        $(impl Named for core::$name {
            const CLASS: &'static str = stringify!($name);
            const ALL: &'static [Self] = core::$name::ALL;
            fn name(self) -> &'static str {
                self.as_str()
            }
            fn members() -> &'static Members {
                static MEMBERS: Members = PyOnceLock::new();
                &MEMBERS
            }
        })*

        /// The core's names by Python class; the package's tests hold the enums against it.
        #[pyfunction]
        pub fn names(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
            let all = PyDict::new(py);
            $(
                let of_class: Vec<&str> = core::$name::ALL.iter().map(|member| member.as_str()).collect();
                all.set_item(stringify!($name), of_class)?;
            )*
            let known: Vec<&str> = core::Qualification::KNOWN.iter().map(|q| q.as_str()).collect();
            all.set_item("Qualification", known)?;
            Ok(all)
        }
    };
}
named!(AttemptClass, Cloud, ErrorKind, Evidence, Outcome, Reason);

/// The member at `index` of the class whose members have these names.
fn at<'py>(
    py: Python<'py>,
    members: &'static Members,
    class: &str,
    names: impl Iterator<Item = &'static str>,
    index: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let found = members.get_or_try_init(py, || {
        let class = py.import("partner_center.enums")?.getattr(class)?;
        names
            .map(|name| Ok(class.call1((name,))?.unbind()))
            .collect::<PyResult<Vec<_>>>()
    })?;
    index
        .and_then(|index| found.get(index))
        .map(|member| member.bind(py).clone())
        .ok_or_else(|| PyRuntimeError::new_err(format!("{class} lacks a member")))
}

/// The Python member.
pub fn member<N: Named>(py: Python<'_>, value: N) -> PyResult<Bound<'_, PyAny>> {
    let names = N::ALL.iter().map(|value| value.name());
    let index = N::ALL.iter().position(|known| *known == value);
    at(py, N::members(), N::CLASS, names, index)
}

/// The core's value for a Python member, or for its text.
pub fn named<N: Named>(text: &str) -> PyResult<N> {
    N::ALL
        .iter()
        .copied()
        .find(|value| value.name() == text)
        .ok_or_else(|| PyValueError::new_err(format!("{text:?} is not a valid {}", N::CLASS)))
}

/// A member of `Qualification`, or the plain text that the service sent and nobody knows yet.
pub fn qualification<'py>(
    py: Python<'py>,
    value: &core::Qualification,
) -> PyResult<Bound<'py, PyAny>> {
    static MEMBERS: Members = PyOnceLock::new();
    if let core::Qualification::Unknown(text) = value {
        return Ok(text.into_pyobject(py)?.into_any());
    }
    const KNOWN: &[core::Qualification] = &core::Qualification::KNOWN;
    let names = KNOWN.iter().map(core::Qualification::as_str);
    let index = KNOWN.iter().position(|known| known == value);
    at(py, &MEMBERS, "Qualification", names, index)
}
