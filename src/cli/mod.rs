//! The command line: what can be typed, and one file per command.

mod arguments;
mod audit;
mod completions;
mod explain;
mod failure;
mod fix;
mod init;
mod project;
mod request;
mod rule_files;
mod rules;
mod selection;
mod show;

use std::ffi::OsString;
use std::io::Write;

use clap::Parser;

pub use arguments::Arguments;
pub use failure::Failure;

/// Exit codes; the first that holds, as the order of `spec` for CI has it.
pub mod exit {
    /// GO, GO WITH RESERVATIONS, nothing to report.
    pub const GOOD: u8 = 0;
    /// NO-GO, or a finding at `--fail-on` or above.
    pub const NO_GO: u8 = 1;
    /// Usage, configuration or rule error.
    pub const USAGE: u8 = 2;
    /// Nothing to audit, or not evaluated.
    pub const NOTHING: u8 = 3;
    /// Something that was named or needed could not be read.
    pub const INCOMPLETE: u8 = 4;
}

/// Runs a command line, writing the report to `out` and everything else to `err`.
///
/// Returns the exit code. A reader that closes the pipe early is no failure.
pub fn run<I, T>(arguments: I, out: &mut dyn Write, err: &mut dyn Write) -> u8
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, out, err),
    };
    let written = |code, out: &mut dyn Write| out.flush().map(|()| code).map_err(Failure::Output);
    match dispatch(&arguments, out, err).and_then(|code| written(code, out)) {
        Ok(code) => code,
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => exit::GOOD,
        Err(failure) => {
            // Nothing is left to be done when the error stream itself is gone.
            let _ = writeln!(err, "{failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    use arguments::Command;
    match arguments.command() {
        Command::Audit(options) => audit::audit(&options, out, err),
        Command::Lint(options) => audit::lint(&options, out, err),
        Command::Show(options) => show::show(&options, out, err),
        Command::Fix(options) => fix::fix(&options, out, err),
        Command::Explain(options) => explain::explain(&options, out),
        Command::Rules(options) => rules::rules(&options, out),
        Command::Init(options) => init::init(&options, out, err),
        Command::Completions { shell } => completions::completions(shell, out),
        Command::Man => completions::man(out),
    }
}

/// Help and version go to standard output and are no failure; anything else clap finds is a usage error.
fn usage(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(err, "{}", text.ansi());
        exit::USAGE
    } else {
        let _ = write!(out, "{}", text.ansi());
        exit::GOOD
    }
}
