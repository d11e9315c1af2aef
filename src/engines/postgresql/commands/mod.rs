//! Commands that the server gives to a shell: `archive_command`, `restore_command`, and what tidies up behind a recovery.
//!
//! The server runs them by `system()`, which is `/bin/sh -c`, with `%p` and `%f` replaced. Exit status 0 is all that it
//! looks at: what an archive command calls archived is removed from `pg_wal`.

mod archive;
mod calls;
mod cleanup;
mod fault;
mod placeholders;
mod roles;
mod windows;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::model::{Field, Record, RecordSet, Setting, SettingState, Settings, Version, Why};
use crate::text::secrets::hidden;
use fault::Fault;

/// Looks into a command of these settings; `Err` says why nothing can be told of it.
type Look = fn(&str, &Settings) -> Result<Vec<Fault>, &'static str>;

/// The settings that hold a command, each with who looks into it.
const COMMANDS: [(&str, Look); 4] = [
    ("archive_command", |command, _| archive::faults(command)),
    ("restore_command", |command, _| Ok(archive::faults_of_restore(command))),
    ("archive_cleanup_command", |command, _| Ok(cleanup::faults(command))),
    ("recovery_end_command", |command, settings| Ok(cleanup::faults_at_end(command, text_of(settings, "restore_command")))),
];

fn text_of<'s>(settings: &'s Settings, name: &str) -> Option<&'s str> {
    match settings.get(name) {
        Some(SettingState::Known(setting)) => setting.value.as_text(),
        _ => None,
    }
}

/// What is wrong with the commands.
pub(super) fn records(settings: &Settings, version: &Version) -> RecordSet {
    let mut records = RecordSet::default();
    for (name, faults) in COMMANDS {
        match settings.get(name) {
            Some(SettingState::Known(setting)) => {
                let Some(text) = setting.value.as_text().filter(|text| !text.is_empty()) else { continue };
                let unknown = (version.major() >= 16).then(|| placeholders::unknown(text, name)).flatten();
                match unknown.map_or_else(|| faults(text, settings), |fault| Ok(vec![fault])) {
                    Ok(faults) => records.rows.extend(faults.iter().map(|fault| Arc::new(record(name, setting, fault)))),
                    Err(why) => records.incomplete = Some(Why::new(format!("what {name} does cannot be told: {why}"))),
                }
            }
            Some(SettingState::Unknown(why)) => records.incomplete = Some(why.clone()),
            Some(SettingState::NotInVersion | SettingState::Absent) => {}
            None => records.incomplete = Some(Why::new(format!("{name} could not be seen"))),
        }
    }
    records
}

fn record(name: &str, setting: &Setting, fault: &Fault) -> Record {
    let span = setting.origin.span;
    let mut record = Record::new("command_fault", name, span)
        .with("setting", Field::text(name, span))
        .with("code", Field::text(fault.code, span))
        .with("explained", Field::text(hidden(fault.explained.clone()), span));
    let origin = setting.origin.kind;
    record.fields.values_mut().for_each(|field| field.origin = Some(origin));
    record
}
