//! Generated projects against the answers of Docker Compose, kept in `tests/vectors/compose/generated.txt`.
//!
//! A line is a number, and the services of the project of that number as one JSON; or why it is refused. With GONOGO_COMPOSE
//! naming the program `docker-compose`, it is asked itself; with COMPOSE=overwrite its answers are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

use super::forms::{docker_form, normal_form};
use super::projects::{Tree, project};
use super::vectors::read;

/// How many projects have answers on record; a run with the program and GONOGO_FULL asks about ten times as many.
const RECORDED: u64 = 300;

/// What Docker Compose answers: services in the shared form, or that it refuses the project.
pub(super) type Answer = Option<BTreeMap<String, Value>>;

fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/compose/generated.txt")
}

#[test]
fn generated_projects_are_what_docker_compose_makes_of_them() {
    let program = std::env::var_os("GONOGO_COMPOSE").map(PathBuf::from);
    let more = program.is_some() && std::env::var_os("GONOGO_FULL").is_some();
    let recorded = fs::read_to_string(table()).unwrap_or_default();
    let recorded: BTreeMap<u64, Answer> = recorded.lines().map(answer_of).collect();
    let mut asked = BTreeMap::new();
    let (mut wrong, mut accepted) = (Vec::new(), 0);
    for number in 0..if more { RECORDED * 10 } else { RECORDED } {
        let made = tempfile::tempdir().unwrap();
        let folder = made.path().join("project");
        write(&folder, &project(number));
        let theirs = match &program {
            Some(program) => ask(program, &folder),
            None => recorded.get(&number).unwrap_or_else(|| panic!("project {number} has no answer on record")).clone(),
        };
        let ours = ours(&folder, "compose.yaml");
        accepted += usize::from(theirs.is_some());
        if let Some(difference) = difference(&ours, &theirs) {
            wrong.push(format!("project {number}: {difference}"));
        }
        asked.insert(number, theirs);
    }
    if program.is_some() && std::env::var("COMPOSE").is_ok_and(|wish| wish == "overwrite") {
        fs::write(table(), lines(&asked)).unwrap();
    }
    assert!(wrong.is_empty(), "{} differ, of which the first:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(accepted * 2 > asked.len(), "most projects say something: {accepted} of {}", asked.len());
}

/// What gonogo reads of a project.
pub(super) fn ours(folder: &Path, name: &str) -> Answer {
    let (_, project) = read(folder, name);
    let is_refused = project.diagnostics.iter().any(|diagnostic| diagnostic.fatal);
    let form = |placement: &_| normal_form(placement, &project.path);
    (!is_refused).then(|| project.placements.iter().map(|placement| (placement.name.clone(), short(form(placement)))).collect())
}

/// What Docker Compose makes of it, without the environment of this process.
pub(super) fn ask(program: &Path, folder: &Path) -> Answer {
    let words = ["-p", "x", "--profile", "*", "config", "--format", "json", "--no-consistency"];
    let mut command = Command::new(program);
    command.args(words).current_dir(folder).env_clear().env("PWD", folder).env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent");
    let output = command.output().unwrap();
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let config: Value = serde_json::from_str(&below(&text, folder)).ok()?;
    let services = config["services"].as_object().cloned().unwrap_or_default();
    Some(services.iter().map(|(name, service)| (name.clone(), short(docker_form(service)))).collect())
}

/// An answer with paths as the project folder sees them: whole strings, and starts of strings.
fn below(text: &str, folder: &Path) -> String {
    let mut text = text.replace("\"/nonexistent/", "\"~/");
    let mut seen = String::new();
    for ancestor in folder.ancestors().take_while(|ancestor| ancestor.components().count() > 2) {
        let shown = ancestor.display();
        let whole = if seen.is_empty() { "." } else { seen.trim_end_matches('/') };
        text = text.replace(&format!("\"{shown}\""), &format!("\"{whole}\"")).replace(&format!("\"{shown}/"), &format!("\"{seen}"));
        seen.push_str("../");
    }
    text
}

/// The fields that say something.
fn short(form: Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match form {
        Value::Object(fields) => Value::Object(fields.into_iter().filter(|(_, value)| !is_empty(value)).collect()),
        other => other,
    }
}

pub(super) fn difference(ours: &Answer, theirs: &Answer) -> Option<String> {
    let (ours, theirs) = match (ours, theirs) {
        (None, None) => return None,
        (Some(_), None) => return Some("Docker Compose refuses it, and nothing is wrong here".to_owned()),
        (None, Some(_)) => return Some("Docker Compose takes it, and it is refused here".to_owned()),
        (Some(ours), Some(theirs)) => (ours, theirs),
    };
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let differs = |name: &&&String| ours.get(**name) != theirs.get(**name);
    let name = names.iter().find(differs)?;
    let fields = |answer: Option<&Value>| answer.and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    let (ours, theirs) = (fields(ours.get(*name)), fields(theirs.get(*name)));
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let key = keys.into_iter().find(|key| ours.get(*key) != theirs.get(*key))?;
    let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    Some(format!("{name}.{key}: {} here, {} there", shown(ours.get(key)), shown(theirs.get(key))))
}

fn answer_of(line: &str) -> (u64, Answer) {
    let (number, answer) = line.split_once(' ').unwrap();
    (number.parse().unwrap(), serde_json::from_str(answer).unwrap())
}

fn lines(answers: &BTreeMap<u64, Answer>) -> String {
    let mut text = String::new();
    for (number, answer) in answers.iter().filter(|(number, _)| **number < RECORDED) {
        writeln!(text, "{number} {}", serde_json::to_string(answer).unwrap()).unwrap();
    }
    text
}

fn write(folder: &Path, tree: &Tree) {
    for (path, text) in tree {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
