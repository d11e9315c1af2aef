//! What results and rules say alike: the level of a severity, text that makes no link.

use super::model::Level;
use crate::model::Severity;

/// The level of a severity.
pub(super) const fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low | Severity::Info => Level::Note,
    }
}

/// Text that makes no link: `[words](target)` is one in a message of SARIF, and a backslash takes it apart.
pub(super) fn without_links(text: &str) -> String {
    if text.contains("](") { text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() }
}
