//! Files of variables (`.env`), as Docker Compose reads them.
//!
//! The facts are those of compose-go's reader, asked with Docker Compose 2.40: `export` may stand
//! before a name; `=` or `:` ends it; ` #` begins a comment in an unquoted value; single quotes are
//! literal, double quotes know escapes, and both may hold line ends; a name alone takes the value
//! that the caller's environment has. Values are given as interpolation takes them.

use std::collections::HashMap;

mod escapes;
mod raw;
mod recognise;
mod statement;

pub use raw::parse_raw;
pub use recognise::claims;

use super::{Comment, Commented, Diagnostic, FileKind};
use crate::text::secrets::{credentials_in, is_harmless, names_secret};
use crate::text::{Source, Span};
use statement::Reader;

/// A file of variables.
pub static KIND: FileKind = FileKind {
    name: "dotenv",
    claims,
    comments: Some(|source| Commented { comments: parse(source).comments, ..Commented::default() }),
    has_copies: false,
    may_be_template: false,
    open: None,
    describes: false,
};

/// Names that repeat, of one file, that are reported.
const MOST_DUPLICATES: usize = 200;

/// A file of variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dotenv {
    /// Its variables, in order; a name that repeats stands here again.
    pub entries: Vec<DotenvEntry>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a value is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all: variables are replaced.
    None,
    /// Single quotes: the text is literal.
    Single,
    /// Double quotes: escapes are known, and variables are replaced.
    Double,
}

/// One variable.
#[derive(Clone, PartialEq, Eq)]
pub struct DotenvEntry {
    /// Its name.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// Its value before variables are replaced, escapes resolved, a literal dollar as `$$` unless the
    /// quotes are single. `None` for a name alone. It may be a secret: never print it.
    pub value: Option<String>,
    /// Where the value is written, without its quotes; for a name alone, the name.
    pub value_span: Span,
    /// How it is quoted.
    pub quoting: Quoting,
}

impl std::fmt::Debug for DotenvEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DotenvEntry").field("name", &self.name).field("quoting", &self.quoting).finish_non_exhaustive()
    }
}

/// Reads a file of variables, and hides what looks like a secret in it.
#[must_use]
pub fn parse(source: &Source) -> Dotenv {
    let mut dotenv = Reader::new(source).read();
    report_duplicates(&mut dotenv);
    dotenv.entries.iter().for_each(|entry| hide(source, entry));
    dotenv
}

fn report_duplicates(dotenv: &mut Dotenv) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut diagnostics = Vec::new();
    for entry in &dotenv.entries {
        if let Some(first) = seen.insert(&entry.name, entry.name_span)
            && diagnostics.len() < MOST_DUPLICATES
        {
            diagnostics.push(Diagnostic {
                code: "dotenv-duplicate-key",
                span: entry.name_span,
                message: format!("{} is set twice, and the last one counts; keep one of the two", entry.name),
                found: Some(entry.name.clone()),
                expected: Some("each name once".to_owned()),
                related: vec![(first, "set before here".to_owned())],
                fatal: false,
            });
        }
    }
    dotenv.diagnostics.extend(diagnostics);
    dotenv.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
}

fn hide(source: &Source, entry: &DotenvEntry) {
    let written = source.slice(entry.value_span);
    if entry.value.is_none() || is_harmless(written) {
        return;
    }
    if names_secret(&entry.name) {
        source.redact(entry.value_span);
        return;
    }
    let start = entry.value_span.start as usize;
    for range in credentials_in(written) {
        source.redact(source.span(start + range.start, start + range.end));
    }
}

#[cfg(test)]
mod tests;
