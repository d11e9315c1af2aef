//! What is wrong with `archive_cleanup_command` and `recovery_end_command`, which remove what a standby has replayed.
//!
//! `%r` is the name of the oldest segment that has to be kept. Whether they succeed, nobody looks at.

use super::fault::Fault;
use crate::formats::shell::{self, ShellCommand};

/// The oldest segment that has to be kept.
const KEPT: &str = "%r";

/// What is wrong with a command that is run after each restart point to clean the archive.
pub(super) fn faults(command: &str) -> Vec<Fault> {
    let commands = shell::commands(command);
    let mut faults: Vec<Fault> = Vec::new();
    for fault in commands.iter().filter_map(|command| of_program(command).or_else(|| removes(command, None))) {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

/// The same of one that is run once, at the end of recovery: it may tidy up, but not in the folder that `restore_command`
/// fetches from.
pub(super) fn faults_at_end(command: &str, restore: Option<&str>) -> Vec<Fault> {
    let commands = shell::commands(command);
    let archive = restore.and_then(archive_of);
    let of_command = |command: &ShellCommand| {
        let archive = archive.as_deref();
        of_program(command).or_else(|| archive.and_then(|archive| removes(command, Some(archive))))
    };
    commands.iter().filter_map(of_command).collect()
}

/// The folder that a restore command fetches from: `/archive` of `cp /archive/%f %p`.
fn archive_of(restore: &str) -> Option<String> {
    let commands = shell::commands(restore);
    let mut words = commands.iter().flat_map(ShellCommand::program_words);
    words.find_map(|word| Some(word.text.split_once("/%f")?.0.to_owned())).filter(|folder| folder.starts_with('/'))
}

/// Options of `pg_archivecleanup` that have a value of their own.
const WITH_VALUE: [&str; 2] = ["-x", "--strip-extension"];

/// `pg_archivecleanup` that cannot do its work.
fn of_program(command: &ShellCommand) -> Option<Fault> {
    if command.program() != Some("pg_archivecleanup") {
        return None;
    }
    let words: Vec<&str> = command.program_words().iter().skip(1).map(|word| word.text.as_str()).collect();
    let is_value = |at: usize| at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| WITH_VALUE.contains(before));
    let operands: Vec<&str> =
        words.iter().enumerate().filter(|(at, word)| !word.starts_with('-') && !is_value(*at)).map(|(_, word)| *word).collect();
    let fails = |why: &str| Some(Fault::new("fails", why));
    match operands.as_slice() {
        _ if words.iter().any(|word| matches!(*word, "-n" | "--dry-run")) => {
            fails("with -n pg_archivecleanup lists segments and removes none")
        }
        [first, ..] if first.contains(KEPT) => fails("pg_archivecleanup takes the folder of the archive first, and %r after it"),
        [_, second, ..] if second.contains(KEPT) || second.contains('$') => None,
        [_] | [] => fails("pg_archivecleanup is not given %r, the oldest segment to keep, and ends with an error"),
        [_, second, ..] => fails(&format!("pg_archivecleanup is given `{second}` as the oldest segment to keep, and expects %r")),
    }
}

/// A program that removes segments without asking which are still needed.
fn removes(command: &ShellCommand, archive: Option<&str>) -> Option<Fault> {
    let words: Vec<&str> = command.program_words().iter().map(|word| word.text.as_str()).collect();
    if words.iter().any(|word| word.contains(KEPT) || word.contains('$')) {
        return None;
    }
    let (program, arguments) = (command.program()?, words.get(1..)?);
    let within = |path: &str| archive.is_none_or(|archive| path.trim_end_matches('/').starts_with(archive));
    match program {
        "rm" | "shred" | "unlink" => {
            let is_recursive = arguments
                .iter()
                .any(|word| *word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains(['r', 'R']));
            let target = arguments.iter().find(|word| !word.starts_with('-') && (is_recursive || is_every(word)) && within(word))?;
            Some(Fault::new("removes-all", format!("`{program} … {target}` removes every segment, whatever is still needed")))
        }
        "find" => {
            let deletes = arguments.contains(&"-delete") || arguments.contains(&"rm") || arguments.iter().any(|word| word.ends_with("/rm"));
            let by_age = arguments.iter().any(|word| matches!(*word, "-mtime" | "-mmin" | "-ctime" | "-cmin" | "-atime" | "-amin"));
            if !deletes || !arguments.first().is_some_and(|folder| within(folder)) {
                return None;
            }
            Some(match by_age {
                true => Fault::new("removes-by-age", "find removes segments by their age, also those that are still needed"),
                false => Fault::new("removes-all", "find removes every segment, whatever is still needed"),
            })
        }
        _ => None,
    }
}

/// Whether a pattern takes every segment: names of segments are hexadecimal digits.
fn is_every(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.strip_suffix('*').is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit() || c == '?')) && word.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(faults: &[Fault]) -> String {
        faults.iter().map(|fault| fault.code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cleaning_an_archive_keeps_what_is_needed() {
        for (command, expected) in [
            ("pg_archivecleanup /archive %r", ""),
            ("/usr/lib/postgresql/17/bin/pg_archivecleanup -d -x .gz \"/archive\" \"%r\" 2>> /var/log/cleanup.log", ""),
            ("pg_archivecleanup /archive", "fails"),
            ("pg_archivecleanup %r /archive", "fails"),
            ("pg_archivecleanup /archive %f", "fails"),
            ("pg_archivecleanup -n /archive %r", "fails"),
            ("/opt/site/clean.sh %r", ""),
            ("rm -f /archive/*", "removes-all"),
            ("rm -rf /archive", "removes-all"),
            ("rm -f /archive/0000*", "removes-all"),
            ("rm -f /archive/*.backup", ""),
            ("rm -f /archive/%r", ""),
            ("find /archive -type f -mtime +7 -delete", "removes-by-age"),
            ("find /archive -type f -exec rm {} \\;", "removes-all"),
            ("find /archive -type f ! -newer /archive/%r -delete", ""),
            ("find /archive -type f -mtime +7", ""),
            ("", ""),
        ] {
            assert_eq!(codes(&faults(command)), expected, "{command}");
        }
    }

    #[test]
    fn the_end_of_recovery_may_remove_other_things() {
        let restore = Some("cp /archive/%f %p");
        for (command, restore, expected) in [
            ("rm -f /tmp/standby.trigger", restore, ""),
            ("rm -rf /tmp/restore", restore, ""),
            ("rm -rf /archive", restore, "removes-all"),
            ("rm -f /archive/*", restore, "removes-all"),
            ("rm -f /archive/*", None, ""),
            ("pg_archivecleanup /archive", None, "fails"),
        ] {
            assert_eq!(codes(&faults_at_end(command, restore)), expected, "{command}");
        }
    }
}
