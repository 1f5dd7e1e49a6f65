//! One file an operation, pure: arguments to [`Request`], [`Response`] to answer.

mod get_qualification;
mod update_qualification;

pub use get_qualification::CurrentQualification;
pub(crate) use get_qualification::GetQualification;
pub(crate) use update_qualification::UpdateQualification;
pub use update_qualification::UpdatedQualification;

use crate::error::{Attempt, Reason};
use crate::http::{Effect, Request, Response};
use crate::model::Qualification;

/// Arguments that obey the rules, and what to do with them.
pub(crate) trait Operation: Send + 'static {
    const EFFECT: Effect;
    /// What a success proves.
    type Proof;
    type Output: Send + 'static;

    /// The request, without what every request carries.
    fn request(&self) -> Request;

    /// The validation code, where one is in the request.
    fn secret(&self) -> Option<&str> {
        None
    }

    /// Takes the proof out of a whole 2xx answer, or says why it holds none.
    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason>;

    fn output(self, proof: Self::Proof, trace: Trace) -> Self::Output;
}

/// What a result says of its making.
pub(crate) struct Trace {
    pub(crate) request_id: String,
    pub(crate) correlation_id: String,
    pub(crate) ms_cv: Option<String>,
    pub(crate) attempts: Vec<Attempt>,
}

/// Reads the bare scalar with which the singular resource answers.
fn scalar(response: &Response) -> Result<Qualification, Reason> {
    if response.text().trim().is_empty() {
        return Err(Reason::EmptyBody);
    }
    // The value proves itself, whatever the content type says.
    Qualification::from_scalar(&response.body).ok_or_else(|| {
        if response.is_html() {
            Reason::UnexpectedHtml
        } else {
            Reason::UnreadableBody
        }
    })
}
