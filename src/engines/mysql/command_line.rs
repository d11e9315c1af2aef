//! The server's command line: it counts for more than any file, and says which files are read.

use super::reading::{Line, Step};
use super::secrets::masked;
use crate::formats::shell::is_shell;
use crate::model::{OriginKind, Why, Word};
use crate::text::Span;
use crate::text::path::name_of;

/// Short options, with what they stand for.
const SHORT: [(&str, &str); 6] =
    [("-P", "port"), ("-u", "user"), ("-h", "datadir"), ("-b", "basedir"), ("-t", "tmpdir"), ("-L", "lc_messages_dir")];

/// A command line, taken apart.
#[derive(Debug, Default)]
pub(super) struct CommandLine {
    pub steps: Vec<Step>,
    /// `--no-defaults`.
    pub no_files: bool,
    /// `--defaults-file`: it alone is read.
    pub only: Option<String>,
    /// `--defaults-extra-file`: it is read after the others.
    pub extra: Option<String>,
    /// `--defaults-group-suffix`.
    pub suffix: Option<String>,
}

impl CommandLine {
    /// Takes words apart; the first may be the program itself.
    pub fn parse(words: &[Word]) -> Self {
        let mut line = Self::default();
        let mut rest = words;
        if let [program, after @ ..] = words
            && let Some(text) = program.value.as_deref().filter(|text| !text.starts_with('-'))
        {
            if !is_server(text) {
                line.gap(&format!("`{}` is not the server itself: what it is started with is not known", name_of(text)));
                return line;
            }
            rest = after;
        }
        while let [word, after @ ..] = rest {
            rest = line.word(word, after);
        }
        line
    }

    fn gap(&mut self, why: &str) {
        self.steps.push(Step::Gap(Why::new(why.to_owned())));
    }

    /// Reads one word, and the next where it belongs to it.
    fn word<'w>(&mut self, word: &Word, after: &'w [Word]) -> &'w [Word] {
        let Some(text) = word.value.as_deref() else {
            self.gap("a word of the command line is a variable without a value");
            return after;
        };
        if let Some(option) = text.strip_prefix("--") {
            if let Some((name, value)) = option.split_once('=') {
                self.option(name, Some(value), word.span);
                return after;
            }
            if let Some((value, next)) = value_in(after) {
                self.option(option, Some(value), word.span);
                return next;
            }
            self.option(option, None, word.span);
            return after;
        }
        let short = SHORT.iter().find_map(|(sign, name)| Some((*name, text.strip_prefix(sign)?)));
        match short {
            Some((name, "")) => {
                let Some((value, next)) = value_in(after) else { return after };
                self.option(name, Some(value), word.span);
                next
            }
            Some((name, value)) => {
                self.option(name, Some(value), word.span);
                after
            }
            None => after,
        }
    }

    fn option(&mut self, name: &str, value: Option<&str>, span: Span) {
        let value = value.map(str::to_owned);
        match name.replace('-', "_").as_str() {
            "no_defaults" => self.no_files = true,
            "defaults_file" => self.only = value,
            "defaults_extra_file" => self.extra = value,
            "defaults_group_suffix" => self.suffix = value,
            _ => self.steps.push(Step::Set(Box::new(Line {
                group: None,
                name: name.to_owned(),
                name_span: span,
                value: value.map(|value| masked(name, &value)),
                value_span: span,
                kind: OriginKind::CommandLine,
                overlong: false,
            }))),
        }
    }
}

/// The next word, where it is a value.
fn value_in(after: &[Word]) -> Option<(&str, &[Word])> {
    let [next, rest @ ..] = after else { return None };
    Some((next.value.as_deref().filter(|text| !text.starts_with('-'))?, rest))
}

fn is_server(program: &str) -> bool {
    let name = name_of(program);
    !is_shell(name) && (name.starts_with("mysqld") || name.starts_with("mariadbd") || name == "docker-entrypoint.sh")
}
