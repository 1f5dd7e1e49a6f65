//! Many changes: a plan that only reads, and a run that needs that very plan, keeps a journal, and
//! stops before a mistake becomes a thousand.
//!
//! Both are calls made of calls: each change is one of the client's own, with its rules for writes.

mod applying;
mod breaker;
mod change;
mod flight;
mod journal;
mod opening;
mod pacing;
mod plan;
mod planning;
mod report;
mod stages;

pub(crate) use applying::Applying;
pub use applying::RunOptions;
pub use change::{Change, ChangeOperation};
pub(crate) use opening::Source;
pub use pacing::Pace;
pub use plan::{Decision, Plan, PlannedChange, PlannedCode};
pub use planning::PlanOptions;
pub(crate) use planning::Planning;
pub use report::{ChangeEnd, ChangeResult, Report, StopReason};
