//! The readers that damaged and hostile bytes are handed to, and what must hold of each whatever the bytes.
//!
//! One function per target. libFuzzer calls them (`fuzz/fuzz_targets/`), and so do the replay of all seeds and the damaged
//! files of `tests/hostile/mutations.rs`: what one of them finds, the others can hold.
//!
//! Beside "no panic": places lie in their text, what is written can be read again, the same input gives the same bytes,
//! and no report holds a secret that was planted or a sign that a terminal obeys.

#![allow(dead_code, reason = "each user takes its part")]

mod grammars;
mod pipeline;
mod places;
mod printed;
mod stated;
mod tree;

/// A reader, by the name of its folders of seeds and regressions.
pub struct Target {
    pub name: &'static str,
    pub read: fn(&[u8]),
}

const fn target(name: &'static str, read: fn(&[u8])) -> Target {
    Target { name, read }
}

/// Every reader.
pub const TARGETS: [Target; 17] = [
    target("postgresql_conf", grammars::postgresql_conf),
    target("pg_hba", grammars::pg_hba),
    target("pg_ident", grammars::pg_ident),
    target("dotenv", grammars::dotenv),
    target("yaml", grammars::yaml),
    target("compose", grammars::compose),
    target("interpolation", grammars::interpolation),
    target("shell_words", grammars::shell_words),
    target("armoured", grammars::armoured),
    target("my_cnf", pipeline::my_cnf),
    target("patroni", pipeline::patroni),
    target("pgbouncer", pipeline::pgbouncer),
    target("suppressions", pipeline::suppressions),
    target("pipeline", pipeline::pipeline),
    target("gonogo_toml", stated::gonogo_toml),
    target("rules", stated::rules),
    target("baseline", stated::baseline),
];

/// Hands bytes to the reader of a name.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("no target {name}"));
    (target.read)(data);
}

/// Bytes as text; a file that is no UTF-8 is not read at all.
fn text_of(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
