//! The client: how it is made, and how its calls begin. Its operations are in the files below.

mod bulk;
mod customers;
mod qualifications;
mod reconcile;
mod validation_codes;
mod vetting;

use std::sync::Arc;

use partner_center as core;
use partner_center::{CallOptions, Pending};
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::arguments::{Given, call_options, one_of, seconds, text};
use crate::awaited::Call;
use crate::call::{Running, running, wait};
use crate::credential::Credential;
use crate::errors::exception;
use crate::listener::Listener;
use crate::models::Model;

/// Talks to Partner Center. Immutable, safe to share between threads, usable after os.fork.
///
/// Args:
///     credential: An App+User token (str), a callable that returns a token or a pair of token and
///         expiry (seconds since 1970), an object with get_token(*scopes) as azure-core's
///         TokenCredential, a RefreshTokenCredential or ClientCredentials. It is called on the
///         thread that waits, once for all that wait. A callable that takes one argument gets the
///         TokenRequest.
///     cloud: Cloud.GLOBAL (the default), Cloud.US_GOVERNMENT or Cloud.CHINA.
///     base_url: Another address than the cloud's; https, and the audience of its tokens.
///     authority: Another sign-in authority than the cloud's, without the tenant. By default that
///         of a base_url on this machine is the same address, as the emulator's.
///     allow_http_loopback: Lets base_url and authority be plain http to this machine, as for the
///         emulator.
///     application: MS-PartnerCenter-Application, under which the service knows the caller.
///     locale: X-Locale, the language of the service's texts; en-US by default.
///     connect_timeout: The most seconds for a connection; 10, or half of attempt_timeout.
///     attempt_timeout: The most seconds for one request; 100, or half of deadline.
///     deadline: The most seconds for a whole call; 300 by default, over attempt_timeout.
///     proxy: An HTTP proxy, http://user:password@host:port, instead of the environment's.
///     ca_certificates: PEM certificates of authorities to trust beside the system's.
///     only_ca_certificates: PEM certificates of the only authorities to trust.
///     validate_mfa: Asks the service whether the token's sign-in had multifactor authentication;
///         results and errors say so as mfa_compliant.
///     on_ambiguous: What to do about a change whose effect is not known:
///         OnAmbiguous.RECONCILE_THEN_RESEND (the default), RECONCILE or RAISE.
///     on_event: Is called with each Event of each call, on the thread that waits for it; with one
///         that comes after its caller has left, on another. What it raises stops nothing.
///
/// Raises:
///     InvalidArgumentError: A setting breaks a rule.
///     TlsError: No certificate authorities were found on this machine.
#[pyclass(frozen, module = "partner_center")]
pub struct Client {
    inner: core::Client,
    credential: Credential,
    listener: Arc<Listener>,
    options: Py<PyDict>,
    shown: String,
}

impl Client {
    pub fn inner(&self) -> &core::Client {
        &self.inner
    }

    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    pub fn listener(&self) -> &Listener {
        &self.listener
    }

    /// What a call says for itself.
    fn options(
        &self,
        py: Python<'_>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<CallOptions> {
        self.unobserved(py, call_options(request_id, correlation_id, deadline)?)
    }

    /// Spends nothing on events where nobody would hear of them.
    pub fn unobserved(&self, py: Python<'_>, mut options: CallOptions) -> PyResult<CallOptions> {
        options.unobserved = !self.listener.is_heard(py)?;
        Ok(options)
    }

    /// Begins a call, and waits for its end.
    fn call<T>(
        this: &Bound<'_, Self>,
        begin: impl FnOnce(&core::Client) -> Pending<T> + Send,
    ) -> PyResult<Py<PyAny>>
    where
        T: Model + Send + Sync + 'static,
    {
        let inner = &this.get().inner;
        let pending = this.py().detach(|| begin(inner));
        Self::end(this, running(pending, |py, value: T| value.model(py)), None)
    }

    /// Waits for the end; or hands out the call, where an event loop awaits it.
    pub fn end(
        this: &Bound<'_, Self>,
        running: Box<dyn Running>,
        on_progress: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let py = this.py();
        let client = this.get();
        if client.listener.is_awaited() {
            let call = Call::new(this.clone().unbind(), running, on_progress);
            return Ok(Py::new(py, call)?.into_any());
        }
        wait(py, running, client, on_progress.as_ref())
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (
        credential, *, cloud = None, base_url = None, authority = None,
        allow_http_loopback = false, application = None, locale = None, connect_timeout = None,
        attempt_timeout = None, deadline = None, proxy = None, ca_certificates = None,
        only_ca_certificates = None, validate_mfa = false, on_ambiguous = None, on_event = None
    ))]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn new(
        py: Python<'_>,
        credential: &Bound<'_, PyAny>,
        cloud: Option<&str>,
        base_url: Option<&str>,
        authority: Option<&str>,
        allow_http_loopback: bool,
        application: Option<&str>,
        locale: Option<&str>,
        connect_timeout: Given<'_, '_>,
        attempt_timeout: Given<'_, '_>,
        deadline: Given<'_, '_>,
        proxy: Option<&Bound<'_, PyString>>,
        ca_certificates: Option<&[u8]>,
        only_ca_certificates: Option<&[u8]>,
        validate_mfa: bool,
        on_ambiguous: Option<&str>,
        on_event: Given<'_, '_>,
    ) -> PyResult<Self> {
        if on_event.is_some_and(|on_event| !on_event.is_callable()) {
            return Err(PyTypeError::new_err("on_event must be callable"));
        }
        let credential = Credential::new(credential)?;
        let listener = Listener::new(on_event.map(|on_event| on_event.clone().unbind()));
        let mut builder = core::Client::builder(credential.for_core(py)?)
            .allow_http_loopback(allow_http_loopback)
            .validate_mfa(validate_mfa)
            .events_to_waiter(Listener::late(&listener));
        let options = PyDict::new(py);
        options.set_item("allow_http_loopback", allow_http_loopback)?;
        options.set_item("validate_mfa", validate_mfa)?;
        options.set_item("on_event", on_event)?;
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
            cloud => cloud.map(|name| one_of(py, "cloud", name)).transpose()?,
            base_url => base_url,
            authority => authority,
            application => application,
            locale => locale,
            connect_timeout => seconds("connect_timeout", connect_timeout)?,
            attempt_timeout => seconds("attempt_timeout", attempt_timeout)?,
            deadline => seconds("deadline", deadline)?,
            proxy => text("proxy", proxy)?,
            ca_certificates => ca_certificates,
            only_ca_certificates => only_ca_certificates,
            on_ambiguous => on_ambiguous.map(|name| one_of(py, "on_ambiguous", name)).transpose()?
        );
        let inner = py
            .detach(|| builder.build())
            .map_err(|error| exception(py, &error))?;
        Ok(Self {
            shown: base_url.or(cloud).unwrap_or("global").to_owned(),
            inner,
            credential,
            listener,
            options: options.unbind(),
        })
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

    /// It is immutable, and shares what it has open.
    fn __copy__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this
    }

    fn __deepcopy__<'py>(this: Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        this
    }

    /// A credential often knows its client: the garbage collector must see that circle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(self.credential.object())?;
        visit.call(&self.options)?;
        self.listener.traverse(&visit)
    }

    fn __repr__(&self) -> String {
        format!("Client({:?})", self.shown)
    }
}

/// Makes each method of a client return a Call.
#[pyfunction]
pub fn awaited(client: Bound<'_, Client>) -> Bound<'_, Client> {
    client.get().listener.set_awaited();
    client
}
