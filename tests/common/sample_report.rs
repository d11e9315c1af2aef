//! One synthetic report that has a bit of everything, for the tests of the output formats.

#![expect(clippy::unwrap_used, reason = "a test helper")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::config::{Criterion, PlanFor};
use gonogo::model::{
    Applicability, Date, Deployment, Edit, Engine, Environment, Finding, Fix, Input, InputStatus, Label, OriginKind, Outcome, OutcomeOf,
    Pillar, Purpose, Severity, SubjectKind, SubjectRef, Suppressed, SuppressionKind, Why, parse_date,
};
use gonogo::report::{Mode, NowSource, ProfileShown, Report};
use gonogo::rules::{CheckKind, Docs, Head, Logic, Rule, RuleSet};
use gonogo::text::{Files, Source, Span};
use gonogo::verdict::scorecard::{
    AlertShown, Basis, Blocker, CriterionShown, CriterionStatus, Decision, EvidenceShown, InstanceCard, ItemRule, ItemShown, ItemStatus,
    Maturity, PillarShown, PlanShown, Reason, ReasonKind, RunbookShown, Scorecard, Verdict,
};

/// A secret that stands in the files and must be in no report.
pub(crate) const CANARY: &str = "hunter2-canary";

const CONF: &str = "# réglages 😀\nlisten_addresses = '*'\nssl = off # é😀 off\nprimary_conninfo = 'host=a password=hunter2-canary'\n\
                    log_line_prefix = '\u{1b}[5;31m%m'\n";
const HBA: &str = "local all all peer\nhost  all  all  0.0.0.0/0  trust\n";
const COMPOSE: &str = "services:\n  db:\n    image: postgres:16\n    ports: [\"5432:5432\"]\n    environment:\n      \
                       POSTGRES_PASSWORD: hunter2-canary\n      DATABASE_URL: postgres://app:hunter2-canary@db/x?sslmode=disable\n";

/// The report of an audit that says NO-GO.
pub(crate) fn audit() -> Report {
    let files = Files::in_memory([("db/postgresql.conf", CONF), ("db/pg_hba.conf", HBA), ("compose.yaml", COMPOSE)]);
    let conf = files.read("db/postgresql.conf").unwrap();
    let hba = files.read("db/pg_hba.conf").unwrap();
    let compose = files.read("compose.yaml").unwrap();
    compose.redact(find(&compose, CANARY));
    let scorecard = scorecard(find(&hba, "trust"));
    Report {
        gone: None,
        undecided: gonogo::report::Undecided::default(),
        work: gonogo::report::Work::default(),
        mode: Mode::Audit,
        now: date("2026-11-20"),
        now_source: NowSource::Option,
        rules_digest: "0f1e".to_owned(),
        checklist_version: "1".to_owned(),
        profile: ProfileShown { criticality: "medium".to_owned(), size: "company".to_owned(), deployment: Some(Deployment::Container) },
        inputs: inputs(),
        unrecognised: 312,
        unread_databases: Vec::new(),
        scorecard,
        findings: findings(&conf, &hba, &compose),
        outcomes: outcomes(),
        incomplete: vec!["db/secret.conf: no permission to read it".to_owned()],
        files: Arc::new(files),
        rules: Arc::new(rules()),
    }
}

/// The same files and findings, without a verdict.
pub(crate) fn lint() -> Report {
    let mut report = audit();
    report.mode = Mode::Lint;
    report.scorecard.verdict = None;
    for card in &mut report.scorecard.instances {
        card.verdict = None;
        card.pillars.clear();
        card.attestations.clear();
        card.alerts.clear();
        card.runbooks.clear();
        card.maturity = None;
    }
    report
}

pub(crate) fn date(text: &str) -> Date {
    parse_date(text).unwrap()
}

/// The first place of `needle`.
pub(crate) fn find(source: &Source, needle: &str) -> Span {
    let start = source.text().find(needle).unwrap();
    source.span(start, start + needle.len())
}

/// A finding with what every finding needs.
pub(crate) fn finding(rule: &str, severity: Severity, message: &str, span: Option<Span>) -> Finding {
    Finding {
        rule: rule.to_owned().into(),
        severity,
        shipped_severity: severity,
        certainty: gonogo::model::Certainty::Certain,
        depends_on: Vec::new(),
        pillar: Pillar::Security,
        items: vec!["security/tls".into()].into(),
        subject: SubjectRef { kind: SubjectKind::Instance, id: "db".into() },
        engine: None,
        twin: None,
        instances: vec!["db".to_owned()].into(),
        message: message.to_owned(),
        found: None,
        expected: None,
        primary: span.map(|span| Label { span, message: String::new() }),
        related: Vec::new(),
        origin: OriginKind::File,
        help: "".into(),
        fix: None,
        key: rule.to_owned(),
        fingerprint: format!("print-of-{rule}"),
        alike: Vec::new(),
        suppressed: None,
    }
}

fn findings(conf: &Source, hba: &Source, compose: &Source) -> Vec<Finding> {
    let mut trust = finding(
        "hba-trust",
        Severity::Critical,
        "Anyone who reaches port 5432 becomes any database user, the superuser included, without a password.",
        Some(find(hba, "trust")),
    );
    trust.found = Some("trust".to_owned());
    trust.expected = Some("scram-sha-256".to_owned());
    trust.related = vec![Label { span: find(compose, "\"5432:5432\""), message: "published here, on all addresses".to_owned() }];
    trust.help = "Write scram-sha-256 instead of trust and reload: select pg_reload_conf();".into();

    let mut tls = finding("postgresql-tls-off", Severity::High, "TLS is off: found off, expected on.", Some(find(conf, "off")));
    tls.fix = Some(Box::new(Fix {
        edits: vec![Edit { span: find(conf, "off"), replacement: "on".to_owned() }],
        ..Fix::wanted(Applicability::Unsafe, Vec::new())
    }));
    tls.help = "Set ssl = on, give the server a certificate, and restart.".into();

    let password = finding("compose-secret-literal", Severity::Medium, "A password is written in the file.", Some(find(compose, CANARY)));
    let url_at = compose.text().find("sslmode").unwrap();
    let url = finding("compose-url-plain", Severity::Medium, "The client does not ask for TLS.", Some(compose.span(url_at, url_at + 15)));
    let mut ignored = finding("postgresql-listen", Severity::Medium, "The server listens on all addresses.", Some(find(conf, "'*'")));
    ignored.suppressed = Some(Box::new(suppressed(SuppressionKind::Comment, "only the proxy reaches it")));
    let mut prefix =
        finding("postgresql-log-prefix", Severity::Low, "The prefix \u{1b}[5;31m has no user.", Some(find(conf, "'\u{1b}[5;31m%m'")));
    prefix.pillar = Pillar::Monitoring;
    let mut accepted = finding("postgresql-conninfo", Severity::Low, "A password is in a setting.", Some(find(conf, "primary_conninfo")));
    accepted.suppressed = Some(Box::new(suppressed(SuppressionKind::Accepted, "moved in March")));
    let late = find(conf, "é😀 off");
    let after_emoji = finding("postgresql-note", Severity::Info, "A remark.", Some(Span { start: late.end - 3, ..late }));
    let mut live = finding("postgresql-live-superusers", Severity::High, "Three superusers exist: a, b, c.", None);
    live.origin = OriginKind::Live;
    vec![password, url, trust, ignored, tls, after_emoji, accepted, prefix, live]
}

fn suppressed(kind: SuppressionKind, reason: &str) -> Suppressed {
    let accepted = kind == SuppressionKind::Accepted;
    Suppressed { kind, reason: reason.to_owned(), owner: accepted.then(|| "SRE".to_owned()), until: accepted.then(|| date("2027-03-01")) }
}

fn inputs() -> Vec<Input> {
    let input = |path: &str, kind: &str, status, reason: Option<&str>| Input {
        path: path.to_owned(),
        kind: kind.to_owned(),
        status,
        reason: reason.map(str::to_owned),
        notes: Vec::new(),
        needed: status == InputStatus::Unreadable,
        bounded: false,
    };
    vec![
        input("compose.yaml", "compose", InputStatus::Parsed, None),
        input("db/pg_hba.conf", "pg_hba.conf", InputStatus::Parsed, None),
        input("db/postgresql.conf", "postgresql.conf", InputStatus::Parsed, None),
        input("db/secret.conf", "postgresql.conf", InputStatus::Unreadable, Some("no permission to read it")),
        input("templates/pg.conf.j2", "", InputStatus::Skipped, Some("template")),
    ]
}

fn outcomes() -> Vec<OutcomeOf> {
    let of = |rule: &str, outcome| OutcomeOf {
        rule: rule.into(),
        subject: SubjectRef { kind: SubjectKind::Instance, id: "db".into() }.into(),
        instances: vec!["db".to_owned()].into(),
        outcome,
        withdrawn: None,
    };
    vec![
        of("hba-trust", Outcome::Fail(Vec::new())),
        of("postgresql-checksums", Outcome::unknown(Why::needing("initdb decides it", "--live db=URL"))),
        of("postgresql-fsync-off", Outcome::Pass),
        of("postgresql-standby", Outcome::NotApplicable("it has no replica".to_owned())),
    ]
}

fn rules() -> RuleSet {
    let head = |id: &'static str, title: &'static str, severity: Severity| Head {
        id: id.into(),
        title: title.into(),
        severities: vec![severity].into(),
        pillar: Pillar::Security,
        items: vec!["security/authentication".into()].into(),
        engines: vec![Engine::Postgresql].into(),
        platforms: Vec::new().into(),
        subject: SubjectKind::Instance,
        kind: CheckKind::Table,
        fix: None,
    };
    let rule = |id: &'static str, title: &'static str, severity: Severity| Rule {
        head: Cow::Owned(head(id, title, severity)),
        docs: Docs {
            in_container: None,
            how_for: Default::default(),
            why: "Whoever can reach the port is in.".to_owned(),
            how: "Write scram-sha-256 and reload.".to_owned(),
            references: vec!["https://www.postgresql.org/docs/current/auth-trust.html".to_owned()],
        }
        .into(),
        benchmarks: BTreeMap::from([("cis".to_owned(), vec!["6.8".to_owned()])]).into(),
        shipped: true,
        logic: Logic::default(),
        text: "".into(),
    };
    let list = [
        rule("hba-trust", "Remote clients need no password", Severity::Critical),
        rule("postgresql-tls-off", "TLS is off", Severity::High),
        rule("compose-secret-literal", "A password is written in the compose file", Severity::Medium),
    ];
    let mut rules: RuleSet = list.into_iter().collect();
    rules.digest = "0f1e".to_owned();
    rules
}

fn item(id: &str, status: ItemStatus, basis: Option<Basis>, blocker: bool, reason: &str) -> ItemShown {
    ItemShown {
        id: id.to_owned(),
        title: id.to_owned(),
        status,
        basis,
        blocker,
        reason: reason.to_owned(),
        rules: vec![ItemRule { rule: "hba-trust".to_owned(), status: "fail" }],
        evidence: (basis == Some(Basis::Attested)).then(|| EvidenceShown {
            on: date("2026-11-02"),
            by: "DBA on call".to_owned(),
            proof: "docs/restore.log".to_owned(),
            sha256: Some("abcd".to_owned()),
            valid_until: date("2027-02-02"),
        }),
    }
}

fn scorecard(trust: Span) -> Scorecard {
    let security = PillarShown {
        id: "security".to_owned(),
        items: vec![
            item("security/firewall", ItemStatus::Pass, Some(Basis::Verified), true, "reach is private"),
            item("security/authentication", ItemStatus::Fail, None, true, "hba-trust fails"),
            item("security/checksums", ItemStatus::Unknown, None, false, "initdb decides it; --live db=URL shows it"),
            item("security/row-level-security", ItemStatus::NotApplicable, None, false, "one tenant"),
        ],
        passed: 1,
        applicable: 3,
        need: 3,
        misses_left: 0,
        verified: 1,
        attested: 0,
        unknown: 1,
        expired: 0,
        accepted: 0,
        not_applicable: 1,
        percent: 33,
        threshold: 90,
    };
    let backup = PillarShown {
        id: "backup".to_owned(),
        items: vec![
            item("backup/restore-tested", ItemStatus::Pass, Some(Basis::Attested), true, "restored on 2026-11-02"),
            item("backup/dr-test", ItemStatus::Expired, None, false, "the test of 2026-01-02 counted until 2026-04-04"),
        ],
        passed: 1,
        applicable: 2,
        need: 2,
        misses_left: 0,
        verified: 0,
        attested: 1,
        unknown: 0,
        expired: 1,
        accepted: 0,
        not_applicable: 0,
        percent: 50,
        threshold: 90,
    };
    let verdict = verdict(trust);
    let card = InstanceCard {
        id: "db".to_owned(),
        engine: Engine::Postgresql,
        version: Some("16".to_owned()),
        deployment: Deployment::Container,
        purpose: Purpose::Store,
        environment: Environment::Production,
        votes: Ok(()),
        reach: "any",
        group: None,
        sources: vec!["compose.yaml".to_owned(), "db/postgresql.conf".to_owned()],
        verdict: Some(verdict.clone()),
        pillars: vec![security, backup],
        attestations: vec![item("game-day", ItemStatus::Unknown, None, false, "no evidence is stated")],
        alerts: vec![AlertShown {
            watches: "instance-down".to_owned(),
            defined: true,
            fed: true,
            routed: false,
            tested: false,
            source: Some("prometheus/rules.yml".to_owned()),
        }],
        runbooks: vec![RunbookShown { id: "restore".to_owned(), path: Some("docs/restore.md".to_owned()), status: ItemStatus::Pass }],
        maturity: Some(Maturity { level: 1, next: vec!["backup/restore-tested".to_owned()] }),
    };
    Scorecard { instances: vec![card], verdict: Some(verdict), remarks: Vec::new() }
}

fn verdict(trust: Span) -> Verdict {
    let criterion = |id: &str, status, value: &str, explanation: &str| CriterionShown {
        id: id.to_owned(),
        voting: true,
        status,
        value: value.to_owned(),
        threshold: Some("90 %".to_owned()),
        explanation: explanation.to_owned(),
        instances: vec!["db".to_owned()],
    };
    let message = "Anyone who reaches port 5432 becomes any database user.";
    let reason = |kind, item: Option<&str>, message: &str, next: &str| Reason {
        kind,
        item: item.map(str::to_owned),
        rule: None,
        instance: Some("db".to_owned()),
        message: message.to_owned(),
        span: None,
        next: next.to_owned(),
    };
    Verdict {
        decision: Decision::NoGo,
        verified: 1,
        attested: 1,
        not_applicable: 1,
        total: 6,
        criteria: vec![
            criterion("security", CriterionStatus::Below, "1 / 3", "two items do not pass"),
            criterion("backup", CriterionStatus::SlightlyBelow, "restore 18 days old, untimed", "the restore was not timed"),
        ],
        blockers: vec![Blocker {
            kind: ReasonKind::Defect,
            rule: Some("hba-trust".to_owned()),
            item: Some("security/authentication".to_owned()),
            instance: "db".to_owned(),
            message: message.to_owned(),
            span: Some(trust),
            next: "Write scram-sha-256 instead of trust.".to_owned(),
        }],
        plans: vec![PlanShown {
            about: PlanFor::Criterion(Criterion::Backup),
            owner: "SRE".to_owned(),
            action: "time the next restore".to_owned(),
            due: date("2026-11-27"),
            counts: Err("it names no due date within 7 days".to_owned()),
        }],
        reasons: vec![
            reason(ReasonKind::Defect, Some("security/authentication"), message, "Write scram-sha-256 instead of trust."),
            reason(
                ReasonKind::Unproven,
                Some("security/checksums"),
                "Nothing shows that data checksums are on.",
                "Run with --live db=URL.",
            ),
            reason(ReasonKind::Expired, Some("backup/dr-test"), "The test of 2026-01-02 counted until 2026-04-04.", "Repeat the test."),
            reason(
                ReasonKind::Plan,
                None,
                "backup is slightly below and has no plan",
                "add to gonogo.toml:\n[[plan]]\ncriterion = \"backup\"",
            ),
        ],
    }
}
