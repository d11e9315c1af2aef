//! Kinds of file that gonogo knows by sight and does not read yet: they are listed, never passed over in silence.

use crate::text::lines;
use crate::text::path::name_of;

/// How a kind is recognised.
struct Kind {
    /// Name of the kind in `inputs`.
    name: &'static str,
    /// Ends of file names that say so.
    names: &'static [&'static str],
    /// Starts of lines of which one says so; empty where content says nothing.
    lines: &'static [&'static str],
    /// Whether the name alone is enough.
    by_name: bool,
}

const fn named(name: &'static str, names: &'static [&'static str]) -> Kind {
    Kind { name, names, lines: &[], by_name: true }
}

const KINDS: &[Kind] = &[
    named("terraform", &[".tf", ".tfvars", ".tf.json"]),
    named("patroni.yml", &["patroni.yml", "patroni.yaml"]),
    named("pgbackrest.conf", &["pgbackrest.conf"]),
    named("users.acl", &["users.acl"]),
    named("sentinel.conf", &["sentinel.conf"]),
    named("systemd unit", &[".service", ".timer"]),
    Kind { name: "kubernetes", names: &[".yaml", ".yml"], lines: &["apiVersion:"], by_name: false },
    Kind {
        name: "mongod.conf",
        names: &["mongod.conf", "mongodb.conf", "mongo.conf", "mongod.cfg", ".conf"],
        lines: &["storage:", "systemLog:", "replication:", "net:", "processManagement:", "dbpath", "replSet "],
        by_name: false,
    },
    Kind {
        name: "prometheus",
        names: &[".yaml", ".yml"],
        lines: &["scrape_configs:", "groups:", "rule_files:", "alerting:"],
        by_name: false,
    },
    Kind { name: "alertmanager", names: &[".yaml", ".yml"], lines: &["receivers:"], by_name: false },
    Kind { name: "barman.conf", names: &[".conf", ".conf-template"], lines: &["[barman]", "barman_home"], by_name: false },
    Kind { name: "pgbackrest.conf", names: &[".conf"], lines: &["repo1-", "pg1-path"], by_name: false },
    Kind {
        name: "redis.conf",
        names: &[".conf"],
        lines: &["appendonly ", "maxmemory ", "requirepass ", "save 900", "save \"\"", "protected-mode ", "tcp-backlog ", "daemonize "],
        by_name: false,
    },
    Kind {
        name: "nginx.conf",
        names: &[".conf"],
        lines: &["server {", "http {", "events {", "location ", "upstream ", "server{", "http{", "events{", "worker_processes "],
        by_name: false,
    },
];

/// Lines of a file among which one says what it is.
const LINES: usize = 400;

/// The kind of a file that no room reads yet, when it is one of them.
#[must_use]
pub fn recognise(name: &str, head: &str) -> Option<&'static str> {
    let name = name_of(name).to_ascii_lowercase();
    // Every file is asked about every end: most are told apart by the last letter.
    let last = name.as_bytes().last();
    let ends = |end: &&'static str| end.as_bytes().last() == last && name.ends_with(end);
    let may_be = |kind: &&Kind| kind.names.iter().any(ends);
    let mut named: Vec<&Kind> = KINDS.iter().filter(may_be).collect();
    // Of the kinds before the first whose name is enough, a line says which it is: each line is looked at once for all.
    let first_by_name = named.iter().position(|kind| kind.by_name);
    let by_name = first_by_name.and_then(|at| named.get(at).copied());
    named.truncate(first_by_name.unwrap_or(named.len()));
    let asked = if named.is_empty() { "" } else { head };
    let mut said = None;
    for line in lines(asked).take(LINES) {
        // What comes after the one that a line says is not asked any more.
        if let Some(at) = named.iter().position(|kind| kind.says(line)) {
            said = named.get(at).copied();
            named.truncate(at);
        }
        if named.is_empty() {
            break;
        }
    }
    said.or(by_name).map(|kind| kind.name)
}

impl Kind {
    fn says(&self, line: &str) -> bool {
        // A configuration begins the line with its word.
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let line = if self.name.ends_with("nginx.conf") { line.trim_start() } else { line };
        let first = line.as_bytes().first();
        self.lines.iter().any(|word| word.as_bytes().first() == first && line.starts_with(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_apart() {
        for (name, head, kind) in [
            ("main.tf", "", Some("terraform")),
            ("k8s/db.yaml", "---\napiVersion: v1\nkind: Service\n", Some("kubernetes")),
            ("012-a-redis.conf", "# x\nappendonly no\n", Some("redis.conf")),
            ("mongod.conf", "storage:\n  dbPath: /x\n", Some("mongod.conf")),
            ("default.conf", "server {\n listen 80;\n}\n", Some("nginx.conf")),
            ("dump.sh", "#!/bin/sh\n# pg_dump is not run here\n", None),
            ("README.md", "storage:\n", None),
        ] {
            assert_eq!(recognise(name, head), kind, "{name}");
        }
    }
}
