//! Compound commands: groups, conditions, loops, `case`, functions.

use super::reader::Reader;
use super::tree::{Arm, Branch, Commands, FaultKind, List, Word};

impl Reader<'_> {
    /// A compound command, if one is next.
    pub(super) fn compound(&mut self) -> Option<Commands> {
        if self.starts("((") && self.arithmetic(&[';', '\n', '|']) {
            return Some(Commands::Arithmetic);
        }
        if self.take("(") {
            let list = self.nested(Self::list);
            self.expect(")");
            return Some(Commands::Subshell(list));
        }
        let kind = match () {
            () if self.keyword("{") => {
                let list = self.nested(Self::list);
                self.expect_keyword("}");
                Commands::Group(list)
            }
            () if self.keyword("if") => self.condition(),
            () if self.keyword("while") => self.repetition(false),
            () if self.keyword("until") => self.repetition(true),
            () if self.keyword("for") || self.keyword("select") => self.iteration(),
            () if self.keyword("case") => self.choice(),
            () if self.keyword("[[") => Commands::Test(self.test_words()),
            () if self.keyword("function") => return self.function(),
            () => return None,
        };
        Some(kind)
    }

    fn expect(&mut self, text: &str) {
        self.skip_lines();
        if !self.take(text) {
            self.fault(FaultKind::Unclosed);
        }
    }

    fn expect_keyword(&mut self, word: &str) {
        self.skip_lines();
        if !self.keyword(word) {
            self.fault(FaultKind::Unclosed);
        }
    }

    /// `(( … ))`, if it is closed that way, and without these within: a subshell in a subshell begins alike.
    fn arithmetic(&mut self, without: &[char]) -> bool {
        let length = self.rest().find("))").filter(|end| self.rest().get(..*end).is_some_and(|inside| !inside.contains(without)));
        if let Some(length) = length {
            self.at += length + 2;
        }
        length.is_some()
    }

    fn condition(&mut self) -> Commands {
        let mut branches = vec![self.branch("then")];
        let mut otherwise = None;
        loop {
            self.skip_lines();
            if self.keyword("elif") {
                let branch = self.branch("then");
                branches.push(branch);
            } else if self.keyword("else") {
                otherwise = Some(self.nested(Self::list));
                self.expect_keyword("fi");
                break;
            } else {
                self.expect_keyword("fi");
                break;
            }
        }
        Commands::If { branches, otherwise }
    }

    /// A condition, a keyword, and what follows it.
    fn branch(&mut self, keyword: &str) -> Branch {
        let condition = self.nested(Self::list);
        self.expect_keyword(keyword);
        Branch { condition, body: self.nested(Self::list) }
    }

    fn repetition(&mut self, until: bool) -> Commands {
        let branch = self.branch("do");
        self.expect_keyword("done");
        Commands::While { until, branch }
    }

    fn iteration(&mut self) -> Commands {
        self.skip_blanks();
        let arithmetic = self.starts("((") && self.arithmetic(&['\n']);
        let name = if arithmetic { String::new() } else { self.word().text() };
        self.skip_lines();
        let words = self.keyword("in").then(|| self.words_of_line());
        self.skip_blanks();
        self.take(";");
        self.expect_keyword("do");
        let body = self.nested(Self::list);
        self.expect_keyword("done");
        Commands::For { name, words: if arithmetic { Some(Vec::new()) } else { words }, body }
    }

    fn words_of_line(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            let word = self.word();
            if word.place.is_empty() {
                return words;
            }
            words.push(word);
        }
    }

    fn choice(&mut self) -> Commands {
        self.skip_blanks();
        let subject = self.word();
        self.expect_keyword("in");
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.keyword("esac") {
                break;
            }
            let before = self.at;
            self.take("(");
            let patterns = self.patterns();
            let body = self.nested(Self::list);
            arms.push(Arm { patterns, body });
            let ended = self.take(";;&") || self.take(";;") || self.take(";&");
            if self.at == before || !ended && self.reserved() != Some("esac") {
                self.fault(FaultKind::Unclosed);
                break;
            }
        }
        Commands::Case { subject, arms }
    }

    fn patterns(&mut self) -> Vec<Word> {
        let mut patterns = Vec::new();
        loop {
            self.skip_lines();
            let word = self.word();
            if !word.place.is_empty() {
                patterns.push(word);
            }
            self.skip_blanks();
            if !self.take("|") {
                break;
            }
        }
        self.expect(")");
        patterns
    }

    /// What is between `[[` and `]]`, operators as words.
    fn test_words(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        loop {
            self.skip_lines();
            if self.keyword("]]") {
                break;
            }
            let start = self.at;
            let word = self.word();
            if !word.place.is_empty() {
                words.push(word);
                continue;
            }
            let Some(operator) = self.advance() else {
                self.fault(FaultKind::Unclosed);
                break;
            };
            let part = super::tree::Part::Literal(operator.to_string());
            words.push(Word { parts: vec![part], place: start..self.at });
        }
        words
    }

    fn function(&mut self) -> Option<Commands> {
        self.skip_blanks();
        let name = self.word().text();
        self.skip_blanks();
        if self.take("(") {
            self.expect(")");
        }
        let body = self.body_of_function();
        if body.is_none() {
            self.fault(FaultKind::Unclosed);
        }
        Some(Commands::Function { name, body: Box::new(body?) })
    }
}

impl Commands {
    /// The lists within a command, in their order.
    #[must_use]
    pub fn lists(&self) -> Vec<&List> {
        match self {
            Self::Group(list) | Self::Subshell(list) | Self::For { body: list, .. } => vec![list],
            Self::If { branches, otherwise } => {
                branches.iter().flat_map(|branch| [&branch.condition, &branch.body]).chain(otherwise).collect()
            }
            Self::While { branch, .. } => vec![&branch.condition, &branch.body],
            Self::Case { arms, .. } => arms.iter().map(|arm| &arm.body).collect(),
            Self::Simple(_) | Self::Function { .. } | Self::Test(_) | Self::Arithmetic => Vec::new(),
        }
    }
}
