//! Subjects to judge, and the tests of judging, by theme.

mod findings;
mod joins;
mod remedies;
mod words;

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    Applicability, Datum, Engine, Field, Origin, OutcomeOf, Presumption, Record, Secret, Setting, SettingState, Severity, SubjectKind,
    SubjectRef, Value, Version, View,
};
use crate::rules::RuleSet;
use crate::rules::toy::{load, rule, rule_text};
use crate::text::{SourceId, Span};

fn at(start: usize, end: usize) -> Option<Span> {
    Some(Span::new(SourceId::detached(), start, end))
}

fn today() -> Context {
    Context { now: crate::model::parse_date("2026-11-20").unwrap(), says_why_not: true, offers_fixes: true }
}

fn instance() -> Subject {
    let mut subject = Subject::new(SubjectKind::Instance, "db");
    subject.instances = vec!["db".to_owned()].into();
    subject.engine = Some(Engine::Postgresql);
    subject.version = Some("17".parse().unwrap());
    subject.anchor = at(0, 1);
    subject.setting_anchor = at(90, 91);
    subject
}

fn setting(subject: &mut Subject, name: &str, value: Value, kind: OriginKind, span: Option<Span>, special: Option<&'static str>) {
    let setting = Setting {
        name: name.to_owned(),
        shown: special.map_or_else(|| value.to_string(), ToOwned::to_owned),
        value,
        base: None,
        unit: None,
        special,
        origin: Origin { kind, span, name_span: None },
        overrode: Vec::new(),
    };
    subject.settings.insert(name.to_owned(), SettingState::Known(Box::new(setting)));
}

fn written(name: &str, value: Value) -> Subject {
    let mut subject = instance();
    setting(&mut subject, name, value, OriginKind::File, at(10, 13), None);
    subject
}

fn postgresql(body: &str) -> Rule {
    rule(&format!("engine = \"postgresql\"\n{body}"))
}

/// The outcome of one condition.
fn outcome(condition: &str, subject: &Subject) -> Outcome {
    judge(&postgresql(&format!("require = {condition}")), subject, &today())
}

fn word(condition: &str, subject: &Subject) -> &'static str {
    outcome(condition, subject).word()
}

fn hba(method: &str, clients: &str, start: usize) -> Record {
    Record::new("hba", format!("line-{start}"), at(start, start + 20))
        .with("method", Field::text(method, at(start + 10, start + 15)))
        .with("clients", Field::text(clients, at(start + 5, start + 9)))
}

fn with_hba(records: impl IntoIterator<Item = Record>) -> Subject {
    let mut subject = instance();
    subject.records.entry("hba").or_default();
    records.into_iter().for_each(|record| subject.add(record));
    subject
}
