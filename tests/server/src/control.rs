//! The control protocol of the `fixture-server` program: one JSON line in, one JSON line out.
//!
//! The first line out is `{"ca": PEM}`. Then `{"start": CASE}` gives `{"port": N}`, and
//! `{"finish": CASE}` gives `{"requests": N, "failures": [...]}`; what cannot be done gives
//! `{"error": TEXT}`. Several cases may be open at once. The end of the input ends everything.

use crate::authority::Authority;
use crate::replay::Replay;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::Path;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Command {
    Start(String),
    Finish(String),
}

/// Serves the cases below `fixtures` until `input` ends.
pub fn run(fixtures: &Path, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let authority = Authority::new().map_err(io::Error::other)?;
    let mut open = HashMap::new();
    say(&mut output, &json!({"ca": authority.pem()}))?;
    for line in input.split(b'\n') {
        let line = line?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = obey(&line, &authority, fixtures, &mut open)
            .unwrap_or_else(|problem| json!({ "error": problem }));
        say(&mut output, &answer)?;
    }
    Ok(())
}

fn obey(
    line: &[u8],
    authority: &Authority,
    fixtures: &Path,
    open: &mut HashMap<String, Replay>,
) -> Result<Value, String> {
    match serde_json::from_slice(line).map_err(|error| format!("not a command: {error}"))? {
        Command::Start(case) if open.contains_key(&case) => {
            Err(format!("case {case:?} is open already"))
        }
        Command::Start(case) => {
            let replay =
                Replay::start(authority, fixtures, &case).map_err(|error| error.to_string())?;
            let port = replay.port();
            open.insert(case, replay);
            Ok(json!({ "port": port }))
        }
        Command::Finish(case) => match open.remove(&case) {
            Some(replay) => {
                serde_json::to_value(replay.finish()).map_err(|error| error.to_string())
            }
            None => Err(format!("case {case:?} is not open")),
        },
    }
}

fn say(output: &mut impl Write, answer: &Value) -> io::Result<()> {
    writeln!(output, "{answer}")?;
    output.flush()
}
