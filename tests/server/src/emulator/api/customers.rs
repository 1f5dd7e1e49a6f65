//! `/v1/customers` and `/v1/customers/{id}`.

use super::envelope::{Attributes, Filter, Links, Page, attributes, self_link, unsupported};
use crate::emulator::answer::{Answer, success};
use crate::emulator::model::Customer;
use crate::emulator::state::World;
use crate::http::Request;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct Address<'a> {
    country: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    tenant_id: &'a str,
    domain: &'a str,
    company_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    links: Links<'static>,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commerce_id: Option<String>,
    company_profile: Profile<'a>,
    relationship_to_partner: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_delegated_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_domains: Option<&'a [String]>,
    links: Links<'static>,
    attributes: Attributes,
}

impl<'a> From<&'a Customer> for Item<'a> {
    /// As in a list: what only the single customer has is absent.
    fn from(customer: &'a Customer) -> Self {
        let id = &customer.id;
        Self {
            id,
            commerce_id: None,
            company_profile: Profile {
                tenant_id: id,
                domain: &customer.domain,
                company_name: &customer.company_name,
                address: None,
                email: None,
                links: self_link(format!("/customers/{id}/profiles/company")),
                attributes: attributes("CustomerCompanyProfile"),
            },
            relationship_to_partner: "reseller",
            allow_delegated_access: None,
            custom_domains: None,
            links: self_link(format!("/customers/{id}")),
            attributes: attributes("Customer"),
        }
    }
}

pub(super) fn get(world: &World, id: Uuid) -> Result<Answer, Answer> {
    let customer = world.customer(id)?;
    let mut item = Item::from(customer);
    // Another id that is always the same.
    let commerce = Uuid::from_u128(id.as_u128() ^ (0xc0_33_e7_ce << 96));
    item.commerce_id = Some(commerce.to_string());
    let country = customer.country.as_deref();
    item.company_profile.address = country.map(|country| Address { country });
    let own = customer.custom_domains.first();
    item.company_profile.email = own.map(|domain| format!("admin@{domain}"));
    item.allow_delegated_access = Some(true);
    item.custom_domains = Some(&customer.custom_domains);
    Ok(success(200, &item))
}

pub(super) fn list(world: &World, request: &Request) -> Result<Answer, Answer> {
    let page = Page::asked(request, world.id(), "/customers", 0, prefix)?;
    let found = world.page(page.from, page.size(), &page.query);
    let items: Vec<Item<'_>> = found.customers.into_iter().map(Item::from).collect();
    Ok(page.answer(request, items, found.next))
}

/// What the names must begin with; empty: anything.
fn prefix(request: &Request) -> Result<String, Answer> {
    match Filter::of(request)? {
        None => Ok(String::new()),
        Some(filter) if filter.is("CompanyName", "StartsWith") => Ok(filter.value),
        Some(_) => Err(unsupported()),
    }
}
