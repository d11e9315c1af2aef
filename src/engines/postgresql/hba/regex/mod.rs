//! Whether PostgreSQL would compile a regular expression, and whether it matches whole names only.
//!
//! This follows the lexer and parser of the server's "advanced" expressions (`regc_lex.c`,
//! `regcomp.c`), which are neither those of Perl nor those of Rust. Everything that the server takes
//! is taken; of what it refuses, only oversized expressions and unknown collating elements are let pass.

mod brackets;
mod escapes;

use std::collections::BTreeSet;

use escapes::Escape;

/// Largest repetition count of the server (`DUPMAX`).
const LARGEST_COUNT: u32 = 255;

/// Why the server refuses an expression, in words, or nothing.
pub(in crate::engines::postgresql) fn check_regex(expression: &str) -> Result<(), String> {
    let characters: Vec<char> = expression.chars().collect();
    let mut parser =
        Parser { characters: &characters, at: 0, expanded: false, groups: Vec::new(), looks: 0, opened: 0, closed: BTreeSet::new() };
    match parser.prefix()? {
        Flavour::Advanced => parser.expression(),
        // A literal, or a flavour that only old programs ask for: not looked into.
        Flavour::Other => Ok(()),
    }
}

enum Flavour {
    Advanced,
    Other,
}

/// What a parenthesis opened.
enum Group {
    /// A group that captures, with its number.
    Capturing(u32),
    Plain,
    Look,
}

struct Parser<'c> {
    characters: &'c [char],
    at: usize,
    /// Blanks and comments are skipped (option `x`).
    expanded: bool,
    groups: Vec<Group>,
    /// How many of them are look-arounds.
    looks: usize,
    /// Capturing groups opened so far.
    opened: u32,
    /// Numbers of the capturing groups that are complete.
    closed: BTreeSet<u32>,
}

type Checked = Result<(), String>;

fn refuse<T>(reason: &str) -> Result<T, String> {
    Err(reason.to_owned())
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn eat(&mut self, character: char) -> bool {
        let there = self.peek() == Some(character);
        self.at += usize::from(there);
        there
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, character)| self.peek_at(ahead) == Some(character))
    }

    /// `***=`, `***:` and embedded options such as `(?i)`.
    fn prefix(&mut self) -> Result<Flavour, String> {
        if self.starts_with("***") && self.characters.len() > 3 {
            match self.peek_at(3) {
                Some('=') => return Ok(Flavour::Other),
                Some(':') => self.at += 4,
                _ => return refuse("`***` must be followed by `:` or `=`"),
            }
        }
        if self.starts_with("(?") && self.peek_at(2).is_some_and(|option| option.is_ascii_alphabetic()) {
            self.at += 2;
            let mut flavour = Flavour::Advanced;
            while let Some(option) = self.peek().filter(char::is_ascii_alphabetic) {
                match option {
                    'b' | 'e' | 'q' => flavour = Flavour::Other,
                    'x' => self.expanded = true,
                    't' => self.expanded = false,
                    'c' | 'i' | 'm' | 'n' | 'p' | 's' | 'w' => {}
                    _ => return refuse("an embedded option that does not exist"),
                }
                self.at += 1;
            }
            if !self.eat(')') {
                return refuse("embedded options are not closed by `)`");
            }
            return Ok(flavour);
        }
        Ok(Flavour::Advanced)
    }

    fn expression(&mut self) -> Checked {
        // Whether what stands before can be repeated.
        let mut atom = false;
        loop {
            self.skip_ignored();
            let Some(character) = self.next() else { break };
            atom = match character {
                '|' | '^' | '$' => false,
                '*' | '+' | '?' if !atom => return refuse("a repetition sign follows nothing that can be repeated"),
                '*' | '+' | '?' => {
                    self.eat('?');
                    false
                }
                '{' => self.brace(atom)?,
                '(' => self.open()?,
                ')' => self.close()?,
                '[' => self.bracket()?,
                '\\' => self.escape_outside()?,
                _ => true,
            };
        }
        if self.groups.is_empty() { Ok(()) } else { refuse("parentheses () not balanced") }
    }

    fn skip_ignored(&mut self) {
        loop {
            if self.starts_with("(?#") {
                while self.next().is_some_and(|character| character != ')') {}
            } else if self.expanded && self.peek().is_some_and(char::is_whitespace) {
                self.at += 1;
            } else if self.expanded && self.peek() == Some('#') {
                while self.peek().is_some_and(|character| character != '\n') {
                    self.at += 1;
                }
            } else {
                return;
            }
        }
    }

    /// `{`: a count when a digit follows, else a character.
    fn brace(&mut self, atom: bool) -> Result<bool, String> {
        if self.expanded {
            self.skip_blanks();
        }
        if !self.peek().is_some_and(|next| next.is_ascii_digit()) {
            return Ok(true);
        }
        if !atom {
            return refuse("a repetition count follows nothing that can be repeated");
        }
        let least = self.count()?;
        let most = if self.eat(',') { self.peek_digit().then(|| self.count()).transpose()? } else { Some(least) };
        if most.is_some_and(|most| least > most) {
            return refuse("a repetition count whose minimum is above its maximum");
        }
        match self.peek_in_count() {
            Some('}') => self.at += 1,
            Some(_) => return refuse("invalid repetition count"),
            None => return refuse("braces {} not balanced"),
        }
        self.eat('?');
        Ok(false)
    }

    fn peek_in_count(&mut self) -> Option<char> {
        if self.expanded {
            self.skip_blanks();
        }
        self.peek()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek_digit(&mut self) -> bool {
        self.peek_in_count().is_some_and(|character| character.is_ascii_digit())
    }

    fn count(&mut self) -> Result<u32, String> {
        let mut number = 0u32;
        while let Some(digit) = self.peek_in_count().and_then(|character| character.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit);
            self.at += 1;
        }
        if number > LARGEST_COUNT { refuse("a repetition count above 255") } else { Ok(number) }
    }

    fn open(&mut self) -> Result<bool, String> {
        let group = if self.eat('?') {
            match (self.next(), self.peek()) {
                (Some(':'), _) => Group::Plain,
                (Some('=' | '!'), _) => Group::Look,
                (Some('<'), Some('=' | '!')) => {
                    self.at += 1;
                    Group::Look
                }
                _ => return refuse("`(?` is followed by nothing that exists"),
            }
        } else if self.looks > 0 {
            // Within a look-around nothing is captured.
            Group::Plain
        } else {
            self.opened += 1;
            Group::Capturing(self.opened)
        };
        self.looks += usize::from(matches!(group, Group::Look));
        self.groups.push(group);
        Ok(false)
    }

    fn close(&mut self) -> Result<bool, String> {
        match self.groups.pop() {
            Some(Group::Capturing(number)) => {
                self.closed.insert(number);
                Ok(true)
            }
            Some(Group::Plain) => Ok(true),
            Some(Group::Look) => {
                self.looks -= 1;
                Ok(false)
            }
            None => refuse("parentheses () not balanced"),
        }
    }

    fn escape_outside(&mut self) -> Result<bool, String> {
        match self.escape()? {
            Escape::Constraint => Ok(false),
            Escape::Character(_) | Escape::Class => Ok(true),
            Escape::Reference(number) => {
                if self.looks > 0 || !self.closed.contains(&number) {
                    return refuse("a reference to a group that does not exist or is not complete");
                }
                Ok(true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged_as_the_server_judges_them() {
        for valid in [
            "",
            "^db\\d+$",
            "a||b",
            "()*",
            "[]a]",
            "[a-]",
            "a{,2}",
            "(?i)a",
            "(?:a)+?",
            "(a)\\1",
            "[[:alpha:]_]+",
            "[[:<:]]a",
            "***=(",
            "a{255}",
            "\\x41",
        ] {
            assert_eq!(check_regex(valid), Ok(()), "{valid}");
        }
        for refused in [
            "*",
            "a**",
            "^*",
            "(",
            ")",
            "[",
            "[b-a]",
            "a{2,1}",
            "a{256}",
            "a{1",
            "\\q",
            "\\",
            "(?z)",
            "[[:foo:]]",
            "\\1",
            "(a\\1)",
            "(?=a)*",
        ] {
            assert!(check_regex(refused).is_err(), "{refused}");
        }
    }
}
