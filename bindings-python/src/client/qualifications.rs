//! Both contracts for qualifications: the synchronous one, and the one that vets.

use partner_center::QualificationRequest;
use pyo3::prelude::*;

use super::Client;
use crate::arguments::{Given, call_options, customer, validation_code};
use crate::errors::exception;

#[pymethods]
impl Client {
    /// Sets a customer's qualification. The change is irreversible.
    ///
    /// This is the synchronous contract, PUT /v1/customers/{id}/qualification, deprecated by the
    /// service since 2021. It needs an App+User token.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     qualification: Education, or GovernmentCommunityCloud with its validation code.
    ///     validation_code: The government validation code.
    ///     skip_if_set: Reads first, and sends nothing where the asked qualification, or one that
    ///         excludes it, is there.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Returns:
    ///     What was set; its outcome is applied, or already_set.
    ///
    /// Raises:
    ///     PartnerCenterError: Its `outcome` says whether the customer was changed.
    #[pyo3(signature = (
        customer, qualification, *, validation_code = None, skip_if_set = false,
        request_id = None, correlation_id = None, deadline = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn update_qualification(
        this: &Bound<'_, Self>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        validation_code: Given<'_, '_>,
        skip_if_set: bool,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let customer = self::customer(customer)?;
        let code = self::validation_code(validation_code)?;
        let mut options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        options.skip_if_set = skip_if_set;
        Self::call(this, |client| {
            client.update_qualification(customer, &qualification.into(), code.as_deref(), &options)
        })
    }

    /// The request that update_qualification would send, as text, secrets taken out.
    ///
    /// Nothing is sent, and the credential is not asked. The arguments are those of
    /// update_qualification.
    ///
    /// Raises:
    ///     InvalidArgumentError: An argument breaks a rule.
    #[pyo3(signature = (
        customer, qualification, *, validation_code = None, request_id = None, correlation_id = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn preview_update_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        validation_code: Given<'_, '_>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
    ) -> PyResult<String> {
        let customer = self::customer(customer)?;
        let code = self::validation_code(validation_code)?;
        let options = call_options(request_id, correlation_id, None)?;
        self.inner
            .preview_update_qualification(
                customer,
                &qualification.into(),
                code.as_deref(),
                &options,
            )
            .map_err(|error| exception(py, &error))
    }

    /// Reads a customer's qualification.
    ///
    /// This is the synchronous contract, GET /v1/customers/{id}/qualification, deprecated by the
    /// service since 2021.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (customer, *, request_id = None, correlation_id = None, deadline = None))]
    fn get_qualification(
        this: &Bound<'_, Self>,
        customer: &Bound<'_, PyAny>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let customer = self::customer(customer)?;
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| client.get_qualification(customer, &options))
    }

    /// Asks for a qualification of a customer. The change is irreversible.
    ///
    /// This is the service's current contract, POST /v1/customers/{id}/qualifications. Education
    /// may be asked for three times. The customer's qualifications are read first: what is set
    /// already is not asked for again, and nothing is sent where the service would refuse. It needs
    /// an App+User token. Microsoft vets Education: wait_for_vetting waits for the decision.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     qualification: Education with its segment, GovernmentCommunityCloud with its validation
    ///         code, or StateOwnedEntity.
    ///     education_segment: K12 or HigherEducation.
    ///     website: The institution's web address, which helps the vetting of Education.
    ///     validation_code: The government validation code.
    ///     request_id: MS-RequestId of the change, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Returns:
    ///     What is on record; its outcome is applied, or already_set.
    ///
    /// Raises:
    ///     PartnerCenterError: Its `outcome` says whether the customer was changed.
    #[pyo3(signature = (
        customer, qualification, *, education_segment = None, website = None,
        validation_code = None, request_id = None, correlation_id = None, deadline = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn create_qualification(
        this: &Bound<'_, Self>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        education_segment: Option<&str>,
        website: Option<&str>,
        validation_code: Given<'_, '_>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let customer = self::customer(customer)?;
        let request = request(qualification, education_segment, website, validation_code)?;
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| {
            client.create_qualification(customer, &request, &options)
        })
    }

    /// The request that create_qualification would send, as text, secrets taken out.
    ///
    /// Nothing is read or sent, and the credential is not asked. The arguments are those of
    /// create_qualification.
    ///
    /// Raises:
    ///     InvalidArgumentError: An argument breaks a rule.
    #[pyo3(signature = (
        customer, qualification, *, education_segment = None, website = None,
        validation_code = None, request_id = None, correlation_id = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn preview_create_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        education_segment: Option<&str>,
        website: Option<&str>,
        validation_code: Given<'_, '_>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
    ) -> PyResult<String> {
        let customer = self::customer(customer)?;
        let request = request(qualification, education_segment, website, validation_code)?;
        let options = call_options(request_id, correlation_id, None)?;
        self.inner
            .preview_create_qualification(customer, &request, &options)
            .map_err(|error| exception(py, &error))
    }

    /// Reads a customer's qualifications, and how their vetting stands.
    ///
    /// This is the service's current contract, GET /v1/customers/{id}/qualifications.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (customer, *, request_id = None, correlation_id = None, deadline = None))]
    fn get_qualifications(
        this: &Bound<'_, Self>,
        customer: &Bound<'_, PyAny>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let customer = self::customer(customer)?;
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| client.get_qualifications(customer, &options))
    }
}

fn request(
    qualification: &str,
    education_segment: Option<&str>,
    website: Option<&str>,
    validation_code: Given<'_, '_>,
) -> PyResult<QualificationRequest> {
    let mut request = QualificationRequest::new(qualification);
    if let Some(segment) = education_segment {
        request = request.education_segment(segment);
    }
    if let Some(website) = website {
        request = request.website(website);
    }
    if let Some(code) = self::validation_code(validation_code)? {
        request = request.validation_code(code);
    }
    Ok(request)
}
