//! Status of an item: the first of not-applicable, fail, verified, attested, expired, unknown that holds.

use super::applicability::{by_data, declared};
use super::case::Case;
use super::checklist::{DecidedBy, EvidenceUse, Item};
use super::evidence::{Attested, attested, shown};
use super::relied;
use super::requirements::{self, Requirements};
use super::says::{RuleSay, Says};
use super::scorecard::{Basis, ItemShown, ItemStatus, Remark};
use crate::config::Evidence;
use crate::model::{Date, Finding, Instance, Reach};

/// An item of an instance, judged.
pub(super) struct Judged<'a> {
    pub(super) item: &'a Item,
    pub(super) shown: ItemShown,
    /// What to do next.
    pub(super) next: String,
    /// What fails it.
    pub(super) finding: Option<&'a Finding>,
    /// The evidence that decides it, or is too old.
    pub(super) evidence: Option<&'a Evidence>,
    /// Findings that were accepted.
    pub(super) accepted: Vec<&'a Finding>,
    /// What contradicts what is stated.
    pub(super) remark: Option<Remark>,
}

impl Judged<'_> {
    pub(super) fn status(&self) -> ItemStatus {
        self.shown.status
    }

    pub(super) fn passes(&self) -> bool {
        self.status() == ItemStatus::Pass
    }
}

/// Judges every item of an instance; those that are the same as another are judged once.
pub(super) fn judge_items<'a>(case: &Case<'a>, needs: &Requirements) -> Vec<Judged<'a>> {
    let items = &case.run.input.checklist.items;
    let judge = |item: &'a Item| {
        let evaluated = item.same_as.as_deref().and_then(|id| case.run.input.checklist.item(id)).unwrap_or(item);
        let mut judged = judge_item(case, evaluated, needs);
        judged.item = item;
        judged.shown.id.clone_from(&item.id);
        judged
    };
    items.iter().map(judge).collect()
}

fn judge_item<'a>(case: &Case<'a>, item: &'a Item, needs: &Requirements) -> Judged<'a> {
    let says = Says::about(case, item);
    let start = Start { case, item, says: &says };
    if let Some(reason) = by_data(case, item)
        && !says.hop_speaks()
    {
        return start.judged(ItemStatus::NotApplicable, reason, String::new());
    }
    if let Some(declared) = declared(case, item)
        && says.any_failing().is_none()
    {
        return start.judged(ItemStatus::NotApplicable, format!("declared by {}: {}", declared.by, declared.reason), String::new());
    }
    let evidence = if item.evidence == EvidenceUse::Never { Attested::Missing(None) } else { attested(case, item, None) };
    if let Some(failed) = failing(&start, &evidence) {
        return failed;
    }
    if let Some(accepted) = accepted(&start) {
        return accepted;
    }
    if says.proven() {
        return start.seen("seen in the files".to_owned());
    }
    if let Some(decided) = decided_otherwise(&start, needs, &evidence) {
        return decided;
    }
    by_evidence(&start, evidence)
}

struct Start<'s, 'a> {
    case: &'s Case<'a>,
    item: &'a Item,
    says: &'s Says<'a>,
}

impl<'a> Start<'_, 'a> {
    fn judged(&self, status: ItemStatus, reason: String, next: String) -> Judged<'a> {
        Judged {
            item: self.item,
            shown: ItemShown {
                id: self.item.id.clone(),
                title: self.item.title.clone(),
                status,
                basis: None,
                blocker: self.case.blocks(self.item).is_some(),
                reason,
                rules: self.says.shown(),
                evidence: None,
            },
            next,
            finding: None,
            evidence: None,
            accepted: Vec::new(),
            remark: None,
        }
    }

    fn verified(&self, reason: String) -> Judged<'a> {
        let mut judged = self.judged(ItemStatus::Pass, reason, String::new());
        judged.shown.basis = Some(Basis::Verified);
        judged
    }

    /// Shown by files, and attested where that rests on the word of a person who read one of them.
    fn seen(&self, reason: String) -> Judged<'a> {
        match relied::of(self.case.run.input.relied, &self.case.instance.id, self.item) {
            Some(relied) => self.attested(format!("{reason}, and {}", relied.told)),
            None => self.verified(reason),
        }
    }

    fn attested(&self, reason: String) -> Judged<'a> {
        let mut judged = self.judged(ItemStatus::Pass, format!("attested, not verified: {reason}"), String::new());
        judged.shown.basis = Some(Basis::Attested);
        judged
    }

    /// What to state when nothing else shows the item.
    fn ask(&self) -> String {
        let runs = self.says.why_unknown().and_then(|why| why.needs.clone());
        let stated = match self.item.decided_by {
            Some(DecidedBy::Alerts) => {
                Some("state an [[alert]] for each required alert, with its receiver and the day of its test".to_owned())
            }
            Some(DecidedBy::Objectives) => Some("state rpo and rto under [objectives]".to_owned()),
            Some(DecidedBy::Team) => Some("state [team] with members, trained and on".to_owned()),
            _ if self.item.evidence == EvidenceUse::Never => None,
            _ => Some(format!("state [[evidence]] with item = \"{}\" (`gonogo init` writes the lines)", self.item.id)),
        };
        match (runs, stated) {
            (Some(needs), Some(stated)) if self.item.evidence == EvidenceUse::Always => format!("{needs}; or {stated}"),
            (Some(needs), _) => needs.to_string(),
            (None, Some(stated)) => stated,
            (None, None) => "give the files that show it".to_owned(),
        }
    }
}

fn with_evidence<'a>(mut judged: Judged<'a>, evidence: &'a Evidence, until: Date) -> Judged<'a> {
    judged.shown.evidence = Some(shown(evidence, until));
    judged.evidence = Some(evidence);
    judged
}

/// Rules that fail it, facts that contradict what is stated, an unlimited reach, or a test that went wrong.
fn failing<'a>(start: &Start<'_, 'a>, evidence: &Attested<'a>) -> Option<Judged<'a>> {
    if let Attested::Failed(evidence) = evidence {
        let reason = format!("it went wrong on {} ({}, {})", evidence.on, evidence.by, evidence.proof.shown());
        let judged = start.judged(ItemStatus::Fail, reason, "mend what went wrong, repeat it, and state the new result".to_owned());
        return Some(with_evidence(judged, evidence, evidence.on));
    }
    let stated = match evidence {
        Attested::Valid(evidence, until) => Some((*evidence, *until)),
        _ => None,
    };
    let rule = start.says.failing().max_by_key(|rule| rule.severity);
    let rule = rule.or_else(|| stated.and_then(|_| start.says.contradicting()));
    if let Some(rule) = rule {
        return Some(contradicted(start, failed_by(start, rule), stated));
    }
    let mut hops = start.case.hops().filter(|_| start.item.decided_by == Some(DecidedBy::Reach));
    hops.find(|hop| hop.reach.least == Reach::Any).map(|hop| {
        let by = if hop.id == start.case.instance.id { String::new() } else { format!(" by {}", hop.id) };
        let reason = format!("the server can be reached from anywhere{by}{}", chain(hop));
        let next = "publish the port on the loopback or a private address only, or limit the source addresses".to_owned();
        contradicted(start, start.judged(ItemStatus::Fail, reason, next), stated)
    })
}

fn failed_by<'a>(start: &Start<'_, 'a>, rule: &RuleSay<'a>) -> Judged<'a> {
    let message = rule.finding.map_or_else(|| format!("{} fails", rule.rule), |finding| finding.message.clone());
    let next = rule.finding.map_or_else(|| format!("see `gonogo explain {}`", rule.rule), |finding| finding.help.to_string());
    let mut judged = start.judged(ItemStatus::Fail, message, next);
    judged.finding = rule.finding;
    judged
}

/// Names both sides where what is stated and what is seen disagree.
fn contradicted<'a>(start: &Start<'_, 'a>, mut judged: Judged<'a>, stated: Option<(&'a Evidence, Date)>) -> Judged<'a> {
    if let Some((evidence, until)) = stated {
        let seen = judged.shown.reason.clone();
        judged.shown.reason = format!("{seen}; the evidence of {} says otherwise, and what is seen counts", evidence.on);
        judged.remark = Some(Remark {
            code: "evidence-contradicted",
            instance: Some(start.case.instance.id.clone()),
            item: Some(start.item.id.clone()),
            message: format!("{} is attested by {} ({}), yet: {seen}", start.item.id, evidence.by, evidence.proof.shown()),
            help: "correct what was found, or the statement".to_owned(),
            span: Some(evidence.span),
            related: judged.finding.and_then(|finding| finding.primary.as_ref()).map(|label| label.span),
        });
        judged = with_evidence(judged, evidence, until);
    }
    judged
}

/// Failures that are all accepted; where the item blocks, they fail it as if nobody had accepted them.
fn accepted<'a>(start: &Start<'_, 'a>) -> Option<Judged<'a>> {
    let findings: Vec<&Finding> = start.says.accepted().flat_map(|rule| rule.accepted.iter().copied()).collect();
    let rule = start.says.accepted().max_by_key(|rule| rule.severity)?;
    let first = findings.first().copied();
    let message = first.map_or_else(|| rule.rule.to_owned(), |finding| finding.message.clone());
    let next = first.map_or_else(String::new, |finding| finding.help.to_string());
    let mut judged = if start.case.blocks(start.item).is_some() {
        start.judged(ItemStatus::Fail, format!("{message}; what blocks cannot be accepted"), next)
    } else {
        start.judged(ItemStatus::Accepted, format!("accepted: {message}"), next)
    };
    (judged.finding, judged.accepted) = (first, findings);
    Some(judged)
}

/// What is decided neither by rules nor by evidence of its own.
fn decided_otherwise<'a>(start: &Start<'_, 'a>, needs: &Requirements, evidence: &Attested<'a>) -> Option<Judged<'a>> {
    let case = start.case;
    match start.item.decided_by? {
        DecidedBy::Reach => {
            let limited = case.hops().all(|hop| hop.reach.most < Reach::Any);
            limited.then(|| start.seen(format!("not everybody can reach the server{}", chain(case.instance))))
        }
        DecidedBy::Alerts => {
            let (tested, there) = (needs.alerts.iter().all(|alert| alert.tested), needs.alerts.iter().all(requirements::reaches_somebody));
            let wanted = if start.item.id.ends_with("/alert-test") { tested && there } else { there };
            let own = wanted && !matches!(evidence, Attested::Valid(..));
            own.then(|| start.attested(format!("{} alerts are stated", needs.alerts.len())))
        }
        DecidedBy::Runbooks => Some(runbooks(start, needs)),
        DecidedBy::Objectives => {
            let both = case.objectives.rpo.is_some() && case.objectives.rto.is_some();
            both.then(|| start.attested("gonogo.toml states rpo and rto".to_owned()))
        }
        DecidedBy::Team => requirements::team_trained(case).then(|| start.attested("gonogo.toml has [team]".to_owned())),
    }
}

fn runbooks<'a>(start: &Start<'_, 'a>, needs: &Requirements) -> Judged<'a> {
    let with = |status| needs.runbooks.iter().filter(move |runbook| runbook.status == status).map(|runbook| runbook.id.as_str());
    let listed = |status| with(status).collect::<Vec<_>>().join(", ");
    let next = format!("write the runbook, and state [[evidence]] with item = \"{}\" and runbook = \"…\"", start.item.id);
    let of = |status, text: &str| start.judged(status, format!("{text}: {}", listed(status)), next.clone());
    if with(ItemStatus::Fail).next().is_some() {
        of(ItemStatus::Fail, "found wanting")
    } else if with(ItemStatus::Unknown).next().is_some() {
        of(ItemStatus::Unknown, "not shown yet")
    } else if with(ItemStatus::Expired).next().is_some() {
        of(ItemStatus::Expired, "reviewed too long ago")
    } else {
        start.attested(format!("{} runbooks are stated", needs.runbooks.len()))
    }
}

fn by_evidence<'a>(start: &Start<'_, 'a>, evidence: Attested<'a>) -> Judged<'a> {
    let partly_seen = start.item.evidence == EvidenceUse::Unseen && start.says.seen_in_files();
    match evidence {
        Attested::Valid(evidence, until) if !partly_seen => {
            let reason = format!("{} on {} ({})", evidence.by, evidence.on, evidence.proof.shown());
            with_evidence(start.attested(reason), evidence, until)
        }
        Attested::Expired(evidence, until) if !partly_seen => {
            let reason = format!("expired since {until}: the evidence is of {}", evidence.on);
            let next = "repeat it, and state [[evidence]] with the new date".to_owned();
            with_evidence(start.judged(ItemStatus::Expired, reason, next), evidence, until)
        }
        Attested::Missing(Some(refused)) => start.judged(ItemStatus::Unknown, format!("not shown yet: {refused}"), start.ask()),
        _ => {
            let why = start.says.why_unknown().map_or("no file tells, and no evidence is stated", |why| why.reason.as_ref());
            start.judged(ItemStatus::Unknown, format!("not shown yet: {why}"), start.ask())
        }
    }
}

/// How the reach came about.
fn chain(instance: &Instance) -> String {
    let steps: Vec<&str> = instance.reach.chain.iter().map(|step| step.message.as_str()).collect();
    if steps.is_empty() { String::new() } else { format!(": {}", steps.join("; ")) }
}
