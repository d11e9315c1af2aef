//! `pgbouncer.ini`: sections, keys and `%include`, exactly as PgBouncer reads them.
//!
//! Vectors under `tests/vectors/pgbouncer/` hold what real programs answered. What is easily taken for granted and
//! is not so: a comment begins at the start of a line only, since a value runs to the end of its line; nothing joins
//! two lines; names are told apart by case; more may follow a `]` on its line.
//!
//! What a key or a value means depends on the release and is decided in `engines/pgbouncer`.

mod claims;
mod grammar;
mod pairs;

#[cfg(test)]
mod tests;

use self::grammar::Item;
use super::grammar::{Fault, fault, first_line, place};
use super::{Comment, Diagnostic};
use crate::text::secrets::{credentials_in, is_harmless};
use crate::text::{Source, Span};

pub use self::claims::claims;
pub use self::pairs::{Pair, PairList, pairs};

/// Lines that cannot be read, of one file, that are reported.
const MOST_ERRORS: usize = 100;

/// The byte order mark, which the program does not know.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PgbouncerIni {
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
    /// `[name]`: what follows belongs to this section, in the files that include this one too.
    Section(Name),
    /// `%include path`.
    Include(Name),
    /// `name = value`.
    Entry(Entry),
    /// A line that cannot be read. The program stops here and does not start; what follows is read all the same.
    Broken(Span),
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written, without what encloses it.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// One line `name = value`.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, without quotes.
    pub name: Name,
    /// Whether the name is in single quotes, which only newer releases read.
    pub quoted: bool,
    /// The value, up to the end of the line.
    pub value: String,
    /// Where the value is; empty where there is none.
    pub value_span: Span,
}

/// Without the value, which may hold a password.
impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).field("quoted", &self.quoted).finish_non_exhaustive()
    }
}

/// Reads a file. Never fails: what the program refuses is a diagnostic.
#[must_use]
pub fn parse(source: &Source) -> PgbouncerIni {
    let mut ini = PgbouncerIni::default();
    let mut text = until_nul(source, &mut ini);
    let mut errors = 0;
    loop {
        text = grammar::skip_space(text);
        if text.is_empty() || errors >= MOST_ERRORS {
            break;
        }
        text = match grammar::item(text) {
            Ok((rest, item)) => {
                ini.take(source, &item);
                rest
            }
            Err(error) => {
                errors += 1;
                ini.refuse(source, text, fault(error))
            }
        };
    }
    ini
}

/// The text as a C program sees it: a NUL byte is its end.
fn until_nul<'t>(source: &'t Source, ini: &mut PgbouncerIni) -> &'t str {
    let Some((text, rest)) = source.text().split_once('\0') else { return source.text() };
    ini.diagnostics.push(Diagnostic {
        code: "nul-byte",
        span: place(source, rest).start_point(),
        message: "PgBouncer takes a NUL byte for the end of the file; nothing after it is read".to_owned(),
        found: None,
        expected: Some("text without NUL bytes".to_owned()),
        related: Vec::new(),
        fatal: false,
    });
    text
}

impl PgbouncerIni {
    fn take(&mut self, source: &Source, item: &Item<'_>) {
        let name = |text: &str| Name { text: text.to_owned(), span: place(source, text) };
        let statement = match *item {
            Item::Comment(text) => {
                let span = place(source, text.trim_end());
                hide(source, text.trim_end(), span);
                return self.comments.push(Comment { span, trailing: is_trailing(source, span) });
            }
            Item::Section(text) => Statement::Section(name(text)),
            Item::Include(path) => Statement::Include(name(path)),
            Item::Entry { name: written, quoted, value } => {
                let value_span = place(source, value);
                hide(source, value, value_span);
                Statement::Entry(Entry { name: name(written), quoted, value: value.to_owned(), value_span })
            }
        };
        self.statements.push(statement);
    }

    /// Says why a line cannot be read; gives back the text after it.
    fn refuse<'t>(&mut self, source: &Source, text: &'t str, fault: Fault<'_>) -> &'t str {
        let line = first_line(text);
        let span = place(source, line.trim_end());
        source.distrust();
        hide(source, line, span);
        self.diagnostics.push(explain(span, line, fault));
        self.statements.push(Statement::Broken(span));
        text.get(line.len()..).unwrap_or("")
    }
}

/// Keeps out of every excerpt what looks like a secret.
fn hide(source: &Source, text: &str, span: Span) {
    if is_harmless(text) {
        return;
    }
    let start = span.start as usize;
    credentials_in(text).into_iter().for_each(|range| source.redact(source.span(start + range.start, start + range.end)));
}

fn is_trailing(source: &Source, span: Span) -> bool {
    let before = source.text().get(..span.start as usize).unwrap_or("");
    before.rsplit('\n').next().is_some_and(|line| !line.trim().is_empty())
}

fn explain(span: Span, line: &str, fault: Fault<'_>) -> Diagnostic {
    let of = |code, message: String, expected: &str| Diagnostic {
        code,
        span,
        message: format!("{message}."),
        found: None,
        expected: Some(expected.to_owned()),
        related: Vec::new(),
        fatal: true,
    };
    if line.starts_with(BYTE_ORDER_MARK) {
        let expected = "the file without its first three bytes";
        return of("bom", "The file begins with a byte order mark, which PgBouncer does not know".to_owned(), expected);
    }
    of("syntax-error", format!("This line cannot be read: {} is missing", fault.wanted), fault.wanted)
}
