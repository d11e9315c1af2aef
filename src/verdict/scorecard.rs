//! The shapes of a verdict: what the report shows of it.

use crate::config::PlanFor;
use crate::model::words::words;
use crate::model::{Date, Deployment, Engine, Environment, Purpose};
use crate::text::Span;

words! {
    /// The decision, from bad to good; `NotEvaluated` stands apart.
    Decision {
        /// Too little could be seen to decide.
        NotEvaluated = "not-evaluated",
        /// Do not go live.
        NoGo = "no-go",
        /// Go live, with a plan for what is slightly below.
        GoWithReservations = "go-with-reservations",
        /// Go live.
        Go = "go",
    }
}
words! {
    /// Status of a checklist item.
    ItemStatus {
        /// The good state is shown.
        Pass = "pass",
        /// The opposite is shown.
        Fail = "fail",
        /// Nothing shows it.
        Unknown = "unknown",
        /// The evidence is too old.
        Expired = "expired",
        /// It fails, and the failure is accepted.
        Accepted = "accepted",
        /// It does not concern the instance.
        NotApplicable = "not-applicable",
    }
}
words! {
    /// What a pass rests on.
    Basis {
        /// Seen by rules.
        Verified = "verified",
        /// Stated by people.
        Attested = "attested",
    }
}
words! {
    /// Status of a criterion.
    CriterionStatus {
        /// At its threshold.
        Met = "met",
        /// Within the band of reservations.
        SlightlyBelow = "slightly-below",
        /// Below that band.
        Below = "below",
        /// It does not concern the instance.
        NotApplicable = "not-applicable",
    }
}
words! {
    /// Why something stands against GO.
    ReasonKind {
        /// Something wrong was found.
        Defect = "defect",
        /// Nothing shows it yet.
        Unproven = "unproven",
        /// The evidence is too old.
        Expired = "expired",
        /// A reservation, with or without a plan.
        Plan = "plan",
    }
}

/// A rule that has a say in an item, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRule {
    /// Rule id.
    pub rule: String,
    /// `pass`, `fail`, `unknown`, `not-applicable`, `accepted`.
    pub status: &'static str,
}

/// The evidence behind an attested or expired item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceShown {
    /// When it was done.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// Proof as written: a path, URL or ticket.
    pub proof: String,
    /// SHA-256 of the proof file, in hexadecimal; `None` for what is not fetched.
    pub sha256: Option<String>,
    /// Last day on which it counts.
    pub valid_until: Date,
}

/// One checklist item of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemShown {
    /// `security/tls`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Status.
    pub status: ItemStatus,
    /// What a pass rests on.
    pub basis: Option<Basis>,
    /// Whether it blocks.
    pub blocker: bool,
    /// Why the status is what it is; for `unknown`, what would show it.
    pub reason: String,
    /// Rules that had a say.
    pub rules: Vec<ItemRule>,
    /// Evidence, if any.
    pub evidence: Option<EvidenceShown>,
}

/// One pillar of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PillarShown {
    /// `security`.
    pub id: String,
    /// Items, in the order of the checklist.
    pub items: Vec<ItemShown>,
    /// How many pass.
    pub passed: u32,
    /// Denominator.
    pub applicable: u32,
    /// How many must pass.
    pub need: u32,
    /// How many more may miss; 0 when none may.
    pub misses_left: u32,
    /// Of those that pass: seen by rules.
    pub verified: u32,
    /// Of those that pass: by evidence.
    pub attested: u32,
    /// Not shown.
    pub unknown: u32,
    /// Evidence too old.
    pub expired: u32,
    /// Accepted.
    pub accepted: u32,
    /// Not applicable.
    pub not_applicable: u32,
    /// Percentage, rounded down.
    pub percent: u32,
    /// Threshold in percent.
    pub threshold: u32,
}

/// One criterion of the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionShown {
    /// `security`, …, `load-test`, `team`.
    pub id: String,
    /// Whether it votes in this profile.
    pub voting: bool,
    /// Status.
    pub status: CriterionStatus,
    /// What was reached, in words: "12 / 13", "restore 18 days old, timed".
    pub value: String,
    /// Threshold, in words, where there is one.
    pub threshold: Option<String>,
    /// Why.
    pub explanation: String,
    /// Instances that decide it.
    pub instances: Vec<String>,
}

/// Something that alone makes NO-GO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// A defect found, something not shown, or evidence expired.
    pub kind: ReasonKind,
    /// The failing rule, for a defect.
    pub rule: Option<String>,
    /// The item.
    pub item: Option<String>,
    /// Instance.
    pub instance: String,
    /// In words.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// What to do next.
    pub next: String,
}

/// One reason for the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Kind.
    pub kind: ReasonKind,
    /// Item.
    pub item: Option<String>,
    /// Rule, where its open findings are the reason.
    pub rule: Option<String>,
    /// Instance.
    pub instance: Option<String>,
    /// In words.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// What to do next.
    pub next: String,
}

/// A plan of gonogo.toml, as far as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanShown {
    /// What it is for.
    pub about: PlanFor,
    /// Who does it.
    pub owner: String,
    /// What.
    pub action: String,
    /// By when.
    pub due: Date,
    /// Whether it counts, or why not.
    pub counts: Result<(), String>,
}

/// A decision with all that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// Items passed by rules.
    pub verified: u32,
    /// Items passed by evidence.
    pub attested: u32,
    /// Items that do not apply.
    pub not_applicable: u32,
    /// All items of voting instances; shared items once.
    pub total: u32,
    /// Criteria.
    pub criteria: Vec<CriterionShown>,
    /// Blockers.
    pub blockers: Vec<Blocker>,
    /// Plans.
    pub plans: Vec<PlanShown>,
    /// Reasons, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// How mature the operation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maturity {
    /// 0 to 4.
    pub level: u8,
    /// Items that block the next level.
    pub next: Vec<String>,
}

/// An alert that an instance needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertShown {
    /// What it watches.
    pub watches: String,
    /// A rule defines it.
    pub defined: bool,
    /// Something feeds it.
    pub fed: bool,
    /// It reaches a person.
    pub routed: bool,
    /// It was tested, recently enough.
    pub tested: bool,
    /// Where it is defined, or by which system it is attested.
    pub source: Option<String>,
}

/// A runbook that an instance needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookShown {
    /// `restore`, …
    pub id: String,
    /// Where it is.
    pub path: Option<String>,
    /// Whether it counts.
    pub status: ItemStatus,
}

/// The scorecard of one instance.
#[derive(Clone, Debug)]
pub struct InstanceCard {
    /// Instance id.
    pub id: String,
    /// Engine.
    pub engine: Engine,
    /// Version, when certain.
    pub version: Option<String>,
    /// Deployment.
    pub deployment: Deployment,
    /// Purpose.
    pub purpose: Purpose,
    /// Environment.
    pub environment: Environment,
    /// Whether it votes, or why not.
    pub votes: Result<(), String>,
    /// `none`, `host`, `private`, `any`, `unknown`.
    pub reach: &'static str,
    /// Replication group.
    pub group: Option<String>,
    /// Files.
    pub sources: Vec<String>,
    /// Its own verdict; `None` in `lint`.
    pub verdict: Option<Verdict>,
    /// Pillars; empty in `lint`.
    pub pillars: Vec<PillarShown>,
    /// Items outside the pillars; empty in `lint`.
    pub attestations: Vec<ItemShown>,
    /// Alerts.
    pub alerts: Vec<AlertShown>,
    /// Runbooks.
    pub runbooks: Vec<RunbookShown>,
    /// Maturity.
    pub maturity: Option<Maturity>,
}

/// Something about what is stated that deserves a look, and is shown among the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Kind, in kebab-case: `evidence-contradicted`.
    pub code: &'static str,
    /// Instance that it is about, if it is about one.
    pub instance: Option<String>,
    /// Item that it is about, if it is about one.
    pub item: Option<String>,
    /// In words.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where.
    pub span: Option<Span>,
    /// Another place that belongs to it.
    pub related: Option<Span>,
}

/// Everything that the verdict room computes.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// One per instance, sorted by id.
    pub instances: Vec<InstanceCard>,
    /// The verdict of the project; `None` in `lint`.
    pub verdict: Option<Verdict>,
    /// Remarks about evidence and environments, sorted.
    pub remarks: Vec<Remark>,
}
