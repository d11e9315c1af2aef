//! Words of shell commands: enough to see which programs a script runs with which arguments.
//!
//! No shell: expansions stay as they are written, control structures are seen through by their
//! keywords, and the text of a here-document is left out.

use crate::text::path::name_of;
use std::ops::Range;

/// Most commands that are read of one text.
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

/// One simple command, with the keywords before it (`do`, `then`, `!`) taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellCommand {
    /// Program and arguments; assignments before the program come first (`PGPASSWORD=x pg_dump`).
    pub words: Vec<ShellWord>,
    /// Keywords that stood before it, as `while` or `do`.
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

/// Whether a word is `NAME=value`.
#[must_use]
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Whether a word is a program that only runs the one named after it.
#[must_use]
pub fn is_wrapper(word: &str) -> bool {
    matches!(word, "exec" | "sudo" | "nice" | "ionice" | "nohup" | "time" | "env" | "command" | "chronic")
}

/// Whether a word at the head of a command is a keyword of the shell's control structures.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether a word names a shell.
#[must_use]
pub fn is_shell(word: &str) -> bool {
    matches!(name_of(word), "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh")
}

/// The commands of a script, in order; those of `sh -c '…'` follow the command that runs them.
#[must_use]
pub fn commands(text: &str) -> Vec<ShellCommand> {
    let mut all = Vec::new();
    read(text, 0, 0, &mut all);
    all
}

fn read(text: &str, base: usize, depth: usize, all: &mut Vec<ShellCommand>) {
    let mut reader = Reader { text, base, at: 0, command: ShellCommand::default(), here: Vec::new() };
    while all.len() < MOST_COMMANDS {
        let Some(command) = reader.next_command() else {
            return;
        };
        let inner = inner_script(&command).map(|word| word.range.clone());
        all.push(command);
        if let Some(range) = inner.filter(|_| depth < DEEPEST) {
            // The inside of the quotes: what stands there is a script of its own.
            let slice = text.get(range.start - base..range.end - base).unwrap_or("");
            if let Some(quote) = slice.chars().next().filter(|c| matches!(c, '\'' | '"')) {
                let inside = slice.get(1..).map_or("", |rest| rest.strip_suffix(quote).unwrap_or(rest));
                read(inside, range.start + 1, depth + 1, all);
            }
        }
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

const KEYWORDS: &[&str] = &["while", "until", "do", "done", "if", "then", "elif", "else", "fi", "!", "{", "}", "case", "esac"];

struct Reader<'t> {
    text: &'t str,
    base: usize,
    at: usize,
    command: ShellCommand,
    here: Vec<String>,
}

impl Reader<'_> {
    fn next_command(&mut self) -> Option<ShellCommand> {
        loop {
            self.skip_blanks();
            let Some(next) = self.peek() else {
                return self.finish();
            };
            let ended = match next {
                '\n' => {
                    self.at += 1;
                    self.skip_here_documents();
                    true
                }
                ';' | '(' | ')' => {
                    self.at += 1;
                    true
                }
                '|' | '&' => {
                    let rest = self.rest();
                    let piped = rest.starts_with('|') && !rest.starts_with("||");
                    self.at += rest.len() - rest.trim_start_matches(['|', '&']).len();
                    self.command.piped = piped;
                    true
                }
                '#' => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                    false
                }
                '<' | '>' => {
                    self.redirection();
                    false
                }
                _ => {
                    self.word();
                    false
                }
            };
            if ended && !self.command.words.is_empty() {
                return self.finish();
            }
        }
    }

    fn finish(&mut self) -> Option<ShellCommand> {
        let command = std::mem::take(&mut self.command);
        (!command.words.is_empty()).then_some(command)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = if rest.starts_with("\\\n") {
                2
            } else if rest.starts_with("\\\r\n") {
                3
            } else if rest.starts_with([' ', '\t', '\r']) {
                1
            } else {
                return;
            };
            self.at += skipped;
        }
    }

    /// `<`, `>`, `>>`, `2>&1`, `<<EOF`: the operator; its target is read as a word and dropped.
    fn redirection(&mut self) {
        let rest = self.rest();
        let operator = rest.len() - rest.trim_start_matches(['<', '>', '&', '-']).len();
        let here = rest.starts_with("<<") && !rest.starts_with("<<<");
        self.at += operator;
        self.skip_blanks();
        let before = self.command.words.len();
        if self.peek().is_some_and(|c| !matches!(c, '\n' | ';' | '|' | ')' | '(' | '<' | '>')) {
            self.word();
        }
        if here && self.here.len() < 16 {
            self.here.extend(self.command.words.get(before).map(|word| word.text.clone()));
        }
        self.command.words.truncate(before);
    }

    fn skip_here_documents(&mut self) {
        for end in std::mem::take(&mut self.here) {
            while !self.rest().is_empty() {
                let line = self.rest().split('\n').next().unwrap_or("");
                let last = line.trim() == end;
                self.at = (self.at + line.len() + 1).min(self.text.len());
                if last {
                    break;
                }
            }
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let mut text = String::new();
        let mut quoted = false;
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '(' | ')' | '<' | '>' => break,
                '\'' | '"' => {
                    quoted = true;
                    self.quoted(c, &mut text);
                }
                '\\' => {
                    self.at += 1;
                    if let Some(escaped) = self.peek() {
                        text.push(escaped);
                        self.at += escaped.len_utf8();
                    }
                }
                '$' if self.rest().starts_with("$(") || self.rest().starts_with("${") => self.bracketed(&mut text),
                '`' => self.until_backtick(&mut text),
                _ => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        let slice = self.text.get(start..self.at).unwrap_or("");
        let keyword = self.command.words.is_empty() && !quoted && KEYWORDS.contains(&text.as_str());
        if keyword {
            self.command.keywords.push(text);
        } else {
            let single_quoted = slice.len() > 1 && slice.starts_with('\'') && slice.ends_with('\'');
            self.command.words.push(ShellWord { text, range: self.base + start..self.base + self.at, single_quoted });
        }
    }

    fn quoted(&mut self, quote: char, text: &mut String) {
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                _ if c == quote => return,
                '\\' if quote == '"' => {
                    if let Some(escaped) = self.peek() {
                        text.push(escaped);
                        self.at += escaped.len_utf8();
                    }
                }
                _ => text.push(c),
            }
        }
    }

    /// `$(…)` or `${…}` up to its closing bracket, as written.
    fn bracketed(&mut self, text: &mut String) {
        let (open, close) = if self.rest().starts_with("$(") { ('(', ')') } else { ('{', '}') };
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            text.push(c);
            if c == open {
                depth += 1;
            } else if c == close {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            }
        }
    }

    fn until_backtick(&mut self, text: &mut String) {
        let mut first = true;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            text.push(c);
            if c == '`' && !std::mem::take(&mut first) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(text: &str) -> Vec<Vec<String>> {
        commands(text).iter().map(|command| command.words.iter().map(|word| word.text.clone()).collect()).collect()
    }

    #[test]
    fn commands_are_split_and_seen_through() {
        let script = "while true; do\n  tar -czf /b/db-$(date +%F).tar.gz /data # copy\n  sleep 86400\ndone";
        assert_eq!(seen(script), [vec!["true"], vec!["tar", "-czf", "/b/db-$(date +%F).tar.gz", "/data"], vec!["sleep", "86400"]]);
        assert_eq!(commands(script)[0].keywords, ["while"]);
    }

    #[test]
    fn inner_scripts_keep_their_place() {
        let text = "sh -c 'PGPASSWORD=x /usr/bin/pg_dump -h db app | gzip > /b/x.gz'";
        let all = commands(text);
        let dump = all.iter().find(|command| command.program() == Some("pg_dump")).unwrap();
        assert!(dump.piped);
        let word = &dump.program_words()[0];
        assert_eq!(text.get(word.range.clone()), Some("/usr/bin/pg_dump"));
        assert_eq!(dump.words[0].text, "PGPASSWORD=x");
    }

    #[test]
    fn what_is_no_command_is_left_out() {
        assert_eq!(seen("cat <<EOF\ntar /data\nEOF\npg_dump x 2>&1 >/dev/null"), [vec!["cat"], vec!["pg_dump", "x", "2"]]);
        assert_eq!(seen("# tar x\nDIR=/backups"), [vec!["DIR=/backups"]]);
        assert_eq!(seen("pg_dump \\\n  -h db"), [vec!["pg_dump", "-h", "db"]]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn any_text_is_read_without_panic(text in "[a-z$(){}'\"`\\\\;|&<> \n#=-]{0,60}é?") {
            for command in commands(&text) {
                for word in command.words {
                    prop_assert!(text.get(word.range).is_some());
                }
            }
        }
    }
}
