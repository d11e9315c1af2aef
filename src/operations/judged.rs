//! What is wrong with the backup of a service: records `job_fault`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::intervals::interval;
use super::recognise::{Copying, copying, resolve, schedule};
use super::script::{Fault, Setting, faults as faults_of_script};
use super::variables::{known_values, scheduled_by_cron, scheduled_by_variable};
use crate::config::Config;
use crate::model::{Engine, Field, Placement, Platform, Record, RecordSet, Why};
use crate::text::secrets::hidden;
use crate::workloads::commands::CommandLine;
use crate::workloads::{ProjectContext, UrlPlace, is_called_backup, place_of_url};

/// How much may be lost where nothing else is stated.
const DEFAULT_RPO: Duration = Duration::from_secs(24 * 3600);

/// Whether a service makes backups, or is meant to.
pub(super) fn makes_backups(placement: &Placement, context: &ProjectContext<'_>, jobs: &RecordSet) -> bool {
    let of_kind = |record: &Arc<Record>| matches!(record.text("kind"), Some("dump" | "physical"));
    if placement.platform == Platform::Host {
        // What the machine runs by hand is a backup only where it is called one: a dump may be on its way to a test database.
        let called = placement.active || placement.path.split('/').any(is_backup_name);
        return called && jobs.rows.iter().any(of_kind);
    }
    let role = context.identity(placement).role;
    role == "backup" || matches!(role, "other" | "application") && is_called_backup(placement) || jobs.rows.iter().any(of_kind)
}

/// What is wrong with the backup that a service makes, whose command lines these are.
pub(super) fn faults(
    placement: &Placement,
    context: &ProjectContext<'_>,
    config: &Config,
    jobs: &RecordSet,
    lines: &[CommandLine],
) -> RecordSet {
    let repeated = schedule(lines).or_else(|| scheduled_by_variable(placement)).or_else(|| scheduled_by_cron(placement));
    let of_image = jobs.rows.iter().find_map(|record| record.text("schedule")).map(str::to_owned);
    let every = repeated.clone().or(of_image).as_deref().and_then(interval);
    let setting = Setting {
        placement,
        context,
        lines,
        interval: every.filter(|_| !keeps_changes(config, jobs)),
        rpo: rpo(config, jobs),
        used: used_databases(context),
        values: known_values(placement, lines),
    };
    let (mut found, doubt) = faults_of_script(&setting);
    found.extend(not_started(placement, repeated.is_some()));
    found.extend(unheard(placement, lines));
    if !found.iter().any(|fault| fault.code == "other-host") {
        found.extend(other_host(&setting));
    }
    let rows = found.iter().map(|fault| Arc::new(record(placement, fault))).collect();
    RecordSet { rows, incomplete: jobs.incomplete.clone().or(doubt).or_else(|| idle(placement)) }
}

/// Whether a file or folder is called after backups.
fn is_backup_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("backup") || lower.contains("bkp")
}

/// Programs that tell somebody.
const TELLS: [&str; 9] = ["curl", "wget", "mail", "mailx", "sendmail", "msmtp", "mutt", "ntfy", "healthchecks"];

/// A job of a cron table whose output nobody gets, so that nobody hears of a failure.
fn unheard(placement: &Placement, lines: &[CommandLine]) -> Option<Fault> {
    placement.other.get("schedule")?;
    let command = placement.command.as_ref()?;
    let text: String = command.words.first()?.value.as_deref()?.split_whitespace().collect();
    let nothing = [">/dev/null2>&1", "&>/dev/null", ">&/dev/null", "2>&1>/dev/null"].iter().any(|end| text.ends_with(end));
    let mail = placement.other.get("mail").and_then(|mail| mail.first());
    let unmailed = mail.filter(|(mail, _)| mail == "MAILTO=");
    let tells = lines.iter().any(|line| TELLS.contains(&line.program()));
    let (span, explained) = match unmailed {
        _ if tells => return None,
        Some((_, span)) => (*span, "MAILTO is empty, so that cron sends no mail"),
        None if nothing => (command.span, "its output goes to /dev/null, errors too, so that cron has nothing to mail"),
        None => return None,
    };
    Some(Fault { code: "unnoticed", tool: "cron".to_owned(), explained: explained.to_owned(), span: Some(span), related: None })
}

/// What a service shows that is not started: what its script would do, and not that anybody runs it.
fn idle(placement: &Placement) -> Option<Why> {
    // Of a script that lies there nothing more is claimed than what it does when somebody runs it.
    let is_idle = !placement.active && placement.platform != Platform::Host;
    is_idle.then(|| {
        Why::needing(format!("service {} belongs to a profile", placement.name), "state who starts it, and how often, as evidence")
    })
}

fn record(placement: &Placement, fault: &Fault) -> Record {
    let span = fault.span;
    let mut record = Record::new("job_fault", format!("{}.command", placement.key), span)
        .with("code", Field::text(fault.code, span))
        .with("tool", Field::text(fault.tool.as_str(), span))
        .with("explained", Field::text(hidden(fault.explained.clone()), span));
    record.related.extend(fault.related.map(|(place, what)| (place, what.to_owned())));
    record
}

/// How much of what a service copies may be lost.
fn rpo(config: &Config, jobs: &RecordSet) -> Duration {
    let target = jobs.rows.iter().find_map(|record| record.text("target"));
    let objectives = target.map_or_else(|| config.objectives.clone(), |target| config.objectives_of(target));
    objectives.rpo.map_or(DEFAULT_RPO, |at| at.value)
}

/// Whether the changes between two backups are kept too, so that their interval says nothing of what may be lost.
fn keeps_changes(config: &Config, jobs: &RecordSet) -> bool {
    let stated = config.evidence.iter().any(|evidence| evidence.passed && evidence.item.value == "backup/point-in-time");
    stated || jobs.rows.iter().any(|record| matches!(record.text("kind"), Some("physical" | "archive")))
}

/// A backup that repeats itself, in a service that nothing starts.
fn not_started(placement: &Placement, repeated: bool) -> Option<Fault> {
    let none = placement.replicas.filter(|(replicas, _)| *replicas == 0);
    let explained = match none {
        Some(_) => "it has replicas: 0",
        None if !placement.active && repeated && placement.platform != Platform::Host => {
            "it belongs to a profile, and is not started without it"
        }
        None => return None,
    };
    let span = none.map_or(placement.name_span, |(_, span)| span);
    Some(Fault { code: "not-started", tool: String::new(), explained: explained.to_owned(), span: Some(span), related: None })
}

/// A host that is none of the project's, where the project has a database that nothing else of the service dumps.
fn other_host(setting: &Setting<'_, '_>) -> Option<Fault> {
    let Setting { placement, context, lines, values, .. } = setting;
    let dumps: Vec<(Copying, &CommandLine)> = lines.iter().filter_map(|line| Some((copying(line)?, line))).collect();
    let dumps = || dumps.iter().filter(|(copy, _)| copy.kind != "raw-copy");
    let local = |copy: &Copying| context.databases().any(|(_, engine)| engine.is_some_and(|engine| copy.engines.contains(&engine)));
    if context.fragment || !placement.incomplete.is_empty() || placement.network_mode.is_some() || !dumps().all(|(copy, _)| local(copy)) {
        return None;
    }
    let elsewhere = |copy: &Copying| {
        let host = resolve(&copy.named_host(values)?, values)?;
        let is_name = !host.contains(['/', '$', ',', ':']) && !host.starts_with("localhost") && host != "host.docker.internal";
        let is_address = host.parse::<std::net::IpAddr>().is_ok();
        (is_name && !is_address && context.service_at(&host).is_none()).then_some(host)
    };
    let hosts: Option<Vec<String>> = dumps().map(|(copy, _)| elsewhere(copy)).collect();
    let host = hosts?.into_iter().next()?;
    let (copy, line) = dumps().next()?;
    let span = line.span();
    let explained = format!("{} reads the host {host}, and no service of this project has that name", copy.tool);
    Some(Fault { code: "other-host", tool: copy.tool.clone(), explained, span, related: None })
}

/// The databases of services that applications of the project name in their connection strings, with an application.
fn used_databases(context: &ProjectContext<'_>) -> BTreeMap<(Engine, String), String> {
    let seen = std::cell::RefCell::new(BTreeMap::new());
    for placement in context.placements {
        for entry in &placement.environment {
            _ = entry.value.raw.test(|raw| {
                if let Some(UrlPlace { engine, host, database, .. }) = place_of_url(raw)
                    && !database.is_empty()
                    && !database.contains('$')
                    && context.service_at(&host).is_some()
                {
                    seen.borrow_mut().insert((engine, database), placement.name.clone());
                }
                false
            });
        }
    }
    seen.into_inner()
}
