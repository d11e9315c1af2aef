//! The run whose outcomes exceptions are about.

use std::collections::BTreeSet;

use crate::model::Date;
use crate::rules::RuleSet;
use crate::text::Files;

/// What is known of the run that the outcomes are from.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// Texts.
    pub files: &'c Files,
    /// Rules in force.
    pub rules: &'c RuleSet,
    /// The date that `until` is held against.
    pub now: Date,
    /// Display paths of the files that were read: an `[[accept]]` for another file may well be of use elsewhere.
    pub paths: &'c BTreeSet<String>,
    /// Ids of the instances that were seen.
    pub instances: &'c BTreeSet<String>,
    /// Rules of which every subject could be judged: only these can show that an exception is of no use.
    pub decided: &'c BTreeSet<&'c str>,
}
