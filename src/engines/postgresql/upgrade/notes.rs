//! Settings that keep their name and value and mean something else: `rules/data/upgrade-notes.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Ahead, Change, Present};
use crate::formats::shipped;
use crate::model::{OriginKind, Setting, SettingState};

/// One change of meaning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    setting: String,
    since: Option<u32>,
    more_than: Option<f64>,
    less_than: Option<f64>,
    empty: Option<bool>,
    says: String,
    source: String,
}

#[derive(Debug, Default, Deserialize)]
struct Notes {
    note: Vec<Note>,
}

static NOTES: LazyLock<Notes> =
    LazyLock::new(|| shipped::read(include_str!("../../../../rules/data/upgrade-notes.toml")).unwrap_or_default());

/// The notes on what is written.
pub(super) fn changes(ahead: &Ahead, present: &Present<'_>) -> Vec<Change> {
    let crossed = |note: &&Note| note.since.is_none_or(|since| present.version.major() < since && since <= ahead.version.major());
    let written = |note: &Note| match present.effective.settings.get(&note.setting) {
        Some(SettingState::Known(setting)) if is_written(setting) && note.concerns(setting) => Some(note.change(setting, ahead)),
        _ => None,
    };
    NOTES.note.iter().filter(crossed).filter_map(written).collect()
}

fn is_written(setting: &Setting) -> bool {
    matches!(setting.origin.kind, OriginKind::File | OriginKind::CommandLine | OriginKind::Environment)
}

impl Note {
    fn concerns(&self, setting: &Setting) -> bool {
        let number = if setting.special.is_some() { None } else { setting.value.as_number() };
        self.more_than.is_none_or(|bound| number.is_some_and(|number| number > bound))
            && self.less_than.is_none_or(|bound| number.is_some_and(|number| number < bound))
            && self.empty.is_none_or(|empty| setting.value.is_empty() == empty)
    }

    fn change(&self, setting: &Setting, ahead: &Ahead) -> Change {
        let since = self.since.map_or_else(|| format!("with PostgreSQL {}", ahead.version), |since| format!("from PostgreSQL {since} on"));
        let message = format!("`{}` is {}: {since} {} ({})", self.setting, setting.shown, self.says, self.source);
        Change { found: Some(setting.shown.clone()), ..Change::new("meaning-changed", self.setting.as_str(), setting.origin.span, message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::postgresql::catalogue::{Catalogue, MAJORS};

    #[test]
    fn every_note_is_about_a_setting_of_the_major_it_names() {
        assert!(!NOTES.note.is_empty());
        for note in &NOTES.note {
            let major = note.since.unwrap_or(*MAJORS.end());
            assert!(Catalogue::of(major).unwrap().entry(&note.setting).is_some(), "{}", note.setting);
            assert!(note.source.starts_with("https://www.postgresql.org/docs/") && !note.says.ends_with('.'), "{}", note.setting);
        }
    }
}
