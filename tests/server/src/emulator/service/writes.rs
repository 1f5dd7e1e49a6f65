//! What becomes of a write: deduplication, loss, and when it is applied.

use super::{Delivery, Late, Remembered, Service};
use crate::emulator::answer::{Answer, Ids, fault};
use crate::emulator::api::{self, Resource};
use crate::emulator::chance::{Draw, Purpose};
use crate::emulator::rules::{Refusal, Write};
use crate::emulator::state::{Effect, Moment};
use crate::emulator::switches::{CodeUse, Deduplication, Loss, LostAs};
use crate::http::Request;
use std::time::Duration;

/// An answer, and when what it says is true, since the start.
type Outcome = (Answer, Duration);

impl Service {
    pub(super) fn write(
        &mut self,
        resource: Resource<'_>,
        request: &Request,
        ids: &Ids,
        now: Moment,
        draw: Draw,
    ) -> Delivery<Answer> {
        let loss = self.loss(draw);
        let key = format!("{} {} {}", request.method, request.path, ids.request).to_lowercase();
        let repeated = self.repeated(&key, now.0);
        let outcome = match repeated {
            Some(answer) => Some((answer, now.0)),
            None if loss == Loss::BeforeApplying => {
                self.swallow(resource, request, now);
                None
            }
            None => Some(self.process(resource, request, ids, now, draw)),
        };
        if let Some((answer, _)) = &outcome {
            self.ledger.answered(ids, answer.status());
        }
        let lost_as = (loss != Loss::Never).then_some(self.switches.lost_as);
        let said = match (lost_as, outcome) {
            (Some(LostAs::ServerError), outcome) => {
                let applied_at = outcome.map_or(now.0, |(_, applied_at)| applied_at);
                Some((failure(), applied_at))
            }
            (_, outcome) => outcome,
        };
        // The first one stays. A write that was lost unanswered is unknown: its repeat is the first.
        if let Some((answer, applied_at)) = &said {
            let remembered = Remembered {
                answer: answer.clone(),
                applied_at: *applied_at,
            };
            self.remembered.get_or_keep(&key, remembered);
        }
        match (lost_as, said) {
            (None | Some(LostAs::ServerError), Some((answer, _))) => Delivery::Answer(answer),
            (Some(LostAs::Reset), _) => Delivery::Reset,
            _ => Delivery::Closed,
        }
    }

    fn loss(&mut self, draw: Draw) -> Loss {
        let switches = &mut self.switches;
        let strikes =
            switches.lost != Loss::Never && switches.lost_when.strikes(draw.number(Purpose::Lost));
        if strikes { switches.lost } else { Loss::Never }
    }

    /// The answer to a write whose id was seen before, unless it counts as a new one.
    fn repeated(&self, key: &str, now: Duration) -> Option<Answer> {
        let first = self.remembered.get(key)?;
        match self.switches.deduplication {
            Deduplication::Off => None,
            Deduplication::InProgress if first.applied_at > now => Some(fault(
                409,
                800_060,
                "A request with this id is in progress.",
            )),
            Deduplication::InProgress | Deduplication::Replay => Some(first.answer.clone()),
        }
    }

    /// A write that is never applied may have cost its code all the same.
    fn swallow(&mut self, resource: Resource<'_>, request: &Request, now: Moment) {
        if let Ok(write) = api::asked(&self.world, resource, request) {
            let _ = self.charge(&write, now);
        }
    }

    /// Spends the code of a write, if each request does; says what forbids it.
    fn charge(&mut self, write: &Write, now: Moment) -> Result<(), Refusal> {
        match (self.switches.code_use, write.spends()?) {
            (CodeUse::PerRequest, Some(code)) => self.world.spend(code, now),
            _ => Ok(()),
        }
    }

    fn process(
        &mut self,
        resource: Resource<'_>,
        request: &Request,
        ids: &Ids,
        now: Moment,
        draw: Draw,
    ) -> Outcome {
        let write = match api::asked(&self.world, resource, request) {
            Ok(write) => write,
            Err(answer) => return (answer, now.0),
        };
        let outcome = match self.charge(&write, now) {
            Ok(()) => self.apply_in_time(write, ids, now, draw),
            Err(refusal) => {
                self.record_failure(&write, ids, now);
                Err(refusal)
            }
        };
        outcome.unwrap_or_else(|refusal| (refusal.into(), now.0))
    }

    /// Applies it now, or promises to.
    fn apply_in_time(
        &mut self,
        write: Write,
        ids: &Ids,
        now: Moment,
        draw: Draw,
    ) -> Result<Outcome, Refusal> {
        let pays = self.switches.code_use == CodeUse::PerSuccess;
        let switches = &mut self.switches;
        let is_late =
            switches.late_ms > 0 && switches.late_when.strikes(draw.number(Purpose::Late));
        if !is_late {
            let answer = self.apply(&write, pays, ids, now)?;
            return Ok((answer, now.0));
        }
        let effect = self.effect(&write, pays, ids, now)?;
        let answer = api::done(&write, &effect, &self.switches);
        let delay = Duration::from_millis(self.switches.late_ms);
        let due = now.0.saturating_add(delay);
        self.arrivals += 1;
        let late = Late {
            write,
            pays,
            ids: ids.clone(),
        };
        self.late.insert((due, self.arrivals), late);
        Ok((answer, due))
    }

    /// Applies a write at this moment, by the rules of this moment.
    pub(super) fn apply(
        &mut self,
        write: &Write,
        pays: bool,
        ids: &Ids,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        let effect = self.effect(write, pays, ids, now)?;
        let answer = api::done(write, &effect, &self.switches);
        if effect.changes {
            let customer = &effect.customer;
            self.ledger.applied(customer, write.asked, ids);
            self.ledger.record(customer, write.asked, ids, true, now);
        }
        self.world.take(write.customer, effect, now.0);
        Ok(answer)
    }

    /// What a write would do at this moment. A refusal is recorded.
    fn effect(
        &mut self,
        write: &Write,
        pays: bool,
        ids: &Ids,
        now: Moment,
    ) -> Result<Effect, Refusal> {
        let effect = self.world.effect(write, pays, now.1);
        if effect.is_err() {
            self.record_failure(write, ids, now);
        }
        effect
    }

    fn record_failure(&mut self, write: &Write, ids: &Ids, now: Moment) {
        if let Ok(customer) = self.world.customer(write.customer) {
            self.ledger.record(customer, write.asked, ids, false, now);
        }
    }
}

fn failure() -> Answer {
    fault(500, 800_003, "An unexpected error occurred.")
}
