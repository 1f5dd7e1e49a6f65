//! What was asked and how it was answered, as far as it may be shown.

use super::clock;
use super::service::Delivery;
use crate::http::{Request, Response};
use serde::Serialize;
use std::collections::VecDeque;
use std::time::SystemTime;

/// How many requests the log keeps; the oldest go first.
const MOST_REQUESTS: usize = 10_000;
/// How many of them are kept with their answers.
const MOST_EXCHANGES: usize = 100;
/// Longer ids and paths are cut: nobody else's are.
const LONGEST: usize = 200;

/// A request and its answer. Neither bodies nor the values of a query are kept: they may be secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Exchange {
    /// The place among all requests, beginning with 1.
    pub(super) number: u64,
    /// When it was answered, as the service writes it.
    pub(super) at: String,
    pub(super) method: String,
    pub(super) path: String,
    /// The names of the query's parameters.
    pub(super) parameters: Vec<String>,
    /// `None`: the connection was broken off without an answer.
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
    pub(super) correlation_id: Option<String>,
}

#[derive(Default)]
pub(super) struct Log {
    requests: VecDeque<(String, String)>,
    exchanges: VecDeque<Exchange>,
    count: u64,
}

impl Log {
    pub(super) fn keep(&mut self, request: &Request, delivery: &Delivery<Response>) {
        let pair = (request.method.clone(), request.path.clone());
        keep(&mut self.requests, pair, MOST_REQUESTS);
        self.count += 1;
        let response = match delivery {
            Delivery::Answer(response) => Some(response),
            Delivery::Closed | Delivery::Reset => None,
        };
        let id = |name: &str| {
            let answered = response.and_then(|response| response.header(name));
            answered.or_else(|| request.header(name)).map(cut)
        };
        let exchange = Exchange {
            number: self.count,
            at: clock::rfc3339(SystemTime::now()),
            method: cut(&request.method),
            path: cut(&request.path),
            parameters: parameters(request.query.as_deref()),
            status: response.map(|response| response.status),
            request_id: id("MS-RequestId").or_else(|| id("x-ms-request-id")),
            correlation_id: id("MS-CorrelationId"),
        };
        keep(&mut self.exchanges, exchange, MOST_EXCHANGES);
    }

    /// Method and path, oldest first.
    pub(super) fn requests(&self) -> impl Iterator<Item = &(String, String)> {
        self.requests.iter()
    }

    /// The last ones, newest first.
    pub(super) fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().rev()
    }
}

fn keep<T>(queue: &mut VecDeque<T>, new: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(new);
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// What has no `=` may be a value, and is left out.
fn parameters(query: Option<&str>) -> Vec<String> {
    let pairs = query.unwrap_or_default().split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| cut(name))
        .collect()
}
