//! Option files (`my.cnf`): groups, options and includes, exactly as MariaDB and MySQL read them.
//!
//! Vectors under `tests/vectors/my_cnf.txt` hold what real programs answered. What is easily taken for granted and is not so:
//! blanks after `[` belong to the name of a group; a `#` begins a comment behind a value, a `;` does not; a quote anywhere
//! before a `#` protects it; a file that is included begins without a group, and leaves that of the including one alone.
//!
//! What a name or a value means depends on the program and its release, and is decided in `engines/mysql`.

mod claims;
mod grammar;

#[cfg(test)]
mod tests;

use self::grammar::Item;
use super::grammar::{fault, place};
use super::{Comment, Diagnostic};
use crate::text::secrets::{credentials_in, is_harmless, names_secret};
use crate::text::{Source, Span};

pub use self::claims::{claims, claims_client, is_server_group};

/// Lines that cannot be read, of one file, that are reported.
const MOST_ERRORS: usize = 100;

/// The byte order mark, which the programs do not know.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The longest part of a line that MariaDB takes at once; the rest is a line of its own to it.
pub const LONGEST_LINE: usize = 4094;

/// An option file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MyCnf {
    /// What it says, in the order of the file.
    pub statements: Vec<Statement>,
    /// Every comment.
    pub comments: Vec<Comment>,
    /// What is wrong, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// One thing that a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `[name]`: what follows belongs to this group, in this file alone.
    Group(Name),
    /// An option of the group before it.
    Entry(Entry),
    /// Another file, or the files of a directory.
    Include(Include),
    /// A line that cannot be read. The programs stop here and do not start; what follows is read all the same.
    Broken(Span),
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// `!include file` or `!includedir directory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The path, as written.
    pub path: Name,
    /// Whether it is a directory.
    pub directory: bool,
    /// Whether a directory that cannot be read is passed over: `?includedir`, in newer releases of MariaDB.
    pub optional: bool,
    /// Whether it is the last line of the file and has no line end: most releases take the last sign of the path for one.
    pub unterminated: bool,
}

/// `name`, or `name = value`.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, as written.
    pub name: Name,
    /// The value, without its quotes and with its escapes replaced; `None` for a bare name.
    pub value: Option<String>,
    /// Where the value is, with its quotes; the name where there is none.
    pub value_span: Span,
    /// Whether the line is longer than MariaDB takes at once.
    pub overlong: bool,
}

/// Without the value, which may hold a password.
impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).field("bare", &self.value.is_none()).finish_non_exhaustive()
    }
}

/// Reads a file. Never fails: what the programs refuse is a diagnostic.
#[must_use]
pub fn parse(source: &Source) -> MyCnf {
    let mut file = MyCnf::default();
    let mut in_group = false;
    let mut errors = 0;
    for line in source.text().split_inclusive('\n') {
        if errors >= MOST_ERRORS {
            break;
        }
        let text = line.strip_suffix('\n').unwrap_or(line);
        match grammar::item(text) {
            Ok((_, Item::Entry { .. })) if !in_group => {
                errors += 1;
                file.refuse(source, text, outside(text));
            }
            Ok((_, Item::Directive { word, argument, .. })) if is_include(word) && argument.is_empty() => {
                errors += 1;
                file.refuse(source, text, ("syntax-error", format!("`!{word}` names nothing"), "a path behind it"));
            }
            Ok((_, item)) => {
                in_group |= matches!(item, Item::Group { .. });
                file.take(source, text, item, line.len() == text.len());
            }
            Err(error) => {
                errors += 1;
                let wanted = fault(error).wanted;
                file.refuse(source, text, ("syntax-error", format!("This line cannot be read: {wanted} is missing"), wanted));
            }
        }
    }
    file
}

/// Names that are called after a key and tell where its file is.
fn names_file(name: &str) -> bool {
    let name = name.replace('-', "_").to_ascii_lowercase();
    name.ends_with("ssl_key") || name.ends_with("key_path") || name.ends_with("_filename")
}

fn is_include(word: &str) -> bool {
    matches!(word, "include" | "includedir")
}

/// Code, message and what is expected of an option before the first group.
fn outside(line: &str) -> (&'static str, String, &'static str) {
    if line.starts_with(BYTE_ORDER_MARK) {
        let message = "The file begins with a byte order mark, which the programs take for an option".to_owned();
        return ("bom", message, "the file without its first three bytes");
    }
    ("line-outside-section", "This option is in no group".to_owned(), "a group above it, for example [mysqld]")
}

impl MyCnf {
    fn take(&mut self, source: &Source, line: &str, item: Item<'_>, unterminated: bool) {
        let name = |text: &str| Name { text: text.to_owned(), span: place(source, text) };
        match item {
            Item::Blank => {}
            Item::Comment(text) => self.comment(source, text, false),
            Item::Group { name: text, tail } => {
                self.comment(source, tail.trim_start(), true);
                self.statements.push(Statement::Group(name(text)));
            }
            Item::Directive { sign, word, argument } if is_include(word) => {
                let include = Include { path: name(argument), directory: word == "includedir", optional: sign == '?', unterminated };
                self.statements.push(Statement::Include(include));
            }
            Item::Directive { word, .. } => self.passed_over(source, line, word),
            Item::Entry { name: written, value, comment } => {
                self.comment(source, comment, true);
                self.entry(source, line, written, value, comment);
            }
        }
    }

    fn entry(&mut self, source: &Source, line: &str, written: &str, value: Option<&str>, comment: &str) {
        let name = Name { text: written.to_owned(), span: place(source, written) };
        let value_span = value.map_or(name.span, |value| place(source, value));
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            if names_secret(written) && !names_file(written) {
                source.redact(value_span);
            }
            hide(source, value, value_span);
        }
        self.diagnostics.extend(cut_value(value, value_span, comment));
        self.diagnostics.extend(open_quote(source, line, value_span));
        let overlong = line.len() > LONGEST_LINE;
        let entry = Entry { name, value: value.map(grammar::unescape), value_span, overlong };
        self.statements.push(Statement::Entry(entry));
    }

    fn comment(&mut self, source: &Source, text: &str, trailing: bool) {
        let text = text.trim_end();
        if text.starts_with(['#', ';']) {
            let span = place(source, text);
            hide(source, text, span);
            self.comments.push(Comment { span, trailing });
        }
    }

    /// A directive that no program knows.
    fn passed_over(&mut self, source: &Source, line: &str, word: &str) {
        self.diagnostics.push(Diagnostic {
            code: "unknown-directive",
            span: place(source, line.trim()),
            message: format!("`!{word}` is not a directive: the line is passed over without a word"),
            found: Some(word.to_owned()),
            expected: Some("!include or !includedir".to_owned()),
            related: Vec::new(),
            fatal: false,
        });
    }

    /// Says why a line cannot be read.
    fn refuse(&mut self, source: &Source, line: &str, (code, message, expected): (&'static str, String, &str)) {
        let span = place(source, line.trim());
        source.distrust();
        hide(source, line.trim(), span);
        self.diagnostics.push(Diagnostic {
            code,
            span,
            message: format!("{message}."),
            found: None,
            expected: Some(expected.to_owned()),
            related: Vec::new(),
            fatal: true,
        });
        self.statements.push(Statement::Broken(span));
    }
}

/// A `#` without a blank before it is meant as a part of the value, as in a password or a path.
fn cut_value(value: Option<&str>, span: Span, comment: &str) -> Option<Diagnostic> {
    let value = value.filter(|value| !value.is_empty())?;
    let glued = comment.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
    let touches = || value.as_ptr().wrapping_add(value.len()) == comment.as_ptr();
    (glued && touches()).then(|| Diagnostic {
        code: "value-cut-at-hash",
        span,
        message: "The value ends before the `#`, which begins a comment wherever it is outside of quotes.".to_owned(),
        found: None,
        expected: Some("the whole value in quotes".to_owned()),
        related: Vec::new(),
        fatal: false,
    })
}

/// A quote that nothing closes takes a comment behind the value into it.
fn open_quote(source: &Source, line: &str, value_span: Span) -> Option<Diagnostic> {
    let written = source.slice(value_span);
    (grammar::ends_in_quotes(line) && written.contains('#')).then(|| Diagnostic {
        code: "quote-not-closed",
        span: value_span,
        message: "A quote is opened and never closed, so that what looks like a comment belongs to the value.".to_owned(),
        found: None,
        expected: Some("quotes in pairs".to_owned()),
        related: Vec::new(),
        fatal: false,
    })
}

/// Keeps out of every excerpt what looks like a secret.
fn hide(source: &Source, text: &str, span: Span) {
    if is_harmless(text) {
        return;
    }
    let start = span.start as usize;
    credentials_in(text).into_iter().for_each(|range| source.redact(source.span(start + range.start, start + range.end)));
}
