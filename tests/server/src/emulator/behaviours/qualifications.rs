//! The plural resource, `/qualifications`.

use super::{Basis, Behaviour, CUSTOMER_SWAGGER, OWN_CHOICE, behaviour};
use Basis::{Assumed, Documented, Observed};

const POST_PAGE: &str = "Learn: Update a customer's qualifications (2022-06-28)";
const GET_PAGE: &str = "Learn: Get a customer's qualifications (2023-10)";
const MADE_UP: &str = "no source; the number is made up, in the range of the customer service";

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Documented,
        "GET answers with a bare array of items",
        GET_PAGE,
    ),
    behaviour(
        Assumed,
        "a customer without a qualification reads as an empty array",
        "the samples of the .NET SDK expect a missing first element",
    ),
    behaviour(
        Documented,
        "an item has `qualification` in PascalCase and, as far as there is a vetting, `vettingStatus` (InReview, Approved, Denied), `vettingReason` and `vettingCreateDate`",
        POST_PAGE,
    ),
    behaviour(
        Assumed,
        "the date is written with milliseconds and Z, in GET as in POST; `vettingCreatedDate` is not used",
        "both member names and several forms are documented",
    ),
    behaviour(
        Documented,
        "POST takes `qualification`, `educationSegment`, `website` and `validationCode`; None and Nonprofit cannot be set",
        POST_PAGE,
    ),
    behaviour(
        Assumed,
        "the names of the members are matched without regard to case, unknown ones are ignored, null counts as absent",
        "the documents show two spellings, and SDKs sent PascalCase",
    ),
    behaviour(
        Observed,
        "values are matched without regard to case",
        "a Microsoft sample (2021) sent `education`",
    ),
    behaviour(
        Assumed,
        "a value is a JSON string, in which underscores do not count; the enum's number is refused",
        "the documents show strings only",
    ),
    behaviour(Documented, "POST answers 201 with the one item", POST_PAGE)
        .switched_by(&["post_answer"]),
    behaviour(
        Documented,
        "or, if switched so, 200, or 200 with all of the customer's items as `qualifications`",
        CUSTOMER_SWAGGER,
    )
    .switched_by(&["post_answer"]),
    behaviour(
        Assumed,
        "or 201 with an array of them, or without a body",
        "GET once changed between these forms; no source for the empty one",
    )
    .switched_by(&["post_answer"]),
    behaviour(
        Documented,
        "Education by POST is InReview until Microsoft has decided; here until `decide` is called",
        POST_PAGE,
    ),
    behaviour(
        Assumed,
        "GovernmentCommunityCloud by POST is Approved at once and lowers the remaining uses of the code by one",
        "a documented example shows it approved; the count is documented for creating customers only",
    ).switched_by(&["code_use"]),
    behaviour(
        Documented,
        "StateOwnedEntity has no vetting and can be combined with Education or with GovernmentCommunityCloud",
        GET_PAGE,
    ),
    behaviour(
        Observed,
        "Education and GovernmentCommunityCloud exclude each other",
        "a comment in the feature samples of microsoft/partner-center-sdk-for-dotNET",
    ),
    behaviour(
        Assumed,
        "whoever asks for the other one gets 400 with `Customer tagging denied.`; a denied Education excludes nothing",
        "the singular resource answers so in microsoft/Partner-Center-PowerShell issue 258",
    ),
    behaviour(
        Documented,
        "Education can be asked for three times for a customer",
        "a Learn page on the partner portal (2024 or later)",
    ),
    behaviour(
        Assumed,
        "the fourth request gets 400 with the longer error object, 600904",
        MADE_UP,
    ),
    behaviour(
        Assumed,
        "Education that was denied can be asked for again and is then in review with a new date",
        "the portal's procedure; no page on the API says so",
    ),
    behaviour(
        Assumed,
        "asking for Education again while it is in review spends another of the three requests and renews the date",
        "no source; the worst case, so that a client that repeats itself is seen",
    ),
    behaviour(
        Assumed,
        "asking for what is approved already answers 201 with the item as it is and changes nothing",
        OWN_CHOICE,
    ).switched_by(&["code_use"]),
    behaviour(
        Documented,
        "Education needs `educationSegment`, K12 or HigherEducation; `website` is optional",
        POST_PAGE,
    ),
    behaviour(
        Assumed,
        "400 with the longer error object for a segment that is missing (600905) or unknown (600906)",
        MADE_UP,
    ),
    behaviour(
        Assumed,
        "`website` is not looked at further; `validationCode` is ignored except with GovernmentCommunityCloud",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "400 with code 900126 for None, Nonprofit, unknown and missing values; 600901 to 600903 for codes, as for PUT",
        OWN_CHOICE,
    ),
];
