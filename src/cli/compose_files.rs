//! The compose files that make up one project, as `--compose-file` or gonogo.toml names them: each is looked at here, so
//! that a slip is told at once and not judged as a project without a database.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::config::{At, Config};
use crate::formats::yaml;
use crate::text::harmless::one_line;
use crate::text::{Files, Found, ReadError, ReadLimits, Source, path, read_given};

/// Most bytes of a compose file: what is read of any text.
const MOST: u64 = 32 * 1024 * 1024;

/// The files of `--compose-file`, else those of gonogo.toml, which count from the first of `places` that has them, as
/// absolute paths; `paths` are the PATHs that are looked at.
///
/// # Errors
/// What is no compose file, or lies outside the PATHs.
pub(super) fn of(
    options: &[PathBuf],
    config: &Config,
    source: Option<&Source>,
    places: &[PathBuf],
    paths: &[PathBuf],
) -> Result<Vec<PathBuf>, Failure> {
    if !options.is_empty() {
        let named = |file: &PathBuf| {
            let failed = |error: &str| Failure::Usage(format!("--compose-file {}: {error}", path::shown(file)));
            if file == Path::new("-") {
                return Err(failed("standard input has no folder that the paths in it count from; name a file"));
            }
            let text = read_given(file, MOST).map_err(|error| failed(&error.to_string()))?;
            checked(&Source::detached(&path::shown(file), &text)).map_err(|error| failed(&error))?;
            let file = std::path::absolute(file).map_err(|error| failed(&error.kind().to_string()))?;
            if is_below(&file, paths) { Ok(file) } else { Err(failed("outside the given paths; name its folder as a PATH")) }
        };
        return options.iter().map(named).collect::<Result<Vec<_>, _>>().map(once);
    }
    let failed = |at: &At<String>, error: &str| {
        let line = source.map_or(1, |source| source.location(at.span.start).line);
        Failure::Usage(one_line(&format!("{}:{line}: compose_files: {}: {error}", config.path, at.value)))
    };
    let mut files = Vec::new();
    for at in &config.compose_files {
        files.push((at, found(&at.value, places).map_err(|error| failed(at, &error))?));
    }
    // A run that looks at something else of the project is not concerned.
    if !files.iter().any(|(_, file)| is_below(file, paths)) {
        return Ok(Vec::new());
    }
    match files.iter().find(|(_, file)| !is_below(file, paths)) {
        Some((at, _)) => Err(failed(at, "outside the given paths, in which another of these files is; name its folder as a PATH")),
        None => Ok(once(files.into_iter().map(|(_, file)| file).collect())),
    }
}

/// The absolute path of a file that gonogo.toml names. Whoever writes the tree may have written that too, so that
/// nothing outside the places is opened.
fn found(written: &str, places: &[PathBuf]) -> Result<PathBuf, String> {
    let mut error = ReadError::Missing;
    for place in places {
        let mut tree = Files::new(ReadLimits { file_size: MOST, total_size: MOST });
        let Ok(Found::Directory(folder)) = tree.add_root(place) else { continue };
        let shown = path::shown_text(written);
        let file = if written.starts_with('/') { shown.into_owned() } else { path::join(&folder, &shown) };
        match tree.read(&file) {
            Ok(source) => {
                checked(&source)?;
                return tree.absolute_of(&file).map(PathBuf::from).ok_or_else(|| ReadError::Missing.to_string());
            }
            Err(ReadError::Missing) => {}
            Err(other) => error = other,
        }
    }
    Err(match error {
        ReadError::Missing => "no such file; its path counts from the project, or from the folder of gonogo.toml".to_owned(),
        ReadError::OutsideTree => "a path that leads out of the project".to_owned(),
        other => other.to_string(),
    })
}

/// Whether a text is YAML and may be a compose file.
fn checked(source: &Source) -> Result<(), String> {
    let yaml = yaml::parse(source);
    if yaml.template.is_some() {
        return Err("a template; give the rendered file".to_owned());
    }
    if !yaml.documents.iter().any(yaml::Node::is_mapping) {
        let line = yaml.broken_at.map(|span| format!(" (line {})", source.location(span.start).line)).unwrap_or_default();
        return Err(format!("not a compose file: a YAML mapping with `services:` was expected{line}"));
    }
    Ok(())
}

/// Whether a file is one of the PATHs, beside one, or below one.
fn is_below(file: &Path, paths: &[PathBuf]) -> bool {
    let Ok(real) = file.canonicalize() else { return false };
    let folder = |path: &PathBuf| {
        let path = path.canonicalize().ok()?;
        if path.is_dir() { Some(path) } else { path.parent().map(Path::to_owned) }
    };
    paths.iter().filter_map(folder).any(|folder| real.starts_with(folder))
}

/// The same without what is named again.
fn once(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut known: Vec<PathBuf> = Vec::new();
    for file in files {
        if !known.contains(&file) {
            known.push(file);
        }
    }
    known
}
