//! Where a walk through a script is: the last status, what became of the work, what variables hold.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::lapse::LapseKind;

/// An exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// 0.
    Success,
    /// Anything else.
    Failure,
}

impl Status {
    pub(super) fn of(success: bool) -> Self {
        if success { Self::Success } else { Self::Failure }
    }

    pub(super) fn negated(self) -> Self {
        Self::of(self == Self::Failure)
    }
}

/// What became of the step that matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Work {
    /// It was not reached.
    Untouched,
    /// This program failed.
    Failed(Rc<str>),
    /// This program runs in the background.
    Pending(Rc<str>, LapseKind),
    /// It is done.
    Done,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Held {
    /// A text.
    Text(Rc<str>),
    /// A status (`rc=$?`).
    Status(Status),
    /// Something that is not known.
    Anything,
}

/// What made the last success, for the message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    pub(super) kind: LapseKind,
    pub(super) by: Rc<str>,
}

/// Where a walk is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    pub(super) status: Status,
    pub(super) work: Work,
    pub(super) cause: Cause,
    /// What made the first success after the work had failed.
    pub(super) hidden_by: Option<Cause>,
    /// The last command that was neither the work nor certain, and how it ended.
    pub(super) condition: Option<(Rc<str>, Status)>,
    pub(super) variables: Rc<BTreeMap<String, Held>>,
    /// `set -e`.
    pub(super) errexit: bool,
    /// `set -o pipefail`.
    pub(super) pipefail: bool,
    /// Whether the last command handled what matters, so that a pipe hands it on.
    pub(super) carried: bool,
    /// Whether it threw it away.
    pub(super) discarded: bool,
    /// Whether something was purged after the work had failed.
    pub(super) purged: bool,
}

impl State {
    pub(super) fn start() -> Self {
        Self {
            status: Status::Success,
            work: Work::Untouched,
            cause: Cause { kind: LapseKind::Last, by: Rc::from("") },
            hidden_by: None,
            condition: None,
            variables: Rc::default(),
            errexit: false,
            pipefail: false,
            carried: false,
            discarded: false,
            purged: false,
        }
    }

    /// The same with a status; a success is `by`'s.
    pub(super) fn ended(mut self, status: Status, kind: LapseKind, by: &Rc<str>) -> Self {
        self.status = status;
        if status == Status::Success {
            self.cause = Cause { kind, by: Rc::clone(by) };
            self.note_hidden();
        }
        self
    }

    /// Keeps what hides a failure of the work first.
    pub(super) fn note_hidden(&mut self) {
        if !matches!(self.work, Work::Failed(_)) {
            self.hidden_by = None;
        } else if self.status == Status::Success && self.hidden_by.is_none() {
            self.hidden_by = Some(self.cause.clone());
        }
    }

    /// The same with what hid the failure first, where the rest ran only for that: under `set -e`, behind a pipe.
    pub(super) fn with_first_cause(mut self) -> Self {
        if let Some(first) = self.hidden_by.as_ref().filter(|first| self.errexit && first.kind == LapseKind::Pipe) {
            self.cause = first.clone();
        }
        self
    }

    /// The beginning of a turn of a loop that never ends, in which nothing is done yet.
    pub(super) fn turning(mut self) -> Self {
        self.work = Work::Untouched;
        self.hidden_by = None;
        self.purged = false;
        self.condition = None;
        self
    }

    pub(super) fn set(&mut self, name: &str, held: Held) {
        Rc::make_mut(&mut self.variables).insert(name.to_owned(), held);
    }

    /// What a subshell leaves behind in the shell that started it.
    pub(super) fn left_by(self, subshell: Self) -> Self {
        Self { variables: self.variables, errexit: self.errexit, pipefail: self.pipefail, ..subshell }
    }
}

/// How a command goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flow {
    /// With the next command.
    Next,
    /// The shell ends.
    Exit,
    /// The function ends.
    Return,
    /// The loop ends.
    Break,
    /// The loop begins its next round.
    Continue,
}

/// States with how they go on.
pub(super) type Ends = Vec<(State, Flow)>;
