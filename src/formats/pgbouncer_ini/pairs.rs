//! The values of `[databases]`, `[users]` and `[peers]`: a list of `key=value`.
//!
//! It resembles a connection string of libpq and is not one: a quote is written twice inside quotes, a backslash
//! means nothing, and only blanks separate.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{opt, recognize, verify};
use nom::multi::many0_count;
use nom::sequence::{preceded, separated_pair, terminated};

use super::Name;
use crate::formats::Diagnostic;
use crate::formats::grammar::{Parsed, fault, must, place};
use crate::text::{Source, Span};

/// A list as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairList {
    /// Its pairs, in order; of a key that repeats the last one counts.
    pub pairs: Vec<Pair>,
    /// Why the rest cannot be read.
    pub fault: Option<Diagnostic>,
}

/// One `key=value`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    pub key: Name,
    /// The value, without quotes. It may be a password: never print it.
    pub value: String,
    /// Where the value is, without its quotes.
    pub value_span: Span,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Reads the list at `span`. Passwords in it are kept out of every excerpt from here on.
#[must_use]
pub fn pairs(source: &Source, span: Span) -> PairList {
    let mut list = PairList::default();
    let mut text = spaces(source.slice(span));
    while !text.is_empty() {
        match pair(text) {
            Ok((rest, (key, value))) => {
                list.take(source, key, value);
                text = rest;
            }
            Err(error) => {
                list.fault = Some(refuse(source, text, fault(error).wanted));
                break;
            }
        }
    }
    list
}

impl PairList {
    fn take(&mut self, source: &Source, key: &str, written: &str) {
        let value_span = place(source, written);
        if key == "password" {
            source.redact(value_span);
        }
        let key = Name { text: key.to_owned(), span: place(source, key) };
        self.pairs.push(Pair { key, value: written.replace("''", "'"), value_span });
    }
}

fn spaces(text: &str) -> &str {
    text.trim_start_matches(' ')
}

fn blanks(text: &str) -> Parsed<'_, &str> {
    take_while(|c| c == ' ').parse(text)
}

/// One pair, and the character behind it: after a closing quote the program passes over whatever is there.
fn pair(text: &str) -> Parsed<'_, (&str, &str)> {
    let key = must("a name before `=`", take_while1(|c| c != '=' && c != ' '));
    let equals = (blanks, must("`=` after a name", char('=')), blanks);
    terminated(separated_pair(key, equals, value), (opt(anychar), blanks)).parse(text)
}

/// A value; an empty one is refused.
fn value(text: &str) -> Parsed<'_, &str> {
    alt((quoted, must("a value", take_while1(|c| c != ' ')))).parse(text)
}

fn quoted(text: &str) -> Parsed<'_, &str> {
    let inside = recognize(many0_count(alt((tag("''"), take_while1(|c| c != '\'')))));
    let closed = must("a closing quote", terminated(inside, char('\'')));
    let filled = must("a value that is not empty", verify(closed, |value: &str| !value.is_empty()));
    preceded(char('\''), filled).parse(text)
}

fn refuse(source: &Source, text: &str, wanted: &'static str) -> Diagnostic {
    // Somewhere in what cannot be read there may be a password.
    let span = place(source, text);
    source.redact(span);
    Diagnostic {
        code: "syntax-error",
        span,
        message: format!("This list of `key=value` cannot be read: {wanted} is missing."),
        found: None,
        expected: Some(wanted.to_owned()),
        related: Vec::new(),
        fatal: true,
    }
}
