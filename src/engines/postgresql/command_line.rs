//! The server's command line: `-c name=value`, `--name=value` and the short switches (`postmaster.c`).
//!
//! Values skip the lexer of the file: `-c work_mem=1.5MB` needs no quotes, and quotes that reach the
//! server belong to the value.

use super::catalogue::{Catalogue, MAJORS};
use crate::model::Word;
use crate::text::secrets::credentials_of_words;
use crate::text::{SECRET_PLACEHOLDER, Span, redact_text};

/// One setting that the command line makes.
#[derive(Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name, with `_` for `-`; `None` where a variable without a value hides it.
    pub name: Option<String>,
    /// Its value; `None` where it is a variable without a value.
    pub value: Option<String>,
    /// The words that it stands in.
    pub span: Span,
}

/// Without the value, which may hold a password.
impl std::fmt::Debug for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Argument").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Something that makes the server refuse its command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In words.
    pub message: String,
    /// Where.
    pub span: Span,
    /// First major that refuses it; 0 where every one does.
    pub since: u32,
}

/// A command line, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// Settings, in order; the last of a name counts.
    pub arguments: Vec<Argument>,
    /// `-D`.
    pub data_directory: Option<Argument>,
    /// What the server does not take.
    pub refused: Vec<Refused>,
    /// Places of words that are credentials, by what stands before them: no message repeats these.
    secret: Vec<Span>,
}

/// Switches that take a value.
const WITH_VALUE: &str = "BCcDdfhkNoprStW-";

/// Switches that are gone, and the first major without them (asked of 13 to 18).
const GONE: [(char, u32); 2] = [('n', 16), ('o', 14)];

/// Switches that set something by their presence, and the others that stand alone.
const ALONE: &str = "beEFijlnOPsT";

impl CommandLine {
    /// Takes words apart; the first may be the program itself.
    #[must_use]
    pub fn parse(words: &[Word]) -> Self {
        let texts: Vec<&str> = words.iter().map(|word| word.value.as_deref().unwrap_or("")).collect();
        let secret = credentials_of_words(&texts).into_iter().filter_map(|(index, _)| words.get(index)).map(|word| word.span).collect();
        let mut line = Self { secret, ..Self::default() };
        let mut rest = words;
        if let [program, after @ ..] = words
            && program.value.as_deref().is_some_and(|text| !text.starts_with('-'))
        {
            rest = after;
        }
        while let [word, after @ ..] = rest {
            rest = line.word(word, after);
        }
        line
    }

    /// The last argument that sets a name, in any case.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().rev().find(|argument| argument.name.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name)))
    }

    /// Reads one word, and the next where it belongs to it.
    fn word<'w>(&mut self, word: &Word, after: &'w [Word]) -> &'w [Word] {
        let Some(text) = word.value.as_deref() else {
            self.hidden(word, word.span);
            return after;
        };
        let Some(mut switches) = text.strip_prefix('-').filter(|switches| !switches.is_empty()) else {
            let shown = if self.secret.contains(&word.span) { SECRET_PLACEHOLDER.to_owned() } else { redact_text(text) };
            self.refuse(format!("the server takes no argument such as `{shown}`"), word.span);
            return after;
        };
        while let Some(switch) = switches.chars().next() {
            switches = switches.get(switch.len_utf8()..).unwrap_or("");
            if let Some((_, since)) = GONE.iter().find(|(gone, _)| *gone == switch) {
                let message = format!("the server has no switch -{switch} any more");
                self.refused.push(Refused { message, span: word.span, since: *since });
            }
            if ALONE.contains(switch) {
                self.alone(switch, word.span);
                continue;
            }
            if !WITH_VALUE.contains(switch) {
                self.refuse(format!("the server has no switch -{switch}"), word.span);
                return after;
            }
            if !switches.is_empty() {
                self.with_value(switch, switches, word.span);
                return after;
            }
            return self.value_in_next_word(switch, word, after);
        }
        after
    }

    fn value_in_next_word<'w>(&mut self, switch: char, word: &Word, after: &'w [Word]) -> &'w [Word] {
        if switch == '-' {
            // `--` alone ends the switches.
            return after;
        }
        let Some((next, after)) = after.split_first() else {
            self.refuse(format!("the switch -{switch} needs a value"), word.span);
            return after;
        };
        // In a list each word has a line of its own: the one that says something is the one to show.
        let span = next.span;
        match next.value.as_deref() {
            Some(value) => self.with_value(switch, value, span),
            None if switch == 'c' => self.hidden(next, span),
            None => {
                let name = name_of_switch(switch).map(str::to_owned);
                self.arguments.push(Argument { name, value: None, span });
            }
        }
        after
    }

    fn with_value(&mut self, switch: char, value: &str, span: Span) {
        match switch {
            'c' | '-' => match value.split_once('=') {
                Some((name, value)) => self.set(&name.replace('-', "_"), value, span),
                None if switch == '-' => self.refuse(format!("--{} needs a value, as in --name=value", redact_text(value)), span),
                None => self.refuse(format!("-c {} needs a value, as in -c name=value", redact_text(value)), span),
            },
            'D' => self.data_directory = Some(Argument { name: Some("data_directory".to_owned()), value: Some(value.to_owned()), span }),
            // `--describe-config` and the like are words of their own to the entrypoint; this one it passes on.
            'C' => self.refuse("-C prints the value of a setting and ends, so that no server runs".to_owned(), span),
            'd' => self.debug(value, span),
            't' => match value.chars().next() {
                Some('p') if value.starts_with("pl") => self.set("log_planner_stats", "true", span),
                Some('p') => self.set("log_parser_stats", "true", span),
                _ => self.set("log_executor_stats", "true", span),
            },
            'f' => self.plan(value, span),
            switch => {
                if let Some(name) = name_of_switch(switch) {
                    self.set(name, value, span);
                }
            }
        }
    }

    fn alone(&mut self, switch: char, span: Span) {
        let (name, value) = match switch {
            'e' => ("datestyle", "euro"),
            'F' => ("fsync", "false"),
            'i' => ("listen_addresses", "*"),
            'l' => ("ssl", "true"),
            'O' => ("allow_system_table_mods", "true"),
            'P' => ("ignore_system_indexes", "true"),
            's' => ("log_statement_stats", "true"),
            _ => return,
        };
        self.set(name, value, span);
    }

    /// `-d level`
    fn debug(&mut self, level: &str, span: Span) {
        let level: u32 = level.trim().parse().unwrap_or(0);
        let messages = if level == 0 { "notice".to_owned() } else { format!("debug{}", level.min(5)) };
        self.set("log_min_messages", &messages, span);
        if level >= 1 {
            self.set("log_connections", "true", span);
            self.set("log_disconnections", "true", span);
        }
        if level >= 2 {
            self.set("log_statement", "all", span);
        }
    }

    /// `-f plan`: forbids a kind of plan.
    fn plan(&mut self, kind: &str, span: Span) {
        let name = match kind {
            "s" => "enable_seqscan",
            "i" => "enable_indexscan",
            "o" => "enable_indexonlyscan",
            "b" => "enable_bitmapscan",
            "t" => "enable_tidscan",
            "n" => "enable_nestloop",
            "m" => "enable_mergejoin",
            "h" => "enable_hashjoin",
            _ => return self.refuse(format!("the server has no switch -f {kind}"), span),
        };
        self.set(name, "false", span);
    }

    fn set(&mut self, name: &str, value: &str, span: Span) {
        self.arguments.push(Argument { name: Some(name.to_owned()), value: Some(value.to_owned()), span });
    }

    fn refuse(&mut self, message: String, span: Span) {
        self.refused.push(Refused { message, span, since: 0 });
    }

    /// A word with a variable that has no value: its name can often be told from what stands before the variable.
    fn hidden(&mut self, word: &Word, span: Span) {
        let begins = |name: &str| {
            word.raw.test(|raw| {
                let raw = raw.trim_start_matches(['"', '\'', '-']);
                raw.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                    && raw.get(name.len()..).is_some_and(|rest| rest.starts_with('='))
            })
        };
        let catalogues = MAJORS.rev().filter_map(Catalogue::of);
        let name = catalogues.flat_map(Catalogue::entries).map(|entry| entry.name).find(|name| begins(name));
        self.arguments.push(Argument { name: name.map(str::to_owned), value: None, span });
    }
}

fn name_of_switch(switch: char) -> Option<&'static str> {
    Some(match switch {
        'B' => "shared_buffers",
        'D' => "data_directory",
        'h' => "listen_addresses",
        'k' => "unix_socket_directories",
        'N' => "max_connections",
        'p' => "port",
        'S' => "work_mem",
        'W' => "post_auth_delay",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Interpolated, Provenance, Secret};
    use crate::text::SourceId;

    fn words(texts: &[&str]) -> Vec<Word> {
        let word = |text: &&str| Interpolated {
            value: (!text.contains('$')).then(|| (*text).to_owned()),
            raw: Secret::new(*text),
            provenance: Provenance::Literal,
            variables: Vec::new(),
            span: Span::new(SourceId::detached(), 0, 0),
            defined_at: None,
        };
        texts.iter().map(word).collect()
    }

    fn settings(texts: &[&str]) -> Vec<(String, String)> {
        let line = CommandLine::parse(&words(texts));
        assert_eq!(line.refused, []);
        line.arguments.into_iter().map(|argument| (argument.name.unwrap_or("?".into()), argument.value.unwrap_or("?".into()))).collect()
    }

    #[test]
    fn every_form_of_a_setting_is_read() {
        let read = settings(&[
            "postgres",
            "-c",
            "work_mem=4MB",
            "-cfsync=off",
            "--max-connections=5",
            "-p",
            "5433",
            "-N7",
            "-Fi",
            "-h",
            "*",
            "-D",
            "/d",
        ]);
        let expected = [
            ("work_mem", "4MB"),
            ("fsync", "off"),
            ("max_connections", "5"),
            ("port", "5433"),
            ("max_connections", "7"),
            ("fsync", "false"),
        ];
        let expected = expected.into_iter().chain([("listen_addresses", "*"), ("listen_addresses", "*")]);
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>());
    }

    #[test]
    fn a_setting_stands_at_the_word_that_names_it() {
        let mut words = words(&["-c", "fsync=off"]);
        for (at, word) in words.iter_mut().enumerate() {
            word.span = Span::new(SourceId::detached(), 10 * at, 10 * at + 9);
        }
        assert_eq!(CommandLine::parse(&words).arguments[0].span, Span::new(SourceId::detached(), 10, 19));
    }

    #[test]
    fn variables_hide_values_and_sometimes_names() {
        let read = settings(&["-c", "shared_buffers=$X", "-c", "$Y"]);
        assert_eq!(read, [("shared_buffers".to_owned(), "?".to_owned()), ("?".to_owned(), "?".to_owned())]);
    }

    #[test]
    fn what_the_server_refuses_is_told() {
        for bad in [&["-c", "work_mem"][..], &["-Z"], &["postgres", "extra"], &["-p"], &["--work_mem"]] {
            assert_eq!(CommandLine::parse(&words(bad)).refused.len(), 1, "{bad:?}");
        }
    }
}
