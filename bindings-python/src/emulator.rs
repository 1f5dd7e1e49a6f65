use partner_center_test_server::emulator::{Emulator as Server, EmulatorOptions};
use pyo3::exceptions::PyLookupError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::enums::qualification;

/// Partner Center's qualification resource on this machine, over plain http.
///
/// It keeps customers, qualifications and government codes that run out, and refuses what the
/// service is documented to refuse. Its state is gone when it stops.
///
///     with Emulator() as emulator:
///         client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
///         client.get_qualification(emulator.customer("Contoso"))
///
/// Args:
///     port: The port; any free one by default.
///     token: The bearer token to accept; a new one by default.
#[pyclass(frozen, module = "partner_center.testing")]
pub struct Emulator(Server);

#[pymethods]
impl Emulator {
    #[new]
    #[pyo3(signature = (*, port = 0, token = None))]
    fn new(py: Python<'_>, port: u16, token: Option<String>) -> PyResult<Self> {
        let options = EmulatorOptions { port, token };
        Ok(Self(py.detach(|| Server::start(options))?))
    }

    /// The base URL.
    #[getter]
    fn url(&self) -> String {
        self.0.url()
    }

    /// The bearer token that is accepted now.
    #[getter]
    fn token(&self) -> String {
        self.0.token()
    }

    /// Refuses the token from now on; returns the one that is accepted instead.
    fn expire_token(&self) -> String {
        self.0.expire_token()
    }

    /// The customers as they are now.
    fn customers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        for customer in self.0.customers() {
            let row = PyDict::new(py);
            row.set_item("id", customer.id)?;
            row.set_item("company_name", customer.company_name)?;
            row.set_item("domain", customer.domain)?;
            let set = customer.qualification.as_str().into();
            row.set_item("qualification", qualification(py, &set)?)?;
            rows.append(row)?;
        }
        Ok(rows)
    }

    /// The tenant id of the only customer whose company name begins so.
    fn customer(&self, name: &str) -> PyResult<String> {
        let mut found = self.0.customers();
        found.retain(|customer| customer.company_name.starts_with(name));
        match found.as_slice() {
            [only] => Ok(only.id.clone()),
            others => Err(PyLookupError::new_err(format!(
                "{} customers' names begin with {name:?}",
                others.len()
            ))),
        }
    }

    /// The government validation codes as they are now.
    fn validation_codes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        for code in self.0.validation_codes() {
            let row = PyDict::new(py);
            row.set_item("validation_id", code.validation_id)?;
            row.set_item("organization_name", code.organization_name)?;
            row.set_item("max_creates", code.max_creates)?;
            row.set_item("remaining_creates", code.remaining_creates)?;
            rows.append(row)?;
        }
        Ok(rows)
    }

    /// How many changes were really applied.
    fn applied(&self) -> u64 {
        self.0.applied()
    }

    /// Method and path of every request, in order.
    fn requests(&self) -> Vec<(String, String)> {
        self.0.requests()
    }

    /// Ends it.
    fn stop(&self, py: Python<'_>) {
        py.detach(|| self.0.stop());
    }

    fn __enter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __exit__(
        &self,
        py: Python<'_>,
        _kind: &Bound<'_, PyAny>,
        _error: &Bound<'_, PyAny>,
        _trace: &Bound<'_, PyAny>,
    ) {
        self.stop(py);
    }
}
