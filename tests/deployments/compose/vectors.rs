//! Compose files against the answers of Docker Compose itself, kept under `tests/vectors/compose`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gonogo::deployments::compose::{self, ComposeProject, Variables};
use gonogo::text::{Files, ReadLimits, Source};
use serde_json::{Map, Value};

use super::forms::{docker_form, normal_form};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/compose")
}

pub(super) fn read(folder: &Path, name: &str) -> (std::sync::Arc<Source>, ComposeProject) {
    let mut files = Files::new(ReadLimits::default());
    files.add_root(folder).unwrap();
    let disk = folder.join(name);
    let source = files.read(&files.display_path(&disk).unwrap()).unwrap();
    let variables = Variables::passed_on(&BTreeMap::from([("COMPOSE_PROFILES".to_owned(), "*".to_owned())]));
    let over = compose::layers(&source, &files);
    let project = compose::read_layers(&source, &over, &files, &variables, false);
    (source, project)
}

#[test]
fn services_are_what_docker_compose_makes_of_them() {
    let mut folders: Vec<PathBuf> = fs::read_dir(vectors()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("config.json").is_file());
    folders.sort();
    assert!(folders.len() >= 12);
    for folder in folders {
        let config: Map<String, Value> = serde_json::from_str(&fs::read_to_string(folder.join("config.json")).unwrap()).unwrap();
        let (_, project) = read(&folder, "compose.yaml");
        let fatal: Vec<_> = project.diagnostics.iter().filter(|diagnostic| diagnostic.fatal).collect();
        assert!(fatal.is_empty(), "{}: {fatal:?}", folder.display());
        let names: BTreeSet<&str> = project.placements.iter().map(|placement| placement.name.as_str()).collect();
        assert_eq!(names, config.keys().map(String::as_str).collect(), "{}", folder.display());
        for placement in &project.placements {
            let ours = normal_form(placement, &project.path);
            let theirs = docker_form(&config[&placement.name]);
            assert_eq!(ours, theirs, "{} {}", folder.display(), placement.name);
        }
    }
}

#[test]
fn what_docker_compose_refuses_is_one_problem_on_its_line() {
    let table = fs::read_to_string(vectors().join("refused.txt")).unwrap();
    let mut seen = BTreeSet::new();
    for row in table.lines() {
        let mut words = row.split('#').next().unwrap().split_whitespace();
        let (name, line, code) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let (source, project) = read(&vectors().join("refused"), &format!("{name}.yaml"));
        let fatal = project.diagnostics.iter().filter(|diagnostic| diagnostic.fatal);
        let found: Vec<_> = fatal.map(|problem| (source.location(problem.span.start).line.to_string(), problem.code)).collect();
        assert_eq!(found, [(line.to_owned(), code)], "{name}: {:?}", project.diagnostics);
        seen.insert(format!("{name}.yaml"));
    }
    let present: BTreeSet<String> =
        fs::read_dir(vectors().join("refused")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(seen, present);
}
