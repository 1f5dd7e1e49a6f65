//! Where tokens come from.

mod token_endpoint;
mod tokens;

#[cfg(feature = "fuzzing")]
pub(crate) use token_endpoint::read_token_answer;
pub use token_endpoint::{ClientCredentials, RefreshTokenCredential};
pub(crate) use tokens::{Asking, Need, TokenFailure, Tokens};

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::model::Refusal;

/// What a token is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// One scope: the API's base URL and `/.default`.
    pub scopes: Vec<String>,
    /// What the service wants of the next token, as JSON: its answer to the last one
    /// (`WWW-Authenticate`, `insufficient_claims`). Hand it on as MSAL's `claims_challenge`.
    pub claims: Option<String>,
    /// The last token was refused: a cached copy of it will not do.
    pub force_refresh: bool,
}

/// A bearer token. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    token: String,
    expires_on: Option<SystemTime>,
}

impl AccessToken {
    /// A token; white space around it (a file's last newline) is dropped. Without `expires_on` it
    /// is used until the service refuses it.
    pub fn new(token: impl AsRef<str>, expires_on: Option<SystemTime>) -> Self {
        Self {
            token: token.as_ref().trim().to_owned(),
            expires_on,
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_on", &self.expires_on)
            .finish_non_exhaustive()
    }
}

/// Why a provider has no token, in words without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TokenProviderError(pub String);

/// Gives tokens, to one call at a time for all that wait: on the thread that waits for the call, or
/// on one of the client's. It must not call the client it serves: that call ends with an error.
pub trait TokenProvider: Send + Sync {
    /// A token for `request`.
    ///
    /// # Errors
    /// Why there is none.
    fn token(&self, request: &TokenRequest) -> Result<AccessToken, TokenProviderError>;
}

impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn token(&self, request: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
        self.as_ref().token(request)
    }
}

/// One token, for as long as the service takes it.
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// A provider of that token.
    pub fn new(token: impl AsRef<str>) -> Self {
        Self(AccessToken::new(token, None))
    }
}

impl TokenProvider for StaticToken {
    fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
        Ok(self.0.clone())
    }
}

/// Who is asked for tokens.
#[derive(Clone)]
pub struct Credential(pub(crate) Source);

#[derive(Clone)]
pub(crate) enum Source {
    Provider(Arc<dyn TokenProvider>),
    Waiter,
    RefreshToken(Arc<RefreshTokenCredential>),
    ClientCredentials(Arc<ClientCredentials>),
}

impl Credential {
    /// The thread that waits for the call is asked, through [`Step::TokenWanted`](crate::Step).
    pub fn waiter() -> Self {
        Self(Source::Waiter)
    }

    /// Whether its tokens have no person behind them.
    pub(crate) fn is_app_only(&self) -> bool {
        matches!(self.0, Source::ClientCredentials(_))
    }

    /// The rules for what the built-in credentials hold.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match &self.0 {
            Source::RefreshToken(held) => held.app.check(Some(&held.refresh_token)),
            Source::ClientCredentials(held) => held.app.check(None),
            Source::Provider(_) | Source::Waiter => Ok(()),
        }
    }
}

impl From<RefreshTokenCredential> for Credential {
    fn from(credential: RefreshTokenCredential) -> Self {
        Self(Source::RefreshToken(Arc::new(credential)))
    }
}

impl From<ClientCredentials> for Credential {
    fn from(credential: ClientCredentials) -> Self {
        Self(Source::ClientCredentials(Arc::new(credential)))
    }
}

/// Shows nothing of what it holds.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").finish_non_exhaustive()
    }
}

impl<P: TokenProvider + 'static> From<P> for Credential {
    fn from(provider: P) -> Self {
        Self(Source::Provider(Arc::new(provider)))
    }
}

thread_local! {
    static ASKED: RefCell<Asked> = const { RefCell::new(Asked(Vec::new())) };
}

/// The clients whose credential is at work, by numbers of this process. A credential that goes on
/// on another thread takes them along: else a call of it back into its client is not seen there,
/// and ends at its deadline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked(pub Vec<u64>);

impl Asked {
    /// Those of this thread.
    pub fn here() -> Self {
        ASKED.with_borrow(Self::clone)
    }

    /// Makes them this thread's. Returned is what was so before, to be put back.
    pub fn enter(self) -> Self {
        ASKED.replace(self)
    }
}

/// Whether this thread is inside the credential of that client.
pub(crate) fn is_asked_for(client: u64) -> bool {
    ASKED.with_borrow(|asked| asked.0.contains(&client))
}

/// Runs a client's credential so that a call of it back into the client is seen.
pub(crate) fn asked_for<T>(client: u64, give: impl FnOnce() -> T) -> T {
    struct Leave(Asked);
    impl Drop for Leave {
        fn drop(&mut self) {
            std::mem::take(&mut self.0).enter();
        }
    }
    let mut asked = Asked::here();
    asked.0.push(client);
    let _leave = Leave(asked.enter());
    give()
}
