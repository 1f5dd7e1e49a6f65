//! One file an operation, pure: arguments to [`Request`](crate::http::Request),
//! [`Response`](crate::http::Response) to answer.

pub(crate) mod get_qualification;
mod service_error;
pub(crate) mod update_qualification;

pub(crate) use service_error::ServiceError;

use crate::error::Reason;
use crate::http::Response;
use crate::model::Qualification;

/// Reads the bare scalar with which the singular resource answers.
fn scalar(response: &Response) -> Result<Qualification, Reason> {
    if response.text().trim().is_empty() {
        return Err(Reason::EmptyBody);
    }
    // The value proves itself, whatever the content type says.
    Qualification::from_scalar(&response.body).ok_or(if response.is_html() {
        Reason::UnexpectedHtml
    } else {
        Reason::UnreadableBody
    })
}
