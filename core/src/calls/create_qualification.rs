//! Reads first, then asks: a repeat of Education would spend one of three requests, and what
//! excludes the asked qualification would only be refused.

use super::{Call, decided};
use crate::engine::state;
use crate::error::{Error, ErrorKind, Evidence, Outcome, Reason};
use crate::exchange::{Context, Exchange, Flow};
use crate::http::Effect;
use crate::operations::{
    Before, CreateQualification, CreatedQualification, GetQualifications, Operation,
};

pub(crate) struct Create {
    /// Until it is answered.
    reading: Option<Exchange<GetQualifications>>,
    sending: Exchange<CreateQualification>,
}

impl Create {
    pub(crate) fn new(
        reading: Exchange<GetQualifications>,
        sending: Exchange<CreateQualification>,
    ) -> Self {
        Self {
            reading: Some(reading),
            sending,
        }
    }

    /// What the read says: the end, or nothing against the request.
    fn read(
        &mut self,
        context: Context<'_>,
        reading: &mut Exchange<GetQualifications>,
    ) -> Flow<Result<Option<CreatedQualification>, Error>> {
        let (items, trace) = match reading.advance(context) {
            Flow::Wait(wait) => return Flow::Wait(wait),
            Flow::Done(Ok(read)) => read,
            Flow::Done(Err(error)) => {
                let mut details = error.details();
                details.state = state(Effect::Write, Outcome::NotApplied);
                return Flow::Done(Err(details.into()));
            }
        };
        let operation = &mut self.sending.operation;
        match operation.before(items) {
            Before::Set(qualification) => Flow::Done(Ok(Some(CreatedQualification {
                customer: operation.customer.to_string(),
                qualification,
                outcome: Outcome::AlreadySet,
                evidence: Evidence::Read,
                trace,
            }))),
            Before::Excluded => Flow::Done(Err(decided(
                ErrorKind::Conflict,
                Reason::OtherQualification,
                "The customer has a qualification that excludes the asked one.".to_owned(),
                state(Effect::Write, Outcome::NotApplied),
                "Read the customer's qualifications; none can be taken back by a partner.",
                trace,
            ))),
            Before::Open(denied) => {
                operation.expect_other_than(denied);
                Flow::Done(Ok(None))
            }
        }
    }
}

impl Call for Create {
    const NAME: &'static str = CreateQualification::NAME;
    const EFFECT: Effect = Effect::Write;
    type Output = CreatedQualification;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<CreatedQualification, Error>> {
        if let Some(mut reading) = self.reading.take() {
            match self.read(context, &mut reading) {
                Flow::Wait(wait) => {
                    self.reading = Some(reading);
                    return Flow::Wait(wait);
                }
                Flow::Done(Err(error)) => return Flow::Done(Err(error)),
                Flow::Done(Ok(Some(already_set))) => return Flow::Done(Ok(already_set)),
                Flow::Done(Ok(None)) => {}
            }
        }
        match self.sending.advance(context) {
            Flow::Wait(wait) => Flow::Wait(wait),
            Flow::Done(result) => {
                Flow::Done(result.map(|(qualification, trace)| CreatedQualification {
                    customer: self.sending.operation.customer.to_string(),
                    qualification,
                    outcome: Outcome::Applied,
                    evidence: Evidence::Answer,
                    trace,
                }))
            }
        }
    }

    fn outcome(created: &CreatedQualification) -> Option<Outcome> {
        Some(created.outcome)
    }
}
