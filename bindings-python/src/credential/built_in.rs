//! The credentials that ask the sign-in authority themselves. What they hold is never shown.

use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arguments::text;

/// The refresh-token exchange of the Secure Application Model: App+User tokens without a person.
///
/// A sign-in with multifactor authentication gave the refresh token. Each exchange may hand out a
/// new one: on_rotation keeps it, in a secret store, before the new access token is used. While
/// that fails nothing is sent, and the old one stays in use.
///
/// Args:
///     tenant: The partner's tenant, an id or a domain.
///     client_id: The application's id.
///     refresh_token: The latest refresh token.
///     on_rotation: Is called with each new refresh token, on the thread that waits for a call.
///     client_secret: The application's secret; a public client has none.
#[pyclass(frozen, module = "partner_center")]
pub struct RefreshTokenCredential {
    tenant: String,
    client_id: String,
    refresh_token: String,
    on_rotation: Py<PyAny>,
    client_secret: Option<String>,
}

impl RefreshTokenCredential {
    pub fn for_core(&self) -> core::Credential {
        let credential = core::RefreshTokenCredential::kept_by_waiter(
            &*self.tenant,
            &*self.client_id,
            &*self.refresh_token,
        );
        match &self.client_secret {
            Some(secret) => credential.client_secret(secret).into(),
            None => credential.into(),
        }
    }

    pub fn on_rotation<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.on_rotation.bind(py)
    }
}

#[pymethods]
impl RefreshTokenCredential {
    #[new]
    #[pyo3(signature = (*, tenant, client_id, refresh_token, on_rotation, client_secret = None))]
    fn new(
        tenant: String,
        client_id: String,
        refresh_token: &Bound<'_, PyString>,
        on_rotation: &Bound<'_, PyAny>,
        client_secret: Option<&Bound<'_, PyString>>,
    ) -> PyResult<Self> {
        if !on_rotation.is_callable() {
            return Err(PyTypeError::new_err("on_rotation must be callable"));
        }
        Ok(Self {
            tenant,
            client_id,
            refresh_token: text("refresh_token", Some(refresh_token))?.unwrap_or_default(),
            on_rotation: on_rotation.clone().unbind(),
            client_secret: text("client_secret", client_secret)?,
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.on_rotation)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("RefreshTokenCredential"))
    }

    /// Not even the ids: they are easily mixed up with the secrets.
    fn __repr__(&self) -> &'static str {
        "RefreshTokenCredential(...)"
    }
}

/// App-only tokens, for the reads that allow them.
///
/// A change needs a person's sign-in behind the token: a call that makes one is refused before
/// anything is sent.
///
/// Args:
///     tenant: The partner's tenant, an id or a domain.
///     client_id: The application's id.
///     client_secret: The application's secret.
#[pyclass(frozen, module = "partner_center")]
pub struct ClientCredentials {
    tenant: String,
    client_id: String,
    client_secret: String,
}

impl ClientCredentials {
    pub fn for_core(&self) -> core::Credential {
        core::ClientCredentials::new(&*self.tenant, &*self.client_id, &*self.client_secret).into()
    }
}

#[pymethods]
impl ClientCredentials {
    #[new]
    #[pyo3(signature = (*, tenant, client_id, client_secret))]
    fn new(
        tenant: String,
        client_id: String,
        client_secret: &Bound<'_, PyString>,
    ) -> PyResult<Self> {
        Ok(Self {
            tenant,
            client_id,
            client_secret: text("client_secret", Some(client_secret))?.unwrap_or_default(),
        })
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("ClientCredentials"))
    }

    fn __repr__(&self) -> &'static str {
        "ClientCredentials(...)"
    }
}

fn unpicklable(class: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "{class} cannot be pickled: its secrets would be written out"
    ))
}
