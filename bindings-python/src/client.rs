use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::arguments::{call_options, id, known_cloud, seconds, text};
use crate::call::wait;
use crate::credential::Credential;
use crate::errors::exception;
use crate::models::{CurrentQualification, UpdatedQualification};

/// Talks to Partner Center. Immutable, safe to share between threads, usable after os.fork.
///
/// Args:
///     credential: An App+User token (str), a callable that returns a token or a pair of token and
///         expiry (seconds since 1970), or an object with get_token(*scopes) as azure-core's
///         TokenCredential. It is called on the thread that waits, once for all that wait.
///     cloud: Cloud.GLOBAL (the default), Cloud.US_GOVERNMENT or Cloud.CHINA.
///     base_url: Another address than the cloud's; https, and the audience of its tokens.
///     allow_http_loopback: Lets base_url be plain http to this machine, as for the emulator.
///     application: MS-PartnerCenter-Application, under which the service knows the caller.
///     locale: X-Locale, the language of the service's texts; en-US by default.
///     connect_timeout: The most seconds for a connection; 10, or half of attempt_timeout.
///     attempt_timeout: The most seconds for one request; 100, or half of deadline.
///     deadline: The most seconds for a whole call; 300 by default, over attempt_timeout.
///     proxy: An HTTP proxy, http://user:password@host:port, instead of the environment's.
///     ca_certificates: PEM certificates of authorities to trust beside the system's.
///     only_ca_certificates: PEM certificates of the only authorities to trust.
///
/// Raises:
///     InvalidArgumentError: A setting breaks a rule.
///     TlsError: No certificate authorities were found on this machine.
#[pyclass(frozen, module = "partner_center")]
pub struct Client {
    inner: core::Client,
    credential: Credential,
    options: Py<PyDict>,
    shown: String,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (
        credential, *, cloud = None, base_url = None, allow_http_loopback = false,
        application = None, locale = None, connect_timeout = None, attempt_timeout = None,
        deadline = None, proxy = None, ca_certificates = None, only_ca_certificates = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn new(
        py: Python<'_>,
        credential: &Bound<'_, PyAny>,
        cloud: Option<&str>,
        base_url: Option<&str>,
        allow_http_loopback: bool,
        application: Option<&str>,
        locale: Option<&str>,
        connect_timeout: Option<&Bound<'_, PyAny>>,
        attempt_timeout: Option<&Bound<'_, PyAny>>,
        deadline: Option<&Bound<'_, PyAny>>,
        proxy: Option<&Bound<'_, PyString>>,
        ca_certificates: Option<&[u8]>,
        only_ca_certificates: Option<&[u8]>,
    ) -> PyResult<Self> {
        let credential = Credential::new(credential)?;
        let mut builder = core::Client::builder(credential.for_core(py)?)
            .allow_http_loopback(allow_http_loopback);
        let options = PyDict::new(py);
        options.set_item("allow_http_loopback", allow_http_loopback)?;
        // Each option that was given goes to the core, and into what a pickle needs.
        macro_rules! pass {
            ($($option:ident => $value:expr),*) => {$(
                if let Some(value) = $value {
                    builder = builder.$option(value);
                    options.set_item(stringify!($option), $option)?;
                }
            )*};
        }
        pass!(
            cloud => cloud.map(|name| known_cloud(py, name)).transpose()?,
            base_url => base_url,
            application => application,
            locale => locale,
            connect_timeout => seconds("connect_timeout", connect_timeout)?,
            attempt_timeout => seconds("attempt_timeout", attempt_timeout)?,
            deadline => seconds("deadline", deadline)?,
            proxy => text("proxy", proxy)?,
            ca_certificates => ca_certificates,
            only_ca_certificates => only_ca_certificates
        );
        let inner = py
            .detach(|| builder.build())
            .map_err(|error| exception(py, &error))?;
        Ok(Self {
            shown: base_url.or(cloud).unwrap_or("global").to_owned(),
            inner,
            credential,
            options: options.unbind(),
        })
    }

    /// Sets a customer's qualification. The change is irreversible.
    ///
    /// This is the synchronous contract, PUT /v1/customers/{id}/qualification, deprecated by the
    /// service since 2021. It needs an App+User token.
    ///
    /// Args:
    ///     customer: The customer's tenant id.
    ///     qualification: Education, or GovernmentCommunityCloud with its validation code.
    ///     validation_code: The government validation code.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Returns:
    ///     What was set; its outcome is always applied.
    ///
    /// Raises:
    ///     PartnerCenterError: Its `outcome` says whether the customer was changed.
    #[pyo3(signature = (
        customer, qualification, *, validation_code = None, request_id = None,
        correlation_id = None, deadline = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn update_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        validation_code: Option<&Bound<'_, PyString>>,
        request_id: Option<&Bound<'_, PyAny>>,
        correlation_id: Option<&Bound<'_, PyAny>>,
        deadline: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<UpdatedQualification> {
        let customer = id("customer", customer)?;
        let validation_code = text("validation_code", validation_code)?;
        let options = call_options(request_id, correlation_id, deadline)?;
        let pending = py.detach(|| {
            self.inner.update_qualification(
                customer,
                &qualification.into(),
                validation_code.as_deref(),
                &options,
            )
        });
        wait(py, pending, &self.credential).map(UpdatedQualification::from)
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
        validation_code: Option<&Bound<'_, PyString>>,
        request_id: Option<&Bound<'_, PyAny>>,
        correlation_id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let customer = id("customer", customer)?;
        let validation_code = text("validation_code", validation_code)?;
        let options = call_options(request_id, correlation_id, None)?;
        self.inner
            .preview_update_qualification(
                customer,
                &qualification.into(),
                validation_code.as_deref(),
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
    ///     customer: The customer's tenant id.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (customer, *, request_id = None, correlation_id = None, deadline = None))]
    fn get_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        request_id: Option<&Bound<'_, PyAny>>,
        correlation_id: Option<&Bound<'_, PyAny>>,
        deadline: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<CurrentQualification> {
        let customer = id("customer", customer)?;
        let options = call_options(request_id, correlation_id, deadline)?;
        let pending = py.detach(|| self.inner.get_qualification(customer, &options));
        wait(py, pending, &self.credential).map(CurrentQualification::from)
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let options = self.options.bind(py);
        let proxy = options.get_item("proxy")?;
        if proxy.is_some_and(|proxy| proxy.to_string().contains('@')) {
            return Err(PyTypeError::new_err(
                "a Client whose proxy has a password cannot be pickled: the password would be \
                 written out. Set HTTPS_PROXY in the environment instead",
            ));
        }
        let credential = PyTuple::new(py, [self.credential.picklable(py)?])?;
        Ok((credential, options.copy()?))
    }

    /// A credential often knows its client: the garbage collector must see that circle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.credential.object())?;
        visit.call(&self.options)
    }

    fn __repr__(&self) -> String {
        format!("Client({:?})", self.shown)
    }
}
