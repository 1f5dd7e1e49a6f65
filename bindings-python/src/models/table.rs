//! Tables of what has many rows; the package's Python half makes them.

use pyo3::prelude::*;

fn tables<'py>(of: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyModule>> {
    of.py().import("partner_center._tables")
}

pub fn rows<'py>(of: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    tables(of)?.call_method1("rows", (of,))
}

/// The names are there even where there is no row.
pub fn to_csv(of: &Bound<'_, PyAny>, names: &[&str], path: Bound<'_, PyAny>) -> PyResult<()> {
    tables(of)?
        .call_method1("to_csv", (of, names, path))
        .map(drop)
}
