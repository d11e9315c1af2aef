//! What findings say, where they stand, and when there is none.

use super::*;
use crate::model::{Change, Engine, SettingPlace};

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
fn what_was_found_and_expected_can_be_put_into_words() {
    let text = "found = \"{method} from {clients}\"\nexpected = \"scram-sha-256\"\nrequire = { none = \"hba\" }";
    let outcome = judge(&postgresql(text), &with_hba([hba("md5", "private", 300)]), &today());
    assert_eq!(outcome.findings()[0].primary.as_ref().unwrap().message, "expected scram-sha-256, found md5 from private");
}

#[test]
fn a_problem_says_itself_what_stands_there() {
    let text = |text| Field::text(text, at(10, 13));
    let mut subject = instance();
    let problem = Record::new("problem", "port", at(10, 13)).with("code", text("invalid-value")).with("message", text("no such port"));
    subject.add(problem.with("found", text("x")).with("expected", text("a number")));
    let outcome = outcome(r#"{ none = "problem", where = { field = "code", is = "invalid-value" } }"#, &subject);
    let finding = &outcome.findings()[0];
    assert_eq!(
        (finding.message.as_str(), finding.primary.as_ref().unwrap().message.as_str()),
        ("no such port", "expected a number, found x")
    );
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
fn a_default_is_reported_where_it_is_commented_out() {
    let mut subject = instance();
    setting(&mut subject, "ssl", Value::Bool(false), OriginKind::Default, None, None);
    setting(&mut subject, "idle_session_timeout", Value::Duration(0), OriginKind::Default, None, Some("off"));
    let label = |outcome: &Outcome| outcome.findings()[0].primary.clone().unwrap();
    let ssl = outcome(r#"{ setting = "ssl", is = true }"#, &subject);
    assert_eq!(
        label(&ssl),
        crate::model::Label { span: at(90, 91).unwrap(), message: "not set here; the default is off, expected on".to_owned() }
    );
    subject.commented_out = std::sync::Arc::new(BTreeMap::from([("ssl".to_owned(), at(70, 80).unwrap())]));
    let ssl = outcome(r#"{ setting = "ssl", is = true }"#, &subject);
    assert_eq!(label(&ssl).span, at(70, 80).unwrap());
}

#[test]
fn what_can_be_changed_explains_better_than_a_circumstance() {
    let mut subject = instance();
    subject.facts.insert("memory", Field::known(Value::Bytes(4 << 30), at(20, 22)));
    setting(&mut subject, "shared_buffers", Value::Bytes(128 << 20), OriginKind::Default, None, None);
    let condition = r#"{ any = [
        { all = [{ fact = "memory", at_least = "64GB" }, { setting = "shared_buffers", at_least = "8GB" }] },
        { setting = "shared_buffers", at_least = "15% of memory" },
    ] }"#;
    assert_eq!(outcome(condition, &subject).findings()[0].key, "shared_buffers");
    // Where the rule says which setting it is about, whatever decides, the finding is about that one.
    setting(&mut subject, "fsync", Value::Bool(false), OriginKind::File, at(40, 43), None);
    let text = "at = \"ssl\"\nrequire = { any = [{ setting = \"fsync\", is = true }, { setting = \"ssl\", is = true }] }";
    setting(&mut subject, "ssl", Value::Bool(false), OriginKind::Default, None, None);
    let told = judge(&postgresql(text), &subject, &today());
    assert_eq!((told.findings()[0].key.as_str(), told.findings()[0].origin), ("ssl", OriginKind::Default));
}

#[test]
fn a_secret_is_never_told() {
    let subject = written("ssl_passphrase_command", Value::Secret(Secret::new("hunter2")));
    let outcome = outcome(r#"{ setting = "ssl_passphrase_command", none_of = ["hunter2"] }"#, &subject);
    assert_eq!(outcome.findings()[0].found, None);
    assert!(!outcome.findings()[0].message.contains("is hunter2"));
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
fn a_fix_says_what_to_set_and_where_that_stands_or_would_stand() {
    let with_fix = postgresql("require = { setting = \"ssl\", is = true }\nfix = { set = { ssl = \"on\" }, applicability = \"unsafe\" }");
    let fix = |subject: &Subject| judge(&with_fix, subject, &today()).findings()[0].fix.clone();
    let place = |subject: &Subject| match fix(subject).unwrap().changes.as_slice() {
        [Change::Set { name, value, place }] if name == "ssl" && value == "on" => *place,
        other => panic!("{other:?}"),
    };
    assert_eq!(fix(&written("ssl", Value::Bool(false))).unwrap().applicability, Applicability::Unsafe);
    assert_eq!(place(&written("ssl", Value::Bool(false))).value, Some((OriginKind::File, at(10, 13).unwrap())));
    let mut default = instance();
    default.configuration_end = at(91, 91);
    setting(&mut default, "ssl", Value::Bool(false), OriginKind::Default, None, None);
    assert_eq!(place(&default), SettingPlace { end_of_file: at(91, 91), engine: Some(Engine::Postgresql), ..SettingPlace::default() });
}

#[test]
fn a_native_check_is_asked_only_when_everything_it_reads_was_seen() {
    let native = postgresql(
        "native = \"postgresql_worst_case_memory\"\nreads = [\"fact memory\"]\nparams = { warn_percent = 80, high_percent = 100 }",
    );
    let mut subject = instance();
    assert_eq!(judge(&native, &subject, &today()), Outcome::unknown(Why::new("memory is not known here")));
    let why = Why::new("the memory settings are not all known");
    subject.facts.insert("memory", Field { datum: Datum::Known(Value::Bytes(1 << 30)), ..Field::absent() });
    assert_eq!(judge(&native, &subject, &today()), Outcome::unknown(why));
    let query = postgresql("[[query]]\nsql = \"select 1\"\ncolumns = { n = \"integer\" }");
    assert_eq!(judge(&query, &subject, &today()).word(), "unknown");
}
