use partner_center as core;
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use super::fields::{At, Many, Member};
use super::{from_core, model, result};

model! {
    /// One qualification of a customer, by the service's current contract.
    CustomerQualification("qualification", "vetting_status")
    shown {
        /// A Qualification, or the service's own text where this version does not know it.
        qualification: Member<core::Qualification>,
        /// How its vetting stands; None where none is needed.
        vetting_status: Option<Member<core::VettingStatus>> = None,
        /// Why it was denied.
        vetting_reason: Option<Member<core::VettingReason>> = None,
        /// When the vetting was asked for, in UTC, where the date can be read.
        vetting_created: Option<At> = None,
    }
    more {
        /// The same as the service wrote it.
        vetting_created_text: Option<String> = None,
    }
}

impl From<core::CustomerQualification> for CustomerQualification {
    fn from(item: core::CustomerQualification) -> Self {
        Self {
            qualification: Member(item.qualification),
            vetting_status: item.vetting_status.map(Member),
            vetting_reason: item.vetting_reason.map(Member),
            vetting_created: item.vetting_created.and_then(At::new),
            vetting_created_text: item.vetting_created_text,
        }
    }
}

result! {
    /// The customer is in the asked state: any other end is an exception.
    UpdatedQualification("qualification", "outcome") {
        /// The customer's tenant id, lower case with hyphens.
        customer: String,
        /// A Qualification, or the service's own text where this version does not know it.
        qualification: Member<core::Qualification>,
        /// What is known about the asked change: applied.
        outcome: Member<core::Outcome>,
        /// How that is known.
        evidence: Member<core::Evidence>,
    }
}
from_core!(UpdatedQualification {
    customer: updated.customer,
    qualification: Member(updated.qualification),
    outcome: Member(updated.outcome),
    evidence: Member(updated.evidence),
} of updated);

result! {
    /// What a read saw. It has no outcome: a read asks for no change.
    CurrentQualification("customer", "qualification") {
        /// The customer's tenant id, lower case with hyphens.
        customer: String,
        /// A Qualification, or the service's own text where this version does not know it.
        qualification: Member<core::Qualification>,
    }
}
from_core!(CurrentQualification {
    customer: current.customer,
    qualification: Member(current.qualification),
} of current);

result! {
    /// The asked qualification is on record. Whether it is granted, its vetting says.
    CreatedQualification("qualification", "outcome") {
        /// The customer's tenant id, lower case with hyphens.
        customer: String,
        /// The qualification, and how its vetting stands.
        qualification: CustomerQualification,
        /// What is known about the asked change: applied, or already_set where nothing was sent.
        outcome: Member<core::Outcome>,
        /// How that is known.
        evidence: Member<core::Evidence>,
    }
}
from_core!(CreatedQualification {
    customer: created.customer,
    qualification: created.qualification.into(),
    outcome: Member(created.outcome),
    evidence: Member(created.evidence),
} of created);

result! {
    /// A customer's qualifications, by the service's current contract. Iterable; empty: none.
    CurrentQualifications("customer", "qualifications") {
        /// The customer's tenant id, lower case with hyphens.
        customer: String,
        /// Each qualification, in the service's order.
        qualifications: Many<CustomerQualification>,
    }
}
from_core!(CurrentQualifications {
    customer: current.customer,
    qualifications: current.qualifications.into_iter().map(Into::into).collect(),
} of current);

#[pymethods]
impl CurrentQualifications {
    fn __len__(&self) -> usize {
        self.qualifications.items().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.qualifications.tuple(py)?.try_iter()
    }
}

result! {
    /// How waiting for a vetting ended, and what was last seen.
    Vetting("end", "qualification") {
        /// The customer's tenant id, lower case with hyphens.
        customer: String,
        /// How it ended.
        end: Member<core::VettingEnd>,
        /// The qualification as it was last seen.
        qualification: CustomerQualification,
        /// How often the service was asked with success.
        polls: u32,
    }
}
from_core!(Vetting {
    customer: vetting.customer,
    end: Member(vetting.end),
    qualification: vetting.qualification.into(),
    polls: vetting.polls,
} of vetting);
