//! The walk: lists, `&&` and `||`, pipelines, background; each with every way in which it can end.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::lapse::{Lapse, LapseKind, Outcomes};
use super::state::{Cause, Ends, Flow, State, Status, Work};
use super::steps::{Call, Role};
use crate::formats::shell::reader::Reader;
use crate::formats::shell::tree::{AndOr, Command, FaultKind, Item, Link, List, Pipeline, Place};

/// Most commands that are walked through, each time counted again.
const MOST_STEPS: usize = 20_000;

/// Most ways that are followed at the same time.
const MOST_STATES: usize = 200;

/// Deepest nesting of scripts and functions.
const DEEPEST: usize = 12;

/// Deepest nesting of commands within commands, whatever nests them.
const DEEPEST_COMMAND: usize = 64;

/// Longest text of a command that a message shows.
const LONGEST_SHOWN: usize = 60;

/// What surrounds a command.
#[derive(Clone, Debug)]
pub(super) struct Around {
    /// Whether its failure is looked at, so that `set -e` does not end the shell.
    pub(super) checked: bool,
    /// What a success of it would be due to.
    pub(super) kind: LapseKind,
    /// Whether its output goes into a pipe.
    pub(super) piped: bool,
    /// Whether what matters comes to it through a pipe.
    pub(super) fed: bool,
    /// The file that its output goes to.
    pub(super) output: Option<Rc<str>>,
}

impl Around {
    fn script() -> Self {
        Self { checked: false, kind: LapseKind::Last, piped: false, fed: false, output: None }
    }

    pub(super) fn checked(&self) -> Self {
        Self { checked: true, ..self.clone() }
    }

    pub(super) fn of(&self, kind: LapseKind) -> Self {
        Self { kind, ..self.clone() }
    }
}

/// The walker.
pub(super) struct Machine<'r> {
    role_of: &'r dyn Fn(&Call<'_>) -> Role,
    /// The text of a script that is called by its path, where it is known.
    script_of: &'r dyn Fn(&str) -> Option<String>,
    /// The script that is walked through.
    pub(super) text: Rc<str>,
    pub(super) functions: BTreeMap<String, Rc<Command>>,
    /// Whether bash reads the script, by what started it.
    pub(super) is_bash: bool,
    steps: usize,
    /// How deep the command is within others.
    within: usize,
    pub(super) depth: usize,
    /// How the turns of loops that never end may end.
    pub(super) turns: BTreeSet<State>,
    /// A trap that makes a success of every failure, as it is written.
    pub(super) trapped: Option<Rc<str>>,
    /// Why there is no answer.
    pub(super) unread: Option<&'static str>,
}

impl<'r> Machine<'r> {
    pub(super) fn new(role_of: &'r dyn Fn(&Call<'_>) -> Role, script_of: &'r dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            role_of,
            script_of,
            text: Rc::from(""),
            functions: BTreeMap::new(),
            is_bash: false,
            steps: 0,
            within: 0,
            depth: 0,
            turns: BTreeSet::new(),
            trapped: None,
            unread: None,
        }
    }

    pub(super) fn run(mut self, text: &str) -> Result<Outcomes, &'static str> {
        let is_bash = text.lines().next().is_some_and(|first| first.starts_with("#!") && first.contains("bash"));
        let ends = self.script(text, is_bash, State::start(), &Around::script());
        if let Some(why) = self.unread {
            return Err(why);
        }
        let mut outcomes = Outcomes::default();
        let mut lapses = BTreeSet::new();
        for (state, _) in ends {
            match (state.status, &state.work) {
                (Status::Failure, _) => outcomes.fails = true,
                (Status::Success, Work::Done) => outcomes.does = true,
                (Status::Success, _) => _ = lapses.insert(lapse(&state)),
            }
        }
        outcomes.endless = !self.turns.is_empty();
        for state in &self.turns {
            match state.work {
                Work::Done => outcomes.does = true,
                _ => _ = lapses.insert(lapse_of_turn(state)),
            }
        }
        if let Some(trap) = self.trapped.filter(|_| outcomes.fails) {
            outcomes.fails = false;
            lapses.insert(Lapse { kind: LapseKind::Trap, step: String::new(), by: trap.to_string(), condition: None, purges: false });
        }
        outcomes.lapses = lapses.into_iter().collect();
        Ok(outcomes)
    }

    /// A script in a shell of its own.
    pub(super) fn script(&mut self, text: &str, is_bash: bool, state: State, around: &Around) -> Ends {
        let script = Reader::new(text).script();
        match script.fault.as_ref().map(|fault| fault.kind) {
            Some(FaultKind::Unclosed) => self.unread = Some("a quote, bracket or keyword is not closed"),
            Some(FaultKind::Unexpected) => self.unread = Some("it is not a command that a shell takes"),
            Some(FaultKind::TooLarge) => self.unread = Some("it is too large"),
            None => {}
        }
        if self.depth >= DEEPEST {
            self.unread = Some("it is nested too deep");
            return Vec::new();
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.text, Rc::from(text));
        let was_bash = std::mem::replace(&mut self.is_bash, is_bash);
        let ends = self.list(&script.list, vec![state], around);
        self.is_bash = was_bash;
        self.text = outer;
        self.depth -= 1;
        ends
    }

    /// The text of a script at a path.
    pub(super) fn script_of(&self, path: &str) -> Option<String> {
        (self.script_of)(path)
    }

    /// What a call is to the work.
    pub(super) fn role_of(&self, call: &Call<'_>) -> Role {
        (self.role_of)(call)
    }

    /// The text of a place, shortened.
    pub(super) fn shown(&self, place: &Place) -> Rc<str> {
        let text = self.text.get(place.clone()).unwrap_or("").trim();
        let line = text.lines().next().unwrap_or("");
        match line.char_indices().nth(LONGEST_SHOWN) {
            Some((end, _)) => {
                let whole = line.get(..end).unwrap_or("");
                // At a word, where that leaves something to see.
                let at = whole.rfind(' ').filter(|at| *at > LONGEST_SHOWN / 2);
                Rc::from(at.map_or_else(|| format!("{whole}…"), |at| format!("{} …", whole.get(..at).unwrap_or(""))))
            }
            None if line.len() < text.len() => Rc::from(format!("{line} …")),
            None => Rc::from(line),
        }
    }

    pub(super) fn list(&mut self, list: &List, states: Vec<State>, around: &Around) -> Ends {
        let mut ended = BTreeSet::new();
        let mut live = states;
        for item in &list.items {
            let mut next = BTreeSet::new();
            for state in live {
                for (state, flow) in self.item(item, state, around) {
                    if flow == Flow::Next {
                        next.insert(state);
                    } else {
                        ended.insert((state, flow));
                    }
                }
            }
            if next.len() + ended.len() > MOST_STATES {
                self.unread = Some("it has too many ways to end");
                return Ends::new();
            }
            live = next.into_iter().collect();
        }
        ended.extend(live.into_iter().map(|state| (state, Flow::Next)));
        ended.into_iter().collect()
    }

    fn item(&mut self, item: &Item, state: State, around: &Around) -> Ends {
        if !item.background {
            return self.and_or(&item.and_or, state, around);
        }
        let ends = self.and_or(&item.and_or, state.clone(), around);
        vec![(behind(state, &ends, LapseKind::Background), Flow::Next)]
    }

    fn and_or(&mut self, and_or: &AndOr, state: State, around: &Around) -> Ends {
        let last = and_or.rest.len();
        let around_of = |at: usize, kind| Around { checked: around.checked || at < last, ..around.of(kind) };
        let mut ends = self.pipeline(&and_or.first, state, &around_of(0, around.kind));
        for (at, linked) in and_or.rest.iter().enumerate() {
            let wanted = Status::of(linked.link == Link::And);
            let kind = if linked.link == Link::Or { LapseKind::Or } else { around.kind };
            let mut next = Ends::new();
            for (state, flow) in ends {
                if flow == Flow::Next && state.status == wanted {
                    next.extend(self.pipeline(&linked.pipeline, state, &around_of(at + 1, kind)));
                } else {
                    next.push((state, flow));
                }
            }
            ends = next;
        }
        ends
    }

    fn pipeline(&mut self, pipeline: &Pipeline, state: State, around: &Around) -> Ends {
        let inner = Around { checked: around.checked || pipeline.negated, ..around.clone() };
        let mut ends = match pipeline.stages.as_slice() {
            [only] => self.command(only, state, &inner),
            stages => self.stages(stages, state, &inner),
        };
        if pipeline.negated {
            let not: Rc<str> = Rc::from("!");
            ends.iter_mut().filter(|(_, flow)| *flow == Flow::Next).for_each(|(state, _)| {
                let negated = state.status.negated();
                *state = state.clone().ended(negated, LapseKind::Negated, &not);
            });
        }
        let ends_shell = |state: &State| state.errexit && state.status == Status::Failure && !inner.checked;
        ends.iter_mut().filter(|(state, flow)| *flow == Flow::Next && ends_shell(state)).for_each(|(_, flow)| *flow = Flow::Exit);
        ends
    }

    /// Commands that run at the same time, each in a shell of its own: the work is done if none of them fails.
    fn stages(&mut self, stages: &[Command], start: State, around: &Around) -> Ends {
        let mut sofar = BTreeSet::from([Piped::new(&start)]);
        for (at, stage) in stages.iter().enumerate() {
            let mut next = BTreeSet::new();
            for piped in sofar {
                let around = Around { piped: at + 1 < stages.len(), fed: around.fed || piped.carried, ..around.clone() };
                let from = State { carried: false, discarded: false, ..start.clone() };
                next.extend(self.command(stage, from, &around).into_iter().map(|(end, _)| piped.clone().with(end)));
            }
            if next.len() > MOST_STATES {
                self.unread = Some("it has too many ways to end");
                return Ends::new();
            }
            sofar = next;
        }
        let last: Rc<str> = stages.last().map_or_else(|| Rc::from(""), |last| first_word(&self.shown(&last.place)));
        sofar.into_iter().map(|piped| (piped.end(&start, &last), Flow::Next)).collect()
    }

    fn command(&mut self, command: &Command, state: State, around: &Around) -> Ends {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            self.unread = Some("it is too large");
        }
        if self.unread.is_some() {
            return Ends::new();
        }
        if self.within >= DEEPEST_COMMAND {
            self.unread = Some("it is nested too deep");
            return Ends::new();
        }
        self.within += 1;
        let ends = self.kind(command, state, around);
        self.within -= 1;
        ends
    }
}

/// What is left of a state when a command runs behind it.
pub(super) fn behind(before: State, ends: &[(State, Flow)], kind: LapseKind) -> State {
    let step = ends.iter().find_map(|(end, _)| match &end.work {
        Work::Failed(step) | Work::Pending(step, _) if end.work != before.work => Some(Rc::clone(step)),
        _ => None,
    });
    let touched = step.is_some() || ends.iter().any(|(end, _)| end.work != before.work);
    let work = if touched { Work::Pending(step.unwrap_or_else(|| Rc::from("the command")), kind) } else { before.work.clone() };
    State { work, ..before }.ended(Status::Success, kind, &Rc::from("&"))
}

fn first_word(text: &str) -> Rc<str> {
    Rc::from(text.split_whitespace().next().unwrap_or(""))
}

/// A pipeline of which some commands have ended.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Piped {
    last: State,
    /// The first that failed, of those that had to do with the work.
    failed: Option<Rc<str>>,
    /// Whether any failed.
    any_failed: bool,
    done: bool,
    pending: Option<Work>,
    carried: bool,
    discarded: bool,
    purged: bool,
}

impl Piped {
    fn new(start: &State) -> Self {
        Self {
            last: start.clone(),
            failed: None,
            any_failed: false,
            done: false,
            pending: None,
            carried: false,
            discarded: false,
            purged: start.purged,
        }
    }

    fn with(mut self, end: State) -> Self {
        let before = std::mem::replace(&mut self.last, end);
        match &self.last.work {
            Work::Failed(step) if self.last.status == Status::Failure || before.work != self.last.work => {
                self.failed.get_or_insert_with(|| Rc::clone(step));
            }
            Work::Done => self.done = true,
            Work::Pending(..) => self.pending = Some(self.last.work.clone()),
            Work::Failed(_) | Work::Untouched => {}
        }
        self.any_failed |= self.last.status == Status::Failure;
        self.carried |= self.last.carried;
        self.discarded |= self.last.discarded;
        self.purged |= self.last.purged;
        self
    }

    fn end(self, start: &State, last: &Rc<str>) -> State {
        let status = if start.pipefail { Status::of(!self.any_failed) } else { self.last.status };
        let work = match (self.failed, self.pending) {
            _ if self.discarded => start.work.clone(),
            (Some(step), _) => Work::Failed(step),
            (None, Some(pending)) => pending,
            (None, None) if self.done => Work::Done,
            (None, None) => start.work.clone(),
        };
        let hidden = self.any_failed && self.last.status == Status::Success;
        let cause = if hidden { Cause { kind: LapseKind::Pipe, by: Rc::clone(last) } } else { self.last.cause.clone() };
        let mut state = State {
            status,
            work,
            cause,
            hidden_by: start.hidden_by.clone(),
            condition: self.last.condition.clone(),
            carried: self.carried,
            discarded: self.discarded,
            purged: self.purged,
            ..start.clone()
        };
        state.note_hidden();
        state
    }
}

/// A turn of a loop goes on whatever its last status is: what made a failure of the work pass counts.
fn lapse_of_turn(state: &State) -> Lapse {
    let hidden_by = state.hidden_by.clone().filter(|cause| cause.kind != LapseKind::Last);
    let cause = hidden_by.unwrap_or(Cause { kind: LapseKind::Turn, by: Rc::from("") });
    lapse(&State { cause, ..state.clone() })
}

fn lapse(state: &State) -> Lapse {
    let state = &state.clone().with_first_cause();
    let condition = state.condition.as_ref().map(|(text, status)| (text.to_string(), *status == Status::Success));
    let by = state.cause.by.to_string();
    match &state.work {
        Work::Failed(step) => Lapse { kind: state.cause.kind, step: step.to_string(), by, condition: None, purges: state.purged },
        Work::Pending(step, kind) => Lapse { kind: *kind, step: step.to_string(), by, condition: None, purges: state.purged },
        Work::Untouched | Work::Done => Lapse { kind: LapseKind::Skipped, step: String::new(), by, condition, purges: false },
    }
}
