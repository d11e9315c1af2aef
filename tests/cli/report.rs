//! The output formats, on one synthetic report.

use crate::json_schema;
use crate::sample_report::{CANARY, audit, find, finding, lint};
use gonogo::model::Severity;
use gonogo::report::{Format, RenderOptions, Report, Shown, render};

const ALL: Shown = Shown { min_severity: Severity::Info, suppressed: false, full: false };

fn written(report: &Report, format: Format) -> String {
    render(report, format, ALL, RenderOptions { colour: false, width: 80, exit_code: 1 }).unwrap()
}

#[test]
fn the_terminal_shows_findings_then_the_checklist_then_the_verdict() {
    insta::assert_snapshot!("audit.terminal", written(&audit(), Format::Terminal));
}

#[test]
fn lint_ends_with_a_summary() {
    let text = written(&lint(), Format::Terminal);
    let summary = "Found 1 critical, 2 high, 2 medium, 1 low, 1 info in 3 files of one instance\n(PostgreSQL 16 `db`); 2 suppressed";
    assert!(text.contains(summary), "{text}");
    assert!(!text.contains("Checklist"), "{text}");
}

#[test]
fn lint_gives_a_finding_one_line_and_folds_small_points() {
    let mut report = lint();
    let conf = report.files.read("db/postgresql.conf").unwrap();
    let span = Some(find(&conf, "ssl"));
    let small = |rule: &str, id: &str, engine| {
        let mut small = finding(rule, Severity::Low, "Small.", span);
        (small.subject.id, small.engine) = (id.into(), engine);
        small
    };
    let database = Some(gonogo::model::Engine::Redis);
    report.findings = vec![finding("postgresql-x", Severity::Medium, "Too much.", span)];
    report.findings.extend(["a", "b", "c", "d", "e"].map(|rule| small(rule, "cache", database)));
    report.findings.extend(["web", "api", "cron"].map(|id| small("compose-tag", id, None)));
    report.incomplete.clear();
    report.inputs.retain(|input| input.reason.is_none());
    let text = written(&report, Format::Terminal);
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            "db/postgresql.conf:3:1: medium: Too much. [postgresql-x]",
            "db/postgresql.conf:3:1: low: 5 small points about cache: a, b, c and 2 more",
            "db/postgresql.conf:3:1: low: Small. [compose-tag], also at db/postgresql.conf:3:1, db/postgresql.conf:3:1",
        ],
        "{text}"
    );
    let full = render(&report, Format::Terminal, Shown { full: true, ..ALL }, RenderOptions::default()).unwrap();
    assert_eq!(full.matches("Small.").count(), 8, "{full}");
    assert!(full.contains(" --> ") && text.contains("--full"), "{full}");
}

#[test]
fn nothing_found_says_what_was_looked_at() {
    let mut report = lint();
    report.findings.clear();
    report.incomplete.clear();
    report.inputs.retain(|input| input.reason.is_none());
    assert_eq!(
        written(&report, Format::Terminal),
        "Nothing found in 3 files of one instance (PostgreSQL 16 `db`). Looked at:\ncompose.yaml, db/pg_hba.conf, db/postgresql.conf.\n"
    );
}

#[test]
fn small_formats() {
    insta::assert_snapshot!("audit.markdown", written(&audit(), Format::Markdown));
    insta::assert_snapshot!("audit.junit", written(&audit(), Format::Junit));
    insta::assert_snapshot!("audit.github", written(&audit(), Format::Github));
}

#[test]
fn no_format_shows_a_secret_or_an_escape_sequence() {
    for report in [audit(), lint()] {
        for format in Format::ALL {
            for colour in [false, true] {
                let shown = Shown { suppressed: true, ..ALL };
                let text = render(&report, *format, shown, RenderOptions { colour, width: 80, exit_code: 1 }).unwrap();
                assert!(!text.contains(CANARY), "{format}");
                assert!(!text.contains("\u{1b}[5;31m"), "{format}: {text}");
                assert!(text.ends_with('\n'), "{format}");
            }
        }
    }
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(written(&audit(), *format), written(&audit(), *format), "{format}");
    }
}

#[test]
fn of_each_rule_twenty_findings_are_shown_to_people() {
    let mut report = lint();
    let conf = report.files.read("db/postgresql.conf").unwrap();
    let span = Some(find(&conf, "ssl"));
    report.findings = (0..51).map(|_| finding("postgresql-x", Severity::Medium, "Too much.", span)).collect();
    for format in [Format::Terminal, Format::Markdown] {
        let text = written(&report, format);
        assert_eq!(text.matches("Too much.").count(), 20, "{format}");
        assert!(text.contains("+ 31 more of"), "{format}");
    }
    assert_eq!(written(&report, Format::Json).matches("Too much.").count(), 51);
}

#[test]
fn the_least_severity_hides_and_never_changes_the_numbers() {
    let report = audit();
    let shown = Shown { min_severity: Severity::High, suppressed: false, full: false };
    let json: serde_json::Value = serde_json::from_str(&render(&report, Format::Json, shown, RenderOptions::default()).unwrap()).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 3);
    assert_eq!(json["summary"]["medium"], 2);
}

#[test]
fn an_unknown_format_is_refused_with_the_known_ones() {
    let error = "html".parse::<Format>().unwrap_err();
    assert_eq!(error, "`html` is none of terminal, json, sarif, markdown, junit, gitlab, github");
}

#[test]
fn gitlab_gets_what_has_a_file() {
    let issues: serde_json::Value = serde_json::from_str(&written(&audit(), Format::Gitlab)).unwrap();
    assert_eq!(issues.as_array().unwrap().len(), 6);
    assert_eq!(issues[2]["severity"], "blocker");
    assert_eq!(issues[2]["location"], serde_json::json!({"path": "db/pg_hba.conf", "lines": {"begin": 2, "end": 2}}));
}

fn schema() -> serde_json::Value {
    serde_json::from_str(include_str!("../../schemas/report.schema.json")).unwrap()
}

fn json(report: &Report) -> serde_json::Value {
    serde_json::from_str(&written(report, Format::Json)).unwrap()
}

#[test]
fn the_json_report_is_as_its_schema_says() {
    for report in [audit(), lint()] {
        assert_eq!(json_schema::violations(&schema(), &json(&report)), Vec::<String>::new());
    }
    let mut broken = json(&audit());
    broken["findings"][0]["severity"] = "grave".into();
    broken["extra"] = 1.into();
    assert_eq!(json_schema::violations(&schema(), &broken).len(), 2);
}

#[test]
fn the_json_report_places_findings_in_utf16_columns() {
    let report = json(&audit());
    let remark = report["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "postgresql-note").unwrap();
    // `ssl = off # é😀 off`: the emoji counts two.
    assert_eq!([&remark["line"], &remark["column"], &remark["end_column"]], [3, 17, 20]);
    assert_eq!(report["summary"]["suppressed"], 2);
    assert_eq!(report["verdict"]["blockers"][0]["line"], 2);
    assert_eq!(report["inputs"][3]["reason"], "no permission to read it");
    let live = report["findings"].as_array().unwrap().last().unwrap();
    assert!(live["path"].is_null() && live["line"].is_null(), "{live}");
}
