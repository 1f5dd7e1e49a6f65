use serde::{Deserialize, Deserializer};

use crate::names::open_names;

open_names! {
    /// What a customer is qualified as. Once set it cannot be undone.
    ///
    /// The known values stand in the order of their numbers on the wire (0 to 4).
    /// Source: Learn, enum `CustomerQualification`.
    Qualification {
        /// Not qualified: the state of every new customer. Cannot be set.
        None = "None",
        /// An educational institution. Microsoft vets it.
        Education = "Education",
        /// A nonprofit, granted by Microsoft's own programme. Cannot be set.
        Nonprofit = "Nonprofit",
        /// A US government entity or contractor. Setting it needs a validation code.
        GovernmentCommunityCloud = "GovernmentCommunityCloud",
        /// A state-owned entity. Known to the service's current contract only.
        StateOwnedEntity = "StateOwnedEntity",
    }
}

/// From a string in any spelling, or the number on the wire: both are documented.
impl<'de> Deserialize<'de> for Qualification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Scalar {
            Number(i64),
            Text(String),
        }
        Ok(match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) => Self::from(text.as_str()),
            Scalar::Number(number) => usize::try_from(number)
                .ok()
                .and_then(|index| Self::KNOWN.get(index).cloned())
                .unwrap_or_else(|| Self::Unknown(number.to_string())),
        })
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
        let read = |s: &str| serde_json::from_str(s).ok();
        assert_eq!(read(" \"education\"\n"), Some(Qualification::Education));
        assert_eq!(read("3"), Some(Qualification::GovernmentCommunityCloud));
        assert_eq!(read("17"), Some(Qualification::Unknown("17".into())));
        assert_eq!(read("-1"), Some(Qualification::Unknown("-1".into())));
        for other in [
            "", "null", "true", "1.0", "[]", "{}", "\"educ", "1 1", "<html>",
        ] {
            assert_eq!(read(other), None::<Qualification>, "{other}");
        }
        assert_eq!(read(&"[".repeat(10_000)), None);
        assert!(serde_json::from_slice::<Qualification>(b"\"\xff\"").is_err());
    }
}
