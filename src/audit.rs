//! The pipeline: discover → survey (place, assemble) → judge → except → score → report.

mod discover;
mod inputs;
mod judge;
mod request;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use discover::Kind;
pub use inputs::Inputs;
pub use request::{Named, Request};
pub use survey::{Survey, survey};

use crate::config::Config;
use crate::exceptions::{self, Exceptions};
use crate::report::{Mode, ProfileShown, Report};
use crate::rules::{Context, Literal, Overrides};
use crate::text::Files;
use crate::verdict::checklist::Checklist;
use crate::verdict::profile::ProfileOptions;
use crate::verdict::scorecard::Scorecard;
use crate::verdict::{self, VerdictInput};

/// Audits what was named.
#[must_use]
pub fn run(files: Files, named: &Named, request: Request, checklist: &Checklist) -> Report {
    let mut survey = survey(files, named, &request);
    let context = Context { now: request.now };
    let raised = request.config.severity.iter().map(|(rule, at)| (rule.clone(), at.value)).collect();
    let mut outcomes = judge::judge(&survey, &request.rules, &context, &raised);
    let mut findings = judge::findings(&mut outcomes, &survey.files);
    let exceptions = Exceptions {
        suppressions: std::mem::take(&mut survey.suppressions),
        accepts: accepts(&request.config),
        baseline: request.baseline.clone(),
    };
    let paths: BTreeSet<String> = survey.inputs.paths().collect();
    let instances: BTreeSet<String> = survey.instances.iter().map(|instance| instance.id.clone()).collect();
    let about = exceptions::Context { files: &survey.files, rules: &request.rules, now: request.now, paths: &paths, instances: &instances };
    let dead = exceptions::apply(&mut outcomes, &exceptions, &about);
    if !exceptions.is_empty() {
        findings = judge::findings(&mut outcomes, &survey.files);
    }
    findings.extend(dead);
    let incomplete = survey.inputs.missing();
    let (scorecard, profile) = score(&survey, &outcomes, &request, checklist, !incomplete.is_empty());
    Report {
        mode: request.mode,
        now: request.now,
        now_source: request.now_source,
        rules_digest: request.rules.digest.clone(),
        checklist_version: checklist.version.clone(),
        profile,
        unrecognised: survey.unrecognised,
        inputs: survey.inputs.into_sorted(),
        scorecard,
        findings,
        outcomes,
        incomplete,
        files: survey.files,
        rules: request.rules,
    }
}

fn score(survey: &Survey, outcomes: &[crate::model::OutcomeOf], request: &Request, checklist: &Checklist, incomplete: bool) -> (Scorecard, ProfileShown) {
    let options = ProfileOptions {
        criticality: request.criticality.as_deref().and_then(|word| word.parse().ok()),
        size: request.size.as_deref().and_then(|word| word.parse().ok()),
        deployment: request.deployment,
    };
    let input = VerdictInput {
        instances: &survey.instances,
        outcomes,
        rules: &request.rules,
        config: &request.config,
        checklist,
        options,
        now: request.now,
        incomplete,
        unclaimed: &survey.unclaimed,
        history: None,
    };
    let profile = ProfileShown { criticality: input.criticality().to_string(), size: input.size().to_string(), deployment: request.deployment };
    let scorecard = match request.mode {
        Mode::Audit => verdict::judge(&input),
        Mode::Lint => verdict::without_verdict(&input),
    };
    (scorecard, profile)
}

/// Thresholds of gonogo.toml, in the form that the loader of rules takes.
#[must_use]
pub fn overrides(config: &Config) -> Overrides {
    let mut overrides: Overrides = BTreeMap::new();
    for (rule, params) in &config.params {
        let literals = params.value.iter().map(|(name, at)| (name.clone(), Literal::from_value(&at.value))).collect();
        overrides.insert(rule.clone(), literals);
    }
    overrides
}

fn accepts(config: &Config) -> Vec<exceptions::Accept> {
    let accept = |accept: &crate::config::Accept| exceptions::Accept {
        rule: accept.rule.value.clone(),
        path: accept.path.as_ref().map(|at| config.resolve(&at.value)),
        instance: accept.instance.as_ref().map(|at| at.value.clone()),
        kind: match accept.kind {
            crate::model::SuppressionKind::FalsePositive => exceptions::AcceptKind::FalsePositive,
            _ => exceptions::AcceptKind::Accepted,
        },
        reason: accept.reason.clone(),
        owner: Some(accept.owner.clone()),
        until: Some(accept.until.value),
        span: accept.span,
    };
    config.accepts.iter().map(accept).collect()
}

