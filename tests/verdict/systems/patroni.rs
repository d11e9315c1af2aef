//! Three nodes of Patroni with a password on the REST API, certificates, a watchdog and a synchronous standby.
//!
//! Memory of a node by hand, of 32768 MB: shared_buffers 8192, wal_buffers 16, work_mem 2 × 200 × 16 = 6400, autovacuum
//! 3 × 512 = 1536, maintenance 1024, backends 200 × 10 = 2000; 19168 MB, which is 58 %. Clients at peak: 120, which is 60 % of 200.

use super::{Edit, cost_the_go, go, is_verified, points};

const NAME: &str = "patroni";
const NODE: &str = "pg1/patroni.yml";
const NODES: [&str; 3] = ["pg1", "pg2", "pg3"];
const STATED: &str = "gonogo.toml";

#[test]
fn three_nodes_of_patroni_are_a_go() {
    let report = go(NAME);
    // The same of every node, with the place in its own file: 200 sessions for 8 processors, passwords that nobody examines,
    // and two defaults.
    let of_node = |node: &str| {
        let place = |rule: &str, line: u32| format!("{rule} {node}/patroni.yml:{line}");
        [
            place("low postgresql-max-connections-per-cpu", 51),
            place("info postgresql-password-complexity-module", 101),
            place("info postgresql-temp-file-limit", 136),
            place("info postgresql-track-activity-query-size-low", 136),
        ]
    };
    let expected: Vec<String> = NODES.into_iter().flat_map(of_node).collect();
    assert_eq!(points(&report), expected);
    for node in NODES {
        is_verified(
            &report,
            node,
            &[
                "security/firewall",
                "security/listen",
                "security/authentication",
                "security/tls",
                "security/audit-logging",
                "security/no-secrets-in-files",
                "configuration/work-memory",
                "configuration/max-connections",
                "configuration/durability",
            ],
        );
    }
    let groups: Vec<&str> = report["instances"].as_array().unwrap().iter().filter_map(|instance| instance["group"].as_str()).collect();
    assert_eq!(groups, ["orders"; 3]);
}

#[test]
fn hurtful_edits_of_one_node_cost_the_go() {
    let authentication = "  authentication:\n    username: patroni\n    password: Vq7mXo2sTz9LkW4eRb8N\n";
    let local = "    unix_socket_directories: /var/run/postgresql\n";
    let edits: [Edit<'_>; 20] = [
        ("open REST API", &[(NODE, authentication, ""), (NODE, "  verify_client: optional\n", "")]),
        ("weak password of the REST API", &[(NODE, "Vq7mXo2sTz9LkW4eRb8N", "admin")]),
        ("password of the REST API that is its user", &[(NODE, "Vq7mXo2sTz9LkW4eRb8N", "patroni")]),
        (
            "certificates that plain HTTP cannot show",
            &[
                (NODE, authentication, ""),
                (NODE, "  certfile: /etc/patroni/tls/pg1.crt\n  keyfile: /etc/patroni/tls/pg1.key\n  cafile", "  cafile"),
            ],
        ),
        ("weak password of the replication", &[(NODE, "uH3pYd6cJw1GxA5nQe0M", "rep-pass")]),
        ("weak password of the superuser", &[(NODE, "      username: postgres\n", "      username: postgres\n      password: postgres\n")]),
        ("a name that is taken", &[(NODE, "name: pg1", "name: pg2")]),
        ("an address that is taken", &[(NODE, "connect_address: 10.40.0.1:5432", "connect_address: 10.40.0.2:5432")]),
        ("trust", &[(NODE, "10.40.4.0/24    scram-sha-256", "10.40.4.0/24    trust")]),
        (
            "replication without a password",
            &[(NODE, "replicator      10.40.0.0/29    scram-sha-256", "replicator      10.40.0.0/29    trust")],
        ),
        ("replication from anywhere", &[(NODE, "replicator      10.40.0.0/29", "replicator      0.0.0.0/0")]),
        ("md5", &[(NODE, "10.40.4.0/24    scram-sha-256", "10.40.4.0/24    md5")]),
        ("plain connections", &[(NODE, "- hostssl orders       orders_app ", "- host    orders       orders_app ")]),
        (
            "other access rules on this node",
            &[(NODE, local, "    unix_socket_directories: /var/run/postgresql\n  pg_hba:\n    - host all all 0.0.0.0/0 md5\n")],
        ),
        ("no access rules", &[(NODE, "      pg_hba:\n", "      pg_hba_old:\n")]),
        ("no TLS", &[(NODE, "ssl: \"on\"", "ssl: \"off\"")]),
        ("fsync on this node", &[(NODE, local, "    unix_socket_directories: /var/run/postgresql\n    fsync: \"off\"\n")]),
        ("autovacuum", &[(NODE, "ssl: \"on\"", "ssl: \"on\"\n        autovacuum: \"off\"")]),
        // 8192 + 16 + 102400 + 1536 + 1024 + 2000 MB of 32768.
        ("memory for sorting", &[(NODE, "work_mem: 16MB", "work_mem: 256MB")]),
        ("a file that is none", &[(NODE, "restapi:\n", "restapi:\n   x: [\n")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn what_is_not_shown_any_more_costs_the_go() {
    let edits: [Edit<'_>; 4] = [
        ("the disks of one node", &[(STATED, "database = \"pg2\"", "database = \"pg1\"")]),
        ("an alert", &[(STATED, "watches = \"replication-broken\"", "watches = \"persistence-failing\"")]),
        (
            "an old restore",
            &[(STATED, "item = \"backup/restore-tested\"\non = 2026-11-12", "item = \"backup/restore-tested\"\non = 2026-08-12")],
        ),
        (
            "a runbook without an end",
            &[("docs/runbooks/failover.md", "## Escalation\nThe second DBA after 15 minutes, the manager on duty after 30.\n", "")],
        ),
    ];
    cost_the_go(NAME, &edits);
}
