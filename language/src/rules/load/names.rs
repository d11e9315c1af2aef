//! What names mean where they stand in a rule: settings, facts, fields.

use std::ops::Range;

use super::literal::Params;
use crate::model::records::{FACTS, RecordSpec};
use crate::model::{Engine, Series, SettingShape, SubjectKind, ValueKind, records};
use crate::rules::catalogue::SettingCatalogue;
use crate::rules::condition::{FieldPath, Operand};
use crate::rules::reader::Problems;
use crate::rules::versions::Versions;

/// What may be named at one place of a rule.
#[derive(Clone, Copy)]
pub(super) struct Names<'n> {
    pub(super) catalogue: &'n dyn SettingCatalogue,
    pub(super) engines: &'n [Engine],
    pub(super) versions: &'n Versions,
    pub(super) subject: SubjectKind,
    /// The kind of record whose fields can be named here.
    pub(super) record: Option<&'static RecordSpec>,
    /// Other kinds that the record may be of: only fields of all of them can be named.
    pub(super) others: &'n [&'static RecordSpec],
    pub(super) params: &'n Params,
    pub(super) problems: &'n Problems<'n>,
    /// Whether to check what costs time: regular expressions, which embedded rules compile when needed.
    pub(super) thorough: bool,
}

/// A name that was found, with the type of what it names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) operand: Operand,
    pub(super) shape: SettingShape,
}

impl Named {
    fn new(operand: Operand, kind: ValueKind) -> Self {
        Self { operand, shape: SettingShape { kind, specials: Vec::new() } }
    }
}

impl<'n> Names<'n> {
    /// The same place inside `where` or `require` of a kind of record.
    pub(super) fn within(self, record: &'static RecordSpec) -> Self {
        Self { record: Some(record), ..self }
    }

    pub(super) fn fact(&self, name: &str, span: Range<usize>) -> Option<Named> {
        let Some(spec) = records::fact(name) else {
            let known = FACTS.iter().filter(|fact| fact.subjects.contains(&self.subject)).map(|fact| fact.name);
            self.problems.unknown(span, "fact", name, known);
            return None;
        };
        if !spec.subjects.contains(&self.subject) {
            let owners: Vec<_> = spec.subjects.iter().map(|subject| subject.word()).collect();
            let message = format!("`{name}` is a fact of {}; this rule is about {}", owners.join(" and "), self.subject);
            self.problems.report(span, message);
            return None;
        }
        Some(Named::new(Operand::Fact(spec.name), spec.of.into()))
    }

    pub(super) fn field(&self, path: &str, span: Range<usize>) -> Option<Named> {
        let Some(mut record) = self.record else {
            self.problems.report_with_help(
                span,
                format!("`{path}` is a field, and no record is at hand here"),
                "fields can be named inside `where` and `require` of `each`, `some` and `none`",
            );
            return None;
        };
        let mut found: Option<FieldPath> = None;
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let Some(spec) = record.field(name) else {
                let what = format!("field of {}", record.name);
                self.problems.unknown(span, &what, name, record.fields.iter().map(|field| field.name));
                return None;
            };
            let path = match found {
                None => FieldPath::new(spec.name),
                Some(path) => path.then(spec.name),
            };
            if names.peek().is_none() {
                return Some(Named::new(Operand::Field(path), spec.of.into()));
            }
            let records::FieldType::Record(kind) = spec.of else {
                self.problems.report(span, format!("`{name}` names no record, so that nothing can follow its dot"));
                return None;
            };
            record = records::record(kind)?;
            found = Some(path);
        }
        None
    }

    /// A setting: it must exist in every catalogued series that the rule admits.
    pub(super) fn setting(&self, name: &str, span: Range<usize>) -> Option<Named> {
        let name = name.to_ascii_lowercase();
        if self.subject != SubjectKind::Instance || self.engines.is_empty() {
            let message = format!("`{name}` is a setting, and only rules about the instances of an engine see settings");
            self.problems.report_with_help(span, message, "say `engine = \"…\"` and leave `subject` out");
            return None;
        }
        let mut shape: Option<SettingShape> = None;
        for &engine in self.engines {
            for found in self.shapes(engine, &name, span.clone())? {
                shape = Some(match shape {
                    None => found,
                    Some(known) => self.joined(&name, known, found, span.clone())?,
                });
            }
        }
        Some(Named { operand: Operand::Setting(name.into()), shape: shape? })
    }

    /// The setting in every admitted series of an engine; where it is missing from one, that is reported.
    fn shapes(&self, engine: Engine, name: &str, span: Range<usize>) -> Option<Vec<SettingShape>> {
        let all = self.catalogue.series(engine);
        let range = self.versions.of(engine);
        let admitted = all.iter().copied().filter(|series| range.is_none_or(|range| range.may_admit(*series)));
        let mut shapes = Vec::new();
        let (with, without): (Vec<_>, Vec<_>) = admitted.partition(|series| {
            let shape = self.catalogue.setting(engine, *series, name);
            let known = shape.is_some();
            shapes.extend(shape);
            known
        });
        if all.is_empty() {
            self.problems.report(span, format!("the settings of {} are not catalogued yet", engine.name()));
            return None;
        }
        if with.is_empty() && !all.iter().any(|series| self.catalogue.setting(engine, *series, name).is_some()) {
            let known = self.catalogue.names(engine);
            self.problems.unknown(span, "setting", name, known.iter().map(String::as_str));
            return None;
        }
        if !without.is_empty() {
            let list = |series: &[Series]| series.iter().map(Series::to_string).collect::<Vec<_>>().join(", ");
            let message = format!("`{name}` does not exist in {} {}, which this rule admits", engine.name(), list(&without));
            let help = match with.as_slice() {
                [] => "narrow `versions`".to_owned(),
                with => format!("narrow `versions`; the setting exists in {}", list(with)),
            };
            self.problems.report_with_help(span, message, help);
            return None;
        }
        Some(shapes)
    }

    /// One shape for two series: words and special values of either.
    fn joined(&self, name: &str, mut known: SettingShape, found: SettingShape, span: Range<usize>) -> Option<SettingShape> {
        match (&mut known.kind, found.kind) {
            (ValueKind::Words(words), ValueKind::Words(more)) => {
                words.extend(more);
                words.sort();
                words.dedup();
            }
            (one, other) if *one == other => {}
            (one, other) => {
                let message = format!("`{name}` is {} in one version and {} in another", one.describe(), other.describe());
                self.problems.report_with_help(span, message, "write one rule for each, with `versions`");
                return None;
            }
        }
        known.specials.extend(found.specials);
        known.specials.sort_unstable();
        known.specials.dedup();
        Some(known)
    }

    /// A name in a message or place: a field of the record at hand, else a fact, else a setting.
    pub(super) fn any(&self, name: &str, span: Range<usize>) -> Option<Named> {
        let first = name.split('.').next().unwrap_or(name);
        if self.record.into_iter().chain(self.others.iter().copied()).all(|record| record.field(first).is_some()) && self.record.is_some() {
            return self.field(name, span);
        }
        if records::fact(name).is_some_and(|fact| fact.subjects.contains(&self.subject)) {
            return self.fact(name, span);
        }
        let is_setting = |engine: &Engine| {
            let series = self.catalogue.series(*engine);
            series.iter().any(|series| self.catalogue.setting(*engine, *series, &name.to_ascii_lowercase()).is_some())
        };
        if self.engines.iter().any(is_setting) {
            return self.setting(name, span);
        }
        let fields = self.record.into_iter().flat_map(|record| record.fields.iter().map(|field| field.name));
        let facts = FACTS.iter().filter(|fact| fact.subjects.contains(&self.subject)).map(|fact| fact.name);
        self.problems.unknown(span, "name", name, fields.chain(facts));
        None
    }
}
