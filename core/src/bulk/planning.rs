//! Reads each customer once, and says what a run would do.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::breaker::Breaker;
use super::change::{Change, ChangeOperation, NO_CODE, Seen, Target};
use super::flight::{Flight, open};
use super::pacing::Pace;
use super::plan::{Decision, Plan, PlannedChange};
use super::report::{ChangeResult, is_final};
use crate::calls::Call;
use crate::client::{CallOptions, Client};
use crate::control::{Notice, Part, heard};
use crate::engine::write::Observed;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Context, Flow};
use crate::http::Effect;
use crate::model::{CustomerId, milliseconds};
use crate::transport::bare;

type OnPlanned = dyn Fn(&PlannedChange) + Send + Sync;

/// How a plan is made.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// How fast the customers are read.
    pub pace: Pace,
    /// Hears of each change once its customer was read. Else the thread that waits does, by
    /// [`Step::Planned`](crate::Step).
    pub on_planned: Option<Arc<OnPlanned>>,
}

impl fmt::Debug for PlanOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanOptions")
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

pub(crate) struct Planning {
    client: Client,
    options: CallOptions,
    operation: ChangeOperation,
    doubles: u32,
    planned: Vec<PlannedChange>,
    targets: Vec<Option<Target>>,
    unread: VecDeque<usize>,
    flight: Flight<usize, Seen>,
    on_planned: Option<Arc<OnPlanned>>,
    breaker: Breaker,
}

impl Planning {
    pub(crate) fn new(
        client: Client,
        options: CallOptions,
        operation: ChangeOperation,
        changes: &[Change],
        plan: &PlanOptions,
    ) -> Result<Self, Error> {
        let mut rows = Rows::default();
        for (row, change) in changes.iter().enumerate() {
            rows.add(operation, row, change)?;
        }
        let Rows {
            planned,
            targets,
            doubles,
            ..
        } = rows;
        let is_open = |(_, target): &(usize, &Option<Target>)| target.is_some();
        let unread = targets.iter().enumerate().filter(is_open);
        Ok(Self {
            client,
            options,
            operation,
            doubles,
            unread: unread.map(|(number, _)| number).collect(),
            planned,
            targets,
            flight: Flight::new(plan.pace)?,
            on_planned: plan.on_planned.clone(),
            breaker: Breaker::default(),
        })
    }

    /// Begins what the pace allows; how long until it allows more.
    fn begin(&mut self, context: Context<'_>) -> Duration {
        while !self.unread.is_empty() && self.flight.has_room() {
            let wait = self.flight.wait(context);
            if !wait.is_zero() {
                return wait;
            }
            let Some(number) = self.unread.pop_front() else {
                break;
            };
            let Some(customer) = self.planned.get(number).map(|one| &one.customer) else {
                continue;
            };
            let mut options = self.options.clone();
            options.part = Some(Part {
                whole: Arc::clone(context.control),
                recorder: None,
            });
            let call = if self.operation == ChangeOperation::UpdateQualification {
                open(self.client.get_qualification(customer, &options), |read| {
                    Seen::Singular(read.qualification)
                })
            } else {
                open(self.client.get_qualifications(customer, &options), |read| {
                    Seen::Plural(read.qualifications)
                })
            };
            self.flight.begin(context, number, call);
        }
        Duration::MAX
    }

    /// What a read means for its change; an error where the plan cannot be made.
    fn see(
        &mut self,
        context: Context<'_>,
        number: usize,
        end: Result<Seen, Error>,
    ) -> Result<(), Error> {
        let target = self.targets.get_mut(number).and_then(Option::take);
        let (Some(one), Some(mut target)) = (self.planned.get_mut(number), target) else {
            return Ok(());
        };
        let stops = match &end {
            Ok(seen) => {
                let (observed, current) = target.observe(seen);
                one.current = Some(current);
                one.decision = match observed {
                    Observed::Target => Decision::AlreadySet,
                    Observed::Conflicting => Decision::Conflict,
                    Observed::Old | Observed::Nothing => Decision::Set,
                };
                self.breaker.well(None);
                false
            }
            Err(error) => {
                let is_final = is_final(error.kind(), error.reason());
                one.detail = Some(error.to_string());
                one.decision = if is_final {
                    Decision::Refused
                } else {
                    Decision::Unread
                };
                let failed = ChangeResult::failed(one, error);
                self.breaker.see(&failed, None).is_some() || ends_all(error.kind())
            }
        };
        match &self.on_planned {
            Some(hear) => heard(|| hear(one)),
            None => {
                let notice = Notice::Planned(Arc::new(one.clone()));
                context.control.notice(notice);
            }
        }
        match end {
            Err(error) if stops => Err(error),
            _ => Ok(()),
        }
    }
}

/// What no other read could get past.
fn ends_all(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Authentication | ErrorKind::Tls | ErrorKind::Cancelled | ErrorKind::Internal
    )
}

impl Call for Planning {
    const NAME: &'static str = "plan";
    const EFFECT: Effect = Effect::Read;
    const IS_WOKEN: bool = true;
    type Output = Plan;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<Plan, Error>> {
        loop {
            for (number, end) in self.flight.ended(context) {
                if let Err(error) = self.see(context, number, end) {
                    return Flow::Done(Err(error));
                }
            }
            let open = self.flight.len();
            let wait = self.begin(context);
            if self.flight.len() > open {
                // The first look at a call begins it.
                continue;
            }
            if self.flight.is_empty() && self.unread.is_empty() {
                return Flow::Done(Ok(Plan::new(
                    self.operation,
                    bare(&self.client.inner().origin.route.base),
                    milliseconds(SystemTime::now()),
                    self.doubles,
                    std::mem::take(&mut self.planned),
                )));
            }
            return Flow::Wait(wait);
        }
    }
}

/// The given changes: normalised, without doubles, none against another.
#[derive(Default)]
struct Rows {
    planned: Vec<PlannedChange>,
    targets: Vec<Option<Target>>,
    doubles: u32,
    by_customer: HashMap<String, usize>,
}

impl Rows {
    fn add(
        &mut self,
        operation: ChangeOperation,
        row: usize,
        change: &Change,
    ) -> Result<(), Error> {
        let id = CustomerId::parse(&change.customer).ok();
        let customer = id.map(|id| id.to_string()).unwrap_or_default();
        let row = u32::try_from(row).map_err(|_| Error::invalid("there are too many changes"))?;
        let one = PlannedChange {
            row,
            customer,
            qualification: change.qualification.clone(),
            education_segment: change.education_segment.clone(),
            website: change.website.clone(),
            code_name: change.code_name.clone(),
            decision: Decision::Unread,
            current: None,
            detail: None,
        };
        if !one.customer.is_empty()
            && let Some(number) = self.by_customer.get(&one.customer)
            && let Some(other) = self.planned.get(*number)
        {
            let same = Change {
                customer: other.customer.clone(),
                ..one.change()
            };
            if other.change() != same {
                return Err(Error::invalid(format!(
                    "rows {} and {row} ask for different things for one customer; rows count from 0",
                    other.row
                )));
            }
            self.doubles += 1;
            return Ok(());
        }
        if !one.customer.is_empty() {
            self.by_customer
                .insert(one.customer.clone(), self.planned.len());
        }
        self.push(operation, change, one);
        Ok(())
    }

    fn push(&mut self, operation: ChangeOperation, change: &Change, mut one: PlannedChange) {
        let code = change.code_name.as_ref().map(|_| NO_CODE);
        let target = match Target::new(operation, change, code) {
            Ok(target) => Some(target),
            Err(refusal) => {
                one.decision = Decision::Refused;
                one.detail = Some(format!("{}.", refusal.0));
                None
            }
        };
        self.planned.push(one);
        self.targets.push(target);
    }
}
