use partner_center as core;
use partner_center_test_server::emulator::{
    Decision, Emulator as Server, EmulatorOptions, Seed, Switches, fidelity,
};
use pyo3::exceptions::{PyLookupError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::arguments::{Whole, customer};
use crate::enums::{member, named};

fn read(seed: &Path) -> PyResult<Seed> {
    let file = seed.display();
    let text = fs::read_to_string(seed)
        .map_err(|error| io::Error::new(error.kind(), format!("{file}: {error}")))?;
    Seed::from_json(&text).map_err(|problem| PyValueError::new_err(format!("{file}: {problem}")))
}

/// Partner Center's customers and qualifications on this machine, over plain http.
///
/// It keeps customers, qualifications and government codes that run out, refuses what the service
/// is documented to refuse, and is its own sign-in authority. Its state is gone when it stops.
///
///     with Emulator() as emulator:
///         client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
///         client.get_qualification(emulator.customer("Contoso"))
///
/// Args:
///     port: The port; any free one by default.
///     token: The bearer token to accept; a new one by default.
///     customers: How many generated customers there are besides.
///     seed: A JSON file of the customers and codes to begin with, as in the guide; five customers
///         and two codes by default.
///
/// Raises:
///     ValueError: An entry of the seed is wrong; the text names it.
///     OSError: The port is taken, or the seed cannot be read.
#[pyclass(frozen, module = "partner_center.testing")]
pub struct Emulator(Server);

#[pymethods]
impl Emulator {
    #[new]
    #[pyo3(
        signature = (
            *, port = Whole::new(0), token = None, customers = Whole::new(0), seed = None
        ),
        text_signature = "(*, port=0, token=None, customers=0, seed=None)"
    )]
    fn new(
        py: Python<'_>,
        port: Whole,
        token: Option<String>,
        customers: Whole,
        seed: Option<PathBuf>,
    ) -> PyResult<Self> {
        let options = EmulatorOptions {
            port: port.within("port")?,
            token,
            seed: py.detach(|| seed.as_deref().map_or_else(|| Ok(Seed::default()), read))?,
            customers: customers.within("customers")?,
            ..EmulatorOptions::default()
        };
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

    /// The partner's tenant, in which the application signs in.
    #[getter]
    fn tenant(&self) -> &'static str {
        self.0.tenant()
    }

    /// The application that may sign in.
    #[getter]
    fn client_id(&self) -> &'static str {
        self.0.client_id()
    }

    /// The application's secret.
    #[getter]
    fn client_secret(&self) -> String {
        self.0.client_secret()
    }

    /// The latest refresh token; those before it stay valid.
    #[getter]
    fn refresh_token(&self) -> String {
        self.0.refresh_token()
    }

    /// Ends the vetting of a customer's request.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     status: Approved or Denied.
    ///     reason: Why it is denied.
    ///
    /// Raises:
    ///     LookupError: Nothing of the customer's is in review.
    ///     ValueError: The status is neither Approved nor Denied, or an approval has a reason.
    #[pyo3(signature = (customer, status, reason = None))]
    fn decide(
        &self,
        customer: &Bound<'_, PyAny>,
        status: &str,
        reason: Option<String>,
    ) -> PyResult<()> {
        let is_approved = match named(status)? {
            core::VettingStatus::Approved => true,
            core::VettingStatus::Denied => false,
            _ => return Err(PyValueError::new_err("status must be Approved or Denied")),
        };
        let decision = Decision::of(is_approved, reason).map_err(PyValueError::new_err)?;
        let customer = self::customer(customer)?;
        if self.0.decide(&customer, decision) {
            Ok(())
        } else {
            Err(PyLookupError::new_err(format!(
                "nothing of the customer {customer} is in review"
            )))
        }
    }

    /// Sets how it behaves from now on: faults, and what nobody knows of the service.
    ///
    ///     emulator.switch(lost="after_applying", lost_when={"next": 1})
    ///
    /// Args:
    ///     switches: By name; those left out behave as usual. The names are in the guide.
    ///
    /// Raises:
    ///     ValueError: There is no such switch, or no such value.
    #[pyo3(signature = (**switches))]
    fn switch(&self, py: Python<'_>, switches: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let switches = match switches {
            None => "{}".to_owned(),
            Some(given) => py
                .import("json")?
                .call_method1("dumps", (given,))?
                .extract::<String>()?,
        };
        let switches = Switches::from_json(&switches).map_err(PyValueError::new_err)?;
        self.0.set_switches(switches);
        Ok(())
    }

    /// Begins anew: customers, codes, switches, and all that is counted or logged.
    ///
    /// The tokens stay.
    fn reset(&self, py: Python<'_>) {
        py.detach(|| self.0.reset());
    }

    /// What is known of each behaviour and what can be switched, as Markdown.
    #[staticmethod]
    fn behaviours() -> String {
        fidelity()
    }

    /// The customers as they are now.
    fn customers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        for customer in self.0.customers() {
            let row = PyDict::new(py);
            row.set_item("id", customer.id)?;
            row.set_item("company_name", customer.company_name)?;
            row.set_item("domain", customer.domain)?;
            row.set_item("country", customer.country)?;
            let set: core::Qualification = customer.qualification.as_str().into();
            row.set_item("qualification", member(py, &set)?)?;
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

    /// Method and path of the last 10,000 requests, in order.
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
