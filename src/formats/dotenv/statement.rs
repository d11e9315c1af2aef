//! Reading one variable or comment after the other, as compose-go does.

use super::escapes::{resolve_escapes, unquote};
use super::{Dotenv, DotenvEntry, Quoting};
use crate::formats::{Comment, Diagnostic};
use crate::text::secrets::credentials_in;
use crate::text::{Source, Span};

/// Errors of one file that are reported; a file with more holds something else.
const MOST_ERRORS: usize = 20;

/// Characters of a name.
pub(super) fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']')
}

/// Blanks that are no line end.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{a0}')
}

/// A place in the text, and what was read before it.
pub(super) struct Reader<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
    dotenv: Dotenv,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        let text = source.text();
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { source, text, at, dotenv: Dotenv::default() }
    }

    pub(super) fn read(mut self) -> Dotenv {
        while self.statement() {}
        self.dotenv
    }

    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn line_end(&self, from: usize) -> usize {
        self.text.get(from..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |at| from + at)
    }

    /// Reads one comment or variable; whether there may be more.
    fn statement(&mut self) -> bool {
        self.at = self.text.len() - self.rest().trim_start().len();
        if self.rest().is_empty() {
            return false;
        }
        if self.rest().starts_with('#') {
            let end = self.line_end(self.at);
            self.comment(self.at, end, false);
            self.at = end;
            return true;
        }
        if let Some((name, name_span, alone)) = self.name() {
            if alone {
                self.dotenv.entries.push(DotenvEntry { name, name_span, value: None, value_span: name_span, quoting: Quoting::None });
            } else {
                let nameless = name.is_empty();
                self.value(name, name_span);
                if nameless {
                    // Docker Compose takes it, and nothing can use it.
                    self.dotenv.entries.pop();
                }
            }
        }
        true
    }

    /// The name of a variable, and whether nothing follows it on its line. On an error the line is passed over.
    fn name(&mut self) -> Option<(String, Span, bool)> {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(is_blank)
        {
            self.at = self.text.len() - rest.trim_start_matches(is_blank).len();
        }
        let start = self.at;
        let end = self.rest().find(['=', ':', '\n']).map_or(self.text.len(), |at| start + at);
        let name = self.text.get(start..end).unwrap_or("").trim_end();
        let span = self.source.span(start, start + name.len());
        if let Some(odd) = name.chars().find(|c| !is_name_character(*c) && !is_blank(*c)) {
            let message = format!("`{odd}` cannot be part of the name of a variable");
            return self.error(start, message, "NAME=value, the name of letters, digits and underscores");
        }
        // A tab is part of a name.
        if name.contains(' ') {
            return self.error(start, "the name of a variable contains a space".to_owned(), "NAME=value, or `#` before a comment");
        }
        let alone = !self.text.get(end..).is_some_and(|rest| rest.starts_with(['=', ':']));
        self.at = (end + 1).min(self.text.len());
        if name.is_empty() && alone {
            return None;
        }
        Some((name.to_owned(), span, alone))
    }

    fn value(&mut self, name: String, name_span: Span) {
        self.at = self.text.len() - self.rest().trim_start_matches(is_blank).len();
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => self.quoted(name, name_span, quote),
            _ => self.unquoted(name, name_span),
        }
    }

    fn unquoted(&mut self, name: String, name_span: Span) {
        let start = self.at;
        let end = self.line_end(start);
        let line = self.text.get(start..end).unwrap_or("");
        let comment = line.find(" #");
        let value = line.get(..comment.unwrap_or(line.len())).unwrap_or("").trim_end();
        if let Some(at) = comment {
            self.comment(start + at + 1, end, true);
        }
        let value_span = self.source.span(start, start + value.len());
        self.dotenv.entries.push(DotenvEntry { name, name_span, value: Some(value.to_owned()), value_span, quoting: Quoting::None });
        self.at = end;
    }

    fn quoted(&mut self, name: String, name_span: Span, quote: char) {
        let start = self.at + 1;
        let body = self.text.get(start..).unwrap_or("");
        let Some((text, length)) = unquote(body, quote) else {
            let end = self.line_end(start);
            // Whatever stands here was meant as a value, and may be a secret.
            self.source.redact(self.source.span(start, end));
            self.error::<()>(self.at, format!("the value of {name} opens a {quote} that nothing closes"), "a closing quote");
            return;
        };
        let (value, quoting) = if quote == '"' { (resolve_escapes(&text), Quoting::Double) } else { (text, Quoting::Single) };
        let value_span = self.source.span(start, start + length);
        self.dotenv.entries.push(DotenvEntry { name, name_span, value: Some(value), value_span, quoting });
        self.at = start + length + 1;
    }

    fn comment(&mut self, start: usize, end: usize, trailing: bool) {
        let text = self.text.get(start..end).unwrap_or("").trim_end();
        self.dotenv.comments.push(Comment { span: self.source.span(start, start + text.len()), trailing });
    }

    fn error<T>(&mut self, start: usize, message: String, expected: &str) -> Option<T> {
        let end = self.line_end(start);
        let line = self.text.get(start..end).unwrap_or("").trim_end();
        self.source.distrust();
        credentials_in(line).into_iter().for_each(|range| self.source.redact(self.source.span(start + range.start, start + range.end)));
        self.at = end;
        if self.dotenv.diagnostics.len() >= MOST_ERRORS {
            return None;
        }
        self.dotenv.diagnostics.push(Diagnostic {
            code: "dotenv-syntax-error",
            span: self.source.span(start, start + line.len()),
            message,
            found: None,
            expected: Some(expected.to_owned()),
            related: Vec::new(),
            fatal: true,
        });
        None
    }
}
