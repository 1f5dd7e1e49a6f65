//! Many changes: a plan that only reads, and a run that needs that very plan, keeps a journal, and
//! stops before a mistake becomes a thousand.
//!
//! Both are calls made of calls: each change is one of the client's own, with its rules for writes.

mod applying;
mod breaker;
mod change;
mod flight;
mod journal;
mod making;
mod opening;
mod pacing;
mod plan;
mod planning;
mod report;
mod stages;

pub use change::{Change, ChangeOperation};
pub use making::RunOptions;
pub use pacing::Pace;
pub use plan::{Decision, Plan, PlannedChange, PlannedCode};
pub use planning::PlanOptions;
pub use report::{ChangeEnd, ChangeResult, Report, StopReason};

use std::path::PathBuf;

use crate::caller::Caller;
use crate::client::{CallOptions, Client};
use crate::pending::Pending;
use applying::Applying;
use opening::Source;
use planning::Planning;

impl Client {
    /// Reads the customers of many changes, and says what [`Client::run`] would do to each.
    ///
    /// Customers are normalised and doubles left out. Nothing is sent but reads, at the pace that
    /// `plan` allows. Whoever waits hears of each change by [`Step::Planned`](crate::Step). The
    /// deadline of `call` is for each read.
    ///
    /// A customer for whom two different things are asked makes it `InvalidArgument`; a token that
    /// is refused, or reads that fail three times for one cause, end it with that error.
    pub fn plan(
        &self,
        operation: ChangeOperation,
        changes: &[Change],
        plan: &PlanOptions,
        call: &CallOptions,
    ) -> Pending<Plan> {
        self.begin(call, |caller| {
            let Caller {
                client, options, ..
            } = caller;
            Planning::new(client, part_of(options), operation, changes, plan)
        })
    }

    /// Makes the changes of a plan, which must be unaltered: one, then ten, then the rest.
    ///
    /// `journal` is a new file. What settles a change is on its disk before the request leaves, so
    /// that [`Client::resume`] knows what was open, should this process die. Whoever waits hears of
    /// each change by [`Step::Settled`](crate::Step). That changes are refused, or that the run
    /// stops early, is no error: see [`Report`]. The deadline of `call` is for each change.
    ///
    /// Five unknown outcomes in a row, three refusals of one shared cause, or first changes of which
    /// none ends well stop it: nothing more is begun. Needs an App+User token.
    pub fn run(
        &self,
        plan: &Plan,
        journal: impl Into<PathBuf>,
        run: &RunOptions,
        call: &CallOptions,
    ) -> Pending<Report> {
        self.apply(Source::Plan(plan.clone()), journal.into(), run, call)
    }

    /// Goes on with a run by its journal, also in another process.
    ///
    /// What was open is settled by reads first. A change whose only request reads see no trace of is
    /// sent once more within five minutes of it, with the same id; later only where `run` says so.
    /// What has ended is never sent again. Then the rest of the plan is run; what failed before comes
    /// last.
    pub fn resume(
        &self,
        journal: impl Into<PathBuf>,
        run: &RunOptions,
        call: &CallOptions,
    ) -> Pending<Report> {
        self.apply(Source::Journal, journal.into(), run, call)
    }

    fn apply(
        &self,
        source: Source,
        journal: PathBuf,
        run: &RunOptions,
        call: &CallOptions,
    ) -> Pending<Report> {
        self.begin(call, |caller| {
            let Caller {
                client, options, ..
            } = caller;
            Applying::new(client, part_of(options), source, journal, run.clone())
        })
    }
}

/// What each call of a bulk call gets: a request id of its own.
fn part_of(mut options: CallOptions) -> CallOptions {
    options.request_id = None;
    options
}
