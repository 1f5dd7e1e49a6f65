//! A page of a collection, and where the next one is.
//!
//! Source: Learn, "Get invoice line items" (the next link and its headers).

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use url::form_urlencoded;

use crate::error::Reason;
use crate::http::Request;

const CONTINUATION: &str = "MS-ContinuationToken";

/// Where the next page is, as the service said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPage {
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// The links that led here: a service that repeats itself must not be followed for ever.
    seen: HashSet<u64>,
}

impl NextPage {
    pub(super) fn continue_with(&self, request: &mut Request) {
        let owned = |(name, value): &(String, String)| (name.clone().into(), value.clone());
        request.query = self.query.iter().map(owned).collect();
        request.headers = self.headers.iter().map(owned).collect();
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    continuation_token: Option<String>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    uri: String,
    headers: Option<Vec<Header>>,
}

#[derive(Deserialize)]
struct Header {
    key: String,
    value: String,
}

impl<T> Page<T> {
    /// The page after this one of `path`, to which `this` led.
    pub(super) fn next(
        &self,
        path: &str,
        this: Option<&NextPage>,
    ) -> Result<Option<NextPage>, Reason> {
        let Some(mut next) = self.link(path)? else {
            return Ok(None);
        };
        if let Some(this) = this {
            next.seen.clone_from(&this.seen);
        }
        let mut link = DefaultHasher::new();
        (&next.query, &next.headers).hash(&mut link);
        if next.seen.insert(link.finish()) {
            Ok(Some(next))
        } else {
            Err(Reason::RepeatedPage)
        }
    }

    fn link(&self, path: &str) -> Result<Option<NextPage>, Reason> {
        if let Some(link) = self.links.as_ref().and_then(|links| links.next.as_ref()) {
            return link.page(path).map(Some);
        }
        // Without a link the token alone says that there is more, as the official client read it.
        let token = self
            .continuation_token
            .iter()
            .filter(|token| !token.is_empty());
        Ok(token
            .map(|token| NextPage {
                query: vec![("seekOperation".into(), "Next".into())],
                headers: vec![(CONTINUATION.into(), token.clone())],
                seen: HashSet::new(),
            })
            .next())
    }
}

impl Link {
    /// The link is relative, with or without the version. Of its headers those of the service are
    /// copied, and none that the library sends itself.
    fn page(&self, path: &str) -> Result<NextPage, Reason> {
        let bare = |path: &str| {
            path.strip_prefix("/v1")
                .unwrap_or(path)
                .to_ascii_lowercase()
        };
        let (own, query) = self.uri.split_once('?').unwrap_or((&self.uri, ""));
        if bare(own) != bare(path) {
            return Err(Reason::ForeignLink);
        }
        let copied = |header: &&Header| {
            let name = header.key.to_ascii_lowercase();
            let own = ["ms-requestid", "ms-correlationid", "ms-contract-version"];
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            name.starts_with("ms-")
                && name.bytes().all(plain)
                && !own.contains(&name.as_str())
                && name != "ms-partnercenter-application"
        };
        let headers = self.headers.iter().flatten().filter(copied);
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        // What no header holds, and what was no text: neither can be sent as it came.
        let visible = |text: &str| text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        let lost = |(name, value): &(String, String)| (name.clone() + value).contains('\u{fffd}');
        if !headers.clone().all(|header| visible(&header.value)) || query.iter().any(lost) {
            return Err(Reason::ForeignLink);
        }
        Ok(NextPage {
            query,
            headers: headers
                .map(|header| (header.key.clone(), header.value.clone()))
                .collect(),
            seen: HashSet::new(),
        })
    }
}
