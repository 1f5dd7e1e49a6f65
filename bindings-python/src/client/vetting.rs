use partner_center::{Vetting, WaitOptions};
use pyo3::prelude::*;

use super::Client;
use crate::arguments::{Given, callable, customer, seconds};
use crate::call::running;
use crate::models::Model;

#[pymethods]
impl Client {
    /// Waits until Microsoft has decided on a qualification, by reading it now and then.
    ///
    /// That the deadline came first is no error: the result's end says in_review. A read that fails
    /// in passing is left out. Ctrl-C ends the wait at once.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     qualification: Which of the customer's qualifications.
    ///     deadline: The most seconds to wait; three days by default, as decisions usually take.
    ///     poll_interval: Seconds between two reads, give or take a fifth; 600 by default, 60 at
    ///         least.
    ///     on_progress: Is called with the CustomerQualification after each good read, on the
    ///         thread that waits. What it raises ends the wait.
    ///     request_id: MS-RequestId of the first read, a GUID; else made.
    ///     correlation_id: MS-CorrelationId of all reads, a GUID; else made.
    ///
    /// Raises:
    ///     NotFoundError: The customer's record holds no such qualification.
    ///     PartnerCenterError: A read failed in a way that does not pass.
    #[pyo3(signature = (
        customer, qualification, *, deadline = None, poll_interval = None, on_progress = None,
        request_id = None, correlation_id = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn wait_for_vetting(
        this: &Bound<'_, Self>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        deadline: Given<'_, '_>,
        poll_interval: Given<'_, '_>,
        on_progress: Given<'_, '_>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let on_progress = callable("on_progress", on_progress)?;
        let customer = self::customer(customer)?;
        let mut wait = WaitOptions::default();
        if let Some(deadline) = seconds("deadline", deadline)? {
            wait.deadline = deadline;
        }
        if let Some(interval) = seconds("poll_interval", poll_interval)? {
            wait.poll_interval = interval;
        }
        let py = this.py();
        let options = this.get().options(py, request_id, correlation_id, None)?;
        let client = this.get().inner();
        let pending =
            py.detach(|| client.wait_for_vetting(customer, &qualification.into(), &wait, &options));
        let running = running(pending, |py, vetting: Vetting| vetting.model(py));
        Self::end(this, running, on_progress)
    }
}
