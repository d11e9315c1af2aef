//! Files of variables (`.env`), as Docker Compose reads them.
//!
//! The facts are those of compose-go's reader, asked with Docker Compose 2.40: `export` may stand
//! before a name; `=` or `:` ends it; ` #` begins a comment in an unquoted value; single quotes are
//! literal, double quotes know escapes, and both may hold line ends; a name alone takes the value
//! that the caller's environment has. Values are given as interpolation takes them.

use std::collections::HashMap;

use super::credentials::{credentials_in, is_harmless, names_secret};
use super::{Claim, Comment, Diagnostic};
use crate::text::{Source, Span};

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
    let mut reader = Reader { source, text: source.text(), at: 0, dotenv: Dotenv::default() };
    reader.at = if reader.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while reader.statement() {}
    report_duplicates(&mut reader.dotenv);
    reader.dotenv.entries.iter().for_each(|entry| hide(source, entry));
    reader.dotenv
}

/// Reads a file of variables that is taken as it is (`format: raw`): no quotes, escapes or variables.
#[must_use]
pub fn parse_raw(source: &Source) -> Dotenv {
    let mut dotenv = Dotenv::default();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let code = source.text().get(start..at + line.len()).unwrap_or("").trim_end_matches(['\n', '\r']);
        at += line.len();
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        let (name, value) = code.split_once('=').map_or((code, None), |(name, value)| (name, Some(value)));
        let value_start = start + name.len() + usize::from(value.is_some());
        dotenv.entries.push(DotenvEntry {
            name: name.to_owned(),
            name_span: source.span(start, start + name.len()),
            value: value.map(str::to_owned),
            value_span: source.span(value_start, start + code.len()),
            quoting: Quoting::Single,
        });
    }
    dotenv.entries.iter().for_each(|entry| hide(source, entry));
    dotenv
}

/// Whether a file is one of variables, by its name and the first of its lines.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    if !named_like_dotenv(name) {
        return Claim::No;
    }
    let head = head.strip_prefix('\u{feff}').unwrap_or(head);
    let lines = || head.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let ini = lines().any(|line| line.starts_with('[') && line.ends_with(']') && !line.contains('='));
    if head.starts_with("#!") || ini {
        return Claim::No;
    }
    let assignments = lines().filter(|line| is_assignment(line)).count();
    if assignments * 2 >= lines().count() { Claim::Yes } else { Claim::Maybe }
}

/// `.env`, `.env.production`, `prod.env`, `prod.env.example`, `env.example`; not `.env.js`.
fn named_like_dotenv(name: &str) -> bool {
    const OTHER_LANGUAGES: [&str; 17] =
        ["js", "ts", "mjs", "cjs", "php", "phtml", "py", "rb", "sh", "bash", "yml", "yaml", "json", "toml", "md", "clj", "ps1"];
    let lower = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let extension = lower.rsplit('.').next().unwrap_or("");
    let example = ["env.example", "env.sample", "env.dist", "env.template", "env.default", "env.defaults"];
    let named =
        lower.ends_with(".env") || lower.contains(".env.") || lower.contains(".env-") || example.iter().any(|end| lower.ends_with(end));
    named && !OTHER_LANGUAGES.contains(&extension)
}

fn is_assignment(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.find(['=', ':']).and_then(|at| line.get(..at)).is_some_and(|name| {
        let name = name.trim();
        !name.is_empty() && name.chars().all(is_name_character)
    })
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']')
}

/// Blanks that are no line end.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{a0}')
}

struct Reader<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
    dotenv: Dotenv,
}

impl<'s> Reader<'s> {
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
                self.value(name, name_span);
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
            let message = format!("`{}` cannot stand in the name of a variable", odd.escape_default());
            return self.error(start, message, "NAME=value, the name of letters, digits and underscores");
        }
        if name.contains(is_blank) {
            return self.error(start, "the name of a variable holds a blank".to_owned(), "NAME=value, or `#` before a comment");
        }
        let alone = !self.text.get(end..).is_some_and(|rest| rest.starts_with(['=', ':']));
        self.at = (end + 1).min(self.text.len());
        if name.is_empty() {
            if alone {
                return None;
            }
            return self.error(start, "no name stands before the value".to_owned(), "NAME=value");
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
        credentials_in(line).into_iter().for_each(|range| self.source.redact(self.source.span(start + range.start, start + range.end)));
        self.dotenv.diagnostics.push(Diagnostic {
            code: "dotenv-syntax-error",
            span: self.source.span(start, start + line.len()),
            message: format!("{message}; expected {expected}"),
            found: None,
            expected: Some(expected.to_owned()),
            related: Vec::new(),
            fatal: true,
        });
        self.at = end;
        None
    }
}

/// The text up to the closing quote, and how many bytes it takes in the file; `None` when nothing closes it.
fn unquote(body: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if c == quote && !escaped {
            return Some((text, at));
        }
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        // The backslash goes only where it protects the quote; other escapes come later.
        if escaped && c != quote {
            text.push('\\');
        }
        escaped = false;
        let line_end_follows = c == '\r' && body.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
        if !line_end_follows {
            text.push(c);
        }
    }
    None
}

/// Escapes of double quotes: `\n`, `\t`, `\\`, `\$` (a dollar that begins no variable), `\0` with up to three octal digits.
fn resolve_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        let (replacement, taken) = escape(after);
        match replacement {
            Some(replacement) => out.push_str(&replacement),
            None => out.push('\\'),
        }
        rest = after.get(taken..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// What follows a backslash: its meaning, when it has one, and how many bytes it takes.
fn escape(after: &str) -> (Option<String>, usize) {
    let simple = |text: &str| (Some(text.to_owned()), 1);
    match after.chars().next() {
        Some('a') => simple("\u{7}"),
        Some('b') => simple("\u{8}"),
        Some('f') => simple("\u{c}"),
        Some('n') => simple("\n"),
        Some('r') => simple("\r"),
        Some('t') => simple("\t"),
        Some('v') => simple("\u{b}"),
        Some('"') => simple("\""),
        Some('\\') => simple("\\"),
        Some('$') => simple("$$"),
        Some('0') => {
            let digits: String = after.chars().skip(1).take(3).take_while(char::is_ascii_digit).collect();
            let code = u8::from_str_radix(&digits, 8).ok().filter(|_| digits.len() == 3);
            (Some(code.map_or_else(|| format!("\\{digits}"), |code| char::from(code).to_string())), 1 + digits.len())
        }
        _ => (None, 0),
    }
}

fn report_duplicates(dotenv: &mut Dotenv) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut diagnostics = Vec::new();
    for entry in &dotenv.entries {
        if let Some(first) = seen.insert(&entry.name, entry.name_span) {
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
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<String>, Quoting)> {
        let source = Source::detached(".env", text);
        parse(&source).entries.into_iter().map(|entry| (entry.name, entry.value, entry.quoting)).collect()
    }

    fn value(text: &str) -> String {
        read(text)[0].1.clone().unwrap()
    }

    #[test]
    fn forms_that_compose_accepts() {
        assert_eq!(
            read("\u{feff}A=1\r\nexport B=two\r\nC: three\n"),
            [
                ("A".to_owned(), Some("1".to_owned()), Quoting::None),
                ("B".to_owned(), Some("two".to_owned()), Quoting::None),
                ("C".to_owned(), Some("three".to_owned()), Quoting::None),
            ]
        );
        for (text, expected) in [
            ("A =  spaced out  ", "spaced out"),
            ("A=unquoted # comment", "unquoted"),
            ("A=no#comment", "no#comment"),
            ("A=a\t# tab", "a\t# tab"),
            ("A= # c", "# c"),
            ("A=a'b'c", "a'b'c"),
            ("A='lit $X \\n' # c", "lit $X \\n"),
            ("A='it\\'s'", "it's"),
            ("A=\"dq \\n \\\" \\\\ \\x \\$X\"", "dq \n \" \\ \\x $$X"),
            ("A=\"two\nlines\"", "two\nlines"),
            ("A=\"\\0101 \\01\"", "A \\1"),
            ("A=a\\nb", "a\\nb"),
            ("A=", ""),
            ("A=\nB=1", ""),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        assert_eq!(read("A\nB=1\n")[0].1, None);
        assert_eq!(read("A=\"x\"y\nB=1\n").len(), 3, "what follows a closing quote is a statement of its own");
    }

    #[test]
    fn errors_have_a_line_and_reading_goes_on() {
        let source = Source::detached(".env", "A B=1\n#!c\nif true; then\nX=\"open\nY=2\nY=3\n");
        let dotenv = parse(&source);
        let lines: Vec<_> = dotenv.diagnostics.iter().map(|d| (d.code, source.location(d.span.start).line)).collect();
        assert_eq!(
            lines,
            [("dotenv-syntax-error", 1), ("dotenv-syntax-error", 3), ("dotenv-syntax-error", 4), ("dotenv-duplicate-key", 6)]
        );
        assert_eq!(dotenv.entries.len(), 2);
    }

    #[test]
    fn secrets_are_hidden() {
        let text = "DB_PASSWORD=hunter2\nURL=postgres://u:hunter2@h/d\nKEY='hunter2'\nREDIS_PASS=\"hunter2\nhunter2\"\nX=\"hunter2";
        let source = Source::detached(".env", text);
        let _ = parse(&source);
        for line in 1..=source.line_count() {
            let excerpt = source.excerpt_of_line(line, source.span(0, 0));
            assert!(!excerpt.text.contains("hunter2"), "{}", excerpt.text);
        }
    }

    #[test]
    fn recognised_by_name_and_content() {
        for name in [".env", ".env.production", "prod.env", "app/.env.example", "003-owner-repo-.env", "env.example", ".env.local"] {
            assert_eq!(claims(name, "A=1\n"), Claim::Yes, "{name}");
        }
        for name in [".env.js", "env.ts", "run.sh", "config.env.yml", ".envrc", "environment"] {
            assert_eq!(claims(name, "A=1\n"), Claim::No, "{name}");
        }
        assert_eq!(claims("x.env", "#!/bin/sh\nA=1\n"), Claim::No);
        assert_eq!(claims("x.env", "[section]\nA=1\n"), Claim::No);
        assert_eq!(claims(".env", ""), Claim::Yes);
    }
}
