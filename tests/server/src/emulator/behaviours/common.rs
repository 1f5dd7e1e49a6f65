//! What all requests to the service have in common.

use super::{Basis, Behaviour, CUSTOMER_SWAGGER, ERROR_PAGE, OWN_CHOICE, behaviour};
use Basis::{Assumed, Documented, Observed};

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Assumed,
        "paths are lower case, without a slash at the end",
        "every English page writes them so; the service is probably more lenient",
    ),
    behaviour(
        Assumed,
        "query parameters are percent-decoded exactly once, a plus sign stays one, and the first of several counts",
        "RFC 3986; official clients sent codes unencoded",
    ),
    behaviour(
        Observed,
        "success bodies begin with a UTF-8 byte order mark, error bodies do not",
        "recordings in Partner-Center-PowerShell (2019); Content-Length of the documented examples",
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
        Assumed,
        "`ValidateMfa: true` is answered with the header `isMfaCompliant: true`, once the token is accepted",
        "third-party clients; the documents name neither",
    ),
    behaviour(
        Documented,
        "401 with code 800001 without a bearer token",
        ERROR_PAGE,
    ),
    behaviour(
        Assumed,
        "401 with code 800001 for a token that is not an accepted one, and before any other check",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "401 carries `WWW-Authenticate: Bearer`, with `error=\"invalid_token\"` for a wrong token",
        "RFC 6750; the header is documented for the MFA rejection",
    ),
    behaviour(
        Documented,
        "403 with code 900329 for an app-only token where only a user's is allowed: PUT and POST",
        ERROR_PAGE,
    ),
    behaviour(
        Assumed,
        "that refusal comes before the customer and the body are looked at",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "either kind of token may read everything",
        "Learn: the pages on each of the calls (2023-10)",
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
        "400 with code 800002 for a body that is missing or not JSON, and for other input that makes no sense",
        "the code is documented as `invalid input`",
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
