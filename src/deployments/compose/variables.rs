//! The variables that interpolation may use: `--use-env`, then `--env-file`, else the project's `.env`.
//!
//! The environment of gonogo's own process is never among them, so that a run can be repeated.

use std::collections::{BTreeMap, BTreeSet};

use super::interpolate::{UNKNOWN, expand};
use crate::formats::dotenv::{Dotenv, DotenvEntry, Quoting};
use crate::model::{EnvironmentEntry, Interpolated, Provenance, Secret};
use crate::text::Span;
use crate::text::secrets::names_secret;

/// What is known of one variable.
#[derive(Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its value; `None` when it is set and depends on a variable that is not. It may be a secret.
    pub value: Option<String>,
    /// `ProcessEnvironment` or `EnvFile`.
    pub provenance: Provenance,
    /// Where its value is written.
    pub defined_at: Option<Span>,
}

impl std::fmt::Debug for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Variable").field("provenance", &self.provenance).finish_non_exhaustive()
    }
}

/// Variables by name.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    known: BTreeMap<String, Variable>,
    /// Names of those whose value comes from a secret one, though their name does not say so.
    derived: BTreeSet<String>,
}

impl Variables {
    /// Those of the process environment that the command line passes on; they win over every file.
    #[must_use]
    pub fn passed_on(environment: &BTreeMap<String, String>) -> Self {
        let variable =
            |value: &String| Variable { value: Some(value.clone()), provenance: Provenance::ProcessEnvironment, defined_at: None };
        Self { known: environment.iter().map(|(name, value)| (name.clone(), variable(value))).collect(), derived: BTreeSet::new() }
    }

    /// Adds those of a file; a later file wins over an earlier one.
    pub fn add_file(&mut self, dotenv: &Dotenv) {
        for entry in &dotenv.entries {
            if self.known.get(&entry.name).is_some_and(|known| known.provenance == Provenance::ProcessEnvironment) {
                continue;
            }
            if let Some(value) = evaluate(entry, self) {
                if uses_secret(entry, self) {
                    self.derived.insert(entry.name.clone());
                }
                let variable = Variable { value, provenance: Provenance::EnvFile, defined_at: Some(entry.value_span) };
                self.known.insert(entry.name.clone(), variable);
            }
        }
    }

    /// A variable; `None` when nothing sets it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.known.get(name)
    }

    /// Whether the value of a variable is a secret: its name says so, or it was made from one.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        names_secret(name) || self.derived.contains(name)
    }

    /// The value of a variable, when it is set and known.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_deref()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    pub(super) fn insert(&mut self, name: String, variable: Variable) {
        self.known.insert(name, variable);
    }
}

/// The lines of a file of variables as entries of an environment, each name as often as it stands there.
#[must_use]
pub fn dotenv_entries(dotenv: &Dotenv) -> Vec<EnvironmentEntry> {
    let mut variables = Variables::default();
    let mut entries = Vec::with_capacity(dotenv.entries.len());
    for entry in &dotenv.entries {
        let value = evaluate(entry, &variables);
        let raw = entry.value.clone().unwrap_or_default();
        let used = if entry.quoting == Quoting::Single {
            Vec::new()
        } else {
            expand(&raw, &variables).pieces.into_iter().flat_map(|piece| piece.variables).collect()
        };
        let provenance = match &value {
            None => Provenance::PassThrough,
            Some(None) => Provenance::Unresolved,
            Some(Some(_)) => Provenance::Literal,
        };
        let interpolated = Interpolated {
            value: value.clone().flatten(),
            raw: Secret::new(raw),
            provenance,
            variables: used,
            span: entry.value_span,
            defined_at: None,
        };
        entries.push(EnvironmentEntry { name: entry.name.clone(), name_span: entry.name_span, value: interpolated, from_file: true });
        if let Some(value) = value {
            variables.insert(entry.name.clone(), Variable { value, provenance: Provenance::EnvFile, defined_at: Some(entry.value_span) });
        }
    }
    entries
}

/// Whether the value of a line comes from a secret variable.
fn uses_secret(entry: &DotenvEntry, variables: &Variables) -> bool {
    let value = entry.value.as_deref().filter(|value| entry.quoting != Quoting::Single && value.contains('$')).unwrap_or("");
    !value.is_empty() && expand(value, variables).pieces.iter().flat_map(|piece| &piece.variables).any(|name| variables.is_secret(name))
}

/// What a line of a file of variables sets: `None` for a name alone that nothing gives a value, and
/// `Some(None)` for a value that depends on a variable that nobody sets.
pub(super) fn evaluate(entry: &DotenvEntry, variables: &Variables) -> Option<Option<String>> {
    let Some(value) = &entry.value else {
        return variables.get(&entry.name).map(|variable| variable.value.clone());
    };
    if entry.quoting == Quoting::Single {
        return Some(Some(value.clone()));
    }
    let expanded = expand(value, variables).text;
    Some((!expanded.contains(UNKNOWN)).then_some(expanded))
}
