use pyo3::prelude::*;

use super::Client;
use crate::arguments::Given;

#[pymethods]
impl Client {
    /// Lists the partner's government validation codes.
    ///
    /// This is GET /v1/customers/all/validations.
    ///
    /// Args:
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (*, request_id = None, correlation_id = None, deadline = None))]
    fn get_validation_codes(
        this: &Bound<'_, Self>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| client.get_validation_codes(&options))
    }

    /// The organization's validation code that has budget left.
    ///
    /// Args:
    ///     organization: The organization's name, whatever the case.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     NotFoundError: There is none, or more than one: which to spend is the caller's choice.
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (organization, *, request_id = None, correlation_id = None, deadline = None))]
    fn find_validation_code(
        this: &Bound<'_, Self>,
        organization: &str,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| {
            client.find_validation_code(organization, &options)
        })
    }
}
