//! Which files make up a project: the one that Docker Compose looks for, and the override beside it.
//!
//! <https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::problems::is_whole_project;
use super::reader::join;
use super::recognise::BASES;
use super::variables::Variables;
use crate::formats::dotenv;
use crate::text::path::{folder_of, name_of};
use crate::text::{Files, Source, Span};

/// Names of the file that it lays over the one that it found, the preferred one first.
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// A file with those that are laid over it.
pub(super) struct Stack {
    pub(super) base: Arc<Source>,
    pub(super) over: Vec<Arc<Source>>,
    /// Files that `COMPOSE_FILE` names and that cannot be read, with the place where it is set.
    pub(super) absent: Vec<(String, Span)>,
    /// Whether somebody says that these files are a project, and all of it.
    pub(super) stated: bool,
}

/// The project of the files that somebody names, and the files that Docker Compose would have read in their place, or
/// laid over them, and does not read then: they are taken out of `sources`.
pub(super) fn stated(named: &[String], sources: &mut Vec<Arc<Source>>, files: &Files) -> Option<(Stack, Vec<String>)> {
    let mut read = named.iter().filter_map(|path| files.read(path).ok());
    let stack = Stack { base: read.next()?, over: read.collect(), absent: Vec::new(), stated: true };
    let folder = folder_of(stack.base.path()).to_owned();
    let is_in_its_place = |path: &str| folder_of(path) == folder && (BASES.contains(&name_of(path)) || !is_whole_project(path));
    let mut left_out = Vec::new();
    sources.retain(|source| {
        let path = source.path();
        let is_of_it = named.iter().any(|named| named == path);
        let is_left_out = !is_of_it && is_in_its_place(path) && !files.is_named(path);
        left_out.extend(is_left_out.then(|| path.to_owned()));
        !is_of_it && !is_left_out
    });
    Some((stack, left_out))
}

/// The projects of all files: each file by itself, but for those that are laid over another.
pub(super) fn stacks(sources: &[Arc<Source>], files: &Files) -> Vec<Stack> {
    let by_path: BTreeMap<&str, &Arc<Source>> = sources.iter().map(|source| (source.path(), source)).collect();
    let mut over: BTreeMap<&str, Over> = BTreeMap::new();
    for source in sources.iter().filter(|source| is_base(source, &by_path)) {
        over.insert(source.path(), over_base(source, files));
    }
    let used: BTreeSet<String> = over.values().flat_map(|over| &over.layers).map(|source| source.path().to_owned()).collect();
    let alone = sources.iter().filter(|source| !used.contains(source.path()));
    let stack = |base: &Arc<Source>| {
        let Over { layers, absent } = over.get(base.path()).cloned().unwrap_or_default();
        Stack { base: Arc::clone(base), over: layers, absent, stated: false }
    };
    alone.map(stack).collect()
}

/// Whether Docker Compose takes this file of its folder.
fn is_base(source: &Source, by_path: &BTreeMap<&str, &Arc<Source>>) -> bool {
    let folder = folder_of(source.path());
    let first = BASES.iter().find(|name| join(folder, name).is_some_and(|path| by_path.contains_key(path.as_str())));
    first.is_some_and(|first| *first == name_of(source.path()))
}

/// What is laid over a file.
#[derive(Clone, Default)]
struct Over {
    layers: Vec<Arc<Source>>,
    /// Files that `COMPOSE_FILE` names and that cannot be read: Docker Compose refuses the project without them.
    absent: Vec<(String, Span)>,
}

/// What is laid over a file: what `COMPOSE_FILE` of its `.env` lists behind it, else the override beside it.
#[must_use]
pub fn layers(base: &Source, files: &Files) -> Vec<Arc<Source>> {
    over_base(base, files).layers
}

fn over_base(base: &Source, files: &Files) -> Over {
    let folder = folder_of(base.path());
    let read = |name: &str| join(folder, name).and_then(|path| files.read(&path).ok());
    let Some((names, span)) = listed(folder, files) else {
        return Over { layers: OVERRIDES.iter().find_map(|name| read(name)).into_iter().collect(), absent: Vec::new() };
    };
    let behind = names.iter().skip_while(|name| name.trim_start_matches("./") != name_of(base.path())).skip(1);
    let layers = behind.filter_map(|name| read(name)).collect();
    let absent = names.iter().filter(|name| read(name).is_none()).map(|name| (name.clone(), span)).collect();
    Over { layers, absent }
}

/// The files that `COMPOSE_FILE` of the `.env` of a folder names, and where.
fn listed(folder: &str, files: &Files) -> Option<(Vec<String>, Span)> {
    let dotenv = files.read(&join(folder, ".env")?).ok()?;
    let mut variables = Variables::default();
    let _ = variables.add_file(&dotenv::parse(&dotenv));
    let list = variables.value("COMPOSE_FILE").filter(|list| !list.is_empty())?;
    let separator = variables.value("COMPOSE_PATH_SEPARATOR").filter(|separator| !separator.is_empty()).unwrap_or(":");
    let span = variables.get("COMPOSE_FILE").and_then(|variable| variable.defined_at)?;
    Some((list.split(separator).map(str::to_owned).collect(), span))
}
