//! What a family advises for the settings of one server, on the machine that it runs on.

use crate::model::words::words;
use crate::model::{Storage, Why, Workload};

/// The advice for one server.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizing {
    /// What it rests on.
    pub machine: Machine,
    /// One line per setting, in the order in which people write them.
    pub lines: Vec<Line>,
    /// A rule that is about several of the settings at once.
    pub joint: Option<Joint>,
}

/// The machine, or the limits of a container.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Memory in bytes.
    pub memory: i64,
    /// Processors; a container may have a part of one.
    pub cpus: Option<f64>,
    /// Kind of disk.
    pub storage: Option<Storage>,
    /// Kind of work that is sized for.
    pub workload: Workload,
    /// Whether nothing told the kind of work.
    pub workload_assumed: bool,
}

/// What is advised for one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The setting.
    pub name: &'static str,
    /// The value to write, or what is missing to tell it.
    pub advice: Result<Advice, Why>,
    /// Rules that judge the value in effect.
    pub rules: &'static [&'static str],
}

/// A value to write.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// As the server's configuration takes it.
    pub value: String,
    /// The same as a number, to compare with the value in effect: bytes, or as it is; none for a word.
    pub number: Option<f64>,
    /// The arithmetic and its source: "25 % of 16GB = 4GB (the documentation)".
    pub reason: String,
}

/// A rule about several settings: its finding belongs to the one to turn first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joint {
    /// The rule.
    pub rule: &'static str,
    /// The setting to turn first.
    pub first: String,
}

words! {
    /// What a change of a setting needs.
    Effect {
        /// The server reads its configuration again.
        Reload = "reload",
        /// The server is started again.
        Restart = "restart",
    }
}
