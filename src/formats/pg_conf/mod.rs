//! `postgresql.conf`: settings and include directives, exactly as the server reads them.
//!
//! What a name or a value means depends on the release and is decided in `engines/postgresql`.

mod cause;
mod claims;
pub mod edit;
mod lexer;

use self::lexer::{Lexer, Token, TokenKind, unquote};
use super::{Comment, Diagnostic};
use crate::text::{Source, Span};

pub use self::claims::claims;

/// The server gives up on a file after this many syntax errors.
const MOST_ERRORS: usize = 100;

/// The byte order mark, which the server takes for a letter.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PgConf {
    /// What was read, in the order of the file. After a syntax error the server applies none of it.
    pub statements: Vec<Statement>,
    /// Every comment.
    pub comments: Vec<Comment>,
    /// What is wrong, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the text of the file is lost to the server: one span per line that it cannot read.
    pub unreadable: Vec<Unreadable>,
}

/// A line that the server cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// From the first to the last token of the line.
    pub span: Span,
    /// The name that the line begins with, if it is one.
    pub name: Option<String>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directive {
    /// Sets a setting.
    Set,
    /// `include`: reads a file that must exist.
    Include,
    /// `include_if_exists`: reads a file if it exists.
    IncludeIfExists,
    /// `include_dir`: reads the files of a directory.
    IncludeDirectory,
}

/// One line: `name [=] value`.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it does.
    pub directive: Directive,
    /// The name as written.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The value, without quotes and with escapes resolved.
    pub value: String,
    /// Where the value stands, with its quotes.
    pub value_span: Span,
    /// Whether the value is quoted.
    pub quoted: bool,
}

/// Without the value, which may hold a password.
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("directive", &self.directive).field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads a file. Never fails: what the server refuses is a diagnostic.
#[must_use]
pub fn parse(source: &Source) -> PgConf {
    let mut parser = Parser { source, lexer: Lexer::new(source), conf: PgConf::default(), open_quote: None };
    parser.file();
    let mut conf = parser.conf;
    conf.comments = parser.lexer.comments;
    conf
}

struct Parser<'t> {
    source: &'t Source,
    lexer: Lexer<'t>,
    conf: PgConf,
    /// The last line that failed because a quoted value or a backslash runs on.
    open_quote: Option<Span>,
}

/// Why a line could not be read: what was met, and how far the line was understood.
struct Refusal {
    token: Option<Token>,
    name: Option<Token>,
    value: Option<Token>,
}

impl Parser<'_> {
    fn file(&mut self) {
        let mut errors = 0;
        while let Some(first) = self.lexer.next() {
            if first.kind == TokenKind::EndOfLine {
                continue;
            }
            let goes_on = match self.statement(first) {
                Ok(goes_on) => goes_on,
                Err(refusal) => {
                    let goes_on = self.lexer.skip_line(refusal.token);
                    self.refuse(first, &refusal);
                    errors += 1;
                    goes_on && errors < MOST_ERRORS
                }
            };
            if !goes_on {
                break;
            }
        }
        if errors >= MOST_ERRORS {
            let end = self.source.text().len();
            self.conf.unreadable.push(Unreadable { span: self.source.span(end, end), name: None });
        }
    }

    /// One statement from its first token on; tells whether the text goes on after it.
    fn statement(&mut self, first: Token) -> Result<bool, Refusal> {
        let refuse = |token, name, value| Refusal { token, name, value };
        if !matches!(first.kind, TokenKind::Name | TokenKind::DottedName) {
            return Err(refuse(Some(first), None, None));
        }
        let mut value = self.lexer.next();
        if value.is_some_and(|token| token.kind == TokenKind::Equals) {
            value = self.lexer.next();
        }
        let Some(value) = value.filter(|token| is_value(token.kind)) else {
            return Err(refuse(value, Some(first), None));
        };
        let end = self.lexer.next();
        if end.is_some_and(|token| token.kind != TokenKind::EndOfLine) {
            return Err(refuse(end, Some(first), Some(value)));
        }
        self.record(first, value);
        Ok(end.is_some())
    }

    fn record(&mut self, name_token: Token, value_token: Token) {
        let mut name = self.slice(name_token).to_owned();
        if name_token.start == 0 && name.starts_with(BYTE_ORDER_MARK) {
            let dotted = name_token.kind == TokenKind::DottedName;
            self.conf.diagnostics.push(cause::byte_order_mark(self.source, dotted));
            if !dotted {
                name = name.trim_start_matches(BYTE_ORDER_MARK).to_owned();
            }
        }
        let quoted = value_token.kind == TokenKind::Quoted;
        let text = self.slice(value_token);
        let value = if quoted { unquote(text) } else { text.to_owned() };
        let directive = match name.to_ascii_lowercase().as_str() {
            "include" => Directive::Include,
            "include_if_exists" => Directive::IncludeIfExists,
            "include_dir" => Directive::IncludeDirectory,
            _ => Directive::Set,
        };
        let (name_span, value_span) = (self.span(name_token), self.span(value_token));
        self.conf.statements.push(Statement { directive, name, name_span, value, value_span, quoted });
    }

    fn refuse(&mut self, first: Token, refusal: &Refusal) {
        let text = self.source.text();
        let line_end = text.get(first.start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| first.start + length);
        let name = refusal.name.map(|token| self.slice(token).trim_start_matches(BYTE_ORDER_MARK).to_owned());
        let line = text.get(first.start..line_end).unwrap_or("").trim_end();
        let span = self.source.span(first.start, first.start + line.len());
        let failed = cause::FailedLine {
            source: self.source,
            span,
            token: refusal.token.filter(|token| token.kind != TokenKind::EndOfLine),
            name: refusal.name,
            value: refusal.value,
            after_open_quote: self.open_quote,
        };
        let diagnostic = cause::explain(&failed);
        self.open_quote = (diagnostic.code == "line-break-in-string" && self.open_quote.is_none()).then_some(span);
        let alone = diagnostic.code == "bom";
        self.conf.diagnostics.push(diagnostic);
        if !alone {
            self.conf.unreadable.push(Unreadable { span, name });
        }
    }

    fn slice(&self, token: Token) -> &str {
        self.source.text().get(token.start..token.end).unwrap_or("")
    }

    fn span(&self, token: Token) -> Span {
        self.source.span(token.start, token.end)
    }
}

/// A dotted name is no value: `listen_addresses = db.local` is a syntax error.
fn is_value(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Name | TokenKind::Word | TokenKind::Quoted | TokenKind::Integer | TokenKind::Real)
}
