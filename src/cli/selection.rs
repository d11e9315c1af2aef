//! `--select` and `--ignore`: which findings are shown, and which count in `lint`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::failure::Failure;
use crate::model::{Finding, Pillar, nearest};
use crate::rules::{RuleSet, compliance};
use crate::text::harmless::one_line;

/// Names of rules, prefixes, pillars or frameworks to show, and not to show.
#[derive(Clone, Debug)]
pub(super) struct Selection<'a> {
    select: &'a [String],
    ignore: &'a [String],
    rules: Arc<RuleSet>,
}

impl<'a> Selection<'a> {
    /// Everything, unless something is selected; and then without what is ignored.
    ///
    /// # Errors
    /// A name that no rule has to do with: what was meant would be passed over, or shown, without a word.
    pub(super) fn new(select: &'a [String], ignore: &'a [String], rules: Arc<RuleSet>) -> Result<Self, Failure> {
        let options = [("--select", select), ("--ignore", ignore)];
        for (option, name) in options.into_iter().flat_map(|(option, names)| names.iter().map(move |name| (option, name))) {
            if !is_known(name, &rules) {
                return Err(Failure::Usage(unknown(option, name, &rules)));
            }
        }
        Ok(Self { select, ignore, rules })
    }

    /// Whether a finding is among what is wanted.
    pub(super) fn admits(&self, finding: &Finding) -> bool {
        let selected = self.select.is_empty() || self.select.iter().any(|name| self.is_called(finding, name));
        selected && !self.ignore.iter().any(|name| self.is_called(finding, name))
    }

    fn is_called(&self, finding: &Finding, name: &str) -> bool {
        begins_with(&finding.rule, name)
            || finding.pillar.word() == name
            || self.rules.get(&finding.rule).is_some_and(|rule| compliance::speaks_to(rule, name))
    }
}

/// Whether a name is the id of a rule, or its first words.
fn begins_with(id: &str, name: &str) -> bool {
    !name.is_empty() && id.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-') || name.ends_with('-'))
}

fn is_known(name: &str, rules: &RuleSet) -> bool {
    Pillar::WORDS.contains(&name)
        || rules.heads().any(|head| begins_with(&head.id, name))
        || compliance::frameworks().contains_key(name)
        || rules.iter().any(|rule| rule.benchmarks.contains_key(name))
}

fn unknown(option: &str, name: &str, rules: &RuleSet) -> String {
    let areas: BTreeSet<&str> = rules.heads().map(|head| head.area()).collect();
    let names = areas.iter().copied().chain(Pillar::WORDS.iter().copied()).chain(compliance::frameworks().keys().map(String::as_str));
    let meant = nearest(&name.to_ascii_lowercase(), names.chain(rules.heads().map(|head| &*head.id)));
    let hint = meant.map(|meant| format!("; did you mean `{}`?", one_line(meant))).unwrap_or_default();
    format!(
        "{option} `{}`: no rule, prefix, pillar or framework has this name{hint}\n\
         expected the id of a rule (`gonogo rules` lists them) or its first words ({}), a pillar ({}), or a framework ({})",
        one_line(name),
        one_line(&areas.into_iter().collect::<Vec<_>>().join(", ")),
        Pillar::WORDS.join(", "),
        compliance::frameworks().keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    )
}
