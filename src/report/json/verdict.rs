//! Instances, their checklists and verdicts in the JSON report.

use serde::Serialize;

use crate::config::PlanFor;
use crate::report::place::Place;
use crate::text::Files;
use crate::verdict::scorecard::{
    AlertShown, Blocker, CriterionShown, EvidenceShown, InstanceCard, ItemShown, PillarShown, PlanShown, Reason, Remark, RunbookShown,
    Verdict,
};

#[derive(Serialize)]
pub(super) struct InstanceJson<'r> {
    id: &'r str,
    engine: &'static str,
    version: Option<&'r str>,
    deployment: &'static str,
    purpose: &'static str,
    environment: &'static str,
    reach: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'r str>,
    sources: Vec<String>,
    verdict: Option<VerdictJson<'r>>,
    pillars: Vec<PillarJson<'r>>,
    /// Items outside the pillars.
    attestations: Vec<ItemJson<'r>>,
    alerts: Vec<AlertJson<'r>>,
    runbooks: Vec<RunbookJson<'r>>,
    maturity: Option<MaturityJson<'r>>,
}

#[derive(Serialize)]
struct PillarJson<'r> {
    id: &'r str,
    passed: u32,
    applicable: u32,
    need: u32,
    misses_left: u32,
    verified: u32,
    attested: u32,
    unknown: u32,
    expired: u32,
    accepted: u32,
    not_applicable: u32,
    percent: u32,
    threshold: u32,
    items: Vec<ItemJson<'r>>,
}

#[derive(Serialize)]
struct ItemJson<'r> {
    id: &'r str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'static str>,
    blocker: bool,
    reason: &'r str,
    rules: Vec<ItemRuleJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceJson<'r>>,
}

#[derive(Serialize)]
struct ItemRuleJson<'r> {
    rule: &'r str,
    status: &'static str,
}

#[derive(Serialize)]
struct EvidenceJson<'r> {
    on: String,
    by: &'r str,
    proof: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'r str>,
    valid_until: String,
}

#[derive(Serialize)]
struct AlertJson<'r> {
    watches: &'r str,
    defined: bool,
    fed: bool,
    routed: bool,
    tested: bool,
    source: Option<&'r str>,
}

#[derive(Serialize)]
struct RunbookJson<'r> {
    id: &'r str,
    path: Option<&'r str>,
    status: &'static str,
}

#[derive(Serialize)]
struct MaturityJson<'r> {
    level: u8,
    next: &'r [String],
}

#[derive(Serialize)]
pub(super) struct VerdictJson<'r> {
    decision: &'static str,
    verified: u32,
    attested: u32,
    not_applicable: u32,
    total: u32,
    criteria: Vec<CriterionJson<'r>>,
    blockers: Vec<BlockerJson<'r>>,
    plans: Vec<PlanJson<'r>>,
    reasons: Vec<ReasonJson<'r>>,
}

#[derive(Serialize)]
struct CriterionJson<'r> {
    id: &'r str,
    voting: bool,
    status: &'static str,
    value: &'r str,
    threshold: Option<&'r str>,
    explanation: &'r str,
    instances: &'r [String],
}

#[derive(Serialize)]
struct BlockerJson<'r> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'r str>,
    instance: &'r str,
    message: &'r str,
    path: Option<String>,
    line: Option<u32>,
    next: &'r str,
}

#[derive(Serialize)]
struct PlanJson<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    owner: &'r str,
    action: &'r str,
    due: String,
    counts: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
}

/// A remark about what people state.
#[derive(Serialize)]
pub(super) struct RemarkJson<'r> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'r str>,
    message: &'r str,
    next: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

pub(super) fn remark<'r>(remark: &'r Remark, files: &Files) -> RemarkJson<'r> {
    let place = remark.span.and_then(|span| Place::in_project(files, span));
    RemarkJson {
        code: remark.code,
        instance: remark.instance.as_deref(),
        item: remark.item.as_deref(),
        message: &remark.message,
        next: &remark.help,
        line: place.as_ref().map(|place| place.line),
        path: place.map(|place| place.path),
    }
}

#[derive(Serialize)]
struct ReasonJson<'r> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'r str>,
    message: &'r str,
    next: &'r str,
}

impl<'r> InstanceJson<'r> {
    pub(super) fn new(card: &'r InstanceCard, files: &Files) -> Self {
        Self {
            id: &card.id,
            engine: card.engine.word(),
            version: card.version.as_deref(),
            deployment: card.deployment.word(),
            purpose: card.purpose.word(),
            environment: card.environment.word(),
            reach: card.reach,
            group: card.group.as_deref(),
            sources: card.sources.iter().map(|path| files.in_project(path)).collect(),
            verdict: card.verdict.as_ref().map(|verdict| VerdictJson::new(verdict, files)),
            pillars: card.pillars.iter().map(pillar).collect(),
            attestations: card.attestations.iter().map(item).collect(),
            alerts: card.alerts.iter().map(alert).collect(),
            runbooks: card.runbooks.iter().map(runbook).collect(),
            maturity: card.maturity.as_ref().map(|maturity| MaturityJson { level: maturity.level, next: &maturity.next }),
        }
    }
}

fn pillar(pillar: &PillarShown) -> PillarJson<'_> {
    PillarJson {
        id: &pillar.id,
        passed: pillar.passed,
        applicable: pillar.applicable,
        need: pillar.need,
        misses_left: pillar.misses_left,
        verified: pillar.verified,
        attested: pillar.attested,
        unknown: pillar.unknown,
        expired: pillar.expired,
        accepted: pillar.accepted,
        not_applicable: pillar.not_applicable,
        percent: pillar.percent,
        threshold: pillar.threshold,
        items: pillar.items.iter().map(item).collect(),
    }
}

fn item(item: &ItemShown) -> ItemJson<'_> {
    ItemJson {
        id: &item.id,
        status: item.status.word(),
        basis: item.basis.map(|basis| basis.word()),
        blocker: item.blocker,
        reason: &item.reason,
        rules: item.rules.iter().map(|rule| ItemRuleJson { rule: &rule.rule, status: rule.status }).collect(),
        evidence: item.evidence.as_ref().map(evidence),
    }
}

fn evidence(evidence: &EvidenceShown) -> EvidenceJson<'_> {
    EvidenceJson {
        on: evidence.on.to_string(),
        by: &evidence.by,
        proof: &evidence.proof,
        sha256: evidence.sha256.as_deref(),
        valid_until: evidence.valid_until.to_string(),
    }
}

fn alert(alert: &AlertShown) -> AlertJson<'_> {
    let AlertShown { watches, defined, fed, routed, tested, source } = alert;
    AlertJson { watches, defined: *defined, fed: *fed, routed: *routed, tested: *tested, source: source.as_deref() }
}

fn runbook(runbook: &RunbookShown) -> RunbookJson<'_> {
    RunbookJson { id: &runbook.id, path: runbook.path.as_deref(), status: runbook.status.word() }
}

impl<'r> VerdictJson<'r> {
    pub(super) fn new(verdict: &'r Verdict, files: &Files) -> Self {
        Self {
            decision: verdict.decision.word(),
            verified: verdict.verified,
            attested: verdict.attested,
            not_applicable: verdict.not_applicable,
            total: verdict.total,
            criteria: verdict.criteria.iter().map(criterion).collect(),
            blockers: verdict.blockers.iter().map(|one| blocker(one, files)).collect(),
            plans: verdict.plans.iter().map(plan).collect(),
            reasons: verdict.reasons.iter().map(reason).collect(),
        }
    }
}

fn criterion(criterion: &CriterionShown) -> CriterionJson<'_> {
    let CriterionShown { id, voting, status, value, threshold, explanation, instances } = criterion;
    CriterionJson { id, voting: *voting, status: status.word(), value, threshold: threshold.as_deref(), explanation, instances }
}

fn blocker<'r>(blocker: &'r Blocker, files: &Files) -> BlockerJson<'r> {
    let place = blocker.span.and_then(|span| Place::in_project(files, span));
    BlockerJson {
        kind: blocker.kind.word(),
        rule: blocker.rule.as_deref(),
        item: blocker.item.as_deref(),
        instance: &blocker.instance,
        message: &blocker.message,
        line: place.as_ref().map(|place| place.line),
        path: place.map(|place| place.path),
        next: &blocker.next,
    }
}

fn plan(plan: &PlanShown) -> PlanJson<'_> {
    let PlanShown { about, owner, action, due, counts } = plan;
    let (criterion, rule) = match about {
        PlanFor::Criterion(criterion) => (Some(criterion.word()), None),
        PlanFor::Rule(rule) => (None, Some(rule.as_str())),
    };
    let reason = counts.as_ref().err().map(String::as_str);
    PlanJson { criterion, rule, owner, action, due: due.to_string(), counts: counts.is_ok(), reason }
}

fn reason(reason: &Reason) -> ReasonJson<'_> {
    let Reason { kind, item, rule, instance, message, next, span: _ } = reason;
    ReasonJson { kind: kind.word(), item: item.as_deref(), rule: rule.as_deref(), instance: instance.as_deref(), message, next }
}
