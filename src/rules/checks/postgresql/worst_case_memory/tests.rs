//! The arithmetic of the worst case, term by term.

use super::*;
use crate::model::{Engine, Field, Origin, OriginKind, Setting, SettingState, SubjectKind, Value, parse_date};
use crate::rules::RuleSet;

const MB: i64 = 1 << 20;

fn subject(memory: i64, connections: i64) -> Subject {
    let mut subject = Subject::new(SubjectKind::Instance, "db");
    subject.engine = Some(Engine::Postgresql);
    subject.facts.insert("memory", Field::known(Value::Bytes(memory), None));
    let mut set = |name: &str, value: Value, special| {
        // Somebody has sized the server.
        let span = (name == "shared_buffers").then_some(crate::text::Source::detached("postgresql.conf", "").span(0, 0));
        let origin = Origin { kind: OriginKind::File, span, name_span: None };
        let setting = Setting {
            name: name.to_owned(),
            shown: value.to_string(),
            value,
            base: None,
            unit: None,
            special,
            origin,
            overrode: Vec::new(),
        };
        subject.settings.insert(name.to_owned(), SettingState::Known(Box::new(setting)));
    };
    set("shared_buffers", Value::Bytes(2048 * MB), None);
    set("wal_buffers", Value::Bytes(-1), Some("auto"));
    set("work_mem", Value::Bytes(4 * MB), None);
    set("max_connections", Value::Integer(connections), None);
    set("autovacuum_max_workers", Value::Integer(3), None);
    set("autovacuum_work_mem", Value::Bytes(-1), Some("auto"));
    set("maintenance_work_mem", Value::Bytes(64 * MB), None);
    subject
}

fn judged(memory: i64, connections: i64) -> Outcome {
    let rules = RuleSet::shipped();
    let rule = rules.get("postgresql-worst-case-memory").unwrap();
    let context = Context { now: parse_date("2026-11-20").unwrap(), says_why_not: true, offers_fixes: true };
    crate::rules::judge(rule, &subject(memory, connections), &context)
}

#[test]
fn every_term_is_shown() {
    // 2048 + 16 + 2×100×4 + 3×64 + 64 + 100×10 = 4120 MB
    let outcome = judged(4096 * MB, 100);
    let finding = &outcome.findings()[0];
    assert_eq!(
        finding.message,
        "at worst the server uses 4120MB, which is 101 % of the 4GB that it has: 2GB shared_buffers + 16MB wal_buffers + 800MB work_mem \
         (4MB × 100 connections × 2) + 192MB autovacuum (3 workers × maintenance_work_mem 64MB) + 64MB maintenance_work_mem + 1000MB backends \
         (100 × 10MB)"
    );
    assert_eq!((finding.severity, finding.key.as_str()), (Severity::High, "memory"));
}

#[test]
fn it_warns_before_the_memory_is_used_up() {
    assert_eq!(judged(5000 * MB, 100).findings()[0].severity, Severity::Medium);
    assert_eq!(judged(5150 * MB, 100), Outcome::Pass);
}
