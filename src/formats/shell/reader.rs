//! The cursor: where in the text reading is, blanks, comments, operators, here-documents.

use super::tree::{Fault, FaultKind, Script};

/// Deepest nesting that is read.
const DEEPEST: usize = 50;

/// Most commands that are read of one text.
const MOST_COMMANDS: usize = 20_000;

/// Most here-documents that may wait for the end of a line.
const MOST_HERE_DOCUMENTS: usize = 16;

/// What is being read.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Where reading ends: of backquotes, before the second.
    pub(super) end: usize,
    depth: usize,
    commands: usize,
    here: Vec<HereDocument>,
    fault: Option<Fault>,
}

/// A here-document whose text begins with the next line.
struct HereDocument {
    end: String,
    /// Whether tabs before the end are taken off.
    tabs: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, end: text.len(), depth: 0, commands: 0, here: Vec::new(), fault: None }
    }

    pub(super) fn script(mut self) -> Script {
        let mut list = self.list();
        while self.at < self.end && !self.is_full() {
            // A bracket or keyword that nothing opened: what follows may be read all the same.
            self.fault(FaultKind::Unexpected);
            if self.reserved().is_some() {
                self.bare_word();
            } else {
                self.advance();
            }
            list.items.append(&mut self.list().items);
        }
        Script { list, fault: self.fault }
    }

    /// Notes the first fault.
    pub(super) fn fault(&mut self, kind: FaultKind) {
        let at = self.at;
        self.fault.get_or_insert(Fault { kind, at });
    }

    /// Goes one level deeper, unless it is too deep: then all of the rest is left out.
    pub(super) fn nested<T: Default>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEEPEST {
            self.give_up();
            return T::default();
        }
        self.depth += 1;
        let made = read(self);
        self.depth -= 1;
        made
    }

    /// Counts a command; whether there is room for it.
    pub(super) fn count(&mut self) -> bool {
        self.commands += 1;
        if self.commands > MOST_COMMANDS {
            self.give_up();
        }
        !self.is_full()
    }

    fn give_up(&mut self) {
        self.fault(FaultKind::TooLarge);
        self.commands = MOST_COMMANDS + 1;
        self.at = self.end;
    }

    fn is_full(&self) -> bool {
        self.commands > MOST_COMMANDS
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    /// Takes a text if it is next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.starts(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Takes one character.
    pub(super) fn advance(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or("")
    }

    /// Blanks, continued lines, and a comment.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            if !(self.take(" ") || self.take("\t") || self.take("\r") || self.take("\\\n") || self.take("\\\r\n")) {
                break;
            }
        }
        if self.starts("#") {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    /// The end of a line, with the here-documents that begin there.
    pub(super) fn newline(&mut self) -> bool {
        let found = self.take("\n");
        if found {
            self.skip_here_documents();
        }
        found
    }

    /// Blanks, comments and ends of lines.
    pub(super) fn skip_lines(&mut self) {
        self.skip_blanks();
        while self.newline() {
            self.skip_blanks();
        }
    }

    pub(super) fn expect_here_document(&mut self, end: String, tabs: bool) {
        if self.here.len() < MOST_HERE_DOCUMENTS {
            self.here.push(HereDocument { end, tabs });
        }
    }

    fn skip_here_documents(&mut self) {
        for document in std::mem::take(&mut self.here) {
            loop {
                let rest = self.rest();
                if rest.is_empty() {
                    break;
                }
                let line = rest.split('\n').next().unwrap_or("");
                self.at = (self.at + line.len() + 1).min(self.end);
                let line = line.strip_suffix('\r').unwrap_or(line);
                if (if document.tabs { line.trim_start_matches('\t') } else { line }) == document.end {
                    break;
                }
            }
        }
    }

    /// The next word as it is written, if no quote or expansion is in it. Nothing is taken.
    fn next_bare(&self) -> &'t str {
        let rest = self.rest();
        rest.get(..rest.find(ends_word).unwrap_or(rest.len())).unwrap_or("")
    }

    /// Takes the next word as it is written.
    pub(super) fn bare_word(&mut self) -> &'t str {
        let word = self.next_bare();
        self.at += word.len();
        word
    }

    /// The keyword that is next and ends a list: nothing is taken.
    pub(super) fn reserved(&self) -> Option<&'t str> {
        const CLOSING: &[&str] = &["then", "else", "elif", "fi", "do", "done", "esac", "}"];
        Some(self.next_bare()).filter(|word| CLOSING.contains(word))
    }

    /// Takes a keyword if it is next.
    pub(super) fn keyword(&mut self, word: &str) -> bool {
        let found = self.next_bare() == word;
        if found {
            self.at += word.len();
        }
        found
    }
}

/// Whether a character cannot be part of a word without a quote.
pub(super) fn ends_word(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '(' | ')' | '<' | '>')
}
