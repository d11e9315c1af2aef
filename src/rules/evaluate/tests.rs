//! What conditions say of subjects, where findings stand, and how versions are joined.

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    Applicability, Datum, Engine, Field, Origin, OutcomeOf, Record, Secret, Setting, SettingState, Severity, SubjectKind, SubjectRef,
    Value, Version, View,
};
use crate::rules::RuleSet;
use crate::rules::toy::{load, rule, rule_text};
use crate::text::{SourceId, Span};

fn at(start: usize, end: usize) -> Option<Span> {
    Some(Span::new(SourceId::detached(), start, end))
}

fn today() -> Context {
    Context { now: crate::model::parse_date("2026-11-20").unwrap() }
}

fn instance() -> Subject {
    let mut subject = Subject::new(SubjectKind::Instance, "db");
    subject.instances = vec!["db".to_owned()];
    subject.engine = Some(Engine::Postgresql);
    subject.version = Some("17".parse().unwrap());
    subject.anchor = at(0, 1);
    subject.setting_anchor = at(90, 91);
    subject
}

fn setting(subject: &mut Subject, name: &str, value: Value, kind: OriginKind, span: Option<Span>, special: Option<&'static str>) {
    let setting = Setting {
        name: name.to_owned(),
        shown: special.map_or_else(|| value.to_string(), ToOwned::to_owned),
        value,
        base: None,
        unit: None,
        special,
        origin: Origin { kind, span, name_span: None },
        overrode: Vec::new(),
    };
    subject.settings.insert(name.to_owned(), SettingState::Known(setting));
}

fn written(name: &str, value: Value) -> Subject {
    let mut subject = instance();
    setting(&mut subject, name, value, OriginKind::File, at(10, 13), None);
    subject
}

fn postgresql(body: &str) -> Rule {
    rule(&format!("engine = \"postgresql\"\n{body}"))
}

/// The outcome of one condition.
fn outcome(condition: &str, subject: &Subject) -> Outcome {
    judge(&postgresql(&format!("require = {condition}")), subject, &today())
}

fn word(condition: &str, subject: &Subject) -> &'static str {
    outcome(condition, subject).word()
}

fn hba(method: &str, clients: &str, start: usize) -> Record {
    Record::new("hba", format!("line-{start}"), at(start, start + 20))
        .with("method", Field::text(method, at(start + 10, start + 15)))
        .with("clients", Field::text(clients, at(start + 5, start + 9)))
}

fn with_hba(records: impl IntoIterator<Item = Record>) -> Subject {
    let mut subject = instance();
    subject.records.entry("hba").or_default();
    records.into_iter().for_each(|record| subject.add(record));
    subject
}

#[test]
fn words_of_equality() {
    let subject = written("wal_level", Value::text("replica"));
    for (asked, expected) in [
        (r#"is = "replica""#, "pass"),
        (r#"is = "logical""#, "fail"),
        (r#"is_not = "minimal""#, "pass"),
        (r#"one_of = ["replica", "logical"]"#, "pass"),
        (r#"none_of = ["replica", "logical"]"#, "fail"),
        (r#"is_not = "minimal", one_of = ["logical"]"#, "fail"),
    ] {
        assert_eq!(word(&format!("{{ setting = \"wal_level\", {asked} }}"), &subject), expected, "{asked}");
    }
    let mut pair = written("wal_level", Value::text("replica"));
    setting(&mut pair, "log_directory", Value::text("replica"), OriginKind::Default, None, None);
    assert_eq!(word(r#"{ setting = "wal_level", same_as = { setting = "log_directory" } }"#, &pair), "pass");
    assert_eq!(word(r#"{ setting = "wal_level", same_as = { setting = "log_directory" } }"#, &subject), "fail");
}

#[test]
fn words_of_text_and_lists() {
    let text = written("log_directory", Value::text("/var/log"));
    for (asked, expected) in [
        (r#"starts_with = "/var""#, "pass"),
        (r#"ends_with = "/var""#, "fail"),
        (r#"includes = "r/l""#, "pass"),
        (r#"matches = "/var""#, "fail"),
        (r#"matches = "/var/.*""#, "pass"),
        ("present = true", "pass"),
        ("present = false", "fail"),
        ("written = true", "pass"),
    ] {
        assert_eq!(word(&format!("{{ setting = \"log_directory\", {asked} }}"), &text), expected, "{asked}");
    }
    let list = written("shared_preload_libraries", Value::List(vec!["pgaudit".to_owned(), "auto_explain".to_owned()]));
    assert_eq!(word(r#"{ setting = "shared_preload_libraries", has = "pgaudit" }"#, &list), "pass");
    assert_eq!(word(r#"{ setting = "shared_preload_libraries", has = "audit" }"#, &list), "fail");
    assert_eq!(word(r#"{ setting = "shared_preload_libraries", lacks = "pgaudit" }"#, &list), "fail");
    let commas = written("listen_addresses", Value::text("localhost, '10.0.0.5'"));
    assert_eq!(word(r#"{ setting = "listen_addresses", has = "10.0.0.5" }"#, &commas), "pass");
    let key = written("primary_conninfo", Value::Secret(Secret::new("host=a sslmode=require password=x")));
    assert_eq!(word(r#"{ setting = "primary_conninfo", key = "sslmode", is = "require" }"#, &key), "pass");
    assert_eq!(word(r#"{ setting = "primary_conninfo", key = "sslrootcert", present = true }"#, &key), "fail");
}

#[test]
fn words_of_amounts() {
    let mut subject = written("shared_buffers", Value::Bytes(2 << 30));
    subject.facts.insert("memory", Field::known(Value::Bytes(8 << 30), None));
    setting(&mut subject, "work_mem", Value::Bytes(1 << 30), OriginKind::Default, None, None);
    setting(&mut subject, "max_connections", Value::Integer(100), OriginKind::Default, None, None);
    for (condition, expected) in [
        (r#"{ setting = "shared_buffers", at_least = "15% of memory", at_most = "40% of memory" }"#, "pass"),
        (r#"{ setting = "shared_buffers", at_least = "50% of memory" }"#, "fail"),
        (r#"{ setting = "work_mem", at_most = "50% of setting shared_buffers" }"#, "pass"),
        (r#"{ setting = "work_mem", between = ["2GB", "3GB"] }"#, "fail"),
        (r#"{ setting = "work_mem", between = [0, "1GB"] }"#, "pass"),
        (r#"{ setting = "max_connections", at_most = "10 per cpu" }"#, "unknown"),
    ] {
        assert_eq!(word(condition, &subject), expected, "{condition}");
    }
    subject.facts.insert("cpus", Field::known(Value::Real(4.0), None));
    let too_many = outcome(r#"{ setting = "max_connections", at_most = "10 per cpu" }"#, &subject);
    assert_eq!(too_many.findings()[0].message, "`max_connections` is 100 (default); expected at most 10 per processor (40)");
    let too_little = outcome(r#"{ setting = "shared_buffers", at_least = "50% of memory" }"#, &subject);
    assert_eq!(too_little.findings()[0].message, "`shared_buffers` is 2GB; expected at least 50% of memory (4GB)");
    subject.facts.remove("memory");
    assert_eq!(word(r#"{ setting = "shared_buffers", at_least = "15% of memory" }"#, &subject), "unknown");
}

#[test]
fn special_values_are_no_amounts() {
    let mut subject = instance();
    setting(&mut subject, "statement_timeout", Value::Duration(0), OriginKind::Default, None, Some("off"));
    let asked = |meaning: &str| format!("{{ setting = \"statement_timeout\", at_most = \"1h\", special = {{ off = \"{meaning}\" }} }}");
    assert_eq!(word(&asked("fails"), &subject), "fail");
    assert_eq!(word(&asked("passes"), &subject), "pass");
    assert_eq!(word(&asked("unknown"), &subject), "unknown");
    assert_eq!(word(r#"{ setting = "statement_timeout", is_not = "off" }"#, &subject), "fail");
    assert_eq!(outcome(&asked("fails"), &subject).findings()[0].message, "`statement_timeout` is off (default); expected at most 1h");
}

#[test]
fn what_is_absent_is_nothing_and_what_is_not_seen_is_unknown() {
    let mut subject = instance();
    let asks = |condition: &str| format!("{{ setting = \"log_directory\", {condition} }}");
    for (condition, expected) in [
        ("is = \"a\"", "fail"),
        ("is_not = \"a\"", "pass"),
        ("matches = \".*\"", "fail"),
        ("present = false", "pass"),
        ("written = false", "pass"),
    ] {
        assert_eq!(word(&asks(condition), &subject), expected, "{condition}");
    }
    subject.settings_unknown = Some(Why::new("postgresql.conf was not given"));
    assert_eq!(outcome(&asks("is = \"a\""), &subject), Outcome::Unknown(Why::new("postgresql.conf was not given")));
    let unresolved = written("log_directory", Value::Unresolved("${DIR}".to_owned()));
    assert_eq!(word(&asks("is_not = \"a\""), &unresolved), "unknown");
    assert_eq!(word(&asks("written = true"), &unresolved), "pass");
    assert_eq!(word(&asks("present = true"), &unresolved), "unknown");
}

#[test]
fn quantifiers_over_what_was_seen_in_part() {
    let each = r#"{ each = "hba", where = { field = "clients", is = "anywhere" }, require = { field = "method", is = "reject" } }"#;
    let some = r#"{ some = "hba", where = { field = "method", is = "reject" } }"#;
    let none = r#"{ none = "hba", where = { field = "method", is = "trust" } }"#;
    let trust = || hba("trust", "anywhere", 100);
    let reject = || hba("reject", "anywhere", 200);
    let near = || hba("trust", "loopback", 300);
    let unseen = instance();
    let partly = |records: Vec<Record>| {
        let mut subject = with_hba(records);
        subject.records.get_mut("hba").unwrap().incomplete = Some(Why::new("an include is missing"));
        subject
    };
    for (condition, subject, expected) in [
        (each, with_hba([trust(), reject()]), "fail"),
        (each, with_hba([near(), reject()]), "pass"),
        (each, with_hba([]), "pass"),
        (some, with_hba([]), "fail"),
        (none, with_hba([]), "pass"),
        (some, with_hba([near(), reject()]), "pass"),
        (none, with_hba([near()]), "fail"),
        (each, unseen.clone(), "unknown"),
        (some, unseen.clone(), "unknown"),
        (none, unseen, "unknown"),
        (each, partly(vec![trust()]), "fail"),
        (each, partly(vec![reject()]), "unknown"),
        (some, partly(vec![reject()]), "pass"),
        (some, partly(vec![trust()]), "unknown"),
        (none, partly(vec![near()]), "fail"),
        (none, partly(vec![reject()]), "unknown"),
    ] {
        assert_eq!(word(condition, &subject), expected, "{condition}");
    }
}

#[test]
fn one_finding_per_record_at_the_value_that_decides() {
    let subject = with_hba([hba("trust", "anywhere", 100), hba("reject", "anywhere", 200), hba("md5", "private", 300)]);
    let condition =
        r#"{ each = "hba", where = { field = "clients", is_not = "loopback" }, require = { field = "method", is = "reject" } }"#;
    let outcome = outcome(condition, &subject);
    let findings = outcome.findings();
    let places: Vec<_> = findings.iter().map(|finding| (finding.key.as_str(), finding.primary.as_ref().unwrap().span)).collect();
    assert_eq!(places, [("line-100", at(110, 115).unwrap()), ("line-300", at(310, 315).unwrap())]);
    assert_eq!(findings[0].message, "`method` is trust; expected reject");
    assert_eq!(findings[0].primary.as_ref().unwrap().message, "expected reject, found trust");
    assert_eq!((findings[0].found.as_deref(), findings[0].expected.as_deref()), (Some("trust"), Some("reject")));
    assert_eq!(findings[0].origin, OriginKind::File);
}

#[test]
fn messages_and_places_are_those_of_the_rule() {
    let mut record = hba("md5", "private", 300);
    let better = std::sync::Arc::new(hba("reject", "anywhere", 100));
    record.fields.insert("shadowed_by", Field { record: Some(better), ..Field::text("line 1", None) });
    let rule = postgresql(
        r#"require = { none = "hba", where = { all = [{ field = "method", is = "md5" }, { field = "shadowed_by.method", is = "reject" }] } }
message = "{method} from {clients} never matches: {shadowed_by.method} comes first; {reach}"
at = "clients"
also_at = ["record", { at = "shadowed_by", message = "this {shadowed_by.method} comes first" }]
severity = [{ is = "low", when = { field = "clients", is = "private" } }, { is = "medium" }]
"#
        .replace("severity = [", "# ")
        .as_str(),
    );
    let outcome = judge(&rule, &with_hba([record]), &today());
    let finding = &outcome.findings()[0];
    assert_eq!(finding.message, "md5 from private never matches: reject comes first; unknown");
    assert_eq!(finding.primary.as_ref().unwrap().span, at(305, 309).unwrap());
    let related: Vec<_> = finding.related.iter().map(|label| (label.span, label.message.as_str())).collect();
    assert_eq!(related, [(at(300, 320).unwrap(), ""), (at(100, 120).unwrap(), "this reject comes first")]);
}

#[test]
fn places_of_defaults_and_of_what_is_absent() {
    let mut subject = instance();
    setting(&mut subject, "ssl", Value::Bool(false), OriginKind::Default, None, None);
    let ssl = outcome(r#"{ setting = "ssl", is = true }"#, &subject);
    let finding = &ssl.findings()[0];
    assert_eq!((finding.message.as_str(), finding.key.as_str()), ("`ssl` is off (default); expected on", "ssl"));
    assert_eq!(finding.primary.as_ref().unwrap().span, at(90, 91).unwrap());
    assert_eq!(finding.origin, OriginKind::Default);
    subject.records.entry("hba").or_default();
    let absent = outcome(r#"{ some = "hba" }"#, &subject);
    assert_eq!(absent.findings()[0].message, "Something is off");
    assert_eq!(absent.findings()[0].primary.as_ref().unwrap().span, at(0, 1).unwrap());
    // Of alternatives that all fail, the one that a file shows is the one to point at.
    setting(&mut subject, "fsync", Value::Bool(false), OriginKind::File, at(40, 43), None);
    let either = outcome(r#"{ any = [{ setting = "ssl", is = true }, { setting = "fsync", is = true }] }"#, &subject);
    assert_eq!(either.findings().iter().map(|finding| finding.key.as_str()).collect::<Vec<_>>(), ["fsync"]);
}

#[test]
fn a_secret_is_never_told() {
    let subject = written("ssl_passphrase_command", Value::Secret(Secret::new("hunter2")));
    let outcome = outcome(r#"{ setting = "ssl_passphrase_command", none_of = ["hunter2"] }"#, &subject);
    assert_eq!(outcome.findings()[0].found, None);
    let absent = outcome_text(&outcome).replace("anything but hunter2", "");
    assert!(!absent.contains("hunter2"), "{absent}");
}

fn outcome_text(outcome: &Outcome) -> String {
    format!("{outcome:?}")
}

#[test]
fn a_guard_decides_only_where_it_must() {
    let guarded = postgresql("when = { fact = \"reach\", one_of = [\"private\", \"any\"] }\nrequire = { setting = \"ssl\", is = true }");
    let mut off = written("ssl", Value::Bool(false));
    let mut on = written("ssl", Value::Bool(true));
    assert_eq!(judge(&guarded, &off, &today()).word(), "unknown");
    assert_eq!(judge(&guarded, &on, &today()).word(), "pass");
    for subject in [&mut off, &mut on] {
        subject.facts.insert("reach", Field::text("host", None));
    }
    let reason = "`reach` is host; the rule is about one of private, any".to_owned();
    assert_eq!(judge(&guarded, &off, &today()), Outcome::NotApplicable(reason.clone()));
    assert_eq!(judge(&guarded, &on, &today()), Outcome::NotApplicable(reason));
    off.facts.insert("reach", Field::text("any", None));
    assert_eq!(judge(&guarded, &off, &today()).word(), "fail");
}

#[test]
fn an_undecided_severity_is_never_critical() {
    let text = |cases: &str| {
        let text = rule_text("engine = \"postgresql\"\nrequire = { setting = \"ssl\", is = true }");
        load(&text.replace("severity = \"high\"", &format!("severity = [{cases}]"))).unwrap()
    };
    let mut subject = written("ssl", Value::Bool(false));
    let any = "when = { fact = \"reach\", is = \"any\" }";
    let severity = |rule: &Rule, subject: &Subject| judge(rule, subject, &today()).findings()[0].severity;
    let high = text(&format!("{{ is = \"high\", {any} }}, {{ is = \"medium\" }}"));
    let critical = text(&format!("{{ is = \"critical\", {any} }}, {{ is = \"medium\" }}"));
    assert_eq!(severity(&high, &subject), Severity::High);
    assert_eq!(severity(&critical, &subject), Severity::High);
    subject.facts.insert("reach", Field::text("any", None));
    assert_eq!(severity(&critical, &subject), Severity::Critical);
    subject.facts.insert("reach", Field::text("none", None));
    assert_eq!((severity(&high, &subject), severity(&critical, &subject)), (Severity::Medium, Severity::Medium));
}

#[test]
fn defaults_of_an_image_fire_only_where_asked_for() {
    let condition = r#"require = { none = "hba", where = { field = "method", is = "trust" } }"#;
    let mut record = hba("trust", "loopback", 100);
    record.image_default = true;
    let subject = with_hba([record]);
    assert_eq!(judge(&postgresql(condition), &subject, &today()).word(), "pass");
    let asking = postgresql(&format!("on_image_defaults = true\n{condition}"));
    assert_eq!(judge(&asking, &subject, &today()).findings()[0].origin, OriginKind::ImageDefault);
    let mut listens = instance();
    setting(&mut listens, "listen_addresses", Value::text("*"), OriginKind::ImageDefault, None, None);
    assert_eq!(word(r#"{ setting = "listen_addresses", is_not = "*" }"#, &listens), "not-applicable");
}

#[test]
fn a_fix_edits_what_a_file_sets_and_adds_what_nothing_sets() {
    let with_fix = postgresql("require = { setting = \"ssl\", is = true }\nfix = { set = { ssl = \"on\" }, applicability = \"unsafe\" }");
    let fix = |subject: &Subject| judge(&with_fix, subject, &today()).findings()[0].fix.clone();
    let replaced = fix(&written("ssl", Value::Bool(false))).unwrap();
    assert_eq!(replaced.applicability, Applicability::Unsafe);
    assert_eq!((replaced.edits[0].span, replaced.edits[0].replacement.as_str()), (at(10, 13).unwrap(), "on"));
    let mut default = written("log_directory", Value::text("x"));
    setting(&mut default, "ssl", Value::Bool(false), OriginKind::Default, None, None);
    let inserted = fix(&default).unwrap();
    assert_eq!((inserted.edits[0].span, inserted.edits[0].replacement.as_str()), (at(91, 91).unwrap(), "\nssl = on"));
    let mut argument = instance();
    setting(&mut argument, "ssl", Value::Bool(false), OriginKind::CommandLine, at(10, 13), None);
    assert_eq!(fix(&argument), None);
}

fn view(version: &str, ssl: Option<bool>) -> View {
    let mut subject = written("ssl", Value::Bool(ssl.unwrap_or_default()));
    if ssl.is_none() {
        subject.settings.insert("ssl".to_owned(), SettingState::Unknown(Why::new("not given")));
    }
    subject.version = Some(version.parse::<Version>().unwrap());
    View { subject, who_can_connect: Vec::new() }
}

#[test]
fn answers_for_several_versions_are_joined() {
    let any_version = postgresql("require = { setting = \"ssl\", is = true }");
    let newer = postgresql("versions = \">=15\"\nrequire = { setting = \"ssl\", is = true }");
    let joined = |rule: &Rule, views: &[View]| judge_instance(rule, views, &today());
    let (off, on) = (Some(false), Some(true));
    assert_eq!(joined(&any_version, &[view("13", on), view("14", on)]), Outcome::Pass);
    assert_eq!(joined(&any_version, &[view("13", off), view("14", off)]).findings().len(), 1);
    assert_eq!(joined(&newer, &[view("13", off), view("15", on)]), Outcome::Pass);
    assert_eq!(joined(&newer, &[view("13", off), view("15", off)]).findings().len(), 1);
    assert_eq!(joined(&newer, &[view("13", off)]).word(), "not-applicable");
    assert_eq!(joined(&any_version, &[view("13", off), view("14", None)]), Outcome::Unknown(Why::new("not given")));
    let depends = joined(&any_version, &[view("13", off), view("14", off), view("18", on)]);
    let why = Why::needing("it depends on the version: 13–14 fail, 18 passes", "say it with --engine-version");
    assert_eq!(depends, Outcome::Unknown(why));
    assert_eq!(joined(&any_version, &[]).word(), "unknown");
}

#[test]
fn a_rule_gives_way_where_another_says_the_same() {
    let outcome_of = |id: &str, spans: &[(usize, usize)]| {
        let condition = "require = { setting = \"ssl\", is = true }";
        let outcome = judge(&postgresql(condition), &written("ssl", Value::Bool(false)), &today());
        let finding = outcome.findings()[0].clone();
        let findings = spans.iter().map(|(start, end)| {
            let mut finding = finding.clone();
            finding.rule = id.to_owned();
            finding.key = format!("{id}-{start}");
            finding.primary.as_mut().unwrap().span = at(*start, *end).unwrap();
            finding
        });
        let subject = SubjectRef { kind: SubjectKind::Instance, id: "db".to_owned() };
        OutcomeOf { rule: id.to_owned(), subject, instances: vec![], outcome: Outcome::Fail(findings.collect()) }
    };
    let mut weaker = postgresql("require = { setting = \"ssl\", is = true }");
    weaker.logic.yields_to = vec!["better-rule".to_owned()];
    let rules = RuleSet { rules: BTreeMap::from([("weaker-rule".to_owned(), weaker)]), digest: String::new() };
    let mut outcomes = [outcome_of("weaker-rule", &[(10, 20), (50, 60)]), outcome_of("better-rule", &[(15, 18)])];
    yield_to_better(&mut outcomes, &rules);
    assert_eq!(outcomes[0].outcome.findings().iter().map(|finding| finding.key.as_str()).collect::<Vec<_>>(), ["weaker-rule-50"]);
    assert_eq!(outcomes[1].outcome.findings().len(), 1);
}

#[test]
fn fingerprints_tell_equals_apart_and_nothing_else() {
    let subject = with_hba([hba("trust", "anywhere", 100), hba("trust", "anywhere", 200)]);
    let outcome = outcome(r#"{ none = "hba", where = { field = "method", is = "trust" } }"#, &subject);
    let mut findings = outcome.findings().to_vec();
    findings.iter_mut().for_each(|finding| finding.key = "hba".to_owned());
    fingerprints(&mut findings, |_| Some("pg_hba.conf".to_owned()));
    let prints: Vec<_> = findings.iter().map(|finding| finding.fingerprint.clone()).collect();
    assert!(prints[0].len() == 16 && prints[0] != prints[1], "{prints:?}");
    findings.iter_mut().for_each(|finding| finding.message.clear());
    fingerprints(&mut findings, |_| Some("pg_hba.conf".to_owned()));
    assert_eq!(prints, findings.iter().map(|finding| finding.fingerprint.clone()).collect::<Vec<_>>());
    fingerprints(&mut findings, |_| Some("other/pg_hba.conf".to_owned()));
    assert_ne!(prints[0], findings[0].fingerprint);
}

#[test]
fn a_native_check_is_asked_only_when_everything_it_reads_was_seen() {
    let native = postgresql(
        "native = \"postgresql_worst_case_memory\"\nreads = [\"fact memory\"]\nparams = { warn_percent = 80, high_percent = 100 }",
    );
    let mut subject = instance();
    assert_eq!(judge(&native, &subject, &today()), Outcome::Unknown(Why::new("memory is not known here")));
    let why = Why::new("the memory settings are not all known");
    subject.facts.insert("memory", Field { datum: Datum::Known(Value::Bytes(1 << 30)), ..Field::absent() });
    assert_eq!(judge(&native, &subject, &today()), Outcome::Unknown(why));
    let query = postgresql("[[query]]\nsql = \"select 1\"\ncolumns = { n = \"integer\" }");
    assert_eq!(judge(&query, &subject, &today()).word(), "unknown");
}
