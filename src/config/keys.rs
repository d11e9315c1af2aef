//! Every key of gonogo.toml: the reader knows no other, and the editor schema is held against it.

/// The keys of one table.
#[derive(Clone, Copy, Debug)]
pub struct SectionKeys {
    /// Its name, as `evidence` or `target.host`; empty for the top of the file.
    pub name: &'static str,
    /// Keys that must be written.
    pub required: &'static [&'static str],
    /// Keys that may be left out.
    pub optional: &'static [&'static str],
}

impl SectionKeys {
    /// Every key, the required ones first.
    pub fn all(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.required.iter().chain(self.optional).copied()
    }
}

const OBJECTIVES: &[&str] = &["rpo", "rto", "peak_clients", "expected_load"];
const HOST: &[&str] = &["memory", "cpus", "storage", "workload"];

const fn section(name: &'static str, required: &'static [&'static str], optional: &'static [&'static str]) -> SectionKeys {
    SectionKeys { name, required, optional }
}

/// Every table with its keys. `severity` and `params` are keyed by rule and have no keys of their own.
pub const SECTIONS: &[SectionKeys] = &[
    section(
        "",
        &[],
        &[
            "release",
            "objectives",
            "profile",
            "project",
            "team",
            "target",
            "not_applicable",
            "evidence",
            "alert",
            "accept",
            "reviewed",
            "plan",
            "rules",
            "severity",
            "params",
            "host",
        ],
    ),
    section("release", &[], &["go_live"]),
    section("objectives", &[], OBJECTIVES),
    section("profile", &[], &["criticality", "size", "deployment"]),
    section("project", &[], &["compose_files"]),
    section("team", &["members", "trained"], &["on"]),
    section(
        "target",
        &["name"],
        &[
            "paths",
            "root",
            "url",
            "purpose",
            "environment",
            "multi_tenant",
            "relays",
            "relays_reason",
            "engine_version",
            "objectives",
            "host",
        ],
    ),
    section("target.objectives", &[], OBJECTIVES),
    section("target.host", &[], HOST),
    section("not_applicable", &["item", "reason", "by"], &["database"]),
    section(
        "evidence",
        &["item", "on", "by", "proof"],
        &[
            "database",
            "result",
            "duration",
            "data_as_of",
            "expected",
            "achieved",
            "interval",
            "runbook",
            "receiver",
            "reviewed_by",
            "valid_days",
        ],
    ),
    section("alert", &["watches", "system", "proof", "by"], &["database", "receiver", "on"]),
    section("accept", &["rule", "reason", "owner", "until"], &["path", "instance", "kind"]),
    section("reviewed", &["path", "sha256", "changes", "by", "on"], &["reviewed_by"]),
    section("plan", &["owner", "action", "due"], &["criterion", "rule", "since"]),
    section("host", &[], HOST),
];

/// The keys of a table.
pub(super) fn section_keys(name: &str) -> Option<&'static SectionKeys> {
    SECTIONS.iter().find(|section| section.name == name)
}
