//! Takes secrets out of any text that came from outside: services and proxies echo what they get.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::http::percent_encoded;

/// A secret this short is taken out only where it stands alone, or it would eat ordinary text.
const SHORT: usize = 4;

/// The secrets of one call, in every form in which they could come back.
#[derive(Clone, Default)]
pub(crate) struct Redaction {
    forms: Vec<(String, &'static str)>,
}

impl Redaction {
    pub(crate) fn add(&mut self, secret: &str, shown_as: &'static str) {
        let json = serde_json::to_string(secret).unwrap_or_default();
        let unquoted = json.get(1..json.len().saturating_sub(1));
        let mut forms = vec![
            secret.to_owned(),
            percent_encoded(secret),
            unquoted.unwrap_or_default().to_owned(),
            STANDARD.encode(secret),
            STANDARD.encode(secret).trim_end_matches('=').to_owned(),
            URL_SAFE_NO_PAD.encode(secret),
        ];
        forms.retain(|form| !form.is_empty());
        self.forms
            .extend(forms.into_iter().map(|form| (form, shown_as)));
        // The longest first: a form may contain another.
        self.forms
            .sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
        self.forms.dedup();
    }

    pub(crate) fn scrub(&self, text: &str) -> String {
        self.forms
            .iter()
            .fold(text.to_owned(), |text, (form, shown_as)| {
                if form.len() >= SHORT {
                    text.replace(form.as_str(), shown_as)
                } else {
                    replace_alone(&text, form, shown_as)
                }
            })
    }
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
