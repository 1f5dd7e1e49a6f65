//! When a run, or the reading for a plan, had better stop. Pure.

use std::collections::HashMap;

use super::report::{ChangeEnd, ChangeResult, StopReason};
use crate::error::{ErrorKind, Reason};

const MOST_UNKNOWN: u32 = 5;
const MOST_REFUSALS: u32 = 3;

#[derive(Default)]
pub(super) struct Breaker {
    unknown: u32,
    refusals: HashMap<Cause, u32>,
}

/// What several changes are refused for.
#[derive(PartialEq, Eq, Hash)]
struct Cause {
    kind: ErrorKind,
    reason: Option<Reason>,
    status: Option<u16>,
    code: Option<String>,
    /// The validation code that the service refuses.
    code_name: Option<String>,
}

impl Cause {
    /// The cause that other changes share: not one that lies with the customer.
    fn of(result: &ChangeResult, code_name: Option<&str>) -> Option<Self> {
        let kind = result.kind?;
        let by_code = kind == ErrorKind::Rejected && code_name.is_some();
        let shared = match kind {
            ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidArgument => false,
            // The pace sees to it.
            ErrorKind::Throttled => false,
            ErrorKind::Rejected => by_code || result.reason == Some(Reason::ServerError),
            _ => true,
        };
        shared.then(|| Self {
            kind,
            reason: result.reason,
            status: result.status,
            code: result.code.clone(),
            code_name: code_name.filter(|_| by_code).map(str::to_owned),
        })
    }
}

impl Breaker {
    /// One went well: its cause is gone. A used-up code is refused however well others do.
    pub(super) fn well(&mut self, code_name: Option<&str>) {
        self.unknown = 0;
        self.refusals.retain(|cause, _| {
            cause.code_name.is_some() && cause.code_name.as_deref() != code_name
        });
    }

    /// Why to stop after this one, if so.
    pub(super) fn see(
        &mut self,
        result: &ChangeResult,
        code_name: Option<&str>,
    ) -> Option<StopReason> {
        if result.end == ChangeEnd::Unknown {
            self.unknown += 1;
            return (self.unknown >= MOST_UNKNOWN).then_some(StopReason::Unknowns);
        }
        if result.is_well() {
            self.well(code_name);
            return None;
        }
        self.unknown = 0;
        let count = self
            .refusals
            .entry(Cause::of(result, code_name)?)
            .or_default();
        *count += 1;
        (*count >= MOST_REFUSALS).then_some(StopReason::Refusals)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Decision, PlannedChange};
    use super::*;
    use crate::error::Details;
    use crate::error::Outcome;
    use crate::model::Qualification;

    fn result(kind: Option<ErrorKind>, outcome: Outcome) -> ChangeResult {
        let change = PlannedChange {
            row: 0,
            customer: String::new(),
            qualification: Qualification::Education,
            education_segment: None,
            website: None,
            code_name: None,
            decision: Decision::AlreadySet,
            current: None,
            detail: None,
        };
        let Some(kind) = kind else {
            return ChangeResult::planned(&change);
        };
        let mut details = Details::new(kind, "", "");
        details.outcome = outcome;
        ChangeResult::failed(&change, &details.into())
    }

    fn refused(kind: ErrorKind) -> ChangeResult {
        result(Some(kind), Outcome::NotApplied)
    }

    fn stops(results: &[(ChangeResult, Option<&str>)]) -> Vec<Option<StopReason>> {
        let mut breaker = Breaker::default();
        let see = |(result, name): &(ChangeResult, Option<&str>)| breaker.see(result, *name);
        results.iter().map(see).collect()
    }

    #[test]
    fn five_unknown_in_a_row_and_not_with_another_between() {
        let unknown = || {
            (
                result(Some(ErrorKind::OutcomeUnknown), Outcome::Unknown),
                None,
            )
        };
        let well = || (result(None, Outcome::AlreadySet), None);
        let mut row: Vec<_> = (0..4).map(|_| unknown()).collect();
        row.push(well());
        row.extend((0..5).map(|_| unknown()));
        let stops = stops(&row);
        assert!(stops[..9].iter().all(Option::is_none));
        assert_eq!(stops[9], Some(StopReason::Unknowns));
    }

    #[test]
    fn three_refusals_of_a_shared_cause() {
        let forbidden = || (refused(ErrorKind::Forbidden), None);
        let well = || (result(None, Outcome::AlreadySet), None);
        assert_eq!(
            stops(&[
                forbidden(),
                forbidden(),
                well(),
                forbidden(),
                forbidden(),
                forbidden()
            ])[5],
            Some(StopReason::Refusals)
        );
        // Each has its own cause; and a throttling passes.
        for kind in [ErrorKind::NotFound, ErrorKind::Throttled] {
            let many: Vec<_> = (0..20).map(|_| (refused(kind), None)).collect();
            assert!(stops(&many).iter().all(Option::is_none));
        }
    }

    #[test]
    fn what_was_applied_is_so_however_late_it_is_told() {
        let late = result(Some(ErrorKind::Timeout), Outcome::Applied);
        assert_eq!(late.end, ChangeEnd::Applied);
        assert_eq!(refused(ErrorKind::Conflict).end, ChangeEnd::Refused);
    }

    #[test]
    fn a_code_that_is_refused_stops_by_itself() {
        let by = |name| (refused(ErrorKind::Rejected), Some(name));
        let well = |name| (result(None, Outcome::AlreadySet), Some(name));
        let row = [
            by("a"),
            by("b"),
            well("c"),
            by("a"),
            well("b"),
            by("b"),
            by("a"),
        ];
        let stops = stops(&row);
        assert!(stops[..6].iter().all(Option::is_none));
        assert_eq!(stops[6], Some(StopReason::Refusals));
    }
}
