//! Servers that Patroni runs: what its file makes of them.

use crate::common::{Project, Ran};
use serde_json::Value;

const FILE: &str = "scope: shop
name: node1
restapi:
  listen: 127.0.0.1:8008
bootstrap:
  dcs:
    ttl: 30
    postgresql:
      parameters:
        max_connections: 300
        work_mem: 8MB
        shared_buffers: 2GB
      pg_hba:
        - host all all 0.0.0.0/0 trust
  initdb:
    - auth-host: scram-sha-256
    - data-checksums
  pg_hba:
    - host all all 10.0.0.0/8 md5
postgresql:
  listen: 10.0.0.5,127.0.0.1:5433
  data_dir: /var/lib/postgresql/16/main
  parameters:
    shared_buffers: 4GB
    ssl: on
    log_file_mode: 0600
  pg_hba:
    - local all all peer
    - hostssl replication replicator 10.0.0.0/24 scram-sha-256
    - host all all 10.0.0.0/8 md5
";

fn show(files: &[(&str, &str)]) -> Value {
    Project::with(files).run(&["show", ".", "--format", "json"]).json()
}

fn settings(shown: &Value) -> Value {
    shown["instances"][0]["settings"].clone()
}

fn setting(shown: &Value, name: &str) -> Value {
    let settings = settings(shown);
    let found = settings.as_array().unwrap().iter().find(|setting| setting["name"] == name).cloned();
    found.unwrap_or_else(|| panic!("{name} is not in {settings}"))
}

fn lint(text: &str) -> Ran {
    Project::with(&[("patroni.yml", text)]).run(&["lint", ".", "--format", "json", "--now", "2026-11-20"])
}

/// Line and rule of every finding.
fn findings(ran: &Ran) -> Vec<(String, u64)> {
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap().iter();
    let line = |finding: &Value| finding["location"]["line"].as_u64().or_else(|| finding["line"].as_u64()).unwrap_or_default();
    findings.map(|finding| (finding["rule"].as_str().unwrap().to_owned(), line(finding))).collect()
}

#[test]
fn a_node_s_own_parameters_win_over_the_cluster_s_and_patroni_over_both() {
    let shown = show(&[("patroni.yml", FILE)]);
    for (name, value, origin, line) in [
        ("shared_buffers", "4GB", "file", 24),
        ("work_mem", "8MB", "file", 11),
        ("max_connections", "300", "command-line", 10),
        ("listen_addresses", "10.0.0.5,127.0.0.1", "command-line", 21),
        ("port", "5433", "command-line", 21),
        ("cluster_name", "shop", "command-line", 1),
    ] {
        let found = setting(&shown, name);
        println!("{found}");
        assert_eq!((found["value"].as_str(), found["origin"].as_str()), (Some(value), Some(origin)), "{found}");
        assert_eq!(found["line"].as_u64().or(found["location"]["line"].as_u64()), Some(line), "{found}");
    }
}

#[test]
fn access_rules_point_into_the_list() {
    let ran = lint(FILE);
    let found = findings(&ran);
    assert!(found.contains(&("hba-md5".to_owned(), 30)), "{found:?}");
    assert!(!found.iter().any(|(rule, _)| rule == "hba-trust-remote"), "the list of the cluster gives way to the node's: {found:?}");
}

#[test]
fn without_a_list_initdb_s_rules_hold_and_those_of_the_bootstrap() {
    let text = FILE.replace("  pg_hba:\n    - local all all peer\n    - hostssl replication replicator 10.0.0.0/24 scram-sha-256\n    - host all all 10.0.0.0/8 md5\n", "");
    let of_cluster = findings(&lint(&text));
    assert!(of_cluster.contains(&("hba-trust-remote".to_owned(), 14)), "{of_cluster:?}");
    let text = text.replace("      pg_hba:\n        - host all all 0.0.0.0/0 trust\n", "");
    let of_bootstrap = findings(&lint(&text));
    assert!(of_bootstrap.contains(&("hba-md5".to_owned(), 17)), "{of_bootstrap:?}");
    assert!(
        of_bootstrap.iter().any(|(rule, line)| rule == "hba-trust-local" && *line == 13),
        "initdb trusts local clients: {of_bootstrap:?}"
    );
    assert!(!of_bootstrap.iter().any(|(rule, _)| rule == "hba-trust-loopback"), "auth-host says otherwise: {of_bootstrap:?}");
}

#[test]
fn what_only_the_store_knows_is_unknown() {
    let text = "scope: shop\nname: node1\npostgresql:\n  parameters:\n    work_mem: 8MB\n  pg_hba:\n    - local all all peer\n";
    let ran = lint(text);
    let json = ran.json();
    let outcome = |rule: &str| {
        let outcomes = json["outcomes"].as_array().unwrap();
        outcomes.iter().find(|outcome| outcome["rule"] == rule).cloned().unwrap()
    };
    let fsync = outcome("postgresql-fsync-off");
    assert_eq!(fsync["status"], "unknown", "{fsync}");
    assert!(fsync["reason"].as_str().unwrap().contains("DCS"), "{fsync}");
    let reach = outcome("postgresql-listen-all-interfaces");
    assert_eq!(reach["status"], "unknown", "{reach}");
}

#[test]
fn a_template_and_a_stranger_are_no_patroni() {
    let ran = lint("scope: {{ scope }}\nname: a\npostgresql:\n  listen: '{{ ip }}:5432'\nrestapi:\n");
    let inputs = ran.json()["inputs"].to_string();
    assert!(inputs.contains("template"), "{inputs}");
}

#[test]
fn what_bootstrap_dcs_is_worth_is_said() {
    let ran = lint(FILE);
    assert!(ran.json()["inputs"].to_string().contains("bootstrap.dcs counts when the cluster is made"), "{}", ran.out);
}

#[test]
fn no_fix_writes_a_line_of_another_grammar_into_the_file() {
    let ran = lint(FILE);
    let json = ran.json();
    let edits = json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["fix"]["edits"].as_array()).flatten();
    for edit in edits {
        assert!(!edit["replacement"].as_str().unwrap().contains('='), "{edit}");
    }
    assert!(json["inputs"].as_array().unwrap().iter().all(|input| input["path"] != ""), "{}", json["inputs"]);
}

#[test]
fn a_workload_with_the_file_is_the_server_and_its_network_counts() {
    let compose = "services:
  db:
    image: ghcr.io/zalando/spilo-16:3.3-p1
    environment:
      PATRONI_POSTGRESQL_LISTEN: 0.0.0.0:5434
    volumes: [\"./patroni.yml:/etc/patroni.yml:ro\"]
";
    let ran = Project::with(&[("patroni.yml", FILE), ("compose.yaml", compose)]).run(&["show", ".", "--format", "json"]);
    let shown = ran.json();
    assert_eq!(shown["instances"].as_array().unwrap().len(), 1, "{}", ran.out);
    assert_eq!(shown["instances"][0]["id"], "db");
    assert_eq!(setting(&shown, "port")["value"], "5434");
    assert_eq!(setting(&shown, "shared_buffers")["value"], "4GB");
    let reach = shown["instances"][0]["reach"].to_string();
    assert!(reach.contains("host") && !reach.contains("any"), "{reach}");
}

/// The node that Patroni 4.1.5 was started with, on PostgreSQL 16, and what `pg_settings` said then.
#[test]
fn settings_are_those_of_a_server_that_patroni_started() {
    let text = "scope: shop
name: node1
bootstrap:
  dcs:
    ttl: 30
    postgresql:
      parameters:
        max_connections: 20
        max_worker_processes: 12
        wal_level: minimal
        wal_keep_segments: 4
        work_mem: 8MB
        shared_buffers: 200MB
        unknown_thing: 4
        max_wal_senders: 2
        wal_log_hints: off
        hot_standby: off
        archive_mode: on
        log_rotation_size: null
postgresql:
  listen: 127.0.0.1:15433
  data_dir: /var/lib/postgresql/16/main
  parameters:
    shared_buffers: 256MB
    max_connections: 500
    port: 5555
    log_file_mode: 0600
    synchronous_commit: on
";
    let shown = show(&[("patroni.yml", text)]);
    for (name, value) in [
        ("archive_mode", "on"),
        ("cluster_name", "shop"),
        ("hot_standby", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("log_file_mode", "0600"),
        ("max_connections", "100"),
        ("max_replication_slots", "10"),
        ("max_wal_senders", "10"),
        ("max_worker_processes", "12"),
        ("port", "15433"),
        ("shared_buffers", "256MB"),
        ("synchronous_commit", "on"),
        ("wal_keep_size", "64MB"),
        ("wal_level", "replica"),
        ("wal_log_hints", "off"),
        ("work_mem", "8MB"),
    ] {
        assert_eq!(setting(&shown, name)["value"], value, "{name}");
    }
}
