//! One request after the other: what stands in its way, and what becomes of a write.

use super::answer::{Answer, Ids, fault, gateway};
use super::api::{self, Call, Resource, View, authority};
use super::chance::{Draw, Purpose, Source};
use super::clock::{Clock, back_to};
use super::ledger::Ledger;
use super::model::Decision;
use super::recent::Recent;
use super::rules::Write;
use super::seed::Seed;
use super::sign_in::{Caller, SignIn, Unauthorized};
use super::state::{Moment, World};
use super::switches::{ReadFailure, Switches};
use crate::http::{Request, Response};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

mod writes;

/// How many answers are kept for repeated writes; the oldest go first.
const MOST_REMEMBERED: usize = 10_000;

/// What the client gets to see.
pub(super) enum Delivery<A> {
    Answer(A),
    Closed,
    Reset,
}

/// A write that was let in, for when its `MS-RequestId` is seen again.
struct Remembered {
    answer: Answer,
    /// When it is applied, since the start.
    applied_at: Duration,
}

/// A write that is still to be applied.
struct Late {
    write: Write,
    pays: bool,
    ids: Ids,
}

/// How things are at the start, and again after a reset.
pub(super) struct Beginning {
    pub(super) seed: Seed,
    pub(super) customers: usize,
    pub(super) switches: Switches,
}

/// All that is behind the port.
pub(super) struct Service {
    beginning: Arc<Beginning>,
    pub(super) world: World,
    pub(super) sign_in: SignIn,
    pub(super) ledger: Ledger,
    pub(super) url: String,
    clock: Clock,
    switches: Switches,
    source: Source,
    /// How many requests had a good token.
    let_in: u64,
    remembered: Recent<Remembered>,
    /// By when they are due, and in the order of their arrival.
    late: BTreeMap<(Duration, u64), Late>,
    arrivals: u64,
}

impl Service {
    pub(super) fn new(url: String, sign_in: SignIn, beginning: Arc<Beginning>) -> Self {
        let switches = beginning.switches.clone();
        Self {
            world: World::new(&beginning.seed, beginning.customers),
            sign_in,
            ledger: Ledger::new(),
            url,
            clock: Clock::start(),
            source: Source::new(switches.seed),
            switches,
            beginning,
            let_in: 0,
            remembered: Recent::new(MOST_REMEMBERED),
            late: BTreeMap::new(),
            arrivals: 0,
        }
    }

    /// Begins anew, with the same tokens.
    pub(super) fn reset(&mut self) {
        let beginning = Arc::clone(&self.beginning);
        *self = Self::new(self.url.clone(), self.sign_in.clone(), beginning);
    }

    pub(super) fn switches(&self) -> &Switches {
        &self.switches
    }

    pub(super) fn set_switches(&mut self, switches: Switches) {
        self.source.reseed(switches.seed);
        self.switches = switches;
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
    }

    /// Ends a vetting; `false` when there is none in review, or no such customer.
    pub(super) fn decide(&mut self, id: Uuid, decision: Decision) -> bool {
        let (at, _) = self.catch_up();
        self.world.decide(id, decision, at)
    }

    /// Applies what is due, each at its own moment; says what time it is.
    pub(super) fn catch_up(&mut self) -> Moment {
        let now = self.clock.now();
        while let Some(next) = self.late.first_entry().filter(|next| next.key().0 <= now.0) {
            let ((due, _), late) = next.remove_entry();
            // A refusal is in the ledger; there is nobody left to tell.
            let _ = self.apply(&late.write, late.pays, &late.ids, back_to(due, now));
        }
        now
    }

    /// Answers one request. The token is checked before anything else is looked at, except by the
    /// authority that gives it out.
    pub(super) fn handle(&mut self, request: &Request) -> Delivery<Response> {
        let now = self.catch_up();
        let ids = Ids::of(request);
        if let Some(answer) = authority::answer(&self.world, &mut self.sign_in, &self.url, request)
        {
            return Delivery::Answer(answer.into_response(ids));
        }
        let draw = self.source.draw();
        match self.serve(request, &ids, now, draw) {
            Delivery::Answer(answer) => Delivery::Answer(answer.into_response(ids)),
            Delivery::Closed => Delivery::Closed,
            Delivery::Reset => Delivery::Reset,
        }
    }

    fn serve(&mut self, request: &Request, ids: &Ids, now: Moment, draw: Draw) -> Delivery<Answer> {
        let call = Call::of(request);
        let is_write = matches!(call, Ok(Call::Write(_)));
        if is_write {
            self.ledger.arrived(ids);
        }
        let admitted = self.admit(request, draw);
        let reports_mfa = admitted.is_ok()
            && request
                .header("ValidateMfa")
                .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let passed = admitted.and_then(|caller| {
            let call = call?;
            call.check(caller)?;
            Ok(call)
        });
        let delivery = match passed {
            Ok(Call::Read(resource)) => self.read(resource, request, now, draw),
            Ok(Call::Write(resource)) => self.write(resource, request, ids, now, draw),
            Err(answer) => {
                if is_write {
                    self.ledger.answered(ids, answer.status());
                }
                Delivery::Answer(answer)
            }
        };
        match delivery {
            Delivery::Answer(answer) if reports_mfa => {
                Delivery::Answer(answer.with("isMfaCompliant", "true"))
            }
            delivery => delivery,
        }
    }

    /// Who it is that may come in, however the request goes on.
    fn admit(&mut self, request: &Request, draw: Draw) -> Result<Caller, Answer> {
        let switches = &mut self.switches;
        if switches
            .unavailable
            .strikes(draw.number(Purpose::Unavailable))
        {
            return Err(unavailable());
        }
        let caller = self.sign_in.caller(&request.values("authorization"));
        let caller = caller.map_err(unauthorized)?;
        if switches
            .unauthorized
            .strikes(draw.number(Purpose::Unauthorized))
        {
            return Err(unauthorized(Unauthorized::Wrong));
        }
        self.let_in += 1;
        if switches.throttle_every != 0 && self.let_in.is_multiple_of(switches.throttle_every) {
            return Err(throttled(switches.retry_after_s));
        }
        Ok(caller)
    }

    fn read(
        &mut self,
        resource: Resource<'_>,
        request: &Request,
        now: Moment,
        draw: Draw,
    ) -> Delivery<Answer> {
        let switches = &mut self.switches;
        if switches.reads_fail != ReadFailure::Never
            && switches
                .reads_fail_when
                .strikes(draw.number(Purpose::ReadFails))
        {
            match switches.reads_fail {
                ReadFailure::Never => {}
                ReadFailure::Unavailable => return Delivery::Answer(unavailable()),
                ReadFailure::Closed => return Delivery::Closed,
                ReadFailure::Reset => return Delivery::Reset,
            }
        }
        let view = View {
            world: &self.world,
            ledger: &self.ledger,
            now,
            as_of: now
                .0
                .checked_sub(Duration::from_millis(switches.read_lag_ms)),
        };
        let answer = api::read(&view, resource, request);
        Delivery::Answer(answer.unwrap_or_else(|refused| refused))
    }
}

fn unavailable() -> Answer {
    gateway(503, "The service is unavailable.")
}

fn throttled(seconds: u32) -> Answer {
    let message = format!("Rate limit is exceeded. Try again in {seconds} seconds.");
    gateway(429, &message).with("Retry-After", seconds.to_string())
}

fn unauthorized(why: Unauthorized) -> Answer {
    let (description, challenge) = match why {
        Unauthorized::Missing => ("The partner token is missing.", "Bearer"),
        Unauthorized::Wrong => (
            "The partner token is not valid.",
            "Bearer error=\"invalid_token\"",
        ),
    };
    fault(401, 800_001, description).with("WWW-Authenticate", challenge)
}
