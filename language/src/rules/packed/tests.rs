//! What is written is what is read, for every word that a rule can be made of.

use super::*;
use crate::rules::toy::{load, rule, rule_text};

/// A rule as the program gets it back.
fn again(rule: &Rule) -> Option<Rule> {
    let head: &Head = Box::leak(Box::new(rule.head.clone().into_owned()));
    unpack(head, pack(rule).leak(), rule.text.clone().into_owned().leak())
}

#[track_caller]
fn assert_kept(body: &str) {
    let rule = rule(body);
    let again = again(&rule).unwrap();
    assert_eq!(again.logic, rule.logic, "{body}");
    assert_eq!((&again.head, &again.benchmarks, &*again.docs), (&rule.head, &rule.benchmarks, &*rule.docs), "{body}");
}

#[test]
fn every_word_of_a_condition_is_kept() {
    let words = [
        r#"{ all = [{ any = [{ not = { setting = "ssl", is = true, is_not = false } }] }] }"#,
        r#"{ setting = "wal_level", one_of = ["replica"], none_of = ["minimal"], same_as = { setting = "log_directory" } }"#,
        r#"{ setting = "statement_timeout", at_least = "1s", between = [0, "1d"], special = { off = "unknown" } }"#,
        r#"{ setting = "shared_preload_libraries", has = "a", lacks = "b" }"#,
        r#"{ setting = "log_directory", starts_with = "ä", ends_with = "b", includes = "c", matches = "d.*", written = true }"#,
        r#"{ setting = "primary_conninfo", key = "sslmode", is = "require", present = true }"#,
        r#"{ setting = "max_connections", at_most = "50 per cpu", at_least = -3 }"#,
        r#"{ setting = "random_page_cost", between = [1.1, 4] }"#,
        r#"{ setting = "work_mem", at_most = "1.5% of memory" }"#,
        r#"{ setting = "work_mem", at_most = "50% of setting shared_buffers" }"#,
        r#"{ each = "hba", where = { field = "type", is = "host" }, require = { field = "shadowed_by.method", is = "reject" } }"#,
        r#"{ some = "ident", where = { fact = "major", at_least = 13 } }"#,
        r#"{ none = "problem" }"#,
    ];
    for condition in words {
        assert_kept(&format!("engine = \"postgresql\"\nversions = \">=13, <18\"\nwhen = {condition}\nrequire = {condition}"));
    }
}

#[test]
fn every_word_of_a_finding_is_kept() {
    assert_kept(
        r#"engine = "postgresql"
message = "{type} {{for}} {found}, {expected}, {max_connections}"
found = "x"
expected = "y"
at = "method"
also_at = ["users", { at = "record", message = "here" }]
yields_to = ["postgresql-tls-off"]
on_image_defaults = true
require = { none = "hba", where = { field = "method", one_of = { param = "methods" } } }
[params]
methods = ["md5", "password"]
[fix]
replace = { at = "method", with = "{type}" }
applicability = "unsafe"
[compliance]
cis = ["1.1", "2"]"#,
    );
    let cases = r#"[{ is = "high", when = { setting = "fsync", is = true } }, { is = "low" }]"#;
    let text = rule_text(
        "engine = \"postgresql\"\nrequire = { setting = \"ssl\", is = true }\nfix = { set = { ssl = \"on\" }, applicability = \"safe\" }",
    );
    let rule = load(&text.replace("severity = \"high\"", &format!("severity = {cases}"))).unwrap();
    assert_eq!(again(&rule).unwrap().logic, rule.logic);
}

#[test]
fn checks_and_queries_are_kept() {
    assert_kept(
        "engine = \"postgresql\"\nnative = \"postgresql_worst_case_memory\"\nreads = [\"hba\", \"setting work_mem\", \"fact memory\"]",
    );
    assert_kept(
        "engine = \"postgresql\"\n[[query]]\nsql = \"select 1\"\ncolumns = { n = \"integer\", t = \"text\" }\nrows = \"findings\"\nneeds = [\"pg_monitor\"]\nmessage = \"{n}\"",
    );
}

#[test]
fn what_does_not_fit_is_no_rule() {
    let rule = rule("engine = \"postgresql\"\nrequire = { any = [{ setting = \"ssl\", is = true }, { none = \"hba\" }] }");
    let packed: &'static str = pack(&rule).leak();
    let head: &Head = Box::leak(Box::new(rule.head.clone().into_owned()));
    assert!(unpack(head, packed, "").is_some());
    // The last byte says that there are no benchmarks, which are read when somebody asks.
    assert!((0..packed.len() - 1).filter_map(|end| packed.get(..end)).all(|half| unpack(head, half, "").is_none()));
    // Not of one of something, for longer than anything is nested.
    let endless = format!("\0\0\0{}", "\u{2}".repeat(10_000));
    assert!(unpack(head, endless.leak(), "").is_none());
}
