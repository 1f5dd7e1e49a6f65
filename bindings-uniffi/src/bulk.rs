//! Many customers: a plan that only reads, and the run of that plan.

mod plan;
mod report;

pub use plan::{Change, ChangeOperation, Decision, Plan, PlannedChange, PlannedCode};
pub use report::{ChangeEnd, ChangeResult, Report, StopReason};

use std::collections::HashMap;
use std::sync::Arc;

use partner_center as core;

use crate::FilePath;
use crate::client::{CallOptions, Client, Ended};
use crate::credential::hidden;
use crate::event::{ListenerError, hearing};
use crate::models::each;

/// How fast a plan is read and a run goes.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Pace {
    /// How many are open at a time, 1 to 32. One that waits because the service asked it to does
    /// not count.
    pub at_once: i32,
    /// How many are begun in a second, at most; absent: as fast as they end.
    pub per_second: Option<f64>,
}

impl From<Pace> for core::Pace {
    fn from(pace: Pace) -> Self {
        // What is no number of calls is refused there as zero is.
        Self::new(
            u32::try_from(pace.at_once).unwrap_or_default(),
            pace.per_second,
        )
    }
}

/// The given pace, or the core's.
fn paced(pace: Option<Pace>) -> core::Pace {
    pace.map(Into::into).unwrap_or_default()
}

/// How a run goes. It shows nothing of what it holds.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct RunOptions(core::RunOptions);

#[uniffi::export]
impl RunOptions {
    /// `codes` are the validation codes by the names that the plan has for them. `pace` is four at a
    /// time and five a second, where it is not given.
    ///
    /// Of a resumed run, `resendOlder` says whether a change that an earlier process has sent more
    /// than five minutes ago, and that reads see no trace of, is sent once more: by then the service
    /// may not know the first request any more. `audit` says whether the audit log is read where a
    /// customer's state does not tell.
    #[uniffi::constructor(default(pace = None, resend_older = false, audit = false, codes))]
    pub fn new(
        codes: HashMap<String, String>,
        pace: Option<Pace>,
        resend_older: bool,
        audit: bool,
    ) -> Arc<Self> {
        let mut run = core::RunOptions::default();
        run.codes = codes;
        run.pace = paced(pace);
        run.resend_older = resend_older;
        run.audit = audit;
        Arc::new(Self(run))
    }
}

hidden! {
    RunOptions,
}

fn heard_by(
    listener: Option<Arc<dyn RunListener>>,
    how: Option<Arc<RunOptions>>,
) -> core::RunOptions {
    let mut run = how.map(|how| how.0.clone()).unwrap_or_default();
    run.on_result = hearing(listener, |listener, result: &core::ChangeResult| {
        listener.on_result(result.into())
    });
    run
}

/// Hears what a run would do to each customer once it was read, on a thread of the client's.
#[uniffi::export(foreign)]
pub trait PlanListener: Send + Sync {
    /// One more customer was read. What it throws stops nothing.
    fn on_planned(&self, change: PlannedChange) -> Result<(), ListenerError>;
}

/// Hears of each change of a run once it ended, on a thread of the client's.
#[uniffi::export(foreign)]
pub trait RunListener: Send + Sync {
    /// One more change ended. What it throws stops nothing.
    fn on_result(&self, result: ChangeResult) -> Result<(), ListenerError>;
}

#[uniffi::export]
impl Client {
    /// Reads the customers of many changes, and says what `run` would do to each.
    ///
    /// Customers are normalised and doubles left out. Nothing is sent but reads: four at a time and
    /// five a second, where no `pace` is given. The deadline of `options` is for each read.
    ///
    /// A customer for whom two different things are asked makes it an `InvalidArgument`; a token that
    /// is refused, or reads that fail three times for one cause, end it with that error.
    #[uniffi::method(default(pace = None, listener = None, options))]
    pub async fn plan(
        &self,
        operation: ChangeOperation,
        changes: Vec<Change>,
        pace: Option<Pace>,
        listener: Option<Arc<dyn PlanListener>>,
        options: CallOptions,
    ) -> Ended<Arc<Plan>> {
        let changes: Vec<core::Change> = each(changes);
        let mut plan = core::PlanOptions::default();
        plan.pace = paced(pace);
        plan.on_planned = hearing(listener, |listener, planned: &core::PlannedChange| {
            listener.on_planned(planned.clone().into())
        });
        let pending = self
            .0
            .plan(operation.into(), &changes, &plan, &options.into());
        Ok(Arc::new(Plan(pending.await?)))
    }

    /// Makes the changes of a plan: one, then ten, then the rest.
    ///
    /// `journal` is a new file. What settles a change is on its disk before the request leaves, so
    /// that `resume` knows what was open, should this process die. That changes are refused, or that
    /// the run stops early, is no error: the report says so. The deadline of `options` is for each
    /// change.
    ///
    /// Five unknown outcomes in a row, three refusals of one shared cause, or first changes of which
    /// none ends well stop it: nothing more is begun. Needs an App+User token.
    #[uniffi::method(default(how = None, listener = None, options))]
    pub async fn run(
        &self,
        plan: Arc<Plan>,
        journal: FilePath,
        how: Option<Arc<RunOptions>>,
        listener: Option<Arc<dyn RunListener>>,
        options: CallOptions,
    ) -> Ended<Report> {
        let how = heard_by(listener, how);
        let pending = self.0.run(&plan.0, journal, &how, &options.into());
        Ok(pending.await?.into())
    }

    /// Goes on with a run by its journal, also in another process.
    ///
    /// What was open is settled by reads first. A change whose only request reads see no trace of is
    /// sent once more within five minutes of it, with the same id; later only where `how` says so.
    /// What has ended is never sent again. Then the rest of the plan is run.
    #[uniffi::method(default(how = None, listener = None, options))]
    pub async fn resume(
        &self,
        journal: FilePath,
        how: Option<Arc<RunOptions>>,
        listener: Option<Arc<dyn RunListener>>,
        options: CallOptions,
    ) -> Ended<Report> {
        let how = heard_by(listener, how);
        let pending = self.0.resume(journal, &how, &options.into());
        Ok(pending.await?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_run_arrives() {
        let codes = HashMap::from([("county".to_owned(), "a code".to_owned())]);
        let pace = Pace {
            at_once: 2,
            per_second: Some(3.0),
        };
        let run = &RunOptions::new(codes.clone(), Some(pace), true, false).0;
        assert_eq!(run.codes, codes);
        assert_eq!(run.pace, core::Pace::new(2, Some(3.0)));
        assert_eq!((run.resend_older, run.audit), (true, false));
        let run = &RunOptions::new(HashMap::new(), None, false, true).0;
        assert_eq!(run.pace, core::Pace::default());
        assert_eq!((run.resend_older, run.audit), (false, true));
    }
}
