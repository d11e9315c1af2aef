//! From what was typed to what an audit is asked to do: gonogo.toml, rules, variables, dates.

use std::collections::BTreeMap;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::InputOptions;
use super::compose_files;
use super::failure::Failure;
use super::project::{ConfigFile, project};
use super::rule_files::{self, RulePlace};
use crate::audit::{self, Kinds, Named, Request};
use crate::config::Config;
use crate::deployments;
use crate::engines;
use crate::model::{Date, EngineVersion, HostFacts, Series, Version};
use crate::report::{Mode, NowSource};
use crate::rules::{Overrides, RuleSet};
use crate::text::harmless::one_line;
use crate::text::{Files, Found, ReadLimits, Source, path};
use crate::verdict::checklist::Checklist;

/// Most bytes that are read from standard input.
const MOST_STANDARD_INPUT: u64 = 32 * 1024 * 1024;

/// Name of the configuration file.
const CONFIG_NAME: &str = "gonogo.toml";

/// Everything that a command needs to start an audit.
#[derive(Debug)]
pub(super) struct Prepared {
    pub request: Request,
    pub named: Named,
    pub files: Files,
    pub checklist: Checklist,
}

/// Reads what the options name.
pub(super) fn prepare(input: &InputOptions, mode: Mode, err: &mut dyn Write) -> Result<Prepared, Failure> {
    idle_options(input)?;
    let kinds = Kinds::of(deployments::ALL, engines::ALL);
    let kind = input.kind.as_deref().and_then(|kind| kinds.named(kind));
    known_versions("--engine-version", &input.engine_version)?;
    known_versions("--target-version", &input.target_version)?;
    let mut named = named(input)?;
    let (now, now_source) = match input.now {
        Some(now) => (now, NowSource::Option),
        None => (today(), NowSource::Clock),
    };
    let checklist = Checklist::embedded().map_err(Failure::Usage)?;
    let mut files = Files::new(ReadLimits::default());
    let file = found_config(input, &named.paths);
    let project = project(file.as_ref(), &named.paths);
    if let Some(project) = &project {
        files.set_project(project);
    }
    let (config, config_source) = match &file {
        Some(file) => config(file, project.as_deref(), now, &mut files).map(|(config, source)| (config, Some(source)))?,
        None => (Config::default(), None),
    };
    let config_places = file.as_ref().map(|file| places(file, project.as_deref())).unwrap_or_default();
    named.compose_files = compose_files::of(&input.compose_file, &config, config_source.as_deref(), &config_places, &named.paths)?;
    let rules = rules(&checklist, &config, &rule_places(input, &config, file.as_ref(), project.as_deref()), &files)?;
    if let Some(source) = config_source {
        let wrong = config.check_names(&source, &checklist.names(&rules));
        if !wrong.is_empty() {
            return Err(config_errors(&wrong));
        }
    }
    let env_files = env_files(input, &mut files)?;
    let host = HostFacts {
        memory: input.memory.map(|bytes| (bytes, None)),
        cpus: input.cpus.map(|cpus| (cpus, None)),
        storage: input.storage,
        workload: input.workload,
    };
    let request = Request {
        mode,
        lists_outcomes: false,
        offers_fixes: false,
        says_fingerprints: false,
        now,
        now_source,
        config,
        rules: Arc::new(rules),
        criticality: None,
        size: None,
        deployment: input.deployment,
        host,
        engine_versions: input.engine_version.clone(),
        target_versions: input.target_version.clone(),
        kind,
        observed: Vec::new(),
        platforms: deployments::ALL,
        families: engines::ALL,
        env_files,
        environment: environment(input, err)?,
        baseline: None,
    };
    Ok(Prepared { request, named, files, checklist })
}

/// Refuses a version that no catalogue has: nothing would be judged by it, and nothing would say so.
fn known_versions(option: &str, stated: &[EngineVersion]) -> Result<(), Failure> {
    for stated in stated {
        let engines: Vec<_> = engines::ALL.engines().filter(|engine| stated.engine.is_none_or(|named| named == *engine)).collect();
        let series = |engine| engines::ALL.of(engine).map(|family| family.catalogued(engine)).unwrap_or_default();
        if engines.iter().any(|engine| series(*engine).iter().any(|series| stated.version.is_of(&Version::from(*series)))) {
            continue;
        }
        let known = |engine: &crate::model::Engine| {
            let ends = (series(*engine).first(), series(*engine).last());
            let (oldest, newest) = (ends.0.map(Series::to_string), ends.1.map(Series::to_string));
            format!("{} {} to {}", engine.name(), oldest.unwrap_or_default(), newest.unwrap_or_default())
        };
        let known: Vec<String> = match engines.as_slice() {
            [] => engines::ALL.engines().map(|engine| known(&engine)).collect(),
            engines => engines.iter().map(known).collect(),
        };
        return Err(Failure::Usage(format!("{option} {stated}: gonogo knows {}", known.join(", "))));
    }
    Ok(())
}

/// Rules in force without a project: the shipped ones, and those of `--rules`.
pub(super) fn rules_of_folders(folders: &[PathBuf]) -> Result<(Checklist, RuleSet), Failure> {
    let checklist = Checklist::embedded().map_err(Failure::Usage)?;
    let places: Vec<RulePlace> = folders.iter().map(|folder| RulePlace::Trusted(vec![folder.clone()])).collect();
    let rules = rules(&checklist, &Config::default(), &places, &Files::default())?;
    Ok((checklist, rules))
}

fn named(input: &InputOptions) -> Result<Named, Failure> {
    let reads_standard_input = input.paths.iter().any(|path| path == Path::new("-"));
    let mut paths: Vec<PathBuf> = input.paths.iter().filter(|path| *path != Path::new("-")).cloned().collect();
    if paths.is_empty() && !reads_standard_input {
        paths.push(PathBuf::from("."));
    }
    let standard_input = if reads_standard_input { Some(standard_input(input)?) } else { None };
    Ok(Named { paths, standard_input, compose_files: Vec::new() })
}

fn standard_input(input: &InputOptions) -> Result<(String, Vec<u8>), Failure> {
    if input.kind.is_none() && input.stdin_path.is_none() {
        return Err(Failure::Usage("`-` needs --as KIND or --stdin-path PATH, to tell what the text is".to_owned()));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_STANDARD_INPUT + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Usage(format!("standard input could not be read: {}", error.kind())))?;
    if bytes.len() as u64 > MOST_STANDARD_INPUT {
        return Err(Failure::Usage(format!("standard input holds more than {MOST_STANDARD_INPUT} bytes")));
    }
    if bytes.is_empty() {
        let next = "next: look at the command before the pipe; a file that really is empty can be named";
        return Err(Failure::Nothing(format!("nothing to look at: standard input is empty\n{next}")));
    }
    let path = input.stdin_path.clone().or_else(|| input.kind.clone()).unwrap_or_else(|| "stdin".to_owned());
    Ok((path.trim_start_matches('/').to_owned(), bytes))
}

/// Largest gonogo.toml, in bytes: a thousand statements have room in it.
const LARGEST_CONFIG: u64 = 1024 * 1024;

/// Largest proof, and largest sum of all, in bytes: each is hashed from end to end.
const PROOF_LIMITS: ReadLimits = ReadLimits { file_size: 64 * 1024 * 1024, total_size: 512 * 1024 * 1024 };

/// Reads gonogo.toml; its proofs count from the project, and else from its own folder.
fn config(file: &ConfigFile, project: Option<&Path>, now: Date, files: &mut Files) -> Result<(Config, Arc<Source>), Failure> {
    let unreadable = |error: &crate::text::ReadError| Failure::Usage(format!("{} could not be read: {error}", path::shown(file.path())));
    // Among the other texts, since findings point into it.
    let Found::Directory(folder) = files.add_root(file.folder()).map_err(|error| unreadable(&error))? else {
        return Err(Failure::Usage(format!("{} is not in a directory", path::shown(file.path()))));
    };
    let name = file.path().file_name().map(|name| path::shown_name(name).into_owned()).unwrap_or_default();
    let name = path::join(&folder, &name);
    match files.size(&name) {
        Some(size) if size > LARGEST_CONFIG => return Err(unreadable(&crate::text::ReadError::TooLarge { size, limit: LARGEST_CONFIG })),
        _ => {}
    }
    let source = files.read_utf8(&name).map_err(|error| unreadable(&error))?;
    // What may be read of the project is what the command line names, not what lies beside gonogo.toml.
    files.forget_roots();
    let mut trees = Vec::new();
    for place in places(file, project) {
        let mut tree = Files::new(PROOF_LIMITS);
        if let Ok(Found::Directory(display)) = tree.add_root(&place) {
            trees.push((tree, display));
        }
    }
    let places: Vec<(&Files, &str)> = trees.iter().map(|(tree, display)| (tree, display.as_str())).collect();
    let config = Config::read_with_proofs(&source, &places, now).map_err(|errors| config_errors(&errors))?;
    trees.iter().for_each(|(tree, _)| files.note_opened_by(tree));
    Ok((config, source))
}

/// The folders that paths of gonogo.toml count from; the first that has the file decides. What the user named comes
/// first: nothing of the tree that is audited is taken in its place.
fn places(file: &ConfigFile, project: Option<&Path>) -> Vec<PathBuf> {
    let own = file.folder().to_owned();
    let project = project.map(Path::to_owned);
    match file {
        ConfigFile::Named(_) => std::iter::once(own).chain(project).collect(),
        ConfigFile::Found(_) => project.into_iter().chain([own]).collect(),
    }
}

fn found_config(input: &InputOptions, paths: &[PathBuf]) -> Option<ConfigFile> {
    if input.no_local_config {
        return None;
    }
    if let Some(path) = &input.config {
        return Some(ConfigFile::Named(path.clone()));
    }
    // What has the name and is not a regular file is an error, not the absence of one.
    let is_there = |path: &PathBuf| path.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir());
    if let [only] = paths {
        let inside = only.join(CONFIG_NAME);
        if only.is_dir() && is_there(&inside) {
            return Some(ConfigFile::Found(inside));
        }
    }
    let working = std::env::current_dir().ok()?;
    let above = working.ancestors().map(|folder| folder.join(CONFIG_NAME)).find(is_there)?;
    let relative = above.parent() == Some(working.as_path());
    Some(ConfigFile::Found(if relative { PathBuf::from(CONFIG_NAME) } else { above }))
}

fn config_errors(errors: &[crate::config::ConfigError]) -> Failure {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Failure::Usage(lines.join("\nerror: "))
}

fn rule_places(input: &InputOptions, config: &Config, file: Option<&ConfigFile>, project: Option<&Path>) -> Vec<RulePlace> {
    let given = input.rule_folders.iter().map(|folder| RulePlace::Trusted(vec![folder.clone()]));
    let stated = config.rules.iter().filter_map(|at| {
        let file = file?;
        let folders = places(file, project).into_iter();
        Some(match file {
            ConfigFile::Named(_) => RulePlace::Trusted(folders.map(|folder| folder.join(&at.value)).collect()),
            ConfigFile::Found(_) => RulePlace::Found {
                written: at.value.clone(),
                project: project?.to_owned(),
                folders: folders.filter_map(|folder| folder.canonicalize().ok()).collect(),
            },
        })
    });
    given.chain(stated).collect()
}

/// The rules in force; `inputs` takes note of the files that were opened for them.
fn rules(checklist: &Checklist, config: &Config, places: &[RulePlace], inputs: &Files) -> Result<RuleSet, Failure> {
    let items = checklist.item_ids();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let overrides: Overrides = audit::overrides(config);
    let render = |errors: &[crate::rules::RuleError]| {
        let texts: Vec<String> = errors.iter().map(crate::rules::RuleError::render).collect();
        Failure::Usage(format!("a rule cannot be used\n{}", texts.join("\n")))
    };
    let mut set = RuleSet::shipped();
    if !overrides.is_empty() {
        set.change(&overrides, &items).map_err(|errors| render(&errors))?;
    }
    let sources = rule_files::read(places, inputs)?;
    let sources: Vec<&Source> = sources.iter().map(Arc::as_ref).collect();
    if !sources.is_empty() {
        set.add(&sources, &overrides, &items).map_err(|errors| render(&errors))?;
    }
    if let Some((rule, name, reason)) = set.wrong_overrides(&overrides).into_iter().next() {
        return Err(Failure::Usage(one_line(&format!("{}: [params.{rule}] {name}: {reason}", config.path))));
    }
    Ok(set)
}

fn env_files(input: &InputOptions, files: &mut Files) -> Result<Vec<String>, Failure> {
    let open = |path: &PathBuf| match files.add_root(path) {
        Ok(Found::File(display)) => Ok(display),
        Ok(Found::Directory(_)) => Err(Failure::Usage(format!("--env-file {}: a directory, where a file was expected", path::shown(path)))),
        Err(error) => Err(Failure::Usage(format!("--env-file {}: {error}", path::shown(path)))),
    };
    input.env_file.iter().map(open).collect()
}

/// Variables that `--use-env` names; one that is not set stays unknown, and is said.
fn environment(input: &InputOptions, err: &mut dyn Write) -> Result<BTreeMap<String, String>, Failure> {
    let mut set = BTreeMap::new();
    for name in &input.use_env {
        match std::env::var(name) {
            Ok(value) => _ = set.insert(name.clone(), value),
            Err(_) => {
                writeln!(err, "warning: --use-env {}: the environment has no such variable; its value stays unknown", one_line(name))?
            }
        }
    }
    Ok(set)
}

/// Refuses options that nothing of what was named makes use of: whoever typed one expects that it does something.
fn idle_options(input: &InputOptions) -> Result<(), Failure> {
    let reads_standard_input = input.paths.iter().any(|path| path == Path::new("-"));
    if let (Some(path), false) = (&input.stdin_path, reads_standard_input) {
        let path = one_line(path);
        return Err(Failure::Usage(format!(
            "--stdin-path {path}: standard input is not read; add `-` to the paths, or leave the option out"
        )));
    }
    if let (Some(kind), true) = (&input.kind, input.paths.iter().all(|path| path.is_dir())) {
        let kind = one_line(kind);
        return Err(Failure::Usage(format!(
            "--as {kind}: it tells what a file is, and no file was named; name the file itself, or leave the option out"
        )));
    }
    Ok(())
}

/// The UTC date: all that is ever taken of the clock.
fn today() -> Date {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    Date::of_days(days)
}
