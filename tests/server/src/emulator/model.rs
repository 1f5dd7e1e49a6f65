//! The nouns: customers, qualifications and their vetting, validation codes.

use serde::Serialize;
use std::fmt;
use std::time::SystemTime;

/// A qualification. Serialised in snake_case, as the service's older contract writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualification {
    /// None.
    None,
    /// Education.
    Education,
    /// Nonprofit, which nobody can set here.
    Nonprofit,
    /// GovernmentCommunityCloud.
    GovernmentCommunityCloud,
    /// StateOwnedEntity, which `PUT` cannot set.
    StateOwnedEntity,
}

impl Qualification {
    /// Every value, in the order of the service's numbers.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Education,
        Self::Nonprofit,
        Self::GovernmentCommunityCloud,
        Self::StateOwnedEntity,
    ];

    /// The text in the answers of the singular resource.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Education => "education",
            Self::Nonprofit => "nonprofit",
            Self::GovernmentCommunityCloud => "government_community_cloud",
            Self::StateOwnedEntity => "state_owned_entity",
        }
    }

    /// The text in the answers of the plural resource.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Education => "Education",
            Self::Nonprofit => "Nonprofit",
            Self::GovernmentCommunityCloud => "GovernmentCommunityCloud",
            Self::StateOwnedEntity => "StateOwnedEntity",
        }
    }

    pub(super) fn from_number(number: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// Any spelling: case and underscores do not count.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let plain = text.replace('_', "");
        Self::ALL
            .into_iter()
            .find(|value| value.name().eq_ignore_ascii_case(&plain))
    }
}

/// How far Microsoft has come with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum VettingStatus {
    /// Not decided yet.
    InReview,
    /// The customer has the qualification.
    Approved,
    /// The customer does not get it; it may be asked for again.
    Denied,
}

impl VettingStatus {
    /// The text on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InReview => "InReview",
            Self::Approved => "Approved",
            Self::Denied => "Denied",
        }
    }
}

/// A request's vetting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vetting {
    /// How far it is.
    pub status: VettingStatus,
    /// Why it was denied.
    pub reason: Option<String>,
    /// When it was asked for, as the service writes it; `None` where nobody asked for a vetting.
    pub created: Option<String>,
}

/// One qualification of a customer, as the plural resource shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualificationItem {
    /// Which one.
    pub qualification: Qualification,
    /// Its vetting; StateOwnedEntity has none.
    pub vetting: Option<Vetting>,
}

/// How a vetting ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The customer has the qualification.
    Approved,
    /// The customer does not get it, and why.
    Denied(String),
}

impl Decision {
    /// Why a request is denied when nobody says why; a documented text.
    const USUAL: &str = "Not an Education Customer";

    /// Approved, or denied for a reason, which may be left out; an approval has none.
    pub fn of(is_approved: bool, reason: Option<String>) -> Result<Self, String> {
        match (is_approved, reason) {
            (true, None) => Ok(Self::Approved),
            (true, Some(_)) => Err("an approval has no reason".to_owned()),
            (false, reason) => Ok(Self::Denied(
                reason.unwrap_or_else(|| Self::USUAL.to_owned()),
            )),
        }
    }
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// The tenant id.
    pub id: String,
    /// The company's name.
    pub company_name: String,
    /// The tenant's default domain.
    pub domain: String,
    /// The tenant's own domains.
    pub custom_domains: Vec<String>,
    /// The two letters of ISO 3166, if a seed names them.
    pub country: Option<String>,
    /// What the singular resource shows: a qualification that is neither in review nor denied.
    pub qualification: Qualification,
    /// What the plural resource shows.
    pub qualifications: Vec<QualificationItem>,
    /// How often Education was asked for through the plural resource.
    pub education_requests: u32,
}

impl Customer {
    pub(super) fn item(&self, qualification: Qualification) -> Option<&QualificationItem> {
        self.qualifications
            .iter()
            .find(|item| item.qualification == qualification)
    }

    /// The status of a qualification's vetting, if there is one.
    pub(super) fn status(&self, qualification: Qualification) -> Option<VettingStatus> {
        Some(self.item(qualification)?.vetting.as_ref()?.status)
    }

    /// Adds a qualification, or replaces what was there of it.
    pub(super) fn hold(&mut self, qualification: Qualification, vetting: Option<Vetting>) {
        let item = QualificationItem {
            qualification,
            vetting,
        };
        let same = self
            .qualifications
            .iter_mut()
            .find(|have| have.qualification == qualification);
        match same {
            Some(have) => *have = item,
            None => self.qualifications.push(item),
        }
        self.show();
    }

    /// Ends a vetting; `false` when none is in review.
    pub(super) fn settle(&mut self, decision: Decision) -> bool {
        let open = self
            .qualifications
            .iter_mut()
            .filter_map(|item| item.vetting.as_mut())
            .find(|vetting| vetting.status == VettingStatus::InReview);
        let Some(vetting) = open else {
            return false;
        };
        match decision {
            Decision::Approved => vetting.status = VettingStatus::Approved,
            Decision::Denied(reason) => {
                vetting.status = VettingStatus::Denied;
                vetting.reason = Some(reason);
            }
        }
        self.show();
        true
    }

    /// The singular resource knows one value, and neither vetting nor StateOwnedEntity.
    fn show(&mut self) {
        self.qualification = [
            Qualification::Education,
            Qualification::GovernmentCommunityCloud,
        ]
        .into_iter()
        .find(|value| self.status(*value) == Some(VettingStatus::Approved))
        .unwrap_or(Qualification::None);
    }
}

/// A code that allows GovernmentCommunityCloud a number of times. Its `Debug` leaves the code out.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ValidationCode {
    /// The code itself.
    pub validation_id: String,
    /// Whom it was given to.
    pub organization_name: String,
    /// How often it can be spent in all.
    pub max_creates: u32,
    /// How often it can still be spent.
    pub remaining_creates: u32,
    /// The last change, from which its ETag is made.
    #[serde(skip)]
    pub(super) changed: SystemTime,
}

impl fmt::Debug for ValidationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidationCode")
            .field("organization_name", &self.organization_name)
            .field("max_creates", &self.max_creates)
            .field("remaining_creates", &self.remaining_creates)
            .finish_non_exhaustive()
    }
}
