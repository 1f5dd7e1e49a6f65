use std::time::Duration;

use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::call::wait;
use crate::credential::Credential;
use crate::enums::named;
use crate::errors::{exception, invalid};
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
///     connect_timeout: The most seconds for a connection; 10 by default.
///     attempt_timeout: The most seconds for one request; 100 by default, over connect_timeout.
///     deadline: The most seconds for a whole call; 300 by default, more than attempt_timeout.
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

/// Seconds, as a number or a timedelta.
#[derive(FromPyObject)]
enum Seconds {
    Delta(Duration),
    Number(f64),
}

fn seconds(py: Python<'_>, name: &str, given: Option<Seconds>) -> PyResult<Option<Duration>> {
    match given {
        None => Ok(None),
        Some(Seconds::Delta(delta)) => Ok(Some(delta)),
        Some(Seconds::Number(number)) => match Duration::try_from_secs_f64(number) {
            Ok(duration) => Ok(Some(duration)),
            Err(_) => Err(invalid(
                py,
                &format!("{name} must be a positive number of seconds"),
            )),
        },
    }
}

/// Text, or a uuid.UUID.
fn id(name: &str, given: &Bound<'_, PyAny>) -> PyResult<String> {
    if given.is_instance_of::<PyString>() {
        return given.extract();
    }
    if given.get_type().fully_qualified_name()? == "uuid.UUID" {
        return given.str()?.extract();
    }
    Err(PyTypeError::new_err(format!(
        "{name} must be str or uuid.UUID, not {}",
        given.get_type().name()?
    )))
}

fn call_options(
    py: Python<'_>,
    request_id: Option<&Bound<'_, PyAny>>,
    correlation_id: Option<&Bound<'_, PyAny>>,
    deadline: Option<Seconds>,
) -> PyResult<core::CallOptions> {
    Ok(core::CallOptions {
        request_id: request_id
            .map(|given| id("request_id", given))
            .transpose()?,
        correlation_id: correlation_id
            .map(|given| id("correlation_id", given))
            .transpose()?,
        deadline: seconds(py, "deadline", deadline)?,
    })
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
        connect_timeout: Option<Seconds>,
        attempt_timeout: Option<Seconds>,
        deadline: Option<Seconds>,
        proxy: Option<&str>,
        ca_certificates: Option<&[u8]>,
        only_ca_certificates: Option<&[u8]>,
    ) -> PyResult<Self> {
        let credential = Credential::new(credential)?;
        let connect_timeout = seconds(py, "connect_timeout", connect_timeout)?;
        let attempt_timeout = seconds(py, "attempt_timeout", attempt_timeout)?;
        let deadline = seconds(py, "deadline", deadline)?;
        let mut builder = core::Client::builder(credential.for_core(py)?)
            .allow_http_loopback(allow_http_loopback);
        let options = PyDict::new(py);
        options.set_item("allow_http_loopback", allow_http_loopback)?;
        // Each option that was given goes to the core, and into what a pickle needs.
        macro_rules! pass {
            ($($option:ident),*) => {$(
                if let Some(value) = $option {
                    builder = builder.$option(value);
                    options.set_item(stringify!($option), value)?;
                }
            )*};
        }
        if let Some(name) = cloud {
            builder = builder.cloud(named(name)?);
            options.set_item("cloud", name)?;
        }
        pass!(
            base_url,
            application,
            locale,
            connect_timeout,
            attempt_timeout,
            deadline,
            proxy,
            ca_certificates,
            only_ca_certificates
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
    ///     deadline: The most seconds for this call, instead of the client's.
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
        validation_code: Option<&str>,
        request_id: Option<&Bound<'_, PyAny>>,
        correlation_id: Option<&Bound<'_, PyAny>>,
        deadline: Option<Seconds>,
    ) -> PyResult<UpdatedQualification> {
        let customer = id("customer", customer)?;
        let options = call_options(py, request_id, correlation_id, deadline)?;
        let pending = self.inner.update_qualification(
            customer,
            &qualification.into(),
            validation_code,
            &options,
        );
        wait(py, pending, &self.credential).map(UpdatedQualification::from)
    }

    /// The request that update_qualification would send, as text, secrets taken out.
    ///
    /// Nothing is sent, and the credential is not asked.
    #[pyo3(signature = (
        customer, qualification, *, validation_code = None, request_id = None, correlation_id = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn preview_update_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        qualification: &str,
        validation_code: Option<&str>,
        request_id: Option<&Bound<'_, PyAny>>,
        correlation_id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let customer = id("customer", customer)?;
        let options = call_options(py, request_id, correlation_id, None)?;
        self.inner
            .preview_update_qualification(
                customer,
                &qualification.into(),
                validation_code,
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
    ///     deadline: The most seconds for this call, instead of the client's.
    #[pyo3(signature = (customer, *, request_id = None, correlation_id = None, deadline = None))]
    fn get_qualification(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        request_id: Option<&Bound<'_, PyAny>>,
        correlation_id: Option<&Bound<'_, PyAny>>,
        deadline: Option<Seconds>,
    ) -> PyResult<CurrentQualification> {
        let customer = id("customer", customer)?;
        let options = call_options(py, request_id, correlation_id, deadline)?;
        let pending = self.inner.get_qualification(customer, &options);
        wait(py, pending, &self.credential).map(CurrentQualification::from)
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let credential = PyTuple::new(py, [self.credential.picklable(py)?])?;
        Ok((credential, self.options.bind(py).copy()?))
    }

    fn __repr__(&self) -> String {
        format!("Client({:?})", self.shown)
    }
}
