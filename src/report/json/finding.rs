//! Findings in the JSON report.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::SubjectJson;
use crate::model::{Compliance, Finding, Fix, Label, Suppressed};
use crate::report::place::Place;
use crate::rules::{RuleSet, compliance};
use crate::text::Files;

#[derive(Serialize)]
pub(super) struct FindingJson<'r> {
    rule: &'r str,
    severity: &'static str,
    shipped_severity: &'static str,
    pillar: &'static str,
    items: &'r [Cow<'static, str>],
    subject: SubjectJson<'r>,
    instances: &'r [String],
    message: &'r str,
    found: Option<&'r str>,
    expected: Option<&'r str>,
    path: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    related: Vec<RelatedJson<'r>>,
    certainty: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    depends_on: &'r [String],
    origin: &'static str,
    help: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson<'r>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    compliance: Compliance,
    fingerprint: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<SuppressedJson<'r>>,
}

#[derive(Serialize)]
struct RelatedJson<'r> {
    path: String,
    line: u32,
    column: u32,
    message: &'r str,
}

#[derive(Serialize)]
struct FixJson<'r> {
    applicability: &'static str,
    edits: Vec<EditJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'r str>,
}

#[derive(Serialize)]
struct EditJson<'r> {
    #[serde(flatten)]
    place: Place,
    replacement: &'r str,
}

#[derive(Serialize)]
struct SuppressedJson<'r> {
    kind: &'static str,
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl<'r> FindingJson<'r> {
    pub(super) fn new(finding: &'r Finding, files: &Files, rules: &RuleSet) -> Self {
        let place = finding.primary.as_ref().and_then(|label| Place::in_project(files, label.span));
        Self {
            rule: &finding.rule,
            severity: finding.severity.word(),
            shipped_severity: finding.shipped_severity.word(),
            pillar: finding.pillar.word(),
            items: &finding.items,
            subject: SubjectJson::from(&finding.subject),
            instances: &finding.instances,
            message: &finding.message,
            found: finding.found.as_deref(),
            expected: finding.expected.as_deref(),
            line: place.as_ref().map(|place| place.line),
            column: place.as_ref().map(|place| place.column),
            end_line: place.as_ref().map(|place| place.end_line),
            end_column: place.as_ref().map(|place| place.end_column),
            path: place.map(|place| place.path),
            related: finding.related.iter().filter_map(|label| related(label, files)).collect(),
            certainty: finding.certainty.word(),
            depends_on: &finding.depends_on,
            origin: finding.origin.word(),
            help: &finding.help,
            fix: finding.fix.as_ref().map(|of| fix(of, files)),
            compliance: rules.get(&finding.rule).map(compliance::requirements).unwrap_or_default(),
            fingerprint: &finding.fingerprint,
            suppressed: finding.suppressed.as_deref().map(suppressed),
        }
    }
}

fn related<'r>(label: &'r Label, files: &Files) -> Option<RelatedJson<'r>> {
    let place = Place::in_project(files, label.span)?;
    Some(RelatedJson { path: place.path, line: place.line, column: place.column, message: &label.message })
}

fn fix<'r>(fix: &'r Fix, files: &Files) -> FixJson<'r> {
    let edit =
        |edit: &'r crate::model::Edit| Some(EditJson { place: Place::in_project(files, edit.span)?, replacement: &edit.replacement });
    FixJson { applicability: fix.applicability.word(), edits: fix.edits.iter().filter_map(edit).collect(), note: fix.note.as_deref() }
}

fn suppressed(by: &Suppressed) -> SuppressedJson<'_> {
    SuppressedJson { kind: by.kind.word(), reason: &by.reason, owner: by.owner.as_deref(), until: by.until.map(|until| until.to_string()) }
}
