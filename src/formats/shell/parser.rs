//! Lists, pipelines, simple commands and redirections.

use super::programs::assigned_name;
use super::reader::Reader;
use super::tree::{AndOr, Assignment, Command, Commands, FaultKind, Item, Link, Linked, List, Pipeline, Redirection, Simple, Word};

/// Operators of redirections; of two that begin alike the longer comes first.
const REDIRECTIONS: &[&str] = &["&>>", "&>", "<<<", "<<-", "<<", "<>", "<&", "<", ">>", ">|", ">&", ">"];

impl Reader<'_> {
    /// Commands up to the end, a closing bracket, or a keyword that closes something.
    pub(super) fn list(&mut self) -> List {
        let mut items = Vec::new();
        loop {
            self.skip_lines();
            if self.take_stray_separator() {
                continue;
            }
            if self.peek().is_none_or(|next| next == ')') || self.starts(";;") || self.reserved().is_some() {
                break;
            }
            let before = self.at;
            let Some(and_or) = self.and_or() else { break };
            self.skip_blanks();
            let background = !self.starts("&&") && self.take("&");
            if !background && !self.starts(";;") {
                self.take(";");
            }
            items.push(Item { and_or, background });
            if self.at == before {
                break;
            }
        }
        List { items }
    }

    /// `;`, `|` or `&` where a command is expected: no shell takes it, and what follows is read all the same.
    fn take_stray_separator(&mut self) -> bool {
        let stray = [";", "&", "|"].into_iter().any(|separator| self.starts(separator)) && !self.starts(";;") && !self.starts("&>");
        if stray {
            self.fault(FaultKind::Unexpected);
            self.at += 1;
        }
        stray
    }

    fn and_or(&mut self) -> Option<AndOr> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let link = match () {
                () if self.take("&&") => Link::And,
                () if self.take("||") => Link::Or,
                () => break,
            };
            self.skip_lines();
            let Some(pipeline) = self.pipeline() else {
                self.fault(FaultKind::Unexpected);
                break;
            };
            rest.push(Linked { link, pipeline });
        }
        Some(AndOr { first, rest })
    }

    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.at;
        let mut negated = false;
        while self.keyword("!") {
            negated = !negated;
            self.skip_blanks();
        }
        let mut stages = vec![self.command()?];
        let mut end = self.at;
        loop {
            self.skip_blanks();
            if self.starts("||") || !self.take("|") {
                break;
            }
            self.take("&");
            self.skip_lines();
            let Some(stage) = self.command() else {
                self.fault(FaultKind::Unexpected);
                break;
            };
            stages.push(stage);
            end = self.at;
        }
        Some(Pipeline { negated, stages, place: start..end })
    }

    fn command(&mut self) -> Option<Command> {
        if !self.count() {
            return None;
        }
        let start = self.at;
        let kind = self.compound();
        if let Some(kind) = kind {
            let mut redirections = Vec::new();
            let mut end = self.at;
            while let Some(redirection) = self.redirection() {
                redirections.push(redirection);
                end = self.at;
            }
            return Some(Command { kind, redirections, place: start..end });
        }
        let (simple, redirections, end) = self.simple();
        if end == start {
            return None;
        }
        if let Some(body) = self.function_body(&simple) {
            let name = simple.words.first().map(Word::text).unwrap_or_default();
            let place = start..body.place.end;
            return Some(Command { kind: Commands::Function { name, body: Box::new(body) }, redirections, place });
        }
        Some(Command { kind: Commands::Simple(simple), redirections, place: start..end })
    }

    /// The body of `name() …`, of which the name was read.
    fn function_body(&mut self, simple: &Simple) -> Option<Command> {
        let [_] = simple.words.as_slice() else { return None };
        if !self.take("(") {
            return None;
        }
        self.skip_blanks();
        if !self.take(")") {
            self.fault(FaultKind::Unexpected);
        }
        self.body_of_function()
    }

    /// What a function runs.
    pub(super) fn body_of_function(&mut self) -> Option<Command> {
        self.skip_lines();
        self.nested(Self::command)
    }

    /// Assignments, words and redirections in any order, and where the last of them ends.
    fn simple(&mut self) -> (Simple, Vec<Redirection>, usize) {
        let (mut simple, mut redirections, mut end) = (Simple::default(), Vec::new(), self.at);
        loop {
            if let Some(redirection) = self.redirection() {
                redirections.push(redirection);
            } else {
                self.skip_blanks();
                let word = self.word();
                if word.place.is_empty() {
                    break;
                }
                self.add_word(&mut simple, word);
            }
            end = self.at;
        }
        (simple, redirections, end)
    }

    fn add_word(&mut self, simple: &mut Simple, word: Word) {
        let written = self.text.get(word.place.clone()).unwrap_or("");
        let name = assigned_name(written).filter(|_| simple.words.is_empty()).map(str::to_owned);
        let Some(name) = name else {
            simple.words.push(word);
            return;
        };
        let mut value = self.value_of(&word);
        if value.place.is_empty() && self.starts("(") {
            self.array();
            value.place.end = self.at;
        }
        simple.assignments.push(Assignment { name, word, value });
    }

    /// What follows `=`.
    fn value_of(&mut self, word: &Word) -> Word {
        let written = self.text.get(word.place.clone()).unwrap_or("");
        let after = word.place.start + written.find('=').map_or(written.len(), |at| at + 1);
        let (at, end) = (self.at, self.end);
        (self.at, self.end) = (after, word.place.end);
        let value = self.nested(|reader| reader.word());
        (self.at, self.end) = (at, end);
        value
    }

    /// `( … )` behind `NAME=`, as bash has it.
    fn array(&mut self) {
        self.at += 1;
        loop {
            self.skip_lines();
            if self.take(")") {
                break;
            }
            if self.word().place.is_empty() {
                self.fault(FaultKind::Unclosed);
                break;
            }
        }
    }

    /// A redirection, if one is next.
    pub(super) fn redirection(&mut self) -> Option<Redirection> {
        self.skip_blanks();
        let rest = self.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let operator = REDIRECTIONS.iter().find(|operator| rest.get(digits..).is_some_and(|rest| rest.starts_with(**operator)))?;
        let process = rest.get(digits..).is_some_and(|rest| rest.starts_with("<(") || rest.starts_with(">("));
        if process || digits > 0 && operator.starts_with('&') {
            return None;
        }
        let descriptor = rest.get(..digits).and_then(|number| number.parse().ok());
        self.at += digits + operator.len();
        self.skip_blanks();
        let target = self.word();
        if target.place.is_empty() {
            self.fault(FaultKind::Unexpected);
        }
        if matches!(*operator, "<<" | "<<-") {
            self.expect_here_document(target.text(), *operator == "<<-");
        }
        Some(Redirection { descriptor, operator, target })
    }
}
