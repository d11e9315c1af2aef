//! `gonogo fix`: the edits that rules offer, as a diff, or made.

mod rounds;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use self::rounds::{Fixed, Rounds, fixed};
use super::arguments::FixOptions;
use super::exit;
use super::failure::Failure;
use super::streams::Guarded;
use crate::fix::diff;
use crate::model::{Applicability, Finding, Fix};
use crate::text::harmless::{Dialect, one_line};

/// Lines about one rule that are listed.
const MOST_LINES: usize = 20;

/// Shows the edits, or makes them.
///
/// Exit codes: 0 nothing to do, or everything was written; 1 without `--apply`, there are edits to make; 4 a file could not
/// be read or not be written.
pub(super) fn fix(options: &FixOptions, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    if options.input.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::Usage("`fix` edits files; standard input is none".to_owned()));
    }
    let mut rounds = Rounds::new(options, err)?;
    if rounds.report.inputs.is_empty() {
        return Err(Failure::Nothing("nothing to fix: no file that gonogo reads was named".to_owned()));
    }
    rounds.run()?;
    let code = if options.apply { write(&rounds, out, err)? } else { show(&rounds, out, err)? };
    rest(&rounds, options, err)?;
    for line in &rounds.report.incomplete {
        writeln!(err, "not read: {}", one_line(line))?;
    }
    Ok(if code == exit::GOOD && !rounds.report.incomplete.is_empty() { exit::INCOMPLETE } else { code })
}

/// The diff of every file.
fn show(rounds: &Rounds<'_>, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    let mut files = 0;
    for (path, draft) in rounds.drafts.iter().filter(|(_, draft)| draft.is_changed()) {
        // As it was read last, with every secret in it marked.
        let Ok(after) = rounds.report.files.read(path) else { continue };
        out.write_as(Dialect::Diff, &diff::unified(draft, &after))?;
        files += 1;
    }
    // The diff first, whatever becomes of the two streams.
    out.flush()?;
    if files == 0 {
        writeln!(err, "Nothing to fix.")?;
        return Ok(exit::GOOD);
    }
    writeln!(err, "{} in {}; `--apply` writes them:", count(rounds.fixed.len(), "fix", "fixes"), count(files, "file", "files"))?;
    list(&rounds.fixed, err)?;
    Ok(exit::NO_GO)
}

/// Writes every file that changes.
fn write(rounds: &Rounds<'_>, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    let mut refused: Vec<&String> = Vec::new();
    for (path, draft) in rounds.drafts.iter().filter(|(_, draft)| draft.is_changed()) {
        if let Err(error) = rounds.on_disk.replace(&draft.original, &draft.text()) {
            writeln!(err, "{}: {error}", one_line(path))?;
            refused.push(path);
        }
    }
    let written: Vec<Fixed> = rounds.fixed.iter().filter(|fixed| !refused.contains(&&fixed.path)).cloned().collect();
    list(&written, out)?;
    out.flush()?;
    writeln!(err, "{} written.", count(written.len(), "fix", "fixes"))?;
    Ok(if refused.is_empty() { exit::GOOD } else { exit::INCOMPLETE })
}

fn list(fixed: &[Fixed], to: &mut dyn Write) -> Result<(), Failure> {
    let lines = fixed.iter().map(|Fixed { path, line, rule }| (rule.as_str(), format!("{path}:{line}  {rule}")));
    print(lines, to)
}

/// What is offered and was not taken, with the reason.
fn rest(rounds: &Rounds<'_>, options: &FixOptions, err: &mut dyn Write) -> Result<(), Failure> {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for finding in rounds.findings() {
        let Some(fix) = &finding.fix else { continue };
        let Fixed { path, line, rule } = fixed(finding, &rounds.report);
        lines.push((&finding.rule, format!("{path}:{line}  {rule}: {}", why_not(finding, fix, rounds, options))));
    }
    lines.dedup();
    if !lines.is_empty() {
        writeln!(err, "Left to you:")?;
    }
    print(lines.into_iter(), err)
}

/// Lines with the rule that each is about; of one rule no more than a person reads.
fn print<'r>(lines: impl Iterator<Item = (&'r str, String)>, to: &mut dyn Write) -> Result<(), Failure> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, line) in lines {
        let count = counted.entry(rule).or_default();
        *count += 1;
        if *count <= MOST_LINES {
            writeln!(to, "  {}", one_line(&line))?;
        }
    }
    for (rule, count) in counted.into_iter().filter(|(_, count)| *count > MOST_LINES) {
        writeln!(to, "  + {} more of {}", count - MOST_LINES, one_line(rule))?;
    }
    Ok(())
}

fn why_not(finding: &Finding, fix: &Fix, rounds: &Rounds<'_>, options: &FixOptions) -> String {
    match (fix.applicability, &fix.note) {
        (_, Some(note)) => format!("by hand: {note}"),
        _ if rounds.was_refused(finding) => "the edit was tried, and something worse or the same was found after it".to_owned(),
        (Applicability::Display, None) => format!("by hand: {}", finding.help),
        (Applicability::Unsafe, None) if !options.with_unsafe => "needs a review; --unsafe includes it".to_owned(),
        _ => "it touches what another fix changes; run the command again".to_owned(),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
