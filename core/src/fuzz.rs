//! What reads foreign bytes, for fuzzers: each takes any bytes, and must not panic.

use std::time::{Duration, SystemTime};

use crate::credential::read_token_answer;
use crate::engine::write::{Action, Answer, End, Event, Observed, RESEND_WITHIN, Rules, Write};
use crate::engine::{claims, incurable, retry_after};
use crate::error::OnAmbiguous;
use crate::http::Response;
use crate::model::{PendingOperation, Qualification};
use crate::operations::{
    CreateQualification, FindTenant, GetAuditRecords, GetCustomer, GetQualification,
    GetQualifications, GetValidationCodes, ListCustomers, Operation, Wanted,
};
use crate::redaction::Redaction;
use crate::service_error::ServiceError;
use crate::{CustomerId, QualificationRequest};

const CUSTOMER: &str = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("answers", answers),
    ("errors", errors),
    ("headers", headers),
    ("machine", machine),
    ("pending", pending),
    ("token", token),
];

fn response(status: u16, headers: Vec<(String, String)>, body: &[u8]) -> Response {
    Response {
        status,
        reason_phrase: None,
        headers,
        body: body.to_vec(),
        cut: None,
    }
}

/// The success of every operation.
pub fn answers(data: &[u8]) {
    let answer = response(200, Vec::new(), data);
    let Ok(customer) = CustomerId::parse(CUSTOMER) else {
        return;
    };
    let _ = GetQualification(customer).proof(&answer);
    let _ = GetQualifications(customer).proof(&answer);
    let _ = GetCustomer(customer).proof(&answer);
    let _ = GetValidationCodes.proof(&answer);
    let asked = QualificationRequest::new(Qualification::StateOwnedEntity);
    if let Ok(create) = CreateQualification::new(CUSTOMER, &asked) {
        let _ = create.proof(&answer);
    }
    if let Ok(Wanted::Domain(find)) = Wanted::new(Some("contoso.com"), None) {
        let _ = FindTenant::proof(&find, &answer);
    }
    if let Ok(list) = ListCustomers::first(None, None)
        && let Ok((_, Some(next))) = list.proof(&answer)
    {
        let next = ListCustomers::Next(next);
        let _ = next.request().target();
        let _ = next.proof(&answer);
    }
    let change = PendingOperation::new("", CUSTOMER, &Qualification::Education);
    if let Ok((records, _)) = GetAuditRecords::since(&change).proof(&answer) {
        for record in records {
            let _ = (record.is_of(&change), record.outcome());
        }
    }
}

/// The body of a refusal.
pub fn errors(data: &[u8]) {
    let mut redaction = Redaction::default();
    redaction.add("secret", "[secret]");
    let read = ServiceError::read(&response(400, Vec::new(), data), &redaction);
    let _ = read.in_its_words();
}

/// `Retry-After` and `WWW-Authenticate`.
pub fn headers(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let all = ["retry-after", "www-authenticate", "date"];
    let headers = all.map(|name| (name.to_owned(), text.clone()));
    let answer = response(401, headers.into(), b"");
    let _ = (retry_after(&answer, SystemTime::now()), claims(&answer));
    let _ = incurable(&answer, &ServiceError::default());
}

/// The answer of a token endpoint.
pub fn token(data: &[u8]) {
    for status in [200, 400] {
        read_token_answer(&response(status, Vec::new(), data));
    }
}

/// A kept operation.
pub fn pending(data: &[u8]) {
    if let Ok(read) = PendingOperation::from_json(&String::from_utf8_lossy(data)) {
        let _ = (read.first_sent_at(), read.to_json());
    }
}

/// Any events, in any order: the machine ends, and sends at most so often.
pub fn machine(data: &[u8]) {
    let mut bytes = data.iter().copied();
    let mut byte = || bytes.next().unwrap_or_default();
    let mut machine = Write::new(Rules {
        on_ambiguous: match byte() % 3 {
            0 => OnAmbiguous::ReconcileThenResend,
            1 => OnAmbiguous::Reconcile,
            _ => OnAmbiguous::Raise,
        },
        read_first: byte() % 2 == 0,
        may_resend: byte() % 2 == 0,
        deadline: Duration::from_secs(u64::from(byte()) * 4),
        least: Duration::from_secs(u64::from(byte() % 20)),
        resend_within: RESEND_WITHIN,
        before: None,
    });
    let (mut now, mut sends) = (Duration::ZERO, 0);
    for _ in 0..64 {
        let (kind, detail) = (byte(), byte());
        let asked = (detail % 3 == 0).then(|| Duration::from_secs(u64::from(detail) * 2));
        let event = match kind % 12 {
            0 => Event::Begin,
            1 => Event::Answered(Answer::Applied),
            2 => Event::Answered(Answer::NotSent {
                may_pass: detail % 2 == 0,
            }),
            3 => Event::Answered(Answer::AuthExpired {
                curable: detail % 2 == 0,
            }),
            4 => Event::Answered(Answer::Throttled { asked }),
            5 => Event::Answered(Answer::Rejected {
                conflict: detail % 2 == 0,
                in_progress: detail % 5 == 0,
            }),
            6 => Event::Answered(Answer::Unknown {
                said_done: detail % 2 == 0,
                asked,
            }),
            7 => Event::Observed(Observed::Target),
            8 => Event::Observed(Observed::Conflicting),
            9 => Event::Observed(Observed::Old),
            10 => Event::Tick,
            _ => Event::Observed(Observed::Nothing),
        };
        now += Duration::from_secs(u64::from(detail % 30));
        match machine.next(event, now, f64::from(detail) / 255.0) {
            Action::Send => sends += 1,
            Action::Done(End::AlreadySet) => assert_eq!(sends, 0),
            _ => {}
        }
    }
    // Two that may count, five refused, three that were not sent.
    assert!(sends <= 10, "{sends} sends");
}
