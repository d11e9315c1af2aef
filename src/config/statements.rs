//! What people can state, as meant.

use std::fmt;
use std::time::Duration;

use super::{Load, Proof};
use crate::model::words::words;
use crate::model::{Date, Deployment, Environment, HostFacts, Purpose, Secret, SuppressionKind, Touch, Version};
use crate::text::Span;

/// Something stated, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// What is meant.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

words! {
    /// How much depends on the databases.
    Criticality {
        /// A blog, a staging system.
        Low = "low",
        /// A shop, a service for other companies.
        Medium = "medium",
        /// A bank, a hospital.
        High = "high",
    }
}

words! {
    /// How large the organisation is.
    Size {
        /// A handful of people.
        Startup = "startup",
        /// One or more teams.
        Company = "company",
        /// An organisation with a duty to document.
        Enterprise = "enterprise",
    }
}

words! {
    /// The seven criteria of the decision.
    Criterion {
        /// Items of the security pillar.
        Security = "security",
        /// Items of the configuration pillar.
        Configuration = "configuration",
        /// Required alerts.
        Monitoring = "monitoring",
        /// Backups, and that they were restored.
        Backup = "backup",
        /// Required runbooks.
        Documentation = "documentation",
        /// A load test above the expected load.
        LoadTest = "load-test",
        /// A trained team.
        Team = "team",
    }
}

/// What the team wants to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objectives {
    /// How much work may be lost.
    pub rpo: Option<At<Duration>>,
    /// How long a restore may take.
    pub rto: Option<At<Duration>>,
    /// Most clients at one time.
    pub peak_clients: Option<At<u32>>,
    /// Load that is expected.
    pub expected_load: Option<At<Load>>,
}

impl Objectives {
    /// These, and where one is missing, the other's.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            rpo: self.rpo.or_else(|| other.rpo.clone()),
            rto: self.rto.or_else(|| other.rto.clone()),
            peak_clients: self.peak_clients.or_else(|| other.peak_clients.clone()),
            expected_load: self.expected_load.or_else(|| other.expected_load.clone()),
        }
    }
}

/// The profile of the verdict, as far as it is stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// How much depends on it.
    pub criticality: Option<At<Criticality>>,
    /// How large the organisation is.
    pub size: Option<At<Size>>,
    /// Who runs the servers, where the files do not tell.
    pub deployment: Option<At<Deployment>>,
}

/// The people who operate the databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// How many there are; at least one.
    pub members: u32,
    /// How many of them are trained.
    pub trained: u32,
    /// When.
    pub on: Option<Date>,
    /// Where it is stated.
    pub span: Span,
}

/// The address of a server. It may hold a password, so that only [`Endpoint::shown`] may be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The whole URL.
    pub url: Secret,
    /// The same without its password.
    pub shown: String,
    /// Where it is written.
    pub span: Span,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.shown)
    }
}

/// One database.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its id everywhere: in evidence, `--live`, reports.
    pub name: At<String>,
    /// Where its files are.
    pub paths: Vec<At<String>>,
    /// Where the absolute paths of its server are kept.
    pub root: Option<At<String>>,
    /// Where it listens.
    pub url: Option<Endpoint>,
    /// What it is for.
    pub purpose: Option<At<Purpose>>,
    /// Whom it serves.
    pub environment: Option<At<Environment>>,
    /// Whether several customers share its tables.
    pub multi_tenant: Option<At<bool>>,
    /// Services that pass clients on to it, and no other of which it is not known, with the reason.
    pub relays: Option<Relays>,
    /// Its version.
    pub engine_version: Option<At<Version>>,
    /// Its own objectives.
    pub objectives: Objectives,
    /// Its own machine.
    pub host: HostFacts,
    /// Where it is stated.
    pub span: Span,
}

/// The services that pass clients on to a database, as somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relays {
    /// Their names.
    pub services: Vec<At<String>>,
    /// Why the others do not.
    pub reason: String,
    /// Where it is stated.
    pub span: Span,
}

/// An item that does not concern a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplicable {
    /// Item.
    pub item: At<String>,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// Which database; all when missing.
    pub database: Option<At<String>>,
    /// Where it is stated.
    pub span: Span,
}

/// Something that people did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Item that it is for.
    pub item: At<String>,
    /// Which database; all when missing.
    pub database: Option<At<String>>,
    /// When.
    pub on: Date,
    /// Who; a role is enough.
    pub by: String,
    /// Whether it went well.
    pub passed: bool,
    /// What shows it.
    pub proof: Proof,
    /// How long it took: restore, disaster recovery test.
    pub duration: Option<Duration>,
    /// Newest data that was found in a restored server.
    pub data_as_of: Option<Date>,
    /// Load test: load that is expected.
    pub expected: Option<Load>,
    /// Load test: load that was reached.
    pub achieved: Option<Load>,
    /// Backups: time from one to the next.
    pub interval: Option<Duration>,
    /// Incident runbooks: which one.
    pub runbook: Option<At<String>>,
    /// Alert tests: who received it.
    pub receiver: Option<String>,
    /// Who looked at it besides [`Evidence::by`].
    pub reviewed_by: Option<String>,
    /// Days that it counts, where these are fewer than usual.
    pub valid_days: Option<u32>,
    /// Where it is stated.
    pub span: Span,
}

/// An alert of a system whose rules gonogo does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What it watches.
    pub watches: At<String>,
    /// Which database; all when missing.
    pub database: Option<At<String>>,
    /// The system.
    pub system: String,
    /// Whom it reaches.
    pub receiver: Option<String>,
    /// What shows it.
    pub proof: Proof,
    /// When it last reached the receiver.
    pub on: Option<Date>,
    /// Who says so.
    pub by: String,
    /// Where it is stated.
    pub span: Span,
}

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Rule.
    pub rule: At<String>,
    /// File that the finding stands in, as written.
    pub path: Option<At<String>>,
    /// Instance, where no file holds it.
    pub instance: Option<At<String>>,
    /// `accepted` or `false-positive`.
    pub kind: SuppressionKind,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Last day on which it counts.
    pub until: At<Date>,
    /// Where it is stated.
    pub span: Span,
}

/// A file that no program understood and that somebody read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The file, as written.
    pub path: At<String>,
    /// SHA-256 of what was read, in lower-case hexadecimal digits.
    pub sha256: At<String>,
    /// What it changes; empty where that is nothing.
    pub changes: Vec<Touch>,
    /// Who read it; a role is enough.
    pub by: String,
    /// When.
    pub on: Date,
    /// Who read it besides [`Reviewed::by`].
    pub reviewed_by: Option<String>,
    /// Where it is stated.
    pub span: Span,
}

/// What a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanFor {
    /// A criterion that is slightly below.
    Criterion(Criterion),
    /// A rule, by id, that has open findings of high severity.
    Rule(String),
}

impl std::fmt::Display for PlanFor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Criterion(criterion) => criterion.fmt(f),
            Self::Rule(rule) => f.write_str(rule),
        }
    }
}

/// A plan for something that holds the release back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What it is for.
    pub about: At<PlanFor>,
    /// Who does it.
    pub owner: String,
    /// What.
    pub action: String,
    /// Since when it is known, as the team says; the history of scans decides.
    pub since: Option<Date>,
    /// By when.
    pub due: At<Date>,
    /// Where it is stated.
    pub span: Span,
}
