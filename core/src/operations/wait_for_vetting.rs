//! What each poll of a vetting means. The service has no operation id and no callback: asking again
//! is the only way to learn the decision (Learn, "Update a customer's qualifications").

use std::time::Duration;

use super::Trace;
use crate::model::{CustomerQualification, Qualification, VettingStatus};
use crate::names::names;

names! {
    /// How waiting for a vetting ended.
    VettingEnd {
        /// The customer is qualified.
        Approved = "approved",
        /// The customer is not; the vetting's reason says why.
        Denied = "denied",
        /// No decision had come when the deadline did.
        InReview = "in_review",
        /// The qualification is set and was never vetted.
        NotVetted = "not_vetted",
    }
}

/// How waiting for a vetting ended, and what was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vetting {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// How it ended.
    pub end: VettingEnd,
    /// The qualification as it was last seen.
    pub qualification: CustomerQualification,
    /// How often the service was asked with success.
    pub polls: u32,
    /// Ids of the last poll, attempts of all.
    pub trace: Trace,
}

/// What one poll says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Polled {
    Ended(VettingEnd, CustomerQualification),
    Undecided(CustomerQualification),
    /// Not there: reads may lag behind the request that was just made.
    Absent,
    /// Not there again: nobody asked for it.
    NotRequested,
}

pub(crate) struct Poll {
    qualification: Qualification,
    absent: bool,
}

impl Poll {
    pub(crate) fn new(qualification: Qualification) -> Self {
        Self {
            qualification,
            absent: false,
        }
    }

    pub(crate) fn see(&mut self, items: Vec<CustomerQualification>) -> Polled {
        let of_it = items
            .into_iter()
            .filter(|item| item.qualification == self.qualification);
        // A denied request may stand beside the one that followed it.
        let Some(item) = of_it.max_by_key(|item| item.vetting_created) else {
            let again = std::mem::replace(&mut self.absent, true);
            return if again {
                Polled::NotRequested
            } else {
                Polled::Absent
            };
        };
        self.absent = false;
        match &item.vetting_status {
            Some(VettingStatus::Approved) => Polled::Ended(VettingEnd::Approved, item),
            Some(VettingStatus::Denied) => Polled::Ended(VettingEnd::Denied, item),
            None => Polled::Ended(VettingEnd::NotVetted, item),
            Some(VettingStatus::InReview | VettingStatus::Unknown(_)) => Polled::Undecided(item),
        }
    }
}

/// The pause before the next poll: a fifth more or less, so that many waiters spread out, and never
/// earlier than the service asked for.
pub(crate) fn pause(interval: Duration, asked: Option<Duration>, random: f64) -> Duration {
    let spread = interval.mul_f64(0.8 + 0.4 * random);
    spread.max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(status: Option<&str>) -> CustomerQualification {
        let status = status.map_or("null".into(), |status| format!("\"{status}\""));
        serde_json::from_str(&format!(
            r#"{{"qualification":"Education","vettingStatus":{status}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn only_a_decision_ends_it() {
        let see = |status| Poll::new(Qualification::Education).see(vec![item(status)]);
        for (status, end) in [
            (Some("approved"), VettingEnd::Approved),
            (Some("Denied"), VettingEnd::Denied),
            (None, VettingEnd::NotVetted),
        ] {
            assert_eq!(see(status), Polled::Ended(end, item(status)));
        }
        for status in [Some("InReview"), Some("Escalated")] {
            assert_eq!(see(status), Polled::Undecided(item(status)));
        }
    }

    #[test]
    fn absent_once_may_be_a_lagging_read_and_twice_is_not() {
        let mut poll = Poll::new(Qualification::Education);
        assert_eq!(poll.see(vec![]), Polled::Absent);
        assert!(matches!(
            poll.see(vec![item(Some("InReview"))]),
            Polled::Undecided(_)
        ));
        assert_eq!(poll.see(vec![]), Polled::Absent);
        assert_eq!(poll.see(vec![]), Polled::NotRequested);
    }

    #[test]
    fn a_pause_is_spread_and_never_shorter_than_asked() {
        let minute = Duration::from_secs(60);
        assert_eq!(pause(minute, None, 0.0), Duration::from_secs(48));
        assert_eq!(pause(minute, None, 1.0), Duration::from_secs(72));
        assert_eq!(pause(minute, Some(minute * 5), 0.5), minute * 5);
    }
}
