//! From what was typed to what an audit is asked to do: gonogo.toml, rules, variables, dates.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{InputOptions, OutputOptions};
use super::failure::Failure;
use crate::audit::{self, Kind, Named, Request};
use crate::config::Config;
use crate::engines::postgresql::catalogue::MAJORS;
use crate::model::{Date, HostFacts};
use crate::report::{Mode, NowSource};
use crate::rules::catalogue::Catalogues;
use crate::rules::{Loader, Overrides, RuleSet};
use crate::text::harmless::one_line;
use crate::text::{Files, Found, ReadLimits, Source, shown_path};
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
pub(super) fn prepare(input: &InputOptions, mode: Mode) -> Result<Prepared, Failure> {
    if let Some(kind) = input.kind.as_deref()
        && Kind::named(kind).is_none()
    {
        return Err(Failure::Usage(format!(
            "`{}` is no kind of file that gonogo reads; --as takes {}",
            one_line(kind),
            Kind::names().join(", ")
        )));
    }
    if let Some(target) = &input.target_version
        && !MAJORS.contains(&target.major())
    {
        let (oldest, newest) = (MAJORS.start(), MAJORS.end());
        return Err(Failure::Usage(format!("--target-version {target}: gonogo knows PostgreSQL {oldest} to {newest}")));
    }
    let named = named(input)?;
    let (now, now_source) = match input.now {
        Some(now) => (now, NowSource::Option),
        None => (today(), NowSource::Clock),
    };
    let checklist = Checklist::embedded().map_err(Failure::Usage)?;
    let mut files = Files::new(ReadLimits::default());
    let (config, config_source) = config(input, &named.paths, &mut files, now)?;
    let rules = rules(&checklist, &config, &rule_folders(input, &config))?;
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
        now,
        now_source,
        config,
        rules: Arc::new(rules),
        criticality: None,
        size: None,
        deployment: input.deployment,
        host,
        engine_version: input.engine_version.clone(),
        target_version: input.target_version.clone(),
        kind: input.kind.as_deref().and_then(Kind::named),
        env_files,
        environment: environment(input),
        baseline: None,
    };
    Ok(Prepared { request, named, files, checklist })
}

/// The formats and files that `--format` names.
pub(super) fn outputs(options: &OutputOptions) -> Result<Vec<(crate::report::Format, Option<PathBuf>)>, Failure> {
    options
        .format
        .iter()
        .map(|written| {
            let (name, file) = written.split_once('=').map_or((written.as_str(), None), |(name, file)| (name, Some(PathBuf::from(file))));
            let format = name.parse().map_err(|_| {
                let known = crate::report::Format::words().join(", ");
                Failure::Usage(format!("there is no output format `{}`; the formats are {known}", one_line(name)))
            })?;
            Ok((format, file))
        })
        .collect()
}

/// Rules in force without a project: the shipped ones, and those of `--rules`.
pub(super) fn rules_of_folders(folders: &[PathBuf]) -> Result<(Checklist, RuleSet), Failure> {
    let checklist = Checklist::embedded().map_err(Failure::Usage)?;
    let rules = rules(&checklist, &Config::default(), folders)?;
    Ok((checklist, rules))
}

fn named(input: &InputOptions) -> Result<Named, Failure> {
    let reads_standard_input = input.paths.iter().any(|path| path == Path::new("-"));
    let mut paths: Vec<PathBuf> = input.paths.iter().filter(|path| *path != Path::new("-")).cloned().collect();
    if paths.is_empty() && !reads_standard_input {
        paths.push(PathBuf::from("."));
    }
    let standard_input = if reads_standard_input { Some(standard_input(input)?) } else { None };
    Ok(Named { paths, standard_input })
}

fn standard_input(input: &InputOptions) -> Result<(String, String), Failure> {
    if input.kind.is_none() && input.stdin_path.is_none() {
        return Err(Failure::Usage("`-` needs --as KIND or --stdin-path PATH, to tell what the text is".to_owned()));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_STANDARD_INPUT + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Usage(format!("standard input could not be read: {}", error.kind())))?;
    if bytes.len() as u64 > MOST_STANDARD_INPUT {
        return Err(Failure::Usage(format!("standard input holds more than {MOST_STANDARD_INPUT} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::Usage("standard input is not UTF-8 text".to_owned()))?;
    let path = input.stdin_path.clone().or_else(|| input.kind.clone()).unwrap_or_else(|| "stdin".to_owned());
    Ok((path.trim_start_matches('/').to_owned(), text))
}

/// gonogo.toml: the one of `--config`; else of the only directory that is named; else of the working directory or above.
fn config(input: &InputOptions, paths: &[PathBuf], files: &mut Files, now: Date) -> Result<(Config, Option<Arc<Source>>), Failure> {
    let Some(path) = config_path(input, paths) else { return Ok((Config::default(), None)) };
    // Proofs are looked for beside it, so its folder may be read.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unreadable = |error: &crate::text::ReadError| Failure::Usage(format!("{} could not be read: {error}", shown_path(&path)));
    let Found::Directory(display) = files.add_root(folder).map_err(|error| unreadable(&error))? else {
        return Err(Failure::Usage(format!("{} is not in a directory", shown_path(&path))));
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let display = if display.is_empty() { name } else { format!("{display}/{name}") };
    let source = files.read(&display).map_err(|error| unreadable(&error))?;
    let read = Config::read(&source, files, now);
    // What may be read of the project is what the command line names, not what lies beside gonogo.toml.
    files.forget_roots();
    read.map(|config| (config, Some(source))).map_err(|errors| config_errors(&errors))
}

fn config_path(input: &InputOptions, paths: &[PathBuf]) -> Option<PathBuf> {
    if input.no_local_config {
        return None;
    }
    if let Some(path) = &input.config {
        return Some(path.clone());
    }
    if let [only] = paths {
        let inside = only.join(CONFIG_NAME);
        if only.is_dir() && inside.is_file() {
            return Some(inside);
        }
    }
    let working = std::env::current_dir().ok()?;
    let above = working.ancestors().map(|folder| folder.join(CONFIG_NAME)).find(|path| path.is_file())?;
    if above.parent() == Some(working.as_path()) { Some(PathBuf::from(CONFIG_NAME)) } else { Some(above) }
}

fn config_errors(errors: &[crate::config::ConfigError]) -> Failure {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Failure::Usage(lines.join("\nerror: "))
}

fn rule_folders(input: &InputOptions, config: &Config) -> Vec<PathBuf> {
    let stated = config.rules.iter().map(|at| PathBuf::from(config.resolve(&at.value)));
    input.rule_folders.iter().cloned().chain(stated).collect()
}

fn rules(checklist: &Checklist, config: &Config, folders: &[PathBuf]) -> Result<RuleSet, Failure> {
    let items = checklist.item_ids();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let overrides: Overrides = audit::overrides(config);
    let loader = Loader::new(&Catalogues, &items).with_overrides(&overrides);
    let render = |errors: &[crate::rules::RuleError]| {
        let texts: Vec<String> = errors.iter().map(crate::rules::RuleError::render).collect();
        Failure::Usage(format!("a rule cannot be used\n{}", texts.join("\n")))
    };
    let mut set = loader.embedded(|_| true).map_err(|errors| render(&errors))?;
    let sources = rule_sources(folders)?;
    let sources: Vec<&Source> = sources.iter().map(Arc::as_ref).collect();
    if !sources.is_empty() {
        loader.add(&mut set, &sources).map_err(|errors| render(&errors))?;
    }
    if let Some((rule, name, reason)) = Loader::check_overrides(&set, &overrides).into_iter().next() {
        return Err(Failure::Usage(one_line(&format!("{}: [params.{rule}] {name}: {reason}", config.path))));
    }
    Ok(set)
}

/// The `*.toml` files of the folders of `--rules`, sorted.
fn rule_sources(folders: &[PathBuf]) -> Result<Vec<Arc<Source>>, Failure> {
    let mut sources = Vec::new();
    for folder in folders {
        let failed = |error: &crate::text::ReadError| Failure::Usage(format!("rules of {}: {error}", shown_path(folder)));
        let mut files = Files::new(ReadLimits::default());
        let found = files.add_root(folder).map_err(|error| failed(&error))?;
        let paths = match found {
            Found::File(path) => vec![path],
            Found::Directory(path) => rule_paths(&files, &path, 0).map_err(|error| failed(&error))?,
        };
        for path in paths {
            sources.push(files.read(&path).map_err(|error| Failure::Usage(format!("rule {}: {error}", one_line(&path))))?);
        }
    }
    Ok(sources)
}

fn rule_paths(files: &Files, folder: &str, depth: usize) -> Result<Vec<String>, crate::text::ReadError> {
    let mut paths = Vec::new();
    for entry in files.list(folder)? {
        if entry.directory && depth < 4 {
            paths.extend(rule_paths(files, &entry.path, depth + 1)?);
        } else if entry.name.ends_with(".toml") {
            paths.push(entry.path);
        }
    }
    Ok(paths)
}

fn env_files(input: &InputOptions, files: &mut Files) -> Result<Vec<String>, Failure> {
    let open = |path: &PathBuf| match files.add_root(path) {
        Ok(Found::File(display)) => Ok(display),
        Ok(Found::Directory(_)) => Err(Failure::Usage(format!("--env-file {}: a directory, where a file was expected", shown_path(path)))),
        Err(error) => Err(Failure::Usage(format!("--env-file {}: {error}", shown_path(path)))),
    };
    input.env_file.iter().map(open).collect()
}

/// Variables that `--use-env` names; one that is not set stays unknown.
fn environment(input: &InputOptions) -> BTreeMap<String, String> {
    input.use_env.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?))).collect()
}

/// The UTC date: all that is ever taken of the clock.
fn today() -> Date {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().days(days)).unwrap_or(epoch)
}
