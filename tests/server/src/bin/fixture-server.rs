//! `fixture-server --fixtures DIR`: replays recorded exchanges and runs emulators, commanded over
//! stdin and stdout.

use partner_center_test_server::control;
use std::env;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let fixtures = match arguments.as_slice() {
        [name, directory] if name == "--fixtures" => PathBuf::from(directory),
        _ => {
            eprintln!("usage: fixture-server --fixtures DIR");
            return ExitCode::from(2);
        }
    };
    match control::run(&fixtures, io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fixture-server: {error}");
            ExitCode::FAILURE
        }
    }
}
