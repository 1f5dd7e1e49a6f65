//! The sign-in authority's token endpoint: what is asked, and what its answer means. Pure.
//!
//! Source: Learn, "Microsoft identity platform and OAuth 2.0 authorization code flow" (the v2
//! endpoint) and "Enabling the Secure Application Model framework".

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::{AccessToken, TokenProviderError};
use crate::engine::{Failure, oauth};
use crate::error::{Details, ErrorKind, Reason};
use crate::http::{Cut, Host, Method, Request, Response};
use crate::model::Refusal;
use crate::redaction::Redaction;
use crate::service_error::ServiceError;

/// Keeps a rotated refresh token, or says why it cannot.
type Keep = dyn Fn(&str) -> Result<(), TokenProviderError> + Send + Sync;

/// The refresh-token exchange of the Secure Application Model: App+User tokens without a person.
///
/// A sign-in with multifactor authentication gave the refresh token; it lives 90 days, and each
/// exchange may hand out a new one. `on_rotation` keeps that one, in a secret store, *before* the
/// new access token is used; while it fails, nothing is sent and the old one stays in use.
///
/// Certificates instead of the secret belong to MSAL and azure-identity, which plug in as a
/// [`TokenProvider`](crate::TokenProvider).
#[derive(Clone)]
pub struct RefreshTokenCredential {
    pub(super) app: App,
    pub(super) refresh_token: String,
    pub(super) on_rotation: Option<Arc<Keep>>,
}

impl RefreshTokenCredential {
    /// For the partner's `tenant` (an id or a domain) and the application `client_id`.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<String>,
        on_rotation: impl Fn(&str) -> Result<(), TokenProviderError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            app: App::new(tenant, client_id),
            refresh_token: refresh_token.into(),
            on_rotation: Some(Arc::new(on_rotation)),
        }
    }

    /// The same, where the thread that waits for the call keeps a rotated token: see
    /// [`Step::RefreshTokenRotated`](crate::Step).
    pub fn kept_by_waiter(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<String>,
    ) -> Self {
        Self {
            app: App::new(tenant, client_id),
            refresh_token: refresh_token.into(),
            on_rotation: None,
        }
    }

    /// The application's secret. A public client has none.
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.app.client_secret = Some(secret.into());
        self
    }
}

/// Shows nothing of what it holds.
impl fmt::Debug for RefreshTokenCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokenCredential")
            .finish_non_exhaustive()
    }
}

/// App-only tokens, for the reads that allow them. Changes need a person's sign-in behind the
/// token: a call that makes one is refused before anything is sent.
#[derive(Clone)]
pub struct ClientCredentials {
    pub(super) app: App,
}

impl ClientCredentials {
    /// For the partner's `tenant` (an id or a domain) and the application `client_id`.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        let mut app = App::new(tenant, client_id);
        app.client_secret = Some(client_secret.into());
        Self { app }
    }
}

/// Shows nothing of what it holds.
impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials").finish_non_exhaustive()
    }
}

/// Who asks.
#[derive(Clone)]
pub(super) struct App {
    tenant: String,
    client_id: String,
    client_secret: Option<String>,
}

impl App {
    fn new(tenant: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            tenant: tenant.into(),
            client_id: client_id.into(),
            client_secret: None,
        }
    }

    /// The rules that hold before anything is sent. No value is repeated: they are easily mixed up.
    pub(super) fn check(&self, refresh_token: Option<&str>) -> Result<(), Refusal> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        let whole = |text: &str| !text.is_empty() && text.trim() == text;
        let rule = if self.tenant.is_empty()
            || !self.tenant.bytes().all(plain)
            || self.tenant.starts_with('.')
        {
            "tenant must be the partner's tenant id or domain"
        } else if uuid::Uuid::try_parse(&self.client_id).is_err() {
            "client_id must be the application's id, a GUID"
        } else if !self.client_secret.as_deref().is_none_or(whole) {
            "client_secret is empty or begins or ends with white space"
        } else if !refresh_token.is_none_or(whole) {
            "refresh_token is empty or begins or ends with white space"
        } else {
            return Ok(());
        };
        Err(Refusal(rule.to_owned()))
    }

    /// The request for a token, with what belongs to the grant.
    pub(super) fn request(
        &self,
        grant: &[(&str, &str)],
        scope: &str,
        claims: Option<&str>,
    ) -> Request {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            form.append_pair("client_secret", secret);
        }
        form.append_pair("scope", scope);
        form.extend_pairs(grant);
        if let Some(claims) = claims {
            form.append_pair("claims", claims);
        }
        Request {
            host: Host::Authority,
            method: Method::Post,
            headers: vec![
                ("Accept".into(), "application/json".into()),
                (
                    "Content-Type".into(),
                    "application/x-www-form-urlencoded".into(),
                ),
            ],
            body: Some(form.finish().into_bytes()),
            ..Request::get(format!("/{}/oauth2/v2.0/token", self.tenant))
        }
    }

    /// Takes this application's secrets out of what the authority echoes.
    pub(super) fn redaction(&self, refresh_token: Option<&str>) -> Redaction {
        let mut redaction = Redaction::default();
        if let Some(secret) = &self.client_secret {
            redaction.add(secret, "[client secret]");
        }
        if let Some(token) = refresh_token {
            redaction.add(token, "[refresh token]");
        }
        redaction
    }
}

/// A good answer of the token endpoint. The v1 endpoint's numbers are strings; a lifetime that
/// cannot be read costs no more than a later renewal.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
    refresh_token: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: Option<String>,
    error_description: Option<String>,
}

/// The token, and the refresh token where one came with it.
pub(super) fn granted(
    response: &Response,
    redaction: &Redaction,
) -> Result<(AccessToken, Option<String>), Box<Details>> {
    if let Some(cut) = response.cut {
        return Err(Box::new(broken_off(cut)));
    }
    if (200..=299).contains(&response.status) {
        return match serde_json::from_slice::<Granted>(response.json()) {
            Ok(granted) => {
                let seconds = match granted.expires_in {
                    Value::String(text) => text.parse().ok(),
                    number => number.as_f64(),
                };
                // By this machine's clock, whatever the authority's says.
                let expires_on = seconds
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                    .and_then(|lifetime| SystemTime::now().checked_add(lifetime));
                let token = AccessToken::new(granted.access_token, expires_on);
                Ok((
                    token,
                    granted.refresh_token.filter(|token| !token.is_empty()),
                ))
            }
            Err(_) => Err(Box::new(unreadable(response.status))),
        };
    }
    Err(Box::new(refused(response, redaction)))
}

/// For fuzzers.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_token_answer(response: &Response) {
    drop(granted(response, &Redaction::default()));
}

/// The text of the number and words is shown and never relied on: Microsoft changes them. Only
/// `error` is stable (Learn, "Authentication and authorization error codes").
fn refused(response: &Response, redaction: &Redaction) -> Details {
    let refused: Refused = serde_json::from_slice(response.json()).unwrap_or_default();
    let Some(error) = refused.error.map(|error| redaction.scrub(&error)) else {
        let service = ServiceError::read(response, redaction);
        let mut details = Details::new(
            ErrorKind::Authentication,
            format!(
                "The sign-in authority gave no token: HTTP {}{}.",
                response.status,
                service.in_its_words()
            ),
            "Check the authority's address, and whether a proxy answers in its place.",
        );
        details.retryable = response.status == 429 || response.status >= 500;
        return details;
    };
    let known = oauth(&error);
    let words = refused.error_description.map(|text| redaction.scrub(&text));
    let shown = words.as_deref().and_then(|text| text.lines().next());
    let shown = shown.map_or_else(String::new, |text| {
        format!(", \"{}\"", text.trim_end().trim_end_matches('.'))
    });
    let mut details = Details::new(
        ErrorKind::Authentication,
        format!("The sign-in authority gave no token: {error}{shown}."),
        known.map_or("Cure what the authority names, then call again.", |known| {
            known.next
        }),
    );
    details.meaning = known.map(|known| known.meaning);
    details.retryable =
        error == "temporarily_unavailable" || response.status == 429 || response.status >= 500;
    details.code = Some(error);
    details.description = words;
    details
}

fn unreadable(status: u16) -> Details {
    let mut details = Details::new(
        ErrorKind::Authentication,
        format!("The sign-in authority's answer holds no token that can be read: HTTP {status}."),
        "Check the authority's address, and whether a proxy answers in its place.",
    );
    details.reason = Some(Reason::UnreadableBody);
    details
}

fn broken_off(cut: Cut) -> Details {
    let mut details = Details::new(
        ErrorKind::Authentication,
        "The sign-in authority's answer broke off.",
        "Check the network and the proxy, then call again.",
    );
    details.reason = Some(cut.reason());
    details.retryable = cut != Cut::TooLarge;
    details
}

/// No answer of the authority.
pub(super) fn unreached(failure: &Failure) -> Box<Details> {
    let mut details = Details::new(
        failure.stage.kind(),
        format!("The sign-in authority gave no answer: {}.", failure.detail),
        "Check the network, the proxy and the authority's address, then call again.",
    );
    details.retryable = failure.stage.may_pass();
    Box::new(details)
}

/// The new refresh token could not be kept: using the new access token would lose it.
pub(super) fn not_kept(error: &TokenProviderError, redaction: &Redaction) -> Details {
    let mut details = Details::new(
        ErrorKind::Authentication,
        format!(
            "The rotated refresh token could not be kept: {}.",
            redaction.scrub(&error.to_string())
        ),
        "Cure the callback that keeps it; the refresh token in use until now stays in use.",
    );
    details.reason = Some(Reason::RotationFailed);
    details
}
