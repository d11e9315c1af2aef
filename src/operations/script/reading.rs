//! The walk through the script of a service, with everything that it calls on the way.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::copies;
use super::dumps::{self, Dump, Extent};
use super::programs;
use crate::formats::shell::status::{Call, Outcomes, Role, outcomes_with};
use crate::formats::shell::{is_assignment, is_shell};
use crate::model::Placement;
use crate::text::Files;
use crate::text::path::name_of;
use crate::workloads::commands::{mounted_script, mounted_source};

/// Programs that start what is named after them.
const STARTERS: [&str; 6] = ["docker-entrypoint.sh", "entrypoint.sh", "tini", "dumb-init", "catatonit", "env"];

/// Programs whose output file is the value of an option.
const WRITES: [&str; 4] = ["-o", "--output", "-out", "-O"];

/// What was seen on the way through a script.
#[derive(Default)]
pub(super) struct Seen {
    /// Dumps, complete or not.
    pub(super) dumps: BTreeSet<Dump>,
    /// Files that dumps are written to by what reads them through a pipe.
    pub(super) outputs: BTreeSet<String>,
    /// Sources and target of files that are moved or copied.
    pub(super) moved: BTreeSet<(Vec<String>, String)>,
    /// Every call, program first, for those that look at the order of things.
    pub(super) calls: Vec<Vec<String>>,
    /// Calls whose output goes to the next, with that next one, in the order of their pipes.
    pub(super) pipes: Vec<Vec<Vec<String>>>,
    /// A pipe whose last call was not seen yet.
    open_pipe: Vec<Vec<String>>,
    /// Programs that may make a backup, for all that is known of them.
    pub(super) unknown: BTreeSet<String>,
}

/// A script that was walked through.
pub(super) struct Walked {
    pub(super) outcomes: Result<Outcomes, &'static str>,
    pub(super) seen: Seen,
    /// Display paths of the files that were walked through.
    pub(super) files: BTreeSet<String>,
}

/// Walks through what a container of the service runs; `None` where its image decides.
pub(super) fn walk(placement: &Placement, files: &Files) -> Option<Result<Walked, &'static str>> {
    let text = match text(placement)? {
        Ok(text) => text,
        Err(why) => return Some(Err(why)),
    };
    let opened = RefCell::new(BTreeSet::new());
    let script_of = |path: &str| {
        opened.borrow_mut().extend(mounted_source(placement, path, files).map(|source| source.path().to_owned()));
        mounted_script(placement, path, files)
    };
    let walked = walked(&text, &script_of);
    Some(Ok(Walked { files: opened.into_inner(), ..walked }))
}

/// The texts of scripts that the service runs: what its command says, and what it mounts and names.
pub(super) fn scripts(placement: &Placement, files: &Files) -> Vec<String> {
    let commands = || placement.entrypoint.iter().chain(&placement.command);
    let inline = commands().filter_map(|command| command.script.as_ref()?.value.clone());
    let paths = commands().flat_map(|command| &command.words).filter_map(|word| word.value.as_deref());
    let mounted = paths.flat_map(str::split_whitespace).filter_map(|path| mounted_script(placement, path, files));
    inline.chain(mounted).collect()
}

/// What becomes of a script where another step matters than its dump: `role_of` says which.
pub(super) fn outcomes_of(placement: &Placement, files: &Files, role_of: &dyn Fn(&Call<'_>) -> Role) -> Option<Outcomes> {
    let text = text(placement)?.ok()?;
    outcomes_with(&text, role_of, &|path| mounted_script(placement, path, files)).ok()
}

/// Walks through a text.
pub(super) fn walked(text: &str, script_of: &dyn Fn(&str) -> Option<String>) -> Walked {
    let seen = RefCell::new(Seen::default());
    let outcomes = outcomes_with(text, &|call| seen.borrow_mut().note(call), script_of);
    Walked { outcomes, seen: seen.into_inner(), files: BTreeSet::new() }
}

/// What runs, as a script, after the variables of the container that are known.
fn text(placement: &Placement) -> Option<Result<String, &'static str>> {
    let mut words = Vec::new();
    let mut script = None;
    for command in placement.entrypoint.iter().chain(&placement.command) {
        match &command.script {
            Some(known) => script = Some(known.value.clone()),
            None => words.extend(command.words.iter().map(|word| word.value.clone())),
        }
    }
    if script.is_none() && words.is_empty() {
        return None;
    }
    let body = match script {
        Some(script) => script,
        None => words.into_iter().collect::<Option<Vec<String>>>().map(|words| quoted(started(&words))),
    };
    let body = body.map(|body| match body.strip_prefix("#!/bin/bash\n") {
        Some(rest) => format!("#!/bin/bash\n{}{rest}", variables(placement)),
        None => variables(placement) + &body,
    });
    Some(body.ok_or("a variable of the compose file has no value"))
}

fn started(words: &[String]) -> &[String] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let skipped = STARTERS.contains(&name_of(first)) || first == "--" || is_assignment(first) || first == "-g";
        if !skipped {
            break;
        }
        words = rest;
    }
    words
}

fn quoted(words: &[String]) -> String {
    // `bash -n` reads the script and runs nothing of it.
    if let [first, option, ..] = words
        && is_shell(first)
        && option.strip_prefix('-').is_some_and(|letters| letters.contains('n') && !letters.contains(['-', 'c']))
    {
        return "true".to_owned();
    }
    let first_is_shell = words.first().is_some_and(|first| is_shell(first));
    let quote = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
    let line = words.iter().map(quote).collect::<Vec<_>>().join(" ");
    if first_is_shell { format!("exec {line}") } else { line }
}

/// Assignments of the variables that the container starts with.
fn variables(placement: &Placement) -> String {
    let is_name = |name: &str| is_assignment(&format!("{name}="));
    let known = placement.environment.iter().filter(|entry| is_name(&entry.name));
    let known = known.filter_map(|entry| Some((&entry.name, entry.value.value.as_ref()?)));
    known.map(|(name, value)| format!("{name}='{}'\n", value.replace('\'', r"'\''"))).collect()
}

/// Whether a call deletes backups by age or number; one that removes a single file cleans up.
pub(super) fn purges<'w>(program: &str, mut arguments: impl Iterator<Item = &'w str>) -> bool {
    match program {
        "find" => arguments.any(|word| word == "-delete" || word == "rm"),
        "xargs" => arguments.any(|word| word == "rm"),
        "rm" => arguments.any(|word| word.contains('*')),
        _ => false,
    }
}

impl Seen {
    /// Notes a call, and says what it is to the backup.
    fn note(&mut self, call: &Call<'_>) -> Role {
        let words: Vec<String> = std::iter::once(call.program.to_owned()).chain(call.arguments.iter().cloned()).collect();
        self.note_pipe(&words, call.piped);
        self.calls.push(words);
        if let Some(dump) = dumps::dump(call.program, call.arguments) {
            return self.note_dump(call, dump);
        }
        if matches!(call.program, "mv" | "cp" | "install" | "rsync") {
            self.note_move(call.arguments);
        }
        let does_purge = purges(call.program, call.arguments.iter().map(String::as_str));
        if call.fed {
            let role = self.note_fed(call);
            return if role == Role::Carries && does_purge { Role::Purges } else { role };
        }
        if !copies::is_aside(call.program, call.arguments) && !programs::is_dump_program(call.program) {
            self.unknown.insert(call.program.to_owned());
        }
        if does_purge { Role::Purges } else { Role::Aside }
    }

    /// Each way into a stage of a pipe calls it again.
    fn note_pipe(&mut self, words: &Vec<String>, piped: bool) {
        if self.open_pipe.last() == Some(words) {
            return;
        }
        self.open_pipe.push(words.clone());
        if !piped {
            let pipe = std::mem::take(&mut self.open_pipe);
            if pipe.len() > 1 && self.pipes.last() != Some(&pipe) {
                self.pipes.push(pipe);
            }
        }
    }

    fn note_dump(&mut self, call: &Call<'_>, dump: Dump) -> Role {
        let file = dump.file.clone().or_else(|| call.output.filter(|_| !call.piped).map(str::to_owned));
        let nowhere = file.as_deref() == Some("/dev/null");
        let is_work = matches!(dump.extent, Extent::Whole | Extent::Limited(_)) && !nowhere;
        let extent = if nowhere { Extent::NoData("its output goes to /dev/null".to_owned()) } else { dump.extent };
        self.dumps.insert(Dump { file, extent, ..dump });
        if is_work { Role::Work } else { Role::Carries }
    }

    /// A program that a dump may come to through a pipe.
    fn note_fed(&mut self, call: &Call<'_>) -> Role {
        let of_option = || {
            let at = call.arguments.iter().position(|word| WRITES.contains(&word.as_str()))?;
            call.arguments.get(at + 1).cloned()
        };
        let of_tee = || call.arguments.iter().find(|word| call.program == "tee" && !word.starts_with('-')).cloned();
        let output = call.output.map(str::to_owned).or_else(of_option).or_else(of_tee);
        // The beginning of a dump is none.
        if matches!(call.program, "head" | "tail") && call.arguments.iter().any(|word| word.starts_with("-c") || word.starts_with("-n")) {
            return Role::Discards;
        }
        match output {
            Some(output) if output == "/dev/null" && !call.piped => return Role::Discards,
            Some(output) => _ = self.outputs.insert(output),
            None => {}
        }
        Role::Carries
    }

    fn note_move(&mut self, arguments: &[String]) {
        let paths: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
        if let Some((target, sources)) = paths.split_last() {
            self.moved.insert((sources.to_vec(), target.clone()));
        }
    }
}
