//! `gonogo`: parse the command line, run it, return the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr().lock();
    ExitCode::from(gonogo::cli::run(std::env::args_os(), &mut out, &mut err))
}
