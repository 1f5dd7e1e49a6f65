//! What an emulator starts with. The ids are fixed, so that documents and tests can name them.

use super::model::{Customer, Qualification, ValidationCode, Vetting, VettingStatus};
use std::time::SystemTime;

mod file;

/// The partner's own tenant, in which the application signs in.
pub const PARTNER_TENANT: &str = "aaaaaaaa-0000-4000-8000-aaaaaaaaaaaa";
/// The domain of the partner's tenant.
pub const PARTNER_DOMAIN: &str = "partner.onmicrosoft.com";
/// The application that may sign in.
pub const CLIENT_ID: &str = "cccccccc-0000-4000-8000-cccccccccccc";

/// Contoso: no qualification.
pub const CONTOSO: &str = "11111111-aaaa-4aaa-8aaa-111111111111";
/// Fabrikam: no qualification.
pub const FABRIKAM: &str = "22222222-bbbb-4bbb-8bbb-222222222222";
/// Woodgrove County: no qualification; a validation code is waiting for it.
pub const WOODGROVE_COUNTY: &str = "33333333-cccc-4ccc-8ccc-333333333333";
/// Northwind School: Education.
pub const NORTHWIND_SCHOOL: &str = "44444444-dddd-4ddd-8ddd-444444444444";
/// Litware County: GovernmentCommunityCloud.
pub const LITWARE_COUNTY: &str = "55555555-eeee-4eee-8eee-555555555555";

/// A validation code for Woodgrove County that can be spent three times.
pub const OPEN_CODE: &str = "123456";
/// A validation code of Litware County that is used up.
pub const SPENT_CODE: &str = "654321";

/// The id of the generated customer with this number: `1` is `Customer 00001`.
pub fn generated_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// The customers and validation codes that are there from the start. By default five customers and
/// two codes, always the same.
#[derive(Clone)]
pub struct Seed {
    pub(super) customers: Vec<Customer>,
    pub(super) codes: Vec<ValidationCode>,
}

impl Default for Seed {
    fn default() -> Self {
        Self {
            customers: customers(),
            codes: codes(SystemTime::now()),
        }
    }
}

fn customers() -> Vec<Customer> {
    use Qualification::{Education, GovernmentCommunityCloud, None};
    [
        (CONTOSO, "Contoso", "contoso", None),
        (FABRIKAM, "Fabrikam", "fabrikam", None),
        (
            WOODGROVE_COUNTY,
            "Woodgrove County",
            "woodgrovecounty",
            None,
        ),
        (
            NORTHWIND_SCHOOL,
            "Northwind School",
            "northwindschool",
            Education,
        ),
        (
            LITWARE_COUNTY,
            "Litware County",
            "litwarecounty",
            GovernmentCommunityCloud,
        ),
    ]
    .into_iter()
    .map(|(id, name, domain, qualification)| {
        let mut customer = customer(id.to_owned(), name.to_owned(), domain);
        customer.custom_domains.push(format!("{domain}.example"));
        if qualification != None {
            let vetting = Vetting {
                status: VettingStatus::Approved,
                reason: Option::None,
                created: Option::None,
            };
            customer.hold(qualification, Some(vetting));
        }
        customer
    })
    .collect()
}

pub(super) fn generated(number: usize) -> Customer {
    customer(
        generated_id(number),
        format!("Customer {number:05}"),
        &format!("customer{number:05}"),
    )
}

fn customer(id: String, company_name: String, domain: &str) -> Customer {
    Customer {
        id,
        company_name,
        domain: format!("{domain}.onmicrosoft.com"),
        custom_domains: Vec::new(),
        country: None,
        qualification: Qualification::None,
        qualifications: Vec::new(),
        education_requests: 0,
    }
}

fn codes(now: SystemTime) -> Vec<ValidationCode> {
    [
        (OPEN_CODE, "Woodgrove County", 3, 3),
        (SPENT_CODE, "Litware County", 1, 0),
    ]
    .into_iter()
    .map(|(id, name, max, remaining)| ValidationCode {
        validation_id: id.to_owned(),
        organization_name: name.to_owned(),
        max_creates: max,
        remaining_creates: remaining,
        changed: now,
    })
    .collect()
}
