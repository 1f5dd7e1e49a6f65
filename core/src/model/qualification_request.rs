use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::validation_code::GivenCode;
use super::{Qualification, Refusal};
use crate::names::open_names;

/// Longer than any address of a school; a body this long still fits every gateway.
const MAX_WEBSITE: usize = 2_048;

open_names! {
    /// Which part of education a customer belongs to.
    ///
    /// Source: Learn, "Update a customer's qualifications" (2022-06-28).
    EducationSegment {
        /// Schools up to the twelfth grade.
        K12 = "K12",
        /// Universities and colleges.
        HigherEducation = "HigherEducation",
    }
}

impl<'de> Deserialize<'de> for EducationSegment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| text.as_str().into())
    }
}

/// What `create_qualification` asks for.
///
/// ```
/// use partner_center::{EducationSegment, Qualification, QualificationRequest};
///
/// let school = QualificationRequest::new(Qualification::Education)
///     .education_segment(EducationSegment::K12)
///     .website("contoso.edu");
/// let county = QualificationRequest::new(Qualification::GovernmentCommunityCloud)
///     .validation_code("123456");
/// let company = QualificationRequest::new(Qualification::StateOwnedEntity);
/// ```
#[derive(Clone)]
pub struct QualificationRequest {
    pub(crate) qualification: Qualification,
    education_segment: Option<EducationSegment>,
    website: Option<String>,
    validation_code: Option<String>,
}

impl QualificationRequest {
    /// A request for that qualification; what else it needs follows.
    pub fn new(qualification: impl Into<Qualification>) -> Self {
        Self {
            qualification: qualification.into(),
            education_segment: None,
            website: None,
            validation_code: None,
        }
    }

    /// The segment; Education needs it, nothing else takes it.
    pub fn education_segment(mut self, segment: impl Into<EducationSegment>) -> Self {
        self.education_segment = Some(segment.into());
        self
    }

    /// The institution's web address, which helps the vetting of Education.
    pub fn website(mut self, address: impl Into<String>) -> Self {
        self.website = Some(address.into());
        self
    }

    /// The government validation code; GovernmentCommunityCloud needs it, nothing else takes it.
    pub fn validation_code(mut self, code: impl Into<String>) -> Self {
        self.validation_code = Some(code.into());
        self
    }

    /// The body to send, once the rules hold.
    pub(crate) fn checked(&self) -> Result<Body, Refusal> {
        let Self {
            qualification,
            education_segment: segment,
            website,
            validation_code: code,
        } = self;
        let code = code.as_deref().map(GivenCode::parse).transpose()?;
        let rule = match (qualification, segment, &code) {
            (Qualification::Education, None, _) => {
                "Education needs an education_segment: K12 or HigherEducation"
            }
            (Qualification::Education, Some(EducationSegment::Unknown(_)), _) => {
                "education_segment must be K12 or HigherEducation"
            }
            (Qualification::Education, _, Some(_))
            | (Qualification::StateOwnedEntity, _, Some(_)) => {
                "a validation_code belongs to GovernmentCommunityCloud only"
            }
            (Qualification::GovernmentCommunityCloud, _, None) => {
                "GovernmentCommunityCloud needs a validation_code"
            }
            (
                Qualification::GovernmentCommunityCloud | Qualification::StateOwnedEntity,
                Some(_),
                _,
            ) => "an education_segment belongs to Education only",
            (Qualification::None, ..) => "None cannot be set by a partner",
            (Qualification::Nonprofit, ..) => "Nonprofit cannot be set by a partner",
            (Qualification::Unknown(_), ..) => {
                "qualification must be Education, GovernmentCommunityCloud or StateOwnedEntity"
            }
            _ => website_rule(qualification, website.as_deref()),
        };
        if !rule.is_empty() {
            return Err(Refusal(rule.to_owned()));
        }
        Ok(Body {
            qualification: qualification.clone(),
            education_segment: segment.clone(),
            website: website.clone(),
            validation_code: code,
        })
    }
}

/// The rule that a web address breaks, or nothing.
fn website_rule(qualification: &Qualification, website: Option<&str>) -> &'static str {
    match website {
        None => "",
        Some(_) if *qualification != Qualification::Education => {
            "a website belongs to Education only"
        }
        Some(text) if text.trim().is_empty() => "website is empty",
        Some(text) if text.len() > MAX_WEBSITE => "website is longer than 2048 bytes",
        Some(text) if text.chars().any(char::is_control) => "website contains a control character",
        Some(_) => "",
    }
}

/// Does not show the validation code.
impl fmt::Debug for QualificationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QualificationRequest")
            .field("qualification", &self.qualification)
            .field("education_segment", &self.education_segment)
            .field("website", &self.website)
            .finish_non_exhaustive()
    }
}

/// What is sent, with every rule kept.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) qualification: Qualification,
    education_segment: Option<EducationSegment>,
    website: Option<String>,
    pub(crate) validation_code: Option<GivenCode>,
}

impl Body {
    pub(crate) fn json(&self) -> Vec<u8> {
        /// Members that are not given are left out, as the official client did.
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            qualification: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            education_segment: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            website: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            validation_code: Option<&'a str>,
        }
        let wire = Wire {
            qualification: self.qualification.as_str(),
            education_segment: self
                .education_segment
                .as_ref()
                .map(EducationSegment::as_str),
            website: self.website.as_deref(),
            validation_code: self.validation_code.as_ref().map(GivenCode::expose),
        };
        // Four texts always serialise.
        serde_json::to_vec(&wire).unwrap_or_default()
    }
}
