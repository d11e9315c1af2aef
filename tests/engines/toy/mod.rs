//! The seam, proven: a family and a platform that exist in tests only go the whole way, from discovery to SARIF, and
//! nothing outside their own files knows them. The family resembles MySQL and MariaDB: groups, two engines in one family, two ways to count releases.

mod family;
mod grammar;
mod on_a_platform;
mod stack;

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::audit::{self, Named, Request};
use gonogo::deployments;
use gonogo::model::{Engine, EngineVersion, Observed, ObservedSetting, Platform, Severity, Value, Version, parse_date};
use gonogo::report::show::{ShowOptions, show_json};
use gonogo::report::{Mode, RenderOptions, Report, Shown, render};
use gonogo::rules::{Known, Loader, RuleError, RuleSet};
use gonogo::text::{Files, Source};
use gonogo::verdict::checklist::Checklist;
use gonogo::verdict::scorecard::{Basis, ItemShown, ItemStatus};

use family::{FAMILIES, observed_problem};
use stack::PLATFORMS;

const LOCAL_INFILE: &str = r#"
id = "mysql-toy-local-infile"
title = "Clients can load local files"
severity = "medium"
pillar = "security"
items = ["security/least-privilege"]
engine = ["mysql", "mariadb"]
require = { setting = "local_infile", is = false }

[fix]
set = { local_infile = "off" }
applicability = "unsafe"

[docs]
why = "A server can ask a client for files."
how = "Write local_infile = off."
references = ["https://example.org/"]

[compliance]
cis = { mysql = ["6.2"], mariadb = ["6.1"] }

[[bad]]
"a.toy" = """
[server]
local_infile = on
#              ^^
"""

[[good]]
"a.toy" = "[server]\nlocal_infile = off\n"
"#;

const SECURE_TRANSPORT: &str = r#"
id = "mysql-toy-secure-transport"
title = "Sessions without TLS are admitted"
severity = "high"
pillar = "security"
items = ["security/tls"]
engine = ["mysql", "mariadb"]
versions = { mysql = ">=8.4", mariadb = ">=10.6" }
require = { setting = "require_secure_transport", is = true }

[docs]
why = "Passwords and rows travel in the clear."
how = "Write require_secure_transport = on."
references = ["https://example.org/"]

[[bad]]
"a.toy" = """
[server]
require_secure_transport = off
#                          ^^^
"""

[[good]]
"a.toy" = "[server]\nrequire_secure_transport = on\n"
"#;

const PUBLISHED: &str = r#"
id = "k8s-toy-published"
title = "Database port is published outside the cluster"
severity = "high"
pillar = "security"
items = ["security/least-privilege"]
subject = "service"
platform = "kubernetes"
when = { fact = "role", is = "database" }
message = "port {target} of the database is published"
require = { none = "port", where = { field = "engine_port", is = true } }

[docs]
why = "Anyone who reaches a node reaches the database."
how = "Remove the line."
references = ["https://example.org/"]

[[bad]]
"a.stack" = """
run db
  image mysql:8.4
  publish 3306
# ^^^^^^^^^^^^
"""

[[good]]
"a.stack" = "run db\n  image mysql:8.4\n"
"#;

const SYNTAX: &str = r#"
id = "k8s-toy-syntax"
title = "Stack file has a line that is not valid"
severity = "high"
pillar = "security"
items = ["security/tls"]
subject = "file"
platform = "kubernetes"
message = "this line is not valid"
require = { none = "problem", where = { field = "code", is = "syntax-error" } }

[docs]
why = "The stack does not start."
how = "Correct the line."
references = ["https://example.org/"]

[[bad]]
"a.stack" = """
run db
  spin
# ^^^^
"""

[[good]]
"a.stack" = "run db\n"
"#;

/// A shipped rule about another platform.
const COMPOSE: &str = include_str!("../../../rules/compose/compose-db-port-public.toml");

/// The rules, loaded against the catalogue of the family, as if they were shipped.
fn rules() -> RuleSet {
    let checklist = Checklist::embedded().unwrap();
    let items = checklist.item_ids();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let sources = [LOCAL_INFILE, SECURE_TRANSPORT, PUBLISHED, SYNTAX, COMPOSE].map(|text| {
        let id = text.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).unwrap();
        Source::detached(&format!("rules/{id}.toml"), text)
    });
    let sources: Vec<&Source> = sources.iter().collect();
    let loader = Loader::new(Known { catalogue: &FAMILIES, items: &items, natives: &[], rules: &[] });
    let rules = loader.brought(&sources);
    rules.unwrap_or_else(|errors| panic!("{}", errors.iter().map(RuleError::render).collect::<String>())).into_iter().collect()
}

/// The checklist with the lines of the family.
fn checklist() -> Checklist {
    let mut checklist = Checklist::embedded().unwrap();
    for (id, rule) in [("security/tls", "mysql-toy-secure-transport"), ("security/least-privilege", "mysql-toy-local-infile")] {
        let item = checklist.items.iter_mut().find(|item| item.id == id).unwrap();
        for engine in [Engine::Mysql, Engine::Mariadb] {
            item.proof.engine.insert(engine, vec![vec![rule.to_owned()]]);
        }
    }
    let item = checklist.items.iter_mut().find(|item| item.id == "security/least-privilege").unwrap();
    item.proof.platform.insert(Platform::Kubernetes, vec![vec!["k8s-toy-published".to_owned()]]);
    checklist
}

fn request() -> Request {
    let mut request = Request::plain(Mode::Audit, parse_date("2026-11-20").unwrap(), Arc::new(rules()));
    request.families = FAMILIES;
    request.platforms = PLATFORMS;
    request
}

fn audited(tree: &[(&str, &str)], change: impl FnOnce(&mut Request)) -> Report {
    let mut request = request();
    change(&mut request);
    audit::run(Files::in_memory(tree.iter().copied()), &Named::default(), request, &checklist())
}

fn places(report: &Report) -> Vec<String> {
    let place = |finding: &gonogo::model::Finding| {
        let span = finding.primary.as_ref().unwrap().span;
        let source = report.files.source(span.source).unwrap();
        format!("{} {}:{} {}", finding.rule, source.path(), source.location(span.start).line, source.slice(span))
    };
    report.findings.iter().map(place).collect()
}

fn item(report: &Report, instance: usize, id: &str) -> ItemShown {
    let card = &report.scorecard.instances[instance];
    card.pillars.iter().flat_map(|pillar| &pillar.items).find(|item| item.id == id).unwrap().clone()
}

const SERVER: &str =
    "# shop\n[server]\nlocal-infile = on\nbind_address = 127.0.0.1\n[client]\nlocal_infile = off\n[mariadb]\nlocal_infile = off\n";

#[test]
fn each_engine_reads_its_own_groups_of_the_file() {
    let report = audited(&[("db/my.toy", SERVER), ("other/maria.toy", SERVER)], |_| {});
    let engines: Vec<_> = report.scorecard.instances.iter().map(|card| (card.id.as_str(), card.engine)).collect();
    assert_eq!(engines, [("db/my.toy", Engine::Mysql), ("other/maria.toy", Engine::Mariadb)]);
    let local: Vec<_> = places(&report).into_iter().filter(|place| place.contains("infile")).collect();
    assert_eq!(local, ["mysql-toy-local-infile db/my.toy:3 on"]);
    assert!(report.inputs.iter().all(|input| input.kind == "toy option file"), "{:?}", report.inputs);
}

#[test]
fn each_engine_counts_its_releases_in_its_own_way() {
    let tree = [("my.toy", SERVER), ("maria.toy", SERVER)];
    let said = |report: &Report, id: &str| {
        let is_it = |of: &&gonogo::model::OutcomeOf| &*of.rule == "mysql-toy-secure-transport" && *of.subject.id == *id;
        report.outcomes.iter().find(is_it).unwrap().outcome.word()
    };
    let with = |versions: &[&str]| {
        audited(&tree, |request| request.engine_versions = versions.iter().map(|text| text.parse::<EngineVersion>().unwrap()).collect())
    };
    // 10.11 is above 8.4, and is of another engine.
    let report = with(&["mysql=8.0", "mariadb=10.11"]);
    assert_eq!((said(&report, "my.toy"), said(&report, "maria.toy")), ("not-applicable", "fail"));
    // Nothing says which: the rule does not speak of 8.0, and 8.4 fails.
    assert_eq!(said(&with(&[]), "my.toy"), "unknown");
}

#[test]
fn a_name_that_the_catalogue_does_not_have_is_an_error_of_the_rule() {
    let text = SECURE_TRANSPORT.replace("versions = { mysql = \">=8.4\", mariadb = \">=10.6\" }\n", "");
    let source = Source::detached("rules/mysql-toy-secure-transport.toml", &text);
    let known = Known { catalogue: &FAMILIES, items: &["security/tls"], natives: &[], rules: &[] };
    let errors = Loader::new(known).brought(&[&source]).unwrap_err();
    assert_eq!(errors[0].message, "`require_secure_transport` does not exist in MySQL 8.0, which this rule admits");
    let text = SECURE_TRANSPORT.replace("mysql = \">=8.4\", ", "msql = \">=8.4\", ");
    let source = Source::detached("rules/mysql-toy-secure-transport.toml", &text);
    let errors = Loader::new(known).brought(&[&source]).unwrap_err();
    assert!(errors.iter().any(|error| error.message == "unknown engine of this rule `msql`"), "{errors:?}");
}

#[test]
fn items_are_shown_by_the_rules_of_the_engine_alone() {
    let good = "[server]\nlocal_infile = off\nrequire_secure_transport = on\nbind_address = 10.0.0.5\n";
    let report = audited(&[("my.toy", good)], |request| request.engine_versions = vec!["8.4".parse().unwrap()]);
    let tls = item(&report, 0, "security/tls");
    assert_eq!((tls.status, tls.basis), (ItemStatus::Pass, Some(Basis::Verified)));
    assert_eq!(item(&report, 0, "security/listen").status, ItemStatus::Unknown, "no rule of the engine reads bind_address yet");
}

#[test]
fn what_a_running_server_says_counts_last_and_shows_the_drift() {
    let observed = Observed {
        name: "my.toy".to_owned(),
        engine: Engine::Mysql,
        version: Version(vec![8, 4, 6]),
        on: parse_date("2026-11-20").unwrap(),
        settings: BTreeMap::from([(
            "bind_address".to_owned(),
            ObservedSetting { value: Value::text("10.0.0.5"), shown: "10.0.0.5".to_owned(), is_default: false, place: None },
        )]),
        records: BTreeMap::from([("problem", observed_problem("invalid-value"))]),
    };
    let report = audited(&[("my.toy", SERVER)], |request| request.observed = vec![observed.clone()]);
    let card = &report.scorecard.instances[0];
    assert_eq!((card.version.as_deref(), card.reach), (Some("8.4.6"), "private"), "from what is in force, not from the file");
    let mut request = request();
    request.observed = vec![observed];
    let survey = audit::survey(Files::in_memory([("my.toy", SERVER)]), &Named::default(), &request);
    let shown = show_json(&survey.instances, &survey.files, &ShowOptions::default()).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let bind = shown["instances"][0]["settings"].as_array().unwrap().iter().find(|setting| setting["name"] == "bind_address").unwrap();
    assert_eq!((bind["origin"].as_str(), bind["overrides"][0]["value"].as_str()), (Some("live"), Some("127.0.0.1")), "{bind}");
    assert_eq!(survey.instances[0].views[0].subject.records("problem").rows.len(), 1);
}

#[test]
fn a_workload_of_the_family_is_its_instance() {
    let compose = "services:\n  db:\n    image: mysql:8.4\n    volumes: ['./my.toy:/etc/my.toy:ro']\n    ports: ['3306:3306']\n";
    let report = audited(&[("compose.yaml", compose), ("my.toy", SERVER)], |request| request.platforms = deployments::ALL);
    let card = &report.scorecard.instances[0];
    assert_eq!((card.id.as_str(), card.engine, report.scorecard.instances.len()), ("db", Engine::Mysql, 1));
    assert!(places(&report).contains(&"mysql-toy-local-infile my.toy:3 on".to_owned()), "{:?}", places(&report));
    // What only the published ports would show is not shown by the engine's rules.
    assert_ne!(item(&report, 0, "security/listen").status, ItemStatus::Pass);
}

#[test]
fn fixes_comments_and_sarif_need_nothing_but_the_kind_of_file() {
    let report = audited(&[("my.toy", SERVER)], |_| {});
    let finding = report.findings.iter().find(|finding| finding.rule == "mysql-toy-local-infile").unwrap();
    let edits = &finding.fix.as_ref().unwrap().edits;
    let source = report.files.source(edits[0].span.source).unwrap();
    let mut text = source.text().to_owned();
    text.replace_range(edits[0].span.range(), &edits[0].replacement);
    assert!(text.contains("local-infile = off\nbind"), "{text}");
    // Where nothing sets it, the line goes behind the last of its group.
    let unset = audited(&[("my.toy", "[server]\nmax_connections = 10\n[client]\nx = 1\n")], |_| {});
    let finding = unset.findings.iter().find(|finding| finding.rule == "mysql-toy-local-infile").unwrap();
    assert_eq!(finding.fix.as_ref().unwrap().edits[0].replacement, "\nlocal_infile = off");
    let ignored = SERVER.replace("local-infile = on", "# gonogo: ignore[mysql-toy-local-infile] the loader needs it\nlocal-infile = on");
    let report = audited(&[("my.toy", &ignored)], |request| request.engine_versions = vec!["mysql=8.4".parse().unwrap()]);
    let finding = report.findings.iter().find(|finding| finding.rule == "mysql-toy-local-infile").unwrap();
    assert!(finding.suppressed.is_some());
    let options = RenderOptions { colour: false, width: 100, exit_code: 1 };
    let sarif =
        render(&report, gonogo::report::Format::Sarif, Shown { min_severity: Severity::Info, suppressed: true, full: false }, options)
            .unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "mysql-toy-secure-transport"), "{results:?}");
}
