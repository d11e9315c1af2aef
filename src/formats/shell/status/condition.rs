//! Conditions: `test`, `[`, `[[`. Most may hold or not; those on a status that is known are decided.

use std::rc::Rc;

use super::machine::{Around, Machine};
use super::state::{Ends, Flow, Held, State, Status};
use crate::formats::shell::tree::{Command, Part, Word};

impl Machine<'_> {
    /// `[[ … ]]`.
    pub(super) fn test(&mut self, words: &[Word], command: &Command, state: &State, around: &Around) -> Ends {
        match self.decided(words, state) {
            Some(status) => vec![(state.clone().ended(status, around.kind, &self.shown(&command.place)), Flow::Next)],
            None => self.either(command, state, around),
        }
    }

    /// A command that may succeed or fail, and is the condition of what comes next.
    pub(super) fn either(&mut self, command: &Command, state: &State, around: &Around) -> Ends {
        let text = self.shown(&command.place);
        let ended = |status| {
            let condition = Some((Rc::clone(&text), status));
            (State { condition, ..state.clone() }.ended(status, around.kind, &text), Flow::Next)
        };
        vec![ended(Status::Success), ended(Status::Failure)]
    }

    /// How a test on a status ends: `$? -ne 0`, `$rc = 0`.
    pub(super) fn decided(&self, words: &[Word], state: &State) -> Option<Status> {
        let (negated, words) = match words.split_first() {
            Some((first, rest)) if first.is_bare("!") => (true, rest),
            _ => (false, words),
        };
        let [left, operator, right] = words else { return None };
        let status = self.status_of(left, state)?;
        let right = self.resolved(right, state);
        let succeeded = status == Status::Success;
        let holds = match (operator.text().as_str(), right.as_str()) {
            ("-eq" | "=" | "==", "0") | ("-lt", "1") | ("-le", "0") => succeeded,
            ("-ne" | "!=", "0") | ("-gt", "0") | ("-ge", "1") => !succeeded,
            // Another number is one of the failures, and never a success.
            ("-eq" | "=" | "==", _) if succeeded => false,
            ("-ne" | "!=", _) if succeeded => true,
            _ => return None,
        };
        Some(Status::of(holds != negated))
    }

    /// The status that a word stands for: `$?`, a variable that holds one, a number.
    pub(super) fn status_of(&self, word: &Word, state: &State) -> Option<Status> {
        match held(word, state) {
            Some(Held::Status(status)) => Some(status),
            Some(Held::Text(text)) => number(&text),
            Some(Held::Anything) => None,
            None => number(&word.text()),
        }
    }

    /// The text of a word, with the variables that are known.
    pub(super) fn resolved(&self, word: &Word, state: &State) -> String {
        let mut text = String::new();
        push_resolved(&word.parts, state, &mut text);
        text
    }
}

fn number(text: &str) -> Option<Status> {
    text.parse::<u32>().ok().map(|number| Status::of(number % 256 == 0))
}

/// What a variable holds, if a word is nothing else.
pub(super) fn held(word: &Word, state: &State) -> Option<Held> {
    let part = match word.parts.as_slice() {
        [Part::DoubleQuoted(parts)] => parts.first().filter(|_| parts.len() == 1)?,
        [part] => part,
        _ => return None,
    };
    let Part::Parameter(parameter) = part else { return None };
    match parameter.name.as_str() {
        "?" => Some(Held::Status(state.status)),
        name if parameter.modifier.is_empty() => Some(state.variables.get(name).cloned().unwrap_or(Held::Anything)),
        _ => Some(Held::Anything),
    }
}

fn push_resolved(parts: &[Part], state: &State, text: &mut String) {
    for part in parts {
        match part {
            Part::Literal(literal) | Part::SingleQuoted(literal) => text.push_str(literal),
            Part::DoubleQuoted(parts) => push_resolved(parts, state, text),
            Part::Parameter(parameter) => match state.variables.get(&parameter.name) {
                Some(Held::Text(known)) if text.len() < 4096 => text.push_str(known),
                _ => text.push_str(&parameter.written),
            },
            Part::Command { written, .. } | Part::Arithmetic { written } => text.push_str(written),
        }
    }
}
