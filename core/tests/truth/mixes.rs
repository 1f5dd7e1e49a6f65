//! Random mixes of all switches, from a seed.

use partner_center::{OnAmbiguous, Outcome, Qualification};
use partner_center_test_server::emulator::{
    Chance, Deduplication, Loss, LostAs, PostAnswer, PutAnswer, ReadFailure, Switches, seed,
};
use uuid::Uuid;

use crate::operation::{Asked, operate};

/// Decisions from a seed (a linear congruential generator: the same ones everywhere).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }
}

/// Waits of seconds take milliseconds here, and so do the service's own delays.
fn switches(dice: &mut Dice) -> Switches {
    Switches {
        seed: dice.roll(1 << 30),
        deduplication: dice.pick(&[
            Deduplication::Off,
            Deduplication::Replay,
            Deduplication::InProgress,
        ]),
        lost: dice.pick(&[Loss::Never, Loss::BeforeApplying, Loss::AfterApplying]),
        lost_as: dice.pick(&[LostAs::Closed, LostAs::Reset, LostAs::ServerError]),
        lost_when: dice.pick(&[Chance::ALWAYS, Chance::times(1), Chance::permille(500)]),
        late_ms: dice.pick(&[0, 0, 3, 20]),
        late_when: dice.pick(&[Chance::ALWAYS, Chance::times(1)]),
        read_lag_ms: dice.pick(&[0, 0, 5, 30]),
        reads_fail: dice.pick(&[
            ReadFailure::Never,
            ReadFailure::Unavailable,
            ReadFailure::Closed,
            ReadFailure::Reset,
        ]),
        reads_fail_when: dice.pick(&[Chance::permille(200), Chance::times(2), Chance::ALWAYS]),
        put_answer: dice.pick(&[PutAnswer::Value, PutAnswer::Empty, PutAnswer::NoContent]),
        post_answer: dice.pick(&[
            PostAnswer::Created,
            PostAnswer::Ok,
            PostAnswer::Array,
            PostAnswer::Wrapped,
            PostAnswer::Empty,
        ]),
        throttle_every: dice.pick(&[0, 0, 3]),
        unauthorized: dice.pick(&[Chance::NEVER, Chance::NEVER, Chance::permille(100)]),
        unavailable: dice.pick(&[Chance::NEVER, Chance::NEVER, Chance::permille(200)]),
        ..Switches::default()
    }
}

/// A change in one of the ways there are, of a customer in one of the states there are.
fn asked(number: u64, dice: &mut Dice) -> Asked {
    let customer = dice.pick(&[
        seed::CONTOSO,
        seed::FABRIKAM,
        seed::NORTHWIND_SCHOOL,
        seed::LITWARE_COUNTY,
    ]);
    let by_put = dice.roll(2) == 0;
    let (qualification, code) = match dice.roll(3) {
        0 => (Qualification::Education, None),
        1 => (
            Qualification::GovernmentCommunityCloud,
            Some(seed::OPEN_CODE),
        ),
        _ if by_put => (Qualification::Education, None),
        _ => (Qualification::StateOwnedEntity, None),
    };
    Asked {
        customer,
        qualification,
        code,
        by_put,
        skip_if_set: dice.roll(2) == 0,
        on_ambiguous: dice.pick(OnAmbiguous::ALL),
        request_id: Uuid::from_u64_pair(number, dice.roll(u64::MAX)).to_string(),
    }
}

/// As many as `PARTNER_CENTER_LOOPBACK` says.
#[test]
fn no_end_of_a_real_operation_is_a_lie() {
    let count = std::env::var("PARTNER_CENTER_LOOPBACK");
    let count: u64 = count.ok().and_then(|n| n.parse().ok()).unwrap_or(1_000);
    let seen = crate::all(count, |number| {
        let mut dice = Dice(number);
        let switches = switches(&mut dice);
        let asked = asked(number, &mut dice);
        operate(&switches, &asked, &format!("operation {number}"))
    });
    // All of them must have come up, or the test proves nothing.
    assert_eq!(seen.len(), Outcome::ALL.len(), "{seen:?}");
    println!("{seen:?}");
}
