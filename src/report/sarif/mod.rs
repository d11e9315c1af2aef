//! SARIF 2.1.0 for code-scanning services: one run, with the verdict in its properties.
//!
//! What these services really use decides the form: every result has a place, URIs are relative,
//! suppressed results are left out (GitHub opens an alert for them all the same), and what has no
//! place becomes a notification.

mod model;
mod notifications;
mod results;
mod rules;
mod words;

use serde_json::{Value, json};

use super::headline::{decision_words, headline};
use super::selection::shown_findings;
use super::{RenderError, RenderOptions, Report, Shown, pretty_json};
use crate::model::Finding;
use crate::verdict::scorecard::Verdict;
use model::{Invocation, Log, Message, PROJECT, PropertyBag, ReportingDescriptor, Run, Tool, ToolComponent, UriBase};
use results::Results;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Most results of a run that GitHub takes.
const MOST_RESULTS: usize = 25_000;

pub(super) fn render(report: &Report, shown: Shown, options: RenderOptions) -> Result<String, RenderError> {
    let findings = shown_findings(report, shown);
    let (placed, unplaced): (Vec<&Finding>, Vec<&Finding>) = findings
        .into_iter()
        .partition(|finding| finding.primary.as_ref().is_some_and(|label| report.files.source(label.span.source).is_some()));
    let (placed, cut) = weightiest(placed);
    let results = Results::of(report, &placed);
    let driver = driver(results.rules);
    let invocation = Invocation {
        execution_successful: report.incomplete.is_empty(),
        exit_code: i64::from(options.exit_code),
        tool_execution_notifications: notifications::of(report, &unplaced, cut),
        properties: bag(report.scorecard.verdict.iter().map(|verdict| ("goNoGo", json!(verdict.decision.word())))),
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "utf16CodeUnits",
        invocations: [invocation],
        original_uri_base_ids: [(PROJECT, uri_base())].into(),
        results: results.results,
        properties: properties(report, options),
    };
    pretty_json(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, 0)
}

fn uri_base() -> UriBase {
    UriBase { description: Message { text: "The root of the repository, or outside one the path that gonogo was given.".to_owned() } }
}

fn driver(rules: Vec<ReportingDescriptor>) -> ToolComponent {
    ToolComponent {
        name: "gonogo",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules,
        notifications: notifications::descriptors(),
        information_uri: Some(env!("CARGO_PKG_REPOSITORY")).filter(|uri| !uri.is_empty()),
    }
}

/// The findings that a service takes, in their order, and how many lighter ones were left out.
fn weightiest(mut findings: Vec<&Finding>) -> (Vec<&Finding>, usize) {
    let cut = findings.len().saturating_sub(MOST_RESULTS);
    if cut > 0 {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings.truncate(MOST_RESULTS);
    }
    (findings, cut)
}

fn properties(report: &Report, options: RenderOptions) -> PropertyBag {
    let verdict = report.scorecard.verdict.as_ref();
    let of_verdict = verdict.into_iter().flat_map(|verdict| {
        [
            ("verdict", json!(verdict.decision.word())),
            ("headline", json!(headline(verdict))),
            ("criteria", criteria(verdict)),
            ("decision", json!(decision_words(verdict.decision))),
        ]
    });
    bag([
        ("exitCode", json!(options.exit_code)),
        ("now", json!(report.now.to_string())),
        ("rulesDigest", json!(report.rules_digest)),
        ("checklistVersion", json!(report.checklist_version)),
    ]
    .into_iter()
    .chain(of_verdict))
}

fn criteria(verdict: &Verdict) -> Value {
    let criterion = |criterion: &crate::verdict::scorecard::CriterionShown| {
        json!({
            "id": criterion.id,
            "voting": criterion.voting,
            "status": criterion.status.word(),
            "value": criterion.value,
            "threshold": criterion.threshold,
        })
    };
    verdict.criteria.iter().map(criterion).collect()
}

/// A property bag without tags.
fn bag<'k>(properties: impl IntoIterator<Item = (&'k str, Value)>) -> PropertyBag {
    PropertyBag { tags: None, additional: properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect() }
}
