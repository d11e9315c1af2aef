//! gonogo.toml: everything that may be written, and an error with its place for everything else.

use gonogo::config::{Config, Criticality, Proof, SECTIONS, Size};
use gonogo::model::{Deployment, Environment, Purpose, Severity, SuppressionKind};
use gonogo::text::{Files, Source};
use proptest::prelude::*;

use crate::project::{NOW, checklist, day, rules};

const WHOLE: &str = include_str!("whole.toml");

fn files() -> Files {
    Files::in_memory([("docs/restore.log", "restored"), ("docs/empty.log", "")])
}

fn read(text: &str) -> Result<Config, Vec<String>> {
    let source = Source::detached("gonogo.toml", text);
    let config = Config::read(&source, &files(), day(NOW)).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let errors: Vec<String> = config.check_names(&source, &checklist().names(&rules())).iter().map(ToString::to_string).collect();
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

fn only_error(text: &str) -> String {
    let errors = read(text).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].clone()
}

#[test]
fn everything_that_is_documented_is_read() {
    let config = read(WHOLE).unwrap_or_else(|errors| panic!("{errors:#?}"));
    assert_eq!(config.go_live.as_ref().unwrap().value, day("2026-12-02"));
    assert_eq!(config.profile.criticality.as_ref().unwrap().value, Criticality::High);
    assert_eq!(config.profile.size.as_ref().unwrap().value, Size::Startup);
    assert_eq!(config.profile.deployment.as_ref().unwrap().value, Deployment::Managed);
    assert_eq!(config.host.memory.unwrap().0, 17_179_869_184);
    let orders = config.target("orders").unwrap();
    assert_eq!(orders.purpose.as_ref().unwrap().value, Purpose::Queue);
    assert_eq!(orders.environment.as_ref().unwrap().value, Environment::Staging);
    assert_eq!(orders.url.as_ref().unwrap().shown, "postgres://auditor:<redacted>@db.internal/orders");
    let objectives = config.objectives_of("orders");
    assert_eq!(objectives.rpo.unwrap().value.as_secs(), 3600);
    assert_eq!(objectives.rto.unwrap().value.as_secs(), 7200, "what a target leaves out is the project's");
    let evidence = &config.evidence[0];
    assert!(evidence.passed && matches!(&evidence.proof, Proof::File { sha256, .. } if sha256.len() == 64));
    assert_eq!(evidence.duration.unwrap().as_secs(), 2280);
    assert!(matches!(&config.evidence[1].proof, Proof::Reference(reference) if reference == "OPS-7"));
    assert_eq!(config.accepts[0].kind, SuppressionKind::FalsePositive);
    assert_eq!(config.severity["compose-latest-tag"].value, Severity::High);
    assert_eq!(config.params["postgresql-worst-case-memory"].value.len(), 3);
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn every_error_is_told_with_its_place_and_what_to_do() {
    for (text, expected) in [
        (
            "[releas]\n",
            "gonogo.toml:1:2: gonogo.toml has no key `releas` (found `releas`, expected one of release, objectives, profile, project, team, target, not_applicable, evidence, alert, accept, reviewed, plan, rules, severity, params, host); did you mean `release`?",
        ),
        (
            "[release]\ngo_live = \"soon\"",
            "gonogo.toml:2:11: `go_live` of [release] cannot be read (found \"soon\", expected a date, for example 2026-11-20); write `go_live` as a date, for example 2026-11-20",
        ),
        (
            "[release]\ngo_live = 2026-12-02T10:00:00Z",
            "gonogo.toml:2:11: `go_live` of [release] cannot be read (found 2026-12-02T10:00:00Z, expected a date, for example 2026-11-20); write `go_live` as a date, for example 2026-11-20",
        ),
        (
            "[objectives]\nrpo = 24",
            "gonogo.toml:2:7: `rpo` of [objectives] cannot be read (found the number 24, expected a length of time, as \"24h\" or \"2h30m\"); write `rpo` as a length of time, as \"24h\" or \"2h30m\"",
        ),
        ("[team]\nmembers = 2", "gonogo.toml:1:1: [team] lacks `trained`; add a line `trained = …` to it"),
        (
            "[team]\nmembers = 2\ntrained = 3",
            "gonogo.toml:3:11: 3 trained of 2 members; count among the trained only those who are members",
        ),
        (
            "[team]\nmembers = 2\ntrained = 2\non = 2026-11-21",
            "gonogo.toml:4:6: `on` of [team] is in the future (found 2026-11-21, expected a day up to 2026-11-20); state what was done, with the day on which it was done",
        ),
        (
            "[[target]]\nname = \"a\"\nrelays = []",
            "gonogo.toml:1:1: [[target]] has `relays` without a reason; add `relays_reason = \"…\"`: why no other service passes clients on",
        ),
        (
            "[[target]]\nname = \"a\"\nrelays_reason = \"x\"",
            "gonogo.toml:1:1: [[target]] has a `relays_reason` and no `relays`; add `relays = []`, or the services that pass clients on",
        ),
        (
            "[[reviewed]]\npath = \"a\"\nsha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\nchanges = [\"nothing\", \"roles\"]\nby = \"x\"\non = 2026-11-02",
            "gonogo.toml:4:12: `changes` of [[reviewed]] cannot be `nothing`; write [\"nothing\"] alone, or of \"settings\", \"roles\", \"access\", \"backup\", \"reach\"",
        ),
        (
            "[[reviewed]]\npath = \"a\"\nsha256 = \"9f86\"\nchanges = [\"nothing\"]\nby = \"x\"\non = 2026-11-02",
            "gonogo.toml:3:10: `sha256` of [[reviewed]] cannot be read (found \"9f86\", expected the 64 digits that sha256sum prints); write `sha256` as the 64 digits that sha256sum prints",
        ),
        (
            "target = 1",
            "gonogo.toml:1:10: `target` has the wrong shape (found the number 1, expected a list of tables, each begun with [[target]]); write a list of tables, each begun with [[target]]",
        ),
        (
            "[host]\nmemory = \"16\"",
            "gonogo.toml:2:10: `memory` of [host] cannot be read (found \"16\", expected a size with its unit, as \"16GB\"); write `memory` as a size with its unit, as \"16GB\"",
        ),
        (
            "[profile]\ncriticality = \"extreme\"",
            "gonogo.toml:2:15: `criticality` of [profile] cannot be read (found \"extreme\", expected one of \"low\", \"medium\", \"high\"); write `criticality` as one of \"low\", \"medium\", \"high\"",
        ),
        (
            "[severity]\ncompose-latest-tag = \"info\"",
            "gonogo.toml:2:1: `compose-latest-tag` would be lowered from medium to info; [severity] can only raise; accept single findings with [[accept]]",
        ),
        (
            "[severity]\ncompose-latest-tags = \"high\"",
            "gonogo.toml:2:1: there is no rule `compose-latest-tags`; did you mean `compose-latest-tag`?",
        ),
        (
            "[[target]]\nname = \"a\"\n[[target]]\nname = \"a\"",
            "gonogo.toml:4:8: two targets are called `a`; the other is on line 2; give each database a name of its own",
        ),
        (
            "[[not_applicable]]\nitem = \"security/tls\"\nreason = \"x\"\nby = \"y\"",
            "gonogo.toml:2:8: `security/tls` cannot be declared not applicable; show that it holds, or accept the finding; only these can be declared away: backup/high-availability, backup/three-two-one, configuration/pooling, configuration/startup-order, configuration/tested-in-staging, monitoring/central-logs, monitoring/dashboard, security/encryption-at-rest, security/row-level-security",
        ),
    ] {
        assert_eq!(only_error(text), expected);
    }
}

#[test]
fn evidence_is_checked_before_it_is_believed() {
    let evidence =
        |item: &str, on: &str, proof: &str| format!("[[evidence]]\nitem = \"{item}\"\non = {on}\nby = \"DBA\"\nproof = \"{proof}\"\n");
    assert!(read(&evidence("backup/restore-tested", "2026-11-20", "docs/restore.log")).is_ok());
    for (item, on, proof, expected) in [
        ("backup/restore-tested", "2026-11-21", "docs/restore.log", ":3:6: `on` of [[evidence]] is in the future"),
        (
            "backup/restored",
            "2026-11-20",
            "docs/restore.log",
            ":2:8: there is no checklist item `backup/restored`; did you mean `backup/restore-tested`?",
        ),
        ("restore-tested", "2026-11-20", "docs/restore.log", "did you mean `backup/restore-tested`?"),
        ("security/no-secrets-in-files", "2026-11-20", "docs/restore.log", ":2:8: evidence cannot decide `security/no-secrets-in-files`"),
        ("backup/restore-tested", "2026-11-20", "../../etc/passwd", "(found a path that leads out of the project"),
        ("documentation/incident-runbooks", "2026-11-20", "docs/restore.log", ":2:8: evidence for incident runbooks names no runbook"),
    ] {
        let error = only_error(&evidence(item, on, proof));
        assert!(error.contains(expected), "{error}\n{expected}");
    }
    for (proof, found) in [("docs/gone.log", "no such file"), ("docs/empty.log", "an empty file")] {
        let config = read(&evidence("backup/restore-tested", "2026-11-20", proof)).unwrap();
        assert_eq!(config.evidence[0].proof.missing(), Some(found));
        assert!(config.notes.iter().any(|note| note.code == "evidence-proof-missing" && note.message.contains(proof)));
    }
    let accept = "[[accept]]\nrule = \"compose-latest-tag\"\npath = \"compose.yaml\"\nreason = \"r\"\nowner = \"o\"\nuntil = ";
    assert!(read(&format!("{accept}2027-11-20")).is_ok());
    assert!(only_error(&format!("{accept}2027-11-21")).contains("a finding is accepted for too long"));
}

#[test]
fn all_errors_are_told_at_once_in_the_order_of_the_lines() {
    let errors = read("[team]\nmembers = 0\nboss = 1\n[plan]\n[release]\ngo_live = 1\n").unwrap_err();
    let lines: Vec<&str> = errors.iter().map(|error| error.split(':').nth(1).unwrap()).collect();
    assert_eq!(lines, ["1", "2", "3", "4", "6"], "{errors:#?}");
}

#[test]
fn broken_toml_is_placed_and_shows_no_value() {
    let error = only_error("[[target]]\nname = \"orders\"\nurl = \"postgres://a:hunter2@db/x\n");
    assert!(error.starts_with("gonogo.toml:3:") && !error.contains("hunter2"), "{error}");
    let errors = read("[[target]]\nname = \"a\"\nurl = \"a:hunter2@db\"\npasword = \"hunter2\"\n").unwrap_err();
    assert!(!errors.join("\n").contains("hunter2"), "{errors:#?}");
}

#[test]
fn a_password_is_cut_wherever_a_url_stands() {
    let config = read("[[target]]\nname = \"a\"\nroot = \"postgres://a:hunter2@db/x\"\npaths = [\"redis://:hunter2@db\"]").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
}

#[test]
fn depth_is_bounded() {
    assert!(read(&format!("rules = {}", "[".repeat(100_000))).is_err());
    assert!(read(&format!("[params]\n{}", "a.".repeat(100_000) + "a = 1")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_is_cut_out_or_put_in_nothing_panics_and_no_password_shows(
        at in any::<prop::sample::Index>(), length in 0_usize..60, put in "[\\x20-\\x7e\\n]{0,8}"
    ) {
        let at = at.index(WHOLE.len());
        let end = (at + length).min(WHOLE.len());
        if let (Some(head), Some(tail)) = (WHOLE.get(..at), WHOLE.get(end..)) {
            let told = read(&format!("{head}{put}{tail}")).map_or_else(|errors| errors.join("\n"), |_| String::new());
            prop_assert!(!told.contains("hunter2"), "{told}");
        }
    }
}

#[test]
fn one_proof_for_two_items_is_noted() {
    let block = |item: &str| format!("[[evidence]]\nitem = \"{item}\"\non = 2026-11-01\nby = \"DBA\"\nproof = \"docs/restore.log\"\n");
    let config = read(&(block("backup/restore-tested") + &block("backup/dr-test"))).unwrap();
    assert_eq!(config.notes.len(), 1);
    assert_eq!(config.notes[0].message, "one proof is given for two items: docs/restore.log");
}

#[test]
fn the_schema_for_editors_has_the_keys_of_the_parser() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../schemas/gonogo.schema.json")).unwrap();
    for section in SECTIONS {
        let mut node = &schema;
        for part in section.name.split('.').filter(|part| !part.is_empty()) {
            node = &node["properties"][part];
            node = if node["type"] == "array" { &node["items"] } else { node };
            if let Some(reference) = node["$ref"].as_str() {
                node = schema.pointer(reference.trim_start_matches('#')).unwrap();
            }
        }
        let mut written: Vec<&str> =
            node["properties"].as_object().unwrap_or_else(|| panic!("[{}]", section.name)).keys().map(String::as_str).collect();
        let mut known: Vec<&str> = section.all().filter(|key| !(section.name.is_empty() && *key == "$schema")).collect();
        written.sort_unstable();
        known.sort_unstable();
        assert_eq!(written, known, "[{}]", section.name);
        let required: Vec<&str> =
            node["required"].as_array().map(|list| list.iter().filter_map(|key| key.as_str()).collect()).unwrap_or_default();
        assert_eq!(required, section.required, "[{}]", section.name);
        assert_eq!(node["additionalProperties"], false, "[{}]", section.name);
        for (key, property) in node["properties"].as_object().unwrap() {
            let described = property.get("description").is_some() || property.get("$ref").is_some();
            assert!(described, "[{}] {key} has no description", section.name);
        }
    }
}
