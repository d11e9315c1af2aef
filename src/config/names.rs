//! Names that other rooms know: items, rules, alerts, runbooks.

use std::collections::{BTreeMap, BTreeSet};

use super::suggest::closest;
use super::{At, Config, ConfigError};
use crate::model::Severity;
use crate::text::Source;

/// Names that nobody knows, of which the one that was meant is looked for: each is compared with all that are known.
const MOST_SUGGESTIONS: usize = 100;

/// The names that gonogo.toml may use.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Every checklist item.
    pub items: BTreeSet<String>,
    /// Items that evidence may decide.
    pub attestable: BTreeSet<String>,
    /// Items that may be declared not applicable.
    pub declarable: BTreeSet<String>,
    /// Every rule, with the lowest severity that it ships.
    pub rules: BTreeMap<String, Severity>,
    /// What alerts can watch.
    pub alerts: BTreeSet<String>,
    /// Incident runbooks.
    pub runbooks: BTreeSet<String>,
}

impl Config {
    /// Every name of the file that nobody knows, or that does not fit where it stands.
    #[must_use]
    pub fn check_names(&self, source: &Source, names: &Names) -> Vec<ConfigError> {
        let mut check = Check { source, errors: Vec::new() };
        for evidence in &self.evidence {
            if check.known(&evidence.item, "checklist item", "gonogo explain ITEM", &names.items)
                && !names.attestable.contains(&evidence.item.value)
            {
                let message = format!("evidence cannot decide `{}`", evidence.item.value);
                check.error(&evidence.item, message, "remove it: files alone decide this item");
            }
            if let Some(runbook) = &evidence.runbook {
                check.known(runbook, "runbook", "gonogo init", &names.runbooks);
            }
        }
        for declared in &self.not_applicable {
            if check.known(&declared.item, "checklist item", "gonogo explain ITEM", &names.items)
                && !names.declarable.contains(&declared.item.value)
            {
                let message = format!("`{}` cannot be declared not applicable", declared.item.value);
                let listed = names.declarable.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                check.error(
                    &declared.item,
                    message,
                    &format!("show that it holds, or accept the finding; only these can be declared away: {listed}"),
                );
            }
        }
        for alert in &self.alerts {
            check.known(&alert.watches, "alert", "gonogo init", &names.alerts);
        }
        self.check_rules(&mut check, names);
        check.errors.sort_by_key(|error| error.span);
        check.errors
    }

    fn check_rules(&self, check: &mut Check<'_>, names: &Names) {
        let rules: BTreeSet<String> = names.rules.keys().cloned().collect();
        for accept in &self.accepts {
            check.known(&accept.rule, "rule", "gonogo rules", &rules);
        }
        for (rule, params) in &self.params {
            check.known(&At { value: rule.clone(), span: params.span }, "rule", "gonogo rules", &rules);
        }
        for (rule, severity) in &self.severity {
            let name = At { value: rule.clone(), span: severity.span };
            if check.known(&name, "rule", "gonogo rules", &rules)
                && let Some(lowest) = names.rules.get(rule).filter(|lowest| severity.value < **lowest)
            {
                let message = format!("`{rule}` would be lowered from {lowest} to {}", severity.value);
                check.error(&name, message, "[severity] can only raise; accept single findings with [[accept]]");
            }
        }
    }
}

struct Check<'s> {
    source: &'s Source,
    errors: Vec<ConfigError>,
}

impl Check<'_> {
    fn error(&mut self, name: &At<String>, message: String, help: &str) {
        self.errors.push(ConfigError::new(self.source, name.span, message, help));
    }

    fn known(&mut self, name: &At<String>, what: &str, listing: &str, known: &BTreeSet<String>) -> bool {
        if known.contains(&name.value) {
            return true;
        }
        let candidates = known.iter().map(String::as_str).filter(|_| self.errors.len() < MOST_SUGGESTIONS);
        let help = closest(&name.value, candidates)
            .map_or_else(|| format!("`{listing}` tells the names that exist"), |meant| format!("did you mean `{meant}`?"));
        self.error(name, format!("there is no {what} `{}`", name.value), &help);
        false
    }
}
