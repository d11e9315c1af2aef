//! What a script consists of.

use std::ops::Range;

/// Bytes of the text that was read.
pub type Place = Range<usize>;

/// A script, or the text of `sh -c`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Its commands.
    pub list: List,
    /// The first thing that a shell would not take; what follows it was read as well as it goes.
    pub fault: Option<Fault>,
}

/// What a shell would not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// Where.
    pub at: usize,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A quote, bracket or keyword that is never closed.
    Unclosed,
    /// Something that cannot be there: `fi` without `if`.
    Unexpected,
    /// More than is read: too deep, or too many commands.
    TooLarge,
}

/// Commands one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// In their order.
    pub items: Vec<Item>,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is run.
    pub and_or: AndOr,
    /// Whether `&` follows, so that the shell does not wait for it.
    pub background: bool,
}

/// Pipelines that are joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndOr {
    /// The first.
    pub first: Pipeline,
    /// Those that run if what is before them succeeds, or fails.
    pub rest: Vec<Linked>,
}

/// A pipeline behind `&&` or `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Which of them.
    pub link: Link,
    /// What runs.
    pub pipeline: Pipeline,
}

/// When a pipeline runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// `&&`: if what is before it succeeded.
    And,
    /// `||`: if what is before it failed.
    Or,
}

/// Commands that are joined by `|`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Whether `!` is before it.
    pub negated: bool,
    /// One or more.
    pub stages: Vec<Command>,
    /// From the first to the last of them.
    pub place: Place,
}

/// A command with its redirections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is.
    pub kind: Commands,
    /// Where its input and output go.
    pub redirections: Vec<Redirection>,
    /// Where it is.
    pub place: Place,
}

/// Kinds of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commands {
    /// A program with its arguments, or assignments alone.
    Simple(Simple),
    /// `{ …; }`.
    Group(List),
    /// `( … )`.
    Subshell(List),
    /// `if`, with a branch for each `elif`.
    If {
        /// Conditions with what they lead to.
        branches: Vec<Branch>,
        /// What follows `else`.
        otherwise: Option<List>,
    },
    /// `while` and `until`.
    While {
        /// Whether it is `until`.
        until: bool,
        /// Condition and body.
        branch: Branch,
    },
    /// `for`, and `select`.
    For {
        /// The variable.
        name: String,
        /// What follows `in`; `None` for the script's own arguments.
        words: Option<Vec<Word>>,
        /// What is repeated.
        body: List,
    },
    /// `case`.
    Case {
        /// What is compared.
        subject: Word,
        /// The branches.
        arms: Vec<Arm>,
    },
    /// A definition; nothing runs.
    Function {
        /// Its name.
        name: String,
        /// What a call runs.
        body: Box<Command>,
    },
    /// `[[ … ]]`, word by word.
    Test(Vec<Word>),
    /// `(( … ))`.
    Arithmetic,
}

/// A condition and what it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// The commands whose last status decides.
    pub condition: List,
    /// What runs then.
    pub body: List,
}

/// A branch of `case`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// Any of these.
    pub patterns: Vec<Word>,
    /// What runs.
    pub body: List,
}

/// A simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// Assignments before the program, or without one.
    pub assignments: Vec<Assignment>,
    /// Program and arguments.
    pub words: Vec<Word>,
}

/// `NAME=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// All of it, name included.
    pub word: Word,
    /// What follows `=`.
    pub value: Word,
}

/// A word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its parts, in their order.
    pub parts: Vec<Part>,
    /// Where it is, quotes included.
    pub place: Place,
}

impl Word {
    /// The word without its quotes and escapes; what a shell would expand is as it is written.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        push_text(&self.parts, &mut text);
        text
    }

    /// Whether it is one literal without quotes, so that it may be a keyword.
    #[must_use]
    pub fn is_bare(&self, text: &str) -> bool {
        matches!(self.parts.as_slice(), [Part::Literal(literal)] if literal == text) && self.place.len() == text.len()
    }

    /// The commands that stand in for parts of it: `$( … )`, `` `…` ``, `<( … )`.
    pub fn substitutions(&self) -> impl Iterator<Item = &List> {
        self.parts.iter().flat_map(Part::inside).filter_map(Part::command)
    }
}

fn push_text(parts: &[Part], text: &mut String) {
    for part in parts {
        match part {
            Part::Literal(literal) | Part::SingleQuoted(literal) => text.push_str(literal),
            Part::DoubleQuoted(parts) => push_text(parts, text),
            Part::Parameter(Parameter { written, .. }) | Part::Command { written, .. } | Part::Arithmetic { written } => {
                text.push_str(written);
            }
        }
    }
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text, without escapes.
    Literal(String),
    /// `'…'`.
    SingleQuoted(String),
    /// `"…"`.
    DoubleQuoted(Vec<Part>),
    /// `$name`, `${name}`, `${name:-word}`.
    Parameter(Parameter),
    /// `$( … )`, `` `…` ``, `<( … )`.
    Command {
        /// What runs.
        list: List,
        /// All of it as it is written.
        written: String,
    },
    /// `$(( … ))`.
    Arithmetic {
        /// All of it as it is written.
        written: String,
    },
}

impl Part {
    /// What is within double quotes, or itself.
    fn inside(&self) -> &[Self] {
        match self {
            Self::DoubleQuoted(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }

    fn command(&self) -> Option<&List> {
        match self {
            Self::Command { list, .. } => Some(list),
            _ => None,
        }
    }
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, or one of `@*#?-$!0` and the digits.
    pub name: String,
    /// What follows the name within the braces: `:-word`.
    pub modifier: String,
    /// All of it as it is written.
    pub written: String,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    /// The descriptor before the operator.
    pub descriptor: Option<u32>,
    /// `<`, `>`, `>>`, `>|`, `<>`, `<&`, `>&`, `<<`, `<<-`, `<<<`, `&>`, `&>>`.
    pub operator: &'static str,
    /// The file, descriptor or end of the here-document.
    pub target: Word,
}

impl Redirection {
    /// Whether it sends the standard output into a file.
    #[must_use]
    pub fn takes_output(&self) -> bool {
        matches!(self.operator, ">" | ">>" | ">|" | "&>" | "&>>") && self.descriptor.is_none_or(|descriptor| descriptor == 1)
    }
}
