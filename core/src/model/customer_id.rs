use std::fmt;

use uuid::Uuid;

use super::Refusal;

/// A customer's tenant id. Parsed before it can reach a URL, so no text of the caller's does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct CustomerId(Uuid);

impl CustomerId {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        // The text is not repeated: a token pasted in the wrong place must not come back.
        let id = Uuid::try_parse(text).map_err(|_| {
            Refusal(
                "customer must be the customer's tenant id, a GUID such as \
                 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
                    .into(),
            )
        })?;
        if id.is_nil() {
            return Err(Refusal(
                "customer is the nil GUID, which names no customer".into(),
            ));
        }
        Ok(Self(id))
    }
}

/// Lower case with hyphens, the form of every documented example.
impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_of_a_guid_becomes_the_documented_one() {
        for text in [
            "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
            "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04",
            "{4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04}",
            "urn:uuid:4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
            "4d3cf48770f44e1e9ff1b2bfce8d9f04",
        ] {
            assert_eq!(
                CustomerId::parse(text).unwrap().to_string(),
                "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
            );
        }
    }

    #[test]
    fn what_is_no_guid_is_refused() {
        for text in [
            "",
            "..",
            "%2e%2e",
            "a/b",
            "contoso.com",
            "00000000-0000-0000-0000-000000000000",
            " 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
            "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04\r\n",
            "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f0\u{ff14}",
        ] {
            assert!(CustomerId::parse(text).is_err(), "{text:?}");
        }
    }
}
