//! Files of the folder that Debian's main file includes, beside one that does not include it: they are no servers of their
//! own, and nothing of them is in effect.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::servers::SeenFiles;
use crate::engines::frame::Assembled;
use crate::model::{Instance, Problem};
use crate::text::Source;
use crate::text::path::{folder_of, name_of};

/// The folder that packages make for settings, beside the main file.
const FOLDER: &str = "conf.d";

/// Says at each server which files beside its main one it does not read, and takes them; `read` is what servers read.
pub(super) fn tell(assembled: &mut Assembled, seen: &SeenFiles<'_>, read: &mut BTreeSet<String>) {
    let mut folders: BTreeMap<String, Vec<&Arc<Source>>> = BTreeMap::new();
    for source in seen.confs.iter().filter(|source| !read.contains(source.path()) && name_of(folder_of(source.path())) == FOLDER) {
        folders.entry(folder_of(source.path()).to_owned()).or_default().push(source);
    }
    for (folder, sources) in folders {
        let main = main_of(&folder);
        let mut instances = assembled.instances.iter_mut();
        let Some(instance) = instances.find(|instance| instance.service.is_none() && instance.sources.contains(&main)) else { continue };
        if !is_complete(instance) {
            continue;
        }
        let record = Arc::new(problem(&folder, &main, &sources).record());
        for view in &mut instance.views {
            view.subject.records.entry("problem").or_default().rows.push(Arc::clone(&record));
        }
        read.extend(sources.iter().map(|source| source.path().to_owned()));
    }
}

fn main_of(folder: &str) -> String {
    let above = folder_of(folder);
    if above.is_empty() { "postgresql.conf".to_owned() } else { format!("{above}/postgresql.conf") }
}

/// Whether every file that it includes was seen: one that was not may include the folder.
fn is_complete(instance: &Instance) -> bool {
    instance.views.iter().all(|view| view.subject.records.get("assignment").is_some_and(|set| set.incomplete.is_none()))
}

fn problem(folder: &str, main: &str, sources: &[&Arc<Source>]) -> Problem {
    let names: Vec<&str> = sources.iter().map(|source| name_of(source.path())).collect();
    let first = sources.first();
    let line = |source: &&Arc<Source>| source.span(0, source.text().lines().next().map_or(0, str::len));
    Problem {
        code: "file-not-read",
        key: folder.to_owned(),
        name: FOLDER.to_owned(),
        span: first.map(line),
        message: format!("{main} does not include {folder}: nothing of {} is in effect.", names.join(", ")),
        found: Some("not included".to_owned()),
        expected: Some(format!("`include_dir = '{FOLDER}'` in {main}")),
        ..Problem::default()
    }
}
