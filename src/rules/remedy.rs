//! The edits that a rule offers: settings that it writes.

use crate::model::{Edit, Fix, OriginKind, SettingState, Subject};
use crate::rules::{Rule, SettingFix};
use crate::text::Span;

/// The edits of a rule for a subject; none when a setting stands where it cannot be edited safely
/// (a command line, the environment), or when its file is not known.
pub(super) fn fix(rule: &Rule, subject: &Subject) -> Option<Fix> {
    let applicability = rule.fix?;
    let edits: Option<Vec<Edit>> = rule.logic.fix_settings.iter().map(|fix| edit(fix, subject)).collect();
    let mut edits = edits.filter(|edits| !edits.is_empty())?;
    edits.sort_by_key(|edit| edit.span);
    Some(Fix { applicability, edits })
}

fn edit(fix: &SettingFix, subject: &Subject) -> Option<Edit> {
    let SettingFix { setting, value } = fix;
    match subject.settings.get(setting)? {
        SettingState::Known(known) => match (known.origin.kind, known.origin.span) {
            (OriginKind::File, Some(span)) => Some(Edit { span, replacement: value.clone() }),
            (OriginKind::Default | OriginKind::ImageDefault, _) => insertion(setting, value, subject),
            _ => None,
        },
        SettingState::Absent => insertion(setting, value, subject),
        SettingState::Unknown(_) | SettingState::NotInVersion => None,
    }
}

/// A new line after the anchor, when the anchor lies in a file that sets settings.
fn insertion(setting: &str, value: &str, subject: &Subject) -> Option<Edit> {
    // What runs the server writes its file, from one with a grammar of its own.
    if subject.facts.get("run_by").is_some_and(|by| by.datum.known().is_some()) {
        return None;
    }
    let anchor = subject.setting_anchor?;
    let in_file = |state: &SettingState| match state {
        SettingState::Known(known) => {
            known.origin.kind == OriginKind::File && known.origin.span.is_some_and(|span| span.source == anchor.source)
        }
        _ => false,
    };
    let span = Span { start: anchor.end, ..anchor };
    subject.settings.values().any(in_file).then(|| Edit { span, replacement: format!("\n{setting} = {value}") })
}
