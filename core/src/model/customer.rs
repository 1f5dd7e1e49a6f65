use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::{CustomerId, Refusal};
use crate::error::Error;

/// A customer of the partner. Every call that takes a customer's id takes this, too.
///
/// Members beyond the tenant's identity (addresses, billing) are not read.
/// Source: Learn, "Customer resources" (2023-10).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Customer {
    /// The tenant id, lower case with hyphens.
    pub id: String,
    /// The company's name.
    pub company_name: Option<String>,
    /// The tenant's default domain, such as `contoso.onmicrosoft.com`.
    pub domain: Option<String>,
    /// `reseller`, `advisor`, and others, as the service writes it.
    pub relationship_to_partner: Option<String>,
    /// The id in Microsoft's commerce systems; only `get_customer` is answered with it.
    pub commerce_id: Option<String>,
    /// Whether the partner may administer the customer; only from `get_customer`.
    pub allow_delegated_access: Option<bool>,
    /// Further domains; only from `get_customer`, and only where the partner may read them.
    pub custom_domains: Vec<String>,
    /// The indirect reseller.
    pub associated_partner_id: Option<String>,
    /// The company's registration number.
    pub organization_registration_number: Option<String>,
    /// The company's e-mail address.
    pub email: Option<String>,
}

impl Customer {
    /// A customer's tenant id in the form of [`Customer::id`], from any form of a GUID.
    ///
    /// # Errors
    /// `InvalidArgument`, as every call that takes it.
    pub fn parse_id(text: &str) -> Result<String, Error> {
        let id = CustomerId::parse(text).map_err(|Refusal(rule)| Error::invalid(rule))?;
        Ok(id.to_string())
    }
}

/// The tenant id.
impl AsRef<str> for Customer {
    fn as_ref(&self) -> &str {
        &self.id
    }
}

impl<'de> Deserialize<'de> for Customer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The tables of 2023 write `ID` where all examples write `Id`.
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            #[serde(alias = "ID")]
            id: String,
            #[serde(alias = "commerceID")]
            commerce_id: Option<String>,
            company_profile: Option<Profile>,
            relationship_to_partner: Option<String>,
            allow_delegated_access: Option<bool>,
            custom_domains: Option<Vec<String>>,
            #[serde(alias = "associatedPartnerID")]
            associated_partner_id: Option<String>,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Profile {
            company_name: Option<String>,
            domain: Option<String>,
            organization_registration_number: Option<String>,
            email: Option<String>,
        }
        let wire = Wire::deserialize(deserializer)?;
        let id = Uuid::try_parse(&wire.id).map_err(|_| D::Error::custom("id is no GUID"))?;
        let profile = wire.company_profile.unwrap_or_default();
        Ok(Self {
            id: id.hyphenated().to_string(),
            company_name: profile.company_name,
            domain: profile.domain,
            relationship_to_partner: wire.relationship_to_partner,
            commerce_id: wire.commerce_id,
            allow_delegated_access: wire.allow_delegated_access,
            custom_domains: wire.custom_domains.unwrap_or_default(),
            associated_partner_id: wire.associated_partner_id,
            organization_registration_number: profile.organization_registration_number,
            email: profile.email,
        })
    }
}
