//! What is written into another program: `echo x | app`, `printf 'x' | app`, `app <<< x`.

use std::ops::Range;

use super::scan::{LINE, in_line};
use super::values::is_harmless;

/// Programs into which queries and commands are written, and those that only look at text.
const READERS: [&str; 28] = [
    "awk", "base64", "cut", "egrep", "fgrep", "grep", "head", "jq", "mail", "mariadb", "mongo", "mongosh", "mysql", "nc", "ncat", "netcat",
    "psql", "sed", "sort", "sqlite3", "tail", "tee", "tr", "wc", "xargs", "logger", "cat", "socat",
];

/// The places of what is written into a program that may take a password, in one pass over the text.
pub(super) fn places(text: &str, found: &mut Vec<Range<usize>>) {
    for program in ["echo", "printf"] {
        let mut from = 0;
        while let Some(behind) = word(text, program, from) {
            from = behind;
            let line = in_line(text, from, LINE);
            let Some(rest) = text.get(from..line) else { continue };
            let Some(pipe) = pipe_in(rest) else { continue };
            if takes_passwords(rest.get(pipe + 1..).unwrap_or("")) {
                found.extend(written(rest.get(..pipe).unwrap_or("")).map(|range| from + range.start..from + range.end));
            }
            from += pipe;
        }
    }
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("<<<")).map(|at| from + at + 3) {
        // The mark of a merge conflict is longer.
        let longer = text.get(at..).unwrap_or("").len() - text.get(at..).unwrap_or("").trim_start_matches('<').len();
        if longer > 0 {
            from = at + longer;
            continue;
        }
        let line = in_line(text, at, LINE);
        from = line;
        found.extend(text.get(at..line).and_then(written).map(|range| at + range.start..at + range.end));
    }
}

/// The same among the words of a list: `["echo", "x", "|", "app"]`.
pub(super) fn of_words(words: &[&str]) -> Vec<(usize, Range<usize>)> {
    let Some(writer) = words.iter().position(|word| matches!(*word, "echo" | "printf")) else { return Vec::new() };
    let Some(pipe) = words.iter().skip(writer).position(|word| *word == "|").map(|at| writer + at) else { return Vec::new() };
    if !takes_passwords(words.get(pipe + 1).unwrap_or(&"")) {
        return Vec::new();
    }
    let between = words.iter().enumerate().take(pipe).skip(writer + 1);
    between.filter(|(_, word)| !word.starts_with('-') && !is_harmless(word)).map(|(index, word)| (index, 0..word.len())).collect()
}

/// The end of the next place where a program is named by a word of its own.
fn word(text: &str, program: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find(program)?;
        at = start + program.len();
        let before = text.get(..start).and_then(|head| head.chars().next_back());
        let behind = text.get(at..).and_then(|rest| rest.chars().next());
        if before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-')) && behind.is_some_and(char::is_whitespace) {
            return Some(at);
        }
    }
}

/// The `|` behind what is written, quotes respected; not `||`, and nothing behind the end of the command.
fn pipe_in(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match (c, quote) {
            ('\\', _) => _ = characters.next(),
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            ('|', _) if characters.peek().is_some_and(|(_, next)| *next == '|') => return None,
            ('|', None) => return Some(at),
            (';' | '&', None) => return None,
            _ => {}
        }
    }
    // A quote that belongs to what is around: `sh -c 'echo x | app'`.
    quote.and_then(|_| rest.find('|'))
}

fn takes_passwords(reader: &str) -> bool {
    let word = reader
        .split_whitespace()
        .find(|word| !matches!(*word, "sudo" | "docker" | "exec" | "-i" | "-it") && !word.contains('='))
        .unwrap_or("");
    let name = word.rsplit('/').next().unwrap_or(word).trim_matches(['"', '\'', ')', ';']);
    !READERS.contains(&name)
}

/// What is written, without options and blanks around it.
fn written(text: &str) -> Option<Range<usize>> {
    let mut start = text.len() - text.trim_start().len();
    while let Some(option) = text.get(start..).filter(|rest| rest.starts_with('-')) {
        let word = option.find(char::is_whitespace)?;
        let behind = option.get(word..)?;
        start += word + behind.len() - behind.trim_start().len();
    }
    let end = text.trim_end().len();
    let value = text.get(start..end)?;
    (!value.is_empty() && !is_harmless(value)).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_piped_into_a_program() {
        for (text, expected) in [
            ("echo pw | app", Some("pw")),
            ("sh -c 'printf \"pw\" | kinit admin'", Some("\"pw\"")),
            ("echo -n 'p|w' | app", Some("'p|w'")),
            ("app <<< \"pw\"", Some("\"pw\"")),
            ("<<<<<<< HEAD", None),
            ("echo ruok | nc localhost 2181", None),
            ("echo 'db.ping()' | mongosh --quiet", None),
            ("echo started || exit 1", None),
            ("echo $PW | app", None),
            ("echo a; cat x | app", None),
            ("an echo-chamber | app", None),
        ] {
            let mut found = Vec::new();
            places(text, &mut found);
            assert_eq!(found.first().and_then(|range| text.get(range.clone())), expected, "{text}");
        }
        assert_eq!(of_words(&["echo", "pw", "|", "app"]), [(1, 0..2)]);
        assert_eq!(of_words(&["echo", "pw", "app"]), []);
    }
}
