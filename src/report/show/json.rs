//! The JSON of `gonogo show`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Number;

use super::access::AccessRow;
use super::sizing::{SizingJson, sizing_json};
use super::upgrade::{ChangeJson, upgrade_json};
use super::{ShowOptions, newest, overridden_value, shown_value};
use crate::model::{Encryption, HbaDecision, Instance, Origin, Record, Setting, SettingState, View};
use crate::report::place::Place;
use crate::report::{RenderError, pretty_json};
use crate::text::secrets::hidden;
use crate::text::{Files, Span};

#[derive(Serialize)]
struct ShowJson<'i> {
    instances: Vec<InstanceJson<'i>>,
}

#[derive(Serialize)]
struct InstanceJson<'i> {
    id: &'i str,
    engine: &'static str,
    version: Option<String>,
    reach: &'static str,
    settings: Vec<SettingJson<'i>>,
    /// Under what the engine calls them.
    #[serde(flatten)]
    access: BTreeMap<&'static str, Vec<AccessJson<'i>>>,
    errors: Vec<ErrorJson<'i>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who_can_connect: Option<Vec<DecisionJson<'i>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sizing: Option<SizingJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade: Option<Vec<ChangeJson<'i>>>,
}

#[derive(Default, Serialize)]
struct PlaceJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
struct SettingJson<'i> {
    name: &'i str,
    value: Option<String>,
    base_value: Option<Number>,
    unit: Option<&'static str>,
    origin: &'static str,
    #[serde(flatten)]
    place: PlaceJson,
    overrides: Vec<OverrideJson>,
    /// Why the value is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'i str>,
}

#[derive(Serialize)]
struct OverrideJson {
    value: String,
    origin: &'static str,
    path: Option<String>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct AccessJson<'i> {
    path: Option<String>,
    line: Option<u32>,
    r#type: &'i str,
    databases: Vec<String>,
    users: Vec<String>,
    address: Option<String>,
    netmask: Option<String>,
    method: &'i str,
    options: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shadowed_by: Option<LineJson>,
}

#[derive(Serialize)]
struct LineJson {
    path: String,
    line: u32,
}

#[derive(Serialize)]
struct ErrorJson<'i> {
    path: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    message: &'i str,
}

#[derive(Serialize)]
struct DecisionJson<'i> {
    from: String,
    tls: Option<bool>,
    encryption: Option<&'static str>,
    databases: String,
    users: String,
    method: &'i str,
    options: Vec<String>,
    path: Option<String>,
    line: Option<u32>,
}

/// The JSON form.
///
/// # Errors
/// When a value does not fit JSON.
pub fn show_json(instances: &[Instance], files: &Files, options: &ShowOptions) -> Result<String, RenderError> {
    let json = ShowJson { instances: instances.iter().map(|one| instance(one, files, options)).collect() };
    pretty_json(&json, 0)
}

fn instance<'i>(instance: &'i Instance, files: &Files, options: &ShowOptions) -> InstanceJson<'i> {
    let view = newest(instance);
    let rows = |kind: &str| -> Vec<&'i Record> {
        let set = view.and_then(|view| view.subject.records.get(kind));
        set.map(|set| set.rows.iter().map(AsRef::as_ref).collect()).unwrap_or_default()
    };
    let access = options.families.of(instance.engine).and_then(|family| family.access_rules()).map(|rules| rules.record);
    InstanceJson {
        id: &instance.id,
        engine: instance.engine.word(),
        version: instance.version_text(),
        reach: instance.reach.exact().map_or("unknown", |reach| reach.word()),
        settings: view.map(|view| settings(view, files, options)).unwrap_or_default(),
        access: access.map(|kind| (kind, rows(kind).into_iter().map(|record| access_rule(record, files)).collect())).into_iter().collect(),
        errors: rows("problem").into_iter().filter_map(|record| error(record, files)).collect(),
        who_can_connect: options
            .who_can_connect
            .then(|| view.map(|view| view.who_can_connect.iter().map(|one| decision(one, files)).collect()).unwrap_or_default()),
        upgrade: view.and_then(|view| upgrade_json(&view.subject, files)),
        sizing: options.sizing.as_ref().and_then(|judging| sizing_json(instance, files, judging, options.families)),
    }
}

fn settings<'i>(view: &'i View, files: &Files, options: &ShowOptions) -> Vec<SettingJson<'i>> {
    let wanted = view.subject.settings.iter().filter(|(name, _)| options.wants(name));
    wanted
        .filter_map(|(name, state)| match state {
            SettingState::Known(known) => Some(setting(known, files)),
            SettingState::Unknown(why) => Some(without_value(name, "unknown", Some(&why.reason))),
            SettingState::Absent => Some(without_value(name, "absent", None)),
            SettingState::NotInVersion => None,
        })
        .collect()
}

fn setting<'i>(setting: &'i Setting, files: &Files) -> SettingJson<'i> {
    let overrides = setting.overrode.iter().map(|earlier| {
        let place = place_of(&earlier.origin, files);
        let value = overridden_value(setting, &earlier.raw);
        OverrideJson { value, origin: earlier.origin.kind.word(), path: place.path, line: place.line }
    });
    SettingJson {
        name: &setting.name,
        value: Some(shown_value(setting)),
        base_value: setting.base.and_then(number),
        unit: setting.unit,
        origin: setting.origin.kind.word(),
        place: place_of(&setting.origin, files),
        overrides: overrides.collect(),
        reason: None,
    }
}

fn without_value<'i>(name: &'i str, origin: &'static str, reason: Option<&'i str>) -> SettingJson<'i> {
    SettingJson { name, value: None, base_value: None, unit: None, origin, place: PlaceJson::default(), overrides: Vec::new(), reason }
}

/// A whole number without a fraction, as `pg_settings` writes it.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers far below 2^63 are converted")]
fn number(base: f64) -> Option<Number> {
    if base.fract() == 0.0 && base.abs() < 9e15 { Some(Number::from(base as i64)) } else { Number::from_f64(base) }
}

fn access_rule<'i>(record: &'i Record, files: &Files) -> AccessJson<'i> {
    let row = AccessRow::of(record);
    let (path, line) = path_and_line(record.span, files);
    let shadowed_by =
        row.shadowed_by.and_then(|other| Place::of(files, other.span?)).map(|place| LineJson { path: place.path, line: place.line });
    AccessJson {
        path,
        line,
        r#type: row.text("type"),
        method: row.text("method"),
        databases: row.databases,
        users: row.users,
        address: row.address,
        netmask: row.netmask,
        options: row.options,
        shadowed_by,
    }
}

/// What stands in for a file that was not seen has no message.
fn error<'i>(record: &'i Record, files: &Files) -> Option<ErrorJson<'i>> {
    let message = record.text("message")?;
    let place = record.span.and_then(|span| Place::of(files, span));
    Some(ErrorJson {
        line: place.as_ref().map(|place| place.line),
        column: place.as_ref().map(|place| place.column),
        path: place.map(|place| place.path),
        message,
    })
}

fn decision<'i>(decision: &'i HbaDecision, files: &Files) -> DecisionJson<'i> {
    let (path, line) = path_and_line(decision.span, files);
    let HbaDecision { encryption, method, .. } = decision;
    let from = hidden(decision.from.clone());
    let (databases, users) = (hidden(decision.databases.clone()), hidden(decision.users.clone()));
    let options = decision.options.iter().cloned().map(hidden).collect();
    let tls = encryption.map(|encryption| encryption == Encryption::Tls);
    DecisionJson { from, tls, encryption: encryption.map(Encryption::word), databases, users, method, options, path, line }
}

fn place_of(origin: &Origin, files: &Files) -> PlaceJson {
    let place = origin.span.and_then(|span| Place::of(files, span));
    place.map_or_else(PlaceJson::default, |place| PlaceJson { path: Some(place.path), line: Some(place.line), column: Some(place.column) })
}

fn path_and_line(span: Option<Span>, files: &Files) -> (Option<String>, Option<u32>) {
    span.and_then(|span| Place::of(files, span)).map_or((None, None), |place| (Some(place.path), Some(place.line)))
}
