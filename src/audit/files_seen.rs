//! Files as subjects: descriptions of projects with their problems, dotenv files with their variables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::deployments::Project;
use crate::deployments::compose::{DotenvEntries, dotenv_entries};
use crate::formats::{Diagnostic, dotenv};
use crate::model::{Cuts, Field, Problem, RecordSet, Subject, SubjectKind, Why};
use crate::text::path::folder_of;
use crate::text::{Files, Source, Span};
use crate::workloads::dotenv::{DotenvFile, dotenv_subject, is_of_another_tool};

/// What is made of the subjects of kind `file`, and the bounds that were met.
pub(super) fn look<S: Send>(
    projects: &[Project],
    dotenvs: &[Arc<Source>],
    instances: &BTreeMap<String, Arc<Vec<String>>>,
    files: &Files,
    look: impl Fn(Subject) -> S + Sync,
) -> (Vec<S>, Cuts) {
    let mut looked: Vec<S> = projects.par_iter().filter_map(|project| description(project, instances, files).map(&look)).collect();
    let mut sources: BTreeMap<String, Arc<Source>> = dotenvs.iter().map(|source| (source.path().to_owned(), Arc::clone(source))).collect();
    for file in projects.iter().flat_map(|project| &project.dotenvs) {
        if let Ok(source) = files.read(&file.path) {
            sources.entry(file.path.clone()).or_insert(source);
        }
    }
    let loaders = Loaders::of(projects);
    let sources: Vec<&Arc<Source>> = sources.values().collect();
    let look_at = |source: &&Arc<Source>| {
        let (subject, cuts) = dotenv_file(source, &loaders, instances, files);
        (look(subject), cuts)
    };
    let read: Vec<(S, Cuts)> = sources.par_iter().map(look_at).collect();
    let mut all = Cuts::default();
    for (subject, cuts) in read {
        looked.push(subject);
        all.extend(cuts);
    }
    (looked, all)
}

/// Which compose file loads which dotenv file.
struct Loaders<'p> {
    by_loaded: BTreeMap<&'p str, Vec<&'p str>>,
    folders: BTreeSet<&'p str>,
    /// Those whose variables somebody reads, rather than taking the values as they are written.
    read: BTreeSet<&'p str>,
}

impl<'p> Loaders<'p> {
    fn of(projects: &'p [Project]) -> Self {
        let mut by_loaded: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for project in projects {
            project.dotenvs.iter().for_each(|loaded| by_loaded.entry(loaded.path.as_str()).or_default().push(&project.path));
        }
        let read = projects.iter().flat_map(|project| &project.dotenvs).filter(|loaded| !loaded.raw);
        Self {
            by_loaded,
            read: read.map(|loaded| loaded.path.as_str()).collect(),
            folders: projects.iter().map(|project| folder_of(&project.path)).collect(),
        }
    }
}

/// The description of a project as a subject; of a template nothing was read.
fn description(project: &Project, instances: &BTreeMap<String, Arc<Vec<String>>>, files: &Files) -> Option<Subject> {
    if project.template {
        return None;
    }
    let source = files.read(&project.path).ok()?;
    let head = Some(head_of(&source));
    let mut subject = Subject::new(SubjectKind::File, project.path.as_str());
    subject.platform = Some(project.platform);
    subject.anchor = head;
    subject.facts.insert("kind", Field::text(project.kind.name, head));
    subject.facts.insert("path", Field::text(&project.path, head));
    subject.instances = instances.get(&project.path).cloned().unwrap_or_default();
    let incomplete = if project.broken_at.is_some() {
        Some(Why::new("the file has a syntax error, and what follows it was not read"))
    } else {
        project.cut_at.map(|_| Why::new("a part of the file was left out"))
    };
    subject.records.insert("problem", RecordSet { rows: project.problems.clone(), incomplete });
    Some(subject)
}

fn dotenv_file(source: &Source, loaders: &Loaders<'_>, instances: &BTreeMap<String, Arc<Vec<String>>>, files: &Files) -> (Subject, Cuts) {
    let path = source.path().to_owned();
    let raw = loaders.by_loaded.contains_key(path.as_str()) && !loaders.read.contains(path.as_str());
    let parsed = if raw { dotenv::parse_raw(source) } else { dotenv::parse(source) };
    let loading = loaders.by_loaded.get(path.as_str());
    // Only a deployment of the same folder could load it without naming it.
    let could_load = || loaders.folders.contains(folder_of(&path)) && !is_of_another_tool(&path, files);
    let loaded = if loading.is_none() { could_load().then_some(false) } else { Some(true) };
    let DotenvEntries { entries, refused, cuts } = dotenv_entries(&parsed);
    let file = DotenvFile { path: path.clone(), entries, loaded, head: head_of(source) };
    let all = file.entries.len() == parsed.entries.len();
    let mut subject = dotenv_subject(&file, files);
    if !all {
        let why = Why::new("the file sets more variables than were read");
        subject.records.entry("environment").or_default().incomplete = Some(why);
    }
    let ids: BTreeSet<String> =
        loading.into_iter().flatten().filter_map(|project| instances.get(*project)).flat_map(|ids| ids.iter().cloned()).collect();
    subject.instances = Arc::new(ids.into_iter().collect());
    let problem = |diagnostic: &Diagnostic| Arc::new(Problem { key: diagnostic.code.to_owned(), ..diagnostic.problem() }.record());
    let problems = parsed.diagnostics.iter().chain(refused.iter().filter(|_| !raw)).map(problem);
    subject.records.insert("problem", RecordSet { rows: problems.collect(), incomplete: None });
    (subject, cuts)
}

/// The first place of a text, for what is absent in it.
fn head_of(source: &Source) -> Span {
    source.span(0, source.line_range(1).end)
}
