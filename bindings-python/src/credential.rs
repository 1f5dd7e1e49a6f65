//! A Python credential: a token, a callable, or azure-core's `TokenCredential`.

use std::time::{Duration, UNIX_EPOCH};

use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::arguments::text;

const WANTED: &str = "credential must be a token (str), a callable that returns one, \
                      or an object with get_token(*scopes)";

pub struct Credential {
    object: Py<PyAny>,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Token,
    GetToken,
    Callable,
}

impl Credential {
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let form = if object.is_instance_of::<PyString>() {
            Form::Token
        } else if object.hasattr("get_token")? {
            Form::GetToken
        } else if object.is_callable() {
            Form::Callable
        } else {
            return Err(PyTypeError::new_err(WANTED));
        };
        Ok(Self {
            object: object.clone().unbind(),
            form,
        })
    }

    pub fn object(&self) -> &Py<PyAny> {
        &self.object
    }

    pub fn for_core(&self, py: Python<'_>) -> PyResult<core::Credential> {
        match self.form {
            Form::Token => {
                let token = text("credential", Some(self.object.bind(py).cast()?))?;
                Ok(core::StaticToken::new(token.unwrap_or_default()).into())
            }
            _ => Ok(core::Credential::waiter()),
        }
    }

    /// The object to pickle; a token is never written anywhere.
    pub fn picklable(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        if self.form == Form::Token {
            return Err(PyTypeError::new_err(
                "a Client that holds a token cannot be pickled: the token would be written out. \
                 Give it a callable or an object with get_token instead",
            ));
        }
        Ok(self.object.clone_ref(py))
    }

    /// Asks it; what it raised is kept for the caller, and only its type is put into words: the
    /// text may hold a secret.
    pub fn ask(
        &self,
        py: Python<'_>,
        request: &core::TokenRequest,
        raised: &mut Option<PyErr>,
    ) -> Result<core::AccessToken, core::TokenProviderError> {
        self.token(py, request).map_err(|error| {
            let kind = error.get_type(py).name().map(|name| name.to_string());
            *raised = Some(error);
            core::TokenProviderError(kind.unwrap_or_default())
        })
    }

    fn token(&self, py: Python<'_>, request: &core::TokenRequest) -> PyResult<core::AccessToken> {
        let object = self.object.bind(py);
        let given = match self.form {
            Form::GetToken => {
                let scopes = PyTuple::new(py, &request.scopes)?;
                object.getattr("get_token")?.call1(scopes)?
            }
            _ => object.call0()?,
        };
        if given.hasattr("__await__")? {
            if given.hasattr("close")? {
                given.call_method0("close")?;
            }
            return Err(PyTypeError::new_err(
                "the credential returned an awaitable: pass the synchronous credential, for \
                 azure-identity the one from azure.identity, not azure.identity.aio",
            ));
        }
        // Nothing of what it returned may come back in an error: it may be the token.
        let wrong = || {
            let kind = given.get_type().name().map(|name| name.to_string());
            PyTypeError::new_err(format!(
                "the credential returned {}; it must return a str, a pair of str and expiry, or \
                 an object with token and expires_on",
                kind.unwrap_or_default()
            ))
        };
        if given.is_instance_of::<PyString>() {
            let token: String = given.extract().map_err(|_| wrong())?;
            return Ok(core::AccessToken::new(token, None));
        }
        let (token, expires_on) = match given.extract::<(String, Option<f64>)>() {
            Ok(pair) => pair,
            Err(_) => (
                attribute(&given, "token").ok_or_else(wrong)?,
                attribute(&given, "expires_on").ok_or_else(wrong)?,
            ),
        };
        // Seconds since 1970, as azure-core gives them; what is no time means: until refused.
        let expires_on = expires_on
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .and_then(|since| UNIX_EPOCH.checked_add(since));
        Ok(core::AccessToken::new(token, expires_on))
    }
}

fn attribute<'py, T: FromPyObjectOwned<'py>>(given: &Bound<'py, PyAny>, name: &str) -> Option<T> {
    given.getattr(name).ok()?.extract().ok()
}
