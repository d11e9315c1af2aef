//! Passwords that stand in the file, and who can read them there.

use crate::formats::yaml::Node;
use crate::model::{Field, Record};
use crate::text::{Files, Source};
use crate::workloads::{exposure, is_placeholder, is_weak};

/// Keys that hold a password or something that is as good as one.
const KEYS: [&str; 5] = ["password", "sslpassword", "token", "keyfile_password", "secret"];

/// Most levels that are looked into.
const DEEPEST: usize = 8;

/// Records of the kind `credential`, each place marked as secret.
pub(super) fn credentials(root: &Node, source: &Source, names: &[String], files: &Files) -> Vec<Record> {
    let mut found = Vec::new();
    let exposed = exposure(source.path(), files);
    walk(root, "", 0, &mut |path, key, value| {
        let Some(text) = value.text().filter(|text| !text.is_empty() && !text.starts_with("${") && !text.starts_with("{{")) else { return };
        source.redact(value.span);
        let span = Some(value.place());
        let placeholder = is_placeholder(key, text);
        let weak = !placeholder && is_weak(text, names.iter().map(String::as_str));
        found.push(
            Record::new("credential", path, span)
                .with("name", Field::text(path, span))
                .with("account", Field::text(account(path), span))
                .with("weak", Field::bool(weak, span))
                .with("placeholder", Field::bool(placeholder, span))
                .with("exposed", exposed.clone()),
        );
    });
    found
}

fn walk<'n>(node: &'n Node, path: &str, depth: usize, visit: &mut impl FnMut(&str, &'n str, &'n Node)) {
    if depth > DEEPEST {
        return;
    }
    for entry in node.entries() {
        let Some(key) = entry.key.text() else { continue };
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        if KEYS.contains(&key) {
            visit(&path, key, &entry.value);
        } else {
            walk(&entry.value, &path, depth + 1, visit);
        }
    }
}

/// Whose password it is.
fn account(path: &str) -> &'static str {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["postgresql", "authentication", "superuser", ..] => "superuser",
        ["postgresql", "authentication", "replication", ..] => "replication",
        ["postgresql", "authentication", "rewind", ..] => "rewind",
        ["restapi" | "ctl", ..] => "rest-api",
        ["bootstrap", "users", ..] => "user",
        ["etcd" | "etcd3" | "consul" | "zookeeper" | "exhibitor" | "raft", ..] => "dcs",
        _ => "other",
    }
}
