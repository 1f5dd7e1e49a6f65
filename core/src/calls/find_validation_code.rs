use super::{Call, decided};
use crate::engine::state;
use crate::error::{Error, ErrorKind, Outcome, Reason};
use crate::exchange::{Context, Exchange, Flow};
use crate::http::Effect;
use crate::operations::{FoundValidationCode, GetValidationCodes, choose};

pub(crate) struct FindCode {
    pub(crate) listing: Exchange<GetValidationCodes>,
    pub(crate) organization: String,
}

impl Call for FindCode {
    const NAME: &'static str = "find_validation_code";
    const EFFECT: Effect = Effect::Read;
    type Output = FoundValidationCode;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<FoundValidationCode, Error>> {
        let (codes, trace) = match self.listing.advance(context) {
            Flow::Wait(wait) => return Flow::Wait(wait),
            Flow::Done(Ok(read)) => read,
            Flow::Done(Err(error)) => return Flow::Done(Err(error)),
        };
        let organization = &self.organization;
        let (reason, failed, next) = match choose(&codes, organization) {
            Ok(code) => {
                let code = code.clone();
                return Flow::Done(Ok(FoundValidationCode { code, trace }));
            }
            Err(reason @ Reason::Ambiguous) => (
                reason,
                format!("More than one validation code of {organization:?} has budget left."),
                "List the codes, and give the one that is meant.",
            ),
            Err(reason @ Reason::CodeUsedUp) => (
                reason,
                format!("The validation codes of {organization:?} are used up."),
                "Ask Microsoft for a further code for this organization.",
            ),
            Err(reason) => (
                reason,
                format!("No validation code was issued to {organization:?}."),
                "List the codes, and compare the organization's name.",
            ),
        };
        let said = state(Effect::Read, Outcome::NotApplied);
        let kind = ErrorKind::NotFound;
        Flow::Done(Err(decided(kind, reason, failed, said, next, trace)))
    }
}
