//! The commands of a script one after the other: which programs it runs, with which arguments.
//!
//! What `sh -c '…'` and `$( … )` run follows the command that they are part of.

use std::ops::Range;

use super::programs::{is_assignment, is_shell, is_wrapper};
use super::reader::Reader;
use super::tree::{Command, Commands, List, Part, Pipeline, Simple, Word};
use crate::text::path::name_of;

/// Most commands that are listed of one text.
const MOST_COMMANDS: usize = 20_000;

/// Deepest nesting of `sh -c '…'` that is followed.
const DEEPEST: usize = 4;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellWord {
    /// The word without its quotes and escapes.
    pub text: String,
    /// Bytes of the given text, quotes included.
    pub range: Range<usize>,
    /// Whether a single-quoted part, whose inside no shell expands, is all of it.
    pub single_quoted: bool,
}

/// One simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellCommand {
    /// Program and arguments; assignments before the program come first (`PGPASSWORD=x pg_dump`).
    pub words: Vec<ShellWord>,
    /// Keywords before it, such as `while` or `do`.
    pub keywords: Vec<String>,
    /// Whether its output goes into a pipe.
    pub piped: bool,
}

impl ShellCommand {
    /// The words from the program on, without assignments and wrappers (`exec`, `sudo`, `nice`, `env`).
    #[must_use]
    pub fn program_words(&self) -> &[ShellWord] {
        let at = self.words.iter().position(|word| !is_assignment(&word.text) && !is_wrapper(&word.text)).unwrap_or(self.words.len());
        self.words.get(at..).unwrap_or(&[])
    }

    /// The program without its folders: `/usr/bin/pg_dump` → `pg_dump`.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.program_words().first().map(|word| name_of(&word.text))
    }
}

/// The commands of a script, in order; those of `sh -c '…'` follow the command that runs them.
#[must_use]
pub fn commands(text: &str) -> Vec<ShellCommand> {
    let mut all = Vec::new();
    read(text, 0, 0, &mut all);
    all
}

fn read(text: &str, base: usize, depth: usize, all: &mut Vec<ShellCommand>) {
    let script = Reader::new(text).script();
    Listing { text, base, depth, keywords: Vec::new(), all }.list(&script.list);
}

struct Listing<'t, 'a> {
    text: &'t str,
    base: usize,
    depth: usize,
    /// Those that the next command has before it.
    keywords: Vec<String>,
    all: &'a mut Vec<ShellCommand>,
}

impl Listing<'_, '_> {
    fn list(&mut self, list: &List) {
        for item in &list.items {
            self.pipeline(&item.and_or.first);
            item.and_or.rest.iter().for_each(|linked| self.pipeline(&linked.pipeline));
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        if pipeline.negated {
            self.keyword("!");
        }
        let last = pipeline.stages.len().saturating_sub(1);
        pipeline.stages.iter().enumerate().for_each(|(at, stage)| self.command(stage, at < last));
    }

    fn keyword(&mut self, word: &str) {
        self.keywords.push(word.to_owned());
    }

    fn command(&mut self, command: &Command, piped: bool) {
        match &command.kind {
            Commands::Simple(simple) => self.simple(simple, piped),
            Commands::Test(words) => {
                let start = command.place.start;
                let opening = Word { parts: vec![Part::Literal("[[".to_owned())], place: start..start + "[[".len() };
                self.add(std::iter::once(&opening).chain(words), piped);
            }
            Commands::Function { body, .. } => self.command(body, false),
            Commands::While { until, branch } => {
                self.keyword(if *until { "until" } else { "while" });
                self.list(&branch.condition);
                self.keyword("do");
                self.list(&branch.body);
            }
            Commands::If { branches, otherwise } => {
                for (at, branch) in branches.iter().enumerate() {
                    self.keyword(if at == 0 { "if" } else { "elif" });
                    self.list(&branch.condition);
                    self.keyword("then");
                    self.list(&branch.body);
                }
                if let Some(otherwise) = otherwise {
                    self.keyword("else");
                    self.list(otherwise);
                }
            }
            other => other.lists().into_iter().for_each(|list| self.list(list)),
        }
        let targets = command.redirections.iter().map(|redirection| &redirection.target);
        self.substitutions(targets);
    }

    fn simple(&mut self, simple: &Simple, piped: bool) {
        let words = || simple.assignments.iter().map(|assignment| &assignment.word).chain(&simple.words);
        self.add(words(), piped);
        self.substitutions(words());
    }

    fn add<'w>(&mut self, words: impl Iterator<Item = &'w Word>, piped: bool) {
        let words: Vec<ShellWord> = words.map(|word| self.word(word)).collect();
        if words.is_empty() || self.all.len() >= MOST_COMMANDS {
            return;
        }
        let command = ShellCommand { words, keywords: std::mem::take(&mut self.keywords), piped };
        let inner = inner_script(&command).map(|word| word.range.clone());
        self.all.push(command);
        if let Some(range) = inner.filter(|_| self.depth < DEEPEST) {
            // The inside of the quotes: what stands there is a script of its own.
            let slice = self.text.get(range.start - self.base..range.end - self.base).unwrap_or("");
            if let Some(quote) = slice.chars().next().filter(|c| matches!(c, '\'' | '"')) {
                let inside = slice.get(1..).map_or("", |rest| rest.strip_suffix(quote).unwrap_or(rest));
                read(inside, range.start + 1, self.depth + 1, self.all);
            }
        }
    }

    fn substitutions<'w>(&mut self, words: impl Iterator<Item = &'w Word>) {
        words.flat_map(Word::substitutions).for_each(|list| self.list(list));
    }

    fn word(&self, word: &Word) -> ShellWord {
        let range = self.base + word.place.start..self.base + word.place.end;
        ShellWord { text: word.text(), range, single_quoted: matches!(word.parts.as_slice(), [Part::SingleQuoted(_)]) }
    }
}

/// The script of `sh -c script`.
fn inner_script(command: &ShellCommand) -> Option<&ShellWord> {
    let words = command.program_words();
    let at = words.iter().position(|word| is_shell(&word.text))?;
    let rest = words.get(at + 1..)?;
    let flag = rest.iter().position(|word| word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c'))?;
    rest.get(flag + 1)
}
