//! What the library says happened, against what did: real requests over loopback to the emulator,
//! under its switches. The emulator keeps the truth.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod combinations;
mod mixes;
mod operation;
mod settled;
#[path = "../wire/mod.rs"]
mod wire;

use std::collections::HashMap;
use std::sync::Mutex;

use partner_center::Outcome;

/// Takes every number below `count`, over a few threads; what came up how often.
fn all(count: u64, operate: impl Fn(u64) -> Outcome + Sync) -> HashMap<Outcome, u32> {
    let seen = Mutex::new(HashMap::new());
    // They mostly wait.
    const THREADS: u64 = 8;
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            let (seen, operate) = (&seen, &operate);
            scope.spawn(move || {
                for number in (first..count).step_by(THREADS as usize) {
                    let outcome = operate(number);
                    *seen.lock().unwrap().entry(outcome).or_insert(0) += 1;
                }
            });
        }
    });
    seen.into_inner().unwrap()
}
