//! The core's nouns and results, as they cross the border.

use std::sync::Arc;
use std::time::SystemTime;

use partner_center as core;

use crate::Uuid;
use crate::credential::hidden;
use crate::enums::{
    AttemptClass, EducationSegment, Evidence, Method, Outcome, Qualification, VettingEnd,
    VettingReason, VettingStatus,
};
use crate::error::PartnerCenterError;

/// The core writes ids in the form that is read here.
pub(crate) fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap_or_default()
}

/// One request that was made for a call.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Attempt {
    /// When it was begun, by this machine's clock.
    pub at: SystemTime,
    /// The HTTP method.
    pub method: Method,
    /// What it came to.
    pub class: AttemptClass,
    /// The HTTP status, where one arrived.
    pub status: Option<i32>,
    /// The `MS-RequestId` that was sent: one value for every attempt of the same request.
    pub request_id: String,
    /// The `MS-CorrelationId` that was sent.
    pub correlation_id: String,
}

impl From<&core::Attempt> for Attempt {
    fn from(attempt: &core::Attempt) -> Self {
        Self {
            at: attempt.at,
            method: attempt.method.into(),
            class: attempt.class.into(),
            status: attempt.status.map(i32::from),
            request_id: attempt.request_id.clone(),
            correlation_id: attempt.correlation_id.clone(),
        }
    }
}

/// What a result says of its making.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Trace {
    /// `MS-RequestId`: the answer's, else the one sent.
    pub request_id: String,
    /// `MS-CorrelationId`: the answer's, else the one sent.
    pub correlation_id: String,
    /// `MS-CV`, the service's own trace, where it sent one.
    pub ms_cv: Option<String>,
    /// Whether the service found multifactor authentication in the token, where the client asks.
    pub mfa_compliant: Option<bool>,
    /// Every request that was made for the call, in order.
    pub attempts: Vec<Attempt>,
}

impl From<core::Trace> for Trace {
    fn from(trace: core::Trace) -> Self {
        Self {
            attempts: trace.attempts.iter().map(Into::into).collect(),
            request_id: trace.request_id,
            correlation_id: trace.correlation_id,
            ms_cv: trace.ms_cv,
            mfa_compliant: trace.mfa_compliant,
        }
    }
}

/// What a read saw of a customer, and when.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Observation {
    /// When it was answered, by this machine's clock.
    pub at: SystemTime,
    /// The qualification, or each of them with the status of its vetting.
    pub value: String,
}

impl From<&core::Observation> for Observation {
    fn from(seen: &core::Observation) -> Self {
        Self {
            at: seen.at,
            value: seen.value.clone(),
        }
    }
}

/// A change whose effect is not known, with all that is needed to settle it by reads: later, or in
/// another process. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PendingOperation {
    /// `update_qualification` or `create_qualification`.
    pub operation: String,
    /// The customer's tenant id.
    pub customer: String,
    /// What was asked for.
    pub qualification: Qualification,
    /// `MS-RequestId` of the operation.
    pub request_id: String,
    /// `MS-CorrelationId` of each request that was made.
    pub correlation_ids: Vec<String>,
    /// Where it was sent.
    pub base_url: String,
    /// When the first request was made, by this machine's clock.
    pub first_sent: SystemTime,
    /// All of it in one line, for a file or a ticket; `pendingOperation` reads it.
    pub json: String,
}

impl From<&core::PendingOperation> for PendingOperation {
    fn from(pending: &core::PendingOperation) -> Self {
        Self {
            operation: pending.operation.clone(),
            customer: pending.customer.clone(),
            qualification: core::Qualification::from(pending.qualification.as_str()).into(),
            request_id: pending.request_id.clone(),
            correlation_ids: pending.correlation_ids.clone(),
            base_url: pending.base_url.clone(),
            first_sent: pending.first_sent_at(),
            json: pending.to_json(),
        }
    }
}

/// One qualification of a customer, by the current contract.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
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

impl From<core::CustomerQualification> for CustomerQualification {
    fn from(item: core::CustomerQualification) -> Self {
        Self {
            qualification: item.qualification.into(),
            vetting_status: item.vetting_status.map(Into::into),
            vetting_reason: item.vetting_reason.map(Into::into),
            vetting_created: item.vetting_created,
            vetting_created_text: item.vetting_created_text,
        }
    }
}

/// A customer of the partner.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Customer {
    /// The tenant id.
    pub id: Uuid,
    /// The company's name.
    pub company_name: Option<String>,
    /// The tenant's default domain, such as `contoso.onmicrosoft.com`.
    pub domain: Option<String>,
    /// `reseller`, `advisor`, and others, as the service writes it.
    pub relationship_to_partner: Option<String>,
    /// The id in Microsoft's commerce systems; only `getCustomer` is answered with it.
    pub commerce_id: Option<String>,
    /// Whether the partner may administer the customer; only from `getCustomer`.
    pub allow_delegated_access: Option<bool>,
    /// Further domains; only from `getCustomer`, and only where the partner may read them.
    pub custom_domains: Vec<String>,
    /// The indirect reseller.
    pub associated_partner_id: Option<String>,
    /// The company's registration number.
    pub organization_registration_number: Option<String>,
    /// The company's e-mail address.
    pub email: Option<String>,
}

impl From<core::Customer> for Customer {
    fn from(customer: core::Customer) -> Self {
        Self {
            id: id(&customer.id),
            company_name: customer.company_name,
            domain: customer.domain,
            relationship_to_partner: customer.relationship_to_partner,
            commerce_id: customer.commerce_id,
            allow_delegated_access: customer.allow_delegated_access,
            custom_domains: customer.custom_domains,
            associated_partner_id: customer.associated_partner_id,
            organization_registration_number: customer.organization_registration_number,
            email: customer.email,
        }
    }
}

/// A text that is not to be seen by chance: it is not printed, described or dumped.
#[derive(PartialEq, Eq, Hash, uniffi::Object)]
#[uniffi::export(Debug, Display, Eq, Hash)]
pub struct Secret(String);

#[uniffi::export]
impl Secret {
    /// The text.
    pub fn reveal(&self) -> String {
        self.0.clone()
    }
}

hidden! {
    Secret,
}

/// A government validation code as the service lists it, with what is left of its budget.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ValidationCode {
    /// The code, as `updateQualification` and `QualificationRequest` take it.
    pub value: Arc<Secret>,
    /// The name given when the organization was validated.
    pub organization: Option<String>,
    /// How many customers may be created with it.
    pub max_creates: Option<i64>,
    /// How many are left.
    pub remaining_creates: Option<i64>,
    /// The partner that it was issued to.
    pub partner_id: Option<String>,
    /// The service's version of this record.
    pub etag: Option<String>,
}

impl From<core::ValidationCode> for ValidationCode {
    fn from(code: core::ValidationCode) -> Self {
        Self {
            value: Arc::new(Secret(code.value().to_owned())),
            organization: code.organization,
            max_creates: code.max_creates,
            remaining_creates: code.remaining_creates,
            partner_id: code.partner_id,
            etag: code.etag,
        }
    }
}

/// What `createQualification` asks for. It shows nothing of what it holds.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct QualificationRequest(pub(crate) core::QualificationRequest);

#[uniffi::export]
impl QualificationRequest {
    /// Education needs its segment, and a web address helps its vetting; GovernmentCommunityCloud
    /// needs a validation code; StateOwnedEntity needs nothing else.
    #[uniffi::constructor(default(
        education_segment = None, website = None, validation_code = None
    ))]
    pub fn new(
        qualification: Qualification,
        education_segment: Option<EducationSegment>,
        website: Option<String>,
        validation_code: Option<String>,
    ) -> Arc<Self> {
        let mut request = core::QualificationRequest::new(core::Qualification::from(qualification));
        if let Some(segment) = education_segment {
            request = request.education_segment(core::EducationSegment::from(segment));
        }
        if let Some(address) = website {
            request = request.website(address);
        }
        if let Some(code) = validation_code {
            request = request.validation_code(code);
        }
        Arc::new(Self(request))
    }
}

hidden! {
    QualificationRequest,
}

/// Declares a result: the core's fields, each converted.
macro_rules! results {
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$about:meta])* $field:ident: $type:ty = $from:expr,)*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, uniffi::Record)]
        pub struct $name {
            $($(#[$about])* pub $field: $type,)*
            /// Ids and attempts.
            pub trace: Trace,
        }

        impl From<core::$name> for $name {
            fn from(result: core::$name) -> Self {
                Self {
                    $($field: {
                        let convert: fn(_) -> $type = $from;
                        convert(result.$field)
                    },)*
                    trace: result.trace.into(),
                }
            }
        }
    )*};
}

fn customer(text: String) -> Uuid {
    id(&text)
}

pub(crate) fn each<A, B: From<A>>(items: Vec<A>) -> Vec<B> {
    items.into_iter().map(Into::into).collect()
}

results! {
    /// A qualification that was set by the synchronous contract.
    UpdatedQualification {
        /// The customer's tenant id.
        customer: Uuid = customer,
        /// The customer's qualification now.
        qualification: Qualification = Into::into,
        /// Applied, or already set.
        outcome: Outcome = Into::into,
        /// How that is known.
        evidence: Evidence = Into::into,
    }
    /// A customer's qualification by the synchronous contract.
    CurrentQualification {
        /// The customer's tenant id.
        customer: Uuid = customer,
        /// The customer's qualification.
        qualification: Qualification = Into::into,
    }
    /// A qualification that was asked for by the current contract.
    CreatedQualification {
        /// The customer's tenant id.
        customer: Uuid = customer,
        /// The qualification, and how its vetting stands.
        qualification: CustomerQualification = Into::into,
        /// Applied, or already set.
        outcome: Outcome = Into::into,
        /// How that is known.
        evidence: Evidence = Into::into,
    }
    /// A customer's qualifications by the current contract.
    CurrentQualifications {
        /// The customer's tenant id.
        customer: Uuid = customer,
        /// Each of them, with how its vetting stands.
        qualifications: Vec<CustomerQualification> = each,
    }
    /// How waiting for a vetting ended, and what was last seen.
    Vetting {
        /// The customer's tenant id.
        customer: Uuid = customer,
        /// How it ended.
        end: VettingEnd = Into::into,
        /// The qualification as it was last seen.
        qualification: CustomerQualification = Into::into,
        /// How often the service was asked with success.
        polls: i64 = Into::into,
    }
    /// The partner's government validation codes.
    ValidationCodes {
        /// Each of them.
        codes: Vec<ValidationCode> = each,
    }
    /// The validation code that was looked for.
    FoundValidationCode {
        /// The code.
        code: ValidationCode = Into::into,
    }
    /// A page of the partner's customers.
    CustomerPage {
        /// The customers of this page.
        customers: Vec<Customer> = each,
        /// Where the next page is; absent from the last one.
        next: Option<Arc<NextPage>> = |next: Option<core::NextPage>| {
            next.map(|next| Arc::new(NextPage(next)))
        },
    }
    /// The customer that was asked for.
    FoundCustomer {
        /// The customer.
        customer: Customer = Into::into,
    }
    /// What became of a change whose answer was lost, as far as reads can tell.
    Reconciled {
        /// The customer's tenant id.
        customer: Uuid = customer,
        /// What was asked for.
        qualification: Qualification = Into::into,
        /// Applied: the customer is in the asked state, or the audit log says that a request
        /// succeeded. Not applied: the audit log says that each request failed. Unknown: neither
        /// can be told yet.
        outcome: Outcome = Into::into,
        /// How that is known; absent while it is unknown.
        evidence: Option<Evidence> = |evidence: Option<core::Evidence>| evidence.map(Into::into),
        /// What the customer is now.
        observed: Observation = |seen: core::Observation| (&seen).into(),
    }
}

/// Where the next page is, as the service said it.
#[derive(Debug, uniffi::Object)]
pub struct NextPage(pub(crate) core::NextPage);

impl PendingOperation {
    /// The core's own, from the line that holds all of it.
    pub(crate) fn whole(&self) -> Result<core::PendingOperation, PartnerCenterError> {
        Ok(core::PendingOperation::from_json(&self.json)?)
    }
}
