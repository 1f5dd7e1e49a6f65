//! Where tokens come from.

use std::sync::Arc;
use std::time::SystemTime;

use partner_center as core;

/// What a token is asked for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct TokenRequest {
    /// One scope: the API's base URL and `/.default`.
    pub scopes: Vec<String>,
    /// What the service wants of the next token, as JSON: hand it on as MSAL's claims request.
    pub claims: Option<String>,
    /// The last token was refused: a cached copy of it will not do.
    pub force_refresh: bool,
}

/// A bearer token. It shows nothing of what it holds.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct AccessToken(core::AccessToken);

#[uniffi::export]
impl AccessToken {
    /// A token; without `expires_on` it is used until the service refuses it.
    #[uniffi::constructor(default(expires_on = None))]
    pub fn new(token: String, expires_on: Option<SystemTime>) -> Arc<Self> {
        Arc::new(Self(core::AccessToken::new(token, expires_on)))
    }
}

/// Why a provider has no token.
#[derive(Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum TokenProviderError {
    /// Nobody is signed in, or the sign-in failed.
    #[error("{reason}")]
    Failed {
        /// Why, in words without secrets: it becomes part of an error's text.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TokenProviderError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: error.reason,
        }
    }
}

/// Gives tokens, to one call at a time for all that wait. It is called on a thread of the client's,
/// so it may block; it must not call the client it serves: that call ends with an error.
#[uniffi::export(foreign)]
pub trait TokenProvider: Send + Sync {
    /// A token for that request.
    fn token(&self, request: TokenRequest) -> Result<Arc<AccessToken>, TokenProviderError>;
}

/// The clients whose provider this thread is inside. A provider that goes on on another thread takes
/// them along; the adapters of asynchronous code do.
#[uniffi::export]
pub fn asked_for() -> Vec<u64> {
    core::Asked::here().0
}

/// Makes them this thread's, so that a call back into one of them ends with an error at once.
/// Returned is what was so before, to be put back.
#[uniffi::export]
pub fn enter_asked_for(clients: Vec<u64>) -> Vec<u64> {
    core::Asked(clients).enter().0
}

struct Provided(Arc<dyn TokenProvider>);

impl core::TokenProvider for Provided {
    fn token(
        &self,
        request: &core::TokenRequest,
    ) -> Result<core::AccessToken, core::TokenProviderError> {
        let request = TokenRequest {
            scopes: request.scopes.clone(),
            claims: request.claims.clone(),
            force_refresh: request.force_refresh,
        };
        match self.0.token(request) {
            Ok(token) => Ok(token.0.clone()),
            Err(error) => Err(core::TokenProviderError(error.to_string())),
        }
    }
}

/// A refresh token that the sign-in authority gave out in place of the last one. It shows nothing
/// of what it holds.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct RefreshToken(String);

#[uniffi::export]
impl RefreshToken {
    /// The token, for a secret store.
    pub fn secret(&self) -> String {
        self.0.clone()
    }
}

/// Keeps rotated refresh tokens.
#[uniffi::export(foreign)]
pub trait RefreshTokenKeeper: Send + Sync {
    /// Puts the token where the next start will find it; the last one will stop working. Where this
    /// fails, the call fails and nothing is sent.
    fn keep(&self, token: Arc<RefreshToken>) -> Result<(), TokenProviderError>;
}

/// Who is asked for tokens. It shows nothing of what it holds.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Credential(pub(crate) core::Credential);

#[uniffi::export]
impl Credential {
    /// One token, for as long as the service takes it.
    #[uniffi::constructor]
    pub fn static_token(token: String) -> Arc<Self> {
        Arc::new(Self(core::StaticToken::new(token).into()))
    }

    /// Tokens of an app and its user, as MSAL hands them out.
    #[uniffi::constructor]
    pub fn provider(provider: Arc<dyn TokenProvider>) -> Arc<Self> {
        Arc::new(Self(Provided(provider).into()))
    }

    /// The refresh token of an app and its user: the Secure Application Model. `client_secret` is
    /// for a confidential app.
    #[uniffi::constructor(default(client_secret = None))]
    pub fn refresh_token(
        tenant: String,
        client_id: String,
        refresh_token: String,
        keeper: Arc<dyn RefreshTokenKeeper>,
        client_secret: Option<String>,
    ) -> Arc<Self> {
        let keep = move |token: &str| {
            keeper
                .keep(Arc::new(RefreshToken(token.to_owned())))
                .map_err(|error| core::TokenProviderError(error.to_string()))
        };
        let held = core::RefreshTokenCredential::new(tenant, client_id, refresh_token, keep);
        let held = match client_secret {
            Some(secret) => held.client_secret(secret),
            None => held,
        };
        Arc::new(Self(held.into()))
    }

    /// An app alone. It may read; a change needs an app and its user.
    #[uniffi::constructor]
    pub fn client_credentials(
        tenant: String,
        client_id: String,
        client_secret: String,
    ) -> Arc<Self> {
        let held = core::ClientCredentials::new(tenant, client_id, client_secret);
        Arc::new(Self(held.into()))
    }
}

/// Gives a type that holds a secret a text that does not.
macro_rules! hidden {
    ($($name:ident,)*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
    )*};
}
pub(crate) use hidden;

hidden! {
    AccessToken,
    RefreshToken,
    Credential,
}
