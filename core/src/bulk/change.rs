//! What is asked of one customer.

use crate::engine::write::Observed;
use crate::model::{
    CustomerQualification, EducationSegment, Qualification, QualificationRequest, Refusal,
};
use crate::names::names;
use crate::operations::{Change as _, CreateQualification, UpdateQualification, shown_items};

names! {
    /// Which contract a plan's changes are made by; they have different side effects.
    ChangeOperation {
        /// [`Client::update_qualification`](crate::Client::update_qualification): the synchronous
        /// contract, which the service deprecated.
        UpdateQualification = "update_qualification",
        /// [`Client::create_qualification`](crate::Client::create_qualification): the current one.
        CreateQualification = "create_qualification",
    }
}

/// One change of many. A validation code is given by a name, so that no plan and no journal holds
/// it; the codes themselves go to the run.
///
/// ```
/// use partner_center::{Change, EducationSegment, Qualification};
///
/// let school = Change::new("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04", Qualification::Education)
///     .education_segment(EducationSegment::K12);
/// let county = Change::new(
///     "1c1ea8d9-2a9f-4b5b-8c2b-6d0a7c1f9a55",
///     Qualification::GovernmentCommunityCloud,
/// )
/// .code_name("Woodgrove County");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(crate) customer: String,
    pub(crate) qualification: Qualification,
    pub(crate) education_segment: Option<EducationSegment>,
    pub(crate) website: Option<String>,
    pub(crate) code_name: Option<String>,
}

impl Change {
    /// That qualification for the customer with that tenant id; what else it needs follows.
    pub fn new(customer: impl Into<String>, qualification: impl Into<Qualification>) -> Self {
        Self {
            customer: customer.into(),
            qualification: qualification.into(),
            education_segment: None,
            website: None,
            code_name: None,
        }
    }

    /// The segment; `create_qualification` needs it for Education.
    pub fn education_segment(mut self, segment: impl Into<EducationSegment>) -> Self {
        self.education_segment = Some(segment.into());
        self
    }

    /// The institution's web address, for `create_qualification` of Education.
    pub fn website(mut self, address: impl Into<String>) -> Self {
        self.website = Some(address.into());
        self
    }

    /// What the validation code is called here, as the organization it was issued to. Never the
    /// code itself: the name is shown, and written down.
    pub fn code_name(mut self, name: impl Into<String>) -> Self {
        self.code_name = Some(name.into());
        self
    }
}

/// A change that keeps the rules, ready to be asked for.
pub(super) enum Target {
    Update(UpdateQualification),
    Create(CreateQualification),
}

/// What a read saw of a customer.
pub(super) enum Seen {
    Singular(Qualification),
    Plural(Vec<CustomerQualification>),
}

/// Stands for a code where only the rules are checked, or the customer is only read.
pub(super) const NO_CODE: &str = "-";

impl Target {
    pub(super) fn new(
        operation: ChangeOperation,
        change: &Change,
        code: Option<&str>,
    ) -> Result<Self, Refusal> {
        if operation == ChangeOperation::CreateQualification {
            let request = change.request(code);
            return CreateQualification::new(&change.customer, &request).map(Self::Create);
        }
        if change.education_segment.is_some() || change.website.is_some() {
            return Err(Refusal(
                "an education_segment and a website belong to create_qualification".to_owned(),
            ));
        }
        UpdateQualification::new(&change.customer, &change.qualification, code).map(Self::Update)
    }

    /// What a read before anything was sent says of the change, and the same in words.
    pub(super) fn observe(&mut self, seen: &Seen) -> (Observed, String) {
        match (self, seen) {
            (Self::Update(update), Seen::Singular(seen)) => {
                (update.observe(seen, true).0, seen.to_string())
            }
            (Self::Create(create), Seen::Plural(items)) => {
                (create.observe(items, true).0, shown_items(items))
            }
            // The read that belongs to the other contract says nothing.
            _ => (Observed::Nothing, String::new()),
        }
    }
}

impl Change {
    pub(super) fn request(&self, code: Option<&str>) -> QualificationRequest {
        let mut request = QualificationRequest::new(self.qualification.clone());
        if let Some(segment) = &self.education_segment {
            request = request.education_segment(segment.clone());
        }
        if let Some(website) = &self.website {
            request = request.website(website);
        }
        if let Some(code) = code {
            request = request.validation_code(code);
        }
        request
    }
}
