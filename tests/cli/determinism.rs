//! The same inputs give the same bytes, and the exit code says what became of a run.

use crate::common::Project;
use crate::verdict_projects::{TODAY, as_it_is, replace, shop};
use serde_json::Value;

const FORMATS: [&str; 7] = ["terminal", "json", "sarif", "markdown", "junit", "gitlab", "github"];

#[test]
fn two_runs_give_the_same_bytes_in_every_format() {
    // Two copies, so that the folder leaves no trace either.
    let (one, other) = (Project::copy_of("fixtures/webshop"), Project::copy_of("fixtures/webshop"));
    for command in ["audit", "lint"] {
        for format in FORMATS {
            let arguments = [command, ".", "--now", TODAY, "--format", format];
            let (first, second) = (one.run(&arguments), other.run(&arguments));
            assert_eq!(first.code, second.code, "{command} {format}");
            assert!(first.out == second.out && first.err == second.err, "{command} {format} differs from run to run");
            let trace = first.all().contains(&*one.path("").to_string_lossy());
            assert!(!first.out.is_empty() && !trace, "{command} {format} names the folder");
        }
    }
}

#[test]
fn every_sarif_result_of_the_webshop_has_line_and_column() {
    let report = Project::copy_of("fixtures/webshop").run(&["audit", ".", "--now", TODAY, "--format", "sarif"]).json();
    let results = report["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 20, "{}", results.len());
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        let region = &place["region"];
        let from_one = |value: &Value| value.as_u64().is_some_and(|number| number >= 1);
        assert!(from_one(&region["startLine"]) && from_one(&region["startColumn"]), "{result:#}");
        assert!(place["artifactLocation"]["uri"].as_str().is_some_and(|uri| !uri.starts_with('/')), "{result:#}");
    }
}

/// A project, what is run in it, and the exit code.
type Case = (&'static str, Project, Vec<&'static str>, i32);

fn cases() -> Vec<Case> {
    let conf = |text: &str| Project::with(&[("postgresql.conf", text)]);
    let clean = || conf("fsync = on\n");
    let unsafe_one = || conf("fsync = off\n");
    let broken = |sample: &str| {
        let project = Project::copy_of(sample);
        project.write("gonogo.toml", b"[profile]\ncriticality = \"enormous\"\n");
        project
    };
    let includes = as_it_is("compose-production-repaired");
    replace(&includes, "docker-compose.yml", "services:\n  proxy", "include:\n  - more/compose.yaml\nservices:\n  proxy");
    let unmounted = shop();
    unmounted.remove("db/postgresql.conf");
    vec![
        ("nothing to report", clean(), vec!["lint", ".", "--select", "postgresql-fsync-off"], 0),
        ("a finding below the limit", unsafe_one(), vec!["lint", ".", "--fail-on", "never"], 0),
        ("a finding", unsafe_one(), vec!["lint", "."], 1),
        ("an unknown option", clean(), vec!["lint", ".", "--nonsense"], 2),
        ("an unknown format", clean(), vec!["lint", ".", "--format", "xml"], 2),
        ("a broken gonogo.toml", broken("fixtures/webshop"), vec!["lint", "."], 2),
        ("nothing to read", Project::new(), vec!["lint", "."], 3),
        ("a path that is not there", clean(), vec!["lint", ".", "nowhere", "--fail-on", "never"], 4),
        ("a mounted file that is not there", unmounted, vec!["lint", ".", "--fail-on", "never"], 4),
        ("a finding, and a path that is not there", unsafe_one(), vec!["lint", ".", "nowhere"], 1),
        ("GO", shop(), vec!["audit", "."], 0),
        ("GO WITH RESERVATIONS", Project::copy_of("fixtures/webshop-nearly"), vec!["audit", "."], 0),
        ("GO WITH RESERVATIONS, strictly", Project::copy_of("fixtures/webshop-nearly"), vec!["audit", ".", "--strict"], 1),
        ("GO, and not as mature as asked", shop(), vec!["audit", ".", "--min-maturity", "4"], 1),
        ("NO-GO", Project::copy_of("fixtures/webshop"), vec!["audit", "."], 1),
        (
            "NO-GO, whatever is shown",
            Project::copy_of("fixtures/webshop"),
            vec!["audit", ".", "--ignore", "postgresql", "--min-severity", "critical"],
            1,
        ),
        ("NO-GO, and a path that is not there", Project::copy_of("fixtures/webshop"), vec!["audit", ".", "nowhere"], 1),
        ("a broken gonogo.toml in an audit", broken("fixtures/webshop-ready"), vec!["audit", "."], 2),
        ("an unknown criticality", shop(), vec!["audit", ".", "--criticality", "enormous"], 2),
        ("nothing to audit", Project::new(), vec!["audit", "."], 3),
        ("everything right, and a path that is not there", shop(), vec!["audit", ".", "nowhere"], 4),
        ("everything right, and an included file that is not there", includes, vec!["audit", "."], 4),
    ]
}

#[test]
fn the_exit_code_says_what_became_of_a_run() {
    let mut wrong = Vec::new();
    for (name, project, mut arguments, code) in cases() {
        arguments.extend(["--now", TODAY]);
        let ran = project.run(&arguments);
        if ran.code != code {
            wrong.push(format!("{name}: {arguments:?} exits {}, expected {code}\n{}", ran.code, ran.err));
        }
        // Whatever the format, the code is the same.
        if code != 2 {
            arguments.extend(["--format", "json"]);
            let again = project.run(&arguments).code;
            if again != code {
                wrong.push(format!("{name}: --format json exits {again}, expected {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
