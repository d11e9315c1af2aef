//! Whether a regular expression is meant for whole names: the server searches it anywhere in a name.

/// Deepest nesting of groups that is looked into.
const DEEPEST: usize = 16;

/// Whether an expression cannot match a mere part of a name: each of its branches begins with `^` and ends with `$`,
/// or says with `.*` that anything may stand there.
#[must_use]
pub(in crate::engines::postgresql) fn is_anchored(expression: &str) -> bool {
    let mut rest = expression.strip_prefix("***:").unwrap_or(expression);
    if let Some((options, after)) = rest.strip_prefix("(?").and_then(|inner| inner.split_once(')'))
        && options.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        rest = after;
    }
    !expression.starts_with("***=") && anchored(rest, DEEPEST)
}

/// The characters that every match of an expression begins with, as far as that is plain to see.
#[must_use]
pub(super) fn literal_prefix(expression: &str) -> Option<&str> {
    let body = expression.strip_prefix('^')?;
    let end = body.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_')).unwrap_or(body.len());
    let next = body.get(end..)?.chars().next();
    let end = if matches!(next, Some('*' | '?' | '{')) { end.checked_sub(1)? } else { end };
    (!expression.contains('|')).then(|| body.get(..end)).flatten()
}

fn anchored(expression: &str, depth: usize) -> bool {
    let branches = branches(expression);
    depth > 0
        && branches.iter().all(|branch| (begins(branch) && ends(branch)) || group(branch).is_some_and(|inner| anchored(inner, depth - 1)))
}

fn begins(branch: &str) -> bool {
    ["^", "\\A", ".*", ".+", "(.*)", "(.+)"].iter().any(|start| branch.starts_with(start))
}

fn ends(branch: &str) -> bool {
    let before = ["$", "\\Z", ".*", ".+", "(.*)", "(.+)"].iter().find_map(|end| branch.strip_suffix(end));
    // An odd number of backslashes before it makes it a plain character.
    before.is_some_and(|before| (before.len() - before.trim_end_matches('\\').len()) % 2 == 0)
}

/// The inside of a branch that is one group from end to end.
fn group(branch: &str) -> Option<&str> {
    let inner = branch.strip_prefix('(')?.strip_suffix(')')?;
    let inner = inner.strip_prefix("?:").unwrap_or(inner);
    let mut depth = 0i32;
    let mut scanner = Scanner::default();
    for character in inner.chars() {
        depth += scanner.nesting(character);
        if depth < 0 {
            return None;
        }
    }
    (depth == 0 && !scanner.escaped).then_some(inner)
}

/// The branches that `|` separates at the top.
fn branches(expression: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0i32;
    let mut start = 0;
    let mut scanner = Scanner::default();
    for (at, character) in expression.char_indices() {
        let plain = scanner.is_plain();
        depth += scanner.nesting(character);
        if character == '|' && plain && depth == 0 {
            found.extend(expression.get(start..at));
            start = at + 1;
        }
    }
    found.extend(expression.get(start..));
    found
}

/// Follows escapes and brackets.
#[derive(Default)]
struct Scanner {
    escaped: bool,
    bracket: bool,
}

impl Scanner {
    fn is_plain(&self) -> bool {
        !self.escaped && !self.bracket
    }

    /// How a character changes the nesting of groups.
    fn nesting(&mut self, character: char) -> i32 {
        if std::mem::take(&mut self.escaped) {
            return 0;
        }
        match character {
            '\\' => self.escaped = true,
            ']' => self.bracket = false,
            '[' => self.bracket = true,
            '(' if !self.bracket => return 1,
            ')' if !self.bracket => return -1,
            _ => {}
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_need_both_anchors() {
        for expression in
            ["^a$", "^app_.*$", "^app_.*", "^(a|b)$", "(^a$|^b$)", "^a$|^b$", "(.*)@x\\.com$", "(?i)^a$", "^[|]$", ".*", "\\Aa\\Z"]
        {
            assert!(is_anchored(expression), "{expression}");
        }
        for expression in ["a", "^a", "a$", "^a|b$", "^a\\$", "(.*)@x\\.com", "(^a|b$)", "", "^a\\.*"] {
            assert!(!is_anchored(expression), "{expression}");
        }
    }

    #[test]
    fn literal_prefixes() {
        assert_eq!(literal_prefix("^db\\d+$"), Some("db"));
        assert_eq!(literal_prefix("^ab*"), Some("a"));
        assert_eq!(literal_prefix("^a|^b"), None);
        assert_eq!(literal_prefix("db"), None);
    }
}
