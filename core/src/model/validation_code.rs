use super::Refusal;

/// Longer than any code that was seen (five or six digits), short enough for every proxy's URL limit.
const MAX_BYTES: usize = 128;

/// A government validation code: a secret with a budget. It has no `Debug` and no `Display`.
#[derive(Clone)]
pub(crate) struct ValidationCode(String);

impl ValidationCode {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let rule = if text.is_empty() {
            "is empty"
        } else if text.len() > MAX_BYTES {
            "is longer than 128 bytes"
        } else if text.chars().any(char::is_control) {
            "contains a control character"
        } else if text.trim() != text {
            "begins or ends with white space"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(Refusal(format!("validation_code {rule}")))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_never_shows_the_code() {
        for text in ["", " 4711", "4711\r\nx: y", &"4711".repeat(40)] {
            let Refusal(rule) = ValidationCode::parse(text).err().unwrap();
            assert!(!rule.contains("4711"), "{rule}");
        }
        assert_eq!(ValidationCode::parse("A&B #ä").unwrap().expose(), "A&B #ä");
    }
}
