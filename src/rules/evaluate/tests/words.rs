//! What each word of a condition asks, and what absent, unknown and partly seen things make of it.

use super::*;

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
    assert_eq!(outcome(&asks("is = \"a\""), &subject), Outcome::unknown(Why::new("postgresql.conf was not given")));
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
