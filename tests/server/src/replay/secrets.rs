//! Keeps the tokens of a case and the secrets of its forms out of the failures.

use super::forms;
use crate::form;
use crate::har::{Body, Entry};

/// The most characters that a failure shows; a body may be far longer.
const SHOWN: usize = 2000;

/// Each secret and what stands in its place, the longest first: one may be part of another.
pub(super) struct Secrets(Vec<(String, String)>);

/// A token, by its index.
pub(super) fn named(index: usize) -> String {
    format!("the token of position {}", index.wrapping_add(1))
}

impl Secrets {
    pub(super) fn new(tokens: &[String], entries: &[Entry]) -> Self {
        let tokens = tokens
            .iter()
            .enumerate()
            .map(|(index, token)| (token.clone(), named(index)));
        let forms = entries.iter().flat_map(|entry| match &entry.request.body {
            Some(Body::Form(pairs)) => pairs.as_slice(),
            _ => &[],
        });
        // Also as it is written in a form or a query.
        let parameters = forms
            .filter(|(name, value)| forms::may_be_secret(name) && !value.is_empty())
            .flat_map(|(name, value)| [(value.clone(), name), (form::percent_encode(value), name)])
            .map(|(text, name)| (text, format!("the form's {name}")));
        let mut secrets: Vec<_> = tokens.chain(parameters).collect();
        secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// Takes the secrets out of a text that holds parts of a request, and shortens it afterwards,
    /// so that no half of one stays behind.
    pub(super) fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, name) in &self.0 {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), name);
            }
        }
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => {
                text.truncate(end);
                text + "…"
            }
            None => text,
        }
    }
}
