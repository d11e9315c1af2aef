//! Defaults that differ, and paths that belong to the old release.

use super::{Ahead, Change, Present};
use crate::engines::postgresql::catalogue::Catalogue;
use crate::model::{OriginKind, Setting, SettingState, Value};

/// What changes by settings alone.
pub(super) fn changes(ahead: &Ahead, present: &Present<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    for (name, state) in present.effective.settings.iter() {
        let SettingState::Known(now) = state else { continue };
        match (now.origin.kind, ahead.effective.settings.get(name)) {
            (OriginKind::Default, Some(SettingState::Known(then))) => found.extend(default_changed(ahead, present, now, then)),
            (OriginKind::File | OriginKind::CommandLine, Some(_)) => found.extend(old_path(present, now)),
            _ => {}
        }
    }
    found
}

/// A default that differs, where nothing sets the setting on either side.
fn default_changed(ahead: &Ahead, present: &Present<'_>, now: &Setting, then: &Setting) -> Option<Change> {
    if then.origin.kind != OriginKind::Default || now.shown == then.shown || is_the_same(now, then) {
        return None;
    }
    let (before, after) = (told(now), told(then));
    let message = format!(
        "the default of `{}` changes from {before} to {after} with the upgrade from PostgreSQL {} to {}; nothing sets it here",
        now.name, present.version, ahead.version
    );
    let known = Catalogue::of(ahead.version.major())?.entry(&now.name)?;
    let place = present.commented_out.get(known.key).copied().or(present.anchor);
    // What extensions bring is a matter of their own releases.
    (!known.is_of_extension()).then(|| Change {
        found: Some(before),
        expected: Some(after),
        ..Change::new("default-changed", now.name.as_str(), place, message)
    })
}

/// A setting of another type, as a boolean that became a list, may say the same in other words.
fn is_the_same(now: &Setting, then: &Setting) -> bool {
    match (&now.value, &then.value) {
        (Value::Bool(false), Value::List(list)) => list.is_empty(),
        (Value::Bool(truth), Value::Text(word)) => word == if *truth { "on" } else { "off" },
        _ => false,
    }
}

fn told(setting: &Setting) -> String {
    match setting.special {
        Some(word) => format!("{} ({word})", setting.shown),
        None if setting.shown.is_empty() => "nothing".to_owned(),
        None => setting.shown.clone(),
    }
}

/// A path or name in which the old major stands, as packages write them: `/etc/postgresql/15/main/pg_hba.conf`.
fn old_path(present: &Present<'_>, now: &Setting) -> Option<Change> {
    let Value::Text(text) = &now.value else { return None };
    let major = present.version.major().to_string();
    let mut parts = text.split(['/', '-']);
    let first = parts.next()?;
    let is_path = text.contains('/') && (parts.any(|part| part == major) || (first == major && !text.starts_with('/')));
    is_path.then(|| {
        let message = format!(
            "`{}` names a place of PostgreSQL {major}, {text}: a new server that is given this file would use what belongs to the old one",
            now.name
        );
        Change { found: Some(text.to_string()), ..Change::new("old-path", now.name.as_str(), now.origin.span, message) }
    })
}

#[cfg(test)]
mod tests {
    use crate::engines::postgresql::catalogue::{Catalogue, Context, Default};

    /// Names of settings whose compiled default differs between two majors.
    fn changed(from: u32, to: u32) -> Vec<&'static str> {
        let (from, to) = (Catalogue::of(from).unwrap(), Catalogue::of(to).unwrap());
        let differs = |name: &str| matches!((from.entry(name), to.entry(name)), (Some(old), Some(new)) if old.default != new.default);
        let plain = to.entries().filter(|entry| entry.listed && !entry.is_of_extension() && entry.context != Context::Internal);
        plain.filter(|entry| matches!(entry.default, Default::Value(_)) && differs(entry.name)).map(|entry| entry.name).collect()
    }

    /// What the release notes tell, and nothing else.
    #[test]
    fn the_catalogues_know_which_defaults_changed() {
        assert_eq!(changed(13, 14), ["checkpoint_completion_target", "password_encryption", "vacuum_cost_page_miss"]);
        assert_eq!(changed(14, 15), ["hash_mem_multiplier", "log_autovacuum_min_duration", "log_checkpoints", "shared_buffers"]);
        assert_eq!(changed(15, 16), Vec::<&str>::new());
        assert_eq!(changed(16, 17), ["vacuum_buffer_usage_limit"]);
        assert_eq!(changed(17, 18), ["effective_io_concurrency", "log_connections", "maintenance_io_concurrency"]);
    }
}
