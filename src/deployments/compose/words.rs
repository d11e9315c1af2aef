//! Splitting a command line into words.
//!
//! `command: a string` is split by compose-go, which knows quotes and backslashes, and drops
//! everything from the first `;`, `&`, `|`, `<` or `>` on. A script of `sh -c` or `CMD-SHELL` is
//! split by a shell; there the operators are words of their own.

/// A character with the offset that it has in the text it came from.
pub(super) type Located = (usize, char);

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// Its characters, quotes and escapes taken away.
    pub(super) characters: Vec<Located>,
    /// Where it begins, its quotes included.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

impl Split {
    /// What the word means.
    pub(super) fn text(&self) -> String {
        self.characters.iter().map(|(_, c)| c).collect()
    }
}

/// The words that compose-go makes of a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ComposeWords {
    pub(super) words: Vec<Split>,
    /// Where it stopped, at an operator that it does not know.
    pub(super) cut_at: Option<usize>,
}

/// The characters of a text with their offsets.
pub(super) fn located(text: &str) -> Vec<Located> {
    text.char_indices().collect()
}

/// Splits as compose-go does; `None` where it refuses: a quote or bracket that nothing closes.
pub(super) fn split_as_compose(text: &[Located]) -> Option<ComposeWords> {
    let mut words = Vec::new();
    let mut word = Pending::default();
    let (mut escaped, mut double, mut single, mut back, mut dollar) = (false, false, false, false, false);
    let mut cut_at = None;
    for &(at, c) in text {
        if std::mem::take(&mut escaped) {
            word.push(at, c);
            continue;
        }
        match c {
            '\\' if !single => {
                escaped = true;
                word.open(at);
                continue;
            }
            ' ' | '\t' | '\r' | '\n' if !(single || double || back || dollar) => {
                word.close(at, &mut words);
                continue;
            }
            ' ' | '\t' | '\r' | '\n' => {
                word.keep(at, c);
                continue;
            }
            '`' if !(single || double || dollar) => back = !back,
            ')' if !(single || double || back) => dollar = !dollar,
            '(' if !(single || double || back) => {
                if dollar || word.characters.last().is_none_or(|(_, last)| *last != '$') {
                    return None;
                }
                dollar = true;
                word.keep(at, c);
                continue;
            }
            '"' if !(single || dollar) => {
                if double {
                    word.present = true;
                }
                word.open(at);
                double = !double;
                continue;
            }
            '\'' if !(double || dollar) => {
                if single {
                    word.present = true;
                }
                word.open(at);
                single = !single;
                continue;
            }
            ';' | '&' | '|' | '<' | '>' if !(single || double || back || dollar) => {
                // `2>` is one operator: its digit is no word.
                if c == '>' && word.characters.first().is_some_and(|(_, first)| first.is_ascii_digit()) {
                    word = Pending::default();
                }
                cut_at = Some(at);
                break;
            }
            _ => {}
        }
        word.push(at, c);
    }
    let end = cut_at.unwrap_or_else(|| text.last().map_or(0, |(at, c)| at + c.len_utf8()));
    word.close(end, &mut words);
    (!(escaped || double || single || back || dollar)).then_some(ComposeWords { words, cut_at })
}

/// Splits as a shell does, operators as words of their own. It never refuses: an open quote ends with the text.
pub(super) fn split_as_shell(text: &[Located]) -> Vec<Split> {
    let mut words = Vec::new();
    let mut word = Pending::default();
    let mut quote = None;
    let mut parentheses = 0usize;
    let mut rest = text.iter().copied().peekable();
    while let Some((at, c)) = rest.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => match rest.next() {
                Some((_, '\n')) | None => {}
                Some((next, escaped)) => {
                    if quote.is_some() && !matches!(escaped, '"' | '\\' | '$' | '`') {
                        word.push(at, c);
                    }
                    word.open(at);
                    word.push(next, escaped);
                }
            },
            (_, Some(open)) if c == open => {
                word.present = true;
                quote = None;
            }
            ('"' | '\'', None) => {
                word.open(at);
                quote = Some(c);
            }
            (_, Some(_)) => word.push(at, c),
            ('(', None) if parentheses > 0 || word.characters.last().is_some_and(|(_, last)| *last == '$') => {
                parentheses += 1;
                word.push(at, c);
            }
            (')', None) if parentheses > 0 => {
                parentheses -= 1;
                word.push(at, c);
            }
            (_, None) if parentheses > 0 => word.push(at, c),
            ('#', None) if !word.present => while rest.next_if(|(_, c)| *c != '\n').is_some() {},
            ('\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')', None) => {
                word.close(at, &mut words);
                let operator = if c == '\n' { ';' } else { c };
                let mut characters = vec![(at, operator)];
                while c != '\n'
                    && let Some(more) = rest.next_if(|(_, next)| *next == c)
                {
                    characters.push(more);
                }
                let end = characters.last().map_or(at, |(last, c)| last + c.len_utf8());
                words.push(Split { characters, start: at, end });
            }
            (' ' | '\t' | '\r', None) => word.close(at, &mut words),
            (_, None) => word.push(at, c),
        }
    }
    word.close(text.last().map_or(0, |(at, c)| at + c.len_utf8()), &mut words);
    words
}

/// A word that is being read.
#[derive(Default)]
struct Pending {
    characters: Vec<Located>,
    start: Option<usize>,
    /// Whether there is a word even when it is empty, as between two quotes.
    present: bool,
}

impl Pending {
    fn open(&mut self, at: usize) {
        self.start.get_or_insert(at);
    }

    fn keep(&mut self, at: usize, c: char) {
        self.open(at);
        self.characters.push((at, c));
    }

    fn push(&mut self, at: usize, c: char) {
        self.keep(at, c);
        self.present = true;
    }

    fn close(&mut self, end: usize, words: &mut Vec<Split>) {
        let word = std::mem::take(self);
        if word.present {
            words.push(Split { characters: word.characters, start: word.start.unwrap_or(end), end });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compose(text: &str) -> Option<Vec<String>> {
        split_as_compose(&located(text)).map(|split| split.words.iter().map(Split::text).collect())
    }

    fn shell(text: &str) -> Vec<String> {
        split_as_shell(&located(text)).iter().map(Split::text).collect()
    }

    #[test]
    fn as_compose_splits() {
        for (text, expected) in [
            ("redis-server --requirepass \"a b\" && foo", vec!["redis-server", "--requirepass", "a b"]),
            ("sh -c 'a && b'", vec!["sh", "-c", "a && b"]),
            ("a;b c", vec!["a"]),
            ("foo $(bar baz) x", vec!["foo", "$(bar baz)", "x"]),
            ("", vec![]),
            ("a \\\"b c\\ d", vec!["a", "\"b", "c d"]),
            ("a 2>&1 b", vec!["a"]),
            ("a `b c` d", vec!["a", "`b c`", "d"]),
            ("a '' \"\" b", vec!["a", "", "", "b"]),
            ("a) b) c", vec!["a) b)", "c"]),
            ("a # b", vec!["a", "#", "b"]),
            ("a\n  b\tc\n", vec!["a", "b", "c"]),
        ] {
            assert_eq!(compose(text), Some(expected.into_iter().map(str::to_owned).collect()), "{text}");
        }
        for text in ["foo (bar)", "foo \"", "a=$(x", "a) b", "a\\"] {
            assert_eq!(compose(text), None, "{text}");
        }
    }

    #[test]
    fn as_a_shell_splits() {
        for (text, expected) in [
            ("redis-cli ping | grep PONG || exit 1", vec!["redis-cli", "ping", "|", "grep", "PONG", "||", "exit", "1"]),
            ("a 'b c' \"d \\\" e\" f\\ g", vec!["a", "b c", "d \" e", "f g"]),
            ("x > $(date +%F).sql; y # c\nz", vec!["x", ">", "$(date +%F).sql", ";", "y", ";", "z"]),
            ("a \\\n  b 'open", vec!["a", "b", "open"]),
            ("a '' b", vec!["a", "", "b"]),
        ] {
            assert_eq!(shell(text), expected, "{text}");
        }
    }
}
