//! The checklist as data: items, required alerts and runbooks, maturity levels, profiles.
//!
//! It is embedded, and a test checks it as a whole; so nothing here is decided by code that could
//! be said in `rules/checklist.toml` or `rules/profiles/`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::profile::{Profile, SizeNeeds};
use super::proof::Proof;
use crate::config::{Criticality, Names, Size};
use crate::formats::shipped;
use crate::model::{Deployment, Engine, Pillar, Purpose, Reach, Version};
use crate::rules::RuleSet;

/// Everything that the verdict is measured by.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// Version of the checklist.
    pub version: String,
    /// Items, pillar by pillar.
    pub items: Vec<Item>,
    /// Alerts that some kinds of instance need.
    pub alerts: Vec<Requirement>,
    /// Incident runbooks that some kinds of instance need.
    pub runbooks: Vec<Requirement>,
    /// Maturity levels from 1 on, ascending.
    pub levels: Vec<Level>,
    /// Profiles.
    pub profiles: BTreeMap<Criticality, Profile>,
    /// Sizes.
    pub sizes: BTreeMap<Size, SizeNeeds>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    item: Vec<Item>,
    alert: Vec<Requirement>,
    runbook: Vec<Requirement>,
    level: Vec<Level>,
}

/// One thing that must be shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `security/tls`; an attestation outside the pillars has no slash.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it means, in a line for a newcomer.
    pub meaning: String,
    /// What it comes down to for an engine.
    #[serde(default)]
    pub means: BTreeMap<Engine, String>,
    /// Sets of rules that show it.
    #[serde(default)]
    pub proof: Proof,
    /// Rules that contradict evidence whatever their severity.
    #[serde(default)]
    pub contradicted_by: Vec<String>,
    /// Whether evidence may decide it.
    #[serde(default)]
    pub evidence: EvidenceUse,
    /// Days that evidence counts.
    #[serde(default = "half_a_year")]
    pub valid_days: u32,
    /// Whether it alone makes NO-GO.
    pub blocker: Option<Blocks>,
    /// Whether it may be declared not applicable.
    #[serde(default)]
    pub declarable: bool,
    /// Whether evidence must name its database when several vote; see [`Item::names_database`].
    #[serde(default)]
    pub per_database: bool,
    /// Whether outcomes about services that belong to no database count.
    #[serde(default)]
    pub project: bool,
    /// Whether it passes when nothing is there to look at.
    #[serde(default)]
    pub absence_passes: bool,
    /// What decides it besides rules and evidence.
    pub decided_by: Option<DecidedBy>,
    /// The item that it is evaluated as.
    pub same_as: Option<String>,
    /// The only engines that it applies to.
    pub only_for: Option<OnlyFor>,
    /// Engines that it does not apply to, with the reason.
    #[serde(default)]
    pub not_for: BTreeMap<Engine, String>,
    /// Purposes that it does not apply to, with the reason.
    #[serde(default)]
    pub not_as: BTreeMap<Purpose, String>,
    /// Deployments that it does not apply to, with the reason.
    #[serde(default)]
    pub not_on: BTreeMap<Deployment, String>,
    /// The least reach that it applies from.
    pub from_reach: Option<Reach>,
    /// First release that has it.
    #[serde(default)]
    pub since: BTreeMap<Engine, Version>,
    /// What must be the case for an engine.
    #[serde(default)]
    pub only_when: BTreeMap<Engine, Condition>,
}

fn half_a_year() -> u32 {
    180
}

/// Engines that alone have something.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnlyFor {
    /// The engines.
    pub engines: Vec<Engine>,
    /// Why no other.
    pub reason: String,
}

/// Whether evidence may decide an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceUse {
    /// Where rules do not.
    #[default]
    Always,
    /// Only while no rule of a proof set decides anything.
    Unseen,
    /// Files alone decide.
    Never,
}

/// When an item alone makes NO-GO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocks {
    /// When it does not pass.
    Always,
    /// When it fails.
    OnFail,
}

/// What decides an item besides rules and evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedBy {
    /// The reach of the instance.
    Reach,
    /// The required alerts.
    Alerts,
    /// The required runbooks.
    Runbooks,
    /// The stated objectives.
    Objectives,
    /// The stated team.
    Team,
}

/// Something that must be the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Several customers share its tables.
    MultiTenant,
    /// More clients than a server serves well without a pool, or nobody knows how many.
    ManyClients,
    /// How much may be lost is stated.
    RpoDeclared,
    /// It has replicas, or is one.
    Replicated,
}

/// A condition, or settings of the instance.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum When {
    /// A condition.
    Condition(Condition),
    /// A setting with one of these values; of an empty list, with any that switches it on.
    Setting {
        /// Canonical name.
        setting: String,
        /// Values as the server shows them.
        is: Vec<String>,
    },
}

/// An alert or a runbook that some kinds of instance need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// What it watches, or what it is for.
    #[serde(alias = "watches")]
    pub id: String,
    /// In words.
    pub title: String,
    /// Whether its lack is never slight.
    #[serde(default)]
    pub essential: bool,
    /// Engines that need it; all when empty.
    #[serde(default)]
    pub engines: Vec<Engine>,
    /// Purposes that do not need it.
    #[serde(default)]
    pub not_as: Vec<Purpose>,
    /// Purposes that alone need it; all when empty.
    #[serde(default)]
    pub only_as: Vec<Purpose>,
    /// Deployments that do not need it.
    #[serde(default)]
    pub not_on: Vec<Deployment>,
    /// Any of these makes it needed; empty: always.
    #[serde(default)]
    pub when: Vec<When>,
}

/// A level of maturity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// 1 to 4.
    pub level: u8,
    /// In words.
    pub title: String,
    /// Items that must pass.
    pub items: Vec<String>,
    /// Most days since the last restore.
    pub restore_days: Option<i32>,
}

impl Item {
    /// The pillar that counts it.
    #[must_use]
    pub fn pillar(&self) -> Option<Pillar> {
        self.id.split_once('/').and_then(|(pillar, _)| pillar.parse().ok())
    }

    /// Whether evidence must name its database when several vote.
    #[must_use]
    pub fn names_database(&self) -> bool {
        self.per_database || self.blocker.is_some()
    }

    /// Whether the members of a replication group share it.
    #[must_use]
    pub fn shared_in_group(&self) -> bool {
        matches!(self.pillar(), None | Some(Pillar::Backup | Pillar::Documentation))
    }

    /// Every rule of its proof sets.
    pub fn proof_rules(&self) -> impl Iterator<Item = &str> {
        self.proof.sets().flatten().map(String::as_str)
    }
}

impl Checklist {
    /// The embedded checklist.
    ///
    /// # Errors
    /// When it does not fit the types; a test keeps that from happening.
    pub fn embedded() -> Result<Self, String> {
        let file: File = parse("rules/checklist.toml", include_str!("../../rules/checklist.toml"))?;
        let profiles = [
            (Criticality::Low, parse("rules/profiles/low.toml", include_str!("../../rules/profiles/low.toml"))?),
            (Criticality::Medium, parse("rules/profiles/medium.toml", include_str!("../../rules/profiles/medium.toml"))?),
            (Criticality::High, parse("rules/profiles/high.toml", include_str!("../../rules/profiles/high.toml"))?),
        ];
        Ok(Self {
            version: file.version,
            items: file.item,
            alerts: file.alert,
            runbooks: file.runbook,
            levels: file.level,
            profiles: profiles.into(),
            sizes: parse("rules/profiles/sizes.toml", include_str!("../../rules/profiles/sizes.toml"))?,
        })
    }

    /// An item by its id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The id under which an item is evaluated.
    #[must_use]
    pub fn canonical<'a>(&'a self, id: &'a str) -> &'a str {
        self.item(id).and_then(|item| item.same_as.as_deref()).unwrap_or(id)
    }

    /// Every id of an item, for the loader of rules.
    #[must_use]
    pub fn item_ids(&self) -> BTreeSet<String> {
        self.items.iter().map(|item| item.id.clone()).collect()
    }

    /// Rules that the checklist names and nobody has, with the item that names each.
    #[must_use]
    pub fn missing_rules(&self, known: &BTreeSet<String>) -> Vec<(String, String)> {
        let named =
            |item: &Item| item.proof_rules().chain(item.contradicted_by.iter().map(String::as_str)).map(str::to_owned).collect::<Vec<_>>();
        let pairs = self.items.iter().flat_map(|item| named(item).into_iter().map(|rule| (item.id.clone(), rule)));
        pairs.filter(|(_, rule)| !known.contains(rule)).collect()
    }

    /// The names that gonogo.toml may use.
    #[must_use]
    pub fn names(&self, rules: &RuleSet) -> Names {
        let ids = |keep: &dyn Fn(&Item) -> bool| self.items.iter().filter(|item| keep(item)).map(|item| item.id.clone()).collect();
        Names {
            items: self.item_ids(),
            attestable: ids(&|item| item.evidence != EvidenceUse::Never),
            declarable: ids(&|item| item.declarable),
            rules: rules.heads().map(|head| (head.id.to_string(), head.lowest_severity())).collect(),
            alerts: self.alerts.iter().map(|alert| alert.id.clone()).collect(),
            runbooks: self.runbooks.iter().map(|runbook| runbook.id.clone()).collect(),
        }
    }
}

fn parse<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, String> {
    shipped::read(text).map_err(|error| format!("{path}: {error}"))
}
