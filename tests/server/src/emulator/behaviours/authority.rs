//! The sign-in authority.

use super::{Basis, Behaviour, OWN_CHOICE, behaviour};
use Basis::{Assumed, Documented, Observed};

const ENTRA_ERRORS: &str = "Learn: Microsoft Entra authentication and authorization error codes";
const TOKEN_PAGE: &str = "Learn: OAuth 2.0 authorization code flow, and client credentials flow, on the Microsoft identity platform";

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Assumed,
        "the authority has the service's own base URL",
        "there is one emulator; the real ones are apart",
    ),
    behaviour(
        Documented,
        "POST /{tenant}/oauth2/v2.0/token takes a form and answers with `token_type`, `expires_in` and `ext_expires_in` (numbers) and `access_token`",
        TOKEN_PAGE,
    ),
    behaviour(
        Documented,
        "the grant refresh_token gives a user's token, client_credentials one of the application alone",
        TOKEN_PAGE,
    ),
    behaviour(
        Documented,
        "each use of a refresh token gives a new one; the old one stays valid",
        "Learn: Refresh tokens in the Microsoft identity platform",
    ),
    behaviour(
        Assumed,
        "no refresh token ever expires, and a user's token always has the MFA claim",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "the token given out is the one accepted now: all users share it, until `expire_token`",
        "one token is enough to see a client renew it",
    ),
    behaviour(
        Assumed,
        "there is no endpoint of version 1, `/oauth2/token`: it gets the service's 401",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "tokens are opaque texts, no JWTs, and no id_token is given out",
        "a client must not read access tokens",
    ),
    behaviour(
        Observed,
        "`client_info=1` with a refresh token is answered with the account, always the same user's",
        "AzureAD/microsoft-authentication-library-for-python asks for it",
    ),
    behaviour(
        Assumed,
        "the application is a web app: both grants need its secret",
        "a native app could not get a token of its own",
    ),
    behaviour(
        Assumed,
        "any scope is taken for a refresh token; client credentials need one that ends with `/.default` (else invalid_scope); the audience is not checked",
        "the base URL is another one at each start",
    ),
    behaviour(
        Documented,
        "errors are objects of `error`, `error_description`, `error_codes`, `timestamp`, `trace_id`, `correlation_id` and `error_uri`",
        ENTRA_ERRORS,
    ),
    behaviour(
        Documented,
        "invalid_grant for an unknown refresh token, invalid_client for a wrong or missing secret, unsupported_grant_type, invalid_request for a missing parameter, unauthorized_client for an unknown application",
        ENTRA_ERRORS,
    ),
    behaviour(
        Assumed,
        "errors have status 400, those of the client's secret 401",
        "RFC 6749 section 5.2",
    ),
    behaviour(
        Assumed,
        "an unknown tenant is invalid_request at the token endpoint and invalid_tenant in the configuration; a customer's tenant does not know the application",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "GET /{tenant or domain}/v2.0/.well-known/openid-configuration names the tenant's id in `issuer` and `token_endpoint`",
        "Learn: OpenID Connect on the Microsoft identity platform",
    ),
    behaviour(
        Observed,
        "a customer's default and own domains lead to the customer's tenant; 400 for an unknown one",
        "administrators look up tenant ids this way",
    ),
    behaviour(
        Assumed,
        "`common`, `organizations` and `consumers` are no tenants here",
        "signing in users interactively is not emulated",
    ),
    behaviour(
        Observed,
        "GET /common/discovery/instance names this authority alone, under the API version 1.1",
        "AzureAD/microsoft-authentication-library-for-python reads it",
    ),
    behaviour(
        Assumed,
        "answers may not be stored; they carry `x-ms-request-id`, and neither MS- headers nor a byte order mark",
        OWN_CHOICE,
    ),
];
