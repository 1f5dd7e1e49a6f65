//! `partner-center-emulator [--port N] [--seed FILE] [--customers N]`: the emulator by itself, for
//! tests in any language.
//!
//! One JSON line out says what a client needs. It runs until its standard input ends, so that it
//! does not outlive who started it.

use partner_center_test_server::emulator::{Emulator, EmulatorOptions, Seed};
use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

const USAGE: &str = "usage: partner-center-emulator [--port N] [--seed FILE] [--customers N]";

fn main() -> ExitCode {
    let options = match options(env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("partner-center-emulator: {problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("partner-center-emulator: not started: {error}");
            ExitCode::from(3)
        }
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<EmulatorOptions, Box<dyn Error>> {
    let mut options = EmulatorOptions::default();
    while let Some(name) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--port" => options.port = value()?.parse()?,
            "--customers" => options.customers = value()?.parse()?,
            "--seed" => {
                let file = value()?;
                let named = |problem: String| format!("{file}: {problem}");
                let text = fs::read_to_string(&file).map_err(|error| named(error.to_string()))?;
                options.seed = Seed::from_json(&text).map_err(named)?;
            }
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    Ok(options)
}

fn run(options: EmulatorOptions) -> io::Result<()> {
    let emulator = Emulator::start(options)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", emulator.about())?;
    out.flush()?;
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    Ok(())
}
