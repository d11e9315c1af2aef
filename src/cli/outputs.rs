//! What is written, and where: `--format F=FILE` and `--write-baseline FILE`.
//!
//! What cannot be written keeps nothing else from being said: standard output first, then the files, then the errors.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::arguments::OutputOptions;
use super::exit;
use super::failure::Failure;
use super::streams::Guarded;
use crate::exceptions::Baseline;
use crate::model::nearest;
use crate::report::{Format, Report};
use crate::text::harmless::{Dialect, one_line};
use crate::text::{Files, Grounds, Output, WriteError, path};

/// What an output holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Report(Format),
    Baseline,
}

/// One output of the command line.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub content: Content,
    pub output: Output,
    /// As it was typed.
    pub option: String,
}

impl Wanted {
    /// What its lines may hold.
    fn dialect(&self) -> Dialect {
        match self.content {
            Content::Report(format) => format.dialect(),
            Content::Baseline => Dialect::Text,
        }
    }
}

/// Every output of the command line.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    pub wanted: Vec<Wanted>,
    grounds: Grounds,
}

impl Outputs {
    /// The outputs that the options name, for an audit of `paths`.
    pub(super) fn of(options: &OutputOptions, paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut wanted: Vec<Wanted> = options.format.iter().map(|written| format(written)).collect::<Result<_, _>>()?;
        if let Some(path) = &options.write_baseline {
            let option = format!("--write-baseline {}", path::shown(path));
            wanted.push(Wanted { content: Content::Baseline, output: named(path, &option)?, option });
        }
        let outputs = Self { wanted, grounds: Grounds::around(paths.iter().map(PathBuf::as_path)) };
        outputs.each_has_its_own_place()?;
        Ok(outputs)
    }

    /// Whether a report of one of these formats is wanted.
    pub(super) fn has(&self, formats: &[Format]) -> bool {
        self.wanted.iter().any(|wanted| matches!(wanted.content, Content::Report(format) if formats.contains(&format)))
    }

    fn each_has_its_own_place(&self) -> Result<(), Failure> {
        for (at, one) in self.wanted.iter().enumerate() {
            let twin = self.wanted.iter().skip(at + 1).find(|other| one.output.is_same(&other.output, &self.grounds));
            if let Some(other) = twin {
                let place = if one.output == Output::Standard { "standard output" } else { "the same file" };
                let (one, other) = (&one.option, &other.option);
                return Err(Failure::Usage(format!("`{one}` and `{other}` both write to {place}; give one of them a file of its own")));
            }
        }
        Ok(())
    }

    /// Writes every output, and tells the exit code: `code`, or that of what could not be written.
    pub(super) fn write(
        &self,
        inputs: &Files,
        code: u8,
        text: &dyn Fn(&Wanted) -> Result<String, Failure>,
        out: &mut Guarded<'_>,
        err: &mut Guarded<'_>,
    ) -> Result<u8, Failure> {
        let (streams, files): (Vec<&Wanted>, Vec<&Wanted>) =
            self.wanted.iter().partition(|wanted| !matches!(wanted.output, Output::Path(_)));
        let mut errors = Vec::new();
        let mut is_shown = true;
        for wanted in streams.into_iter().chain(files) {
            let text = text(wanted)?;
            let written = match &wanted.output {
                Output::Standard => print(wanted.dialect(), &text, out),
                Output::Error => print(wanted.dialect(), &text, err),
                Output::Path(target) => target.write(&text, &self.grounds, inputs),
            };
            is_shown &= wanted.output != Output::Standard || written.is_ok();
            errors.extend(written.err().map(|error| (&wanted.option, error)));
        }
        for (option, error) in &errors {
            // Nothing is left to be done when the error stream itself is gone.
            let _ = writeln!(err, "error: {option}: {error}");
        }
        let code = errors.iter().fold(code, |code, (_, error)| worse(code, error));
        // What standard output could not take is not tried, and told, again.
        if is_shown { Ok(code) } else { Err(Failure::Said(code)) }
    }
}

/// The exit code beside a failure to write.
pub(super) const fn worse(code: u8, error: &WriteError) -> u8 {
    if error.is_usage() { exit::USAGE } else { incomplete(code) }
}

/// The exit code where not everything could be written, by the documented order: 2, 1, 4.
pub(super) const fn incomplete(code: u8) -> u8 {
    match code {
        exit::USAGE | exit::NO_GO => code,
        _ => exit::INCOMPLETE,
    }
}

fn print(dialect: Dialect, text: &str, to: &mut Guarded<'_>) -> Result<(), WriteError> {
    to.write_as(dialect, text).and_then(|()| to.finish()).map_err(|error| WriteError::Io(error.kind().to_string()))
}

fn format(written: &str) -> Result<Wanted, Failure> {
    let (name, file) = written.split_once('=').map_or((written, None), |(name, file)| (name, Some(file)));
    let format = name.parse().map_err(|_| {
        let known = Format::WORDS.join(", ");
        let meant = nearest(&name.to_ascii_lowercase(), Format::WORDS.iter().copied());
        let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        Failure::Usage(format!("there is no output format `{}`{hint}\nthe formats are {known}", one_line(name)))
    })?;
    let option = format!("--format {}", one_line(written));
    let output = file.map_or(Ok(Output::Standard), |file| named(Path::new(file), &option))?;
    Ok(Wanted { content: Content::Report(format), output, option })
}

fn named(path: &Path, option: &str) -> Result<Output, Failure> {
    if path.as_os_str().is_empty() {
        return Err(Failure::Usage(format!("`{option}` names no file; write the name of one, or - for standard output")));
    }
    Ok(Output::named(path))
}

/// The findings of a report as a baseline.
pub(super) fn baseline(report: &Report) -> Baseline {
    Baseline::of(&report.findings, &report.files)
}
