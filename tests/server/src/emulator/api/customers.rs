//! `/v1/customers` and `/v1/customers/{id}`.

use super::{not_found, parameter};
use crate::emulator::answer::{Answer, bad_input, fault, success};
use crate::emulator::model::Customer;
use crate::emulator::state::World;
use crate::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

const CONTINUATION: &str = "MS-ContinuationToken";

#[derive(Serialize)]
struct Header<'a> {
    key: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
struct Link<'a> {
    uri: String,
    method: &'static str,
    headers: Vec<Header<'a>>,
}

#[derive(Serialize)]
struct Links<'a> {
    #[serde(rename = "self")]
    own: Link<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    object_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    tenant_id: &'a str,
    domain: &'a str,
    company_name: &'a str,
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Collection<'a> {
    total_count: usize,
    items: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_token: Option<&'a str>,
    links: Links<'a>,
    attributes: Attributes,
}

fn link(uri: String) -> Link<'static> {
    Link {
        uri,
        method: "GET",
        headers: Vec::new(),
    }
}

fn self_link(uri: String) -> Links<'static> {
    Links {
        own: link(uri),
        next: None,
    }
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
                email: None,
                links: self_link(format!("/customers/{id}/profiles/company")),
                attributes: Attributes {
                    object_type: "CustomerCompanyProfile",
                },
            },
            relationship_to_partner: "reseller",
            allow_delegated_access: None,
            custom_domains: None,
            links: self_link(format!("/customers/{id}")),
            attributes: Attributes {
                object_type: "Customer",
            },
        }
    }
}

pub(super) fn get(world: &World, id: Uuid) -> Result<Answer, Answer> {
    let customer = world.customer(id)?;
    let mut item = Item::from(customer);
    // Another id that is always the same.
    let commerce = Uuid::from_u128(id.as_u128() ^ (0xc0_33_e7_ce << 96));
    item.commerce_id = Some(commerce.to_string());
    let own = customer.custom_domains.first();
    item.company_profile.email = own.map(|domain| format!("admin@{domain}"));
    item.allow_delegated_access = Some(true);
    item.custom_domains = Some(&customer.custom_domains);
    Ok(success(200, &item))
}

/// Where a list goes on. The text of it says everything, so that nothing has to be kept.
#[derive(Serialize, Deserialize)]
struct Continuation {
    /// The emulator that gave it out.
    emulator: String,
    /// The first customer of the page.
    from: usize,
    size: usize,
    prefix: String,
    /// The number of the page; the first is 0.
    page: usize,
}

pub(super) fn list(world: &World, request: &Request) -> Answer {
    asked(world, request)
        .map(|asked| page(world, request, asked))
        .unwrap_or_else(|refused| refused)
}

fn asked(world: &World, request: &Request) -> Result<Continuation, Answer> {
    match parameter(request, "seekOperation") {
        None => Ok(Continuation {
            emulator: world.id().to_owned(),
            from: 0,
            size: size(request)?,
            prefix: prefix(request)?,
            page: 0,
        }),
        // The number is the one of the service's enum.
        Some(seek) if seek.eq_ignore_ascii_case("Next") || seek == "0" => request
            .header(CONTINUATION)
            .ok_or_else(|| bad_input("The continuation token is missing."))
            .and_then(|token| continuation(world, token).ok_or_else(not_found)),
        Some(_) => Err(bad_input("The seek operation is not supported.")),
    }
}

fn continuation(world: &World, token: &str) -> Option<Continuation> {
    let text = STANDARD.decode(token).ok()?;
    let token: Continuation = serde_json::from_slice(&text).ok()?;
    let is_known = token.emulator == world.id() && token.from < world.customers().len();
    is_known.then_some(token)
}

fn page(world: &World, request: &Request, mut asked: Continuation) -> Answer {
    let size = if asked.size == 0 {
        usize::MAX
    } else {
        asked.size
    };
    let found = world.page(asked.from, size, &asked.prefix);
    let items: Vec<Item<'_>> = found.customers.into_iter().map(Item::from).collect();
    let own = match &request.query {
        None => "/customers".to_owned(),
        Some(query) => format!("/customers?{query}"),
    };
    // The documents show both styles: one after the other here.
    let version = if asked.page.is_multiple_of(2) {
        ""
    } else {
        "/v1"
    };
    let uri = format!("{version}/customers?size={}&seekOperation=Next", asked.size);
    let token = found.next.and_then(|from| {
        asked.from = from;
        asked.page += 1;
        let text = serde_json::to_vec(&asked).ok()?;
        Some(STANDARD.encode(text))
    });
    let next = token.as_deref().map(|value| Link {
        uri,
        method: "GET",
        headers: vec![Header {
            key: CONTINUATION,
            value,
        }],
    });
    let collection = Collection {
        total_count: items.len(),
        items,
        continuation_token: token.as_deref(),
        links: Links {
            own: link(own),
            next,
        },
        attributes: Attributes {
            object_type: "Collection",
        },
    };
    success(200, &collection)
}

/// 0, or none: all.
fn size(request: &Request) -> Result<usize, Answer> {
    let Some(size) = parameter(request, "size") else {
        return Ok(0);
    };
    size.parse()
        .map_err(|_| bad_input("The size is not a whole number."))
}

/// What the names must begin with; empty: anything.
fn prefix(request: &Request) -> Result<String, Answer> {
    let Some(filter) = parameter(request, "filter") else {
        return Ok(String::new());
    };
    let filter: Map<String, Value> =
        serde_json::from_str(&filter).map_err(|_| bad_input("The filter is not a JSON object."))?;
    let member = |name: &str| {
        let found = filter
            .iter()
            .find(|(have, _)| have.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str())
    };
    let is = |name: &str, expected: &str| {
        member(name).is_some_and(|text| text.replace('_', "").eq_ignore_ascii_case(expected))
    };
    match member("Value") {
        Some(value) if is("Field", "CompanyName") && is("Operator", "StartsWith") => {
            Ok(value.to_owned())
        }
        _ => Err(fault(400, 2000, "The filter is not supported.")),
    }
}
