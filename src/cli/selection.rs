//! `--select` and `--ignore`: which findings are shown, and which count in `lint`.

use std::sync::Arc;

use crate::model::Finding;
use crate::rules::{RuleSet, compliance};

/// Names of rules, prefixes, pillars or frameworks to show, and not to show.
#[derive(Clone, Debug)]
pub(super) struct Selection<'a> {
    select: &'a [String],
    ignore: &'a [String],
    rules: Arc<RuleSet>,
}

impl<'a> Selection<'a> {
    /// Everything, unless something is selected; and then without what is ignored.
    pub(super) fn new(select: &'a [String], ignore: &'a [String], rules: Arc<RuleSet>) -> Self {
        Self { select, ignore, rules }
    }

    /// Whether a finding is among what is wanted.
    pub(super) fn admits(&self, finding: &Finding) -> bool {
        let selected = self.select.is_empty() || self.select.iter().any(|name| self.is_called(finding, name));
        selected && !self.ignore.iter().any(|name| self.is_called(finding, name))
    }

    fn is_called(&self, finding: &Finding, name: &str) -> bool {
        let by_prefix = finding.rule.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-') || name.ends_with('-'));
        by_prefix || finding.pillar.word() == name || self.rules.get(&finding.rule).is_some_and(|rule| compliance::speaks_to(rule, name))
    }
}
