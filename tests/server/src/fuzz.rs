//! What reads foreign bytes, for fuzzers: it takes any bytes, and must not panic.

use crate::har::{Recording, Values};

/// A recording, however it came about.
pub fn recording(data: &[u8]) {
    let tokens = ["first-token".to_owned(), "second-token".to_owned()];
    let values = Values {
        tokens: &tokens,
        api: "https://127.0.0.1:1",
        redirect: "https://127.0.0.1:2",
    };
    match Recording::parse("any.har", data, &values) {
        Ok(recording) => {
            let faults = recording.entries.iter().filter_map(|entry| entry.fault);
            faults.for_each(|fault| drop(fault.to_string()));
        }
        Err(error) => drop(error.to_string()),
    }
}
