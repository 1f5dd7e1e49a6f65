//! The body of a refusal, in all the shapes that were seen.

use serde::Deserialize;

use crate::http::Response;
use crate::redaction::Redaction;

/// As much of a body as an error keeps.
const KEPT: usize = 2_048;
/// As much of a page's title as a text shows.
const TITLE: usize = 80;
/// Documented as the longest description; longer ones are cut in the error's text.
const DESCRIPTION: usize = 1_024;

/// What the service said of its refusal. Secrets are already taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<String>,
    pub(crate) description: Option<String>,
    /// The title of an HTML page, the only part of one that is kept; or plain text's first line.
    pub(crate) title: Option<String>,
    pub(crate) body: Option<String>,
    /// What newer services say of calling again.
    pub(crate) is_retryable: Option<bool>,
}

/// The documented schema (`code`, `description`), the newer one (`message` beside it), and the
/// gateway's (`message` alone). `code` is sent as number and as string.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    code: Option<Code>,
    description: Option<String>,
    message: Option<String>,
    is_retryable: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Code {
    Number(serde_json::Number),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Text(String),
    Object(Object),
}

impl ServiceError {
    pub(crate) fn read(response: &Response, redaction: &Redaction) -> Self {
        let text = response.text();
        if response.is_html() {
            return Self {
                title: title(&text).map(|title| cut(&redaction.scrub(&title), TITLE)),
                ..Self::default()
            };
        }
        let (code, description, is_retryable) = match serde_json::from_str(text.trim()) {
            Ok(Body::Text(description)) => (None, Some(description), None),
            Ok(Body::Object(Object {
                code,
                description,
                message,
                is_retryable,
            })) => (
                code.map(|code| match code {
                    Code::Number(number) => number.to_string(),
                    Code::Text(text) => text,
                }),
                description.or(message),
                is_retryable,
            ),
            Err(_) => (None, None, None),
        };
        let plain =
            (code.is_none() && description.is_none() && !text.trim_start().starts_with(['{', '[']))
                .then(|| text.lines().next().unwrap_or_default().trim().to_owned())
                .filter(|line| !line.is_empty());
        let kept = |text: String, most| cut(&redaction.scrub(&text), most);
        Self {
            code: code.map(|code| kept(code, TITLE)),
            description: description
                .filter(|text| !text.trim().is_empty())
                .map(|text| kept(text, DESCRIPTION)),
            title: plain.map(|line| kept(line, TITLE)),
            body: Some(text)
                .filter(|text| !text.trim().is_empty())
                .map(|text| kept(text, KEPT)),
            is_retryable,
        }
    }

    /// Code and words, to stand behind the status in a text.
    pub(crate) fn in_its_words(&self) -> String {
        let mut words = String::new();
        if let Some(code) = &self.code {
            words.push_str(&format!(", code {code}"));
        }
        if let Some(text) = self.description.as_ref().or(self.title.as_ref()) {
            words.push_str(&format!(", \"{}\"", text.trim_end_matches('.')));
        }
        words
    }
}

fn title(html: &str) -> Option<String> {
    // ASCII folding keeps every byte position.
    let folded = html.to_ascii_lowercase();
    let from = folded.find("<title")?;
    let from = from + folded.get(from..)?.find('>')? + 1;
    let to = from + folded.get(from..)?.find("</title")?;
    let words: Vec<&str> = html.get(from..to)?.split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, body: &str) -> ServiceError {
        let response = Response {
            status: 400,
            reason_phrase: None,
            headers: vec![("content-type".into(), kind.into())],
            body: body.into(),
            cut: None,
        };
        let mut redaction = Redaction::default();
        redaction.add("4711-secret", "[validation code]");
        ServiceError::read(&response, &redaction)
    }

    #[test]
    fn every_shape_gives_its_code_and_words() {
        let json = |body| {
            let read = read("application/json", body);
            (
                read.code.unwrap_or_default(),
                read.description.unwrap_or_default(),
            )
        };
        let both = |code: &str, words: &str| (code.to_owned(), words.to_owned());
        assert_eq!(
            json("\u{feff}{\"code\":3000,\"description\":\"no\",\"data\":[]}"),
            both("3000", "no")
        );
        assert_eq!(
            json(r#"{"code":"ABC","message":"m","description":"d","isRetryable":false}"#),
            both("ABC", "d")
        );
        assert_eq!(
            json(r#"{"statusCode":429,"message":"slow"}"#),
            both("", "slow")
        );
        assert_eq!(
            json(r#""Customer tagging denied.""#),
            both("", "Customer tagging denied.")
        );
        assert_eq!(json(""), both("", ""));
        assert_eq!(json("Bad gateway"), both("", ""));
        assert_eq!(json(r#"{"code":{"odd":1},"description":7}"#), both("", ""));
    }

    #[test]
    fn of_a_page_only_the_title_is_kept() {
        let page = read(
            "text/html",
            "<html><HEAD><Title lang=x> Access \n denied </title></head><body>4711-secret user@contoso.com</body>",
        );
        assert_eq!(page.title.as_deref(), Some("Access denied"));
        assert_eq!((page.body, page.description), (None, None));
    }

    #[test]
    fn an_echoed_secret_is_taken_out() {
        let read = read(
            "application/json",
            r#"{"code":1,"description":"bad 4711-secret"}"#,
        );
        assert_eq!(read.description.as_deref(), Some("bad [validation code]"));
        assert!(!read.body.unwrap().contains("4711-secret"));
    }
}
