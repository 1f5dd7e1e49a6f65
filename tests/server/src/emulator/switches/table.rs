//! The switches for people: names, values, and a line on each.

use serde::Serialize;

/// One member of [`Switches`](super::Switches).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// The member's name.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
    /// What it can be, the usual one first; empty for numbers and chances.
    pub values: &'static [&'static str],
}

const fn one_of(
    name: &'static str,
    values: &'static [&'static str],
    about: &'static str,
) -> Switch {
    Switch {
        name,
        about,
        values,
    }
}

const fn other(name: &'static str, about: &'static str) -> Switch {
    one_of(name, &[], about)
}

/// Every switch, in the order of [`Switches`](super::Switches).
pub const SWITCHES: &[Switch] = &[
    other(
        "seed",
        "where chance comes from: the same requests in the same order meet the same faults",
    ),
    one_of(
        "deduplication",
        &["off", "replay", "in_progress"],
        "what a repeated MS-RequestId does to a write: nothing, the first one's answer, or 409 until the first one is applied",
    ),
    one_of(
        "lost",
        &["never", "before_applying", "after_applying"],
        "which part of a write is lost: nothing, the write and its answer, or the answer alone",
    ),
    one_of(
        "lost_as",
        &["closed", "reset", "server_error"],
        "what the client sees instead of the answer",
    ),
    other("lost_when", "which writes lose something"),
    other(
        "late_ms",
        "how many milliseconds after its answer, or the loss of it, a write is applied; 0: before",
    ),
    other("late_when", "which writes are applied late"),
    other("read_lag_ms", "how many milliseconds reads are behind"),
    one_of(
        "reads_fail",
        &["never", "unavailable", "closed", "reset"],
        "how reads fail",
    ),
    other("reads_fail_when", "which reads fail"),
    one_of(
        "code_use",
        &["per_success", "per_request"],
        "when a validation code is spent: by each change, or by each write that was let in",
    ),
    one_of(
        "put_answer",
        &["value", "empty", "no_content"],
        "the answer to a PUT that succeeded",
    ),
    one_of(
        "post_answer",
        &["created", "ok", "array", "wrapped", "empty"],
        "the answer to a POST that succeeded",
    ),
    other(
        "throttle_every",
        "one in so many requests that have a good token gets 429; 0: none",
    ),
    other("retry_after_s", "the seconds that a 429 asks for"),
    other(
        "unauthorized",
        "which requests get 401 in spite of a good token",
    ),
    other("unavailable", "which requests get 503, whatever they are"),
];

#[cfg(test)]
mod tests {
    use super::super::Switches;
    use super::SWITCHES;
    use serde_json::{Value, json};

    #[test]
    fn the_table_has_every_switch_and_every_value() {
        let usual = serde_json::to_value(Switches::default()).unwrap();
        let usual = usual.as_object().unwrap();
        let named: Vec<_> = SWITCHES.iter().map(|switch| switch.name).collect();
        let mut sorted = named.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, usual.keys().collect::<Vec<_>>());
        for switch in SWITCHES {
            let have = usual[switch.name].as_str();
            assert_eq!(have, switch.values.first().copied(), "{}", switch.name);
            if have.is_some() {
                assert_eq!(values(switch.name), switch.values, "{}", switch.name);
            }
        }
    }

    /// All that serde takes for it, by its own account.
    fn values(name: &str) -> Vec<String> {
        let wrong: Value = json!({ name: "?" });
        let told = Switches::from_json(&wrong.to_string()).unwrap_err();
        let (_, known) = told.split_once("expected ").unwrap();
        known
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }
}
