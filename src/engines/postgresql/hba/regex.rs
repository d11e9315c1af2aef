//! Whether PostgreSQL would compile a regular expression, and whether it matches whole names only.
//!
//! This follows the lexer and parser of the server's "advanced" expressions (`regc_lex.c`,
//! `regcomp.c`), which are neither those of Perl nor those of Rust. Everything that the server takes
//! is taken; of what it refuses, only oversized expressions and unknown collating elements are let pass.

use std::collections::BTreeSet;

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

/// What an escape stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// A character, by its code.
    Character(u32),
    Class,
    Constraint,
    Reference(u32),
}

impl Parser<'_> {
    fn escape(&mut self) -> Result<Escape, String> {
        let Some(character) = self.next() else { return refuse("a backslash at the end") };
        match character {
            'a' => Ok(Escape::Character(7)),
            'b' => Ok(Escape::Character(8)),
            'B' => Ok(Escape::Character(u32::from('\\'))),
            'e' => Ok(Escape::Character(27)),
            't' | 'n' | 'v' | 'f' | 'r' => {
                Ok(Escape::Character("tnvfr".find(character).map_or(0, |at| 9 + u32::try_from(at).unwrap_or(0))))
            }
            'A' | 'm' | 'M' | 'y' | 'Y' | 'Z' => Ok(Escape::Constraint),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(Escape::Class),
            'c' => self.next().map(|control| Escape::Character(u32::from(control) & 0x1f)).ok_or_else(|| "`\\c` at the end".to_owned()),
            'u' => self.digits(16, 4, 4),
            'U' => self.digits(16, 8, 8),
            'x' => self.digits(16, 1, 255),
            '0'..='9' => self.number(character),
            other if other.is_ascii_alphabetic() => refuse("invalid escape \\ sequence"),
            other => Ok(Escape::Character(u32::from(other))),
        }
    }

    fn digits(&mut self, base: u32, least: usize, most: usize) -> Result<Escape, String> {
        let mut value = 0u32;
        let mut length = 0;
        while let Some(digit) = self.peek().filter(|_| length < most).and_then(|character| character.to_digit(base)) {
            value = value.wrapping_mul(base).wrapping_add(digit);
            length += 1;
            self.at += 1;
        }
        // The largest character code that the server knows, CHR_MAX.
        if length < least || value > 0x7fff_fffe { refuse("invalid escape \\ sequence") } else { Ok(Escape::Character(value)) }
    }

    /// A reference to a group, or a character in octal: one digit, or no more than the groups so far, is a reference.
    fn number(&mut self, first: char) -> Result<Escape, String> {
        let start = self.at - 1;
        if first != '0' {
            let mut value = first.to_digit(10).unwrap_or(0);
            while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
                value = value.saturating_mul(10).saturating_add(digit);
                self.at += 1;
            }
            if self.at == start + 1 || value <= self.opened {
                return Ok(Escape::Reference(value));
            }
        }
        self.at = start;
        let octal = |parser: &Self| parser.peek().and_then(|character| character.to_digit(8));
        let mut value = 0;
        let mut length = 0;
        while let Some(digit) = octal(self).filter(|digit| length < 3 && value * 8 + digit <= 0xff) {
            value = value * 8 + digit;
            length += 1;
            self.at += 1;
        }
        if length == 0 { refuse("invalid escape \\ sequence") } else { Ok(Escape::Character(value)) }
    }

    /// `[…]`, with ranges, classes and collating elements.
    fn bracket(&mut self) -> Result<bool, String> {
        for word_edge in ["[:<:]]", "[:>:]]"] {
            if self.starts_with(word_edge) {
                self.at += word_edge.len();
                return Ok(false);
            }
        }
        self.eat('^');
        let mut first = true;
        loop {
            match self.element(first)? {
                Element::End => return Ok(true),
                Element::Dash => return refuse("invalid character range"),
                Element::Class => {}
                Element::Point(start) => self.range_from(start)?,
            }
            first = false;
        }
    }

    fn range_from(&mut self, start: Option<u32>) -> Checked {
        if self.peek() != Some('-') || self.peek_at(1) == Some(']') {
            return Ok(());
        }
        self.at += 1;
        match self.element(false)? {
            Element::Point(end) => match (start, end) {
                (Some(start), Some(end)) if end < start && start < 0x80 => refuse("invalid character range"),
                _ => Ok(()),
            },
            Element::Dash => match start {
                Some(start) if (u32::from('-')..0x80).contains(&start) && start != u32::from('-') => refuse("invalid character range"),
                _ => Ok(()),
            },
            Element::End | Element::Class => refuse("invalid character range"),
        }
    }

    fn element(&mut self, first: bool) -> Result<Element, String> {
        const UNBALANCED: &str = "brackets [] not balanced";
        let Some(character) = self.next() else { return refuse(UNBALANCED) };
        match character {
            ']' if !first => Ok(Element::End),
            '-' if !first && self.peek() != Some(']') => Ok(Element::Dash),
            '[' => match self.peek() {
                None => refuse(UNBALANCED),
                Some(kind @ ('.' | '=' | ':')) => {
                    self.at += 1;
                    self.named(kind)
                }
                Some(_) => Ok(Element::Point(Some(u32::from('[')))),
            },
            '\\' => match self.escape()? {
                Escape::Character(code) => Ok(Element::Point(Some(code))),
                Escape::Class => Ok(Element::Class),
                Escape::Constraint | Escape::Reference(_) => refuse("invalid escape \\ sequence"),
            },
            other => Ok(Element::Point(Some(u32::from(other)))),
        }
    }

    /// What stands in `[.…​.]`, `[=…=]` or `[:…:]`; the opening is read already.
    fn named(&mut self, kind: char) -> Result<Element, String> {
        const CLASSES: [&str; 14] =
            ["alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit", "word"];
        let start = self.at;
        while !(self.peek() == Some(kind) && self.peek_at(1) == Some(']')) {
            if self.next().is_none() {
                return refuse("brackets [] not balanced");
            }
        }
        let name: String = self.characters.get(start..self.at).unwrap_or_default().iter().collect();
        self.at += 2;
        match kind {
            ':' if !CLASSES.contains(&name.as_str()) => refuse("invalid character class"),
            _ if name.is_empty() => refuse("invalid collating element"),
            '.' => Ok(Element::Point(None)),
            _ => Ok(Element::Class),
        }
    }
}

/// One part of a bracket expression.
enum Element {
    End,
    Dash,
    Class,
    /// A character by its code, when it is known which.
    Point(Option<u32>),
}
