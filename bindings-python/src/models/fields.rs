//! What the fields of models are made of, and what each is in Python.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDelta, PyFloat, PyString, PyTuple, PyTzInfo};

use crate::enums::{Named, member, named};

/// A member of an enum; of an open one also the plain text that nobody knows yet.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Member<N>(pub N);

impl<'py, N: Named> IntoPyObject<'py> for &Member<N> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        member(py, &self.0)
    }
}

impl<N: Named> FromPyObject<'_, '_> for Member<N> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        named(given.extract::<&str>()?).map(Self)
    }
}

/// A point in time as fine as a datetime, in microseconds since 1970: equal ones stay equal on
/// their way through Python.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct At(i64);

impl At {
    /// Nothing where Python's datetime does not reach.
    pub fn new(at: SystemTime) -> Option<Self> {
        const YEAR_1: i64 = -62_135_596_800_000_000;
        const YEAR_10000: i64 = 253_402_300_800_000_000;
        let nanoseconds = match at.duration_since(UNIX_EPOCH) {
            Ok(since) => i128::try_from(since.as_nanos()).ok()?,
            Err(before) => -i128::try_from(before.duration().as_nanos()).ok()?,
        };
        let microseconds = i64::try_from(nanoseconds.div_euclid(1_000)).ok()?;
        (YEAR_1..YEAR_10000)
            .contains(&microseconds)
            .then_some(Self(microseconds))
    }
}

/// By this machine's clock, which is set to no such year.
impl From<SystemTime> for At {
    fn from(at: SystemTime) -> Self {
        Self::new(at).unwrap_or(Self(0))
    }
}

fn epoch(py: Python<'_>) -> PyResult<&Bound<'_, PyDateTime>> {
    static EPOCH: PyOnceLock<Py<PyDateTime>> = PyOnceLock::new();
    let epoch = EPOCH.get_or_try_init(py, || {
        let utc = PyTzInfo::utc(py)?;
        PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc)).map(Bound::unbind)
    })?;
    Ok(epoch.bind(py))
}

const DAY: i64 = 86_400_000_000;

impl<'py> IntoPyObject<'py> for &At {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
        let delta = PyDelta::new(
            py,
            days.try_into()?,
            seconds.try_into()?,
            micros.try_into()?,
            false,
        )?;
        epoch(py)?.add(delta)
    }
}

impl FromPyObject<'_, '_> for At {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let since = given.sub(epoch(given.py())?)?;
        let part = |name: &str| since.getattr(name)?.extract::<i64>();
        let (days, seconds) = (part("days")?, part("seconds")?);
        Ok(Self(
            days * DAY + seconds * 1_000_000 + part("microseconds")?,
        ))
    }
}

/// A length of time, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seconds(pub Duration);

impl<'py> IntoPyObject<'py> for &Seconds {
    type Target = PyFloat;
    type Output = Bound<'py, PyFloat>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(PyFloat::new(py, self.0.as_secs_f64()))
    }
}

impl FromPyObject<'_, '_> for Seconds {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        Duration::try_from_secs_f64(given.extract()?)
            .map(Self)
            .map_err(|_| PyValueError::new_err("not a positive number of seconds"))
    }
}

/// Several of a kind; in Python a tuple, which is made once.
pub struct Many<T> {
    items: Arc<[T]>,
    tuple: PyOnceLock<Py<PyTuple>>,
}

impl<T> Many<T> {
    pub fn items(&self) -> &[T] {
        &self.items
    }

    pub fn tuple<'a, 'py>(&'a self, py: Python<'py>) -> PyResult<&'a Bound<'py, PyTuple>>
    where
        T: Clone + IntoPyObject<'py>,
    {
        let make = || PyTuple::new(py, self.items.iter().cloned()).map(Bound::unbind);
        Ok(self.tuple.get_or_try_init(py, make)?.bind(py))
    }
}

impl<T> FromIterator<T> for Many<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self {
            items: items.into_iter().collect(),
            tuple: PyOnceLock::new(),
        }
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        std::iter::empty().collect()
    }
}

impl<T> Clone for Many<T> {
    fn clone(&self) -> Self {
        Self {
            items: Arc::clone(&self.items),
            tuple: PyOnceLock::new(),
        }
    }
}

impl<T: PartialEq> PartialEq for Many<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Eq> Eq for Many<T> {}

impl<T: Hash> Hash for Many<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}

impl<'py, T: Clone + IntoPyObject<'py>> IntoPyObject<'py> for &Many<T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.tuple(py).cloned()
    }
}

impl<'py, T: pyo3::conversion::FromPyObjectOwned<'py>> FromPyObject<'_, 'py> for Many<T> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        given
            .try_iter()?
            .map(|item| item?.extract::<T>().map_err(Into::into))
            .collect()
    }
}

/// A call that would make the object, with these of its fields.
pub fn repr(object: &Bound<'_, PyAny>, class: &str, fields: &[&str]) -> PyResult<String> {
    let shown = |name: &&str| {
        let value = object.getattr(*name)?;
        // A member of an enum as its text.
        let text = value.cast::<PyString>().ok().map(|text| text.to_cow());
        let shown = match text.transpose()? {
            Some(text) => PyString::new(object.py(), &text).repr()?,
            None => value.repr()?,
        };
        Ok(format!("{name}={}", shown.to_cow()?))
    };
    let shown: PyResult<Vec<String>> = fields.iter().map(shown).collect();
    Ok(format!("{class}({})", shown?.join(", ")))
}

/// The object as a notebook shows it; how, the package's Python half knows, for all of them.
pub fn html(object: &Bound<'_, PyAny>) -> PyResult<String> {
    let tables = object.py().import("partner_center._html")?;
    tables.call_method1("table", (object,))?.extract()
}
