//! What the emulator does, and how much of it is known of the real service.

/// How much is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The service's documentation says so.
    Documented,
    /// Recorded traffic, a public report or an official client shows it.
    Observed,
    /// Nobody says so; it is the emulator's choice.
    Assumed,
}

/// One behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behaviour {
    /// What the emulator does.
    pub what: &'static str,
    /// How much is known.
    pub basis: Basis,
    /// Where it is known from, or why it was chosen.
    pub source: &'static str,
}

const fn behaviour(basis: Basis, what: &'static str, source: &'static str) -> Behaviour {
    Behaviour {
        what,
        basis,
        source,
    }
}

use Basis::{Assumed, Documented, Observed};

const UPDATE_PAGE: &str =
    "Learn: Update a customer's qualification via synchronous validation (2020-12-07)";
const ERROR_PAGE: &str = "Learn: Partner Center REST error codes (2023-10)";
const CUSTOMER_SWAGGER: &str = "CustomerService.json in MicrosoftDocs/partner-center-sdk";
const OWN_CHOICE: &str = "no source; the likeliest answer";

/// Every behaviour of the emulator.
pub const BEHAVIOURS: &[Behaviour] = &[
    // Requests
    behaviour(
        Documented,
        "PUT takes the number of the enum as the whole JSON body",
        UPDATE_PAGE,
    ),
    behaviour(
        Observed,
        "PUT takes the name as a JSON string in any spelling",
        "Partner-Center-Java and Partner-Center-PowerShell sent different spellings",
    ),
    behaviour(
        Documented,
        "the validation code is the query parameter `code`",
        UPDATE_PAGE,
    ),
    behaviour(
        Assumed,
        "`code` is percent-decoded exactly once, a plus sign stays one, and the first of several counts",
        "RFC 3986; official clients sent codes unencoded",
    ),
    behaviour(
        Assumed,
        "a code is ignored with Education, and is not tied to one customer",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "paths are lower case, without a slash at the end",
        "every English page writes them so; the service is probably more lenient",
    ),
    // Success
    behaviour(
        Documented,
        "200 answers with the value as a bare JSON string in snake_case (`\"education\"`)",
        "Learn: Update a customer's qualification via synchronous validation (2020-12-07), and CustomerService.json for the underscores",
    ),
    behaviour(
        Assumed,
        "GovernmentCommunityCloud is written `government_community_cloud`",
        CUSTOMER_SWAGGER,
    ),
    behaviour(
        Observed,
        "success bodies begin with a UTF-8 byte order mark, error bodies do not",
        "recordings in Partner-Center-PowerShell (2019); Content-Length of the documented examples",
    ),
    behaviour(
        Documented,
        "a customer without a qualification reads as `\"none\"`",
        CUSTOMER_SWAGGER,
    ),
    behaviour(
        Observed,
        "MS-RequestId and MS-CorrelationId are echoed; MS-CV and MS-ServerId are added",
        "recordings in Partner-Center-PowerShell (2019)",
    ),
    behaviour(
        Documented,
        "ids that the request lacks are made up",
        CUSTOMER_SWAGGER,
    ),
    behaviour(
        Documented,
        "setting GovernmentCommunityCloud needs a validation code; Education and \
         GovernmentCommunityCloud can be set, None and Nonprofit cannot",
        UPDATE_PAGE,
    ),
    behaviour(
        Assumed,
        "setting GovernmentCommunityCloud lowers the remaining uses of the code by one",
        "the count is documented for creating customers only",
    ),
    behaviour(
        Assumed,
        "setting what is set already answers 200 and changes nothing, whatever is left of the code",
        OWN_CHOICE,
    ),
    // Refusals
    behaviour(
        Documented,
        "401 with code 800001 without a bearer token",
        ERROR_PAGE,
    ),
    behaviour(
        Assumed,
        "401 with code 800001 for a token that is not the accepted one, and before any other check",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "401 carries `WWW-Authenticate: Bearer`, with `error=\"invalid_token\"` for a wrong token",
        "RFC 6750; the header is documented for the MFA rejection",
    ),
    behaviour(
        Observed,
        "403 with code 20002 for a customer that is not the partner's",
        "reported traffic (2018); the code is documented",
    ),
    behaviour(
        Assumed,
        "400 with code 900118 for a customer id that is not a GUID with hyphens",
        "the code is documented for other calls",
    ),
    behaviour(
        Assumed,
        "400 with code 900126 for None, Nonprofit, StateOwnedEntity and unknown values",
        "the code is documented as `unable to parse enum`, without a word on qualifications",
    ),
    behaviour(
        Assumed,
        "400 with code 800002 for a body that is missing or not JSON",
        "the code is documented as `invalid input`",
    ),
    behaviour(
        Observed,
        "a refusal may be the bare JSON string `Customer tagging denied.`",
        "microsoft/Partner-Center-PowerShell issue 258",
    ),
    behaviour(
        Assumed,
        "a customer with another qualification gets that refusal",
        "the issue shows it for a customer that did not qualify",
    ),
    behaviour(
        Assumed,
        "that refusal has status 400",
        "issue 258 does not show the status",
    ),
    behaviour(
        Assumed,
        "400 with the longer error object for a code that is missing (600901), unknown (600902) or \
         used up (600903)",
        "no source; the numbers are made up, in the range of the customer service",
    ),
    behaviour(
        Documented,
        "404 with code 1000 for an unknown path",
        ERROR_PAGE,
    ),
    behaviour(
        Assumed,
        "405 with code 900141 and `Allow` for another method",
        "RFC 9110 section 15.5.6; the status is documented, the code for other calls",
    ),
];
