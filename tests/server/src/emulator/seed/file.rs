//! A seed from a file: what the user wants to find there.

use super::{CLIENT_ID, PARTNER_DOMAIN, PARTNER_TENANT, Seed};
use crate::emulator::clock::rfc3339;
use crate::emulator::model::{
    Customer, Qualification, QualificationItem, ValidationCode, Vetting, VettingStatus,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::time::SystemTime;
use uuid::Uuid;

/// What the ids of generated customers begin with.
const GENERATED: &str = "00000000-0000-4000-8000-";
const SETTABLE: &str = "Education, GovernmentCommunityCloud or StateOwnedEntity";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCustomer {
    id: String,
    company_name: String,
    domain: String,
    country: Option<String>,
    #[serde(default)]
    qualifications: Vec<WrittenItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenItem {
    qualification: String,
    vetting_status: Option<String>,
    vetting_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCode {
    validation_id: String,
    organization_name: String,
    max_creates: u32,
    remaining_creates: Option<u32>,
}

impl Seed {
    /// From a JSON object of `customers` and `validation_codes`; what it leaves out is not there.
    /// The error names the entry and says what is wrong with it, and never repeats a code.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        // Serde's own text repeats no value of what is no JSON.
        let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Value::Object(mut file) = file else {
            return Err("the seed is not a JSON object".to_owned());
        };
        let now = SystemTime::now();
        let seed = Self {
            customers: each(&mut file, "customers", |entry| customer(entry, now))?,
            codes: each(&mut file, "validation_codes", |entry| code(entry, now))?,
        };
        if let Some(name) = file.keys().next() {
            return Err(format!(
                "unknown member {name:?}, expected customers or validation_codes"
            ));
        }
        let customers = || seed.customers.iter();
        unique("customers", "id", customers().map(|one| one.id.clone()))?;
        let domains = customers().map(|one| one.domain.to_lowercase());
        unique("customers", "domain", domains)?;
        let ids = seed.codes.iter().map(|one| one.validation_id.clone());
        unique("validation_codes", "validation_id", ids)?;
        Ok(seed)
    }
}

/// Takes a list out of the file, or says what is wrong with its first bad entry.
fn each<T>(
    file: &mut Map<String, Value>,
    list: &str,
    read: impl Fn(Value) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let entries = match file.remove(list) {
        None => Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(format!("{list} is not an array")),
    };
    let named = |(index, entry): (usize, Value)| {
        if !entry.is_object() {
            return Err(format!("{list}[{index}]: is not an object"));
        }
        let name = entry.get("company_name").and_then(Value::as_str);
        let name = name.map_or_else(String::new, |name| format!(" ({name})"));
        read(entry).map_err(|wrong| format!("{list}[{index}]{name}: {wrong}"))
    };
    entries.into_iter().enumerate().map(named).collect()
}

/// The value is not repeated: it may be a code.
fn unique(list: &str, member: &str, values: impl Iterator<Item = String>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for (index, value) in values.enumerate() {
        if !seen.insert(value) {
            return Err(format!(
                "{list}[{index}]: the same {member} as an entry before it"
            ));
        }
    }
    Ok(())
}

fn read<T: DeserializeOwned>(entry: Value) -> Result<T, String> {
    serde_json::from_value(entry).map_err(|error| error.to_string())
}

fn customer(entry: Value, now: SystemTime) -> Result<Customer, String> {
    let written: WrittenCustomer = read(entry)?;
    let id = Uuid::try_parse(&written.id)
        .ok()
        .filter(|id| !id.is_nil())
        .ok_or_else(|| format!("id {:?} is not a GUID", written.id))?
        .to_string();
    if id.starts_with(GENERATED) || [PARTNER_TENANT, CLIENT_ID].contains(&id.as_str()) {
        return Err(format!("id {id} is one of the emulator's own"));
    }
    if written.company_name.trim().is_empty() {
        return Err("company_name is empty".to_owned());
    }
    if !is_domain(&written.domain) {
        return Err(format!(
            "domain {:?} is not like contoso.onmicrosoft.com",
            written.domain
        ));
    }
    let country = written.country.as_deref();
    if country.is_some_and(|code| code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()))
    {
        return Err("country is not two capital letters, such as US".to_owned());
    }
    let mut customer = Customer {
        id,
        company_name: written.company_name,
        domain: written.domain,
        custom_domains: Vec::new(),
        country: written.country,
        qualification: Qualification::None,
        qualifications: Vec::new(),
        education_requests: 0,
    };
    for (index, item) in written.qualifications.into_iter().enumerate() {
        let item = item
            .item(now)
            .map_err(|wrong| format!("qualifications[{index}]: {wrong}"))?;
        add(&mut customer, item).map_err(|wrong| format!("qualifications[{index}]: {wrong}"))?;
    }
    Ok(customer)
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let letters = label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && letters
    };
    text.contains('.')
        && text.split('.').all(is_label)
        && !text.eq_ignore_ascii_case(PARTNER_DOMAIN)
}

/// Adds it, unless the service would never show the two together.
fn add(customer: &mut Customer, item: QualificationItem) -> Result<(), String> {
    use Qualification::{Education, GovernmentCommunityCloud};
    if customer.item(item.qualification).is_some() {
        return Err(format!("{} is there twice", item.qualification.name()));
    }
    // Whoever was denied has asked once; so has who is waiting.
    if item
        .vetting
        .as_ref()
        .is_some_and(|one| one.created.is_some())
    {
        customer.education_requests = 1;
    }
    customer.hold(item.qualification, item.vetting);
    let is_education = customer
        .status(Education)
        .is_some_and(|status| status != VettingStatus::Denied);
    if is_education && customer.item(GovernmentCommunityCloud).is_some() {
        return Err("Education and GovernmentCommunityCloud exclude each other".to_owned());
    }
    Ok(())
}

impl WrittenItem {
    fn item(self, now: SystemTime) -> Result<QualificationItem, String> {
        use Qualification::{Education, GovernmentCommunityCloud, StateOwnedEntity};
        let qualification = Qualification::from_text(&self.qualification)
            .filter(|one| [Education, GovernmentCommunityCloud, StateOwnedEntity].contains(one))
            .ok_or_else(|| format!("qualification {:?} is not {SETTABLE}", self.qualification))?;
        if qualification != Education && self.vetting_status.is_some() {
            return Err("only Education has a vetting_status".to_owned());
        }
        let status = match self.vetting_status.as_deref() {
            None | Some("Approved") => VettingStatus::Approved,
            Some("InReview") => VettingStatus::InReview,
            Some("Denied") => VettingStatus::Denied,
            Some(other) => {
                return Err(format!(
                    "vetting_status {other:?} is not InReview, Approved or Denied"
                ));
            }
        };
        if self.vetting_reason.is_some() != (status == VettingStatus::Denied) {
            return Err("a vetting_reason belongs to Denied, and only there".to_owned());
        }
        let vetting = Vetting {
            status,
            reason: self.vetting_reason,
            created: (status != VettingStatus::Approved).then(|| rfc3339(now)),
        };
        Ok(QualificationItem {
            qualification,
            vetting: (qualification != StateOwnedEntity).then_some(vetting),
        })
    }
}

fn code(entry: Value, now: SystemTime) -> Result<ValidationCode, String> {
    // A code written as a number is a likely slip, and serde's text would repeat it.
    if entry.get("validation_id").is_some_and(|id| !id.is_string()) {
        return Err("validation_id is not a string".to_owned());
    }
    let written: WrittenCode = read(entry)?;
    let id = written.validation_id;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("validation_id is not visible ASCII without spaces".to_owned());
    }
    let remaining = written.remaining_creates.unwrap_or(written.max_creates);
    if remaining > written.max_creates {
        return Err("remaining_creates is more than max_creates".to_owned());
    }
    Ok(ValidationCode {
        validation_id: id,
        organization_name: written.organization_name,
        max_creates: written.max_creates,
        remaining_creates: remaining,
        changed: now,
    })
}
