//! What can be switched: where the real service's behaviour is not known, and what goes wrong.

use super::chance::Chance;
use serde::{Deserialize, Serialize};

mod table;

pub use table::{SWITCHES, Switch};

/// How the emulator behaves where nobody knows how the service does, and which faults it has.
///
/// The default is friendly. The members are independent of each other; what counts down, counts
/// down in here, as [`Emulator::switches`](super::Emulator::switches) shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Where chance comes from: the same requests in the same order meet the same faults.
    pub seed: u64,
    /// What a repeated `MS-RequestId` does to a write.
    pub deduplication: Deduplication,
    /// Which part of a write is lost.
    pub lost: Loss,
    /// What the client sees of a lost answer.
    pub lost_as: LostAs,
    /// Which writes that were let in lose something.
    pub lost_when: Chance,
    /// How many milliseconds after its answer, or the loss of it, a write is applied; 0: before.
    pub late_ms: u64,
    /// Which writes are applied late.
    pub late_when: Chance,
    /// How many milliseconds reads are behind.
    pub read_lag_ms: u64,
    /// How reads fail.
    pub reads_fail: ReadFailure,
    /// Which reads fail.
    pub reads_fail_when: Chance,
    /// When a validation code is spent.
    pub code_use: CodeUse,
    /// The answer to a `PUT` that succeeded.
    pub put_answer: PutAnswer,
    /// The answer to a `POST` that succeeded.
    pub post_answer: PostAnswer,
    /// One in so many requests that have a good token, counted from the start, gets 429; 0: none.
    pub throttle_every: u64,
    /// What that answer asks for in `Retry-After`, in seconds.
    pub retry_after_s: u32,
    /// Which requests get 401 in spite of a good token.
    pub unauthorized: Chance,
    /// Which requests get 503, whatever they are.
    pub unavailable: Chance,
}

impl Switches {
    /// From a JSON object; what it leaves out is friendly. The error says what is wrong with it.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            seed: 0,
            deduplication: Deduplication::default(),
            lost: Loss::default(),
            lost_as: LostAs::default(),
            lost_when: Chance::ALWAYS,
            late_ms: 0,
            late_when: Chance::ALWAYS,
            read_lag_ms: 0,
            reads_fail: ReadFailure::default(),
            reads_fail_when: Chance::ALWAYS,
            code_use: CodeUse::default(),
            put_answer: PutAnswer::default(),
            post_answer: PostAnswer::default(),
            throttle_every: 0,
            retry_after_s: 1,
            unauthorized: Chance::NEVER,
            unavailable: Chance::NEVER,
        }
    }
}

/// What a write does whose `MS-RequestId` was seen before, on the same resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deduplication {
    /// It is a write like any other.
    #[default]
    Off,
    /// It gets the first one's answer, and changes nothing.
    Replay,
    /// 409 until the first one is applied; after that, the first one's answer.
    InProgress,
}

/// Which part of a write is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Nothing.
    #[default]
    Never,
    /// The write and its answer: it arrives, and is never applied.
    BeforeApplying,
    /// The answer alone. With `late_ms`, the write is applied that much later.
    AfterApplying,
}

/// What the client sees instead of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostAs {
    /// The connection is closed.
    #[default]
    Closed,
    /// The connection is reset.
    Reset,
    /// 500. The service knows that it said so: a replayed answer is the same.
    ServerError,
}

/// How reads fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadFailure {
    /// Not at all.
    #[default]
    Never,
    /// 503.
    Unavailable,
    /// The connection is closed without an answer.
    Closed,
    /// The connection is reset without an answer.
    Reset,
}

/// When a validation code is spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeUse {
    /// By each change; what is set already costs nothing.
    #[default]
    PerSuccess,
    /// By each write that was let in, also one that changes nothing, is refused or is lost.
    PerRequest,
}

/// The answer to a `PUT` that succeeded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PutAnswer {
    /// 200 with the value.
    #[default]
    Value,
    /// 200 without a body.
    Empty,
    /// 204.
    NoContent,
}

/// The answer to a `POST` that succeeded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostAnswer {
    /// 201 with the one item.
    #[default]
    Created,
    /// 200 with the one item.
    Ok,
    /// 201 with an array of all the customer's items.
    Array,
    /// 200 with that array in an object, as `qualifications`.
    Wrapped,
    /// 201 without a body.
    Empty,
}
