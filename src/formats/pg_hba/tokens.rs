//! From physical lines to records: continuation, comments, quotes, comma lists.
//!
//! This follows `next_token` and `next_field_expand` of the server's `hba.c`, including what looks
//! odd: commas before a token are skipped wherever they stand, quotes may open within a token, and
//! only a quote at the very start of a token takes the special meaning of a keyword away.

use std::fmt;

use super::{Hba, LineEnd, PhysicalLine};
use crate::formats::Comment;
use crate::text::{Span, redact_text};

/// One word, after quotes are removed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Its text.
    pub text: String,
    /// Whether it begins with a quote, so that it is no keyword, no `@file` and no `+role`.
    pub quoted: bool,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The word may be an option with a secret.
        write!(f, "{:?} at {}..{}", redact_text(&self.text), self.span.start, self.span.end)
    }
}

/// One field: a list of words separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenField {
    /// The words; never empty.
    pub tokens: Vec<Token>,
    /// A comma before the first word. After a blank it does not continue the list before it: `a ,b` is two fields.
    pub comma_before: Option<Span>,
}

impl TokenField {
    /// From its first word to its last.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Some(self.tokens.first()?.span.to(self.tokens.last()?.span))
    }
}

/// One record or comment, which may cover several physical lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalLine {
    /// Number of its first physical line, which the server reports.
    pub number: u32,
    /// All of its text, without the last line end.
    pub span: Span,
    /// Its fields; none in a line that holds only a comment.
    pub fields: Vec<TokenField>,
    /// Its comment; with continuation it can swallow whole lines.
    pub comment: Option<Comment>,
    /// Physical lines after the one where the comment begins, which are therefore part of the comment.
    pub swallowed: Vec<Span>,
    /// How its last physical line ends.
    pub end: LineEnd,
}

/// The records of a file, in order, and its comments; blank lines are left out.
///
/// `continuation` says whether a backslash at the end of a line joins it with the next: true from PostgreSQL 14 on.
#[must_use]
pub fn records(hba: &Hba, continuation: bool) -> Vec<LogicalLine> {
    each_record(hba, continuation).collect()
}

/// The same, one after the other.
pub(super) fn each_record(hba: &Hba, continuation: bool) -> impl Iterator<Item = LogicalLine> + '_ {
    let mut rest = hba.lines.as_slice();
    let groups = std::iter::from_fn(move || {
        let last = rest.len().checked_sub(1)?;
        let joined = if continuation { rest.iter().position(|line| !continues(line)).unwrap_or(last) + 1 } else { 1 };
        let (group, after) = rest.split_at(joined.min(rest.len()));
        rest = after;
        Some(group)
    });
    groups.filter_map(move |group| logical_line(group, continuation))
}

fn continues(line: &PhysicalLine) -> bool {
    matches!(line.end, LineEnd::Backslash | LineEnd::Nul)
}

fn logical_line(group: &[PhysicalLine], continuation: bool) -> Option<LogicalLine> {
    let (first, last) = (group.first()?, group.last()?);
    if let [line] = group
        && let Some(blank) = before_comment(&line.text)
    {
        // Most lines of most files are comments, whose signs nobody takes apart.
        let start = line.span.start.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX));
        let comment = Some(Comment { span: Span { start, ..line.span }, trailing: false });
        return Some(LogicalLine {
            number: line.number,
            span: line.span,
            fields: Vec::new(),
            comment,
            swallowed: Vec::new(),
            end: line.end,
        });
    }
    let mut lexer = Lexer::new(group, continuation);
    let mut fields = Vec::new();
    while let Some(field) = lexer.field() {
        fields.push(field);
    }
    let span = first.span.to(last.span);
    let comment = lexer.comment.map(|start| Comment { span: Span { start, ..span }, trailing: !fields.is_empty() });
    if fields.is_empty() && comment.is_none() {
        return None;
    }
    let swallowed = comment.map(|comment| group.iter().map(|line| line.span).filter(|line| line.start > comment.span.start).collect());
    Some(LogicalLine { number: first.number, span, fields, comment, swallowed: swallowed.unwrap_or_default(), end: last.end })
}

/// How many bytes stand before the comment that a line begins with.
fn before_comment(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches([' ', '\t', '\r', ',']);
    rest.starts_with('#').then(|| line.len() - rest.len())
}

/// A cursor over the characters of one record, each with its place in the file.
struct Lexer {
    characters: Vec<(u32, char)>,
    at: usize,
    whole: Span,
    comment: Option<u32>,
}

impl Lexer {
    fn new(group: &[PhysicalLine], continuation: bool) -> Self {
        let mut characters = Vec::new();
        for (index, line) in group.iter().enumerate() {
            let joined = continuation && line.end == LineEnd::Backslash;
            // A backslash at the very end of the file is dropped although nothing follows.
            let text = if joined { line.text.strip_suffix('\\').unwrap_or(&line.text) } else { &line.text };
            debug_assert!(index == 0 || continuation);
            let place = |(offset, character)| (line.span.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX)), character);
            characters.extend(text.char_indices().map(place));
        }
        let none = Span { source: crate::text::SourceId::detached(), start: 0, end: 0 };
        Self { characters, at: 0, whole: group.first().map_or(none, |line| line.span), comment: None }
    }

    fn peek(&self) -> Option<(u32, char)> {
        self.characters.get(self.at).copied()
    }

    /// The next field, or nothing at the end of the record.
    fn field(&mut self) -> Option<TokenField> {
        let mut comma_before = None;
        let mut tokens = Vec::new();
        loop {
            let skipped = self.skip_blanks_and_commas();
            if tokens.is_empty() {
                comma_before = skipped;
            }
            let Some((token, more)) = self.token() else { break };
            tokens.push(token);
            if !more {
                break;
            }
        }
        (!tokens.is_empty()).then_some(TokenField { tokens, comma_before })
    }

    fn skip_blanks_and_commas(&mut self) -> Option<Span> {
        let mut comma = None;
        while let Some((offset, character)) = self.peek() {
            match character {
                ' ' | '\t' | '\r' => {}
                ',' => comma = comma.or(Some(Span { start: offset, end: offset + 1, ..self.whole })),
                _ => break,
            }
            self.at += 1;
        }
        comma
    }

    /// A word, and whether a comma follows it directly.
    fn token(&mut self) -> Option<(Token, bool)> {
        let (start, _) = self.peek()?;
        let mut word = Word::default();
        let mut end = start;
        let mut more = false;
        while let Some((offset, character)) = self.peek() {
            if !word.inside && matches!(character, ' ' | '\t' | '\r') {
                break;
            }
            if !word.inside && character == '#' {
                self.comment = Some(offset);
                self.at = self.characters.len();
                break;
            }
            if !word.inside && character == ',' {
                more = true;
                break;
            }
            word.take(character);
            end = offset.saturating_add(u32::try_from(character.len_utf8()).unwrap_or(1));
            self.at += 1;
        }
        let token = Token { quoted: word.starts_quoted, span: Span { start, end, ..self.whole }, text: word.text };
        (word.saw_quote || !token.text.is_empty()).then_some((token, more))
    }
}

/// The state of the server's loop over the characters of a word.
#[derive(Default)]
struct Word {
    text: String,
    inside: bool,
    after_quote: bool,
    saw_quote: bool,
    starts_quoted: bool,
}

impl Word {
    fn take(&mut self, character: char) {
        let quote = character == '"';
        if !quote || self.after_quote {
            self.text.push(character);
        }
        // Two quotes within quotes are one quote of the text.
        self.after_quote = self.inside && quote && !self.after_quote;
        if quote {
            self.inside = !self.inside;
            self.saw_quote = true;
            self.starts_quoted |= self.text.is_empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::pg_hba::parse;
    use crate::text::Source;

    fn shape(text: &str, continuation: bool) -> Vec<String> {
        let source = Source::detached("pg_hba.conf", text);
        let word = |token: &Token| if token.quoted { format!("<{}>", token.text) } else { token.text.clone() };
        let field = |field: &TokenField| field.tokens.iter().map(word).collect::<Vec<_>>().join(",");
        let line = |line: LogicalLine| format!("{}:{}", line.number, line.fields.iter().map(field).collect::<Vec<_>>().join("|"));
        records(&parse(&source), continuation).into_iter().map(line).collect()
    }

    #[test]
    fn words_are_cut_as_the_server_cuts_them() {
        for (text, expected) in [
            ("local all all trust# x", "1:local|all|all|trust"),
            ("a, b c", "1:a,b|c"),
            ("a ,b c", "1:a|b|c"),
            ("host all , b c", "1:host|all|b|c"),
            ("a,,b c,", "1:a,b|c"),
            ("\"a b\"c \"\" \"x\"\"y\"", "1:<a bc>|<>|<x\"y>"),
            ("al\"l\" #\"", "1:all"),
            ("\"open # quote", "1:<open # quote>"),
        ] {
            assert_eq!(shape(text, true), [expected], "{text}");
        }
    }

    #[test]
    fn a_backslash_continues_only_where_it_is_the_last_character() {
        assert_eq!(shape("host all \\\r\nall md5\nlocal", true), ["1:host|all|all|md5", "3:local"]);
        assert_eq!(shape("host all \\\nall md5", false), ["1:host|all|\\", "2:all|md5"]);
        assert_eq!(shape("host all \\ \nall", true), ["1:host|all|\\", "2:all"]);
        assert_eq!(shape("a \\\\\n\nb", true), ["1:a|\\", "3:b"]);
        assert_eq!(shape("a \\", true), ["1:a"]);
    }

    #[test]
    fn a_comment_swallows_the_lines_that_it_continues_to() {
        let source = Source::detached("pg_hba.conf", "# note \\\nhost all all all trust\nlocal\n");
        let lines = records(&parse(&source), true);
        assert_eq!(lines.len(), 2);
        assert_eq!(source.slice(lines[0].swallowed[0]), "host all all all trust");
        assert_eq!(source.slice(lines[0].comment.unwrap().span), "# note \\\nhost all all all trust");
    }
}
