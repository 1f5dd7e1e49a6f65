//! What every emulator starts with. The ids are fixed, so that documents and tests can name them.

use super::state::{Customer, Qualification, ValidationCode};

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

pub(super) fn customers() -> Vec<Customer> {
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
    .map(|(id, name, domain, qualification)| Customer {
        id: id.to_owned(),
        company_name: name.to_owned(),
        domain: format!("{domain}.onmicrosoft.com"),
        qualification,
    })
    .collect()
}

pub(super) fn codes() -> Vec<ValidationCode> {
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
    })
    .collect()
}
