//! Words: quotes, escapes, parameters, and commands that stand in for text.

use super::reader::{Reader, ends_word};
use super::tree::{FaultKind, Parameter, Part, Word};

impl Reader<'_> {
    /// A word; empty where none is.
    pub(super) fn word(&mut self) -> Word {
        let start = self.at;
        let mut parts = Vec::new();
        while let Some(next) = self.peek() {
            if matches!(next, '<' | '>') && self.at == start && self.rest().get(1..2) == Some("(") {
                self.at += 1;
                let part = self.command_substitution(start);
                parts.push(part);
            } else if ends_word(next) {
                break;
            } else {
                self.part(&mut parts);
            }
        }
        Word { parts, place: start..self.at }
    }

    fn part(&mut self, parts: &mut Vec<Part>) {
        match self.peek() {
            Some('\'') => {
                let part = self.single_quoted();
                parts.push(part);
            }
            Some('"') => {
                let part = self.nested(|reader| Some(reader.double_quoted()));
                parts.extend(part);
            }
            Some('\\') => {
                self.at += 1;
                match self.advance() {
                    Some('\n') | None => {}
                    Some(escaped) => push(parts, escaped),
                }
            }
            Some('$' | '`') => self.expansion(parts, false),
            Some(_) => {
                if let Some(next) = self.advance() {
                    push(parts, next);
                }
            }
            None => {}
        }
    }

    fn single_quoted(&mut self) -> Part {
        self.at += 1;
        let rest = self.rest();
        let inside = if let Some(end) = rest.find('\'') {
            self.at += end + 1;
            rest.get(..end).unwrap_or("")
        } else {
            self.fault(FaultKind::Unclosed);
            self.at = self.end;
            rest
        };
        Part::SingleQuoted(inside.to_owned())
    }

    fn double_quoted(&mut self) -> Part {
        self.at += 1;
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                None => {
                    self.fault(FaultKind::Unclosed);
                    break;
                }
                Some('"') => {
                    self.at += 1;
                    break;
                }
                Some('\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some('\n') => self.at += 1,
                        Some(escaped @ ('$' | '`' | '"' | '\\')) => {
                            self.at += 1;
                            push(&mut parts, escaped);
                        }
                        _ => push(&mut parts, '\\'),
                    }
                }
                Some('$' | '`') => self.expansion(&mut parts, true),
                Some(next) => {
                    self.at += next.len_utf8();
                    push(&mut parts, next);
                }
            }
        }
        Part::DoubleQuoted(parts)
    }

    /// `$…` or backquotes.
    fn expansion(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        let start = self.at;
        if self.starts("`") {
            let part = self.nested(|reader| Some(reader.backquoted(start)));
            parts.extend(part);
        } else if self.starts("$((") && arithmetic_end(self.rest()).is_some() {
            self.at += arithmetic_end(self.rest()).unwrap_or(1);
            parts.push(Part::Arithmetic { written: self.since(start).to_owned() });
        } else if self.starts("$(") {
            self.at += 1;
            let part = self.command_substitution(start);
            parts.push(part);
        } else if self.starts("${") {
            parts.push(self.braced(quoted));
        } else {
            self.at += 1;
            let rest = self.rest();
            let named = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = match rest.chars().next() {
                Some(c) if c.is_ascii_alphabetic() || c == '_' => named,
                Some(c) if c.is_ascii_digit() || "@*#?-$!".contains(c) => 1,
                _ => {
                    push(parts, '$');
                    return;
                }
            };
            let name = rest.get(..length).unwrap_or("").to_owned();
            self.at += length;
            parts.push(Part::Parameter(Parameter { name, modifier: String::new(), written: self.since(start).to_owned() }));
        }
    }

    /// `( … )`, of which `start` is the first character before the bracket.
    fn command_substitution(&mut self, start: usize) -> Part {
        self.at += 1;
        let list = self.nested(Self::list);
        if !self.take(")") {
            self.fault(FaultKind::Unclosed);
        }
        Part::Command { list, written: self.since(start).to_owned() }
    }

    fn backquoted(&mut self, start: usize) -> Part {
        self.at += 1;
        let rest = self.rest();
        let closing = closing_backquote(rest);
        let whole = self.end;
        self.end = closing.map_or(whole, |at| self.at + at);
        let list = self.list();
        self.at = self.end;
        self.end = whole;
        if closing.is_some() {
            self.at += 1;
        } else {
            self.fault(FaultKind::Unclosed);
        }
        Part::Command { list, written: self.since(start).to_owned() }
    }

    /// `${ … }`; within double quotes, an apostrophe is one.
    fn braced(&mut self, quoted: bool) -> Part {
        let start = self.at;
        self.at += 2;
        let inside = self.at;
        let mut depth = 1_usize;
        let mut quote = None;
        while let Some(next) = self.advance() {
            match (next, quote) {
                ('\\', None | Some('"')) => _ = self.advance(),
                ('"', None) => quote = Some(next),
                ('\'', None) if !quoted => quote = Some(next),
                (c, Some(open)) if c == open => quote = None,
                ('{', None) => depth += 1,
                ('}', None) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        if depth > 0 {
            self.fault(FaultKind::Unclosed);
        }
        let content = self.since(inside);
        let content = if depth == 0 { content.strip_suffix('}').unwrap_or(content) } else { content };
        let length = match content.chars().next() {
            // `${#name}`, the length.
            Some('#') if content.len() > 1 => 0,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                content.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(content.len())
            }
            Some(c) if c.is_ascii_digit() => content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len()),
            Some(c) => c.len_utf8(),
            None => 0,
        };
        let (name, modifier) = content.split_at(length);
        Part::Parameter(Parameter { name: name.to_owned(), modifier: modifier.to_owned(), written: self.since(start).to_owned() })
    }
}

/// The length of `$(( … ))`, if the text begins with one.
fn arithmetic_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 1 {
                    return text.get(at + 1..)?.starts_with(')').then_some(at + 2);
                }
            }
            '\n' | ';' => return None,
            _ => {}
        }
    }
    None
}

fn closing_backquote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == '`' && !escaped {
            return Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn push(parts: &mut Vec<Part>, c: char) {
    if let Some(Part::Literal(literal)) = parts.last_mut() {
        literal.push(c);
    } else {
        parts.push(Part::Literal(c.to_string()));
    }
}
