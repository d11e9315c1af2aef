//! A project that is ready for production, to be spoilt by each test in its own way.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use gonogo::config::Config;
use gonogo::model::{
    AcceptedBy, Date, Deployment, Engine, Environment, Field, Finding, HostFacts, Instance, Origin, OriginKind, Outcome, OutcomeOf, Pillar,
    Platform, Purpose, Reach, ReachKnown, Relied, Setting, SettingState, Severity, Subject, SubjectKind, SubjectRef, Suppressed,
    SuppressionKind, Unseen, Value, Version, VersionBasis, VersionCandidates, View, Why, parse_date,
};
use gonogo::rules::{CheckKind, Docs, Head, Logic, Rule, RuleSet};
use gonogo::text::{Files, Source};
use gonogo::verdict::checklist::{Checklist, Item};
use gonogo::verdict::profile::ProfileOptions;
use gonogo::verdict::scorecard::{CriterionShown, Decision, ItemShown, ItemStatus, Scorecard, Verdict};
use gonogo::verdict::{History, VerdictInput, judge};

/// The day on which every test project is judged.
pub(crate) const NOW: &str = "2026-11-20";

/// Rules that the checklist may name; those of the rules room replace them when they are there.
pub(crate) const RULES: &[&str] = &[
    "postgresql-tls-off",
    "postgresql-fsync-off",
    "postgresql-full-page-writes-off",
    "postgresql-synchronous-commit-off",
    "postgresql-password-encryption-md5",
    "postgresql-listen-all-interfaces",
    "postgresql-autovacuum-off",
    "postgresql-track-counts-off",
    "postgresql-shared-buffers-ratio",
    "postgresql-effective-cache-size",
    "postgresql-worst-case-memory",
    "postgresql-maintenance-work-mem",
    "postgresql-max-connections-high",
    "postgresql-max-wal-size-low",
    "postgresql-io-method-invalid",
    "postgresql-io-method-sync",
    "postgresql-pg-stat-statements-missing",
    "postgresql-pg-stat-statements-track-none",
    "postgresql-compute-query-id-off",
    "postgresql-log-connections-off",
    "postgresql-log-disconnections-off",
    "postgresql-audit-logging-off",
    "postgresql-pgaudit-without-ddl",
    "postgresql-archive-mode-off",
    "postgresql-eol",
    "postgresql-tls-min-version",
    "hba-trust-remote",
    "hba-trust-loopback",
    "hba-trust-local",
    "hba-password-cleartext",
    "hba-md5",
    "hba-ident-remote",
    "hba-any-address",
    "hba-plain-host",
    "compose-postgres-trust-auth",
    "compose-db-port-public",
    "compose-db-port-published",
    "compose-no-data-volume",
    "compose-data-on-tmpfs",
    "compose-postgres-volume-path-18",
    "compose-no-restart-policy",
    "compose-db-no-healthcheck",
    "compose-depends-on-no-condition",
    "compose-latest-tag",
    "compose-eol-image",
    "compose-no-memory-limit",
    "compose-no-log-rotation",
    "compose-literal-db-password",
    "compose-weak-password-literal",
    "compose-credential-in-url",
    "compose-password-on-command-line",
    "compose-app-uses-superuser",
    "compose-db-on-shared-network",
    "compose-backup-raw-data-copy",
    "dotenv-secret-in-repo",
    "backup-no-schedule",
    "backup-makes-no-dump",
    "backup-dump-incomplete",
    "backup-failure-hidden",
    "backup-too-rare",
    "backup-not-started",
    "backup-other-database",
    "compose-init-app-superuser",
];

/// Rules that belong to an item without standing in a proof set, so that only their severity tells.
pub(crate) const COUNTERS: &[(&str, &str)] = &[
    ("hba-any-address", "security/firewall"),
    ("hba-trust-local", "security/authentication"),
    ("compose-backup-raw-data-copy", "backup/scheduled"),
    ("postgresql-tls-min-version", "security/tls"),
    ("postgresql-archive-mode-off", "backup/point-in-time"),
];

pub(crate) fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

/// A project, as the rooms to the left would hand it over.
#[derive(Clone)]
pub(crate) struct Project {
    pub(crate) instances: Vec<Instance>,
    pub(crate) outcomes: Vec<OutcomeOf>,
    /// Blocks of gonogo.toml by a name of their own.
    pub(crate) stated: BTreeMap<String, String>,
    pub(crate) options: ProfileOptions,
    pub(crate) now: Date,
    pub(crate) incomplete: bool,
    pub(crate) unseen: Vec<Unseen>,
    pub(crate) relied: Vec<Relied>,
    /// Files that nobody answers for.
    pub(crate) unanswered: Vec<(String, String)>,
    pub(crate) history: Option<History>,
}

impl Project {
    /// A PostgreSQL server in a container, with everything seen or stated.
    pub(crate) fn ready() -> Self {
        let mut project = Self {
            instances: vec![instance("db")],
            outcomes: RULES.iter().map(|rule| outcome(rule, "db", Outcome::Pass)).collect(),
            stated: BTreeMap::new(),
            options: ProfileOptions::default(),
            now: day(NOW),
            incomplete: false,
            unseen: Vec::new(),
            relied: Vec::new(),
            unanswered: Vec::new(),
            history: None,
        };
        project.state("release", "[release]\ngo_live = 2026-11-27");
        project.state("objectives", "[objectives]\nrpo = \"24h\"\nrto = \"2h\"\nexpected_load = \"400 tps\"");
        project.state("team", "[team]\nmembers = 3\ntrained = 3\non = 2026-10-15");
        for watches in ["instance-down", "storage-nearly-full", "connections-saturated", "backup-failed-or-old", "xid-wraparound"] {
            project.state_alert(watches, "2026-11-01");
        }
        for runbook in ["restore", "instance-down", "storage-full", "connections-saturated", "credentials-rotation", "wraparound-or-bloat"]
        {
            project.state_runbook(runbook, "2026-11-01");
        }
        // What rules of its engine, or of any platform, show needs no evidence.
        let shown = |item: &Item| {
            let proof = &item.proof;
            proof.engine.contains_key(&Engine::Postgresql) || !proof.platform.is_empty() || !proof.any.is_empty()
        };
        for item in checklist().items.iter().filter(|item| !shown(item) && item.decided_by.is_none() && item.same_as.is_none()) {
            project.attest(&item.id, "2026-11-01", "");
        }
        project.attest("backup/restore-tested", "2026-11-02", "duration = \"38m\"");
        project.attest("backup/scheduled", "2026-11-02", "interval = \"24h\"");
        project.attest("documentation/load-test", "2026-10-02", "achieved = \"600 tps\"");
        project
    }

    pub(crate) fn state(&mut self, name: &str, block: &str) {
        self.stated.insert(name.to_owned(), block.to_owned());
    }

    pub(crate) fn attest(&mut self, item: &str, on: &str, more: &str) {
        let block = format!(
            "[[evidence]]\nitem = \"{item}\"\non = {on}\nby = \"DBA on call\"\nreviewed_by = \"SRE\"\nproof = \"docs/{item}.md\"\n{more}"
        );
        self.state(item, &block);
    }

    pub(crate) fn state_runbook(&mut self, runbook: &str, on: &str) {
        let item = "documentation/incident-runbooks";
        let lines = format!("on = {on}\nby = \"SRE\"\nreviewed_by = \"DBA\"\nproof = \"docs/{runbook}.md\"");
        self.state(&format!("runbook {runbook}"), &format!("[[evidence]]\nitem = \"{item}\"\nrunbook = \"{runbook}\"\n{lines}"));
    }

    pub(crate) fn state_alert(&mut self, watches: &str, on: &str) {
        let lines =
            format!("system = \"datadog\"\nreceiver = \"pagerduty:db\"\nproof = \"https://alerts/{watches}\"\non = {on}\nby = \"SRE\"");
        self.state(&format!("alert {watches}"), &format!("[[alert]]\nwatches = \"{watches}\"\n{lines}"));
    }

    pub(crate) fn plan(&mut self, criterion: &str, due: &str) {
        let block = format!("[[plan]]\ncriterion = \"{criterion}\"\nowner = \"SRE\"\naction = \"mend it\"\ndue = {due}");
        self.state(&format!("plan {criterion}"), &block);
    }

    pub(crate) fn forget(&mut self, name: &str) {
        assert!(self.stated.remove(name).is_some(), "nothing is stated as {name}");
    }

    /// Lets a rule say something else about a database.
    pub(crate) fn say(&mut self, rule: &str, outcome: Outcome) {
        let id = self.instances[0].id.clone();
        self.say_of(rule, &id, outcome);
    }

    pub(crate) fn say_of(&mut self, rule: &str, id: &str, said: Outcome) {
        self.outcomes.retain(|known| !(*known.rule == *rule && *known.instances == [id]));
        self.outcomes.push(outcome(rule, id, said));
    }

    pub(crate) fn fail(&mut self, rule: &str, severity: Severity) {
        self.say(rule, Outcome::Fail(vec![finding(rule, severity)]));
    }

    pub(crate) fn toml(&self) -> String {
        // Arrays of tables may stand in any order; whatever is a plain table comes first by its name.
        self.stated.values().cloned().collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn config(&self) -> Config {
        config(&self.toml(), self.now)
    }

    pub(crate) fn judge(&self) -> Scorecard {
        judge(&self.input(&self.config(), &rules(), &checklist()))
    }

    pub(crate) fn input<'a>(&'a self, config: &'a Config, rules: &'a RuleSet, checklist: &'a Checklist) -> VerdictInput<'a> {
        VerdictInput {
            instances: &self.instances,
            outcomes: &self.outcomes,
            rules,
            config,
            checklist,
            options: self.options,
            now: self.now,
            incomplete: self.incomplete,
            unseen: &self.unseen,
            relied: &self.relied,
            reviews: &[],
            unanswered: &self.unanswered,
            history: self.history.as_ref(),
        }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.judge().verdict.unwrap()
    }

    pub(crate) fn decision(&self) -> Decision {
        self.verdict().decision
    }

    pub(crate) fn item(&self, id: &str) -> ItemShown {
        let card = self.judge();
        let items = card.instances[0].pillars.iter().flat_map(|pillar| &pillar.items).chain(&card.instances[0].attestations);
        items.into_iter().find(|item| item.id == id).unwrap().clone()
    }

    pub(crate) fn status(&self, id: &str) -> ItemStatus {
        self.item(id).status
    }

    pub(crate) fn criterion(&self, id: &str) -> CriterionShown {
        self.verdict().criteria.into_iter().find(|criterion| criterion.id == id).unwrap()
    }
}

pub(crate) fn checklist() -> Checklist {
    static CHECKLIST: LazyLock<Checklist> = LazyLock::new(|| Checklist::embedded().unwrap());
    CHECKLIST.clone()
}

/// What makes any proof one of a runbook too.
const RUNBOOK: &str = "Symptom: writes fail. Checks: df -h and the dashboard. Commands: docker compose exec db vacuumdb. \
                       Verification: an order goes through. Escalation: the on-call DBA after 30 minutes.";

/// A gonogo.toml; every proof below docs/ is there.
pub(crate) fn config(text: &str, now: Date) -> Config {
    try_config(text, now).unwrap_or_else(|errors| panic!("{}\n{text}", errors.join("\n")))
}

pub(crate) fn try_config(text: &str, now: Date) -> Result<Config, Vec<String>> {
    let proofs: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("proof = \"docs/")?.split('"').next()).collect();
    let files = Files::in_memory(proofs.into_iter().map(|path| (format!("docs/{path}"), format!("proof of {path}\n{RUNBOOK}"))));
    let source = Source::detached("gonogo.toml", text);
    let config = Config::read(&source, &files, now).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let errors: Vec<String> = config.check_names(&source, &checklist().names(&rules())).iter().map(ToString::to_string).collect();
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

pub(crate) fn instance(id: &str) -> Instance {
    let mut subject = Subject::new(SubjectKind::Instance, id);
    let setting = Setting {
        name: "max_connections".to_owned(),
        value: Value::Integer(100),
        shown: "100".to_owned(),
        base: Some(100.0),
        unit: None,
        special: None,
        origin: Origin { kind: OriginKind::File, span: None, name_span: None },
        overrode: Vec::new(),
    };
    subject.settings.insert("max_connections".to_owned(), SettingState::Known(Box::new(setting)));
    subject.facts.insert("client_limit", Field::known(Value::Integer(100), None));
    Instance {
        id: id.to_owned(),
        engine: Engine::Postgresql,
        versions: VersionCandidates { candidates: vec![Version(vec![18])], basis: VersionBasis::ImageTag, span: None },
        platform: Some(Platform::Compose),
        deployment: Deployment::Container,
        purpose: Purpose::Store,
        environment: Environment::Production,
        reach: reach(Reach::Private),
        host: HostFacts::default(),
        group: None,
        sources: vec!["compose.yaml".to_owned()],
        service: Some(id.to_owned()),
        views: vec![View { subject, presumed: None, who_can_connect: Vec::new() }],
    }
}

pub(crate) fn reach(reach: Reach) -> ReachKnown {
    ReachKnown { least: reach, most: reach, chain: Vec::new(), presumed: Vec::new() }
}

pub(crate) fn outcome(rule: &str, id: &str, outcome: Outcome) -> OutcomeOf {
    let subject = SubjectRef { kind: rule_of(rule).subject, id: id.into() };
    OutcomeOf { rule: rule.into(), subject: subject.into(), instances: vec![id.to_owned()].into(), outcome, withdrawn: None }
}

pub(crate) fn unknown(reason: &str) -> Outcome {
    Outcome::unknown(Why::needing(reason, "name the file"))
}

pub(crate) fn finding(rule: &str, severity: Severity) -> Finding {
    Finding {
        rule: rule.to_owned().into(),
        severity,
        shipped_severity: severity,
        certainty: gonogo::model::Certainty::Certain,
        depends_on: Vec::new(),
        pillar: Pillar::Security,
        items: rule_of(rule).items.clone(),
        subject: SubjectRef { kind: SubjectKind::Instance, id: "db".into() },
        engine: None,
        twin: None,
        instances: vec!["db".to_owned()].into(),
        message: format!("{rule} was found"),
        found: None,
        expected: None,
        primary: None,
        related: Vec::new(),
        origin: OriginKind::File,
        help: format!("mend {rule}").into(),
        fix: None,
        key: String::new(),
        fingerprint: String::new(),
        alike: Vec::new(),
        suppressed: None,
    }
}

/// A failure that an [[accept]] covers; the name of its reason stands in gonogo.toml.
pub(crate) fn accepted(rule: &str, severity: Severity) -> Outcome {
    let by = AcceptedBy { owner: "CTO".to_owned(), until: day("2027-01-01"), reason: format!("because of {rule}") };
    let kind = SuppressionKind::Accepted;
    let suppressed = Suppressed { kind, reason: by.reason, owner: Some(by.owner), until: Some(by.until) };
    Outcome::Accepted(vec![Finding { suppressed: Some(Box::new(suppressed)), ..finding(rule, severity) }])
}

/// The [[accept]] of [`accepted`].
pub(crate) fn accept_block(rule: &str) -> String {
    format!("[[accept]]\nrule = \"{rule}\"\ninstance = \"db\"\nreason = \"because of {rule}\"\nowner = \"CTO\"\nuntil = 2027-01-01")
}

fn made(id: &str) -> Rule {
    let area = id.split('-').next().unwrap();
    let (subject, engines) = match area {
        "compose" => (SubjectKind::Service, Vec::new()),
        "dotenv" => (SubjectKind::File, Vec::new()),
        "backup" => (SubjectKind::Project, Vec::new()),
        _ => (SubjectKind::Instance, vec![Engine::Postgresql]),
    };
    let checklist = checklist();
    let proving = checklist.items.iter().filter(|item| item.proof_rules().any(|rule| rule == id)).map(|item| item.id.clone());
    let countering = COUNTERS.iter().filter(|(rule, _)| *rule == id).map(|(_, item)| (*item).to_owned());
    let head = Head {
        id: id.to_owned().into(),
        title: id.to_owned().into(),
        severities: vec![Severity::Medium].into(),
        pillar: Pillar::Security,
        items: proving.chain(countering).map(Cow::Owned).collect(),
        engines: engines.into(),
        platforms: if area == "compose" { vec![Platform::Compose].into() } else { Vec::new().into() },
        subject,
        kind: CheckKind::Table,
        fix: None,
    };
    Rule {
        head: Cow::Owned(head),
        docs: Docs::default().into(),
        benchmarks: BTreeMap::new().into(),
        shipped: true,
        logic: Logic::default(),
        text: "".into(),
    }
}

pub(crate) fn rules() -> RuleSet {
    static RULE_SET: LazyLock<RuleSet> = LazyLock::new(|| RULES.iter().map(|id| made(id)).collect());
    RULE_SET.clone()
}

pub(crate) fn rule_of(id: &str) -> Rule {
    rules().get(id).unwrap().clone()
}
