//! Files as subjects: compose files with their problems, dotenv files with their variables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::survey::head_of;
use crate::deployments::compose::{ComposeProject, Resource, dotenv_entries};
use crate::formats::{Diagnostic, dotenv};
use crate::model::{Cuts, Field, Record, RecordSet, Subject, Why};
use crate::text::path::folder_of;
use crate::text::{Files, Source};
use crate::workloads::compose_file::{ComposeFile, compose_file_subject};
use crate::workloads::dotenv::{DotenvFile, dotenv_subject};

/// Subjects of kind `file`, and the bounds that were met.
pub(super) fn subjects(
    projects: &[ComposeProject],
    dotenvs: &[Arc<Source>],
    instances: &BTreeMap<String, Vec<String>>,
    files: &Files,
) -> (Vec<Subject>, Cuts) {
    let mut subjects: Vec<Subject> = projects.par_iter().filter_map(|project| compose_subject(project, instances, files)).collect();
    let mut sources: BTreeMap<String, Arc<Source>> = dotenvs.iter().map(|source| (source.path().to_owned(), Arc::clone(source))).collect();
    for path in projects.iter().flat_map(loaded_by) {
        if let Ok(source) = files.read(path) {
            sources.entry(path.clone()).or_insert(source);
        }
    }
    let loaders = Loaders::of(projects);
    let sources: Vec<&Arc<Source>> = sources.values().collect();
    let read: Vec<(Subject, Cuts)> = sources.par_iter().map(|source| dotenv_file(source, &loaders, instances, files)).collect();
    let mut all = Cuts::default();
    for (subject, cuts) in read {
        subjects.push(subject);
        all.extend(cuts);
    }
    (subjects, all)
}

fn loaded_by(project: &ComposeProject) -> impl Iterator<Item = &String> {
    project.dotenv.iter().chain(&project.env_files)
}

/// Which compose file loads which dotenv file.
struct Loaders<'p> {
    by_loaded: BTreeMap<&'p str, Vec<&'p str>>,
    folders: BTreeSet<&'p str>,
}

impl<'p> Loaders<'p> {
    fn of(projects: &'p [ComposeProject]) -> Self {
        let mut by_loaded: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for project in projects {
            loaded_by(project).for_each(|loaded| by_loaded.entry(loaded.as_str()).or_default().push(&project.path));
        }
        Self { by_loaded, folders: projects.iter().map(|project| folder_of(&project.path)).collect() }
    }
}

fn compose_subject(project: &ComposeProject, instances: &BTreeMap<String, Vec<String>>, files: &Files) -> Option<Subject> {
    if project.template.is_some() {
        return None;
    }
    let source = files.read(&project.path).ok()?;
    let file = ComposeFile {
        path: &project.path,
        head: head_of(&source),
        version: project.version,
        diagnostics: &project.diagnostics,
        volumes: names(&project.resources.volumes),
        networks: names(&project.resources.networks),
        secrets: names(&project.resources.secrets),
        open: is_open(project),
    };
    let mut subject = compose_file_subject(&file, &project.placements);
    subject.instances = instances.get(&project.path).cloned().unwrap_or_default();
    if project.cut_at.is_some() {
        let why = Why::new("a part of the file was left out");
        subject.records.entry("problem").or_default().incomplete = Some(why);
    }
    if project.broken_at.is_some() {
        let why = Why::new("the file has a syntax error, and what follows it was not read");
        subject.records.entry("problem").or_default().incomplete = Some(why);
    }
    Some(subject)
}

/// Names that a section defines; unknown where there is no such section, which may stand elsewhere.
fn names(resources: &[Resource]) -> Option<BTreeSet<&str>> {
    (!resources.is_empty()).then(|| resources.iter().map(|resource| resource.name.as_str()).collect())
}

/// Whether another file may define what this one names: one that it includes or extends, or the file that it overrides.
fn is_open(project: &ComposeProject) -> bool {
    let name = project.path.rsplit('/').next().unwrap_or(&project.path);
    let base = name.trim_end_matches(".yml").trim_end_matches(".yaml");
    let is_override = base.ends_with("override") || (base.starts_with("docker-compose.") || base.starts_with("compose."));
    project.cut_at.is_some()
        || !project.includes.is_empty()
        || is_override
        || project.placements.iter().any(|placement| !placement.incomplete.is_empty())
}

/// A diagnostic of a grammar as a record.
fn problem(diagnostic: &Diagnostic) -> Record {
    let span = Some(diagnostic.span);
    let text = |text: &Option<String>| text.as_ref().map_or_else(Field::absent, |text| Field::text(text, span));
    let mut record = Record::new("problem", diagnostic.code, span)
        .with("code", Field::text(diagnostic.code, span))
        .with("message", Field::text(&diagnostic.message, span))
        .with("found", text(&diagnostic.found))
        .with("expected", text(&diagnostic.expected))
        .with("fatal", Field::bool(diagnostic.fatal, span));
    record.related.clone_from(&diagnostic.related);
    record
}

fn dotenv_file(source: &Source, loaders: &Loaders<'_>, instances: &BTreeMap<String, Vec<String>>, files: &Files) -> (Subject, Cuts) {
    let parsed = dotenv::parse(source);
    let path = source.path().to_owned();
    let loading = loaders.by_loaded.get(path.as_str());
    // Only a deployment of the same folder could load it without naming it.
    let could_load = loaders.folders.contains(folder_of(&path));
    let loaded = if loading.is_none() { could_load.then_some(false) } else { Some(true) };
    let (entries, cuts) = dotenv_entries(&parsed);
    let file = DotenvFile { path: path.clone(), entries, loaded, head: head_of(source) };
    let all = file.entries.len() == parsed.entries.len();
    let mut subject = dotenv_subject(&file, files);
    if !all {
        let why = Why::new("the file sets more variables than were read");
        subject.records.entry("environment").or_default().incomplete = Some(why);
    }
    let ids: BTreeSet<String> = loading.into_iter().flatten().filter_map(|project| instances.get(*project)).flatten().cloned().collect();
    subject.instances = ids.into_iter().collect();
    let problems = parsed.diagnostics.iter().map(|diagnostic| Arc::new(problem(diagnostic))).collect();
    subject.records.insert("problem", RecordSet { rows: problems, incomplete: None });
    (subject, cuts)
}
