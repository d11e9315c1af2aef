//! The grammar, with nom: one item of a file at a time.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{map, recognize};
use nom::sequence::{preceded, separated_pair, terminated};

use crate::formats::grammar::{Parsed, is_space, must};

/// One item, as slices of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'t> {
    /// From the sign to the end of the line.
    Comment(&'t str),
    /// What is between the brackets.
    Section(&'t str),
    /// The path.
    Include(&'t str),
    /// `name = value`; both may be empty.
    Entry { name: &'t str, quoted: bool, value: &'t str },
}

/// The text from the next item on.
pub(super) fn skip_space(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// One item, at the start of the text.
pub(super) fn item(text: &str) -> Parsed<'_, Item<'_>> {
    alt((include, comment, section, entry)).parse(text)
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '*')
}

fn blanks(text: &str) -> Parsed<'_, &str> {
    take_while(is_blank).parse(text)
}

fn line(text: &str) -> Parsed<'_, &str> {
    take_while(|c| c != '\n').parse(text)
}

/// What is left of the line, without blanks at its end.
fn value(text: &str) -> Parsed<'_, &str> {
    map(line, |line: &str| line.trim_end_matches(is_space)).parse(text)
}

fn comment(text: &str) -> Parsed<'_, Item<'_>> {
    map(recognize((one_of("#;"), line)), Item::Comment).parse(text)
}

fn include(text: &str) -> Parsed<'_, Item<'_>> {
    map(preceded((tag("%include"), take_while1(is_blank)), value), Item::Include).parse(text)
}

fn section(text: &str) -> Parsed<'_, Item<'_>> {
    let name = terminated(take_while(|c| c != ']' && c != '\n'), char(']'));
    map(preceded(char('['), must("`]` after the name of the section", name)), Item::Section).parse(text)
}

fn entry(text: &str) -> Parsed<'_, Item<'_>> {
    let equals = (blanks, must("`=` after a name", char('=')), blanks);
    let entry = separated_pair(name, equals, value);
    map(entry, |((name, quoted), value)| Item::Entry { name, quoted, value }).parse(text)
}

/// A name, and whether it is quoted. A bare one may be empty: `[databases]` takes that.
fn name(text: &str) -> Parsed<'_, (&str, bool)> {
    let inside = must("`'` after a quoted name", terminated(take_while1(|c| c != '\''), char('\'')));
    let quoted = map(preceded(char('\''), inside), |name| (name, true));
    let bare = map(take_while(is_name), |name| (name, false));
    alt((quoted, bare)).parse(text)
}
