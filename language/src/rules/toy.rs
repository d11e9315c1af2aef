//! A small catalogue and a loader over it, for the tests of this room.

use std::borrow::Cow;

use super::Rule;
use super::catalogue::SettingCatalogue;
use super::error::RuleError;
use super::load::{Known, Loader};
use crate::model::{Engine, Series, SettingShape, ValueKind};
use crate::text::Source;

pub(super) struct Toy;

impl SettingCatalogue for Toy {
    fn setting(&self, engine: Engine, series: Series, name: &str) -> Option<SettingShape> {
        if engine != Engine::Postgresql {
            return None;
        }
        let words = |words: &[&str]| ValueKind::Words(words.iter().map(|word| (*word).to_owned()).collect());
        let (kind, specials): (_, &[_]) = match name {
            "ssl" | "fsync" => (ValueKind::Bool, &[]),
            "max_connections" | "autovacuum_max_workers" => (ValueKind::Integer, &[]),
            "shared_buffers" | "work_mem" | "maintenance_work_mem" => (ValueKind::Bytes, &[]),
            "autovacuum_work_mem" | "wal_buffers" => (ValueKind::Bytes, &["auto"]),
            "statement_timeout" | "archive_timeout" => (ValueKind::Duration, &["off"]),
            "random_page_cost" | "hash_mem_multiplier" => (ValueKind::Real, &[]),
            "listen_addresses" | "primary_conninfo" | "log_directory" => (ValueKind::Text, &[]),
            "shared_preload_libraries" => (ValueKind::List, &[]),
            "ssl_passphrase_command" => (ValueKind::Secret, &[]),
            "wal_level" => (words(&["minimal", "replica", "logical"]), &[]),
            "synchronous_commit" => (words(&["on", "off", "local", "remote_write", "remote_apply"]), &[]),
            "io_method" if series >= Series::one(18) => (words(&["sync", "worker", "io_uring"]), &[]),
            _ => return None,
        };
        Some(SettingShape { kind, specials: specials.to_vec() })
    }

    fn series(&self, engine: Engine) -> &[Series] {
        const ALL: [Series; 6] = [Series::one(13), Series::one(14), Series::one(15), Series::one(16), Series::one(17), Series::one(18)];
        if engine == Engine::Postgresql { &ALL } else { &[] }
    }

    fn names(&self, _: Engine) -> Vec<String> {
        ["ssl", "fsync", "max_connections", "shared_buffers", "work_mem", "wal_level", "io_method"].map(str::to_owned).to_vec()
    }
}

pub(super) const ITEMS: &[&str] = &["security/tls", "security/authentication", "configuration/work-memory"];

const NATIVES: &[&str] = &["postgresql_reserved_connections", "postgresql_worst_case_memory"];

const SHIPPED: &[&str] = &["postgresql-fsync-off", "postgresql-tls-off"];

pub(super) fn loader() -> Loader<'static> {
    Loader::new(Known { catalogue: &Toy, items: ITEMS, natives: NATIVES, rules: SHIPPED })
}

/// Loads one rule in full, from a file of the name that its id has.
pub(super) fn load(text: &str) -> Result<Rule, Vec<RuleError>> {
    let id = text.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).unwrap_or("test-rule");
    load_file(&format!("rules/{id}.toml"), text)
}

/// The same with a path of its own.
pub(super) fn load_file(path: &str, text: &str) -> Result<Rule, Vec<RuleError>> {
    let source = Source::detached(path, text);
    loader().brought(&[&source]).map(|mut rules| rules.remove(0))
}

/// A whole rule around `body`, which says what it requires.
pub(super) fn rule_text(body: &str) -> Cow<'static, str> {
    Cow::Owned(format!(
        r#"id = "test-rule"
title = "Something is off"
severity = "high"
pillar = "security"
items = ["security/tls"]
{body}

[docs]
why = "It matters."
how = "Write it."
references = ["https://example.org/"]

[[bad]]
"postgresql.conf" = """
ssl = off
#     ^^^
"""

[[good]]
"postgresql.conf" = "ssl = on\n"
"#
    ))
}

/// The rule of [`rule_text`], which must load.
pub(super) fn rule(body: &str) -> Rule {
    match load(&rule_text(body)) {
        Ok(rule) => rule,
        Err(errors) => panic!("{}", errors.iter().map(RuleError::render).collect::<Vec<_>>().join("\n")),
    }
}
