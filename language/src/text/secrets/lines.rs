//! Lines that go on with a secret which an earlier line announces: `password:` and its value on the next line, a block
//! of text, a list. Asked only of texts that no grammar understood.

use super::names::names_secret;
use super::options;

/// Lines above that are looked at.
const MOST: usize = 64;

/// Lines above of which the words are read as one command or mapping with this one.
const NEAR: usize = 6;

/// Bytes of a line that are looked at.
const LONGEST: usize = 4096;

/// Whether a line goes on with a secret that one of those above it, the nearest first, announces.
pub(in crate::text) fn continues_secret<'t>(line: &'t str, above: impl Iterator<Item = &'t str>) -> bool {
    let mut indent = indentation(line);
    let written = bare(line);
    if written.is_empty() {
        return false;
    }
    let mut near: Vec<&str> = Vec::new();
    for before in above.filter(|line| !line.trim().is_empty()).take(MOST) {
        if near.is_empty() && is_value_of(written, bare(before)) {
            return true;
        }
        if near.len() < NEAR {
            near.push(before);
        }
        let own = indentation(before);
        if own < indent {
            if opens_secret(bare(before)) {
                return true;
            }
            indent = own;
        }
    }
    announced(written, &near)
}

/// Blanks before a line; an item of a list lies deeper than the key above it, though it may stand in the same column.
fn indentation(line: &str) -> usize {
    let blanks: usize = line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 8 } else { 1 }).sum();
    2 * blanks + usize::from(line.trim_start().starts_with("- "))
}

/// A line without its indentation and dashes, at most so much of it as is looked at.
fn bare(line: &str) -> &str {
    let mut bare = line.get(..super::scan::floor(line, LONGEST)).unwrap_or("").trim();
    while let Some(item) = bare.strip_prefix("- ") {
        bare = item.trim_start();
    }
    bare
}

/// Whether what lies below a line is the value of a secret. A mapping `secrets` holds names.
fn opens_secret(line: &str) -> bool {
    let Some((name, _)) = line.split_once([':', '=']) else { return false };
    let name = name.trim_matches(['"', '\'', ' ', '?']);
    name != "secrets" && names_secret(name)
}

/// `value: x` below `name: DB_PASSWORD`.
fn is_value_of(line: &str, above: &str) -> bool {
    let value = line.trim_start_matches(['"', '\'']).starts_with("value");
    value && above.split_once([':', '=']).is_some_and(|(key, name)| key.trim_matches(['"', '\'', ' ']) == "name" && names_secret(name))
}

/// Whether the words above, which may be the items of a list, announce that a word of this line is a credential.
fn announced(line: &str, near: &[&str]) -> bool {
    let indicator = |word: &&str| {
        let signs = word.chars().all(|c| matches!(c, '-' | '|' | '>' | '+' | '\\' | '?' | '0'..='9'));
        signs || word.starts_with(['&', '!']) || *word == "secrets:"
    };
    let mut words: Vec<&str> = Vec::new();
    for before in near.iter().rev() {
        words.extend(bare(before).split_whitespace().map(|word| word.trim_end_matches('\\')).filter(|word| !indicator(word)));
    }
    let own = words.len();
    words.extend(line.split_whitespace());
    options::places(&words).iter().any(|(index, _)| *index >= own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> bool {
        let mut lines: Vec<&str> = text.lines().collect();
        let line = lines.pop().unwrap_or("");
        continues_secret(line, lines.into_iter().rev())
    }

    #[test]
    fn a_secret_goes_on_below_its_name() {
        for text in [
            "password:\n  pw",
            "DB_PASSWORD: |\n  a\n\n  pw",
            "DB_PASSWORD: \"a\n  pw\"",
            "DB_PASSWORD: >-\n    pw",
            "API_KEYS:\n- a\n- pw",
            "x:\n  DB_PASSWORD: &a !!str\n    pw",
            "command:\n  - redis-server\n  - --requirepass\n  - pw",
            "- redis-cli\n- -a\n- pw",
            "DB_PASSWORD=\\\npw",
            "- name: DB_PASSWORD\n  value: pw",
        ] {
            assert!(hidden(text), "{text}");
        }
    }

    #[test]
    fn its_neighbours_do_not() {
        for text in [
            "password: pw\nuser: a",
            "secrets:\n  db_password:",
            "secrets:\n  x:\n    file: ./x",
            "  db:\n    environment:\n      POSTGRES_PASSWORD: pw\n    image: postgres",
            "a: [",
        ] {
            assert!(!hidden(text), "{text}");
        }
    }
}
