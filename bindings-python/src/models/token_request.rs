use partner_center as core;
use pyo3::prelude::*;

use super::fields::Many;

super::model! {
    /// What a token is asked for.
    TokenRequest("scopes", "claims")
    shown {
        /// One scope: the API's base URL and /.default.
        scopes: Many<String>,
        /// What the service wants of the next token, as JSON; MSAL's claims_challenge.
        claims: Option<String> = None,
        /// Whether the last token was refused: a cached copy of it will not do.
        force_refresh: bool = false,
    }
    more {}
}

impl From<&core::TokenRequest> for TokenRequest {
    fn from(request: &core::TokenRequest) -> Self {
        Self {
            scopes: request.scopes.iter().cloned().collect(),
            claims: request.claims.clone(),
            force_refresh: request.force_refresh,
        }
    }
}
