//! Section by section: from tables to statements.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::reader::{Reader, Section, entries_of, found, parameter};
use super::{
    Accept, Alert, At, Config, ConfigError, Criterion, Criticality, Endpoint, Evidence, Load, NotApplicable, Note, Objectives, Plan,
    PlanFor, Profile, Proof, Relays, Reviewed, Size, Target, Team, parse_bytes, parse_duration,
};
use crate::model::{
    Date, Deployment, Environment, HostFacts, Purpose, Secret, Severity, Storage, SuppressionKind, Touch, Value, Version, Workload,
};
use crate::text::{Files, Source, redact_text};

/// Most days that an accepted finding may be accepted ahead.
pub const ACCEPT_DAYS: i32 = 365;

pub(super) fn read(source: &Source, proofs: &[(&Files, &str)], now: Date) -> Result<Config, Vec<ConfigError>> {
    let reader = Reader { source, proofs, now, errors: RefCell::default(), notes: RefCell::default() };
    let (document, broken) = DeTable::parse_recoverable(source.text());
    // What a broken text seems to say is not judged: one slip would be told many times.
    if !broken.is_empty() {
        source.distrust();
    }
    for error in &broken {
        let at = error.span().unwrap_or_default();
        let help = "correct the line; gonogo.toml is TOML, as https://toml.io describes it";
        reader.complain(source.span(at.start, at.end), format!("not valid TOML: {}", redact_text(error.message())), help);
    }
    let mut config = Config { path: source.path().to_owned(), ..Config::default() };
    if broken.is_empty()
        && let Some(top) = Section::open(&reader, "", document.get_ref(), source.span(0, 0))
    {
        fill(&mut config, &top);
    }
    let mut errors = reader.errors.take();
    errors.sort_by_key(|error| error.span);
    config.notes = reader.notes.take();
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

fn fill(config: &mut Config, top: &Section<'_, '_>) {
    config.go_live = top.table("release", "release").and_then(|section| section.date("go_live"));
    config.objectives = top.table("objectives", "objectives").map(|section| objectives(&section)).unwrap_or_default();
    config.profile = top.table("profile", "profile").map(|section| profile(&section)).unwrap_or_default();
    config.compose_files = top.table("project", "project").map(|section| section.texts("compose_files")).unwrap_or_default();
    config.team = top.table("team", "team").and_then(|section| team(&section));
    config.targets = top.tables("target").iter().filter_map(target).collect();
    config.not_applicable = top.tables("not_applicable").iter().filter_map(not_applicable).collect();
    config.evidence = top.tables("evidence").iter().filter_map(evidence).collect();
    config.alerts = top.tables("alert").iter().filter_map(alert).collect();
    config.accepts = top.tables("accept").iter().filter_map(accept).collect();
    config.reviewed = top.tables("reviewed").iter().filter_map(reviewed).collect();
    config.plans = top.tables("plan").iter().filter_map(plan).collect();
    config.rules = top.texts("rules");
    config.severity = severities(top);
    config.params = parameters(top);
    config.host = top.table("host", "host").map(|section| host(&section)).unwrap_or_default();
    check_names_of_targets(&config.targets, top.reader);
    note_shared_proofs(&config.evidence, top.reader);
}

fn objectives(section: &Section<'_, '_>) -> Objectives {
    let time = "a length of time, as \"24h\" or \"2h30m\"";
    Objectives {
        rpo: section.parsed("rpo", time, parse_duration),
        rto: section.parsed("rto", time, parse_duration),
        peak_clients: section.count("peak_clients", 1),
        expected_load: section.parsed("expected_load", "a number above zero with its unit, as \"400 tps\"", Load::parse),
    }
}

fn profile(section: &Section<'_, '_>) -> Profile {
    Profile {
        criticality: section.word("criticality", Criticality::ALL),
        size: section.word("size", Size::ALL),
        deployment: section.word("deployment", Deployment::ALL),
    }
}

fn team(section: &Section<'_, '_>) -> Option<Team> {
    let on = section.past_date("on").map(|on| on.value);
    let (members, trained) = (section.count("members", 1)?, section.count("trained", 0)?);
    if trained.value > members.value {
        let message = format!("{} trained of {} members", trained.value, members.value);
        section.reader.complain(trained.span, message, "count among the trained only those who are members");
        return None;
    }
    Some(Team { members: members.value, trained: trained.value, on, span: section.span })
}

fn target(section: &Section<'_, '_>) -> Option<Target> {
    let own = section.table("objectives", "target.objectives").map(|section| objectives(&section)).unwrap_or_default();
    let machine = section.table("host", "target.host").map(|section| host(&section)).unwrap_or_default();
    Some(Target {
        paths: section.texts("paths"),
        root: section.text("root"),
        url: endpoint(section),
        purpose: section.word("purpose", Purpose::ALL),
        environment: section.word("environment", Environment::ALL),
        multi_tenant: section.truth("multi_tenant"),
        relays: relays(section),
        engine_version: section.parsed("engine_version", "a version in quotes, as \"16\" or \"10.11\"", str::parse::<Version>),
        objectives: own,
        host: machine,
        span: section.span,
        name: section.text("name")?,
    })
}

fn relays(section: &Section<'_, '_>) -> Option<Relays> {
    if !section.has("relays") && !section.has("relays_reason") {
        return None;
    }
    let (services, reason) = (section.texts("relays"), section.text("relays_reason"));
    if !section.has("relays") {
        section.reader.complain(
            section.span,
            "[[target]] has a `relays_reason` and no `relays`",
            "add `relays = []`, or the services that pass clients on",
        );
    } else if !section.has("relays_reason") {
        let help = "add `relays_reason = \"…\"`: why no other service passes clients on";
        section.reader.complain(section.span, "[[target]] has `relays` without a reason", help);
    }
    Some(Relays { services, reason: reason?.value, span: section.span })
}

fn endpoint(section: &Section<'_, '_>) -> Option<Endpoint> {
    let written = section.secret("url")?;
    // A password may stand anywhere in it: the whole place is kept out of excerpts.
    section.reader.source.redact(written.span);
    if !written.value.contains("://") {
        section.reader.complain(
            written.span,
            "`url` is not a URL",
            "write it with its scheme, for example scheme://auditor@db.internal/orders",
        );
        return None;
    }
    Some(Endpoint { shown: redact_text(&written.value), url: Secret::new(written.value), span: written.span })
}

fn host(section: &Section<'_, '_>) -> HostFacts {
    HostFacts {
        memory: section.parsed("memory", "a size with its unit, as \"16GB\"", parse_bytes).map(|at| (at.value, Some(at.span))),
        cpus: section.number("cpus").map(|at| (at.value, Some(at.span))),
        storage: section.word("storage", Storage::ALL).map(|at| at.value),
        workload: section.word("workload", Workload::ALL).map(|at| at.value),
    }
}

fn not_applicable(section: &Section<'_, '_>) -> Option<NotApplicable> {
    let database = section.text("database");
    Some(NotApplicable {
        item: section.text("item")?,
        reason: section.text("reason")?.value,
        by: section.text("by")?.value,
        database,
        span: section.span,
    })
}

fn evidence(section: &Section<'_, '_>) -> Option<Evidence> {
    let time = "a length of time, as \"38m\" or \"24h\"";
    let load = "a number above zero with its unit, as \"600 tps\"";
    let (item, on, by, proof) =
        (section.text("item"), section.past_date("on"), section.text("by"), proof(section, section.text("runbook").is_some()));
    let statement = Evidence {
        database: section.text("database"),
        passed: section.parsed("result", "\"pass\" or \"fail\"", pass_or_fail).is_none_or(|result| result.value),
        duration: section.parsed("duration", time, parse_time_taken).map(|at| at.value),
        data_as_of: section.past_date("data_as_of").map(|at| at.value),
        expected: section.parsed("expected", load, Load::parse).map(|at| at.value),
        achieved: section.parsed("achieved", load, Load::parse).map(|at| at.value),
        interval: section.parsed("interval", time, parse_time_taken).map(|at| at.value),
        runbook: section.text("runbook"),
        receiver: section.text("receiver").map(|at| at.value),
        reviewed_by: section.text("reviewed_by").map(|at| at.value),
        valid_days: section.count("valid_days", 1).map(|at| at.value),
        span: section.span,
        item: item?,
        on: on?.value,
        by: by?.value,
        proof: proof?,
    };
    if statement.item.value.ends_with("/incident-runbooks") && statement.runbook.is_none() {
        let help = "add `runbook = \"restore\"`, and one [[evidence]] for each other runbook";
        section.reader.complain(statement.item.span, "evidence for incident runbooks names no runbook", help);
    }
    Some(statement)
}

/// A length of time that something took, or that is between two: never none.
fn parse_time_taken(text: &str) -> Result<std::time::Duration, String> {
    parse_duration(text).and_then(|time| if time.is_zero() { Err("a length of time above zero".to_owned()) } else { Ok(time) })
}

fn pass_or_fail(text: &str) -> Result<bool, ()> {
    match text {
        "pass" => Ok(true),
        "fail" => Ok(false),
        _ => Err(()),
    }
}

/// What a proof can be.
const PROOF_HELP: &str = "name a file that holds something, by its path from the project or from the folder of gonogo.toml; or a URL; or a ticket, for example OPS-123";

fn proof(section: &Section<'_, '_>, of_runbook: bool) -> Option<Proof> {
    let written = section.text("proof")?;
    let find = Proof::find(&written.value, of_runbook, section.reader.proofs);
    if let Ok(proof) = &find
        && let Some(found) = proof.missing()
    {
        section.reader.notes.borrow_mut().push(Note {
            code: "evidence-proof-missing",
            span: written.span,
            related: None,
            message: format!("proof missing: `{}` ({found}); what it was to show is not shown", redact_text(&written.value)),
            help: PROOF_HELP.to_owned(),
        });
    }
    find.map_err(|found| {
        let message = format!("the proof `{}` cannot be used", redact_text(&written.value));
        let error = ConfigError::new(section.reader.source, written.span, message, PROOF_HELP);
        section.reader.error(error.with(found, "a file of the project that is not empty, a URL or a ticket"));
    })
    .ok()
}

fn alert(section: &Section<'_, '_>) -> Option<Alert> {
    let (database, receiver, on) = (section.text("database"), section.text("receiver"), section.past_date("on"));
    let (watches, system, proof, by) = (section.text("watches"), section.text("system"), proof(section, false), section.text("by"));
    Some(Alert {
        watches: watches?,
        database,
        system: system?.value,
        receiver: receiver.map(|at| at.value),
        proof: proof?,
        on: on.map(|at| at.value),
        by: by?.value,
        span: section.span,
    })
}

fn accept(section: &Section<'_, '_>) -> Option<Accept> {
    let (path, instance) = (section.text("path"), section.text("instance"));
    let kind = section.word("kind", &[SuppressionKind::Accepted, SuppressionKind::FalsePositive]);
    let (rule, reason, owner, until) = (section.text("rule"), section.text("reason"), section.text("owner"), section.date("until"));
    if path.is_none() && instance.is_none() {
        let help = "add `path = \"…\"` (the file of the finding), or `instance = \"…\"` where no file holds it";
        section.reader.complain(section.span, "[[accept]] does not say which finding it accepts", help);
    }
    if let Some(until) = until.as_ref().filter(|until| days(section.reader.now, until.value) > ACCEPT_DAYS) {
        let error = ConfigError::new(
            section.reader.source,
            until.span,
            "a finding is accepted for too long",
            format!("choose a day at most {ACCEPT_DAYS} days ahead, and look at it again then"),
        );
        let latest = format!("at most {ACCEPT_DAYS} days after {}", section.reader.now);
        section.reader.error(error.with(until.value.to_string(), latest));
    }
    Some(Accept {
        rule: rule?,
        path,
        instance,
        kind: kind.map_or(SuppressionKind::Accepted, |kind| kind.value),
        reason: reason?.value,
        owner: owner?.value,
        until: until?,
        span: section.span,
    })
}

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

fn reviewed(section: &Section<'_, '_>) -> Option<Reviewed> {
    let is_digest = |text: &str| text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let sha256 = section
        .parsed("sha256", "the 64 digits that sha256sum prints", |text| is_digest(text).then(|| text.to_ascii_lowercase()).ok_or(()));
    let (path, by, on) = (section.text("path"), section.text("by"), section.past_date("on"));
    let reviewed_by = section.text("reviewed_by").map(|at| at.value);
    let changes = changes(section);
    Some(Reviewed { path: path?, sha256: sha256?, changes: changes?, by: by?.value, on: on?.value, reviewed_by, span: section.span })
}

/// What a file changes: words, or `nothing` alone.
fn changes(section: &Section<'_, '_>) -> Option<Vec<Touch>> {
    let written = section.texts("changes");
    if let [only] = written.as_slice()
        && only.value == "nothing"
    {
        return Some(Vec::new());
    }
    let listed = || Touch::WORDS.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    if written.is_empty() && section.has("changes") {
        let help = format!("write what the file changes: [\"nothing\"], or of {}", listed());
        section.reader.complain(section.span, "`changes` of [[reviewed]] is empty", help);
    }
    let touch = |at: &At<String>| {
        let touch = at.value.parse().ok();
        if touch.is_none() {
            let message = format!("`changes` of [[reviewed]] cannot be `{}`", redact_text(&at.value));
            section.reader.complain(at.span, message, format!("write [\"nothing\"] alone, or of {}", listed()));
        }
        touch
    };
    // Every wrong word is told.
    let touches: Vec<Option<Touch>> = written.iter().map(touch).collect();
    touches.into_iter().collect::<Option<Vec<_>>>().filter(|touches| !touches.is_empty())
}

fn plan(section: &Section<'_, '_>) -> Option<Plan> {
    let since = section.past_date("since").map(|since| since.value);
    let (criterion, rule) = (section.word("criterion", Criterion::ALL), section.text("rule"));
    let (owner, action, due) = (section.text("owner"), section.text("action"), section.date("due"));
    let about = match (criterion, rule) {
        (Some(criterion), None) => Some(At { value: PlanFor::Criterion(criterion.value), span: criterion.span }),
        (None, Some(rule)) => Some(At { value: PlanFor::Rule(rule.value), span: rule.span }),
        (Some(_), Some(rule)) => {
            section.reader.complain(rule.span, "[[plan]] names a criterion and a rule", "write one [[plan]] for each");
            None
        }
        (None, None) if section.has("criterion") || section.has("rule") => None,
        (None, None) => {
            let help = "add `criterion = \"…\"`, or `rule = \"…\"` for a rule with findings of high severity";
            section.reader.complain(section.span, "[[plan]] does not say what it is for", help);
            None
        }
    };
    Some(Plan { about: about?, owner: owner?.value, action: action?.value, since, due: due?, span: section.span })
}

fn severities(top: &Section<'_, '_>) -> BTreeMap<String, At<Severity>> {
    let mut severities = BTreeMap::new();
    for (rule, written) in top.entries("severity") {
        match written.value.as_str().and_then(|word| word.parse().ok()) {
            Some(value) => drop(severities.insert(rule.value, At { value, span: rule.span })),
            None => {
                let message = format!("the severity of `{}` cannot be read", rule.value);
                let expected = format!("one of {}", Severity::WORDS.join(", "));
                let error = ConfigError::new(top.reader.source, written.span, message, "write a severity above the rule's own");
                top.reader.error(error.with(found(written.value), expected));
            }
        }
    }
    severities
}

fn parameters(top: &Section<'_, '_>) -> BTreeMap<String, At<BTreeMap<String, At<Value>>>> {
    let mut parameters = BTreeMap::new();
    for (rule, written) in top.entries("params") {
        let DeValue::Table(table) = written.value else {
            let help = format!("write [params.{}] and below it its parameters, one a line", rule.value);
            top.reader.complain(written.span, format!("`{}` of [params] is not a table", rule.value), help);
            continue;
        };
        let mut values = BTreeMap::new();
        for (name, written) in entries_of(top.reader, table) {
            match parameter(written.value) {
                Some(value) => drop(values.insert(name.value, At { value, span: written.span })),
                None => top.reader.complain(
                    written.span,
                    format!("the parameter `{}` cannot be read", name.value),
                    "write a number, true or false, a text, or a list of texts",
                ),
            }
        }
        parameters.insert(rule.value, At { value: values, span: rule.span });
    }
    parameters
}

fn check_names_of_targets(targets: &[Target], reader: &Reader<'_>) {
    let mut seen = BTreeMap::new();
    for target in targets {
        if let Some(first) = seen.insert(&target.name.value, target.name.span) {
            let line = reader.source.location(first.start).line;
            let message = format!("two targets are called `{}`; the other is on line {line}", target.name.value);
            reader.complain(target.name.span, message, "give each database a name of its own");
        }
    }
}

/// One restore cannot have been of two databases: the same proof twice is told, and counts nevertheless.
fn note_shared_proofs(evidence: &[Evidence], reader: &Reader<'_>) {
    let mut seen: BTreeMap<&str, &Evidence> = BTreeMap::new();
    for statement in evidence {
        let key = statement.proof.sha256().unwrap_or_else(|| statement.proof.shown());
        let first = *seen.entry(key).or_insert(statement);
        let (database, other) = (statement.database.as_ref().map(|at| &at.value), first.database.as_ref().map(|at| &at.value));
        let item_differs = statement.item.value != first.item.value;
        if item_differs || database != other {
            let what = if item_differs { "items" } else { "databases" };
            reader.notes.borrow_mut().push(Note {
                code: "evidence-proof-shared",
                span: statement.span,
                related: Some(first.span),
                message: format!("one proof is given for two {what}: {}", statement.proof.shown()),
                help: "name a proof of its own for each, or check that this one really shows both".to_owned(),
            });
        }
    }
}

/// Days from one date to another; negative when `to` is earlier.
fn days(from: Date, to: Date) -> i32 {
    from.days_until(to)
}
