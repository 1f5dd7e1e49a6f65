use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// What a customer is qualified as. Once set it cannot be undone.
///
/// Source: Learn, enum `CustomerQualification`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Qualification {
    /// Not qualified: the state of every new customer. Cannot be set.
    None,
    /// An educational institution. Microsoft vets it.
    Education,
    /// A nonprofit, granted by Microsoft's own programme. Cannot be set.
    Nonprofit,
    /// A US government entity or contractor. Setting it needs a validation code.
    GovernmentCommunityCloud,
    /// A state-owned entity. Known to the service's current contract only.
    StateOwnedEntity,
    /// A value this version does not know, exactly as the service wrote it.
    Unknown(String),
}

impl Qualification {
    /// The known values, in the order of their numbers on the wire (0 to 4).
    pub const KNOWN: [Self; 5] = [
        Self::None,
        Self::Education,
        Self::Nonprofit,
        Self::GovernmentCommunityCloud,
        Self::StateOwnedEntity,
    ];

    /// The service's name for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "None",
            Self::Education => "Education",
            Self::Nonprofit => "Nonprofit",
            Self::GovernmentCommunityCloud => "GovernmentCommunityCloud",
            Self::StateOwnedEntity => "StateOwnedEntity",
            Self::Unknown(text) => text,
        }
    }

    /// Reads a JSON document that is a bare string or integer, as the singular resource answers.
    ///
    /// A byte order mark, white space around it, and any spelling are accepted: the service has
    /// sent the mark as a rule, and three spellings are documented. `None` for anything else.
    pub(crate) fn from_scalar(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Scalar {
            Number(i64),
            Text(String),
        }
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        match serde_json::from_slice(body).ok()? {
            Scalar::Text(text) => Some(Self::from(text.as_str())),
            Scalar::Number(number) => Some(
                usize::try_from(number)
                    .ok()
                    .and_then(|index| Self::KNOWN.get(index).cloned())
                    .unwrap_or_else(|| Self::Unknown(number.to_string())),
            ),
        }
    }
}

/// Reads any spelling (case and underscores do not count); other text becomes `Unknown`.
impl From<&str> for Qualification {
    fn from(text: &str) -> Self {
        let folded = |s: &str| s.replace('_', "").to_ascii_lowercase();
        Self::KNOWN
            .into_iter()
            .find(|known| folded(known.as_str()) == folded(text))
            .unwrap_or_else(|| Self::Unknown(text.to_owned()))
    }
}

impl FromStr for Qualification {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for Qualification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_and_the_rest_stays_visible() {
        for text in [
            "governmentcommunitycloud",
            "government_community_cloud",
            "GovernmentCommunityCloud",
        ] {
            assert_eq!(
                Qualification::from(text),
                Qualification::GovernmentCommunityCloud
            );
        }
        let odd = Qualification::from("Charity_2030");
        assert_eq!(odd.to_string(), "Charity_2030");
    }

    #[test]
    fn only_a_string_or_an_integer_is_a_scalar() {
        let read = |s: &str| Qualification::from_scalar(s.as_bytes());
        assert_eq!(
            read("\u{feff} \"education\"\n"),
            Some(Qualification::Education)
        );
        assert_eq!(read("3"), Some(Qualification::GovernmentCommunityCloud));
        assert_eq!(read("17"), Some(Qualification::Unknown("17".into())));
        assert_eq!(read("-1"), Some(Qualification::Unknown("-1".into())));
        for other in [
            "", "null", "true", "1.0", "[]", "{}", "\"educ", "1 1", "<html>",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(read(&"[".repeat(10_000)), None);
        assert_eq!(Qualification::from_scalar(b"\"\xff\""), None);
    }
}
