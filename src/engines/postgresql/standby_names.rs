//! The grammar of `synchronous_standby_names` (`syncrep_scanner.l`, `syncrep_gram.y`).

use std::iter::Peekable;
use std::str::CharIndices;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name,
    /// `*`, or the name that every standby has unless it is given another.
    Every,
    Any,
    First,
    Number(u64),
    Open,
    Close,
    Comma,
}

/// Whether the server takes a text as a list of standbys.
pub(super) fn is_valid(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    tokens(text).is_some_and(|tokens| is_configuration(&tokens))
}

/// `list`, `n (list)`, `FIRST n (list)` or `ANY n (list)`.
fn is_configuration(tokens: &[Token]) -> bool {
    match tokens {
        [Token::Any | Token::First, Token::Number(count), Token::Open, list @ .., Token::Close]
        | [Token::Number(count), Token::Open, list @ .., Token::Close] => *count > 0 && *count <= i32::MAX as u64 && is_list(list),
        list => is_list(list),
    }
}

/// How many standbys must answer before a commit ends, and how many could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Standbys that must answer.
    pub required: u64,
    /// Standbys that are named.
    pub named: u64,
}

/// What a list of standbys asks for. `None` when nothing is waited for, when any standby will do (`*`), and
/// when the server refuses the text.
#[must_use]
pub fn awaited(text: &str) -> Option<Awaited> {
    let tokens = tokens(text).filter(|tokens| is_configuration(tokens))?;
    let (required, list) = match tokens.as_slice() {
        [Token::Any | Token::First, Token::Number(count), Token::Open, list @ .., Token::Close]
        | [Token::Number(count), Token::Open, list @ .., Token::Close] => (*count, list),
        list => (1, list),
    };
    let named = list.iter().filter(|token| **token != Token::Comma).count() as u64;
    (!list.contains(&Token::Every)).then_some(Awaited { required, named })
}

fn is_list(tokens: &[Token]) -> bool {
    let is_name = |token: &Token| matches!(token, Token::Name | Token::Every | Token::Number(_));
    tokens.len() % 2 == 1
        && tokens.iter().enumerate().all(|(index, token)| if index % 2 == 0 { is_name(token) } else { *token == Token::Comma })
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let token = match character {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{b}' => continue,
            ',' => Token::Comma,
            '(' => Token::Open,
            ')' => Token::Close,
            '*' => Token::Every,
            '"' => quoted(&mut characters)?,
            c if c.is_ascii_digit() => {
                let end = skip(&mut characters, text.len(), |c| c.is_ascii_digit());
                Token::Number(text.get(start..end)?.parse().unwrap_or(u64::MAX))
            }
            c if c.is_ascii_alphabetic() || c == '_' || !c.is_ascii() => {
                let end = skip(&mut characters, text.len(), |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii());
                match text.get(start..end)?.to_ascii_lowercase().as_str() {
                    "any" => Token::Any,
                    "first" => Token::First,
                    "walreceiver" => Token::Every,
                    _ => Token::Name,
                }
            }
            _ => return None,
        };
        tokens.push(token);
    }
    Some(tokens)
}

fn quoted(characters: &mut Peekable<CharIndices<'_>>) -> Option<Token> {
    loop {
        let (_, character) = characters.next()?;
        if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
            return Some(Token::Name);
        }
    }
}

/// Goes on while `test` holds and tells where it ended.
fn skip(characters: &mut Peekable<CharIndices<'_>>, length: usize, test: fn(char) -> bool) -> usize {
    while characters.next_if(|(_, character)| test(*character)).is_some() {}
    characters.peek().map_or(length, |(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::{Awaited, awaited, is_valid};

    #[test]
    fn the_forms_of_the_manual_are_valid() {
        for valid in ["", "*", "s1", "s1, s2", "2 (s1, s2)", "FIRST 1 (s1)", "any 1(\"a b\",*)", "1", "any1"] {
            assert!(is_valid(valid), "{valid}");
        }
        for invalid in [" ", "s1 s2", "ANY (s1)", "0 (s1)", "s-1", "2 (s1", "s1,", "\"open", "any"] {
            assert!(!is_valid(invalid), "{invalid}");
        }
    }

    #[test]
    fn the_standbys_that_must_answer_are_counted() {
        let asks = |required, named| Some(Awaited { required, named });
        for (text, expected) in [
            ("s1", asks(1, 1)),
            ("s1, s2", asks(1, 2)),
            ("2 (s1, \"s 2\")", asks(2, 2)),
            ("ANY 1 (s1, s2)", asks(1, 2)),
            ("first 3 (s1, s2)", asks(3, 2)),
            ("", None),
            ("*", None),
            ("2 (s1, *)", None),
            ("walreceiver", None),
            ("2 (s1", None),
        ] {
            assert_eq!(awaited(text), expected, "{text}");
        }
    }
}
