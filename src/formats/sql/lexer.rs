//! Where tokens and statements end.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or name without quotes; its text is in lower case, as the server folds it.
    Word,
    /// A name in double quotes.
    Name,
    /// A string in single quotes, with its escapes resolved.
    Text,
    /// A string in dollar quotes.
    Body,
    /// A number.
    Number,
    /// A variable of psql (`:name`, `:'name'`) or of the shell that the text passes (`$NAME`, `${NAME}`).
    Variable,
    /// A command of psql with its arguments, without the backslash.
    Meta,
    /// Anything else, one character.
    Symbol,
}

/// One token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// What it means.
    pub text: String,
    /// Bytes of the text, quotes included; of a body, the bytes within its quotes.
    pub place: Range<usize>,
}

/// Without the text, which may hold a password.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("kind", &self.kind).field("place", &self.place).finish_non_exhaustive()
    }
}

impl Token {
    /// Whether it is a keyword, or a name without quotes.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// The tokens up to a semicolon, or to a command of psql that sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Its tokens.
    pub tokens: Vec<Token>,
}

/// Most tokens that are kept of one text: a dump with its data has more, and sets nothing behind them.
const MOST_TOKENS: usize = 200_000;

/// The statements of a script, and whether all of it was read.
#[must_use]
pub fn statements(text: &str) -> (Vec<Statement>, bool) {
    let mut lexer = Lexer { text, at: 0, open: false, tokens: 0 };
    let mut statements = Vec::new();
    let mut statement = Statement::default();
    while let Some(token) = lexer.next() {
        let ends = token.kind == Kind::Symbol && token.text == ";";
        let sends = token.kind == Kind::Meta;
        if !ends {
            statement.tokens.push(token);
        }
        if (ends || sends) && !statement.tokens.is_empty() {
            let done = std::mem::take(&mut statement);
            if ends && is_copy_from_stdin(&done) {
                lexer.skip_data();
            }
            statements.push(done);
        }
        if lexer.tokens > MOST_TOKENS {
            return (statements, false);
        }
    }
    if !statement.tokens.is_empty() {
        statements.push(statement);
    }
    (statements, !lexer.open)
}

fn is_copy_from_stdin(statement: &Statement) -> bool {
    let has = |word: &str| statement.tokens.iter().any(|token| token.is_word(word));
    statement.tokens.first().is_some_and(|first| first.is_word("copy")) && has("from") && has("stdin")
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Whether a quote or comment was never closed.
    open: bool,
    tokens: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let start = self.at;
        let first = self.rest().chars().next()?;
        self.tokens += 1;
        let (kind, text) = match first {
            '\'' => (Kind::Text, self.quoted('\'', false)),
            'e' | 'E' if self.rest().chars().nth(1) == Some('\'') => {
                self.at += 1;
                (Kind::Text, self.quoted('\'', true))
            }
            '"' => (Kind::Name, self.quoted('"', false)),
            '$' => return Some(self.dollar(start)),
            ':' if self.is_variable() => {
                self.variable();
                (Kind::Variable, self.slice(start))
            }
            '\\' => (Kind::Meta, self.meta()),
            c if c.is_ascii_digit() => {
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
                (Kind::Number, self.slice(start))
            }
            c if c.is_alphabetic() || c == '_' => {
                self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '$');
                (Kind::Word, self.slice(start).to_lowercase())
            }
            c => {
                self.at += c.len_utf8();
                (Kind::Symbol, c.to_string())
            }
        };
        Some(Token { kind, text, place: start..self.at })
    }

    fn slice(&self, start: usize) -> String {
        self.text.get(start..self.at).unwrap_or("").to_owned()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) {
        let length = self.rest().find(|c: char| !wanted(c)).unwrap_or(self.rest().len());
        self.at += length;
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| c.is_whitespace() || c == '\u{feff}');
            if self.rest().starts_with("--") {
                self.take_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                self.comment();
            } else {
                return;
            }
        }
    }

    /// `/* … /* … */ … */`.
    fn comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth = depth.saturating_sub(1);
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                match rest.chars().next() {
                    Some(c) => self.at += c.len_utf8(),
                    None => {
                        self.open = true;
                        return;
                    }
                }
            }
        }
    }

    /// A quoted text; a doubled quote stands for one.
    fn quoted(&mut self, quote: char, escapes: bool) -> String {
        let mut text = String::new();
        self.at += quote.len_utf8();
        loop {
            let mut rest = self.rest().chars();
            match (rest.next(), rest.next()) {
                (None, _) => {
                    self.open = true;
                    return text;
                }
                (Some(c), Some(next)) if c == quote && next == quote || escapes && c == '\\' => {
                    text.push(next);
                    self.at += c.len_utf8() + next.len_utf8();
                }
                (Some(c), _) if c == quote => {
                    self.at += c.len_utf8();
                    return text;
                }
                (Some(c), _) => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    /// `$$ … $$`, `$tag$ … $tag$`, `$NAME`, `${NAME}`, `$1`.
    fn dollar(&mut self, start: usize) -> Token {
        let rest = self.rest();
        let tag = rest.get(1..).unwrap_or("");
        let length = tag.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tag.len());
        if tag.get(length..).is_some_and(|after| after.starts_with('$')) && !tag.starts_with(|c: char| c.is_ascii_digit()) {
            let quote = rest.get(..length + 2).unwrap_or("$$").to_owned();
            let inside = start + quote.len();
            let body = self.text.get(inside..).unwrap_or("");
            let end = body.find(&quote);
            self.open |= end.is_none();
            let length = end.unwrap_or(body.len());
            let text = body.get(..length).unwrap_or("").to_owned();
            self.at = (inside + length + quote.len()).min(self.text.len());
            return Token { kind: Kind::Body, text, place: inside..inside + length };
        }
        let braced = tag.starts_with('{');
        self.at += 1;
        if braced {
            self.take_while(|c| c != '}' && c != '\n');
            self.at = (self.at + 1).min(self.text.len());
        } else {
            self.at += length;
        }
        Token { kind: Kind::Variable, text: self.slice(start), place: start..self.at }
    }

    fn is_variable(&self) -> bool {
        let before = self.text.get(..self.at).and_then(|before| before.chars().next_back());
        let after = self.rest().chars().nth(1);
        before != Some(':') && after.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '\'' | '"' | '{'))
    }

    fn variable(&mut self) {
        self.at += 1;
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => _ = self.quoted(quote, false),
            _ => self.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '?')),
        }
    }

    /// A command of psql, to the end of its line.
    fn meta(&mut self) -> String {
        self.at += 1;
        let start = self.at;
        self.take_while(|c| c != '\n');
        self.slice(start).trim().to_owned()
    }

    /// The lines of `COPY … FROM stdin`, to the one that is `\.`.
    fn skip_data(&mut self) {
        let end = self.rest().find("\n\\.").map_or(self.text.len(), |found| self.at + found + "\n\\.".len());
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<(Kind, String)>> {
        let (statements, _) = statements(text);
        statements.into_iter().map(|statement| statement.tokens.into_iter().map(|token| (token.kind, token.text)).collect()).collect()
    }

    #[test]
    fn tokens_and_statements_end_where_psql_ends_them() {
        let statements = read("-- x;\nALTER SYSTEM SET \"fsync\" = 'o''ff'; /* a /* b */ ; */ SELECT $$a;b$$, :'pw', 1::int;");
        let words = |statement: &[(Kind, String)]| statement.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(words(&statements[0]), "alter system set fsync = o'ff");
        assert_eq!(words(&statements[1]), "select a;b , :'pw' , 1 : : int");
        assert_eq!(statements[1][1].0, Kind::Body);
        assert_eq!(statements[1][3].0, Kind::Variable);
    }

    #[test]
    fn variables_of_shells_and_data_are_told_apart() {
        assert_eq!(
            read("PASSWORD '$PW' $NAME ${NAME:-x} $f$x$f$")[0].iter().map(|(kind, _)| *kind).collect::<Vec<_>>(),
            [Kind::Word, Kind::Text, Kind::Variable, Kind::Variable, Kind::Body]
        );
        let copied = read("COPY t FROM stdin;\n1\tALTER SYSTEM SET fsync = off;\n\\.\nSELECT 1;\n\\connect shop\n");
        assert_eq!(copied.len(), 3);
        assert_eq!(copied[2], [(Kind::Meta, "connect shop".to_owned())]);
    }

    #[test]
    fn what_is_not_closed_is_told() {
        for text in ["SELECT 'a", "SELECT $$a", "/* a", "SELECT \"a"] {
            assert!(!statements(text).1, "{text}");
        }
        assert!(statements("SELECT 1").1);
    }
}
