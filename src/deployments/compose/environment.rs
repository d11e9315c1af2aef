//! The environment of a service: `env_file`, then `environment` over it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::allowance::Allowance;
use super::reader::{Reader, join};
use super::text::{Text, is_unknown};
use super::variable::{Lookup, Variable};
use super::variables::{Variables, evaluate};
use crate::deployments::VariableFile;
use crate::formats::dotenv::{self, Dotenv, DotenvEntry};
use crate::formats::yaml::{Entry, Node};
use crate::model::bounds::MOST_FROM_ENV_FILES;
use crate::model::{Cuts, EnvironmentEntry, Interpolated, Provenance, Secret};
use crate::text::{ReadError, Span};

/// What a service finds in its environment.
#[derive(Default)]
pub(super) struct Environment {
    /// Variables in effect, each name once.
    pub(super) entries: Vec<EnvironmentEntry>,
    /// Why there may be more.
    pub(super) incomplete: Option<String>,
    /// Display paths of the files that it is read from.
    pub(super) files: Vec<VariableFile>,
}

/// Reads both keys of a service.
pub(super) fn read(reader: &mut Reader<'_>, env_file: Option<&Node>, environment: Option<&Node>) -> Environment {
    let mut read = Environment::default();
    let own = environment.map(|node| entries(reader, node)).unwrap_or_default();
    let from_files = env_file.map(|node| files(reader, node, &own, &mut read)).unwrap_or_default();
    let mut last: HashMap<String, usize> = HashMap::new();
    let all: Vec<EnvironmentEntry> = from_files.into_iter().chain(own).collect();
    for (index, entry) in all.iter().enumerate() {
        last.insert(entry.name.clone(), index);
    }
    read.entries =
        all.into_iter().enumerate().filter(|(index, entry)| last.get(&entry.name) == Some(index)).map(|(_, entry)| entry).collect();
    read
}

fn entries(reader: &mut Reader<'_>, node: &Node) -> Vec<EnvironmentEntry> {
    if let Some(items) = node.items() {
        return items.iter().filter_map(|item| list_item(reader, item)).collect();
    }
    if !node.is_mapping() {
        if !node.is_null() {
            reader.problem(
                "compose-invalid-value",
                node.place(),
                "`environment` is neither a mapping nor a list",
                "NAME: value, or - NAME=value",
            );
            reader.lost("environment", node.place());
        }
        return Vec::new();
    }
    node.entries().into_iter().filter_map(|entry| mapped(reader, entry)).collect()
}

fn mapped(reader: &mut Reader<'_>, entry: &Entry) -> Option<EnvironmentEntry> {
    let name = entry.key.text()?.to_owned();
    if entry.value.is_null() {
        return Some(passed_through(reader, name, entry.key.span));
    }
    let value = reader.scalar("environment", &entry.value)?.interpolated();
    Some(EnvironmentEntry { name, name_span: entry.key.span, value, from_file: false })
}

fn list_item(reader: &mut Reader<'_>, item: &Node) -> Option<EnvironmentEntry> {
    if let Some(entry) = item.as_pair() {
        return mapped(reader, entry);
    }
    if item.is_mapping() {
        reader.problem(
            "compose-invalid-value",
            item.place(),
            "this list of variables contains a mapping",
            "- NAME=value, or NAME: value without the dash",
        );
        reader.lost("environment", item.place());
        return None;
    }
    let text = reader.scalar("environment", item)?;
    let expanded = text.expanded();
    let equals = expanded.find('=');
    let name_end = equals.unwrap_or(expanded.len());
    let name = expanded.get(..name_end).unwrap_or("").to_owned();
    if is_unknown(&name) {
        reader.lost("environment", item.place());
        return None;
    }
    let name_span = text.part(0..name_end).span;
    match equals {
        Some(equals) => {
            let value = text.part(equals + 1..expanded.len());
            Some(EnvironmentEntry { name, name_span, value, from_file: false })
        }
        None => Some(passed_through(reader, name, name_span)),
    }
}

/// A name without a value takes what the project's variables say; the shell may say something else.
fn passed_through(reader: &Reader<'_>, name: String, span: Span) -> EnvironmentEntry {
    let known = reader.variables.get(&name);
    let copied = |value: &str| reader.allowance.copy(value, 0).map_err(|bound| reader.too_long(bound, &name, span)).ok();
    let value = Interpolated {
        value: known.and_then(|known| known.value.as_deref().and_then(copied)),
        raw: Secret::new(""),
        provenance: known.map_or(Provenance::PassThrough, |known| known.provenance),
        variables: vec![name.clone()],
        span,
        defined_at: known.and_then(|known| known.defined_at),
    };
    EnvironmentEntry { name, name_span: span, value, from_file: false }
}

/// One item of `env_file`.
struct EnvFile {
    path: Text,
    required: bool,
    raw: bool,
}

fn files(reader: &mut Reader<'_>, node: &Node, own: &[EnvironmentEntry], read: &mut Environment) -> Vec<EnvironmentEntry> {
    let items: Vec<&Node> = match node.items() {
        Some(items) => items.iter().collect(),
        None if node.is_null() => Vec::new(),
        None => vec![node],
    };
    let mut entries = Vec::new();
    let mut known = KnownToFiles::new(reader.variables, own);
    for item in items {
        let Some(file) = env_file(reader, item) else {
            read.incomplete.get_or_insert_with(|| "an env_file could not be told".to_owned());
            continue;
        };
        match load(reader, &file) {
            Ok(Some((path, dotenv))) => {
                read.files.push(VariableFile { path, raw: file.raw });
                if dotenv.diagnostics.iter().any(|diagnostic| diagnostic.fatal) {
                    read.incomplete.get_or_insert_with(|| format!("env_file {} has a syntax error", file.path.expanded()));
                }
                if spend(reader, &dotenv, item) {
                    let cuts = &mut reader.cuts.borrow_mut();
                    let own = |entry| known.take_over(entry, file.raw, &reader.allowance, cuts);
                    entries.extend(dotenv.entries.iter().filter_map(own));
                } else {
                    read.incomplete.get_or_insert_with(|| too_many(file.path.expanded()));
                }
            }
            // Docker Compose passes it over; where the project runs, it may be there.
            Ok(None) => {
                _ = read.incomplete.get_or_insert_with(|| format!("env_file {} is optional, and was not given", file.path.expanded()))
            }
            Err(reason) => _ = read.incomplete.get_or_insert(reason),
        }
    }
    entries
}

/// Whether the variables of a file may still be taken over; thousands of services may each name thousands of lines.
fn spend(reader: &mut Reader<'_>, dotenv: &Dotenv, item: &Node) -> bool {
    let left = reader.env_files_left.checked_sub(dotenv.entries.len());
    if left.is_none() {
        let say = || format!("{}; the rest is not read", too_many("and those before it"));
        reader.cuts.borrow_mut().add("env_file", item.place(), say);
    }
    reader.env_files_left = left.unwrap_or(reader.env_files_left);
    left.is_some()
}

fn too_many(which: &str) -> String {
    format!("env_file {which}: the files bring more than {MOST_FROM_ENV_FILES} variables into the services of this project")
}

/// The variables that a line of an `env_file` may use: those of `environment` and of the project,
/// and behind them what the files set so far.
struct KnownToFiles<'v> {
    project: &'v Variables,
    over: Variables,
    own: HashSet<String>,
}

impl Lookup for KnownToFiles<'_> {
    fn variable(&self, name: &str) -> Option<&Variable> {
        self.over.get(name).or_else(|| self.project.get(name))
    }
}

impl<'v> KnownToFiles<'v> {
    fn new(project: &'v Variables, own: &[EnvironmentEntry]) -> Self {
        let mut known = Self { project, over: Variables::default(), own: HashSet::new() };
        for entry in own.iter().filter(|entry| entry.value.provenance != Provenance::PassThrough) {
            let value = entry.value.value.clone();
            let variable = Variable { value, provenance: entry.value.provenance, defined_at: Some(entry.value.span) };
            known.own.insert(entry.name.clone());
            known.over.insert(entry.name.clone(), variable);
        }
        known
    }

    /// What one line of a file gives the container; `None` for a name alone that nothing sets.
    fn take_over(&mut self, entry: &DotenvEntry, raw: bool, allowance: &Allowance, cuts: &mut Cuts) -> Option<EnvironmentEntry> {
        let value = if raw && entry.value.is_some() { entry.value.clone() } else { evaluate(entry, &*self, allowance, cuts)? };
        let variable = Variable { value: value.clone(), provenance: Provenance::EnvFile, defined_at: Some(entry.value_span) };
        if !self.own.contains(&entry.name) && self.project.get(&entry.name).is_none() {
            self.over.insert(entry.name.clone(), variable);
        }
        let provenance = if value.is_some() { Provenance::EnvFile } else { Provenance::Unresolved };
        let value = Interpolated {
            value,
            raw: Secret::new(entry.value.clone().unwrap_or_default()),
            provenance,
            variables: Vec::new(),
            span: entry.value_span,
            defined_at: Some(entry.value_span),
        };
        Some(EnvironmentEntry { name: entry.name.clone(), name_span: entry.name_span, value, from_file: true })
    }
}

fn env_file(reader: &mut Reader<'_>, item: &Node) -> Option<EnvFile> {
    if !item.is_mapping() {
        return Some(EnvFile { path: reader.scalar("env_file", item)?, required: true, raw: false });
    }
    let path = reader.scalar("env_file", item.get("path")?)?;
    let required = item.get("required").and_then(|value| reader.truth("env_file", value)).unwrap_or(true);
    let raw = item.get("format").and_then(|value| reader.known("env_file", value)).is_some_and(|(format, _)| format == "raw");
    Some(EnvFile { path, required, raw })
}

/// The file's display path and its variables; `None` for one that may be missing and is.
fn load(reader: &mut Reader<'_>, file: &EnvFile) -> Result<Option<(String, Rc<Dotenv>)>, String> {
    let Some(written) = file.path.known() else {
        return Err(format!("env_file {} depends on a variable without a value", file.path.written(&(0..file.path.expanded().len()))));
    };
    let shown = if written.starts_with('/') || written.starts_with('~') { None } else { join(reader.folder(), written) };
    let path = shown.or_else(|| reader.display_path(written)).ok_or_else(|| format!("env_file {written}: {}", ReadError::OutsideTree))?;
    let key = (path, file.raw);
    if let Some(known) = reader.dotenvs.get(&key) {
        return Ok(Some((key.0, Rc::clone(known))));
    }
    match reader.files.read(&key.0) {
        Ok(source) => {
            let dotenv = Rc::new(if file.raw { dotenv::parse_raw(&source) } else { dotenv::parse(&source) });
            reader.dotenvs.insert(key.clone(), Rc::clone(&dotenv));
            Ok(Some((key.0, dotenv)))
        }
        Err(ReadError::Missing) if !file.required => Ok(None),
        Err(error) => Err(format!("env_file {written}: {error}")),
    }
}
