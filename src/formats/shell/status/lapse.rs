//! How a script succeeds without its work, and how that is said.

/// What can become of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Whether it can succeed with its work done.
    pub does: bool,
    /// Whether it can fail.
    pub fails: bool,
    /// The ways in which it succeeds without: those that hide a failure first.
    pub lapses: Vec<Lapse>,
    /// Whether it has a loop that never ends: then a turn of it counts as a success, whatever its status.
    pub endless: bool,
}

/// A way in which a script succeeds without its work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lapse {
    /// What happens.
    pub kind: LapseKind,
    /// The program that fails; empty where none runs.
    pub step: String,
    /// What makes a success of it, as it is written.
    pub by: String,
    /// The condition that decides, as it is written, and whether it holds.
    pub condition: Option<(String, bool)>,
    /// Whether what earlier runs have left is taken away all the same.
    pub purges: bool,
}

/// How a success comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LapseKind {
    /// `cmd || true`.
    Or,
    /// `cmd; true`.
    Last,
    /// `cmd | other`.
    Pipe,
    /// `! cmd`.
    Negated,
    /// `if cmd; then …; fi`.
    NoElse,
    /// `cmd &`.
    Background,
    /// `cmd &> file`, where `sh` reads `&` and `>`.
    Ampersand,
    /// `while true; do cmd; sleep 1; done` without `set -e`.
    Turn,
    /// `trap 'exit 0' ERR`.
    Trap,
    /// `test … || cmd`, `test … && exit 0; cmd`: it never runs.
    Skipped,
}

impl Lapse {
    /// In words, as a clause that says what makes the script succeed.
    #[must_use]
    pub fn explained(&self) -> String {
        let Self { step, by, .. } = self;
        match self.kind {
            LapseKind::Or => format!("`|| {by}` makes it succeed when {step} fails"),
            LapseKind::Last => format!("`{by}` comes last and makes it succeed when {step} fails"),
            LapseKind::Pipe => format!("the status of a pipe is that of its last command, {by}, so that it succeeds when {step} fails"),
            LapseKind::Negated => format!("`!` makes it succeed when {step} fails"),
            LapseKind::NoElse => format!("an `if` without `else` succeeds when its condition fails, here {step}"),
            LapseKind::Background => format!("`&` makes it succeed before {step} has done its work"),
            LapseKind::Ampersand => {
                format!("sh reads `&>` as `&` and `>` (Debian, Ubuntu): it succeeds before {step} has done its work")
            }
            LapseKind::Trap => format!("`{by}` makes it succeed whatever fails"),
            LapseKind::Turn => format!("the loop goes on to its next turn when {step} fails"),
            LapseKind::Skipped => match &self.condition {
                Some((text, true)) => format!("it succeeds and does nothing when `{text}` succeeds"),
                Some((text, false)) => format!("it succeeds and does nothing when `{text}` fails"),
                None => format!("it succeeds at `{by}` before anything is done"),
            },
        }
    }
}
