//! Inputs with their right answers: `GONOGO_CASES=DIR tests/run cli` runs those of a folder.
//!
//! DIR/lint/NAME/ is one input, and `lint.jsonl` in it the answer: in each line what must be reported (`must`) and what must
//! not (`must_not`), each with a place, a pattern for the rule or its message, and the severities that will do.

use std::path::{Path, PathBuf};

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use crate::common::Project;

/// Of a hundred reports that must be there, how many are; and of a hundred that must not, how many may.
const BOUNDS: (usize, usize) = (95, 2);

/// How the reports of some cases came out.
#[derive(Default)]
struct Tally {
    asked: usize,
    wrong: Vec<String>,
}

#[test]
fn cases_come_out_right() {
    let Some(folder) = std::env::var_os("GONOGO_CASES").map(PathBuf::from) else {
        println!("skipped: GONOGO_CASES names no folder of cases");
        return;
    };
    let folder = if folder.join("lint").is_dir() { folder.join("lint") } else { folder };
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let (mut must, mut must_not, mut left) = (Tally::default(), Tally::default(), 0);
    for (name, line) in names.iter().flat_map(|name| lines(name)) {
        let case: Value = serde_json::from_str(&line).unwrap();
        if ["mongodb", "redis"].iter().any(|engine| case["needs"] == *engine) {
            left += 1;
            continue;
        }
        judge(name, &case, &mut must, &mut must_not);
    }
    let all = || must.wrong.iter().chain(&must_not.wrong);
    all().for_each(|wrong| println!("{wrong}"));
    let right = must.asked - must.wrong.len();
    println!(
        "{right} of {} are reported; {} of {} are false alarms; {left} cases left out: their kind of file is not read",
        must.asked,
        must_not.wrong.len(),
        must_not.asked
    );
    assert!(
        right * 100 >= must.asked * BOUNDS.0 && must_not.wrong.len() * 100 <= must_not.asked * BOUNDS.1,
        "{}",
        all().cloned().collect::<Vec<_>>().join("\n")
    );
}

fn lines(folder: &Path) -> Vec<(&Path, String)> {
    let text = std::fs::read_to_string(folder.join("lint.jsonl")).unwrap_or_default();
    text.lines().map(|line| (folder, line.to_owned())).collect()
}

fn judge(folder: &Path, case: &Value, must: &mut Tally, must_not: &mut Tally) {
    let name = folder.file_name().unwrap().to_string_lossy();
    let findings = findings(folder, case);
    for (wanted, tally) in [(&case["must"], must), (&case["must_not"], must_not)] {
        for report in wanted.as_array().unwrap() {
            tally.asked += 1;
            let there = findings.iter().any(|finding| is_reported(report, finding));
            if there != (wanted == &case["must"]) {
                tally.wrong.push(format!("{name}: {} {report}", if there { "reported" } else { "not reported" }));
            }
        }
    }
}

/// What is said of a case; a case that names a behaviour of the program has no files and is tested elsewhere.
fn findings(folder: &Path, case: &Value) -> Vec<Value> {
    let project = Project::new();
    copy(folder, folder, &project);
    for (path, mode) in case["modes"].as_object().into_iter().flatten() {
        set_mode(&project.path(path), mode);
    }
    let texts =
        |key: &str| -> Vec<String> { case[key].as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect() };
    let (arguments, targets) = (texts("args"), texts("targets"));
    let usual = if case["stdin"].is_null() { "." } else { "-" };
    let targets = if targets.is_empty() { vec![usual.to_owned()] } else { targets };
    let fixed = ["--format", "json", "--fail-on", "never", "--now", "2026-11-20"].map(str::to_owned);
    let words: Vec<&str> = std::iter::once("lint").chain(targets.iter().chain(&fixed).chain(&arguments).map(String::as_str)).collect();
    let input = case["stdin"].as_str().map(|path| project.read(path));
    let ran = project.run_with_input(&words, input.as_deref().unwrap_or_default());
    serde_json::from_str::<Value>(&ran.out).ok().and_then(|json| json["findings"].as_array().cloned()).unwrap_or_default()
}

fn copy(from: &Path, root: &Path, project: &Project) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            copy(&path, root, project);
        } else if !path.ends_with("lint.jsonl") {
            project.write(path.strip_prefix(root).unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap());
        }
    }
}

/// Whether a finding is the report: at most a line off, or there with a related place.
fn is_reported(report: &Value, finding: &Value) -> bool {
    let text = format!("{} {}", finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap());
    let severity = report["severity"].as_array().is_none_or(|known| known.contains(&finding["severity"]));
    let mut places = std::iter::once(finding).chain(finding["related"].as_array().unwrap());
    severity && pattern(report["rules"].as_str().unwrap()).is_match(&text) && places.any(|place| is_there(report, place))
}

fn is_there(report: &Value, place: &Value) -> bool {
    let line = report["line"].as_u64();
    let near = line.is_none_or(|line| place["line"].as_u64().is_some_and(|found| found.abs_diff(line) <= 1));
    near && (report["path"].is_null() || place["path"].is_null() || report["path"] == place["path"])
}

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().unwrap()
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: &Value) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = u32::from_str_radix(mode.as_str().unwrap(), 8).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: &Value) {}
