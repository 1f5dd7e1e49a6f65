//! `GET /v1/customers/all/validations`: the partner's government validation codes.
//!
//! Source: Learn, "Get a list of validation codes".

use serde::Deserialize;

use super::{Operation, Single, Trace, read};
use crate::error::Reason;
use crate::http::{Request, Response};
use crate::model::ValidationCode;

/// The partner's government validation codes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationCodes {
    /// Each code, in the service's order.
    pub codes: Vec<ValidationCode>,
    /// Ids and attempts.
    pub trace: Trace,
}

/// The one code of an organization that can be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundValidationCode {
    /// The code and its budget.
    pub code: ValidationCode,
    /// Ids and attempts.
    pub trace: Trace,
}

pub(crate) struct GetValidationCodes;

impl Operation for GetValidationCodes {
    const NAME: &'static str = "get_validation_codes";
    const SECRET_ANSWER: bool = true;
    type Proof = Vec<ValidationCode>;

    fn request(&self) -> Request {
        Request::get("/v1/customers/all/validations")
    }

    /// A bare array, as documented; the usual envelope of a collection is read, too.
    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Body {
            List(Vec<ValidationCode>),
            Wrapped { items: Vec<ValidationCode> },
        }
        Ok(match read(response)? {
            Body::List(items) | Body::Wrapped { items } => items,
        })
    }
}

impl Single for GetValidationCodes {
    type Output = ValidationCodes;

    fn output(self, codes: Self::Proof, trace: Trace) -> ValidationCodes {
        ValidationCodes { codes, trace }
    }
}

impl ValidationCode {
    /// The organization's only code with budget left, of codes that were listed: the one that
    /// [`Client::find_validation_code`](crate::Client::find_validation_code) finds; none where that
    /// is an error.
    pub fn only_of<'a>(
        codes: impl IntoIterator<Item = &'a Self>,
        organization: &str,
    ) -> Option<&'a Self> {
        choose(codes, organization).ok()
    }
}

/// The organization's only code with budget left. Codes run out: the library does not choose
/// between two.
pub(crate) fn choose<'a>(
    codes: impl IntoIterator<Item = &'a ValidationCode>,
    organization: &str,
) -> Result<&'a ValidationCode, Reason> {
    let folded = |name: &str| name.trim().to_lowercase();
    let of_it: Vec<&ValidationCode> = codes
        .into_iter()
        .filter(|code| {
            let name = code.organization.as_deref();
            name.is_some_and(|name| folded(name) == folded(organization))
        })
        .collect();
    if of_it.is_empty() {
        return Err(Reason::NoSuchOrganization);
    }
    let mut usable = of_it.into_iter().filter(|code| code.is_usable());
    match (usable.next(), usable.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Reason::Ambiguous),
        (None, _) => Err(Reason::CodeUsedUp),
    }
}
