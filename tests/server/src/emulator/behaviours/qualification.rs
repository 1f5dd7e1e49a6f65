//! The singular resource, `/qualification`.

use super::{Basis, Behaviour, CUSTOMER_SWAGGER, OWN_CHOICE, SEVERAL_SPELLINGS, behaviour};
use Basis::{Assumed, Documented, Observed};

const UPDATE_PAGE: &str =
    "Learn: Update a customer's qualification via synchronous validation (2020-12-07)";

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Documented,
        "PUT takes the number of the enum as the whole JSON body",
        UPDATE_PAGE,
    ),
    behaviour(
        Observed,
        "PUT takes the name as a JSON string in any spelling",
        SEVERAL_SPELLINGS,
    ),
    behaviour(
        Documented,
        "the validation code is the query parameter `code`",
        UPDATE_PAGE,
    ),
    behaviour(
        Assumed,
        "a code is ignored with Education, and is not tied to one customer",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "200 answers with the value as a bare JSON string in snake_case (`\"education\"`)",
        "Learn: Update a customer's qualification via synchronous validation (2020-12-07), and CustomerService.json for the underscores",
    ).switched_by(&["put_answer"]),
    behaviour(
        Assumed,
        "GovernmentCommunityCloud is written `government_community_cloud`",
        CUSTOMER_SWAGGER,
    ),
    behaviour(
        Documented,
        "a customer without a qualification reads as `\"none\"`",
        CUSTOMER_SWAGGER,
    ),
    behaviour(
        Assumed,
        "GET shows Education only once it is approved; in review and denied read as `\"none\"`",
        "the value has no room for a vetting, and the customer does not have the qualification yet",
    ),
    behaviour(
        Assumed,
        "GET does not show StateOwnedEntity: alone it reads as `\"none\"`",
        "CustomerService.json does not list it among the values",
    ),
    behaviour(
        Documented,
        "setting GovernmentCommunityCloud needs a validation code; Education and GovernmentCommunityCloud can be set, None and Nonprofit cannot",
        UPDATE_PAGE,
    ),
    behaviour(
        Assumed,
        "setting GovernmentCommunityCloud lowers the remaining uses of the code by one",
        "the count is documented for creating customers only",
    ).switched_by(&["code_use"]),
    behaviour(
        Assumed,
        "setting what is set already answers 200 and changes nothing, whatever is left of the code",
        OWN_CHOICE,
    ).switched_by(&["code_use"]),
    behaviour(
        Assumed,
        "PUT sets Education at once, also while a request of POST is in review or was denied; the plural resource then shows it as approved, without a date",
        "no vetting is documented for PUT",
    ),
    behaviour(
        Assumed,
        "400 with code 900126 for None, Nonprofit, StateOwnedEntity and unknown values",
        "the code is documented as `unable to parse enum`, without a word on qualifications",
    ),
    behaviour(
        Observed,
        "a refusal may be the bare JSON string `Customer tagging denied.`",
        "microsoft/Partner-Center-PowerShell issue 258",
    ),
    behaviour(
        Assumed,
        "Education where there is GovernmentCommunityCloud, or the reverse, gets that refusal; so does GovernmentCommunityCloud while Education is in review",
        "the issue shows it for a customer that did not qualify",
    ),
    behaviour(
        Assumed,
        "that refusal has status 400",
        "issue 258 does not show the status",
    ),
    behaviour(
        Assumed,
        "400 with the longer error object for a code that is missing (600901), unknown (600902) or used up (600903)",
        "no source; the numbers are made up, in the range of the customer service",
    ),
];
