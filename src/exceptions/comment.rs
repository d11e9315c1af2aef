//! The grammar of one ignore comment: `gonogo: ignore[rule-id, rule-id] reason`.

use std::ops::Range;

/// What every ignore comment begins with.
const MARK: &str = "gonogo:";

/// What a comment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// Ignore findings.
    Ignore {
        /// Whether it is `ignore-file`.
        whole_file: bool,
        /// Rule ids as written, each with its place in the comment.
        rules: Vec<(String, Range<usize>)>,
        /// Why; empty when it does not say.
        reason: String,
    },
    /// It was meant for us and cannot be understood: why, and what to write.
    Malformed(String),
}

/// Reads a comment, with its sign; `None` when it does not speak to us.
pub(super) fn parse(comment: &str) -> Option<Directive> {
    let at = mark(comment)?;
    let rest = comment.get(at + MARK.len()..)?;
    let start = comment.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let word_length = rest.find(|sign: char| !(sign.is_ascii_alphabetic() || sign == '-')).unwrap_or(rest.len());
    let (word, tail) = rest.split_at(word_length);
    let whole_file = match word {
        "ignore" => false,
        "ignore-file" => true,
        _ => return looks_meant(word, tail).then(|| Directive::Malformed(format!("`{MARK} {word}` is not known; expected {EXPECTED}"))),
    };
    let Some(inside) = tail.trim_start().strip_prefix('[') else {
        return Some(Directive::Malformed(format!("rule ids in brackets are missing; expected {EXPECTED}")));
    };
    let Some((list, reason)) = inside.split_once(']') else {
        return Some(Directive::Malformed(format!("the bracket is not closed; expected {EXPECTED}")));
    };
    let list_start = start + (rest.len() - inside.len());
    Some(match rule_ids(list, list_start) {
        Ok(rules) => Directive::Ignore { whole_file, rules, reason: reason_of(reason) },
        Err(problem) => Directive::Malformed(problem),
    })
}

const EXPECTED: &str = "`gonogo: ignore[rule-id] reason` or `gonogo: ignore-file[rule-id] reason`";

/// Where the mark stands: at the head of the comment, or of a further comment within it.
fn mark(comment: &str) -> Option<usize> {
    let is_head = |before: &str| {
        let before = before.trim_end();
        before.is_empty() || before.ends_with(['#', ';', '/', '-', '*'])
    };
    comment.match_indices(MARK).map(|(at, _)| at).find(|at| comment.get(..*at).is_some_and(is_head))
}

/// Whether a word that we do not know was meant as an ignore comment, rather than as prose.
fn looks_meant(word: &str, tail: &str) -> bool {
    tail.trim_start().starts_with('[') || strsim::damerau_levenshtein(word, "ignore") <= 2 || word.starts_with("ignore")
}

fn rule_ids(list: &str, list_start: usize) -> Result<Vec<(String, Range<usize>)>, String> {
    let mut rules = Vec::new();
    let mut at = list_start;
    for part in list.split(',') {
        let id = part.trim();
        let id_start = at + (part.len() - part.trim_start().len());
        at += part.len() + 1;
        if id.contains(char::is_whitespace) {
            return Err(format!("several rule ids are separated by commas; expected {EXPECTED}"));
        }
        if !id.is_empty() {
            rules.push((id.to_owned(), id_start..id_start + id.len()));
        }
    }
    if rules.is_empty() { Err(format!("there is no rule id in the brackets; expected {EXPECTED}")) } else { Ok(rules) }
}

/// The reason without the dash or colon that some write before it; a reason has a letter or digit.
fn reason_of(text: &str) -> String {
    let reason = text.trim().trim_start_matches(['-', ':', '–', '—']).trim();
    if reason.chars().any(char::is_alphanumeric) { reason.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignore(comment: &str) -> (bool, Vec<String>, String) {
        match parse(comment) {
            Some(Directive::Ignore { whole_file, rules, reason }) => {
                for (id, range) in &rules {
                    assert_eq!(comment.get(range.clone()), Some(id.as_str()), "{comment}");
                }
                (whole_file, rules.into_iter().map(|(id, _)| id).collect(), reason)
            }
            other => panic!("{comment}: {other:?}"),
        }
    }

    #[test]
    fn ids_and_reason_are_read_with_their_places() {
        let one = |id: &str, reason: &str| (false, vec![id.to_owned()], reason.to_owned());
        assert_eq!(ignore("# gonogo: ignore[hba-trust] only on the test bench"), one("hba-trust", "only on the test bench"));
        assert_eq!(ignore("#gonogo:ignore[a-b]: why"), one("a-b", "why"));
        assert_eq!(ignore("# 5 GB # gonogo: ignore[a-b] – é"), one("a-b", "é"));
        assert_eq!(ignore("; gonogo: ignore-file[a, b , c] x"), (true, ["a", "b", "c"].map(str::to_owned).to_vec(), "x".to_owned()));
        assert_eq!(ignore("# gonogo: ignore[a-b] ---"), one("a-b", ""));
    }

    #[test]
    fn what_cannot_be_understood_is_told_and_prose_is_left_alone() {
        for comment in [
            "# gonogo: ignore a-b",
            "# gonogo: ignore[a-b reason",
            "# gonogo: ignore[] reason",
            "# gonogo: ignore[a b] reason",
            "# gonogo: ingore[a-b] reason",
            "# gonogo: disable[a-b] reason",
            "# gonogo: ignore-line[a-b] reason",
        ] {
            assert!(matches!(parse(comment), Some(Directive::Malformed(_))), "{comment}");
        }
        for comment in ["# gonogo says hello", "# gonogo: see the docs", "# see gonogo: ignore[x] of the other file", "# ignore[x]"] {
            assert_eq!(parse(comment), None, "{comment}");
        }
    }
}
