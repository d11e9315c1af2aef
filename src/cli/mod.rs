//! The command line: what can be typed, and one file per command.

mod arguments;
mod audit;
mod colours;
mod completions;
mod compose_files;
mod explain;
mod failure;
mod fix;
mod init;
mod outputs;
mod project;
mod request;
mod rule_files;
mod rules;
mod selection;
mod show;
mod streams;

use std::ffi::OsString;
use std::io::Write;

use clap::Parser;

pub use arguments::Arguments;
pub use colours::WithoutColours;
pub use failure::Failure;
use streams::Guarded;

use crate::text::harmless::{Dialect, one_line};
use crate::text::path;

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
/// Returns the exit code. A reader that closes the pipe early is no failure. Nothing that is written is executed by a
/// terminal or by a CI service, whatever stands in the files.
pub fn run<I, T>(arguments: I, out: &mut dyn Write, err: &mut dyn Write) -> u8
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let (mut out, mut err) = (Guarded::new(out), Guarded::new(err));
    let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let code = match Arguments::try_parse_from(&words) {
        Ok(arguments) => command(&arguments, &mut out, &mut err),
        Err(error) => usage(&plainly(error, &words), &mut out, &mut err),
    };
    // Nothing is left to be done when the error stream itself is gone.
    let _ = err.finish();
    code
}

fn command(arguments: &Arguments, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> u8 {
    match dispatch(arguments, out, err) {
        Ok(code) => match out.finish() {
            Err(error) => {
                let _ = writeln!(err, "{}", Failure::Output(error));
                outputs::incomplete(code)
            }
            Ok(()) => code,
        },
        Err(Failure::Said(code)) => code,
        Err(failure) => {
            let _ = writeln!(err, "{failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: &Arguments, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    use arguments::Command;
    if let Some(wrong) = arguments.nearly_a_command() {
        return Err(Failure::Usage(wrong));
    }
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

/// The same error about words without harmful signs: it quotes them, and a name in a tree may have become a word.
fn plainly(error: clap::Error, words: &[OsString]) -> clap::Error {
    let shown: Vec<String> = words.iter().map(|word| one_line(&path::shown_name(word))).collect();
    let is_same = words.iter().zip(&shown).all(|(word, shown)| word == shown.as_str());
    if is_same { error } else { Arguments::try_parse_from(shown).err().unwrap_or(error) }
}

/// Help and version go to standard output and are no failure; anything else clap finds is a usage error.
fn usage(error: &clap::Error, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> u8 {
    let text = error.render().ansi().to_string();
    // As with every error stream that is gone, nothing is left to be done.
    if error.use_stderr() {
        let _ = err.write_as(Dialect::Coloured, &text);
        exit::USAGE
    } else {
        let _ = out.write_as(Dialect::Coloured, &text).and_then(|()| out.finish());
        exit::GOOD
    }
}
