//! What is wrong with a line, on its way to a `problem` record.

use crate::formats::pg_hba::LogicalLine;
use crate::model::codes::CODES;
use crate::model::{self, Record};
use crate::text::{Span, redact_text};

/// Which of the two files is read; it prefixes the codes of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::postgresql) enum Area {
    /// `pg_hba.conf`.
    Hba,
    /// `pg_ident.conf`.
    Ident,
}

impl Area {
    pub(in crate::engines::postgresql) const fn word(self) -> &'static str {
        match self {
            Self::Hba => "hba",
            Self::Ident => "ident",
        }
    }

    /// A code with the prefix of the file.
    fn coded(self, code: &'static str) -> &'static str {
        let is_it = |known: &&&str| known.strip_prefix(self.word()).and_then(|rest| rest.strip_prefix('-')) == Some(code);
        CODES.iter().find(is_it).copied().unwrap_or(code)
    }
}

/// A problem of one line. `found` and `message` never hold a secret: tokens go through [`shown`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engines::postgresql) struct Problem {
    /// Code without the prefix of its file.
    pub code: &'static str,
    /// Where.
    pub span: Span,
    /// What is wrong and what happens, in sentences.
    pub message: String,
    /// Whether the server refuses the file.
    pub fatal: bool,
    /// The rest.
    pub details: Box<Details>,
}

/// What a problem may say beside its message; most say little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engines::postgresql) struct Details {
    /// The token or option that it is about.
    name: Option<String>,
    /// What stands there.
    found: Option<String>,
    /// What was expected.
    expected: Option<String>,
    /// What was probably meant.
    suggestion: Option<String>,
    /// Other places that belong to it.
    related: Vec<(Span, String)>,
}

impl Problem {
    /// A line that the server accepts, and that does not do what it seems to do.
    pub(in crate::engines::postgresql) fn remark(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), fatal: false, details: Box::default() }
    }

    /// A line for which the server refuses the file.
    pub(in crate::engines::postgresql) fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { fatal: true, ..Self::remark(code, span, message) }
    }

    pub(in crate::engines::postgresql) fn name(mut self, name: &str) -> Self {
        self.details.name = Some(shown(name));
        self
    }

    pub(in crate::engines::postgresql) fn found(mut self, found: &str) -> Self {
        self.details.found = Some(shown(found));
        self
    }

    pub(in crate::engines::postgresql) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.details.expected = Some(expected.into());
        self
    }

    pub(in crate::engines::postgresql) fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.details.suggestion = suggestion.map(Into::into);
        self
    }

    pub(in crate::engines::postgresql) fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.details.related.push((span, message.into()));
        self
    }

    /// As a record; `key` is the logical place of its line.
    pub(in crate::engines::postgresql) fn into_record(self, area: Area, key: &str) -> Record {
        let Details { name, found, expected, suggestion, related } = *self.details;
        model::Problem {
            code: area.coded(self.code),
            key: key.to_owned(),
            name: name.unwrap_or_default(),
            span: Some(self.span),
            message: self.message,
            found,
            expected,
            suggestion,
            fatal: self.fatal,
            related,
        }
        .record()
    }
}

/// A token as a message may show it: without what looks like a secret, and not endlessly long.
pub(in crate::engines::postgresql) fn shown(token: &str) -> String {
    const LONGEST: usize = 80;
    let text = redact_text(token);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text,
    }
}

/// The logical place of a line that could not be read: its first words, as far as they are names.
pub(in crate::engines::postgresql) fn key_of_line(area: Area, line: &LogicalLine) -> String {
    key_of_words(area, line.fields.iter().map(|field| field.tokens.iter().map(|token| token.text.as_str())))
}

/// The same for the words of each field.
pub(in crate::engines::postgresql) fn key_of_words<'w, W: Iterator<Item = &'w str>>(area: Area, fields: impl Iterator<Item = W>) -> String {
    let fields = fields.take(4).map(|words| words.map(shown).collect::<Vec<_>>().join(","));
    let words: Vec<String> = fields.filter(|text| !text.contains('=')).collect();
    format!("{}/{}", area.word(), words.join("/"))
}

/// Something that a later release brought.
pub(super) fn newer(span: Span, since: u32, what: &str) -> Problem {
    let message = format!("`{}` exists from PostgreSQL {since} on; older servers refuse the file.", shown(what));
    Problem::error("feature-needs-newer-major", span, message).name(what).expected(format!("PostgreSQL {since} or later"))
}
