//! The variables that interpolation may use: `--use-env`, then `--env-file`, else the project's `.env`.
//!
//! The environment of gonogo's own process is never among them, so that a run can be repeated.

use std::collections::{BTreeMap, BTreeSet};

use super::allowance::Allowance;
use super::interpolate::{UNKNOWN, expand};
use super::variable::{Lookup, Variable};
use crate::formats::Diagnostic;
use crate::formats::dotenv::{Dotenv, DotenvEntry, Quoting};
use crate::model::bounds::{ALL_EXPANSIONS, LEAST_EXPANSIONS, MOST_VARIABLES};
use crate::model::{Cuts, EnvironmentEntry, Interpolated, Provenance, Secret};
use crate::text::secrets::names_secret;

/// Refused values of one file that are reported.
const MOST_REFUSED: usize = 20;

/// Variables by name.
#[derive(Clone, Debug)]
pub struct Variables {
    known: BTreeMap<String, Variable>,
    /// Names of those whose value comes from a secret one, though their name does not say so.
    derived: BTreeSet<String>,
    /// How many bytes they may bring into the texts of one project.
    bytes: usize,
}

impl Default for Variables {
    fn default() -> Self {
        Self { known: BTreeMap::new(), derived: BTreeSet::new(), bytes: ALL_EXPANSIONS }
    }
}

impl Lookup for Variables {
    fn variable(&self, name: &str) -> Option<&Variable> {
        self.get(name)
    }
}

impl Variables {
    /// Those of the process environment that the command line passes on; they win over every file.
    #[must_use]
    pub fn passed_on(environment: &BTreeMap<String, String>) -> Self {
        let variable =
            |value: &String| Variable { value: Some(value.clone()), provenance: Provenance::ProcessEnvironment, defined_at: None };
        Self { known: environment.iter().map(|(name, value)| (name.clone(), variable(value))).collect(), ..Self::default() }
    }

    /// The same for a run with so many projects, which share what all variables may come to.
    #[must_use]
    pub fn shared_by(self, projects: usize) -> Self {
        Self { bytes: (ALL_EXPANSIONS / projects.max(1)).max(LEAST_EXPANSIONS), ..self }
    }

    /// Adds those of a file, and tells which of its lines are too much; a later file wins over an earlier one.
    pub fn add_file(&mut self, dotenv: &Dotenv) -> Cuts {
        let allowance = self.allowance();
        let mut cuts = Cuts::default();
        for entry in &dotenv.entries {
            if self.known.get(&entry.name).is_some_and(|known| known.provenance == Provenance::ProcessEnvironment) {
                continue;
            }
            let Evaluated { value, used, .. } = evaluate_using(entry, self, &allowance, &mut cuts);
            if let Some(value) = value {
                if used.iter().any(|name| self.is_secret(name)) {
                    self.derived.insert(entry.name.clone());
                }
                let variable = Variable { value, provenance: Provenance::EnvFile, defined_at: Some(entry.value_span) };
                self.known.insert(entry.name.clone(), variable);
            }
        }
        cuts
    }

    /// Adds those of a file that are not known yet, as an included file does with its own.
    pub(super) fn add_lacking(&mut self, dotenv: &Dotenv) -> Cuts {
        let mut with = self.clone();
        let cuts = with.add_file(dotenv);
        for (name, variable) in with.known {
            if !self.known.contains_key(&name) {
                if with.derived.contains(&name) {
                    self.derived.insert(name.clone());
                }
                self.known.insert(name, variable);
            }
        }
        cuts
    }

    /// What they may bring into the texts of one project.
    pub(super) const fn allowance(&self) -> Allowance {
        Allowance::of(self.bytes)
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

    pub(super) fn insert(&mut self, name: String, variable: Variable) {
        self.known.insert(name, variable);
    }
}

/// The lines of a file of variables as an environment.
#[derive(Debug, Default)]
pub struct DotenvEntries {
    /// The variables, each name as often as it is written.
    pub entries: Vec<EnvironmentEntry>,
    /// Values that Docker Compose cannot interpolate, for which it refuses the file.
    pub refused: Vec<Diagnostic>,
    /// Bounds that were met.
    pub cuts: Cuts,
}

/// Reads the lines of a file of variables.
#[must_use]
pub fn dotenv_entries(dotenv: &Dotenv) -> DotenvEntries {
    let mut variables = Variables::default();
    let allowance = variables.allowance();
    let mut read = DotenvEntries { entries: Vec::with_capacity(dotenv.entries.len()), ..DotenvEntries::default() };
    if let Some(entry) = dotenv.entries.get(MOST_VARIABLES) {
        read.cuts.add("lines", entry.name_span, || {
            format!("the file sets more than {MOST_VARIABLES} variables; this one and the next are not read")
        });
    }
    for entry in dotenv.entries.iter().take(MOST_VARIABLES) {
        let Evaluated { value, used, error } = evaluate_using(entry, &variables, &allowance, &mut read.cuts);
        read.refused.extend(error.filter(|_| read.refused.len() < MOST_REFUSED).map(|what| refused(entry, what)));
        let provenance = match &value {
            None => Provenance::PassThrough,
            Some(None) => Provenance::Unresolved,
            Some(Some(_)) => Provenance::Literal,
        };
        let interpolated = Interpolated {
            value: value.clone().flatten(),
            raw: Secret::new(entry.value.clone().unwrap_or_default()),
            provenance,
            variables: used,
            span: entry.value_span,
            defined_at: None,
        };
        read.entries.push(EnvironmentEntry { name: entry.name.clone(), name_span: entry.name_span, value: interpolated, from_file: true });
        if let Some(value) = value {
            variables.insert(entry.name.clone(), Variable { value, provenance: Provenance::EnvFile, defined_at: Some(entry.value_span) });
        }
    }
    read
}

fn refused(entry: &DotenvEntry, what: &str) -> Diagnostic {
    Diagnostic {
        code: "dotenv-interpolation",
        span: entry.name_span,
        message: format!("Docker Compose cannot read a variable in the value of {}: {what}", entry.name),
        found: None,
        expected: Some("${NAME} or ${NAME:-default}, and single quotes around a value that is not a template".to_owned()),
        related: Vec::new(),
        fatal: true,
    }
}

/// What a line of a file of variables sets: `None` for a name alone that nothing gives a value, and
/// `Some(None)` for a value that depends on a variable that nobody sets, or is too long.
pub(super) fn evaluate(entry: &DotenvEntry, variables: &dyn Lookup, allowance: &Allowance, cuts: &mut Cuts) -> Option<Option<String>> {
    evaluate_using(entry, variables, allowance, cuts).value
}

/// What a line sets, with what that rests on.
#[derive(Default)]
struct Evaluated {
    value: Option<Option<String>>,
    /// Variables that the value uses.
    used: Vec<String>,
    /// Why Docker Compose refuses the value.
    error: Option<&'static str>,
}

fn evaluate_using(entry: &DotenvEntry, variables: &dyn Lookup, allowance: &Allowance, cuts: &mut Cuts) -> Evaluated {
    let copied = |value: &str| allowance.copy(value, 0).map_err(|bound| allowance.report(cuts, bound, &entry.name, entry.name_span)).ok();
    let Some(value) = &entry.value else {
        let known = variables.variable(&entry.name);
        return Evaluated { value: known.map(|variable| variable.value.as_deref().and_then(copied)), ..Evaluated::default() };
    };
    if entry.quoting == Quoting::Single {
        return Evaluated { value: Some(Some(value.clone())), ..Evaluated::default() };
    }
    let expansion = expand(value, variables, allowance);
    if let Some(bound) = expansion.cut {
        allowance.report(cuts, bound, &entry.name, entry.name_span);
    }
    let known = (!expansion.text.contains(UNKNOWN)).then_some(expansion.text);
    Evaluated {
        value: Some(known),
        used: expansion.pieces.into_iter().flat_map(|piece| piece.variables).collect(),
        error: expansion.error.map(|(_, what)| what),
    }
}
