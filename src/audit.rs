//! The pipeline: discover → survey (place, assemble) → judge → except → score → report.

mod commented;
mod discover;
mod files_seen;
mod hide;
mod inputs;
mod judge;
mod kinds;
mod request;
mod reviews;
mod survey;
mod united;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use hide::in_servers as hide_in_servers;
pub use inputs::Inputs;
pub use kinds::Kinds;
pub use request::{Named, Request};
pub use survey::{Survey, survey};

use judge::{Judge, Judged};

use crate::config::Config;
use crate::exceptions::{self, Exceptions};
use crate::fix;
use crate::model::{OutcomeOf, Severity, Unseen, Value};
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
    let context = Context { now: request.now, says_why_not: request.lists_outcomes, offers_fixes: request.offers_fixes };
    let keeps_all = request.mode == Mode::Audit || request.lists_outcomes;
    let rules = Arc::clone(&request.rules);
    let judge = Judge::of(&rules, context, keeps_all);
    let raised = request.config.severity.iter().map(|(rule, at)| (rule.clone(), at.value)).collect();
    let (mut survey, mut outcomes) = judged(files, named, &request, &judge, &raised);
    if request.offers_fixes {
        fix::offer(&mut outcomes, &survey.files, &survey.kinds, request.families, &survey.instances);
    }
    hide::in_outcomes(&mut outcomes, &survey.files);
    let mut undecided = judge.undecided();
    hide::in_undecided(&mut undecided, &survey.files);
    judge::mark(&mut outcomes);
    let exceptions =
        Exceptions { suppressions: std::mem::take(&mut survey.suppressions), accepts: accepts(&request.config, &survey.files) };
    let paths: BTreeSet<String> = survey.inputs.paths().collect();
    let instances: BTreeSet<String> = survey.instances.iter().map(|instance| instance.id.clone()).collect();
    let decided = judge.decided();
    let about = exceptions::Context {
        files: &survey.files,
        rules: &request.rules,
        now: request.now,
        paths: &paths,
        instances: &instances,
        decided: &decided,
    };
    let dead = exceptions::apply(&mut outcomes, &exceptions, &about);
    let mut findings = judge::findings(&mut outcomes, keeps_all, request.says_fingerprints || request.baseline.is_some(), &survey.files);
    findings = united::give_way(findings, &request.rules);
    if !keeps_all {
        outcomes = Vec::new();
    }
    findings.extend(dead);
    let gone = request.baseline.as_ref().map(|baseline| baseline.cover(&mut findings));
    let mut incomplete = survey.inputs.missing();
    if request.mode == Mode::Audit {
        // Whoever writes the tree writes its .gonogoignore too: `lint` obeys it, a verdict does not rest on it.
        incomplete.extend(survey.inputs.hidden_from_verdict());
    }
    let (scorecard, profile) = score(&survey, &outcomes, &request, checklist, !incomplete.is_empty());
    // Of a large tree these are a million small pieces of memory; nobody needs to wait until they are given back.
    rayon::spawn(move || drop(survey.instances));
    Report {
        mode: request.mode,
        now: request.now,
        now_source: request.now_source,
        rules_digest: request.rules.digest.clone(),
        checklist_version: checklist.version.clone(),
        profile,
        unrecognised: survey.unrecognised,
        unread_databases: unread_databases(&survey.unseen),
        inputs: survey.inputs.into_sorted(),
        scorecard,
        findings,
        outcomes,
        undecided,
        gone,
        work: judge.work(survey.files.opened()),
        incomplete,
        files: survey.files,
        rules: request.rules,
    }
}

/// Databases that were recognised and whose configuration is not read.
#[must_use]
pub fn unread_databases(unseen: &[Unseen]) -> Vec<String> {
    unseen.iter().filter_map(|unseen| Some(format!("{} ({})", unseen.workload, unseen.database?))).collect()
}

/// The text of a gonogo.toml with the evidence that is missing for what was named, and what of that could not be read.
#[must_use]
pub fn missing_evidence(files: Files, named: &Named, request: &Request, checklist: &Checklist) -> (String, Vec<String>) {
    let judge = Judge::of(&request.rules, Context { now: request.now, says_why_not: false, offers_fixes: false }, true);
    let (survey, mut outcomes) = judged(files, named, request, &judge, &BTreeMap::new());
    hide::in_outcomes(&mut outcomes, &survey.files);
    let missing = survey.inputs.missing();
    let incomplete = !missing.is_empty() || !survey.inputs.hidden_from_verdict().is_empty();
    let input = verdict_input(&survey, &outcomes, request, checklist, incomplete);
    (verdict::init::gonogo_toml(&input, &verdict::judge(&input)), missing)
}

/// Looks at everything that was named, and judges it. `raised` are severities of gonogo.toml.
fn judged(
    files: Files,
    named: &Named,
    request: &Request,
    judge: &Judge<'_>,
    raised: &BTreeMap<String, Severity>,
) -> (Survey<Judged>, Vec<OutcomeOf>) {
    let mut survey = survey::looking(files, named, request, |subject| judge.subject(subject));
    hide::in_unseen(&mut survey.unseen, &survey.files);
    let mut judged = judge.instances(&mut survey.instances, judge.keeps_all || request.offers_fixes);
    judged.extend([&mut survey.services, &mut survey.files_seen, &mut survey.project].into_iter().flat_map(std::mem::take));
    let outcomes = judge.joined(judged, raised);
    (survey, outcomes)
}

fn score(
    survey: &Survey<Judged>,
    outcomes: &[OutcomeOf],
    request: &Request,
    checklist: &Checklist,
    incomplete: bool,
) -> (Scorecard, ProfileShown) {
    let input = verdict_input(survey, outcomes, request, checklist, incomplete);
    let profile =
        ProfileShown { criticality: input.criticality().to_string(), size: input.size().to_string(), deployment: request.deployment };
    let scorecard = match request.mode {
        Mode::Audit => verdict::judge(&input),
        Mode::Lint => verdict::without_verdict(&input),
    };
    (scorecard, profile)
}

fn verdict_input<'a>(
    survey: &'a Survey<Judged>,
    outcomes: &'a [OutcomeOf],
    request: &'a Request,
    checklist: &'a Checklist,
    incomplete: bool,
) -> VerdictInput<'a> {
    let options = ProfileOptions {
        criticality: request.criticality.as_deref().and_then(|word| word.parse().ok()),
        size: request.size.as_deref().and_then(|word| word.parse().ok()),
        deployment: request.deployment,
    };
    VerdictInput {
        instances: &survey.instances,
        outcomes,
        rules: &request.rules,
        config: &request.config,
        checklist,
        options,
        now: request.now,
        incomplete,
        unseen: &survey.unseen,
        relied: &survey.relied,
        reviews: survey.reviews.all(),
        unanswered: &survey.unanswered,
        history: None,
    }
}

/// Thresholds of gonogo.toml, in the form that the loader of rules takes.
#[must_use]
pub fn overrides(config: &Config) -> Overrides {
    let mut overrides: Overrides = BTreeMap::new();
    for (rule, params) in &config.params {
        let literals = params.value.iter().map(|(name, at)| (name.clone(), literal(&at.value))).collect();
        overrides.insert(rule.clone(), literals);
    }
    overrides
}

fn literal(value: &Value) -> Literal {
    match value {
        Value::Bool(truth) => Literal::Bool(*truth),
        Value::Integer(number) => Literal::Integer(*number),
        Value::Real(number) => Literal::Real(*number),
        Value::List(items) => Literal::List(items.iter().cloned().map(Literal::Text).collect()),
        other => Literal::Text(other.to_string()),
    }
}

fn accepts(config: &Config, files: &Files) -> Vec<exceptions::Accept> {
    let accept = |accept: &crate::config::Accept| exceptions::Accept {
        rule: accept.rule.value.clone(),
        path: accept.path.as_ref().map(|at| config.resolve(&at.value, files)),
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
