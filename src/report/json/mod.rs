//! The JSON report: `schemas/report.schema.json` describes it, and a test holds both together.

mod finding;
mod verdict;

use serde::Serialize;

use super::selection::Counts;
use super::{RenderError, Report, Shown, pretty_json};
use crate::model::{InputStatus, Outcome, OutcomeOf, SubjectRef, Why};
use crate::text::Files;
use finding::FindingJson;
use verdict::{InstanceJson, RemarkJson, VerdictJson, remark};

/// Grows only when a key changes its meaning or goes away.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct ReportJson<'r> {
    schema_version: u32,
    tool: Tool,
    now: String,
    now_source: &'static str,
    rules_digest: &'r str,
    checklist_version: &'r str,
    profile: Profile<'r>,
    inputs: Vec<InputJson<'r>>,
    unrecognised: usize,
    instances: Vec<InstanceJson<'r>>,
    findings: Vec<FindingJson<'r>>,
    outcomes: Vec<OutcomeJson<'r>>,
    undecided: Vec<CauseJson<'r>>,
    verdict: Option<VerdictJson<'r>>,
    remarks: Vec<RemarkJson<'r>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Profile<'r> {
    criticality: &'r str,
    size: &'r str,
    deployment: Option<&'static str>,
}

#[derive(Serialize)]
struct InputJson<'r> {
    path: String,
    kind: &'r str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct SubjectJson<'r> {
    kind: &'static str,
    id: &'r str,
}

impl<'r> From<&'r SubjectRef> for SubjectJson<'r> {
    fn from(subject: &'r SubjectRef) -> Self {
        Self { kind: subject.kind.word(), id: &subject.id }
    }
}

#[derive(Serialize)]
struct OutcomeJson<'r> {
    rule: &'r str,
    subject: SubjectJson<'r>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<&'r str>,
}

/// Why some checks could not be decided.
#[derive(Serialize)]
struct CauseJson<'r> {
    count: usize,
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<&'r str>,
}

/// Suppressed findings are always there, with the reason: a program can leave them out itself.
pub(super) fn render(report: &Report, shown: Shown) -> Result<String, RenderError> {
    let findings = report.findings.iter().filter(|finding| finding.severity >= shown.min_severity);
    let json = ReportJson {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "gonogo", version: env!("CARGO_PKG_VERSION") },
        now: report.now.to_string(),
        now_source: report.now_source.word(),
        rules_digest: &report.rules_digest,
        checklist_version: &report.checklist_version,
        profile: Profile {
            criticality: &report.profile.criticality,
            size: &report.profile.size,
            deployment: report.profile.deployment.map(|deployment| deployment.word()),
        },
        inputs: report.inputs.iter().map(|of| input(of, &report.files)).collect(),
        unrecognised: report.unrecognised,
        instances: report.scorecard.instances.iter().map(|card| InstanceJson::new(card, &report.files)).collect(),
        findings: findings.map(|finding| FindingJson::new(finding, &report.files, &report.rules)).collect(),
        outcomes: report.outcomes.iter().map(outcome).collect(),
        undecided: report.undecided.causes().map(cause).collect(),
        verdict: report.scorecard.verdict.as_ref().map(|verdict| VerdictJson::new(verdict, &report.files)),
        remarks: report.scorecard.remarks.iter().map(|of| remark(of, &report.files)).collect(),
        summary: Counts::of(report),
    };
    pretty_json(&json, 512 * report.outcomes.len() + 4096 * report.findings.len())
}

/// The remarks about an input that was read stand where the reason of one that was not would.
fn input<'r>(input: &'r crate::model::Input, files: &Files) -> InputJson<'r> {
    let remarks: Vec<&str> = input.reason.iter().chain(&input.notes).map(String::as_str).collect();
    let silent = input.status == InputStatus::Parsed && remarks.is_empty();
    InputJson {
        path: files.in_project(&input.path),
        kind: &input.kind,
        status: input.status.word(),
        reason: (!silent).then(|| remarks.join("; ")),
    }
}

fn cause<'r>((why, count): (&'r Why, usize)) -> CauseJson<'r> {
    CauseJson { count, reason: &why.reason, needs: why.needs.as_deref() }
}

fn outcome(of: &OutcomeOf) -> OutcomeJson<'_> {
    let (reason, needs) = match &of.outcome {
        Outcome::Unknown(why, _) => (Some(why.reason.as_ref()), why.needs.as_deref()),
        Outcome::NotApplicable(reason) => (Some(reason.as_str()), None),
        Outcome::Accepted(findings) => {
            let by = findings.iter().find_map(|finding| finding.suppressed.as_ref());
            (by.map(|suppressed| suppressed.reason.as_str()), None)
        }
        Outcome::Pass | Outcome::Fail(_) => (None, None),
    };
    OutcomeJson { rule: &of.rule, subject: SubjectJson::from(of.subject.as_ref()), status: of.outcome.word(), reason, needs }
}
