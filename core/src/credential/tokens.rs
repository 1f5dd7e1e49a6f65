use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime};

use super::token_endpoint::{App, granted, not_kept, unreached};
use super::{
    AccessToken, Credential, RefreshTokenCredential, Source, TokenProviderError, TokenRequest,
    asked_for,
};
use crate::control::Control;
use crate::engine::Failure;
use crate::error::Details;
use crate::http::{Request, Response};
use crate::pending::lock;

/// A token is renewed this long before it expires, or in the last quarter of a short life.
const MARGIN: Duration = Duration::from_secs(300);
/// The pause after an early renewal that failed.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);
/// How often a call that waits for another's token looks whether its own caller has left.
const TICK: Duration = Duration::from_millis(50);

/// Which token will do.
#[derive(Clone, Copy)]
pub(crate) enum Need<'a> {
    Any,
    /// Not this one: the service refused it.
    OtherThan(&'a str),
}

/// The call that wants a token.
pub(crate) struct Asking<'a> {
    pub(crate) control: &'a Control,
    pub(crate) deadline: Instant,
    /// What the service wants of the next token.
    pub(crate) claims: Option<&'a str>,
    /// Sends to the sign-in authority; `None` where too little time is left.
    pub(crate) send: &'a dyn Fn(&Request) -> Option<Result<Response, Failure>>,
}

/// Why there is no token.
#[derive(Clone)]
pub(crate) enum TokenFailure {
    Provider(TokenProviderError),
    /// The sign-in authority gave none, or the new refresh token could not be kept.
    Authority(Box<Details>),
    Same,
    NoHeader,
    Cancelled,
    Timeout,
}

/// The token of one client: one call of the credential for all that wait.
pub(crate) struct Tokens {
    client: u64,
    source: Source,
    audience: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    current: Option<Held>,
    /// An early renewal failed: no other before this.
    renew_after: Option<Instant>,
    fetching: bool,
    /// How many fetches have begun, and how the last one that failed did.
    fetches: u64,
    failed: Option<(u64, TokenFailure)>,
    /// The last refresh token that was kept; the credential's own until one is rotated.
    refresh_token: Option<String>,
}

impl Tokens {
    pub(crate) fn new(client: u64, credential: Credential, audience: String) -> Self {
        Self {
            client,
            source: credential.0,
            audience,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// The service refused it: nobody gets it any more.
    pub(crate) fn drop_refused(&self, token: &str) {
        let mut state = lock(&self.state);
        let other = |held: &Held| held.token.token != token;
        state.current = state.current.take().filter(other);
    }

    /// The text of a token that will do.
    pub(crate) fn get(&self, need: Need<'_>, asking: &Asking<'_>) -> Result<String, TokenFailure> {
        if let Some(token) = self.held_or_turn(need, asking)? {
            return Ok(token);
        }
        let turn = Turn(self);
        let fetched = self.fetch(need, asking).and_then(|token| match need {
            Need::OtherThan(refused) if refused == token.token => Err(TokenFailure::Same),
            _ => Ok(token),
        });
        let mut state = lock(&self.state);
        let result = match fetched {
            Ok(token) => {
                let text = token.token.clone();
                state.current = Some(Held::new(token, asking.claims));
                state.renew_after = None;
                Ok(text)
            }
            Err(failure @ (TokenFailure::Cancelled | TokenFailure::Timeout)) => Err(failure),
            Err(failure) => {
                state.failed = Some((state.fetches, failure.clone()));
                state.renew_after = Some(Instant::now() + RENEWAL_PAUSE);
                // An early renewal may fail while the held token still works.
                let held = state.current.as_ref();
                held.filter(|held| held.will_do(need, asking.claims))
                    .map(|held| held.token.token.clone())
                    .ok_or(failure)
            }
        };
        drop(state);
        drop(turn);
        result
    }

    /// A token that is held, or `None` when it is this call's turn to fetch one. Who waited for
    /// another's fetch shares its failure: N callers must not knock N times at a closed door.
    fn held_or_turn(
        &self,
        need: Need<'_>,
        asking: &Asking<'_>,
    ) -> Result<Option<String>, TokenFailure> {
        let mut waited_for = None;
        let mut state = lock(&self.state);
        loop {
            let held = state.current.as_ref();
            if let Some(held) = held.filter(|held| held.will_do(need, asking.claims))
                && (state.fetching || !held.is_due(state.renew_after))
            {
                return Ok(Some(held.token.token.clone()));
            }
            if asking.control.is_cancelled() {
                return Err(TokenFailure::Cancelled);
            }
            if !state.fetching {
                if let Some((fetch, failure)) = &state.failed
                    && waited_for.is_some_and(|waited| waited <= *fetch)
                {
                    return Err(failure.clone());
                }
                state.fetching = true;
                state.fetches += 1;
                return Ok(None);
            }
            waited_for = Some(state.fetches);
            let left = asking.control.left(asking.deadline);
            if left.is_zero() {
                return Err(TokenFailure::Timeout);
            }
            state = self
                .changed
                .wait_timeout(state, left.min(TICK))
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .0;
        }
    }

    fn fetch(&self, need: Need<'_>, asking: &Asking<'_>) -> Result<AccessToken, TokenFailure> {
        let request = || TokenRequest {
            scopes: vec![format!("{}/.default", self.audience)],
            claims: asking.claims.map(str::to_owned),
            force_refresh: matches!(need, Need::OtherThan(_)),
        };
        let token = match &self.source {
            Source::Provider(provider) => {
                let asked = || asked_for(self.client, || provider.token(&request()));
                sheltered(asked).map_err(TokenFailure::Provider)?
            }
            Source::Waiter => asking.control.ask_token(request(), asking.deadline)?,
            Source::RefreshToken(credential) => self.refresh(credential, asking)?,
            Source::ClientCredentials(credential) => {
                let grant = [("grant_type", "client_credentials")];
                let scope = format!("{}/.default", self.audience);
                ask_authority(&credential.app, &grant, &scope, None, asking)?.0
            }
        };
        // RFC 6750, 2.1: b64token. Anything else would break the header, or be somebody's mistake.
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        if token.token.is_empty() || !token.token.bytes().all(fits) {
            return Err(TokenFailure::NoHeader);
        }
        Ok(token)
    }

    /// A rotated refresh token is kept before the access token beside it is used; else an exit of
    /// the process would lose the sign-in.
    fn refresh(
        &self,
        credential: &RefreshTokenCredential,
        asking: &Asking<'_>,
    ) -> Result<AccessToken, TokenFailure> {
        let held = lock(&self.state).refresh_token.clone();
        let current = held.unwrap_or_else(|| credential.refresh_token.clone());
        let grant = [
            ("grant_type", "refresh_token"),
            ("refresh_token", current.as_str()),
        ];
        let scope = format!("{}/user_impersonation offline_access", self.audience);
        let app = &credential.app;
        let (token, rotated) = ask_authority(app, &grant, &scope, Some(&current), asking)?;
        if let Some(rotated) = rotated.filter(|rotated| *rotated != current) {
            let kept = match &credential.on_rotation {
                Some(keep) => sheltered(|| asked_for(self.client, || keep(&rotated))),
                None => asking.control.ask_to_keep(&rotated, asking.deadline)?,
            };
            kept.map_err(|error| {
                let mut redaction = app.redaction(Some(&current));
                redaction.add(&rotated, "[refresh token]");
                TokenFailure::Authority(Box::new(not_kept(&error, &redaction)))
            })?;
            lock(&self.state).refresh_token = Some(rotated);
        }
        Ok(token)
    }
}

/// The caller's code may panic; the call must not.
fn sheltered<T>(
    ask: impl FnOnce() -> Result<T, TokenProviderError>,
) -> Result<T, TokenProviderError> {
    catch_unwind(AssertUnwindSafe(ask))
        .unwrap_or_else(|_| Err(TokenProviderError("it panicked".into())))
}

fn ask_authority(
    app: &App,
    grant: &[(&str, &str)],
    scope: &str,
    refresh_token: Option<&str>,
    asking: &Asking<'_>,
) -> Result<(AccessToken, Option<String>), TokenFailure> {
    if asking.control.is_cancelled() {
        return Err(TokenFailure::Cancelled);
    }
    let request = app.request(grant, scope, asking.claims);
    let answer = (asking.send)(&request).ok_or(TokenFailure::Timeout)?;
    let redaction = app.redaction(refresh_token);
    answer
        .map_err(|failure| unreached(&failure))
        .and_then(|response| granted(&response, &redaction))
        .map_err(TokenFailure::Authority)
}

/// A token, with what it was asked for.
struct Held {
    token: AccessToken,
    claims: Option<String>,
    renew_at: Option<SystemTime>,
}

impl Held {
    fn new(token: AccessToken, claims: Option<&str>) -> Self {
        let now = SystemTime::now();
        let renew_at = token.expires_on.map(|end| {
            let life = end.duration_since(now).unwrap_or_default();
            end.checked_sub(MARGIN.min(life / 4)).unwrap_or(now)
        });
        Self {
            claims: claims.map(str::to_owned),
            renew_at,
            token,
        }
    }

    /// Where claims are asked for, only a token that was fetched for them will do.
    fn will_do(&self, need: Need<'_>, claims: Option<&str>) -> bool {
        let refused = matches!(need, Need::OtherThan(refused) if refused == self.token.token);
        let end = self.token.expires_on;
        !refused
            && (claims.is_none() || claims == self.claims.as_deref())
            && end.is_none_or(|end| end > SystemTime::now())
    }

    fn is_due(&self, not_before: Option<Instant>) -> bool {
        self.renew_at.is_some_and(|at| at <= SystemTime::now())
            && not_before.is_none_or(|after| after <= Instant::now())
    }
}

/// Lets the next in line ask, however the fetch ends.
struct Turn<'a>(&'a Tokens);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).fetching = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests;
