//! The words that a database server is really started with: entrypoint and command together, shells and starters taken off.
//!
//! Docker joins both lists; an entrypoint of its own drops the command of the image.
//! <https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact>

use super::commands::{CommandLine, CommandWord, WordOrigin, command_lines, mounted_script_lines, script_files};
use super::footprints;
use super::reviewed::{SIDES, is_answered};
use super::roles::{self, Identity};
use crate::formats::shell::is_shell;
use crate::model::{Interpolated, Placement, Provenance, Secret, Word};
use crate::text::Files;
use crate::text::path::name_of;

/// What a server is started with.
pub enum Start {
    /// The command as it is written, by the entrypoint of the image.
    AsWritten,
    /// These words, the program first where it is written.
    Words(Vec<Word>),
    /// It cannot be told.
    Unknown,
}

/// Programs that come before the server and change nothing of what it reads.
const HARMLESS: [&str; 8] = ["set", "sleep", "mkdir", "chown", "chmod", "true", "export", "until"];

/// The words of a database server.
#[must_use]
pub fn start(placement: &Placement, identity: &Identity, files: &Files) -> Start {
    if identity.role != "database" {
        return Start::AsWritten;
    }
    let written: Vec<&Word> = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words).collect();
    let text = |word: &Word| word.value.clone().unwrap_or_default();
    let runs_shell = |word: &Word| is_shell(name_of(&text(word)));
    let shell = placement.entrypoint.iter().chain(&placement.command).any(|command| command.shell);
    if placement.entrypoint.is_none() && !shell && written.first().is_none_or(|word| !runs_shell(word)) {
        return Start::AsWritten;
    }
    let first = written.iter().position(|word| !roles::is_starter(name_of(&text(word))) && text(word) != "--");
    let Some(first) = first else { return Start::Words(Vec::new()) };
    let rest = written.get(first..).unwrap_or_default();
    if !shell
        && rest.first().is_some_and(|word| !runs_shell(word) && (text(word).starts_with('-') || roles::is_server(name_of(&text(word)))))
    {
        return Start::Words(rest.iter().map(|word| (*word).clone()).collect());
    }
    in_script(placement, files).map_or(Start::Unknown, Start::Words)
}

/// The server's words in the script of a shell, where nothing else in it may change what it reads.
fn in_script(placement: &Placement, files: &Files) -> Option<Vec<Word>> {
    let script = placement.entrypoint.iter().chain(&placement.command).next()?;
    let mut lines = command_lines(script, files);
    lines.extend(mounted_script_lines(placement, files));
    let mut lines = lines.iter().filter(|line| !is_shell(line.program()));
    let server = lines.clone().find(|line| starts(line).is_some())?;
    let asks =
        |program: &str| footprints::ALL.iter().flat_map(|footprint| footprint.health_checks).any(|check| check.programs.contains(&program));
    let is_harmless = |program: &str| HARMLESS.contains(&program) || asks(program);
    let is_plain = |line: &CommandLine| std::ptr::eq(line, server) || is_harmless(line.program()) || line.words.is_empty();
    let is_known = lines.all(is_plain) || is_read_by_somebody(placement, files);
    is_known.then(|| starts(server).map(|words| words.iter().map(word).collect()))?
}

/// Whether a person says that the scripts which start the server change nothing of it.
fn is_read_by_somebody(placement: &Placement, files: &Files) -> bool {
    let scripts = script_files(placement, files);
    !scripts.is_empty() && scripts.iter().all(|path| is_answered(placement, path, &SIDES))
}

/// The words from the server on, of a line that starts it.
fn starts(line: &CommandLine) -> Option<&[CommandWord]> {
    let at = line.words.iter().position(|word| !roles::is_starter(word.program()))?;
    let rest = line.words.get(at..)?;
    rest.first().is_some_and(|word| roles::is_server(word.program())).then_some(rest)
}

fn word(word: &CommandWord) -> Word {
    let known = matches!(word.origin, WordOrigin::Literal | WordOrigin::Default);
    Interpolated {
        value: known.then(|| word.text.clone()),
        raw: Secret::new(word.text.clone()),
        provenance: if known { Provenance::Literal } else { Provenance::Unresolved },
        variables: Vec::new(),
        span: word.span,
        defined_at: None,
    }
}
