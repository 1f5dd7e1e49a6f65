//! What the current contract says of a customer: which qualifications, and how their vetting goes.

use std::time::SystemTime;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

use super::Qualification;
use crate::names::open_names;

open_names! {
    /// How Microsoft's vetting of a qualification stands.
    ///
    /// Source: Learn, "Update a customer's qualifications" (2022-06-28); the list there is open.
    VettingStatus {
        /// Not decided yet.
        InReview = "InReview",
        /// The customer is qualified.
        Approved = "Approved",
        /// The customer is not; the reason says why.
        Denied = "Denied",
    }
}

open_names! {
    /// Why a vetting was denied.
    ///
    /// Source: Learn, "Partner Center REST API change log" (2020-12).
    VettingReason {
        /// Not a school.
        NotAnEducationCustomer = "Not an Education Customer",
        /// Was one, and is no more.
        NoLongerAnEducationCustomer = "No longer an Education Customer",
        /// Not a school, by a person's review.
        NotAnEducationCustomerAfterReview = "Not an Education Customer - After Review",
        /// Must not be one.
        RestrictedBeingAnEducationCustomer = "Restricted being an Education Customer",
        /// The domain is not that of a school.
        NotAnAcademicDomain = "Not an Academic Domain",
        /// A library that does not count.
        NotAnEligibleLibrary = "Not an eligible Library",
        /// A museum that does not count.
        NotAnEligibleMuseum = "Not an eligible Museum",
    }
}

/// One qualification of a customer, by the current contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerQualification {
    /// Which.
    pub qualification: Qualification,
    /// How its vetting stands; absent where none is needed.
    pub vetting_status: Option<VettingStatus>,
    /// Why it was denied.
    pub vetting_reason: Option<VettingReason>,
    /// When the vetting was asked for, where the date can be read.
    pub vetting_created: Option<SystemTime>,
    /// The same as the service wrote it.
    pub vetting_created_text: Option<String>,
}

/// The date has two names and several forms, and names begin with either case: all of it is seen in
/// Microsoft's documents.
impl<'de> Deserialize<'de> for CustomerQualification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            #[serde(alias = "Qualification")]
            qualification: Qualification,
            #[serde(alias = "VettingStatus")]
            vetting_status: Option<String>,
            #[serde(alias = "VettingReason")]
            vetting_reason: Option<String>,
            #[serde(alias = "VettingCreateDate")]
            vetting_create_date: Option<String>,
            #[serde(alias = "VettingCreatedDate")]
            vetting_created_date: Option<String>,
        }
        let wire = Wire::deserialize(deserializer)?;
        let created = wire.vetting_create_date.or(wire.vetting_created_date);
        Ok(Self {
            qualification: wire.qualification,
            vetting_status: wire.vetting_status.map(|text| text.as_str().into()),
            vetting_reason: wire.vetting_reason.map(|text| text.as_str().into()),
            vetting_created: created.as_deref().and_then(instant),
            vetting_created_text: created,
        })
    }
}

/// RFC 3339 with any number of digits, the same without a zone (then UTC), or the change log's
/// `07/09/2020: 00:00:00`.
pub(crate) fn instant(text: &str) -> Option<SystemTime> {
    let utc = |local: DateTime| Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| {
            // A day alone is no instant.
            let local = text.parse::<DateTime>().ok()?;
            text.contains('T').then_some(local).and_then(utc)
        })
        .or_else(|| {
            DateTime::strptime("%m/%d/%Y: %H:%M:%S", text)
                .ok()
                .and_then(utc)
        })
        .map(SystemTime::from)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn every_form_of_a_date_is_read() {
        for (text, milliseconds) in [
            ("2020-12-04T20:54:24Z", 1_607_115_264_000),
            ("2020-12-03T10:37:38.885Z", 1_606_991_858_885),
            ("2021-05-06T19:59:56.6832021+00:00", 1_620_331_196_683),
            ("2021-05-06T21:59:56.6832021+02:00", 1_620_331_196_683),
            ("2021-07-14T18:02:00", 1_626_285_720_000),
            ("07/09/2020: 00:00:00", 1_594_252_800_000),
        ] {
            let since = instant(text).unwrap().duration_since(UNIX_EPOCH).unwrap();
            let read = Duration::from_millis(milliseconds);
            assert_eq!(since.as_millis(), read.as_millis(), "{text}");
        }
        for text in [
            "",
            "soon",
            "2020-12-04",
            "2020-13-01T00:00:00Z",
            "13/01/2020: 00:00:00",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn both_names_of_the_date_are_read_and_a_strange_one_stays_visible() {
        for name in ["vettingCreateDate", "vettingCreatedDate"] {
            let item: CustomerQualification = serde_json::from_str(&format!(
                r#"{{"qualification":"Education","vettingStatus":"in_review","{name}":"soon"}}"#
            ))
            .unwrap();
            assert_eq!(item.vetting_status, Some(VettingStatus::InReview));
            assert_eq!(item.vetting_created, None);
            assert_eq!(item.vetting_created_text.as_deref(), Some("soon"));
        }
    }
}
