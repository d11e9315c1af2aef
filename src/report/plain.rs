//! Text that came from a file, as people read it in a report.

pub(super) use crate::text::harmless::one_line as plain;

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
