//! Projects whose verdict an expert gave. What people state is shared: the evidence of `webshop-ready`.

#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::Project;

/// The day on which the evidence of `webshop-ready` counts.
pub const TODAY: &str = "2026-11-20";

/// The webshop, ready: containers of one host, nothing published.
pub fn shop() -> Project {
    Project::copy_of("fixtures/webshop-ready")
}

/// Projects that are ready as they stand, by name: a GO each, and edits of each may be tried.
pub const READY: [&str; 4] = ["webshop-ready", "single-host", "debian", "patroni"];

/// One of them.
pub fn ready(name: &str) -> Project {
    if name == "webshop-ready" { shop() } else { system(name) }
}

/// A system as a DBA runs it, from `fixtures/systems`; files with passwords have the mode that they have on the machine.
pub fn system(name: &str) -> Project {
    let project = Project::copy_of(&format!("fixtures/systems/{name}"));
    let secret = ["etc/pgbouncer/userlist.txt", "pg1/patroni.yml", "pg2/patroni.yml", "pg3/patroni.yml"];
    for path in secret.into_iter().map(|path| project.path(path)).filter(|path| path.exists()) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    project
}

/// What is stated about the webshop, with other files beside it.
pub fn stated_beside(fixture: &str) -> Project {
    let project = shop();
    project.remove("compose.yaml");
    project.remove("db/postgresql.conf");
    project.remove("db/pg_hba.conf");
    project.lay_over(&format!("fixtures/verdict/{fixture}"));
    project
}

/// A server on a machine of its own, reached over a private network with TLS.
pub fn machine() -> Project {
    let project = stated_beside("machine");
    let stated = project.read("gonogo.toml") + &project.read("stated.toml");
    project.remove("stated.toml");
    project.write("gonogo.toml", stated.as_bytes());
    project
}

/// A folder of `fixtures/verdict` as it is.
pub fn as_it_is(fixture: &str) -> Project {
    Project::copy_of(&format!("fixtures/verdict/{fixture}"))
}

/// Takes a statement about an item, or an alert, out of gonogo.toml.
#[track_caller]
pub fn without_statement(project: &Project, key: &str, value: &str) {
    let text = project.read("gonogo.toml");
    let line = format!("{key} = \"{value}\"\n");
    let tables: Vec<&str> = text.split_inclusive("\n\n").filter(|table| !table.contains(&line)).collect();
    assert!(tables.concat().len() < text.len(), "nobody states {key} = {value}");
    project.write("gonogo.toml", tables.concat().as_bytes());
}

/// Adds statements to gonogo.toml.
pub fn state(project: &Project, statements: &str) {
    let text = project.read("gonogo.toml") + "\n" + statements;
    project.write("gonogo.toml", text.as_bytes());
}

/// Replaces text in a file, which must be there.
#[track_caller]
pub fn replace(project: &Project, path: &str, from: &str, to: &str) {
    let text = project.read(path);
    assert!(text.contains(from), "{path} has no {from:?}");
    project.write(path, text.replace(from, to).as_bytes());
}
