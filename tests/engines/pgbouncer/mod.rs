//! What a pooler means for the servers behind it.

use std::sync::Arc;

use gonogo::audit::{self, Named, Request};
use gonogo::model::parse_date;
use gonogo::report::{Mode, Report};
use gonogo::rules::RuleSet;
use gonogo::text::Files;
use gonogo::verdict::checklist::Checklist;
use gonogo::verdict::scorecard::ItemStatus;

const CONF: &str = "listen_addresses = '127.0.0.1'\nmax_connections = 300\npassword_encryption = scram-sha-256\n";
const HBA: &str = "local all all peer\nhost all all 127.0.0.1/32 scram-sha-256\n";
const USERS: &str = "\"shop\" \"SCRAM-SHA-256$4096:c2FsdA==$a2V5:c2VydmVy\"\n";

/// A server of one machine with a pooler in front of it, whose file is given.
fn audited(ini: &str) -> Report {
    let mut tree = vec![("postgresql.conf", CONF), ("pg_hba.conf", HBA), ("userlist.txt", USERS)];
    if !ini.is_empty() {
        tree.push(("pgbouncer.ini", ini));
    }
    let rules = RuleSet::shipped();
    let request = Request::plain(Mode::Audit, parse_date("2026-11-20").unwrap(), Arc::new(rules));
    audit::run(Files::in_memory(tree), &Named::default(), request, &Checklist::embedded().unwrap())
}

/// The status of an item of the server, with its reason.
fn item(report: &Report, id: &str) -> (ItemStatus, String) {
    let card = report.scorecard.instances.iter().find(|card| card.engine.keeps_data()).unwrap();
    let item = card.pillars.iter().flat_map(|pillar| &pillar.items).find(|item| item.id == id).unwrap();
    (item.status, item.reason.clone())
}

const GOOD: &str = "[databases]\nshop = host=127.0.0.1 user=shop pool_size=20\n[pgbouncer]\nlisten_addr = 10.0.0.6\nauth_type = scram-sha-256\n\
    auth_file = userlist.txt\nclient_tls_sslmode = require\n";

#[test]
fn a_hop_that_is_good_leaves_the_item_shown() {
    for ini in ["", GOOD] {
        assert_eq!(item(&audited(ini), "security/authentication").0, ItemStatus::Pass, "{ini}");
    }
}

#[test]
fn a_hop_that_is_bad_fails_the_item_of_the_server() {
    for bad in ["md5", "plain", "trust", "any"] {
        let ini = GOOD.replace("auth_type = scram-sha-256", &format!("auth_type = {bad}")).replace("auth_file = userlist.txt\n", "");
        assert_eq!(item(&audited(&ini), "security/authentication").0, ItemStatus::Fail, "{bad}");
    }
}

#[test]
fn a_hop_that_was_not_read_leaves_the_item_unknown() {
    let included = "[databases]\nshop = host=127.0.0.1\n[pgbouncer]\n%include /etc/pgbouncer/auth.ini\n";
    for ini in [included, "[pgbouncer]\n%include /etc/pgbouncer/all.ini\n"] {
        let (status, reason) = item(&audited(ini), "security/authentication");
        assert_eq!(status, ItemStatus::Unknown, "{ini}: {reason}");
    }
}

#[test]
fn pools_that_fit_show_pooling() {
    let needs = |report: &Report| item(report, "configuration/pooling");
    assert_eq!(needs(&audited(GOOD)).0, ItemStatus::Pass);
    let much = GOOD.replace("pool_size=20", "pool_size=400");
    assert_eq!(needs(&audited(&much)).0, ItemStatus::Fail);
}

#[test]
fn access_rules_of_the_pooler_are_not_those_of_a_server() {
    let ini = "[databases]\nshop = host=10.0.0.5\n[pgbouncer]\nauth_type = hba\nauth_hba_file = rules/pg_hba.conf\n";
    let tree = [("pgbouncer.ini", ini), ("rules/pg_hba.conf", "host all all samenet reject\nhost all all 10.0.0.0/8 trust\n")];
    let request = Request::plain(Mode::Lint, parse_date("2026-11-20").unwrap(), Arc::new(RuleSet::shipped()));
    let report = audit::run(Files::in_memory(tree), &Named::default(), request, &Checklist::embedded().unwrap());
    let rules: Vec<&str> = report.findings.iter().map(|finding| &*finding.rule).collect();
    assert!(rules.contains(&"pgbouncer-hba-trust") && rules.contains(&"pgbouncer-hba-line-ignored"), "{rules:?}");
    assert!(!rules.iter().any(|rule| rule.starts_with("hba-")), "{rules:?}");
}

/// A server that only containers of its host reach, and a pooler that is published.
fn published(of_pool: &str) -> Report {
    let compose = format!(
        "services:\n  pool:\n    image: edoburu/pgbouncer:v1.26.1-p0\n    ports: ['6432:5432']\n    environment:\n      DB_HOST: db\n\
         \x20     AUTH_TYPE: scram-sha-256\n{of_pool}  db:\n    image: postgres:17.12\n"
    );
    let request = Request::plain(Mode::Audit, parse_date("2026-11-20").unwrap(), Arc::new(RuleSet::shipped()));
    audit::run(Files::in_memory([("compose.yaml", compose.as_str())]), &Named::default(), request, &Checklist::embedded().unwrap())
}

#[test]
fn tls_counts_where_clients_come_through_a_pooler() {
    let (status, reason) = item(&published(""), "security/tls");
    assert_eq!(status, ItemStatus::Fail, "{reason}");
    let with_tls = published("      CLIENT_TLS_SSLMODE: require\n");
    assert_eq!(item(&with_tls, "security/tls").0, ItemStatus::NotApplicable);
    assert_eq!(item(&with_tls, "security/supported-version").0, ItemStatus::Pass);
}

#[test]
fn a_pooler_says_nothing_of_servers_of_another_project() {
    let ini = "[databases]\nshop = host=10.0.0.5\n[pgbouncer]\nauth_type = any\n";
    let tree = [
        ("a/postgresql.conf", CONF),
        ("a/pg_hba.conf", HBA),
        ("b/pgbouncer.ini", ini),
        ("b/db/postgresql.conf", CONF),
        ("b/db/pg_hba.conf", HBA),
    ];
    let request = Request::plain(Mode::Audit, parse_date("2026-11-20").unwrap(), Arc::new(RuleSet::shipped()));
    let report = audit::run(Files::in_memory(tree), &Named::default(), request, &Checklist::embedded().unwrap());
    let status = |start: &str| {
        let card = report.scorecard.instances.iter().find(|card| card.id.starts_with(start) && card.engine.keeps_data()).unwrap();
        card.pillars.iter().flat_map(|pillar| &pillar.items).find(|item| item.id == "security/authentication").unwrap().status
    };
    assert_eq!((status("a/"), status("b/db")), (ItemStatus::Pass, ItemStatus::Fail));
}
