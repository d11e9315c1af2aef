//! Misconfigurations that everybody knows are found by name, on their line: `tests/vectors/mysql-misconfigurations.txt`.

use crate::common::Project;

/// One of them.
struct Case {
    name: String,
    /// `mysql=8.4`.
    server: String,
    rule: String,
    text: String,
    /// The line that the rule must point at; none where the file lacks one.
    line: Option<u64>,
}

fn cases() -> Vec<Case> {
    let table = include_str!("../../vectors/mysql-misconfigurations.txt");
    table.split("\n== ").skip(1).map(case).collect()
}

fn case(block: &str) -> Case {
    let (head, marked) = block.split_once('\n').unwrap();
    let [name, server, rule] = head.split(" | ").collect::<Vec<_>>()[..] else { panic!("three fields: {head}") };
    let at = marked.lines().position(|line| line.ends_with("<<<")).unwrap_or_else(|| panic!("{name}: no line is marked"));
    let lacks = marked.lines().nth(at) == Some("<<<");
    let text: String = marked.lines().filter(|line| *line != "<<<").map(|line| format!("{}\n", line.trim_end_matches(" <<<"))).collect();
    let line = (!lacks).then(|| u64::try_from(at).unwrap() + 1);
    Case { name: name.to_owned(), server: server.to_owned(), rule: rule.to_owned(), text, line }
}

/// What is wrong with what is said of a case.
fn fault(case: &Case) -> Option<String> {
    let project = Project::with(&[("my.cnf", case.text.as_str())]);
    let arguments = ["lint", ".", "--now", "2026-11-20", "--engine-version", &case.server, "--format", "json"];
    let report = project.run(&arguments).json();
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["rule"] == *case.rule && finding["certainty"] == "certain");
    match found {
        None => Some(format!("{}: {} is silent", case.name, case.rule)),
        Some(finding) => {
            let line = finding["line"].as_u64();
            (case.line.is_some() && line != case.line).then(|| format!("{}: {} is at line {line:?}", case.name, case.rule))
        }
    }
}

#[test]
fn well_known_misconfigurations_are_found_on_their_line() {
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let faults: Vec<String> = cases.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
