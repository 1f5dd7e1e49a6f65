//! The core's names as members of real Python enums, which live in `partner_center.enums`.

use partner_center as core;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// A core enum that has a Python class of the same name.
pub trait Named: Copy + 'static {
    const CLASS: &'static str;
    const ALL: &'static [Self];
    fn name(self) -> &'static str;
    fn class() -> &'static PyOnceLock<Py<PyAny>>;
}

macro_rules! named {
    ($($name:ident),*) => {
        $(impl Named for core::$name {
            const CLASS: &'static str = stringify!($name);
            const ALL: &'static [Self] = core::$name::ALL;
            fn name(self) -> &'static str {
                self.as_str()
            }
            fn class() -> &'static PyOnceLock<Py<PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                &CLASS
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

fn class<'py>(
    py: Python<'py>,
    cell: &'static PyOnceLock<Py<PyAny>>,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let class = cell.get_or_try_init(py, || {
        Ok::<_, PyErr>(py.import("partner_center.enums")?.getattr(name)?.unbind())
    })?;
    Ok(class.bind(py).clone())
}

/// The Python member.
pub fn member<N: Named>(py: Python<'_>, value: N) -> PyResult<Bound<'_, PyAny>> {
    class(py, N::class(), N::CLASS)?.call1((value.name(),))
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
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    match value {
        core::Qualification::Unknown(text) => Ok(text.into_pyobject(py)?.into_any()),
        known => class(py, &CLASS, "Qualification")?.call1((known.as_str(),)),
    }
}
