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

/// Raw, and as URLs, forms, JSON, HTML and base64 write it. The longest first: a form may contain
/// another.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json
        .get(1..json.len().saturating_sub(1))
        .unwrap_or_default();
    let percent = percent_encoded(secret);
    let base64 = STANDARD.encode(secret);
    let mut forms = vec![
        secret.to_owned(),
        percent.replace("%20", "+"),
        lower_hex(&percent),
        percent,
        json.to_owned(),
        // .NET's JSON writers escape these too.
        replaced(
            json,
            &[
                ("&", "\\u0026"),
                ("+", "\\u002B"),
                ("'", "\\u0027"),
                ("<", "\\u003C"),
                (">", "\\u003E"),
            ],
        ),
        replaced(
            secret,
            &[
                ("&", "&amp;"),
                ("<", "&lt;"),
                (">", "&gt;"),
                ("\"", "&quot;"),
                ("'", "&#39;"),
            ],
        ),
        base64.trim_end_matches('=').to_owned(),
        base64,
        URL_SAFE_NO_PAD.encode(secret),
    ];
    forms.retain(|form| !form.is_empty());
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms
}

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// `%2b` for `%2B`: both are in use.
fn lower_hex(percent: &str) -> String {
    let mut since_percent = usize::MAX;
    percent
        .chars()
        .map(|c| {
            since_percent = if c == '%' {
                0
            } else {
                since_percent.saturating_add(1)
            };
            if since_percent <= 2 {
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
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
            "A%26B+%224711%22",
            "A\\u0026B \\\"4711\\\"",
            "A&amp;B &quot;4711&quot;",
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
    fn hexadecimal_digits_may_be_lower_case() {
        let mut redaction = Redaction::default();
        redaction.add("Kö+DE", "[validation code]");
        assert_eq!(
            redaction.scrub("K%c3%b6%2bDE K%C3%B6%2BDE"),
            "[validation code] [validation code]"
        );
        assert_eq!(lower_hex("K%C3%B6%2BDE"), "K%c3%b6%2bDE");
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
