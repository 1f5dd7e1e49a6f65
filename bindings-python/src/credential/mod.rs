//! A Python credential: a token, a callable, azure-core's `TokenCredential`, or a built-in one.

mod built_in;

pub use built_in::{ClientCredentials, RefreshTokenCredential};

use std::time::{Duration, UNIX_EPOCH};

use partner_center as core;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::arguments::text;
use crate::models::TokenRequest;

/// In 2001: what is smaller is a lifetime, not a time.
const EARLIEST: f64 = 1e9;

const WANTED: &str = "credential must be a token (str), a callable that returns one, an object \
                      with get_token(*scopes), a RefreshTokenCredential or ClientCredentials";

pub struct Credential {
    object: Py<PyAny>,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Token,
    GetToken,
    Callable,
    /// It wants to know what the token is for.
    CallableWithRequest,
    BuiltIn,
}

impl Credential {
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let form = if object.is_instance_of::<PyString>() {
            Form::Token
        } else if object.is_instance_of::<RefreshTokenCredential>()
            || object.is_instance_of::<ClientCredentials>()
        {
            Form::BuiltIn
        } else if object.hasattr("get_token")? {
            Form::GetToken
        } else if object.is_callable() {
            form_of_callable(object)?
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
        let object = self.object.bind(py);
        if self.form == Form::Token {
            let token = text("credential", Some(object.cast()?))?;
            return Ok(core::StaticToken::new(token.unwrap_or_default()).into());
        }
        if let Ok(held) = object.cast::<RefreshTokenCredential>() {
            return Ok(held.get().for_core());
        }
        if let Ok(held) = object.cast::<ClientCredentials>() {
            return Ok(held.get().for_core());
        }
        Ok(core::Credential::waiter())
    }

    /// The object to pickle; a token is never written anywhere. A built-in one says so itself.
    pub fn picklable(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        if self.form == Form::Token {
            return Err(PyTypeError::new_err(
                "a Client that holds a token cannot be pickled: the token would be written out. \
                 Give it a callable or an object with get_token instead",
            ));
        }
        Ok(self.object.clone_ref(py))
    }

    /// Asks it for a token; what comes may have to be awaited.
    pub fn ask<'py>(
        &self,
        py: Python<'py>,
        request: &core::TokenRequest,
    ) -> PyResult<Bound<'py, PyAny>> {
        let object = self.object.bind(py);
        match self.form {
            Form::GetToken => {
                let scopes = PyTuple::new(py, &request.scopes)?;
                let options = PyDict::new(py);
                // Not every credential knows of them.
                if let Some(claims) = &request.claims {
                    options.set_item("claims", claims)?;
                }
                object.getattr("get_token")?.call(scopes, Some(&options))
            }
            Form::CallableWithRequest => object.call1((TokenRequest::from(request),)),
            _ => object.call0(),
        }
    }

    /// Hands it the refresh token that the sign-in authority gave for the next time.
    pub fn keep<'py>(
        &self,
        py: Python<'py>,
        token: &core::RefreshToken,
    ) -> PyResult<Bound<'py, PyAny>> {
        let held = self.object.bind(py).cast::<RefreshTokenCredential>()?;
        held.get().on_rotation(py).call1((token.secret(),))
    }
}

/// Decided once, by what it takes without a default: an optional parameter may be anything.
fn form_of_callable(object: &Bound<'_, PyAny>) -> PyResult<Form> {
    let py = object.py();
    let signature = match py.import("inspect")?.call_method1("signature", (object,)) {
        Ok(signature) => signature,
        // Some that are written in C have none.
        Err(error)
            if error.is_instance_of::<PyValueError>(py)
                || error.is_instance_of::<PyTypeError>(py) =>
        {
            return Ok(Form::Callable);
        }
        Err(error) => return Err(error),
    };
    let takes = |arguments: Bound<'_, PyTuple>| signature.call_method1("bind", arguments).is_ok();
    if takes(PyTuple::empty(py)) {
        Ok(Form::Callable)
    } else if takes(PyTuple::new(py, [py.None()])?) {
        Ok(Form::CallableWithRequest)
    } else {
        Err(PyTypeError::new_err(
            "credential must take no argument, or one: the TokenRequest",
        ))
    }
}

/// The token in what a credential gave. Nothing of it may come back in an error.
pub fn access_token(given: &Bound<'_, PyAny>) -> PyResult<core::AccessToken> {
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
            attribute(given, "token").ok_or_else(wrong)?,
            attribute(given, "expires_on").ok_or_else(wrong)?,
        ),
    };
    if expires_on.is_some_and(|seconds| seconds < EARLIEST) {
        return Err(PyTypeError::new_err(
            "the credential's expiry must be in seconds since 1970: to a lifetime, as MSAL's \
             expires_in, add time.time()",
        ));
    }
    // Seconds since 1970, as azure-core gives them; what is no time means: until refused.
    let expires_on = expires_on
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .and_then(|since| UNIX_EPOCH.checked_add(since));
    Ok(core::AccessToken::new(token, expires_on))
}

fn attribute<'py, T: FromPyObjectOwned<'py>>(given: &Bound<'py, PyAny>, name: &str) -> Option<T> {
    given.getattr(name).ok()?.extract().ok()
}
