use pyo3::prelude::*;

use super::Client;
use crate::arguments::{Given, customer, request_id};
use crate::errors::exception;
use crate::models::PendingOperation;

#[pymethods]
impl Client {
    /// What settles a change that is about to be asked for with that request_id.
    ///
    /// To be written down before the call, should this process not live to hear of its end.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     qualification: What update_qualification is going to ask for.
    ///     request_id: The request_id that update_qualification is going to get.
    ///
    /// Raises:
    ///     InvalidArgumentError: An id is none.
    #[pyo3(signature = (customer, qualification, *, request_id))]
    fn pending_update_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        request_id: &Bound<'_, PyAny>,
    ) -> PyResult<PendingOperation> {
        let customer = self::customer(customer)?;
        let request_id = self::request_id(request_id)?;
        self.inner()
            .pending_update_qualification(customer, &qualification.into(), &request_id)
            .map(PendingOperation)
            .map_err(|error| exception(py, &error))
    }

    /// What settles a qualification that is about to be asked for with that request_id.
    ///
    /// To be written down before the call, as pending_update_qualification. What the call's own
    /// read is going to see is not known yet, so an Education that reads denied settles nothing.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     qualification: What create_qualification is going to ask for.
    ///     request_id: The request_id that create_qualification is going to get.
    ///
    /// Raises:
    ///     InvalidArgumentError: An id is none.
    #[pyo3(signature = (customer, qualification, *, request_id))]
    fn pending_create_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        request_id: &Bound<'_, PyAny>,
    ) -> PyResult<PendingOperation> {
        let customer = self::customer(customer)?;
        let request_id = self::request_id(request_id)?;
        self.inner()
            .pending_create_qualification(customer, &qualification.into(), &request_id)
            .map(PendingOperation)
            .map_err(|error| exception(py, &error))
    }

    /// Settles a change whose outcome is unknown, by reads alone; also in another process.
    ///
    /// The customer is read; nothing is ever sent again.
    ///
    /// Args:
    ///     pending: The `pending` of the OutcomeUnknownError.
    ///     audit: Reads the service's audit log, too, where the customer's state does not tell.
    ///     request_id: MS-RequestId of the read, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Returns:
    ///     What is known now; its outcome may still be unknown.
    ///
    /// Raises:
    ///     InvalidArgumentError: The change was sent to another base_url.
    ///     PartnerCenterError: A read failed.
    #[pyo3(signature = (
        pending, *, audit = false, request_id = None, correlation_id = None, deadline = None
    ))]
    fn reconcile(
        this: &Bound<'_, Self>,
        pending: &Bound<'_, PendingOperation>,
        audit: bool,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let pending = pending.get();
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| client.reconcile(&pending.0, audit, &options))
    }
}
