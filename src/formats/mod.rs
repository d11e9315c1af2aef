//! Grammars: text → document, with a span for every key and value. No engine, no rule, no version.
//!
//! One file or folder per format. What a grammar finds wrong is a [`Diagnostic`]; the document
//! still holds what a server would have read.

pub mod aligned;
mod certificate;
pub mod connection_string;
pub mod copies;
mod der;
pub mod dockerfile;
pub mod dotenv;
mod editing;
mod grammar;
mod kind;
pub mod my_cnf;
pub mod pem;
pub mod pg_conf;
pub mod pg_hba;
pub mod pgbouncer_ini;
pub mod private_key;
pub mod shell;
pub mod shipped;
pub mod sql;
pub mod template;
pub mod unread;
pub mod userlist;
pub mod x509;
pub mod yaml;

pub use editing::{Editable, Open};
pub use kind::{Commented, FileKind, Recognised};

use crate::model::Problem;
use crate::text::Span;

/// How sure a format, deployment or engine is that a file is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Not mine.
    No,
    /// The content looks like it, the name says nothing.
    Maybe,
    /// Name and content say so, or content alone is unmistakable.
    Yes,
}

/// What a grammar finds wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kind of problem, a word that rules name: `syntax-error`.
    pub code: &'static str,
    /// Where.
    pub span: Span,
    /// In words: what was found, what was expected, what to do.
    pub message: String,
    /// What stands there, unless it may be a secret.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// Other places that belong to it, with what to say there.
    pub related: Vec<(Span, String)>,
    /// Whether the program that reads the file refuses it as a whole.
    pub fatal: bool,
}

impl Diagnostic {
    /// As a problem, without a logical place.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code,
            span: Some(self.span),
            message: self.message.clone(),
            found: self.found.clone(),
            expected: self.expected.clone(),
            fatal: self.fatal,
            related: self.related.clone(),
            ..Problem::default()
        }
    }
}

/// A comment, for ignore comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the comment sign to the end of the comment.
    pub span: Span,
    /// Whether something other than blanks stands before it on the line.
    pub trailing: bool,
}
