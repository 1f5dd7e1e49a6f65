//! The control protocol of the `fixture-server` program: one JSON line in, one JSON line out.
//!
//! The first line out is `{"ca": PEM}`. What cannot be done gives `{"error": TEXT}`. The end of the
//! input ends everything. Several cases and emulators may be open at once.
//!
//! | line in | line out |
//! |---|---|
//! | `{"start": CASE}` | `{"port": N}`, and `"proxy_port"` where the case is behind a proxy |
//! | `{"finish": CASE}` | `{"requests": N, "redirected": N, "failures": [TEXT, ...]}` |
//! | `{"emulate": {"name": NAME, "customers": N}}` | `{"url", "token", "tenant", "client_id", "client_secret", "refresh_token"}`; `customers` may be left out |
//! | `{"expire": NAME}` | `{"token": TEXT}`, the new one |
//! | `{"decide": {"name": NAME, "customer": ID, "approved": BOOL, "reason": TEXT}}` | `{}`; `reason` is for a denial, and may be left out |
//! | `{"stop": NAME}` | `{"requests": [[METHOD, PATH], ...]}` |

use crate::authority::Authority;
use crate::emulator::{Decision, Emulator, EmulatorOptions};
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
    Emulate(Emulate),
    Expire(String),
    Decide(Decide),
    Stop(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Emulate {
    name: String,
    #[serde(default)]
    customers: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    name: String,
    customer: String,
    approved: bool,
    reason: Option<String>,
}

/// Serves the cases below `fixtures`, and emulators, until `input` ends.
pub fn run(fixtures: &Path, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut control = Control {
        authority: Authority::new().map_err(io::Error::other)?,
        fixtures,
        cases: HashMap::new(),
        emulators: HashMap::new(),
    };
    say(&mut output, &json!({"ca": control.authority.pem()}))?;
    for line in input.split(b'\n') {
        let line = line?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = control
            .obey(&line)
            .unwrap_or_else(|problem| json!({ "error": problem }));
        say(&mut output, &answer)?;
    }
    Ok(())
}

fn say(output: &mut impl Write, answer: &Value) -> io::Result<()> {
    writeln!(output, "{answer}")?;
    output.flush()
}

struct Control<'a> {
    authority: Authority,
    fixtures: &'a Path,
    cases: HashMap<String, Replay>,
    emulators: HashMap<String, Emulator>,
}

impl Control<'_> {
    fn obey(&mut self, line: &[u8]) -> Result<Value, String> {
        match serde_json::from_slice(line).map_err(|error| format!("not a command: {error}"))? {
            Command::Start(case) => self.start(case),
            Command::Finish(case) => match self.cases.remove(&case) {
                Some(replay) => {
                    serde_json::to_value(replay.finish()).map_err(|error| error.to_string())
                }
                None => Err(format!("case {case:?} is not open")),
            },
            Command::Emulate(asked) => self.emulate(asked),
            Command::Expire(name) => {
                let token = self.emulator(&name)?.expire_token();
                Ok(json!({ "token": token }))
            }
            Command::Decide(asked) => self.decide(asked),
            Command::Stop(name) => match self.emulators.remove(&name) {
                Some(emulator) => {
                    emulator.stop();
                    Ok(json!({ "requests": emulator.requests() }))
                }
                None => Err(not_running(&name)),
            },
        }
    }

    fn start(&mut self, case: String) -> Result<Value, String> {
        if self.cases.contains_key(&case) {
            return Err(format!("case {case:?} is open already"));
        }
        let replay = Replay::start(&self.authority, self.fixtures, &case)
            .map_err(|error| error.to_string())?;
        let port = replay.port();
        let answer = match replay.proxy_port() {
            None => json!({ "port": port }),
            Some(proxy) => json!({ "port": port, "proxy_port": proxy }),
        };
        self.cases.insert(case, replay);
        Ok(answer)
    }

    fn emulate(&mut self, asked: Emulate) -> Result<Value, String> {
        let Emulate { name, customers } = asked;
        if self.emulators.contains_key(&name) {
            return Err(format!("emulator {name:?} is running already"));
        }
        let options = EmulatorOptions {
            customers,
            ..EmulatorOptions::default()
        };
        let emulator =
            Emulator::start_tls(options, &self.authority).map_err(|error| error.to_string())?;
        let answer = emulator.about();
        self.emulators.insert(name, emulator);
        Ok(answer)
    }

    fn emulator(&self, name: &str) -> Result<&Emulator, String> {
        self.emulators.get(name).ok_or_else(|| not_running(name))
    }

    fn decide(&self, asked: Decide) -> Result<Value, String> {
        let decision = Decision::of(asked.approved, asked.reason)?;
        if self
            .emulator(&asked.name)?
            .decide(&asked.customer, decision)
        {
            Ok(json!({}))
        } else {
            Err(format!("nothing of {:?} is in review", asked.customer))
        }
    }
}

fn not_running(name: &str) -> String {
    format!("emulator {name:?} is not running")
}
