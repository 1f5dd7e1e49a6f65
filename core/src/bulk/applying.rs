//! Makes the changes of a plan: each one a call of the client's, a few at a time.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::breaker::Breaker;
use super::flight::{Flight, Open};
use super::journal::{Entry, Journal, Line};
use super::making::{Making, RunOptions, Settled, settled};
use super::opening::{Kind, Opened, Source, Work};
use super::plan::{Plan, PlannedChange};
use super::report::{ChangeEnd, ChangeResult, Report, StopReason};
use super::stages::Stages;
use crate::caller::refused;
use crate::calls::Call;
use crate::client::{CallOptions, Client};
use crate::control::{Left, Notice, Part, heard};
use crate::error::{Error, ErrorKind, Outcome};
use crate::exchange::{Context, Flow};
use crate::http::Effect;
use crate::model::GivenCode;
use crate::transport::bare;

pub(crate) struct Applying {
    client: Client,
    options: CallOptions,
    run: RunOptions,
    path: PathBuf,
    /// Until the journal is open.
    source: Option<Source>,
    opened: Option<Progress>,
    flight: Flight<(usize, Kind), Settled>,
    breaker: Breaker,
    stages: Stages,
    stopped: Option<(StopReason, String)>,
}

/// A run whose journal is open.
struct Progress {
    plan: Plan,
    journal: Arc<Journal>,
    torn: bool,
    results: Vec<Arc<ChangeResult>>,
    work: VecDeque<Work>,
    /// How many changes have ended, in this run or an earlier one.
    ended: usize,
    any: bool,
}

impl Applying {
    pub(crate) fn new(
        client: Client,
        options: CallOptions,
        source: Source,
        path: PathBuf,
        run: RunOptions,
    ) -> Result<Self, Error> {
        let base_url = bare(&client.inner().origin.route.base);
        if let Source::Plan(plan) = &source {
            plan.checked()?;
            fits(plan, &base_url)?;
            let names = plan.codes();
            known(&run, names.iter().map(|code| code.name.as_str()))?;
        }
        for code in run.codes.values() {
            GivenCode::parse(code).map_err(refused)?;
        }
        Ok(Self {
            flight: Flight::new(run.pace)?,
            client,
            options,
            run,
            path,
            source: Some(source),
            opened: None,
            breaker: Breaker::default(),
            stages: Stages::default(),
            stopped: None,
        })
    }

    /// Opens the journal, in the call's first turn.
    fn open(&mut self) -> Result<(), Error> {
        let Some(source) = self.source.take() else {
            return Ok(());
        };
        let Opened {
            plan,
            journal,
            torn,
            results,
            work,
        } = source.open(&self.path)?;
        fits(&plan, &bare(&self.client.inner().origin.route.base))?;
        let starting = work.iter().filter_map(|work| match work {
            Work::Start(number) => plan.changes.get(*number)?.code_name.as_deref(),
            _ => None,
        });
        known(&self.run, starting)?;
        let ended = results.iter().filter(|one| one.has_ended()).count();
        self.opened = Some(Progress {
            ended,
            plan,
            journal: Arc::new(journal),
            torn,
            results,
            work,
            any: false,
        });
        Ok(())
    }

    /// Begins what the pace allows; how long until it allows more.
    fn begin(&mut self, context: Context<'_>, progress: &mut Progress) -> Duration {
        while self.stopped.is_none()
            && self.flight.has_room()
            && let Some(work) = progress.work.front()
        {
            let kind = work.kind();
            // What was left open is settled before anything more is sent.
            let settles = self.flight.keys().any(|(_, kind)| kind != Kind::Start);
            if kind == Kind::Start && (settles || !self.stages.allow()) {
                break;
            }
            let wait = self.flight.wait(context);
            if !wait.is_zero() {
                return wait;
            }
            let Some(work) = progress.work.pop_front() else {
                break;
            };
            progress.any = true;
            let key = (work.number(), kind);
            if kind == Kind::Start {
                self.stages.begin();
            }
            match self.call(context, progress, work) {
                Ok(call) => self.flight.begin(context, key, call),
                Err(error) => self.end(context, progress, key, Err(error)),
            }
        }
        Duration::MAX
    }

    /// The call that does it.
    fn call(
        &self,
        context: Context<'_>,
        progress: &Progress,
        work: Work,
    ) -> Result<Box<dyn Open<Settled>>, Error> {
        let planned = progress.plan.changes.get(work.number()).ok_or_else(gone)?;
        let recorder = Entry {
            journal: Arc::clone(&progress.journal),
            row: planned.row,
        };
        let mut options = self.options.clone();
        options.part = Some(Part {
            whole: Arc::clone(context.control),
            recorder: Some(Arc::new(recorder)),
        });
        let making = Making {
            client: &self.client,
            run: &self.run,
            options,
            operation: progress.plan.operation,
            planned,
        };
        making.call(work)
    }

    /// One change ended.
    fn end(
        &mut self,
        context: Context<'_>,
        progress: &mut Progress,
        (number, kind): (usize, Kind),
        end: Result<Settled, Error>,
    ) {
        let Some(planned) = progress.plan.changes.get(number) else {
            return;
        };
        let broken = end
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Journal);
        let earlier = progress.results.get(number);
        let (result, is_news) = resulting(planned, kind, end, earlier.map(Arc::as_ref));
        if is_news && let Err(why) = progress.journal.write(&Line::Ended(result.clone())) {
            self.stop(StopReason::Journal, &why);
        }
        if broken {
            let why = result.detail.as_deref().unwrap_or_default();
            self.stop(StopReason::Journal, why);
        }
        if kind == Kind::Start {
            self.judge(&result, planned.code_name.as_deref());
        }
        let result = Arc::new(result);
        if let Some(place) = progress.results.get_mut(number) {
            progress.ended += usize::from(result.has_ended());
            progress.ended -= usize::from(place.has_ended());
            *place = Arc::clone(&result);
        }
        match &self.run.on_result {
            Some(hear) => heard(|| hear(&result)),
            None => context.control.notice(Notice::Settled(result)),
        }
    }

    /// Whether the run goes on after what it has begun itself.
    fn judge(&mut self, result: &ChangeResult, code_name: Option<&str>) {
        let why = result.detail.as_deref().unwrap_or_default();
        if let Some(reason) = self.breaker.see(result, code_name) {
            self.stop(reason, why);
        }
        if !self.stages.end(result.is_well()) {
            self.stop(StopReason::FirstChanges, why);
        }
    }

    fn stop(&mut self, reason: StopReason, why: &str) {
        self.stopped.get_or_insert_with(|| (reason, why.to_owned()));
    }

    /// What who leaves now is told.
    fn tell_left(&self, context: Context<'_>, progress: &Progress) {
        let left = progress.any.then(|| Left {
            changes: progress.plan.changes.len(),
            ended: progress.ended,
            open: self.flight.len(),
        });
        context.control.lock().bulk = left;
    }

    fn report(&mut self, progress: Progress) -> Report {
        // The ends alone may still be on their way to the disk.
        if let Err(why) = progress.journal.sync(u64::MAX) {
            self.stop(StopReason::Journal, &why);
        }
        // A call whose thread comes too late writes nothing more.
        progress.journal.close();
        let path = self.path.display().to_string();
        let mut report = Report::new(progress.results, path, progress.plan.fingerprint);
        report.torn = progress.torn;
        if let Some((reason, why)) = self.stopped.take() {
            report.stopped = Some(reason);
            report.detail = Some(reason.text(&why));
        }
        report
    }
}

/// What became of a change whose call ended so, and whether that is news: what stays as unknown as
/// it was is none, and so no line, and no reason to stop.
fn resulting(
    planned: &PlannedChange,
    kind: Kind,
    end: Result<Settled, Error>,
    earlier: Option<&ChangeResult>,
) -> (ChangeResult, bool) {
    let result = match end {
        Ok(end) => settled(planned, end, earlier.and_then(|one| one.pending.clone())),
        Err(error) => ChangeResult::failed(planned, &error),
    };
    match (kind, earlier) {
        (Kind::Start, _) | (_, None) => (result, true),
        // What came of no request and no read tells nothing of an earlier run's request.
        (_, Some(earlier)) if result.kind.is_some() && result.outcome == Outcome::NotApplied => {
            let detail = result.detail;
            let kept = ChangeResult {
                detail,
                ..earlier.clone()
            };
            (kept, false)
        }
        (kind, _) => {
            let stays_open = kind == Kind::Reread || has_one_request(&result);
            let is_news = result.end != ChangeEnd::Unknown || !stays_open;
            (result, is_news)
        }
    }
}

/// Whether an operator's word, or the code that was not given, can still have a change sent once
/// more: written down as ended it would only be read.
fn has_one_request(result: &ChangeResult) -> bool {
    let pending = result.pending.as_ref();
    pending.is_some_and(|change| change.correlation_ids.len() == 1)
}

fn gone() -> Error {
    Error::invalid("the plan has no such change")
}

fn fits(plan: &Plan, base_url: &str) -> Result<(), Error> {
    if plan.base_url == base_url {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the plan was made for {}, which is not this client's base_url",
        plan.base_url
    )))
}

/// Whether each named code is given.
fn known<'a>(run: &RunOptions, names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut names = names.filter(|name| !run.codes.contains_key(*name));
    match names.next() {
        None => Ok(()),
        Some(name) => Err(Error::invalid(format!("codes has none for {name:?}"))),
    }
}

impl Call for Applying {
    const NAME: &'static str = "run";
    const EFFECT: Effect = Effect::Write;
    const IS_WOKEN: bool = true;
    type Output = Report;

    fn outcome(report: &Report) -> Option<Outcome> {
        (report.unknown > 0).then_some(Outcome::Unknown)
    }

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<Report, Error>> {
        if let Err(error) = self.open() {
            return Flow::Done(Err(error));
        }
        let Some(mut progress) = self.opened.take() else {
            return Flow::Done(Err(gone()));
        };
        loop {
            for (key, end) in self.flight.ended(context) {
                self.end(context, &mut progress, key, end);
            }
            let open = self.flight.len();
            let wait = self.begin(context, &mut progress);
            self.tell_left(context, &progress);
            if self.flight.len() > open {
                // The first look at a call begins it.
                continue;
            }
            let is_through = self.flight.is_empty() && progress.work.is_empty();
            if context.control.is_cancelled() && !is_through {
                // What was begun since says nothing of the customers, and stops no run.
                return Flow::Done(Err(context.control.cancel()));
            }
            if is_through || self.flight.is_empty() && self.stopped.is_some() {
                return Flow::Done(Ok(self.report(progress)));
            }
            self.opened = Some(progress);
            return Flow::Wait(wait);
        }
    }
}
