//! Which customer has this domain, or this name?
//!
//! A domain is resolved by the sign-in authority, which knows every verified domain of a tenant,
//! while the list of customers shows the default one only.
//! Source: Learn, "OpenID Connect on the Microsoft identity platform" (the tenant in the metadata's
//! address may be a domain name; `issuer` names the tenant's id).

use serde::Deserialize;

use super::{Operation, read};
use crate::error::Reason;
use crate::http::{Host, Request, Response};
use crate::model::{Customer, CustomerId, Refusal};

/// What a customer is looked for by.
pub(crate) enum Wanted {
    Domain(FindTenant),
    CompanyName(String),
}

impl Wanted {
    pub(crate) fn new(domain: Option<&str>, company_name: Option<&str>) -> Result<Self, Refusal> {
        match (domain, company_name) {
            (Some(domain), None) => FindTenant::new(domain).map(Self::Domain),
            (None, Some(name)) if name.trim().is_empty() => {
                Err(Refusal("company_name is empty".into()))
            }
            (None, Some(name)) => Ok(Self::CompanyName(name.trim().to_owned())),
            _ => Err(Refusal(
                "exactly one of domain and company_name must be given".into(),
            )),
        }
    }

    /// Whether a listed customer has exactly the wanted name; a prefix is no answer.
    pub(crate) fn is_named(name: &str, customer: &Customer) -> bool {
        let listed = customer.company_name.as_deref().unwrap_or_default();
        listed.trim().to_lowercase() == name.to_lowercase()
    }
}

pub(crate) struct FindTenant(String);

impl FindTenant {
    fn new(domain: &str) -> Result<Self, Refusal> {
        let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
        let label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label) {
            Ok(Self(domain))
        } else {
            Err(Refusal(
                "domain must be a domain name such as contoso.com (in its ASCII form)".into(),
            ))
        }
    }
}

impl Operation for FindTenant {
    const NAME: &'static str = "find_customer";
    type Proof = CustomerId;

    fn request(&self) -> Request {
        Request {
            host: Host::Authority,
            ..Request::get(format!("/{}/v2.0/.well-known/openid-configuration", self.0))
        }
    }

    fn proof(&self, response: &Response) -> Result<CustomerId, Reason> {
        #[derive(Deserialize)]
        struct Metadata {
            issuer: String,
        }
        let Metadata { issuer } = read(response)?;
        issuer
            .split('/')
            .find_map(|part| CustomerId::parse(part).ok())
            .ok_or(Reason::UnreadableBody)
    }

    fn refusal(&self, status: u16) -> Option<Reason> {
        matches!(status, 400 | 404).then_some(Reason::NoSuchDomain)
    }
}
