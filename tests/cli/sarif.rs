//! SARIF, as code-scanning services want it.
//!
//! With `GONOGO_SARIF_MULTITOOL` set to a folder in which `npm i @microsoft/sarif-multitool` ran, the
//! validator of Microsoft and the published schema (with Python's jsonschema) judge it, too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::Project;
use crate::sample_report::{audit, date, find, finding, lint};
use gonogo::model::Severity;
use gonogo::report::{Format, RenderOptions, Report, Shown, render};
use serde_json::Value;

fn written(report: &Report, suppressed: bool) -> String {
    let shown = Shown { min_severity: Severity::Info, suppressed, full: false };
    render(report, Format::Sarif, shown, RenderOptions { colour: false, width: 80, exit_code: 1 }).unwrap()
}

fn sarif(report: &Report) -> Value {
    serde_json::from_str(&written(report, false)).unwrap()
}

#[test]
fn every_result_has_a_place_and_a_rule() {
    let report = sarif(&audit());
    assert_eq!(report["runs"].as_array().unwrap().len(), 1);
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() >= 1 && region["startColumn"].as_u64().unwrap() >= 1, "{region}");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result.get("suppressions").is_none());
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    }
    assert_eq!(run["columnKind"], "utf16CodeUnits");
}

#[test]
fn security_severity_is_a_string_and_only_where_it_belongs() {
    let report = sarif(&audit());
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let of = |id: &str| &rules.iter().find(|rule| rule["id"] == id).unwrap()["properties"];
    assert_eq!(of("hba-trust")["security-severity"], "9.5");
    assert_eq!(of("postgresql-tls-off")["security-severity"], "8.0");
    assert!(of("postgresql-log-prefix").get("security-severity").is_none());
    assert_eq!(of("hba-trust")["tags"], serde_json::json!(["cis/6.8", "postgresql", "security"]));
}

#[test]
fn what_has_no_place_is_a_notification_and_the_verdict_is_in_the_run() {
    let report = sarif(&audit());
    let run = &report["runs"][0];
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 1);
    let kinds: Vec<&Value> =
        invocation["toolExecutionNotifications"].as_array().unwrap().iter().map(|one| &one["descriptor"]["id"]).collect();
    assert_eq!(kinds, ["unreadable-input", "finding-without-place"]);
    assert_eq!(run["properties"]["verdict"], "no-go");
    assert_eq!(run["properties"]["exitCode"], 1);
    assert_eq!(invocation["properties"]["goNoGo"], "no-go");
    assert!(sarif(&lint())["runs"][0]["properties"].get("verdict").is_none());
}

#[test]
fn suppressed_results_are_there_only_when_asked_for() {
    let all: Value = serde_json::from_str(&written(&lint(), true)).unwrap();
    let kinds: BTreeSet<&str> =
        all["runs"][0]["results"].as_array().unwrap().iter().filter_map(|result| result["suppressions"][0]["kind"].as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["inSource", "external"]));
}

#[test]
fn a_line_near_a_secret_has_no_hash_that_could_give_it_away() {
    let report = sarif(&audit());
    for result in report["runs"][0]["results"].as_array().unwrap() {
        let prints = &result["partialFingerprints"];
        assert!(prints["gonogoFingerprint/v1"].is_string());
        let near_secret = result["ruleId"] != "hba-trust" && result["ruleId"] != "postgresql-log-prefix";
        assert_eq!(prints.get("primaryLocationLineHash").is_none(), near_secret, "{result}");
    }
}

#[test]
fn more_results_than_a_service_takes_are_cut_from_the_lightest() {
    let mut report = lint();
    let conf = report.files.read("db/postgresql.conf").unwrap();
    let span = Some(find(&conf, "ssl"));
    report.findings = (0..25_002).map(|_| finding("a-low", Severity::Low, "x", span)).collect();
    report.findings.push(finding("a-high", Severity::High, "y", span));
    report.now = date("2026-11-21");
    let sarif = sarif(&report);
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
    assert_eq!(run["results"][0]["ruleId"], "a-high");
    let cut = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().last().unwrap();
    assert!(cut["message"]["text"].as_str().unwrap().starts_with("3 results"), "{cut}");
}

/// Skipped with a word on standard error where the validators are not at hand.
#[test]
fn the_validators_have_no_complaint() {
    let Some(tools) = std::env::var_os("GONOGO_SARIF_MULTITOOL").map(PathBuf::from) else {
        eprintln!("GONOGO_SARIF_MULTITOOL is not set: only our own checks ran");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, report) in [("audit", audit()), ("lint", lint())] {
        let file = folder.path().join(format!("{name}.sarif"));
        std::fs::write(&file, written(&report, name == "lint")).unwrap();
        multitool(&tools, &file);
        schema(&tools, &file);
    }
}

fn multitool(tools: &Path, file: &Path) {
    let program = tools.join("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
    let log = file.with_extension("log.sarif");
    let output = Command::new(program)
        .arg("validate")
        .arg(file)
        .arg("--output")
        .arg(&log)
        .args(["--log", "ForceOverwrite", "--level", "Error;Warning", "--kind", "Fail", "--rule-kind", "Sarif;Gh"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let log: Value = serde_json::from_str(std::fs::read_to_string(&log).unwrap().trim_start_matches('\u{feff}')).unwrap();
    let complaints: Vec<&Value> = log["runs"][0]["results"]
        .as_array()
        .into_iter()
        .flatten()
        // The address of the project is not decided yet.
        .filter(|result| !(env!("CARGO_PKG_REPOSITORY").is_empty() && result["ruleId"].as_str().unwrap_or("").starts_with("SARIF2005")))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn schema(tools: &Path, file: &Path) {
    let schema = tools.join("node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json");
    let program = "import json, sys, jsonschema\n\
                   schema = json.load(open(sys.argv[1]))\n\
                   check = jsonschema.validators.validator_for(schema)(schema)\n\
                   errors = [str(list(e.absolute_path)) + ' ' + e.message for e in check.iter_errors(json.load(open(sys.argv[2])))]\n\
                   sys.exit('\\n'.join(errors) or 0)";
    let output = Command::new("python3").args(["-c", program]).arg(schema).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn paths_count_from_the_repository_wherever_gonogo_is_run() {
    let project = Project::with(&[("shop/db/postgresql.conf", "fsync = off\n")]);
    std::fs::create_dir(project.path(".git")).unwrap();
    for (folder, path) in [("", "."), ("", "shop/db/postgresql.conf"), ("shop", "."), ("shop/db", "postgresql.conf"), ("shop/db", "../db")]
    {
        let sarif = project.run_in(folder, &["lint", path, "--format", "sarif"]).json();
        let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "shop/db/postgresql.conf", "{path} in `{folder}`");
        let gitlab = project.run_in(folder, &["lint", path, "--format", "gitlab"]).json();
        assert_eq!(gitlab[0]["location"]["path"], "shop/db/postgresql.conf", "{path} in `{folder}`");
        let github = project.run_in(folder, &["lint", path, "--format", "github"]);
        assert!(github.out.contains("file=shop/db/postgresql.conf,"), "{path} in `{folder}`: {}", github.out);
    }
}
