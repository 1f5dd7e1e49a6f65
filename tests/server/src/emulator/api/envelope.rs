//! Lists in pages: their envelope, their links, and where they go on.

use super::{not_found, parameter};
use crate::emulator::answer::{Answer, bad_input, fault, success};
use crate::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
pub(super) struct Links<'a> {
    #[serde(rename = "self")]
    own: Link<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attributes {
    object_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Collection<'a, T> {
    total_count: usize,
    items: Vec<T>,
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

/// The links of something that is no list.
pub(super) fn self_link(uri: String) -> Links<'static> {
    Links {
        own: link(uri),
        next: None,
    }
}

pub(super) fn attributes(object_type: &'static str) -> Attributes {
    Attributes { object_type }
}

/// Where a list goes on. The text of it says everything, so that nothing has to be kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Page<Q> {
    /// The emulator that gave it out.
    emulator: String,
    /// The list's path, without a version.
    list: String,
    /// Where the page begins; what that means is the list's own business.
    pub(super) from: usize,
    size: usize,
    /// What was asked for with the first page.
    pub(super) query: Q,
    /// The number of the page; the first is 0.
    page: usize,
}

impl<Q: Serialize + DeserializeOwned> Page<Q> {
    /// What a request asks for: the first page, which begins at `from`, or one after it.
    pub(super) fn asked(
        request: &Request,
        emulator: &str,
        list: &str,
        from: usize,
        query: impl FnOnce(&Request) -> Result<Q, Answer>,
    ) -> Result<Self, Answer> {
        match parameter(request, "seekOperation") {
            None => Ok(Self {
                emulator: emulator.to_owned(),
                list: list.to_owned(),
                from,
                size: size(request)?,
                query: query(request)?,
                page: 0,
            }),
            // The number is the one of the service's enum.
            Some(seek) if seek.eq_ignore_ascii_case("Next") || seek == "0" => request
                .header(CONTINUATION)
                .ok_or_else(|| bad_input("The continuation token is missing."))
                .and_then(|token| Self::continued(token, emulator, list).ok_or_else(not_found)),
            Some(_) => Err(bad_input("The seek operation is not supported.")),
        }
    }

    fn continued(token: &str, emulator: &str, list: &str) -> Option<Self> {
        let text = STANDARD.decode(token).ok()?;
        let page: Self = serde_json::from_slice(&text).ok()?;
        (page.emulator == emulator && page.list == list).then_some(page)
    }

    /// The most items of this page.
    pub(super) fn size(&self) -> usize {
        match self.size {
            0 => usize::MAX,
            size => size,
        }
    }

    /// The page itself; the next one begins at `next`.
    pub(super) fn answer<T: Serialize>(
        mut self,
        request: &Request,
        items: Vec<T>,
        next: Option<usize>,
    ) -> Answer {
        let list = self.list.clone();
        let own = match &request.query {
            None => list.clone(),
            Some(query) => format!("{list}?{query}"),
        };
        // The documents show both styles: one after the other here.
        let version = if self.page.is_multiple_of(2) {
            ""
        } else {
            "/v1"
        };
        let uri = format!("{version}{list}?size={}&seekOperation=Next", self.size);
        let token = next.and_then(|from| {
            self.from = from;
            self.page += 1;
            let text = serde_json::to_vec(&self).ok()?;
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
            attributes: attributes("Collection"),
        };
        success(200, &collection)
    }
}

/// 0, or none: all.
fn size(request: &Request) -> Result<usize, Answer> {
    let Some(size) = parameter(request, "size") else {
        return Ok(0);
    };
    size.parse()
        .map_err(|_| bad_input("The size is not a whole number."))
}

/// A filter of one field; case and underscores of field and operator do not count.
pub(super) struct Filter {
    field: String,
    operator: String,
    pub(super) value: String,
}

impl Filter {
    pub(super) fn of(request: &Request) -> Result<Option<Self>, Answer> {
        let Some(filter) = parameter(request, "filter") else {
            return Ok(None);
        };
        let filter: Map<String, Value> = serde_json::from_str(&filter)
            .map_err(|_| bad_input("The filter is not a JSON object."))?;
        let member = |name: &str| {
            let mut members = filter.iter();
            let found = members.find(|(have, _)| have.eq_ignore_ascii_case(name));
            found
                .and_then(|(_, value)| value.as_str())
                .ok_or_else(unsupported)
        };
        Ok(Some(Self {
            field: member("Field")?.replace('_', ""),
            operator: member("Operator")?.replace('_', ""),
            value: member("Value")?.to_owned(),
        }))
    }

    pub(super) fn is(&self, field: &str, operator: &str) -> bool {
        self.field.eq_ignore_ascii_case(field) && self.operator.eq_ignore_ascii_case(operator)
    }
}

pub(super) fn unsupported() -> Answer {
    fault(400, 2000, "The filter is not supported.")
}
