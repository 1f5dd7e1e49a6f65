//! `/v1/customers/all/validations`: the partner's validation codes.

use crate::emulator::answer::{Answer, success};
use crate::emulator::clock;
use crate::emulator::model::ValidationCode;
use crate::emulator::seed::PARTNER_TENANT;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    partner_id: &'static str,
    organization_name: &'a str,
    validation_id: &'a str,
    max_creates: u32,
    remaining_creates: u32,
    e_tag: String,
}

impl<'a> From<&'a ValidationCode> for Item<'a> {
    fn from(code: &'a ValidationCode) -> Self {
        let changed = clock::rfc3339(code.changed).replace(':', "%3A");
        Self {
            partner_id: PARTNER_TENANT,
            organization_name: &code.organization_name,
            validation_id: &code.validation_id,
            max_creates: code.max_creates,
            remaining_creates: code.remaining_creates,
            e_tag: format!("W/\"datetime'{changed}'\""),
        }
    }
}

pub(super) fn list(codes: &[ValidationCode]) -> Answer {
    let items: Vec<Item<'_>> = codes.iter().map(Item::from).collect();
    success(200, &items)
}
