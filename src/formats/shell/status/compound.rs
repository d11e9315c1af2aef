//! Groups, conditions, loops, `case`, functions.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::lapse::LapseKind;
use super::machine::{Around, Machine, behind};
use super::state::{Ends, Flow, Held, State, Status, Work};
use crate::formats::shell::tree::{AndOr, Arm, Branch, Command, Commands, Item, List, Redirection, Word};

/// Most rounds of a loop that are walked; what differs after them is left out, as it only repeats.
const MOST_ROUNDS: usize = 6;

impl Machine<'_> {
    pub(super) fn kind(&mut self, command: &Command, state: State, around: &Around) -> Ends {
        if let Commands::Simple(simple) = &command.kind {
            return self.simple(simple, command, state, around);
        }
        let around = &Around { output: self.output_of(&command.redirections, &state, around), ..around.clone() };
        match &command.kind {
            Commands::Simple(_) => Ends::new(),
            Commands::Group(list) => self.list(list, vec![state], around),
            Commands::Subshell(list) => self.subshell(list, &state, around),
            Commands::If { branches, otherwise } => self.condition(branches, otherwise.as_ref(), state, around),
            Commands::While { until, branch } => self.repetition(*until, branch, state, around),
            Commands::For { name, words, body } => self.iteration(name, words.as_deref(), body, state, around),
            Commands::Case { arms, .. } => self.choice(arms, command, &state, around),
            Commands::Function { name, body } => {
                self.functions.insert(name.clone(), Rc::new(Command::clone(body)));
                let name: Rc<str> = Rc::from(name.as_str());
                vec![(state.ended(Status::Success, around.kind, &name), Flow::Next)]
            }
            Commands::Test(words) => self.test(words, command, &state, around),
            Commands::Arithmetic => self.either(command, &state, around),
        }
    }

    /// The file that output goes to.
    pub(super) fn output_of(&self, redirections: &[Redirection], state: &State, around: &Around) -> Option<Rc<str>> {
        let own = redirections.iter().rfind(|redirection| redirection.takes_output());
        own.map(|redirection| Rc::from(self.resolved(&redirection.target, state))).or_else(|| around.output.clone())
    }

    pub(super) fn subshell(&mut self, list: &List, state: &State, around: &Around) -> Ends {
        let ends = self.list(list, vec![state.clone()], around);
        ends.into_iter().map(|(end, _)| (state.clone().left_by(end), Flow::Next)).collect()
    }

    fn condition(&mut self, branches: &[Branch], otherwise: Option<&List>, state: State, around: &Around) -> Ends {
        let mut ended = Ends::new();
        let mut live = vec![state];
        for branch in branches {
            let mut next = Vec::new();
            for (state, flow) in self.list(&branch.condition, live, &around.checked()) {
                match (flow, state.status) {
                    (Flow::Next, Status::Success) => ended.extend(self.list(&branch.body, vec![state], around)),
                    (Flow::Next, Status::Failure) => next.push(state),
                    _ => ended.push((state, flow)),
                }
            }
            live = next;
        }
        match otherwise {
            Some(list) => ended.extend(self.list(list, live, around)),
            None => {
                let none = Rc::from("if");
                ended.extend(live.into_iter().map(|state| (state.ended(Status::Success, LapseKind::NoElse, &none), Flow::Next)));
            }
        }
        ended
    }

    fn repetition(&mut self, until: bool, branch: &Branch, state: State, around: &Around) -> Ends {
        let wanted = Status::of(!until);
        let endless = never_ends(until, &branch.condition);
        let mut turns = BTreeSet::new();
        let mut ended = BTreeSet::new();
        let mut seen = BTreeSet::new();
        // The status of a loop is that of its body's last round, and success if there was none.
        let mut live = vec![(state.clone().ended(Status::Success, around.kind, &Rc::from("while")), false)];
        for _ in 0..MOST_ROUNDS {
            let mut next = Vec::new();
            for (state, again) in live {
                let last = state.clone();
                for (state, flow) in self.list(&branch.condition, vec![state], &around.checked()) {
                    if flow == Flow::Next && state.status != wanted {
                        let status = if again { last.status } else { Status::Success };
                        let cause = last.cause.clone();
                        ended.insert((State { status, cause, ..state }, Flow::Next));
                    } else if flow == Flow::Next && endless {
                        self.turn(&branch.body, &state, around, &mut turns, (&mut next, &mut ended));
                    } else if flow == Flow::Next {
                        self.round(&branch.body, state, around, &mut next, &mut ended);
                    } else {
                        leave(state, flow, &mut next, &mut ended);
                    }
                }
            }
            live = next.into_iter().filter(|state| seen.insert(state.clone())).map(|state| (state, true)).collect();
            if live.is_empty() {
                break;
            }
        }
        // One that a success leaves tries again until it is done, and what follows it counts.
        let leaves = |(state, flow): &(State, Flow)| *flow == Flow::Next || state.status == Status::Success;
        if !ended.iter().any(leaves) {
            self.turns.extend(turns);
        }
        ended.into_iter().collect()
    }

    /// One turn of a loop that never ends: each must do its own work.
    fn turn(
        &mut self,
        body: &List,
        before: &State,
        around: &Around,
        turns: &mut BTreeSet<State>,
        (next, ended): (&mut Vec<State>, &mut BTreeSet<(State, Flow)>),
    ) {
        let mut after = Vec::new();
        self.round(body, before.clone().turning(), around, &mut after, ended);
        turns.extend(after.iter().cloned());
        let kept = |state: State| if state.work == Work::Untouched { State { work: before.work.clone(), ..state } } else { state };
        next.extend(after.into_iter().map(kept));
    }

    /// One round of a loop's body.
    fn round(&mut self, body: &List, state: State, around: &Around, next: &mut Vec<State>, ended: &mut BTreeSet<(State, Flow)>) {
        for (state, flow) in self.list(body, vec![state], around) {
            leave(state, flow, next, ended);
        }
    }

    fn iteration(&mut self, name: &str, words: Option<&[Word]>, body: &List, state: State, around: &Around) -> Ends {
        let values: Option<Vec<String>> = words.map(|words| words.iter().map(|word| self.resolved(word, &state)).collect());
        let literal = |value: &String| !value.contains(['$', '`', '*', '?', '[']);
        let known = values.as_ref().filter(|values| values.iter().all(literal) && !values.is_empty() && values.len() <= MOST_ROUNDS);
        let mut ended = BTreeSet::new();
        let mut live = vec![state.clone().ended(Status::Success, around.kind, &Rc::from("for"))];
        let rounds: Vec<Held> = match known {
            Some(values) => values.iter().map(|value| Held::Text(Rc::from(value.as_str()))).collect(),
            None => vec![Held::Anything; 3],
        };
        for value in rounds {
            if known.is_none() {
                ended.extend(live.iter().map(|state| (state.clone(), Flow::Next)));
            }
            let mut next = Vec::new();
            for mut state in live {
                state.set(name, value.clone());
                self.round(body, state, around, &mut next, &mut ended);
            }
            next.sort();
            next.dedup();
            live = next;
        }
        ended.extend(live.into_iter().map(|state| (state, Flow::Next)));
        ended.into_iter().collect()
    }

    fn choice(&mut self, arms: &[Arm], command: &Command, state: &State, around: &Around) -> Ends {
        let text = self.shown(&command.place);
        let text: Rc<str> = Rc::from(text.split_once(" in").map_or(&*text, |(case, _)| case));
        let chosen = State { condition: Some((Rc::clone(&text), Status::Success)), ..state.clone() };
        let start = chosen.ended(Status::Success, LapseKind::NoElse, &text);
        let mut ended = Ends::new();
        for arm in arms {
            ended.extend(self.list(&arm.body, vec![start.clone()], around));
        }
        if !arms.iter().any(|arm| arm.patterns.iter().any(|pattern| pattern.is_bare("*"))) {
            ended.push((start, Flow::Next));
        }
        ended
    }

    /// A call of a function of the script.
    pub(super) fn call(&mut self, body: &Command, state: State, around: &Around) -> Ends {
        if self.depth >= 10 {
            self.unread = Some("its functions call each other too deep");
            return Ends::new();
        }
        self.depth += 1;
        let ends = self.kind(body, state, around);
        self.depth -= 1;
        ends.into_iter().map(|(state, flow)| (state, if flow == Flow::Exit { flow } else { Flow::Next })).collect()
    }

    /// What `&>` leaves where `sh` reads `&` and `>`.
    pub(super) fn split_ampersand(&self, command: &Command, state: State, ends: Ends) -> Ends {
        let splits = !self.is_bash && command.redirections.iter().any(|redirection| redirection.operator.starts_with('&'));
        if splits { vec![(behind(state, &ends, LapseKind::Ampersand), Flow::Next)] } else { ends }
    }
}

/// Whether a condition always lets a loop go on: `while true`, `while :`, `while [ 1 ]`, `until false`.
fn never_ends(until: bool, condition: &List) -> bool {
    let [Item { and_or: AndOr { first, rest }, background: false }] = condition.items.as_slice() else { return false };
    let [Command { kind: Commands::Simple(simple), .. }] = first.stages.as_slice() else { return false };
    if !rest.is_empty() || first.negated {
        return false;
    }
    let words: Vec<String> = simple.words.iter().map(Word::text).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["false"] => until,
        ["true" | ":"] | ["[", "1" | "true", "]"] | ["test", "1" | "true"] => !until,
        _ => false,
    }
}

/// Sorts an end of a round: into the next one, or out of the loop.
fn leave(state: State, flow: Flow, next: &mut Vec<State>, ended: &mut BTreeSet<(State, Flow)>) {
    match flow {
        Flow::Next | Flow::Continue => next.push(state),
        Flow::Break => _ = ended.insert((state, Flow::Next)),
        Flow::Exit | Flow::Return => _ = ended.insert((state, flow)),
    }
}
