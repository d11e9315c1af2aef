//! What a running server said of itself.

use std::collections::BTreeMap;

use super::{Date, Engine, RecordSet, Value, Version};

/// The answers of one server. They are the last place in the chain of what sets a value: what is in force, whatever the files say.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The instance that it is, by the name that `--live NAME=URL` gave it.
    pub name: String,
    /// The engine that answered.
    pub engine: Engine,
    /// Its version.
    pub version: Version,
    /// When it was asked.
    pub on: Date,
    /// Settings in force, by canonical lower-case name.
    pub settings: BTreeMap<String, ObservedSetting>,
    /// Records by kind: accounts, roles, replication.
    pub records: BTreeMap<&'static str, RecordSet>,
}

/// One setting as a server has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedSetting {
    /// The value.
    pub value: Value,
    /// The value as the server shows it.
    pub shown: String,
    /// Whether nothing set it: it is the server's own default.
    pub is_default: bool,
    /// The file and line that set it, where the server says so.
    pub place: Option<(String, u32)>,
}
