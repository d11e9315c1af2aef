//! In what two subjects differ, name by name: views of one server under two releases share nearly everything.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Field, Fields, Record, RecordSet, SettingState, Settings, Subject};

/// How many records may name each other, one after the other, before two are taken to differ.
const DEEPEST: usize = 4;

/// Names of what two subjects do not share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference<'s> {
    /// Whether they differ in something without a name, such as the place where what is absent is reported.
    pub elsewhere: bool,
    /// Settings.
    pub settings: HashSet<&'s str>,
    /// Facts.
    pub facts: HashSet<&'static str>,
    /// Kinds of record.
    pub records: HashSet<&'static str>,
}

impl<'s> Difference<'s> {
    /// In what a subject differs from another.
    #[must_use]
    pub fn between(one: &'s Subject, other: &'s Subject) -> Self {
        let place = |subject: &Subject| (subject.kind, subject.engine, subject.anchor, subject.setting_anchor, subject.configuration_end);
        let commented_out = Arc::ptr_eq(&one.commented_out, &other.commented_out) || one.commented_out == other.commented_out;
        let elsewhere = place(one) != place(other)
            || one.id != other.id
            || one.instances != other.instances
            || one.settings_unknown != other.settings_unknown
            || !commented_out;
        Self {
            elsewhere,
            settings: settings(&one.settings, &other.settings),
            facts: fields(&one.facts, &other.facts, DEEPEST).collect(),
            records: records(one, other),
        }
    }
}

/// That a release lacks a setting is said with its number, so that two which lack it differ.
fn settings<'s>(one: &'s Settings, other: &'s Settings) -> HashSet<&'s str> {
    Settings::differing(one, other, |mine, theirs| !matches!(mine, SettingState::NotInVersion) && mine == theirs)
}

fn records(one: &Subject, other: &Subject) -> HashSet<&'static str> {
    let is_same = |kind: &str| match (one.records.get(kind), other.records.get(kind)) {
        (Some(mine), Some(theirs)) => same_set(mine, theirs),
        (None, None) => true,
        _ => false,
    };
    one.records.keys().chain(other.records.keys()).copied().filter(|kind| !is_same(kind)).collect()
}

fn same_set(one: &RecordSet, other: &RecordSet) -> bool {
    one.incomplete == other.incomplete
        && one.rows.len() == other.rows.len()
        && one.rows.iter().zip(&other.rows).all(|(mine, theirs)| same_record(mine, theirs, DEEPEST))
}

fn same_record(one: &Arc<Record>, other: &Arc<Record>, depth: usize) -> bool {
    let same_parts = |one: &Record, other: &Record| {
        (one.kind, one.span, one.image_default) == (other.kind, other.span, other.image_default)
            && one.key == other.key
            && one.related == other.related
            && fields(&one.fields, &other.fields, depth).next().is_none()
    };
    Arc::ptr_eq(one, other) || same_parts(one, other)
}

/// Names of fields that are not the same in both.
fn fields(one: &Fields, other: &Fields, depth: usize) -> impl Iterator<Item = &'static str> {
    let is_same = move |name: &str| match (one.get(name), other.get(name)) {
        (Some(mine), Some(theirs)) => same_field(mine, theirs, depth),
        (None, None) => true,
        _ => false,
    };
    one.keys().chain(other.keys()).filter(move |name| !is_same(name))
}

fn same_field(one: &Field, other: &Field, depth: usize) -> bool {
    let same_record = match (&one.record, &other.record) {
        (Some(mine), Some(theirs)) => depth.checked_sub(1).is_some_and(|depth| same_record(mine, theirs, depth)),
        (None, None) => true,
        _ => false,
    };
    (one.span, one.origin) == (other.span, other.origin) && one.datum == other.datum && same_record
}
