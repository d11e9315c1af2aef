//! Text that came from a file, made safe to print: hostile files may hold escape sequences.

use annotate_snippets::normalize_untrusted_str;

/// One line without control characters: they become visible signs, line ends become blanks.
pub(super) fn plain(text: &str) -> String {
    normalize_untrusted_str(&text.replace(['\n', '\r'], " ").replace(is_other_control, "·"))
}

/// The same for a line whose byte offsets matter: only what the excerpt renderer leaves as it is
/// gets replaced, by a sign of the same length.
pub(super) fn plain_excerpt(text: &str) -> String {
    text.replace(is_other_control, "·")
}

/// C1 controls, among them the one-character form of ESC [. Each takes two bytes, as `·` does.
fn is_other_control(sign: char) -> bool {
    matches!(sign, '\u{80}'..='\u{9f}')
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_direction_marks_become_visible() {
        assert_eq!(plain("a\x1b[31mb\nc\u{9b}2J\u{202e}"), "a␛[31mb c·2J�");
        assert_eq!(plain_excerpt("\u{9b}x").len(), "\u{9b}x".len());
    }
}
