//! The grammar of one line, with nom.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while};
use nom::character::complete::char;
use nom::combinator::{map, rest};
use nom::sequence::{pair, preceded, terminated};

use crate::formats::grammar::{Parsed, is_space, must};

/// One line, as slices of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'t> {
    /// Nothing, or blanks.
    Blank,
    /// From the sign to the end of the line.
    Comment(&'t str),
    /// `[name]`; what follows the bracket is not read.
    Group { name: &'t str, tail: &'t str },
    /// `!word argument`, or `?word argument`.
    Directive { sign: char, word: &'t str, argument: &'t str },
    /// `name`, or `name = value`, without the comment behind it.
    Entry { name: &'t str, value: Option<&'t str>, comment: &'t str },
}

/// One line without its end.
pub(super) fn item(line: &str) -> Parsed<'_, Item<'_>> {
    preceded(take_while(is_space), alt((comment, directive, group, entry))).parse(line)
}

fn comment(line: &str) -> Parsed<'_, Item<'_>> {
    if line.is_empty() {
        return Ok(("", Item::Blank));
    }
    let (after, _) = alt((char('#'), char(';'))).parse(line)?;
    Ok((after.get(after.len()..).unwrap_or(""), Item::Comment(line)))
}

fn directive(line: &str) -> Parsed<'_, Item<'_>> {
    let (after, sign) = alt((char('!'), char('?'))).parse(line)?;
    let (argument, word) = preceded(take_while(is_space), take_while(|c| !is_space(c))).parse(after)?;
    // What begins with a question mark and is no directive is an option.
    if sign == '?' && word != "includedir" {
        return entry(line);
    }
    Ok(("", Item::Directive { sign, word, argument: argument.trim_matches(is_space) }))
}

fn group(line: &str) -> Parsed<'_, Item<'_>> {
    let name = must("`]` after the name of the group", terminated(take_until("]"), tag("]")));
    map(preceded(char('['), pair(name, rest)), |(name, tail): (&str, &str)| Item::Group { name: name.trim_end_matches(is_space), tail })
        .parse(line)
}

fn entry(line: &str) -> Parsed<'_, Item<'_>> {
    let (text, comment) = line.split_at(comment_start(line));
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.trim_matches(is_space))),
        None => (text, None),
    };
    Ok(("", Item::Entry { name: name.trim_end_matches(is_space), value, comment }))
}

/// Where the comment begins behind an option: at the first `#` outside of quotes, else at the end.
///
/// A quote opens wherever it is, in a name as well, and within quotes a backslash protects the next sign.
pub(super) fn comment_start(text: &str) -> usize {
    let mut quote = None;
    let mut protected = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' | '"' if !protected => match quote {
                None => quote = Some(c),
                Some(open) if open == c => quote = None,
                Some(_) => {}
            },
            '#' if quote.is_none() => return at,
            _ => {}
        }
        protected = quote.is_some() && c == '\\' && !protected;
    }
    text.len()
}

/// Whether a quote is still open at the end of an option.
pub(super) fn ends_in_quotes(text: &str) -> bool {
    // With a sign that would be a comment outside of quotes.
    comment_start(&format!("{text}#")) > text.len()
}

/// What a value means: without the quotes around it, with its escapes replaced.
pub(super) fn unescape(raw: &str) -> String {
    let inner = |quote: char| raw.strip_prefix(quote)?.strip_suffix(quote);
    let text = inner('"').or_else(|| inner('\'')).unwrap_or(raw);
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            out.push(sign);
            continue;
        }
        match signs.next() {
            None => out.push('\\'),
            Some(escape) => match escaped(escape) {
                Some(meant) => out.push(meant),
                // An unknown one keeps its backslash.
                None => out.extend(['\\', escape]),
            },
        }
    }
    out
}

const fn escaped(sign: char) -> Option<char> {
    match sign {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'b' => Some('\u{8}'),
        's' => Some(' '),
        '"' | '\'' | '\\' => Some(sign),
        _ => None,
    }
}
