//! Rule files that are not shipped: those of `--rules` and of gonogo.toml, bounded, and never more than rule files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::Failure;
use crate::text::harmless::one_line;
use crate::text::{Files, Found, ReadError, ReadLimits, Source, path};

/// Largest rule file, and largest sum of all, in bytes. The largest that is shipped holds 9 kB.
const LIMITS: ReadLimits = ReadLimits { file_size: 256 * 1024, total_size: 16 * 1024 * 1024 };

/// Most rule files of one folder.
const MOST_FILES: usize = 2_000;

/// Folders within folders that are looked into.
const DEEPEST: usize = 4;

/// Where rule files are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RulePlace {
    /// The user's own word: `--rules`, or a gonogo.toml that `--config` names. The first of these that is there.
    Trusted(Vec<PathBuf>),
    /// The word of a gonogo.toml that was found: `written` is looked for in these folders and never outside `project`.
    Found { written: String, project: PathBuf, folders: Vec<PathBuf> },
}

/// The texts of all rule files, in the order of the places and then of their paths; `inputs` takes note of what was opened.
///
/// # Errors
/// What cannot be read. Nothing of a file that is not a rule file is quoted.
pub(super) fn read(places: &[RulePlace], inputs: &Files) -> Result<Vec<Arc<Source>>, Failure> {
    let mut sources = Vec::new();
    for place in places {
        match place {
            RulePlace::Trusted(folders) => sources.extend(trusted(folders, inputs)?),
            RulePlace::Found { written, project, folders } => sources.extend(found(written, project, folders, inputs)?),
        }
    }
    Ok(sources)
}

fn trusted(folders: &[PathBuf], inputs: &Files) -> Result<Vec<Arc<Source>>, Failure> {
    let there = folders.iter().find(|folder| folder.exists()).or(folders.first());
    let Some(folder) = there else { return Ok(Vec::new()) };
    let failed = |error: &ReadError| Failure::Usage(format!("rules of {}: {error}", path::shown(folder)));
    let mut files = Files::new(LIMITS);
    let sources = match files.add_root(folder).map_err(|error| failed(&error))? {
        Found::File(file) => Ok(vec![files.read_utf8(&file).map_err(|error| failed(&error))?]),
        Found::Directory(top) => of_folder(&files, &top).map_err(|(file, error)| {
            let file = if file.is_empty() { path::shown(folder) } else { one_line(&file) };
            Failure::Usage(format!("rule {file}: {error}"))
        }),
    };
    inputs.note_opened_by(&files);
    match sources {
        Ok(sources) if sources.is_empty() => {
            let folder = path::shown(folder);
            Err(Failure::Usage(format!("rules of {folder}: no rule file is there; each rule is a file, named by its id and `.toml`")))
        }
        sources => sources,
    }
}

fn found(written: &str, project: &Path, folders: &[PathBuf], inputs: &Files) -> Result<Vec<Arc<Source>>, Failure> {
    let failed = |error: &str| Failure::Usage(format!("rules = [\"{}\"] of gonogo.toml: {error}", one_line(written)));
    let outside = || {
        failed(
            "outside the project; a gonogo.toml that was found may name rules of the project only\nnext: give the folder with --rules, or gonogo.toml with --config",
        )
    };
    let mut files = Files::new(LIMITS);
    files.add_root(project).map_err(|error| failed(&error.to_string()))?;
    if written.starts_with('/') {
        return Err(outside());
    }
    let shown = path::shown_text(written);
    let mut seen = ReadError::Missing;
    for folder in folders {
        let Some(base) = files.display_path(folder) else { continue };
        let Some(wanted) = path::normalise(&path::join(&base, &shown)) else { return Err(outside()) };
        match files.exists(&wanted) {
            Ok(true) => {
                let sources = of_project(&files, &wanted).map_err(|(file, error)| failed(&format!("{}: {error}", one_line(&file))));
                inputs.note_opened_by(&files);
                return sources;
            }
            Ok(false) => {}
            Err(error) => seen = error,
        }
    }
    if seen == ReadError::OutsideTree { Err(outside()) } else { Err(failed(&seen.to_string())) }
}

/// A path and what is wrong with it.
type Wrong = (String, String);

/// A rule file of the project, or those of a folder of it.
fn of_project(files: &Files, wanted: &str) -> Result<Vec<Arc<Source>>, Wrong> {
    let sources = match of_folder(files, wanted) {
        Err((_, _)) if files.list(wanted).is_err() => {
            if !wanted.ends_with(".toml") {
                return Err((wanted.to_owned(), "not a folder, and not a rule file, which ends in .toml".to_owned()));
            }
            vec![files.read_utf8(wanted).map_err(|error| (wanted.to_owned(), error.to_string()))?]
        }
        read => read?,
    };
    match sources.iter().find(|source| !looks_like_rule(source)) {
        Some(source) => {
            let name = id_of(source);
            Err((source.path().to_owned(), format!("not a rule file: it does not say `id = \"{}\"`", one_line(name))))
        }
        None => Ok(sources),
    }
}

/// The id that a rule file must have: its name.
fn id_of(source: &Source) -> &str {
    source.file_name().strip_suffix(".toml").unwrap_or_else(|| source.file_name())
}

/// Whether a text calls itself the rule of its name. Errors quote lines of it: they must not quote any other file.
fn looks_like_rule(source: &Source) -> bool {
    let id = id_of(source);
    let says_so = |line: &str| {
        let value = line.trim_start().strip_prefix("id").map(str::trim_start).and_then(|rest| rest.strip_prefix('=')).map(str::trim_start);
        value
            .and_then(|value| value.strip_prefix(['"', '\'']))
            .and_then(|value| value.strip_prefix(id))
            .is_some_and(|rest| rest.starts_with(['"', '\'']))
    };
    source.text().lines().any(says_so)
}

/// The `*.toml` files below a folder, sorted. Links to folders are not entered: they may lead in a circle.
fn of_folder(files: &Files, top: &str) -> Result<Vec<Arc<Source>>, Wrong> {
    let mut paths = Vec::new();
    collect(files, top, 0, &mut paths)?;
    let read = |file: String| files.read_utf8(&file).map_err(|error| (file, error.to_string()));
    paths.into_iter().map(read).collect()
}

fn collect(files: &Files, folder: &str, depth: usize, paths: &mut Vec<String>) -> Result<(), Wrong> {
    for entry in files.list(folder).map_err(|error| (folder.to_owned(), error.to_string()))? {
        if entry.directory {
            if depth < DEEPEST && !files.is_link(&entry.path) {
                collect(files, &entry.path, depth + 1, paths)?;
            }
        } else if entry.name.ends_with(".toml") {
            paths.push(entry.path);
        }
        if paths.len() > MOST_FILES {
            return Err((folder.to_owned(), format!("more than {MOST_FILES} rule files")));
        }
    }
    Ok(())
}
