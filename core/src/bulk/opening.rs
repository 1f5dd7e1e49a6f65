//! What a run starts from: a plan and a new journal, or the journal of an earlier run.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::journal::{Header, Journal, Line, Lost, failed};
use super::plan::{Plan, PlannedChange};
use super::report::{ChangeEnd, ChangeResult};
use crate::engine::write::Before;
use crate::error::Error;
use crate::model::{PendingOperation, milliseconds};

pub(crate) enum Source {
    Plan(Plan),
    Journal,
}

/// What is to be done about one change, by its number in the plan.
pub(super) enum Work {
    Start(usize),
    /// An earlier run has sent something, and not learned what became of it.
    Settle {
        number: usize,
        change: PendingOperation,
        before: Before,
    },
    /// An earlier run has ended it without knowing.
    Reread {
        number: usize,
        change: PendingOperation,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    Settle,
    Reread,
}

impl Work {
    pub(super) fn number(&self) -> usize {
        match self {
            Self::Start(number) | Self::Settle { number, .. } | Self::Reread { number, .. } => {
                *number
            }
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Start(_) => Kind::Start,
            Self::Settle { .. } => Kind::Settle,
            Self::Reread { .. } => Kind::Reread,
        }
    }
}

pub(super) struct Opened {
    pub(super) plan: Plan,
    pub(super) journal: Journal,
    pub(super) torn: bool,
    pub(super) results: Vec<Arc<ChangeResult>>,
    pub(super) work: VecDeque<Work>,
}

impl Source {
    /// Opens the journal; on a disk, so not on a caller's thread.
    pub(super) fn open(self, path: &Path) -> Result<Opened, Error> {
        match self {
            Self::Plan(plan) => begin(plan, path),
            Self::Journal => reopen(path),
        }
    }
}

fn begin(plan: Plan, path: &Path) -> Result<Opened, Error> {
    let journal = Journal::create(path)?;
    let header = Line::Journal(Header::new(&plan));
    let planned = plan.changes.iter().cloned().map(Line::Planned);
    let mut last = Ok(0);
    for line in std::iter::once(header).chain(planned) {
        last = last.and_then(|_| journal.write(&line));
    }
    let synced = last.and_then(|last| journal.sync(last));
    synced.map_err(|why| failed(path, "written", &why, "Give another path."))?;
    let (results, work) = left(&plan, HashMap::new());
    Ok(Opened {
        plan,
        journal,
        torn: false,
        results,
        work,
    })
}

/// What the lines say of one change.
#[derive(Default)]
struct Story {
    sent: Option<PendingOperation>,
    sends: u32,
    refused: u32,
    lost: Option<Lost>,
    ended: Option<ChangeResult>,
}

impl Story {
    fn take_up(self, number: usize) -> Option<Work> {
        if let Some(ended) = self.ended {
            return match (ended.end, ended.pending) {
                (ChangeEnd::Unknown, Some(change)) => Some(Work::Reread { number, change }),
                (ChangeEnd::NotStarted, _) => Some(Work::Start(number)),
                _ => None,
            };
        }
        let sends = self.sends.saturating_sub(self.refused);
        match self.sent {
            Some(change) if sends > 0 => Some(Work::Settle {
                number,
                change,
                before: Before {
                    sends,
                    said_done: self.lost.is_some_and(|lost| lost.said_done),
                    asked: self.lost.and_then(still_asked),
                },
            }),
            _ => Some(Work::Start(number)),
        }
    }
}

/// What is left of a wait that the service asked an earlier run for.
fn still_asked(lost: Lost) -> Option<Duration> {
    let gone = milliseconds(SystemTime::now()).saturating_sub(lost.at);
    Some(Duration::from_millis(lost.asked?.saturating_sub(gone)))
}

const ALTERED: &str = "Restore the file; it was altered.";
const AGAIN: &str = "Remove it, and run the plan again.";

fn reopen(path: &Path) -> Result<Opened, Error> {
    let broken = |why: &str, next| failed(path, "read", why, next);
    let (journal, lines, torn) = Journal::open(path)?;
    let mut lines = lines.into_iter();
    let header = match lines.next() {
        Some(Line::Journal(header)) => header,
        None => return Err(broken("it is empty, so its run had sent nothing", AGAIN)),
        _ => return Err(broken("it does not begin as one", "Give a run's journal.")),
    };
    if !header.is_known() {
        let newer = "Resume it with the version that wrote it, or a later one.";
        return Err(broken(
            "it has a form that this version does not know",
            newer,
        ));
    }
    let (changes, stories) = told(lines).ok_or_else(|| broken("it begins twice", ALTERED))?;
    if changes.len() < header.planned {
        let why = "its plan is not whole, so its run had sent nothing";
        return Err(broken(why, AGAIN));
    }
    let plan = Plan {
        operation: header.operation,
        base_url: header.base_url,
        made: header.made,
        doubles: header.doubles,
        changes,
        fingerprint: header.fingerprint,
    };
    plan.checked()
        .map_err(|_| broken("its plan was altered", ALTERED))?;
    let (results, work) = left(&plan, stories);
    Ok(Opened {
        plan,
        journal,
        torn,
        results,
        work,
    })
}

/// The plan's changes, and by row what became of them; none where a journal begins within another.
fn told(lines: impl Iterator<Item = Line>) -> Option<(Vec<PlannedChange>, HashMap<u32, Story>)> {
    let mut changes = Vec::new();
    let mut stories = HashMap::<u32, Story>::new();
    for line in lines {
        match line {
            Line::Planned(change) => changes.push(change),
            Line::Journal(_) => return None,
            Line::Sending { row, change } => {
                let story = stories.entry(row).or_default();
                story.sends += 1;
                story.sent = Some(change);
                // What was written before it is of an earlier run.
                story.ended = None;
            }
            Line::Refused { row } => stories.entry(row).or_default().refused += 1,
            Line::Lost(lost) => stories.entry(lost.row).or_default().lost = Some(lost),
            Line::Ended(result) => {
                let story = stories.entry(result.row).or_default();
                story.ended = Some(result);
            }
        }
    }
    Some((changes, stories))
}

/// What is known of each change, and what is left to do: what is open is settled before anything
/// more is sent, and what failed in an earlier run comes last, so that it cannot stop each run.
fn left(plan: &Plan, mut stories: HashMap<u32, Story>) -> (Vec<Arc<ChangeResult>>, VecDeque<Work>) {
    let mut results = Vec::new();
    let mut work = VecDeque::new();
    let (mut starts, mut again) = (VecDeque::new(), VecDeque::new());
    for (number, change) in plan.changes.iter().enumerate() {
        let story = stories.remove(&change.row).unwrap_or_default();
        let mut result = story.ended.clone();
        match story.take_up(number) {
            Some(Work::Start(_)) if !change.is_open() => {}
            Some(start @ Work::Start(_)) if result.is_none() => starts.push_back(start),
            Some(start @ Work::Start(_)) => again.push_back(start),
            Some(settle) => {
                if let Work::Settle { change: open, .. } = &settle {
                    result = Some(ChangeResult::open(change, open));
                }
                work.push_back(settle);
            }
            None => {}
        }
        let result = result.unwrap_or_else(|| ChangeResult::planned(change));
        results.push(Arc::new(result));
    }
    work.append(&mut starts);
    work.append(&mut again);
    (results, work)
}
