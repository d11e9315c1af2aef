//! Good systems, each as a DBA runs it: a GO with its evidence, and every hurtful edit of it costs that GO.
//!
//! What a report says about each was read line by line: the points below are all that there is to say, and they are true.

mod debian;
mod patroni;
mod single_host;

use serde_json::Value;

use crate::common::Project;
use crate::verdict_projects::{READY, TODAY, ready, system};

/// An edit: its name, and what is written in which file in the place of what; in the place of nothing it goes to the end of the file.
type Edit<'e> = (&'e str, &'e [(&'e str, &'e str, &'e str)]);

fn audit(project: &Project) -> Value {
    project.run(&["audit", ".", "--config", "gonogo.toml", "--now", TODAY, "--format", "json"]).json()
}

fn field<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The report of a system as it stands, which is a GO.
#[track_caller]
fn go(name: &str) -> Value {
    let report = audit(&system(name));
    assert_eq!(report["verdict"]["decision"], "go", "{:#}\n{:#}", report["verdict"]["blockers"], report["verdict"]["reasons"]);
    report
}

/// Severity, rule and place of everything that is found.
fn points(report: &Value) -> Vec<String> {
    let point = |finding: &Value| {
        let (severity, rule) = (field(finding, "severity"), field(finding, "rule"));
        format!("{severity} {rule} {}:{}", field(finding, "path"), finding["line"])
    };
    report["findings"].as_array().unwrap().iter().map(point).collect()
}

/// Status and basis of an item of an instance.
fn shown<'r>(report: &'r Value, instance: &str, id: &str) -> (&'r str, &'r str) {
    let instances = report["instances"].as_array().unwrap();
    let found = instances.iter().find(|known| known["id"] == instance).unwrap();
    let pillars = found["pillars"].as_array().unwrap();
    let item = pillars.iter().flat_map(|pillar| pillar["items"].as_array().unwrap()).find(|item| item["id"] == id).unwrap();
    (field(item, "status"), field(item, "basis"))
}

/// What is seen in the files must not rest on anybody's word.
#[track_caller]
fn is_verified(report: &Value, instance: &str, items: &[&str]) {
    for id in items {
        assert_eq!(shown(report, instance, id), ("pass", "verified"), "{instance}: {id}");
    }
}

fn edited(name: &str, edit: &Edit<'_>) -> Project {
    let project = system(name);
    for (path, from, to) in edit.1 {
        let old = if project.path(path).exists() { project.read(path) } else { String::new() };
        assert!(old.contains(from), "{}: {path} has no {from:?}", edit.0);
        let new = if from.is_empty() { old + to } else { old.replace(from, to) };
        project.write(path, new.as_bytes());
    }
    project
}

#[track_caller]
fn cost_the_go(name: &str, edits: &[Edit<'_>]) {
    let decision = |edit: &Edit<'_>| field(&audit(&edited(name, edit))["verdict"], "decision").to_owned();
    let kept: Vec<&str> = edits.iter().filter(|edit| decision(edit) == "go").map(|edit| edit.0).collect();
    assert!(kept.is_empty(), "still GO: {kept:?}");
}

#[track_caller]
fn leave_the_go(name: &str, edits: &[Edit<'_>]) {
    for edit in edits {
        let report = audit(&edited(name, edit));
        assert_eq!(report["verdict"]["decision"], "go", "{}: {:#}\n{:#?}", edit.0, report["verdict"]["blockers"], points(&report));
    }
}

#[test]
fn every_ready_project_is_a_go_without_a_weighty_finding() {
    for name in READY {
        let report = audit(&ready(name));
        assert_eq!(report["verdict"]["decision"], "go", "{name}: {:#}", report["verdict"]["blockers"]);
        let weighty: Vec<String> =
            points(&report).into_iter().filter(|point| point.starts_with("critical") || point.starts_with("high")).collect();
        assert!(weighty.is_empty(), "{name}: {weighty:?}");
    }
}
