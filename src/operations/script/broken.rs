//! Scripts that end before their dump, that undo it, and dumps that lack what stands beside the databases.

use std::collections::BTreeSet;

use super::dumps::{CLIENTS, DATABASE_VARIABLE, OF_ONE_DATABASE};
use super::faults::{Fault, Setting, is_database};
use super::programs;
use super::reading::{Seen, scripts};
use crate::formats::shell::is_shell;
use crate::workloads::commands::{CommandLine, WordOrigin};

/// Statements that take away what a backup is to keep.
const DESTROYS: [&str; 3] = ["drop schema", "drop table", "truncate"];

impl Setting<'_, '_> {
    /// A script that a shell does not take: it ends at once, or where the mistake is.
    pub(super) fn refused(&self, why: &'static str) -> Option<Fault> {
        let is_mistake = why.contains("not closed") || why.contains("not a command that a shell takes");
        let own =
            scripts(self.placement, self.context.files).iter().any(|text| text.lines().next().is_some_and(|line| line.starts_with("#!")));
        (is_mistake && own).then(|| self.fault("never-runs", "", format!("a shell refuses the script: {why}"), None))
    }

    /// A variable that nothing sets, in a script that ends at the first of these (`set -u`).
    pub(super) fn unset_variable(&self) -> Option<Fault> {
        let says_u = |line: &CommandLine| {
            let short = |text: &str| text.starts_with('-') && !text.starts_with("--") && text.contains('u');
            line.program() == "set" && line.arguments().iter().any(|word| short(&word.text) || word.text == "nounset")
        };
        if !self.lines.iter().any(says_u) || self.placement.environment_incomplete.is_some() || !self.placement.incomplete.is_empty() {
            return None;
        }
        let texts = scripts(self.placement, self.context.files);
        let code: Vec<&str> = texts.iter().flat_map(|text| text.lines()).map(|line| line.split(" #").next().unwrap_or(line)).collect();
        // What is only said, or given to a command that ignores it, sets nothing.
        let says = |line: &&str| [":", "echo", "timeout"].contains(&line.split_whitespace().next().unwrap_or_default());
        let code: Vec<&str> = code.into_iter().filter(|line| !line.trim_start().starts_with('#') && !says(line)).collect();
        let mut seen = BTreeSet::new();
        for line in self.lines.iter().filter(|line| !is_shell(line.program())) {
            for word in line.words.iter().filter(|word| word.origin == WordOrigin::Shell) {
                for name in plain_variables(&word.text) {
                    let is_set = || self.placement.environment.iter().any(|entry| entry.name == name);
                    if seen.insert(name) && !is_set() && !code.iter().any(|line| is_named(line, name)) {
                        let explained = format!("`set -u` ends the script at ${name}, which nothing sets");
                        let span = Some(word.span);
                        return Some(Fault { code: "never-runs", tool: line.program().to_owned(), explained, span, related: None });
                    }
                }
            }
        }
        None
    }

    /// A dump that the script itself takes away, or a database.
    pub(super) fn destroyed(&self, seen: &Seen) -> Option<Fault> {
        for (at, call) in seen.calls.iter().enumerate() {
            let Some((program, arguments)) = call.split_first() else { continue };
            if self.takes_data_away(program, arguments, seen) {
                return Some(self.fault("deletes-all", program, format!("{program} takes away data that the backup is to keep"), None));
            }
            let files = || seen.dumps.iter().filter(|dump| is_database(dump)).filter_map(|dump| dump.file.as_deref());
            let target = arguments.last().map_or("", String::as_str);
            let of_dump = |word: &String| files().any(|file| file == word.as_str());
            let gone = match program.as_str() {
                "mv" => target == "/dev/null" && arguments.iter().any(of_dump),
                "truncate" => arguments.iter().any(|word| of_dump(word) || word.contains('*')),
                "rm" | "shred" => arguments.iter().any(of_dump) && self.is_unread(seen, at, files),
                _ => false,
            };
            if gone {
                return Some(self.fault("never-runs", program, format!("{program} takes the dump away again"), None));
            }
        }
        None
    }

    /// Whether a call drops or empties a database that is used or dumped; a scratch database of a restore test is none.
    fn takes_data_away(&self, program: &str, arguments: &[String], seen: &Seen) -> bool {
        let dumped = seen.dumps.iter().filter_map(|dump| dump.database.as_deref());
        let kept: BTreeSet<&str> = self.used.keys().map(|(_, name)| name.as_str()).chain(dumped).collect();
        let names = |text: &str| text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| kept.contains(word));
        let named = || arguments.iter().any(|word| names(word));
        let says = |part: &str| arguments.iter().any(|word| word.to_ascii_lowercase().contains(part));
        let at_home = || {
            !arguments.iter().any(|word| word.starts_with("-d") || word.starts_with("--dbname"))
                && self.values.get(DATABASE_VARIABLE).is_some_and(|name| kept.contains(name.as_str()))
        };
        match program {
            "dropdb" => named(),
            program if CLIENTS.contains(&program) => {
                says("drop database") && named() || DESTROYS.iter().any(|part| says(part)) && at_home()
            }
            _ => false,
        }
    }

    /// Whether no command before this one reads the file of a dump: then taking it away leaves nothing.
    fn is_unread<'f, F, I>(&self, seen: &Seen, before: usize, files: F) -> bool
    where
        F: Fn() -> I,
        I: Iterator<Item = &'f str>,
    {
        let reads = |call: &Vec<String>| {
            let program = call.first().map_or("", String::as_str);
            let aside = matches!(program, "rm" | "shred" | "ls" | "test" | "[" | "stat" | "echo") || programs::is_dump_program(program);
            !aside && call.iter().any(|word| files().any(|file| word.contains(file) || crate::workloads::commands::covers(word, file)))
        };
        !seen.calls.iter().take(before).any(reads)
    }

    /// Dumps of single databases of a server whose roles are in no dump.
    pub(super) fn without_roles(&self, seen: &Seen) -> Option<Fault> {
        let dump = seen.dumps.iter().find(|dump| is_database(dump))?;
        if dump.tool != OF_ONE_DATABASE || !seen.unknown.is_empty() {
            return None;
        }
        let kept = |file: &str| file != "/dev/null" && !self.is_lost(file.rsplit_once('/').map_or(file, |(folder, _)| folder));
        let has_roles = seen.dumps.iter().any(|dump| dump.every_database && dump.has_roles() && dump.file.as_deref().is_none_or(kept));
        let explained = format!("{} takes one database, and the roles of the server are in no dump", dump.tool);
        (!has_roles).then(|| self.fault("without-roles", &dump.tool, explained, None))
    }
}

/// Variables in lower case, which no system sets, as a script names them where it takes no default: `$stamp`, `${stamp}`.
fn plain_variables(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).filter_map(|rest| {
        let (inner, braces) = rest.strip_prefix('{').map_or((rest, false), |inner| (inner, true));
        let end = inner.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).unwrap_or(inner.len());
        let (name, after) = inner.split_at_checked(end)?;
        let whole = if braces { after.starts_with('}') } else { !after.starts_with(|c: char| c.is_ascii_alphanumeric()) };
        (whole && name.starts_with(|c: char| c.is_ascii_lowercase())).then_some(name)
    })
}

/// Whether a line names a variable without reading it: assigns it, reads into it, loops over it.
fn is_named(line: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + name.len()..).and_then(|after| after.chars().next());
        let reads = matches!(before, Some('$' | '{')) || matches!(before, Some('-' | '/' | '.' | '#' | '!'));
        !reads && !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_are_read_and_set_are_told_apart() {
        let of = |text| plain_variables(text).collect::<Vec<_>>();
        assert_eq!(of("/b/$stamp.sql ${day} ${x:-1} $HOME $1 $stampX ${a[0]}"), ["stamp", "day"]);
        for line in ["stamp=$(date)", "read -r stamp", "for stamp in 1 2", "local stamp", "printf -v stamp %s x"] {
            assert!(is_named(line, "stamp"), "{line}");
        }
        for line in ["echo $stamp", "echo ${stamp}", "echo stamps", "ls /x/stamp", "x --stamp"] {
            assert!(!is_named(line, "stamp"), "{line}");
        }
    }
}
