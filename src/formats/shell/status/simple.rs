//! Simple commands: what the shell does itself, what it starts.

use std::rc::Rc;

use super::condition::held;
use super::machine::{Around, Machine};
use super::state::{Ends, Flow, Held, State, Status, Work};
use super::steps::{Call, Role};
use super::wrappers::{Inner, inner, inner_file, unwrapped};
use crate::formats::shell::tree::{Command, Redirection, Simple, Word};
use crate::text::path::name_of;

/// Commands of the shell that succeed whatever they are given, but for errors of who wrote them.
const SUCCEEDS: &[&str] =
    &["true", ":", "echo", "printf", "export", "local", "declare", "typeset", "readonly", "unset", "umask", "shift", "alias", "times"];

impl Machine<'_> {
    pub(super) fn simple(&mut self, simple: &Simple, command: &Command, state: State, around: &Around) -> Ends {
        let start = state.clone();
        let mut ends = Ends::new();
        for (state, is_assigned) in self.expansions(simple, state) {
            ends.extend(self.after_expansions(simple, command, state, is_assigned, around));
        }
        self.split_ampersand(command, start, ends)
    }

    /// What `$( … )` in the words and assignments runs; the second says whether its status is that of the command.
    fn expansions(&mut self, simple: &Simple, state: State) -> Vec<(State, bool)> {
        let values = simple.assignments.iter().map(|assignment| &assignment.value);
        let lists: Vec<_> = values.chain(&simple.words).flat_map(Word::substitutions).collect();
        let alone = simple.words.is_empty();
        let mut states = vec![(state, false)];
        for list in lists {
            let around = Around { checked: true, ..Around::inside() };
            states =
                states.into_iter().flat_map(|(state, _)| self.subshell(list, &state, &around)).map(|(state, _)| (state, alone)).collect();
        }
        states
    }

    fn after_expansions(&mut self, simple: &Simple, command: &Command, mut state: State, is_assigned: bool, around: &Around) -> Ends {
        let words: Vec<String> = simple.words.iter().map(|word| self.resolved(word, &state)).collect();
        for assignment in &simple.assignments {
            let value = self.value(&assignment.value, &state);
            state.set(&assignment.name, value);
        }
        let shown = self.shown(&command.place);
        if words.is_empty() {
            let status = if is_assigned { state.status } else { Status::Success };
            return vec![(state.ended(status, around.kind, &shown), Flow::Next)];
        }
        let rest = unwrapped(&words);
        let Some((program, arguments)) = rest.split_first() else {
            // `exec > file`, `env`: nothing of it matters.
            return vec![(state.ended(Status::Success, around.kind, &shown), Flow::Next)];
        };
        if program == "exec" {
            if arguments.is_empty() {
                return vec![(state.ended(Status::Success, around.kind, &shown), Flow::Next)];
            }
            let ends = self.started(unwrapped(arguments), &simple.words, command, state, around);
            return ends.into_iter().map(|(state, _)| (state, Flow::Exit)).collect();
        }
        self.started(rest, &simple.words, command, state, around)
    }

    fn value(&self, value: &Word, state: &State) -> Held {
        match held(value, state) {
            Some(known) => known,
            None if value.substitutions().next().is_some() => Held::Anything,
            None => Held::Text(Rc::from(self.resolved(value, state))),
        }
    }

    fn started(&mut self, words: &[String], written: &[Word], command: &Command, state: State, around: &Around) -> Ends {
        let Some((first, arguments)) = words.split_first() else { return vec![(state, Flow::Next)] };
        let program = name_of(first);
        if let Some(body) = self.functions.get(first).cloned() {
            let mut inside = state;
            give_arguments(&mut inside, arguments);
            return self.call(&body, inside, around);
        }
        let redirected = Around { output: self.output_of(&command.redirections, &state, around), ..around.clone() };
        if let Some(inner) = inner(words) {
            return self.inner_script(&inner, &state, &redirected);
        }
        if let Some(ends) = self.file(words, &state, &redirected) {
            return ends;
        }
        if program == "eval" {
            return self.script(&arguments.join(" "), self.is_bash, state, &redirected);
        }
        if let Some(ends) = self.builtin(program, arguments, written, command, &state, around) {
            return ends;
        }
        self.program(program, arguments, command, &state, &redirected)
    }

    /// A script of another file: `sh backup.sh`, `/backup.sh`, `. /lib.sh`.
    fn file(&mut self, words: &[String], state: &State, around: &Around) -> Option<Ends> {
        let (first, arguments) = words.split_first()?;
        if let Some(inner) = inner_file(words) {
            let script = self.script_of(&inner.script)?;
            return Some(self.inner_script(&Inner { script, ..inner }, state, around));
        }
        if first == "." || first == "source" {
            let script = self.script_of(arguments.first()?)?;
            return Some(self.script(&script, self.is_bash, state.clone(), around));
        }
        let script = self.script_of(first)?;
        let is_bash = script.lines().next().is_some_and(|line| line.starts_with("#!") && line.contains("bash"));
        let inner = Inner { script, arguments: words.to_vec(), errexit: false, pipefail: false, is_bash };
        Some(self.inner_script(&inner, state, around))
    }

    fn inner_script(&mut self, inner: &Inner, state: &State, around: &Around) -> Ends {
        let mut inside = State { errexit: inner.errexit, pipefail: inner.pipefail, ..state.clone() };
        give_arguments(&mut inside, inner.arguments.get(1..).unwrap_or(&[]));
        if let Some(name) = inner.arguments.first() {
            inside.set("0", Held::Text(Rc::from(name.as_str())));
        }
        let ends = self.script(&inner.script, inner.is_bash, inside, &Around { checked: false, ..around.clone() });
        ends.into_iter().map(|(end, _)| (state.clone().left_by(end.with_first_cause()), Flow::Next)).collect()
    }

    /// What the shell does itself.
    fn builtin(
        &mut self,
        program: &str,
        arguments: &[String],
        written: &[Word],
        command: &Command,
        state: &State,
        around: &Around,
    ) -> Option<Ends> {
        let shown = self.shown(&command.place);
        let ended = |status, flow| Some(vec![(state.clone().ended(status, around.kind, &shown), flow)]);
        match program {
            "false" => ended(Status::Failure, Flow::Next),
            "exit" | "return" => {
                let flow = if program == "exit" { Flow::Exit } else { Flow::Return };
                let Some(word) = written.get(1) else { return Some(vec![(state.clone(), flow)]) };
                if held(word, state) == Some(Held::Status(state.status)) && word.text().contains('?') {
                    return Some(vec![(state.clone(), flow)]);
                }
                match self.status_of(word, state) {
                    Some(status) => ended(status, flow),
                    None => Some(self.either(command, state, around).into_iter().map(|(state, _)| (state, flow)).collect()),
                }
            }
            "break" => ended(Status::Success, Flow::Break),
            "continue" => ended(Status::Success, Flow::Continue),
            "set" => Some(vec![(set(state, arguments).ended(Status::Success, around.kind, &shown), Flow::Next)]),
            "trap" => {
                let action = arguments.first().map_or("", String::as_str);
                let catches = arguments.iter().skip(1).any(|signal| matches!(signal.as_str(), "EXIT" | "0" | "ERR"));
                if catches && action.rsplit(';').find(|part| !part.trim().is_empty()).is_some_and(|last| last.trim() == "exit 0") {
                    self.trapped = Some(Rc::clone(&shown));
                } else if action.contains("exit") && arguments.iter().skip(1).any(|signal| matches!(signal.as_str(), "EXIT" | "0" | "ERR"))
                {
                    self.unread = Some("it changes its status with a trap");
                }
                ended(Status::Success, Flow::Next)
            }
            // What follows is never reached.
            "sleep" if arguments.first().is_some_and(|pause| matches!(pause.as_str(), "infinity" | "inf")) => {
                ended(Status::Success, Flow::Exit)
            }
            "wait" => Some(wait(state, arguments, around, &shown)),
            "test" | "[" => {
                let end = written.len() - usize::from(program == "[" && written.len() > 1);
                let words = written.get(1..end).unwrap_or(&[]);
                Some(self.test(words, command, state, around))
            }
            _ if SUCCEEDS.contains(&program) && !self.carries(program, arguments, command, state, around) => {
                let mut state = state.clone();
                declare(&mut state, program, written);
                Some(vec![(state.ended(Status::Success, around.kind, &shown), Flow::Next)])
            }
            _ => None,
        }
    }

    /// Whether a command that only says something says it to a pipe.
    fn carries(&self, program: &str, arguments: &[String], command: &Command, state: &State, around: &Around) -> bool {
        around.piped && self.asked(program, arguments, &command.redirections, state, around) == Role::Carries
    }

    fn asked(&self, program: &str, arguments: &[String], redirections: &[Redirection], state: &State, around: &Around) -> Role {
        let output = self.output_of(redirections, state, around);
        let reads = |redirection: &&Redirection| redirection.operator.starts_with('<') && !redirection.operator.starts_with("<<");
        let inputs: Vec<String> = redirections.iter().filter(reads).map(|redirection| self.resolved(&redirection.target, state)).collect();
        self.role_of(&Call { program, arguments, output: output.as_deref(), inputs: &inputs, piped: around.piped, fed: around.fed })
    }

    /// A program, which may succeed or fail.
    fn program(&mut self, program: &str, arguments: &[String], command: &Command, state: &State, around: &Around) -> Ends {
        let role = self.asked(program, arguments, &command.redirections, state, around);
        let carries = !matches!(role, Role::Aside | Role::Check | Role::Purges);
        let purges = role == Role::Purges && matches!(state.work, Work::Failed(_));
        let carried = State { carried: state.carried || carries, purged: state.purged || purges, ..state.clone() };
        match role {
            Role::Work => {
                let text = self.shown(&command.place);
                let work = |work, status| (State { work, ..carried.clone() }.ended(status, around.kind, &text), Flow::Next);
                let failed = if state.work == Work::Done { Work::Done } else { Work::Failed(Rc::from(program)) };
                vec![work(Work::Done, Status::Success), work(failed, Status::Failure)]
            }
            Role::Check => {
                let mut ends = self.either(command, state, around);
                let good = ends.iter_mut().filter(|(end, _)| end.status == Status::Success);
                good.for_each(|(end, _)| end.work = Work::Done);
                ends
            }
            Role::Carries if program == "echo" || program == "printf" => {
                vec![(carried.ended(Status::Success, around.kind, &self.shown(&command.place)), Flow::Next)]
            }
            Role::Discards => self.either(command, &State { discarded: true, ..carried }, around),
            Role::Carries | Role::Purges | Role::Aside => self.either(command, &carried, around),
        }
    }
}

impl Around {
    /// What surrounds the commands of `$( … )`.
    fn inside() -> Self {
        Self { checked: false, kind: super::lapse::LapseKind::Last, piped: false, fed: false, output: None }
    }
}

/// `$1` and on.
fn give_arguments(state: &mut State, arguments: &[String]) {
    for (at, argument) in arguments.iter().enumerate().take(20) {
        state.set(&(at + 1).to_string(), Held::Text(Rc::from(argument.as_str())));
    }
    let all: Rc<str> = Rc::from(arguments.join(" "));
    state.set("@", Held::Text(Rc::clone(&all)));
    state.set("*", Held::Text(all));
}

/// `local rc=$?`, `export FILE=…`.
fn declare(state: &mut State, program: &str, written: &[Word]) {
    if !matches!(program, "export" | "local" | "declare" | "typeset" | "readonly") {
        return;
    }
    for word in written.iter().skip(1) {
        let text = word.text();
        let Some((name, value)) = text.split_once('=') else { continue };
        let held = match value {
            "$?" => Held::Status(state.status),
            _ if value.contains(['$', '`']) => Held::Anything,
            _ => Held::Text(Rc::from(value)),
        };
        state.set(name, held);
    }
}

/// `set -e`, `set -euo pipefail`, `set -- a b`.
fn set(state: &State, arguments: &[String]) -> State {
    let mut state = state.clone();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            let rest: Vec<String> = words.cloned().collect();
            give_arguments(&mut state, &rest);
            break;
        }
        let on = word.starts_with('-');
        let Some(letters) = word.strip_prefix(['-', '+']) else { break };
        if letters.contains('e') {
            state.errexit = on;
        }
        if letters.contains('o') {
            match words.next().map(String::as_str) {
                Some("pipefail") => state.pipefail = on,
                Some("errexit") => state.errexit = on,
                _ => {}
            }
        }
    }
    state
}

/// `wait` for everything succeeds, `wait $!` ends as what it waits for.
fn wait(state: &State, arguments: &[String], around: &Around, shown: &Rc<str>) -> Ends {
    let ended = |work, status| (State { work, ..state.clone() }.ended(status, around.kind, shown), Flow::Next);
    match (&state.work, arguments.is_empty()) {
        (Work::Pending(step, _), true) => {
            let failed = Work::Failed(Rc::clone(step));
            vec![ended(Work::Done, Status::Success), ended(failed, Status::Success)]
        }
        (Work::Pending(step, _), false) => {
            vec![ended(Work::Done, Status::Success), ended(Work::Failed(Rc::clone(step)), Status::Failure)]
        }
        (work, true) => vec![ended(work.clone(), Status::Success)],
        (work, false) => vec![ended(work.clone(), Status::Success), ended(work.clone(), Status::Failure)],
    }
}
