//! Profiles: what a criticality asks for, and which documents a size needs.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::{Criterion, Criticality, Size};
use crate::model::{Deployment, Pillar, Reach};

/// What the command line says of the profile; it goes before gonogo.toml.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileOptions {
    /// `--criticality`.
    pub criticality: Option<Criticality>,
    /// `--size`.
    pub size: Option<Size>,
    /// `--deployment`.
    pub deployment: Option<Deployment>,
}

/// What a criticality asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// In words.
    pub title: String,
    /// Criteria that vote.
    pub voting: Vec<Criterion>,
    /// Whether findings may be accepted at all.
    pub accepts: bool,
    /// Whether evidence for a blocker item needs a reviewer.
    #[serde(default)]
    pub second_eyes: bool,
    /// Items that block like blocker items.
    #[serde(default)]
    pub blockers: Vec<String>,
    /// Attestations without which it is NO-GO.
    #[serde(default)]
    pub attestations: Vec<String>,
    /// Ratios of pillars.
    pub ratio: BTreeMap<Pillar, RatioNeeds>,
    /// What the backup criterion asks for.
    pub backup: BackupNeeds,
    /// Days that evidence counts, where they differ from the item's.
    #[serde(default)]
    pub valid_days: BTreeMap<String, u32>,
    /// Blocker items that block only from a reach on.
    #[serde(default)]
    pub blocks_from_reach: BTreeMap<String, Reach>,
}

/// What is asked of the ratio of a pillar.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatioNeeds {
    /// In percent.
    pub threshold: u32,
    /// The items that count; all of the pillar when empty.
    #[serde(default)]
    pub items: Vec<String>,
    /// Whether the ratio votes inside a criterion that has needs of its own.
    #[serde(default)]
    pub votes: bool,
}

/// What the backup criterion asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupNeeds {
    /// Days since the last restore, to be met.
    pub restore_days: i32,
    /// Days since the last restore, to be slightly below; `None`: nothing is slight.
    pub restore_slightly_days: Option<i32>,
    /// Items that must pass.
    pub needs: Vec<String>,
    /// Whether backups are held against rpo and rto.
    pub objectives: bool,
}

/// What a size adds or leaves out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeNeeds {
    /// In words.
    pub title: String,
    /// The only runbooks that are required; all when empty.
    #[serde(default)]
    pub runbooks: Vec<String>,
    /// Items that are required beside the runbooks.
    #[serde(default)]
    pub documents: Vec<String>,
}
