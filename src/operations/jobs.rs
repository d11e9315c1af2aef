//! Backup jobs of a project: records `job` of services and of the databases that they copy.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::recognise::{Copying, copying, is_quiesced, resolve, schedule};
use super::variables::{known_values, scheduled_by_cron, scheduled_by_variable};
use crate::model::footprint::BackupImage;
use crate::model::{Engine, Field, MountKind, Placement, Record, RecordSet, Why};
use crate::text::Span;
use crate::workloads::commands::{CommandLine, covers, runs_unseen_script};
use crate::workloads::{DataPlace, ProjectContext, footprints};

/// The jobs that a service runs, whose command lines these are.
#[must_use]
pub fn jobs(placement: &Placement, context: &ProjectContext<'_>, lines: &[CommandLine]) -> RecordSet {
    let mut records: Vec<Record> = Vec::new();
    let repeated = schedule(lines).or_else(|| scheduled_by_variable(placement)).or_else(|| scheduled_by_cron(placement));
    let when = repeated.filter(|_| placement.active);
    let quiesced = is_quiesced(lines);
    let values = known_values(placement, lines);
    for line in lines {
        let Some(copy) = copying(line) else {
            continue;
        };
        let span = line.span();
        if copy.kind == "raw-copy" {
            if !quiesced {
                records.extend(raw_copy(placement, context, &copy, when.as_deref(), span));
            }
        } else {
            let target = target(&copy, &values, context);
            records.push(job(placement, &copy.tool, copy.kind, when.as_deref(), target, span));
        }
    }
    records.extend(image_job(placement, context));
    let unseen = runs_unseen_script(placement, context.files);
    let incomplete = unseen.then(|| {
        Why::needing(
            format!("service {} runs a script that was not given", placement.name),
            "name the script, or its folder, on the command line",
        )
    });
    RecordSet { rows: records.into_iter().map(Arc::new).collect(), incomplete }
}

fn job(placement: &Placement, tool: &str, kind: &'static str, when: Option<&str>, target: Option<String>, span: Option<Span>) -> Record {
    Record::new("job", format!("{}.command", placement.key), span)
        .with("tool", Field::text(tool, span))
        .with("kind", Field::text(kind, span))
        .with("scheduled", Field::bool(when.is_some(), span))
        .with("schedule", when.map_or_else(Field::absent, |when| Field::text(when, span)))
        .with("target", target.map_or_else(Field::absent, |target| Field::text(target, span)))
}

/// The database service that a dump reads: the one that is named, else the only one of its engines.
fn target(copy: &Copying, values: &BTreeMap<String, String>, context: &ProjectContext<'_>) -> Option<String> {
    if let Some(host) = copy.named_host(values) {
        let host = resolve(&host, values)?;
        return context.service_at(&host).map(|placement| placement.name.clone());
    }
    only_database(&copy.engines, context)
}

/// The database of one of these engines, where there is only one.
fn only_database(engines: &[Engine], context: &ProjectContext<'_>) -> Option<String> {
    let mut of_engine = context.databases().filter(|(_, known)| known.is_some_and(|known| engines.contains(&known)));
    let (only, _) = of_engine.next()?;
    of_engine.next().is_none().then(|| only.name.clone())
}

/// A copy of files on which the data of a running database lies.
fn raw_copy(placement: &Placement, context: &ProjectContext<'_>, copy: &Copying, when: Option<&str>, span: Option<Span>) -> Option<Record> {
    let (database, mount) = copy.paths.iter().find_map(|path| data_below(placement, context, &path.text))?;
    let mut record = job(placement, &copy.tool, copy.kind, when, Some(database), span);
    record.related.push((mount, "the data of the database is mounted here".to_owned()));
    Some(record)
}

/// The database whose files lie at a path in the container, and the mount that brings them.
fn data_below(placement: &Placement, context: &ProjectContext<'_>, path: &str) -> Option<(String, Span)> {
    let (index, mount) = placement
        .mounts
        .iter()
        .enumerate()
        .filter(|(_, mount)| covers(&mount.target, path) || covers(path, &mount.target))
        .max_by_key(|(_, mount)| mount.target.len())?;
    if let Some(other) = context.database_on(placement, index) {
        return Some((other.name.clone(), mount.span));
    }
    if context.data_mount(placement) == DataPlace::Mount(index) && context.databases().any(|(database, _)| database.name == placement.name)
    {
        return Some((placement.name.clone(), mount.span));
    }
    // A fragment shows one side only: the volume's own name is then the best witness.
    let shared = mount.kind == MountKind::Volume && mount.source.as_deref().is_some_and(names_database_volume);
    let seen = || mount.source.as_ref().is_some_and(|source| context.is_mounted_elsewhere(placement, source));
    let alone = shared && context.databases().next().is_none() && !seen();
    alone.then(|| (mount.source.clone().unwrap_or_default(), mount.span))
}

/// Whether a volume is called after a database: `db_data`, `postgres-volume`, `redis_volume`.
fn names_database_volume(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(['_', '-', '.']);
    let is_database = |word: &str| matches!(word, "db" | "database" | "sql") || footprints::ALL.iter().any(|known| known.is_called(word));
    let names_database = lower.split(['_', '-', '.']).any(|word| is_database(word) || word.strip_suffix("data").is_some_and(is_database));
    names_database && !words.any(|word| matches!(word, "backup" | "backups" | "dump" | "dumps" | "logs" | "log" | "config" | "conf"))
}

/// The job of an image that dumps by itself.
fn image_job(placement: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
    let image = placement.image.as_ref()?;
    let is_it = |known: &&BackupImage| image.repository.ends_with(known.name);
    let engines: Vec<Engine> = footprints::ALL
        .iter()
        .filter(|engine| engine.backup_images.iter().any(|known| is_it(&known)))
        .map(|engine| engine.engine)
        .collect();
    let known = footprints::ALL.iter().flat_map(|engine| engine.backup_images).find(is_it)?;
    let value = |name: &&str| placement.environment.iter().find(|entry| entry.name == **name).and_then(|entry| entry.value.value.clone());
    let when = known.schedule.iter().find_map(value).or_else(|| known.default.map(str::to_owned)).filter(|_| placement.active);
    let host = known.hosts.iter().find_map(value);
    let target = match host {
        Some(host) => context.service_at(&host).map(|placement| placement.name.clone()),
        None => only_database(&engines, context),
    };
    let tool = known.name.rsplit('/').next().unwrap_or(known.name);
    Some(job(placement, tool, "dump", when.as_deref(), target, Some(image.span)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse_date;
    use crate::workloads::commands::all_lines;
    use crate::workloads::tests::Sample;

    /// Tool, kind, schedule and target of every job of the first service.
    fn seen(sample: &Sample, services: &[Placement]) -> Vec<(String, String, Option<String>, Option<String>)> {
        let context = ProjectContext::new(services, &sample.files, parse_date("2026-11-20").unwrap(), true);
        let text = |record: &Record, field: &str| record.text(field).map(str::to_owned);
        let rows = jobs(&services[0], &context, &all_lines(&services[0], &sample.files)).rows;
        rows.iter()
            .map(|row| (text(row, "tool").unwrap(), text(row, "kind").unwrap(), text(row, "schedule"), text(row, "target")))
            .collect()
    }

    fn job(tool: &str, kind: &str, schedule: Option<&str>, target: Option<&str>) -> (String, String, Option<String>, Option<String>) {
        (tool.to_owned(), kind.to_owned(), schedule.map(str::to_owned), target.map(str::to_owned))
    }

    #[test]
    fn raw_copies_of_database_volumes_are_found() {
        let sample = Sample::new(
            "backup: alpine:3.22 /bin/sh -c 'while true; do tar -czf /b/db.tar.gz /source; sleep 3600; done' db_volume:/source \
             db: postgres:17 db_volume:/var/lib/postgresql/data",
        );
        let mut backup = sample.service("backup", "alpine:3.22");
        backup.command =
            Some(sample.command(&["/bin/sh", "-c", "'while true; do tar -czf /b/db.tar.gz /source; sleep 3600; done'"], false));
        backup.mounts = vec![sample.mount(MountKind::Volume, "db_volume", "/source")];
        let mut db = sample.service("db", "postgres:17");
        db.mounts = vec![sample.mount(MountKind::Volume, "db_volume", "/var/lib/postgresql/data")];
        let raw = |target| vec![job("tar", "raw-copy", Some("sleep 3600"), Some(target))];
        assert_eq!(seen(&sample, &[backup.clone(), db.clone()]), raw("db"));
        // Alone, the volume's name tells.
        assert_eq!(seen(&sample, &[backup.clone()]), raw("db_volume"));
        // The database keeps its data elsewhere.
        db.mounts.clear();
        assert_eq!(seen(&sample, &[backup, db]), []);
    }

    #[test]
    fn a_mounted_script_is_read_and_its_target_found() {
        let script = "DB_HOST=\"db\"\nwhile true; do\n  pg_dump -h \"$DB_HOST\" app | gzip > /b/x.gz\n  sleep 86400\ndone\n";
        let sample =
            Sample::with("backup: postgres:17 /bin/sh /backup.sh ./backup.sh:/backup.sh db: postgres:16", &[("backup.sh", script)]);
        let mut backup = sample.service("backup", "postgres:17");
        backup.command = Some(sample.command(&["/bin/sh", "/backup.sh"], false));
        backup.mounts = vec![sample.mount(MountKind::Bind, "./backup.sh", "/backup.sh")];
        let db = sample.service("db", "postgres:16");
        assert_eq!(seen(&sample, &[backup.clone(), db.clone()]), [job("pg_dump", "dump", Some("sleep 86400"), Some("db"))]);
        backup.active = false;
        assert_eq!(seen(&sample, &[backup, db]), [job("pg_dump", "dump", None, Some("db"))]);
    }

    #[test]
    fn backup_images_have_a_schedule_of_their_own() {
        let sample = Sample::new("pgbackups: prodrigestivill/postgres-backup-local:17 POSTGRES_HOST=db db: postgres:16");
        let mut backup = sample.service("pgbackups", "prodrigestivill/postgres-backup-local:17");
        backup.environment = vec![sample.literal("POSTGRES_HOST", "db")];
        let db = sample.service("db", "postgres:16");
        assert_eq!(seen(&sample, &[backup, db]), [job("postgres-backup-local", "dump", Some("@daily"), Some("db"))]);
    }
}
