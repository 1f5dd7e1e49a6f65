//! The texts that a recording leaves open: they are known only when the case runs.

/// What the placeholders stand for.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The case's tokens: `${token:1}` is the first.
    pub tokens: &'a [String],
    /// The server's own base URL, without a slash at the end: `${api}`.
    pub api: &'a str,
    /// The base URL of the listener that nobody may be sent on to: `${redirect}`.
    pub redirect: &'a str,
}

impl Values<'_> {
    /// Fills in the placeholders, once. What looks like one and is none is a mistake: the error
    /// says which.
    pub(super) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let (name, after) = after
                .split_once('}')
                .ok_or("contains `${` without its `}`")?;
            filled.push_str(self.value(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<&str, String> {
        let Some(number) = name.strip_prefix("token:") else {
            return match name {
                "api" => Ok(self.api),
                "redirect" => Ok(self.redirect),
                _ => Err(
                    "contains a placeholder other than ${api}, ${redirect} and ${token:N}"
                        .to_owned(),
                ),
            };
        };
        number
            .parse::<usize>()
            .ok()
            .and_then(|number| self.tokens.get(number.checked_sub(1)?))
            .map(String::as_str)
            .ok_or_else(|| {
                let count = self.tokens.len();
                format!("${{token:N}} must be 1 to {count}: the case has {count}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, String> {
        let tokens = ["one".to_owned(), "${token:1}".to_owned()];
        let values = Values {
            tokens: &tokens,
            api: "https://127.0.0.1:1",
            redirect: "https://127.0.0.1:2",
        };
        values.fill(text)
    }

    #[test]
    fn placeholders_are_filled_in_once() {
        let text = r#"{"a":"${token:1}","b":"${api}/${token:2}","c":"${redirect}$ {}"}"#;
        assert_eq!(
            fill(text).unwrap(),
            r#"{"a":"one","b":"https://127.0.0.1:1/${token:1}","c":"https://127.0.0.1:2$ {}"}"#
        );
        assert_eq!(fill("").unwrap(), "");
    }

    #[test]
    fn what_is_no_placeholder_is_refused() {
        for (text, problem) in [
            ("${token:0}", "must be 1 to 2"),
            ("${token:3}", "must be 1 to 2"),
            ("${token:}", "must be 1 to 2"),
            ("${token:x}", "must be 1 to 2"),
            (
                "${authority}",
                "other than ${api}, ${redirect} and ${token:N}",
            ),
            ("${}", "other than"),
            ("${api", "without its `}`"),
        ] {
            let error = fill(text).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
