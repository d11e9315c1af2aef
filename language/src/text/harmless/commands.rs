//! Commands that CI services read out of a log, and the one sign of each without which it is mere text.
//!
//! | service | form | where |
//! |---|---|---|
//! | GitHub, Gitea, Forgejo | `::name …::…` | first on a line, after blanks |
//! | GitHub (its older form), Azure | `##[name …]…` | anywhere in a line |
//! | Azure | `##vso[name …]…` | anywhere in a line |
//! | TeamCity | `##teamcity[name …]` | anywhere in a line |
//! | GitLab, Travis | `section_start:…`, `travis_fold:…` | anywhere in a line |
//! | Buildkite | `--- `, `+++ `, `~~~ `, `^^^ ` | first on a line |

use super::Dialect;

/// Words that with a colon open and close sections.
const SECTIONS: [&str; 4] = ["section_start:", "section_end:", "travis_fold:", "travis_time:"];

/// A quick look whether one of them may be anywhere in a text.
pub(super) fn may_be_in(text: &str) -> bool {
    text.contains("##") || text.contains("section_") || text.contains("travis_")
}

/// Offsets of the signs that make commands wherever they are in a line.
pub(super) fn anywhere(text: &str) -> Vec<usize> {
    if !may_be_in(text) {
        return Vec::new();
    }
    let is_word = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let is_command = |after: &str| after.trim_start_matches(is_word).starts_with('[');
    // Of `###[` it is the last two that count: a sign and the one before it.
    let mut offsets: Vec<usize> = text
        .match_indices('#')
        .map(|(at, _)| at)
        .filter(|at| text.get(..*at).is_some_and(|before| before.ends_with('#')) && text.get(at + 1..).is_some_and(is_command))
        .collect();
    for word in SECTIONS {
        offsets.extend(text.match_indices(word).map(|(at, word)| at + word.len() - 1));
    }
    offsets
}

/// Offset of the sign that makes a line a command because the line begins with it.
pub(super) fn at_line_start(line: &str, dialect: Dialect) -> Option<usize> {
    let opens_group = || ["--- ", "+++ ", "~~~ ", "^^^ "].into_iter().any(|mark| line.starts_with(mark));
    if dialect != Dialect::Diff && opens_group() {
        return Some(0);
    }
    let begun = line.trim_start();
    let rest = begun.strip_prefix("::")?;
    let is_ours = dialect == Dialect::Annotations && ["error ", "warning ", "notice "].into_iter().any(|level| rest.starts_with(level));
    // An IPv6 address begins so too, and has no second pair.
    let is_command = !rest.starts_with(':') && rest.contains("::");
    (is_command && !is_ours).then(|| line.len() - begun.len())
}
