//! The checklist as data: complete, consistent, and decidable.

use std::collections::BTreeSet;

use gonogo::config::{Criterion, Criticality, Size};
use gonogo::model::{Engine, Pillar};
use gonogo::verdict::checklist::EvidenceUse;

use crate::project::checklist;

const PILLARS: &[(Pillar, &[&str])] = &[
    (
        Pillar::Security,
        &[
            "firewall",
            "listen",
            "authentication",
            "tls",
            "certificates",
            "least-privilege",
            "row-level-security",
            "audit-logging",
            "checksums",
            "vulnerability-scan",
            "app-not-superuser",
            "roles-separated",
            "no-secrets-in-files",
            "network-isolation",
            "supported-version",
            "encryption-at-rest",
        ],
    ),
    (
        Pillar::Configuration,
        &[
            "buffer-memory",
            "cache-size",
            "work-memory",
            "maintenance-memory",
            "max-connections",
            "wal-size",
            "async-io",
            "autovacuum",
            "pooling",
            "tested-in-staging",
            "durability",
            "persistent-storage",
            "starts-on-boot",
            "health-check",
            "startup-order",
            "pinned-version",
            "resource-limits",
            "log-rotation",
            "single-writer",
            "eviction-policy",
        ],
    ),
    (
        Pillar::Monitoring,
        &[
            "query-statistics",
            "metrics-stack",
            "dashboard",
            "critical-alerts",
            "central-logs",
            "contacts",
            "alert-test",
            "monitoring-runbook",
        ],
    ),
    (
        Pillar::Backup,
        &[
            "scheduled",
            "point-in-time",
            "restore-tested",
            "retention",
            "three-two-one",
            "off-site",
            "dr-plan",
            "dr-test",
            "recent",
            "encrypted",
            "access-controlled",
            "objectives",
            "high-availability",
        ],
    ),
    (
        Pillar::Documentation,
        &[
            "incident-runbooks",
            "maintenance-runbooks",
            "architecture",
            "contacts",
            "always-reachable",
            "team-trained",
            "retention-documented",
            "load-test",
        ],
    ),
];
const ATTESTATIONS: &[&str] = &["external-audit", "certification", "failover-test", "game-day", "tracing", "chaos-exercise"];

#[test]
fn every_item_is_there_once_and_no_other() {
    let expected: BTreeSet<String> = PILLARS
        .iter()
        .flat_map(|(pillar, names)| names.iter().map(move |name| format!("{pillar}/{name}")))
        .chain(ATTESTATIONS.iter().map(|id| (*id).to_owned()))
        .collect();
    let checklist = checklist();
    assert_eq!(checklist.item_ids(), expected);
    assert_eq!(checklist.items.len(), expected.len());
}

#[test]
fn every_item_can_be_decided() {
    for item in &checklist().items {
        assert!(!item.proof.is_empty() || item.evidence != EvidenceUse::Never, "{}", item.id);
        assert!(item.proof.sets().all(|set| !set.is_empty()), "{} has an empty proof set", item.id);
        assert!(!item.meaning.is_empty() && !item.title.is_empty(), "{}", item.id);
    }
}

#[test]
fn it_names_only_rules_that_exist() {
    let known = gonogo::rules::shipped::ids().map(str::to_owned).collect();
    assert_eq!(checklist().missing_rules(&known), []);
}

#[test]
fn blockers_and_what_a_criterion_names_cannot_be_declared_away() {
    let named = [
        "backup/scheduled",
        "backup/restore-tested",
        "backup/retention",
        "backup/off-site",
        "backup/access-controlled",
        "backup/point-in-time",
        "monitoring/alert-test",
        "monitoring/critical-alerts",
        "documentation/incident-runbooks",
        "documentation/load-test",
        "documentation/team-trained",
    ];
    for item in checklist().items.iter().filter(|item| item.declarable) {
        assert!(item.blocker.is_none() && !named.contains(&item.id.as_str()), "{}", item.id);
    }
}

#[test]
fn levels_profiles_and_sizes_name_items_and_runbooks_that_exist() {
    let checklist = checklist();
    let known = |ids: &[String]| ids.iter().for_each(|id| assert!(checklist.item(id).is_some(), "{id}"));
    assert_eq!(checklist.levels.iter().map(|level| level.level).collect::<Vec<_>>(), [1, 2, 3, 4]);
    checklist.levels.iter().for_each(|level| known(&level.items));
    for criticality in Criticality::ALL {
        let profile = &checklist.profiles[criticality];
        known(&profile.blockers);
        known(&profile.attestations);
        known(&profile.backup.needs);
        profile.ratio.values().for_each(|ratio| known(&ratio.items));
        known(&profile.valid_days.keys().cloned().collect::<Vec<_>>());
        known(&profile.blocks_from_reach.keys().cloned().collect::<Vec<_>>());
        let voting = if *criticality == Criticality::Low { 2 } else { Criterion::ALL.len() };
        assert_eq!(profile.voting.len(), voting);
    }
    for size in Size::ALL {
        let size = &checklist.sizes[size];
        known(&size.documents);
        size.runbooks.iter().for_each(|id| assert!(checklist.runbooks.iter().any(|runbook| runbook.id == *id), "{id}"));
    }
}

#[test]
fn what_an_item_means_is_said_for_engines_that_have_it() {
    for item in &checklist().items {
        for engine in Engine::ALL {
            let excluded = item.not_for.contains_key(engine) || item.only_for.as_ref().is_some_and(|only| !only.engines.contains(engine));
            assert!(!(excluded && item.means.contains_key(engine)), "{} for {engine}", item.id);
        }
    }
}
