//! Syntax errors in words: the server names only a token; here stand the usual cause and the line to write.

use super::lexer::{Token, TokenKind};
use crate::formats::Diagnostic;
use crate::text::{Source, Span, redact_text};

/// Characters of a token or line that are shown.
const LONGEST_SHOWN: usize = 400;

/// A line that could not be read, with what is known of it.
pub(super) struct FailedLine<'t> {
    pub source: &'t Source,
    /// The line, from its first token, without blanks at its end.
    pub span: Span,
    /// The token that does not fit; `None` at the end of the line.
    pub token: Option<Token>,
    /// The name, when the line begins with one.
    pub name: Option<Token>,
    /// The value, when something stands behind it that does not fit.
    pub value: Option<Token>,
    /// The line before, when a quoted value or a backslash runs on from there.
    pub after_open_quote: Option<Span>,
}

/// A cause: code, explanation, and the line to write instead.
struct Cause {
    code: &'static str,
    why: String,
    write: Option<String>,
}

fn cause(code: &'static str, why: impl Into<String>) -> Cause {
    Cause { code, why: why.into(), write: None }
}

impl Cause {
    fn writing(mut self, line: impl Into<String>) -> Self {
        self.write = Some(line.into());
        self
    }
}

/// A byte order mark at the head of the file. With `dotted`, the name that it becomes part of is one that the server takes.
pub(super) fn byte_order_mark(source: &Source, dotted: bool) -> Diagnostic {
    let effect = if dotted { "so that the setting of this line is another one" } else { "and does not start" };
    Diagnostic {
        code: "bom",
        span: source.span(0, '\u{feff}'.len_utf8()),
        message: format!(
            "The file begins with a byte order mark (EF BB BF). PostgreSQL takes it for the first letter of a name {effect}. \
             Save the file as UTF-8 without BOM."
        ),
        found: Some("a byte order mark".to_owned()),
        expected: Some("UTF-8 without BOM".to_owned()),
        related: Vec::new(),
        fatal: !dotted,
    }
}

/// The diagnostic of a line that could not be read.
pub(super) fn explain(line: &FailedLine<'_>) -> Diagnostic {
    if line.span.start == 0 && line.only_byte_order_mark() {
        return byte_order_mark(line.source, false);
    }
    let cause = line.cause();
    // A line that may hold a password is neither quoted nor rewritten in a message.
    let showable = redact_text(line.text()) == line.text();
    let token = line.token.map(|token| line.slice(token)).filter(|_| showable);
    let near = match token {
        Some(token) => format!("near `{}`", printable(token)),
        None if line.token.is_some() => "here".to_owned(),
        None => "at the end of the line".to_owned(),
    };
    let write = cause.write.filter(|_| showable && line.text().len() <= 400).map(|line| printable(&line));
    let advice = write.as_ref().map(|line| format!(" Write: {line}")).unwrap_or_default();
    let span = line.token.or(line.name).map_or(line.span, |token| line.source.span(token.start, token.end));
    Diagnostic {
        code: cause.code,
        span,
        message: format!("Syntax error {near}: {}. PostgreSQL does not start with this file.{advice}", cause.why),
        found: token.map(printable),
        expected: write,
        related: line.related(cause.code),
        fatal: true,
    }
}

/// On one line, and short.
fn printable(text: &str) -> String {
    let clean = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    let mut out: String = text.chars().take(LONGEST_SHOWN).map(clean).collect();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        out.push('…');
    }
    out
}

impl<'t> FailedLine<'t> {
    fn text(&self) -> &'t str {
        self.source.slice(self.span)
    }

    fn slice(&self, token: Token) -> &'t str {
        self.source.text().get(token.start..token.end).unwrap_or("")
    }

    /// The line from an offset of the source on.
    fn from(&self, start: usize) -> &'t str {
        self.source.text().get(start..self.span.end as usize).unwrap_or("")
    }

    fn only_byte_order_mark(&self) -> bool {
        let text = self.text();
        text.strip_prefix('\u{feff}').is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with('#')
        })
    }

    fn related(&self, code: &str) -> Vec<(Span, String)> {
        match self.after_open_quote {
            Some(before) if code == "line-break-in-string" => vec![(before, "the value begins here".to_owned())],
            _ => Vec::new(),
        }
    }

    fn cause(&self) -> Cause {
        if self.after_open_quote.is_some() {
            let why = "this is the rest of the value above; a value ends on its own line, inside quotes too";
            return cause("line-break-in-string", why);
        }
        match (self.name, self.value) {
            (None, _) => self.bad_name(),
            (Some(name), None) => self.bad_value(name),
            (Some(name), Some(value)) => self.trailing(name, value),
        }
    }

    /// The line does not begin with a name.
    fn bad_name(&self) -> Cause {
        let text = self.text();
        let word = self.token.map_or("", |token| self.slice(token));
        let rest = text.get(word.len()..).unwrap_or("").trim_start();
        if text.starts_with('[') {
            return cause("syntax-error", "a section header in brackets belongs to an ini file; postgresql.conf has no sections");
        }
        if text.starts_with("//") || text.starts_with("--") || text.starts_with(';') || text.starts_with("/*") {
            return cause("syntax-error", "a comment begins with #")
                .writing(format!("# {}", text.trim_start_matches(['/', '-', ';', '*', ' '])));
        }
        if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|marker| text.starts_with(marker)) {
            return cause("syntax-error", "a conflict marker that git left behind; choose one side and delete the markers");
        }
        if word.starts_with(['"', '\'']) {
            return cause("syntax-error", "the name of a setting is not quoted").writing(text.replacen(['"', '\''], "", 2));
        }
        if let Some(name) = word.strip_suffix(':').filter(|name| !name.contains(['.', ':', '/'])) {
            return cause("syntax-error", "name and value are separated by = or a blank, not by a colon").writing(format!(
                "{} = {}",
                name.replace('-', "_"),
                quoted_value(rest)
            ));
        }
        if word.contains('.') {
            let why = format!(
                "`{}` is not a valid name: the name of an extension's setting has exactly one dot, and each half begins with a letter and holds only letters, digits and _",
                printable(word)
            );
            return cause("bad-custom-name", why);
        }
        if word.contains('-') && word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return cause("syntax-error", "names are written with _, not with -").writing(format!("{} {rest}", word.replace('-', "_")));
        }
        cause("syntax-error", "a line begins with the name of a setting, as in `name = value`")
    }

    /// Behind the name stands no value.
    fn bad_value(&self, name: Token) -> Cause {
        let name = self.slice(name);
        let Some(token) = self.token else {
            return cause("syntax-error", format!("the setting `{name}` has no value; an empty value is written ''"));
        };
        let found = self.slice(token);
        let rest = self.from(token.start);
        if is_include(name) {
            return cause("include-unquoted", format!("the path behind `{name}` must be in single quotes"))
                .writing(format!("{name} {}", quoted_value(rest)));
        }
        match found.chars().next() {
            Some('=') => cause("syntax-error", "there is only one = between name and value")
                .writing(format!("{name} = {}", quoted_value(rest.trim_start_matches(['=', '>', ' '])))),
            Some(':') if !is_value_with_colons(rest) => cause("syntax-error", "name and value are separated by =, not by a colon")
                .writing(format!("{name} = {}", quoted_value(rest.trim_start_matches([':', '=', ' '])))),
            Some('"') => cause("syntax-error", "a value is put in single quotes, not in double quotes")
                .writing(format!("{name} = {}", quoted_value(&rest.replace('"', "")))),
            Some('\'') => self.open_quote(name, rest),
            Some('\\') if rest == "\\" => cause("line-break-in-string", "a backslash does not join lines; name and value go on one line"),
            _ => unquoted(name, rest, what_needs_quotes(rest)),
        }
    }

    /// A quote that is not closed on its line.
    fn open_quote(&self, name: &str, rest: &str) -> Cause {
        let after = self.source.text().get(self.span.end as usize..).unwrap_or("").trim_start_matches('\r');
        let next = after.strip_prefix('\n').unwrap_or("");
        let next = next.split('\n').next().unwrap_or("");
        let closes_below = next.matches('\'').count() % 2 == 1;
        if closes_below || rest.ends_with('\\') {
            return cause("line-break-in-string", "a quoted value ends on the line where it begins; write it on one line");
        }
        cause("syntax-error", "the quote is not closed on this line").writing(format!("{name} = {}", quoted_value(rest.trim_matches('\''))))
    }

    /// Something stands behind the value.
    fn trailing(&self, name: Token, value: Token) -> Cause {
        let name = self.slice(name);
        let rest = self.from(value.start);
        let found = self.token.map_or("", |token| self.slice(token));
        if is_include(name) {
            return cause("include-unquoted", format!("the path behind `{name}` must be in single quotes"))
                .writing(format!("{name} {}", quoted_value(rest)));
        }
        if name.eq_ignore_ascii_case("alter") || name.eq_ignore_ascii_case("set") || name.eq_ignore_ascii_case("export") {
            return cause("syntax-error", format!("`{name} …` is a command; postgresql.conf holds lines of the form `name = value`"));
        }
        if found == ";" {
            return cause("syntax-error", "nothing but a comment may follow the value; lines do not end with a semicolon")
                .writing(format!("{name} = {}", self.slice(value)));
        }
        if found == "\\" {
            return cause("line-break-in-string", "a backslash does not join lines; name and value go on one line");
        }
        if value.kind == TokenKind::Quoted {
            let why = "nothing but a comment may follow the closing quote (a quote within a value is written '')";
            return cause("syntax-error", why);
        }
        if found == "=" {
            return cause("syntax-error", "one line sets one setting, as in `name = value`");
        }
        unquoted(name, rest, what_needs_quotes(rest))
    }
}

fn is_include(name: &str) -> bool {
    ["include", "include_if_exists", "include_dir"].iter().any(|directive| name.eq_ignore_ascii_case(directive))
}

/// `::1` is a value that begins with a colon; `: 4MB` is a colon before a value.
fn is_value_with_colons(rest: &str) -> bool {
    rest.starts_with("::")
}

fn unquoted(name: &str, rest: &str, what: &str) -> Cause {
    cause("unquoted-value", format!("{what} must be in single quotes")).writing(format!("{name} = {}", quoted_value(rest)))
}

/// What kind of value it is that cannot stand without quotes.
fn what_needs_quotes(rest: &str) -> &'static str {
    let value = without_comment(rest);
    let number = value.trim_start_matches(['+', '-']).trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    match value {
        "*" => "`*`",
        _ if value.contains(',') => "a list",
        _ if value.starts_with('/') || value.starts_with("~/") || value.starts_with("./") || value.starts_with("../") => "a path",
        _ if value.starts_with('%') => "a value with `%`",
        _ if value.starts_with("::") || value.split('.').count() == 4 && number.starts_with(|c: char| c.is_ascii_digit()) => {
            "an IP address"
        }
        _ if value.starts_with(['$', '{', '<', '@']) => "this value (or what takes its place)",
        _ if is_number && number.contains('.') => "a fraction with a unit",
        _ if is_number && value.contains(char::is_whitespace) => "a number with a blank before its unit",
        _ if value.starts_with(|c: char| c.is_ascii_digit()) && value.contains(['e', 'E']) && !value.contains(' ') => {
            "a number with an exponent"
        }
        _ if value.contains(char::is_whitespace) => "a value with blanks",
        _ if value.contains('.') => "a value that looks like `name.name`",
        _ => "this value",
    }
}

/// The text of a value, without a comment behind it.
fn without_comment(rest: &str) -> &str {
    let end = [" #", "\t#"].iter().filter_map(|sign| rest.find(sign)).min().unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest).trim()
}

/// A value in single quotes, as it should be written; a comment behind it stays behind it.
fn quoted_value(rest: &str) -> String {
    let value = without_comment(rest);
    let comment = rest.trim().get(value.len()..).unwrap_or("").trim();
    let bare = value.trim_end_matches([';', ' ']);
    let bare = bare.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\'')).unwrap_or(bare);
    let separator = if comment.is_empty() { "" } else { "  " };
    format!("'{}'{separator}{comment}", bare.replace('\'', "''"))
}
