//! gonogo.toml: as written → as meant.
//!
//! Every value keeps its place, every error names its line, what was found, what was expected and
//! what to do, and all errors are told at once. Names of rules and items are checked by
//! [`Config::check_names`], where they are known.

mod error;
mod keys;
mod names;
mod proof;
mod quantities;
mod reader;
mod sections;
mod statements;
mod suggest;

use std::collections::BTreeMap;

pub use error::{ConfigError, Note};
pub use keys::{SECTIONS, SectionKeys};
pub use names::Names;
pub use proof::Proof;
pub use quantities::{Load, parse_bytes, parse_duration, show_duration};
pub use sections::ACCEPT_DAYS;
pub use statements::{
    Accept, Alert, At, Criterion, Criticality, Endpoint, Evidence, NotApplicable, Objectives, Plan, Profile, Size, Target, Team,
};
pub use suggest::closest;

use crate::model::{Date, HostFacts, Severity, Value};
use crate::text::{Files, Source};

/// What a team states about its databases. Without a file, everything is empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Display path of the file; empty when there is none.
    pub path: String,
    /// When the project goes live.
    pub go_live: Option<At<Date>>,
    /// Objectives of all databases.
    pub objectives: Objectives,
    /// Profile of the verdict.
    pub profile: Profile,
    /// Who operates the databases.
    pub team: Option<Team>,
    /// Databases, by name.
    pub targets: Vec<Target>,
    /// Items that do not concern a database.
    pub not_applicable: Vec<NotApplicable>,
    /// What people did, and its proof.
    pub evidence: Vec<Evidence>,
    /// Alerts of systems whose rules gonogo does not read.
    pub alerts: Vec<Alert>,
    /// Accepted findings, in the order that the cap of accepted items follows.
    pub accepts: Vec<Accept>,
    /// Plans for what is slightly below.
    pub plans: Vec<Plan>,
    /// Folders of the team's own rules.
    pub rules: Vec<At<String>>,
    /// Severities that are raised, by rule.
    pub severity: BTreeMap<String, At<Severity>>,
    /// Thresholds that are changed, by rule and name.
    pub params: BTreeMap<String, At<BTreeMap<String, At<Value>>>>,
    /// The machine that the databases run on.
    pub host: HostFacts,
    /// Remarks that are no errors: one proof for two databases or items.
    pub notes: Vec<Note>,
}

impl Config {
    /// Reads a gonogo.toml. `files` is the tree that it lies in, for the proof files.
    ///
    /// # Errors
    /// Every error of the file, in the order of the lines.
    pub fn read(source: &Source, files: &Files, now: Date) -> Result<Self, Vec<ConfigError>> {
        sections::read(source, files, now)
    }

    /// What is stated about the database of a name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.name.value == name)
    }

    /// The objectives of a database: its own, else those of the project.
    #[must_use]
    pub fn objectives_of(&self, name: &str) -> Objectives {
        self.target(name).map_or_else(|| self.objectives.clone(), |target| target.objectives.clone().or(&self.objectives))
    }

    /// The display path of a path that this file names: paths count from its folder.
    #[must_use]
    pub fn resolve(&self, written: &str) -> String {
        proof::beside(&self.path, written)
    }
}
