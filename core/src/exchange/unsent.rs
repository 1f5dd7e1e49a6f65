//! How a call ends without a (new) send.

use super::Exchange;
use crate::control::Control;
use crate::credential::TokenFailure;
use crate::engine::{outcome, state};
use crate::error::{Details, Error, ErrorKind, Reason};
use crate::operations::Operation;

impl<O: Operation> Exchange<O> {
    /// The end of a call that got no token: before any send, or after a refused one.
    pub(super) fn no_token(&mut self, failure: TokenFailure, control: &Control) -> Error {
        let (kind, reason, failed, next) = match failure {
            TokenFailure::Cancelled => return control.cancel(),
            TokenFailure::Authority(details) => return self.ended(*details, control),
            TokenFailure::Same => (
                ErrorKind::Authentication,
                Some(Reason::SameToken),
                "The credential gave the same token again.".to_owned(),
                "Get a new App+User token for the partner's tenant, then call again.",
            ),
            TokenFailure::Provider(error) => (
                ErrorKind::Authentication,
                None,
                format!(
                    "The credential gave no token: {}.",
                    self.redaction.scrub(&error.to_string())
                ),
                "Cure the credential, then call again.",
            ),
            TokenFailure::NoHeader => (
                ErrorKind::Authentication,
                None,
                "The credential's token is empty or holds characters that no bearer token has."
                    .to_owned(),
                "Give the access token alone, without quotes and without the word Bearer.",
            ),
            TokenFailure::Timeout => (
                ErrorKind::Timeout,
                None,
                "No token came within the call's deadline.".to_owned(),
                "Check the credential, then call again.",
            ),
        };
        let mut details = Details::new(kind, failed, next);
        details.reason = reason;
        details.retryable = kind == ErrorKind::Timeout;
        self.ended(details, control)
    }

    pub(super) fn too_late(&mut self, control: &Control) -> Error {
        let mut details = Details::new(
            ErrorKind::Timeout,
            "Too little of the call's deadline was left to send safely.",
            "Call again, or allow more time.",
        );
        details.retryable = true;
        self.ended(details, control)
    }

    /// An end without a (new) send. What the last one came to is kept.
    fn ended(&mut self, mut details: Details, control: &Control) -> Error {
        if let Some(said) = self.said.take() {
            details = Details {
                kind: details.kind,
                reason: details.reason,
                failed: format!("{} {}", said.failed, details.failed),
                meaning: details.meaning,
                next: details.next,
                code: details.code.or(said.code),
                description: details.description.or(said.description),
                retryable: details.retryable,
                ..said
            };
        }
        details.attempts = control.attempts();
        details.outcome = outcome(&details.attempts);
        details.state = state(self.effect(), details.outcome);
        details.into()
    }
}
