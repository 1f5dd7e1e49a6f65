//! `/v1/auditrecords`: what was done to whom, newest first.

use super::envelope::{Attributes, Filter, Page, attributes, unsupported};
use super::{View, parameter};
use crate::emulator::answer::{Answer, bad_input};
use crate::emulator::clock;
use crate::emulator::ledger::Record;
use crate::emulator::seed::{CLIENT_ID, PARTNER_DOMAIN, PARTNER_TENANT};
use crate::http::Request;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::SystemTime;

const RESOURCE_TYPE: &str = "customer";
/// How many days back the log goes, and how many if nobody asks.
const LONGEST: u64 = 90;
const USUAL: u64 = 30;
/// A date, with or without a time, as far as it goes.
const SHAPE: &str = "0000-00-00T00:00:00.0000000";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: String,
    partner_id: &'static str,
    participants: [&'static str; 1],
    customer_id: &'a str,
    customer_name: &'a str,
    user_principal_name: String,
    application_id: &'static str,
    resource_type: &'static str,
    resource_new_value: String,
    operation_type: &'static str,
    original_correlation_id: &'a str,
    operation_date: String,
    operation_status: &'static str,
    customized_data: [Value; 0],
    attributes: Attributes,
}

impl<'a> From<&'a Record> for Item<'a> {
    fn from(record: &'a Record) -> Self {
        let customer_id = record.customer.as_str();
        let ticks = clock::ticks(record.date);
        let new_value = json!({"Qualification": record.qualification.name()});
        Self {
            id: format!("{PARTNER_TENANT}_{customer_id}_updatecustomerqualification_{ticks}"),
            partner_id: PARTNER_TENANT,
            participants: [PARTNER_TENANT],
            customer_id,
            customer_name: &record.company_name,
            user_principal_name: format!("admin@{PARTNER_DOMAIN}"),
            application_id: CLIENT_ID,
            resource_type: RESOURCE_TYPE,
            resource_new_value: new_value.to_string(),
            operation_type: "update_customer_qualification",
            original_correlation_id: &record.correlation_id,
            operation_date: clock::precise(record.date),
            operation_status: if record.succeeded {
                "succeeded"
            } else {
                "failed"
            },
            customized_data: [],
            attributes: attributes("AuditRecord"),
        }
    }
}

#[derive(Serialize, Deserialize)]
enum Field {
    CustomerId,
    CompanyName,
    ResourceType,
}

/// Which records are asked for. A date is compared as far as it goes, so that the whole of the
/// last day belongs to the answer.
#[derive(Serialize, Deserialize)]
struct Query {
    start: String,
    end: Option<String>,
    filter: Option<(Field, String)>,
}

impl Query {
    fn of(request: &Request, now: SystemTime) -> Result<Self, Answer> {
        let start = date(request, "startDate")?;
        if start
            .as_ref()
            .is_some_and(|start| *start < clock::day_before(now, LONGEST))
        {
            return Err(bad_input("The start date is more than 90 days ago."));
        }
        Ok(Self {
            start: start.unwrap_or_else(|| clock::day_before(now, USUAL)),
            end: date(request, "endDate")?,
            filter: filter(request)?,
        })
    }

    fn wants(&self, record: &Record) -> bool {
        let moment = clock::precise(record.date);
        let up_to = |length: usize| moment.get(..length).unwrap_or(&moment);
        let is = |have: &str, wanted: &str| have.eq_ignore_ascii_case(wanted);
        up_to(self.start.len()) >= self.start.as_str()
            && self
                .end
                .as_ref()
                .is_none_or(|end| up_to(end.len()) <= end.as_str())
            && self
                .filter
                .as_ref()
                .is_none_or(|(field, wanted)| match field {
                    Field::CustomerId => is(&record.customer, wanted),
                    Field::CompanyName => {
                        let name = record.company_name.to_lowercase();
                        name.contains(&wanted.to_lowercase())
                    }
                    Field::ResourceType => is(RESOURCE_TYPE, wanted),
                })
    }
}

fn date(request: &Request, name: &str) -> Result<Option<String>, Answer> {
    let Some(text) = parameter(request, name) else {
        return Ok(None);
    };
    let text = text.strip_suffix('Z').unwrap_or(&text);
    let is_date = matches!(text.len(), 10 | 19 | 21..=27)
        && text
            .bytes()
            .zip(SHAPE.bytes())
            .all(|(have, due)| match due {
                b'0' => have.is_ascii_digit(),
                _ => have == due,
            });
    match is_date {
        true => Ok(Some(text.to_owned())),
        false => Err(bad_input("A date is not of the form yyyy-mm-dd.")),
    }
}

fn filter(request: &Request) -> Result<Option<(Field, String)>, Answer> {
    let Some(filter) = Filter::of(request)? else {
        return Ok(None);
    };
    let field = if filter.is("CustomerId", "equals") {
        Field::CustomerId
    } else if filter.is("CompanyName", "substring") {
        Field::CompanyName
    } else if filter.is("ResourceType", "equals") {
        Field::ResourceType
    } else {
        return Err(unsupported());
    };
    Ok(Some((field, filter.value)))
}

pub(super) fn list(view: &View<'_>, request: &Request) -> Result<Answer, Answer> {
    let query = |request: &Request| Query::of(request, view.now.1);
    let page = Page::asked(request, view.world.id(), "/auditrecords", usize::MAX, query)?;
    let is_visible = |record: &&Record| view.as_of.is_some_and(|as_of| record.at <= as_of);
    let mut found = view
        .ledger
        .records()
        .skip_while(|record| record.number > page.from)
        .filter(is_visible)
        .filter(|record| page.query.wants(record));
    let items: Vec<Item<'_>> = found.by_ref().take(page.size()).map(Item::from).collect();
    let next = found.next().map(|record| record.number);
    drop(found);
    Ok(page.answer(request, items, next))
}
