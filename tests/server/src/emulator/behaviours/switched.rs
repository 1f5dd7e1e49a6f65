//! What can be switched, besides what stands with its resource: semantics that nobody documents,
//! and faults.

use super::{Basis, Behaviour, OWN_CHOICE, behaviour};
use Basis::{Assumed, Documented};

const THROTTLING_PAGE: &str = "Learn: API throttling guidance for partners (2023-10)";
const UNSAID: &str =
    "the documents call it a key of idempotency; what a repeat is answered is not said";

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Assumed,
        "a write with a repeated MS-RequestId is one like any other; or, if switched so, it changes nothing and gets the first one's answer, or 409 with code 800060 as long as the first one is not applied",
        UNSAID,
    )
    .switched_by(&["deduplication"]),
    behaviour(
        Assumed,
        "a repeat is one with the same method and path as well, as long as the id is among the last 10,000; its answer has its own correlation id",
        UNSAID,
    )
    .switched_by(&["deduplication"]),
    behaviour(
        Assumed,
        "answers of 400, 403 for a stranger's customer, and 500 are repeated too; a write that got 401, 405, 429, 503 or 403 for its token, or was lost unanswered before it was applied, is not known",
        UNSAID,
    )
    .switched_by(&["deduplication"]),
    behaviour(
        Assumed,
        "a write is applied and answered; or, if switched so, its answer is lost before or after that: the connection is closed or reset, or the answer is 500 with code 800003",
        "what a client must be prepared for; the code is documented",
    )
    .switched_by(&["lost", "lost_as", "lost_when"]),
    behaviour(
        Assumed,
        "a write is applied before it is answered; or, if switched so, some time after it was answered, or lost, as if it were: by the rules of then, and without a further word",
        "an answer may come from a queue; no source",
    )
    .switched_by(&["late_ms", "late_when"]),
    behaviour(
        Assumed,
        "reads show what is so now; or, if switched so, what was so some time ago: qualifications, validation codes and audit records, while customers never change",
        "a replica may answer; no source",
    )
    .switched_by(&["read_lag_ms"]),
    behaviour(
        Assumed,
        "reads succeed; or, if switched so, some get 503, or the connection is closed or reset",
        "what a client must be prepared for",
    )
    .switched_by(&["reads_fail", "reads_fail_when"]),
    behaviour(
        Assumed,
        "a change costs its code one use; or, if switched so, each write does that was let in and names a code, whatever becomes of it, and what is set already is refused once the code is used up",
        "the count is documented for creating customers only",
    )
    .switched_by(&["code_use"]),
    behaviour(
        Assumed,
        "PUT never answers without the value; or, if switched so, with an empty 200 or with 204",
        "no page says so; other calls of the service do",
    )
    .switched_by(&["put_answer"]),
    behaviour(
        Documented,
        "429 has `Retry-After` in seconds, and the gateway's object of `statusCode` and `message`",
        THROTTLING_PAGE,
    )
    .switched_by(&["throttle_every", "retry_after_s"]),
    behaviour(
        Assumed,
        "nobody is throttled; or, if switched so, one in so many requests that have a good token, whoever sends them and whatever they are",
        "the documents name neither the limits nor what counts",
    )
    .switched_by(&["throttle_every", "retry_after_s"]),
    behaviour(
        Assumed,
        "a good token is accepted; or, if switched so, now and then refused like a wrong one",
        OWN_CHOICE,
    )
    .switched_by(&["unauthorized"]),
    behaviour(
        Assumed,
        "the service is there; or, if switched so, it answers 503 before it looks at anything, with the gateway's object; the sign-in authority is there always",
        "the status is documented, its body is not",
    )
    .switched_by(&["unavailable"]),
    behaviour(
        Assumed,
        "what happens by chance is the same again with the same seed, switches and requests in the same order",
        "so that a failure can be repeated",
    )
    .switched_by(&["seed"]),
];
