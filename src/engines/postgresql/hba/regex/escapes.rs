//! Backslash escapes of the server's regular expressions.

use super::{Parser, refuse};

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
    pub(super) fn escape(&mut self) -> Result<Escape, String> {
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
}
