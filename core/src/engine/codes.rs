//! What the codes of the service and of the sign-in mean. `core/docs/errors.md` shows the same data.
//!
//! Sources: Learn, "Partner Center REST error codes" (2023-06-15), its pages on single requests,
//! "Mandating multifactor authentication" and "Microsoft Entra authentication and authorization
//! error codes". What only users or other tools report says so; what is a guess says "probably".

/// What a code of the service means, for a reader who does not know it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) code: &'static str,
    /// The HTTP statuses it is documented or reported with; empty where none is known.
    pub(crate) statuses: &'static [u16],
    /// The cause, one sentence.
    pub(crate) meaning: &'static str,
    /// What to do next, one sentence.
    pub(crate) next: &'static str,
}

/// What an `error` of the token endpoint means. The AADSTS numbers beside it change; it does not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) error: &'static str,
    /// The cause, one sentence.
    pub(crate) meaning: &'static str,
    /// What to do next, one sentence.
    pub(crate) next: &'static str,
}

/// The documented meaning; `None` where the code is unknown, or known with other statuses only:
/// codes are not unique across Microsoft's services. A code without known status matches any.
pub(crate) fn meaning(code: &str, status: u16) -> Option<&'static Code> {
    CODES.iter().find(|known| {
        known.code == code && (known.statuses.is_empty() || known.statuses.contains(&status))
    })
}

/// The meaning of the token endpoint's `error`; `None` where it is unknown.
pub(crate) fn oauth(error: &str) -> Option<&'static OAuthError> {
    OAUTH_ERRORS.iter().find(|known| known.error == error)
}

const SERVER: &str = "After a change, read the customer's qualification before anything is sent again; after a read, call again later.";
const CORRECT: &str =
    "Correct what the service's description names; the same request will be refused again.";
const REVIEW: &str = "Check back in a few days, as Microsoft advises.";
const SIGN_IN: &str = "Sign in interactively with multifactor authentication, and store the new refresh token where the client reads it.";

pub(crate) const CODES: &[Code] = &[
    Code {
        code: "0",
        statuses: &[501],
        meaning: "The service failed with an error that it has no name for.",
        next: SERVER,
    },
    Code {
        code: "400",
        statuses: &[401],
        meaning: "The service denied access to this token.",
        next: "Get a new App+User token for the partner's tenant, then call again.",
    },
    Code {
        code: "1000",
        statuses: &[404],
        meaning: "The service did not find what the request names.",
        next: "Check the customer's tenant id and the base URL.",
    },
    Code {
        code: "1002",
        statuses: &[],
        meaning: "Authorization failed, as users report; Microsoft does not document this code.",
        next: "Check that the token is an App+User token for the partner's tenant and that its user has the Admin agent role.",
    },
    Code {
        code: "2000",
        statuses: &[400],
        meaning: "The API does not accept an input, for example a tenant id that is no GUID.",
        next: CORRECT,
    },
    Code {
        code: "2006",
        statuses: &[403],
        meaning: "The partner is not valid for this offer.",
        next: "Check in Partner Center that this partner may sell the offer.",
    },
    Code {
        code: "2006",
        statuses: &[400],
        meaning: "Updates are not allowed on subscriptions of this offer.",
        next: "Leave the subscription as it is, or ask Microsoft's partner support which changes the offer allows.",
    },
    Code {
        code: "2030",
        statuses: &[403],
        meaning: "The partner is not onboarded to sell in this country or region.",
        next: "Check which countries the partner's account covers; the customer may belong to another of your accounts.",
    },
    Code {
        code: "2032",
        statuses: &[403],
        meaning: "The service denied access; the code names no cause.",
        next: "Check that the partner has a relationship with this customer, and the signed-in user's roles.",
    },
    Code {
        code: "2055",
        statuses: &[400],
        meaning: "The ETag is no longer valid: the record has probably changed since it was read.",
        next: "Read the record again before you decide on another change.",
    },
    Code {
        code: "3000",
        statuses: &[400],
        meaning: "A property in the request is not valid.",
        next: CORRECT,
    },
    Code {
        code: "3000",
        statuses: &[404],
        meaning: "Something that the request names was not found; Microsoft's example is an unknown partner id.",
        next: "Check the ids in the request, the partner's as well as the customer's.",
    },
    Code {
        code: "20002",
        statuses: &[403],
        meaning: "The partner that the token belongs to has no commerce relationship with this customer.",
        next: "Check the customer's tenant id and the token's partner tenant; if both are right, request a reseller relationship from the customer.",
    },
    Code {
        code: "60002",
        statuses: &[404],
        meaning: "The service found no user with this object id.",
        next: "Check the user's object id, and that the user belongs to this customer's tenant.",
    },
    Code {
        code: "60003",
        statuses: &[404],
        meaning: "The service found no tenant with this id.",
        next: "Check the customer's tenant id, and that the base URL belongs to the customer's cloud.",
    },
    Code {
        code: "600002",
        statuses: &[400],
        meaning: "An organization registration id was sent for a customer whose country does not use one.",
        next: "Leave the registration id out, then call again.",
    },
    Code {
        code: "600006",
        statuses: &[403],
        meaning: "The requested action is not allowed, as users report of customer creation; Microsoft does not document this code.",
        next: "Check the signed-in user's roles; if they are right, give the request and correlation ids to Microsoft's partner support.",
    },
    Code {
        code: "600049",
        statuses: &[400],
        meaning: "The customer's country requires an organization registration id, and none was sent.",
        next: "Add the customer's organization registration id, then call again.",
    },
    Code {
        code: "600050",
        statuses: &[400],
        meaning: "The organization registration id does not have the form that the customer's country requires.",
        next: "Correct the registration id to the form that the service's description gives, then call again.",
    },
    Code {
        code: "600051",
        statuses: &[400],
        meaning: "The customer's country requires a phone number, and none was sent.",
        next: "Add a phone number to the default address of the customer's billing profile, then call again.",
    },
    Code {
        code: "600061",
        statuses: &[],
        meaning: "The partner has already confirmed this agreement for the customer.",
        next: "Read the customer's agreements; confirm again only if the name, e-mail address or phone number has changed.",
    },
    Code {
        code: "600074",
        statuses: &[404],
        meaning: "The service has no account status for this customer.",
        next: "Check the customer's tenant id; by Microsoft's documentation, transactions of a customer without account status are not blocked.",
    },
    Code {
        code: "800001",
        statuses: &[401],
        meaning: "The service found no partner token in the request.",
        next: "Check that the credential gives a token and that no proxy removes the Authorization header.",
    },
    Code {
        code: "800002",
        statuses: &[400],
        meaning: "The request has an input that is not valid.",
        next: CORRECT,
    },
    Code {
        code: "800003",
        statuses: &[500],
        meaning: "The service failed unexpectedly.",
        next: SERVER,
    },
    Code {
        code: "800019",
        statuses: &[403],
        meaning: "Outside the sandbox only software subscriptions and perpetual software can be cancelled.",
        next: "Try such a cancellation in an integration sandbox only; for a real purchase ask Microsoft's partner support.",
    },
    Code {
        code: "800039",
        statuses: &[403],
        meaning: "The partner's reseller program status is not active.",
        next: "Have an admin of the partner's account check its program status in Partner Center.",
    },
    Code {
        code: "800073",
        statuses: &[403],
        meaning: "Microsoft is reviewing the customer's account.",
        next: REVIEW,
    },
    Code {
        code: "800074",
        statuses: &[403],
        meaning: "Microsoft is reviewing the customer's account.",
        next: REVIEW,
    },
    Code {
        code: "800075",
        statuses: &[403],
        meaning: "Microsoft has not approved the customer's account, so transactions for it are not allowed.",
        next: "Check the customer's account information in Partner Center and correct what is wrong.",
    },
    Code {
        code: "800086",
        statuses: &[400],
        meaning: "The customer's tenant lacks a tag that the offer requires, probably its qualification.",
        next: "Read the customer's qualification; buy again only once it is the one that the offer requires.",
    },
    Code {
        code: "90000",
        statuses: &[403],
        meaning: "Microsoft Entra reportedly returned an error when a token was issued for this call.",
        next: "Look for Entra's own error in the service's description, then check the app's consent and the Conditional Access policies.",
    },
    Code {
        code: "900118",
        statuses: &[400],
        meaning: "The customer id is not valid.",
        next: "Compare the customer's tenant id with the partner's customer list.",
    },
    Code {
        code: "900124",
        statuses: &[403],
        meaning: "The partner's company has not accepted the Microsoft Partner Agreement.",
        next: "Have a global admin of the partner's account accept the agreement in Partner Center, then call again.",
    },
    Code {
        code: "900126",
        statuses: &[400],
        meaning: "The service could not read a named value (an enum), in a qualification change probably the qualification itself.",
        next: "Check how the qualification and the segment are written; the same request will be refused again.",
    },
    Code {
        code: "900127",
        statuses: &[400],
        meaning: "This environment does not support the operation.",
        next: "Check whether the token is for a sandbox account, and whether the base URL is the right cloud's.",
    },
    Code {
        code: "900141",
        statuses: &[400],
        meaning: "The service does not support this operation.",
        next: "Check on Learn whether the operation still exists; the same request will be refused again.",
    },
    Code {
        code: "900149",
        statuses: &[403],
        meaning: "A program status of the partner is not active.",
        next: "Have an admin of the partner's account check the program that the service's description names.",
    },
    Code {
        code: "900150",
        statuses: &[403],
        meaning: "The role behind the token does not have the rights for this operation.",
        next: "Sign in as a user with the Admin agent role, then call again.",
    },
    Code {
        code: "900192",
        statuses: &[500],
        meaning: "Something went wrong in the service, probably only for some time.",
        next: SERVER,
    },
    Code {
        code: "900308",
        statuses: &[403],
        meaning: "The rights behind the token do not suffice; probably a Partner Center role or a GDAP role in the customer's tenant is missing.",
        next: "Sign in as an Admin agent; for GovernmentCommunityCloud that user also needs a GDAP role: Directory Reader, Directory Writer, License Administrator or User Administrator.",
    },
    Code {
        code: "900309",
        statuses: &[403],
        meaning: "A Conditional Access policy, probably one of the customer's tenant, does not allow a token for this access.",
        next: "Have an admin of that tenant find the policy in the sign-in logs and exclude service provider users from it, or meet its conditions.",
    },
    Code {
        code: "900316",
        statuses: &[400],
        meaning: "A license call was made with a legacy partner token, which it does not take.",
        next: "Send the access token of the Secure Application Model as it is, without exchanging it at generatetoken.",
    },
    Code {
        code: "900329",
        statuses: &[403],
        meaning: "The token names an app but no user (app-only), and this operation takes only App+User tokens.",
        next: "Get a token with the refresh token of a person who signed in with multifactor authentication, not with client credentials, then call again.",
    },
    Code {
        code: "900416",
        statuses: &[403],
        meaning: "The customer's account is reportedly locked for transactions.",
        next: "Give the request and correlation ids to Microsoft's partner support and ask what locks the account.",
    },
    Code {
        code: "900420",
        statuses: &[401],
        meaning: "The token was reportedly issued for another audience than the Partner Center API, such as graph.windows.net, which was retired in 2025.",
        next: "Ask for a token whose resource or scope is the API's base URL (worldwide https://api.partnercenter.microsoft.com), then call again.",
    },
    Code {
        code: "900421",
        statuses: &[401],
        meaning: "The token does not show multifactor authentication (its amr claim lacks mfa), which App+User calls must have.",
        next: "Sign in interactively with multifactor authentication and store the new refresh token; another token from the old sign-in will not help.",
    },
];

pub(crate) const OAUTH_ERRORS: &[OAuthError] = &[
    OAuthError {
        error: "invalid_grant",
        meaning: "The stored sign-in is refused, usually because it expired or was revoked, lacks multifactor authentication, or its consent was withdrawn.",
        next: SIGN_IN,
    },
    OAuthError {
        error: "interaction_required",
        meaning: "Microsoft Entra wants a person, usually because the sign-in expired or was revoked, multifactor authentication is missing, or consent was withdrawn.",
        next: SIGN_IN,
    },
    OAuthError {
        error: "invalid_client",
        meaning: "The app's secret is wrong or expired, or its certificate is not accepted.",
        next: "Make a new secret for the app in the Microsoft Entra admin center, and store the secret's value, not its id, where the client reads it.",
    },
    OAuthError {
        error: "unauthorized_client",
        meaning: "The app is not known in this tenant or may not sign in this way, usually because the client id or the tenant is wrong.",
        next: "Check the app's client id and the tenant id; the tenant is the partner's, not the customer's.",
    },
    OAuthError {
        error: "invalid_resource",
        meaning: "The Partner Center API is not provisioned in the tenant, or the app is not permitted to use it.",
        next: "Check the resource in the token request, then have an admin of the partner's tenant give the app its permission for the Partner Center API.",
    },
    OAuthError {
        error: "invalid_request",
        meaning: "The token request lacks a parameter, is malformed, or names a tenant that does not exist.",
        next: "Check the tenant id, and that client id, refresh token and resource or scope are all given.",
    },
    OAuthError {
        error: "invalid_scope",
        meaning: "The scope in the token request is not valid.",
        next: "Ask for user_impersonation of the API's base URL for App+User, or for its .default for app-only.",
    },
    OAuthError {
        error: "temporarily_unavailable",
        meaning: "Microsoft Entra cannot give a token at the moment, sometimes because the app asks for tokens in a loop.",
        next: "Call again in a few minutes; if it stays, check whether the app asks for a new token at every call.",
    },
    OAuthError {
        error: "unsupported_grant_type",
        meaning: "Microsoft Entra does not support the grant type in the token request.",
        next: "Ask with the grant type refresh_token for App+User, or client_credentials for app-only.",
    },
];

#[cfg(test)]
mod tests;
