//! Takes secrets out of any text that came from outside: services and proxies echo what they get.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::http::percent_encoded;

/// A secret this short is taken out only where it stands alone, or it would eat ordinary text.
const SHORT: usize = 4;

/// The secrets of one call, taken out in every form in which they could come back.
#[derive(Clone, Default)]
pub(crate) struct Redaction {
    secrets: Vec<(String, &'static str)>,
}

impl Redaction {
    pub(crate) fn add(&mut self, secret: &str, shown_as: &'static str) {
        self.secrets.push((secret.to_owned(), shown_as));
    }

    pub(crate) fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, shown_as) in &self.secrets {
            // No form is shorter than the secret. This spares every success the work.
            if secret.len() > text.len() {
                continue;
            }
            for form in forms(secret) {
                if form.len() < SHORT {
                    text = replace_alone(&text, &form, shown_as);
                } else if text.contains(&form) {
                    text = text.replace(&form, shown_as);
                }
            }
        }
        text
    }
}

/// The longest first: a form may contain another.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let unquoted = json.get(1..json.len().saturating_sub(1));
    let mut forms = vec![
        STANDARD.encode(secret),
        STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        URL_SAFE_NO_PAD.encode(secret),
        percent_encoded(secret),
        unquoted.unwrap_or_default().to_owned(),
        secret.to_owned(),
    ];
    forms.retain(|form| !form.is_empty());
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms
}

fn replace_alone(text: &str, form: &str, shown_as: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(form) {
        let inside = before
            .chars()
            .next_back()
            .or(out.chars().next_back().filter(|_| before.is_empty()));
        let alone = !inside.is_some_and(char::is_alphanumeric)
            && !after.chars().next().is_some_and(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if alone { shown_as } else { form });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_goes() {
        let mut redaction = Redaction::default();
        redaction.add("A&B \"4711\"", "[validation code]");
        for echoed in [
            "A&B \"4711\"",
            "A%26B%20%224711%22",
            "A&B \\\"4711\\\"",
            "QSZCICI0NzExIg==",
            "QSZCICI0NzExIg",
        ] {
            assert_eq!(
                redaction.scrub(&format!("<{echoed}>")),
                "<[validation code]>"
            );
        }
    }

    #[test]
    fn a_short_secret_goes_only_where_it_stands_alone() {
        let mut redaction = Redaction::default();
        redaction.add("12", "[validation code]");
        assert_eq!(
            redaction.scrub("code 12, status 412, 12"),
            "code [validation code], status 412, [validation code]"
        );
    }
}
