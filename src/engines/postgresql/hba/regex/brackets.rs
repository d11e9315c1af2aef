//! Bracket expressions of the server's regular expressions.

use super::escapes::Escape;
use super::{Checked, Parser, refuse};

impl Parser<'_> {
    /// `[…]`, with ranges, classes and collating elements.
    pub(super) fn bracket(&mut self) -> Result<bool, String> {
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
