//! The tables as a page of the guide.

use super::{Area, BEHAVIOURS, Basis, Behaviour};
use crate::emulator::switches::SWITCHES;
use std::fmt::Write as _;

const ABOUT: &str = "\
# What the emulator does, and how much of it is known

Printed by `partner-center emulator --behaviours`; a test compares.

- **documented**: the service's documentation says so.
- **observed**: recorded traffic, a public report or an official client shows it.
- **assumed**: nobody says so; it is the emulator's choice. A switch, where one is named, makes it another.

Nothing here was compared with the live service.
";

const SWITCHING: &str = "
## The switches

A chance is `{\"next\": N, \"permille\": N}`: for certain the next N times, then so many times in a thousand. The usual value stands first.

| switch | values | what it says |
|---|---|---|
";

/// All of [`BEHAVIOURS`] and [`SWITCHES`], as Markdown.
pub fn fidelity() -> String {
    let mut page = ABOUT.to_owned();
    for Area { title, behaviours } in BEHAVIOURS {
        // Writing to a text cannot fail.
        let _ = write!(
            page,
            "\n## {title}\n\n| behaviour | known | source | switch |\n|---|---|---|---|\n"
        );
        page.extend(behaviours.iter().map(row));
    }
    page.push_str(SWITCHING);
    let usual = serde_json::to_value(crate::emulator::Switches::default()).unwrap_or_default();
    for switch in SWITCHES {
        let values = match switch.values {
            [] => format!("`{}`", usual.get(switch.name).unwrap_or_default()),
            values => names(values),
        };
        let _ = writeln!(page, "| `{}` | {values} | {} |", switch.name, switch.about);
    }
    page
}

fn row(behaviour: &Behaviour) -> String {
    let known = match behaviour.basis {
        Basis::Documented => "documented",
        Basis::Observed => "observed",
        Basis::Assumed => "assumed",
    };
    let Behaviour { what, source, .. } = behaviour;
    let switches = names(behaviour.switches);
    format!("| {what} | {known} | {source} | {switches} |\n")
}

fn names(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_shows_these_tables() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../bindings-python/docs/emulator-fidelity.md"
        );
        let shown = std::fs::read_to_string(path).unwrap();
        let differs =
            "run: partner-center emulator --behaviours > bindings-python/docs/emulator-fidelity.md";
        assert!(shown == fidelity(), "{differs}");
    }

    #[test]
    fn no_cell_breaks_its_row() {
        for line in fidelity().lines().filter(|line| line.starts_with('|')) {
            assert!(matches!(line.matches('|').count(), 4 | 5), "{line}");
        }
    }
}
