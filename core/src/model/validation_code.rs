use std::fmt;

use serde::Deserialize;

use super::Refusal;

/// A government validation code as the service lists it, with what is left of its budget.
///
/// The code itself is a secret: `Debug` does not show it, only [`ValidationCode::value`] does.
/// Source: Learn, "Get a list of validation codes".
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ValidationCode {
    value: String,
    /// The name given when the organization was validated.
    pub organization: Option<String>,
    /// How many customers may be created with it.
    pub max_creates: Option<i64>,
    /// How many are left.
    pub remaining_creates: Option<i64>,
    /// The partner that it was issued to.
    pub partner_id: Option<String>,
    /// The service's version of this record.
    pub etag: Option<String>,
}

impl ValidationCode {
    /// The code, as `update_qualification` and `create_qualification` take it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether it can be spent once more, as far as the service says.
    pub(crate) fn is_usable(&self) -> bool {
        self.remaining_creates.is_none_or(|left| left > 0)
    }
}

impl fmt::Debug for ValidationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidationCode")
            .field("organization", &self.organization)
            .field("remaining_creates", &self.remaining_creates)
            .finish_non_exhaustive()
    }
}

/// The code is documented as a number and shown as a string.
impl<'de> Deserialize<'de> for ValidationCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Id {
            Number(u64),
            Text(String),
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            validation_id: Id,
            organization_name: Option<String>,
            max_creates: Option<i64>,
            remaining_creates: Option<i64>,
            partner_id: Option<String>,
            e_tag: Option<String>,
        }
        let wire = Wire::deserialize(deserializer)?;
        Ok(Self {
            value: match wire.validation_id {
                Id::Number(number) => number.to_string(),
                Id::Text(text) => text,
            },
            organization: wire.organization_name,
            max_creates: wire.max_creates,
            remaining_creates: wire.remaining_creates,
            partner_id: wire.partner_id,
            etag: wire.e_tag,
        })
    }
}

/// Longer than any code that was seen (five or six digits), short enough for every proxy's URL limit.
const MAX_BYTES: usize = 128;

/// A government validation code as the caller gives it. It has no `Debug` and no `Display`.
#[derive(Clone)]
pub(crate) struct GivenCode(String);

impl GivenCode {
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
            let Refusal(rule) = GivenCode::parse(text).err().unwrap();
            assert!(!rule.contains("4711"), "{rule}");
        }
        assert_eq!(GivenCode::parse("A&B #ä").unwrap().expose(), "A&B #ä");
    }
}
