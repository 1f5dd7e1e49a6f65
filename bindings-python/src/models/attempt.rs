use partner_center as core;
use pyo3::prelude::*;

use super::fields::{At, Member};

super::model! {
    /// One request that was made for a call.
    Attempt("class_", "status")
    shown {
        /// The HTTP method.
        method: String,
        /// What it came to.
        class_: Member<core::AttemptClass>,
        /// The HTTP status, where one arrived.
        status: Option<u16>,
    }
    more {
        /// When it was begun, by this machine's clock, in UTC.
        at: At,
        /// The MS-RequestId that was sent: one value for every attempt of the same request.
        request_id: String,
        /// The MS-CorrelationId that was sent.
        correlation_id: String,
    }
}

impl From<&core::Attempt> for Attempt {
    fn from(attempt: &core::Attempt) -> Self {
        Self {
            at: attempt.at.into(),
            method: attempt.method.as_str().to_owned(),
            class_: Member(attempt.class),
            status: attempt.status,
            request_id: attempt.request_id.clone(),
            correlation_id: attempt.correlation_id.clone(),
        }
    }
}
