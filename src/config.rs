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
    Accept, Alert, At, Criterion, Criticality, Endpoint, Evidence, NotApplicable, Objectives, Plan, PlanFor, Profile, Relays, Reviewed,
    Size, Target, Team,
};
pub use suggest::closest;

use crate::model::{Date, HostFacts, Severity, Value};
use crate::text::path::{folder_of, join, shown_text};
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
    /// The compose files of the project, each laid over the one before it; empty where Docker Compose looks for them.
    pub compose_files: Vec<At<String>>,
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
    /// Files that no program understood and that somebody read.
    pub reviewed: Vec<Reviewed>,
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
    /// Reads a gonogo.toml. `files` is the tree that it lies in; the proof files count from its folder.
    ///
    /// # Errors
    /// Every error of the file, in the order of the lines.
    pub fn read(source: &Source, files: &Files, now: Date) -> Result<Self, Vec<ConfigError>> {
        Self::read_with_proofs(source, &[(files, folder_of(source.path()))], now)
    }

    /// The same with proofs in other places: each is a tree and the folder in it that proofs count from. The first place
    /// that has a proof is the one that counts.
    ///
    /// # Errors
    /// Every error of the file, in the order of the lines.
    pub fn read_with_proofs(source: &Source, places: &[(&Files, &str)], now: Date) -> Result<Self, Vec<ConfigError>> {
        sections::read(source, places, now)
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

    /// The display path of a path that this file names: it counts from the project, and where nothing is there, from
    /// the folder of this file.
    #[must_use]
    pub fn resolve(&self, written: &str, files: &Files) -> String {
        let shown = shown_text(written);
        if written.starts_with('/') {
            return shown.into_owned();
        }
        let from_project = files.display_from_project(&shown).filter(|path| files.exists(path) == Ok(true));
        from_project.unwrap_or_else(|| join(folder_of(&self.path), &shown))
    }
}
