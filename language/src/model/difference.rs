//! In what two subjects differ, name by name: views of one server under two releases share nearly everything.

use std::sync::Arc;

use super::{Comparisons, Field, Fields, Record, RecordSet, Subject};

/// How many records may name each other, one after the other, before two are taken to differ.
const DEEPEST: usize = 4;

/// Names of what two subjects do not share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference<'s> {
    /// Whether they differ in something without a name, such as the place where what is absent is reported.
    pub elsewhere: bool,
    /// Settings, sorted.
    pub settings: Vec<&'s str>,
    /// Facts.
    pub facts: Vec<&'static str>,
    /// Kinds of record.
    pub records: Vec<&'static str>,
}

impl<'s> Difference<'s> {
    /// In what a subject differs from another.
    #[must_use]
    pub fn between(one: &'s Subject, other: &'s Subject, comparisons: &Comparisons) -> Self {
        let place = |subject: &Subject| (subject.kind, subject.engine, subject.anchor, subject.setting_anchor, subject.configuration_end);
        let commented_out = Arc::ptr_eq(&one.commented_out, &other.commented_out) || one.commented_out == other.commented_out;
        let settings = comparisons.differing(&one.settings, &other.settings);
        let elsewhere = settings.is_none()
            || place(one) != place(other)
            || one.id != other.id
            || one.instances != other.instances
            || one.settings_unknown != other.settings_unknown
            || !commented_out;
        Self {
            elsewhere,
            settings: settings.unwrap_or_default(),
            facts: fields(&one.facts, &other.facts, DEEPEST).collect(),
            records: records(one, other),
        }
    }
}

/// Makes one record of two that are alike: views of one server under six releases would else hold everything six times.
pub fn share_records(subject: &mut Subject, before: &Subject) {
    for (kind, set) in &mut subject.records {
        if let Some(theirs) = before.records.get(kind) {
            share_rows(set, theirs);
        }
    }
}

/// The same for the records of one kind.
pub fn share_rows(set: &mut RecordSet, before: &RecordSet) {
    for (mine, theirs) in set.rows.iter_mut().zip(&before.rows) {
        if !Arc::ptr_eq(mine, theirs) && same_record(mine, theirs, DEEPEST) {
            *mine = Arc::clone(theirs);
        }
    }
}

fn records(one: &Subject, other: &Subject) -> Vec<&'static str> {
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
fn fields<'f>(one: &'f Fields, other: &'f Fields, depth: usize) -> impl Iterator<Item = &'static str> + use<'f> {
    let pairs = one.iter().enumerate();
    let differing =
        pairs.filter(move |(at, (name, mine))| !other.get_near(name, *at).is_some_and(|(_, theirs)| same_field(mine, theirs, depth)));
    let missing = other.iter().enumerate().filter(move |(at, (name, _))| one.get_near(name, *at).is_none());
    differing.chain(missing).map(|(_, (name, _))| name)
}

fn same_field(one: &Field, other: &Field, depth: usize) -> bool {
    let same_record = match (&one.record, &other.record) {
        (Some(mine), Some(theirs)) => depth.checked_sub(1).is_some_and(|depth| same_record(mine, theirs, depth)),
        (None, None) => true,
        _ => false,
    };
    (one.span, one.origin) == (other.span, other.origin) && one.datum == other.datum && same_record
}
