//! Recognising the file: by its name and its sections.

use crate::formats::Claim;
use crate::text::lines;
use crate::text::path::name_of;

/// Sections that only Patroni has beside `postgresql`.
const SECTIONS: [&str; 10] = ["scope", "restapi", "bootstrap", "etcd", "etcd3", "consul", "zookeeper", "raft", "kubernetes", "watchdog"];

/// Whether a file is a configuration of Patroni. `head` is its beginning, possibly cut.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    let file_name = name_of(name).to_ascii_lowercase();
    if !file_name.ends_with(".yml") && !file_name.ends_with(".yaml") {
        return Claim::No;
    }
    let keys: Vec<&str> = lines(head).filter_map(section).collect();
    let has = |key: &str| keys.contains(&key);
    let foreign = ["apiVersion", "services", "kind", "hosts", "tasks"].into_iter().any(has);
    let sections = SECTIONS.iter().filter(|section| has(section)).count();
    let named = file_name.contains("patroni");
    match sections {
        _ if foreign => Claim::No,
        2.. if has("scope") && (has("postgresql") || has("bootstrap")) => Claim::Yes,
        1.. if named && (has("postgresql") || has("bootstrap")) => Claim::Yes,
        _ => Claim::No,
    }
}

/// The key of a line that begins a section.
fn section(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && (rest.is_empty() || rest.starts_with([' ', '\t', '\r']))).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_decide() {
        for (name, head, claim) in [
            ("patroni.yml", "scope: shop\nname: a\npostgresql:\n  listen: 0.0.0.0:5432\n", Claim::Yes),
            ("node1.yaml", "scope: shop\nrestapi:\n  listen: 0.0.0.0:8008\nbootstrap:\n", Claim::Yes),
            ("patroni.yaml", "postgresql:\n  parameters:\netcd3:\n  hosts: a:2379\n", Claim::Yes),
            ("patroni.yml", "groups:\n- name: patroni\n", Claim::No),
            ("patroni.yml", "apiVersion: v1\nkind: ConfigMap\nscope: x\npostgresql: y\n", Claim::No),
            ("values.yaml", "postgresql:\n  enabled: true\nkubernetes:\n", Claim::No),
            ("patroni.conf", "scope: shop\npostgresql:\n", Claim::No),
        ] {
            assert_eq!(claims(name, head), claim, "{name}: {head}");
        }
    }
}
