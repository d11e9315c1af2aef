//! A Debian machine of 64 GB without containers: PostgreSQL 17 on the loopback interface, PgBouncer in front of it.
//!
//! Connections by hand: three pools of 40 and a reserve of 5 each are 135; with 3 for superusers and 10 beside the pools 148
//! sessions can exist, although max_connections is 500. Clients: 900 at peak, and PgBouncer takes 2000.
//!
//! Memory by hand, of 65536 MB: shared_buffers 16384, wal_buffers 16, work_mem 2 × 148 × 64 = 18944, autovacuum 5 × 512 = 2560,
//! maintenance 1024, backends 148 × 10 = 1480; 40408 MB, which is 62 %. By max_connections work_mem would be 64000 and the
//! backends 5000, 88984 MB or 136 %, and a high finding false.

use super::{Edit, cost_the_go, go, is_verified, leave_the_go, points, shown};

const NAME: &str = "debian";
const SERVER: &str = "postgresql-17-main";
const MEMORY: &str = "etc/postgresql/17/main/conf.d/10-memory.conf";
const WAL: &str = "etc/postgresql/17/main/conf.d/20-wal.conf";
const SESSIONS: &str = "etc/postgresql/17/main/conf.d/30-sessions.conf";
const LOG: &str = "etc/postgresql/17/main/conf.d/40-log.conf";
const ACCESS: &str = "etc/postgresql/17/main/pg_hba.conf";
const POOLER: &str = "etc/pgbouncer/pgbouncer.ini";
const STATED: &str = "gonogo.toml";

#[test]
fn a_debian_machine_with_a_pooler_is_a_go() {
    let report = go(NAME);
    // Two defaults that a DBA may like to change, said where they would be written: at the end of the main file.
    let main = "etc/postgresql/17/main/postgresql.conf:45";
    let expected = ["temp-file-limit", "track-activity-query-size-low"].map(|rule| format!("info postgresql-{rule} {main}"));
    assert_eq!(points(&report), expected);
    is_verified(
        &report,
        SERVER,
        &[
            "security/firewall",
            "security/listen",
            "security/authentication",
            "security/audit-logging",
            "configuration/buffer-memory",
            "configuration/work-memory",
            "configuration/max-connections",
            "configuration/wal-size",
            "configuration/pooling",
            "configuration/durability",
        ],
    );
    is_verified(&report, POOLER, &["security/authentication", "security/tls", "configuration/pooling"]);
    // Clients meet PgBouncer alone, whose TLS is judged: the hop from there stays on the machine.
    assert_eq!(shown(&report, SERVER, "security/tls").0, "not-applicable");
}

#[test]
fn hurtful_edits_of_the_pooler_cost_the_go() {
    let edits: [Edit<'_>; 14] = [
        ("no TLS", &[(POOLER, "client_tls_sslmode = require", "client_tls_sslmode = disable")]),
        ("TLS for who likes it", &[(POOLER, "client_tls_sslmode = require", "client_tls_sslmode = prefer")]),
        ("anybody", &[(POOLER, "auth_type = scram-sha-256", "auth_type = any")]),
        ("trust", &[(POOLER, "auth_type = scram-sha-256", "auth_type = trust")]),
        ("plain", &[(POOLER, "auth_type = scram-sha-256", "auth_type = plain")]),
        ("a public address", &[(POOLER, "127.0.0.1,10.30.0.11", "127.0.0.1,51.15.20.7")]),
        ("it does not start", &[(POOLER, "client_tls_cert_file", ";client_tls_cert_file")]),
        // 900 at peak.
        ("fewer clients than come", &[(POOLER, "max_client_conn = 2000", "max_client_conn = 500")]),
        ("a password that is guessed", &[("etc/pgbouncer/userlist.txt", "\"billing_app\" \"", "\"billing_app\" \"billing\"\n\"old\" \"")]),
        ("every interface", &[(POOLER, "listen_addr = 127.0.0.1,10.30.0.11", "listen_addr = *")]),
        // 3 × 405 + 13 sessions; and more than the server takes.
        ("pools", &[(POOLER, "default_pool_size = 40", "default_pool_size = 400")]),
        ("password", &[(POOLER, "user=billing_app", "user=billing_app password=kX9mQ2vT7wLp")]),
        ("a server elsewhere", &[(POOLER, "billing = host=127.0.0.1", "billing = host=10.30.0.12")]),
        ("a setting that is none", &[(POOLER, "server_idle_timeout", "server_idle_timeot")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn hurtful_edits_of_the_server_cost_the_go() {
    let edits: [Edit<'_>; 18] = [
        ("plain connections", &[(SESSIONS, "", "listen_addresses = 'localhost,10.30.0.11'\n"), (ACCESS, "127.0.0.1/32", "10.30.4.0/24")]),
        ("open", &[(SESSIONS, "", "listen_addresses = '*'\n"), (ACCESS, "127.0.0.1/32", "0.0.0.0/0")]),
        ("trust", &[(ACCESS, "127.0.0.1/32  scram-sha-256", "127.0.0.1/32  trust")]),
        (
            "local trust",
            &[
                (ACCESS, "", "local all all trust\n"),
                (ACCESS, "local   billing         billing_jobs                            peer\n", ""),
            ],
        ),
        ("md5", &[(ACCESS, "127.0.0.1/32  scram-sha-256", "127.0.0.1/32  md5")]),
        ("md5 hashes", &[(SESSIONS, "password_encryption = scram-sha-256", "password_encryption = md5")]),
        ("fsync", &[(WAL, "", "fsync = off\n")]),
        ("full_page_writes", &[(WAL, "", "full_page_writes = off\n")]),
        ("autovacuum", &[(LOG, "", "autovacuum = off\n")]),
        // rpo is five minutes, and the dumps of the night alone do not keep it.
        ("no archive", &[(WAL, "archive_mode = on", "archive_mode = off")]),
        ("ALTER SYSTEM", &[("var/lib/postgresql/17/main/postgresql.auto.conf", "", "fsync = 'off'\n")]),
        (
            "settings that are not included",
            &[("etc/postgresql/17/main/postgresql.conf", "include_dir = 'conf.d'", "#include_dir = 'conf.d'")],
        ),
        ("an archive that is none", &[(WAL, "'pgbackrest --stanza=billing archive-push %p'", "'/bin/true'")]),
        ("it does not start", &[(WAL, "wal_level = replica", "wal_level = minimal")]),
        ("a setting that is none", &[(SESSIONS, "", "statment_timeout = 5min\n")]),
        // 2 × 148 × 512 = 151552 MB.
        ("memory for sorting", &[(MEMORY, "work_mem = 64MB", "work_mem = 512MB")]),
        ("shared memory", &[(MEMORY, "shared_buffers = 16GB", "shared_buffers = 60GB")]),
        ("fewer connections than the pools", &[(MEMORY, "max_connections = 500", "max_connections = 80")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn what_is_not_shown_any_more_costs_the_go() {
    let edits: [Edit<'_>; 4] = [
        ("an alert", &[(STATED, "watches = \"archive-failing\"", "watches = \"replication-broken\"")]),
        ("no copy elsewhere", &[(STATED, "item = \"backup/off-site\"", "item = \"backup/dr-plan\"")]),
        ("the disks", &[(STATED, "item = \"configuration/persistent-storage\"", "item = \"backup/dr-plan\"")]),
        ("a smaller machine", &[(STATED, "memory = \"64GB\"", "memory = \"16GB\"")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn edits_that_hurt_nobody_leave_the_go() {
    let edits: [Edit<'_>; 2] = [
        // With SCRAM secrets alone in the list md5 means SCRAM.
        ("md5 of SCRAM secrets", &[(POOLER, "auth_type = scram-sha-256", "auth_type = md5")]),
        (
            "by the socket",
            &[
                (POOLER, "host=127.0.0.1", "host=/var/run/postgresql"),
                (ACCESS, "host    billing,", "local   billing,"),
                (ACCESS, "ledger_app  127.0.0.1/32  ", "ledger_app  "),
            ],
        ),
    ];
    leave_the_go(NAME, &edits);
}
