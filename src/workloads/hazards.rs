//! What of a database's service loses its data, stops it, or lets others at it, whatever its own files say.

use super::ProjectContext;
use super::commands::{CommandLine, command_lines, covers};
use super::field::is_layer;
use super::logins::no_password;
use super::problem_record::problem;
use super::roles::Identity;
use super::storage::{DataPlace, volume_key};
use super::{environment, first_password, fleeting, footprints, healthchecks, isolation, secrets, starved, stopped};
use crate::formats::shell::is_shell;
use crate::model::footprint::Footprint;
use crate::model::{Engine, Field, Mount, MountKind, Opening, Placement, Reach, Record};
use crate::text::Span;

/// Every hazard of a database.
pub(super) fn hazards(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    if is_layer(placement) || identity.role != "database" {
        return Vec::new();
    }
    let mut found = isolation::problems(placement);
    found.extend(not_started(placement, context));
    if placement.active {
        found.extend(copies(placement, identity, context));
        found.extend(shared_data(placement, context));
        found.extend(updater(placement, context));
    }
    found.extend(fleeting::problems(placement, identity, context));
    found.extend(read_only_root(placement, identity));
    found.extend(weak_secrets(placement, identity, context));
    found.extend(no_password(placement, identity, context));
    found.extend(passed_on(placement));
    found.extend(missing_program(placement, identity, context));
    found.extend(first_password::problem_of(placement, identity));
    found.extend(starved::problems(placement, identity));
    found.extend(stopped::problems(placement, identity, context.files));
    found.extend(health_never_good(placement, context));
    found
}

/// More than one server of the same data: copies of one service.
fn copies(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let keeps_data = identity.engine.is_none_or(Engine::keeps_data);
    let DataPlace::Mount(index) = context.data_mount(placement) else { return None };
    let mount = placement.mounts.get(index).filter(|mount| keeps_data && matches!(mount.kind, MountKind::Volume | MountKind::Bind))?;
    let name = &placement.name;
    let (span, message, fatal) = match (&placement.replicas, placement.other.get("deploy.mode").and_then(|modes| modes.first())) {
        (Some((copies, span)), _) if *copies > 1 => {
            let message =
                format!("{copies} copies of {name} run on the same data ({}): two servers on one data directory destroy it", mount.target);
            (*span, message, true)
        }
        (_, Some((mode, span))) if mode == "global" => {
            let message =
                format!("{name} runs once on every node (mode global): each has data of its own, and clients reach now one, now another");
            (*span, message, false)
        }
        _ => return None,
    };
    Some(problem(placement, "data-of-two-servers", "deploy", span, message).with("fatal", Field::bool(fatal, Some(span))))
}

/// Other services that can write into the data: another server, or anything else that is no backup.
fn shared_data(placement: &Placement, context: &ProjectContext<'_>) -> Vec<Record> {
    let DataPlace::Mount(index) = context.data_mount(placement) else { return Vec::new() };
    let Some(key) = placement.mounts.get(index).and_then(volume_key) else { return Vec::new() };
    let mut found = Vec::new();
    for other in context.sharing(&key).filter(|other| other.active && !std::ptr::eq(*other, placement)) {
        let Some(mount) = other.mounts.iter().find(|mount| volume_key(mount).as_ref() == Some(&key)) else { continue };
        let identity = context.identity(other);
        if identity.role == "backup" {
            continue;
        }
        if mount.read_only {
            found.extend(read_by(placement, other, mount, context));
            continue;
        }
        let second = identity.role == "database" && context.data_mount_key(other).as_ref() == Some(&key);
        // Each of two servers would tell it of the other.
        if second && other.name_span.start < placement.name_span.start {
            continue;
        }
        let (code, message) = if second {
            (
                "data-of-two-servers",
                format!("{} and {} run on the same data: two servers on one data directory destroy it", placement.name, other.name),
            )
        } else {
            ("data-written-by-others", format!("service {} can write into the data of {}", other.name, placement.name))
        };
        let record = problem(placement, code, "volumes", mount.span, message);
        found.push(record.with("fatal", Field::bool(second, Some(mount.span))));
    }
    found.extend(context.placements.iter().filter_map(|other| all_volumes(placement, other, context)));
    found.extend(context.placements.iter().filter_map(|other| whole_host(placement, other, context)));
    found
}

/// A service that has nothing to do with the files of a database and reads them, past every password: an application that serves
/// clients.
fn read_by(placement: &Placement, other: &Placement, mount: &Mount, context: &ProjectContext<'_>) -> Option<Record> {
    let serves = matches!(context.identity(other).role, "application" | "proxy") || !other.ports.is_empty();
    let message = format!("service {} reads the files of {}, past every password and access rule", other.name, placement.name);
    serves.then(|| problem(placement, "data-read-by-others", "volumes", mount.span, message))
}

/// An application with the whole disk of the host, where the volumes of all containers are.
fn whole_host(placement: &Placement, other: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
    let serves = other.active && matches!(context.identity(other).role, "application" | "proxy" | "other" | "backup");
    let whole = |mount: &&Mount| mount.kind == MountKind::Bind && !mount.read_only && mount.source.as_deref() == Some("/");
    let mount = other.mounts.iter().find(whole).filter(|_| serves && !std::ptr::eq(other, placement))?;
    let message =
        format!("service {} can write into the data of {}: the whole disk of the host is mounted into it", other.name, placement.name);
    let record = problem(placement, "data-written-by-others", "volumes", mount.span, message);
    Some(record.with("fatal", Field::bool(false, Some(mount.span))))
}

/// Another service that gets every volume of a database, to write.
fn all_volumes(placement: &Placement, other: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
    let taken = other.other.get("volumes_from").filter(|_| other.active && context.identity(other).role != "backup")?;
    let writes = |(text, _): &&(String, Span)| text == &placement.name || text.strip_prefix(placement.name.as_str()) == Some(":rw");
    let (_, span) = taken.iter().find(writes)?;
    let message = format!("service {} can write into the data of {} (volumes_from)", other.name, placement.name);
    let record = problem(placement, "data-written-by-others", "volumes", *span, message);
    Some(record.with("fatal", Field::bool(false, Some(*span))))
}

/// A root that nothing can be written to, without a place for the socket of the server.
fn read_only_root(placement: &Placement, identity: &Identity) -> Option<Record> {
    let (_, span) = placement.other.get("read_only")?.iter().find(|(text, _)| text == "true")?;
    let is_official = identity.image.as_ref().is_some_and(|image| image.distribution == Some("official")) && placement.build.is_none();
    let folder = identity.engine.and_then(footprints::of).filter(|_| is_official)?.server.runtime_folder?;
    // `/var/run` is a link to `/run` in the images.
    let real = folder.strip_prefix("/var").unwrap_or(folder);
    let is_there = placement.mounts.iter().any(|mount| !mount.read_only && (covers(&mount.target, folder) || covers(&mount.target, real)));
    let message = format!(
        "the root of the container of {} is read-only, and nothing is mounted at {folder}: the server cannot make its socket and does not start",
        placement.name
    );
    (!is_there).then(|| problem(placement, "root-read-only", "read_only", *span, message))
}

/// Services that are told to let clients through to this one, by its name.
fn passed_on(placement: &Placement) -> Vec<Record> {
    let leads = |opening: &&Opening| opening.named && opening.most >= Reach::Private;
    let record = |opening: &Opening| {
        let message = format!("clients reach {} past its own ports: {}", placement.name, opening.message);
        let far = Field::bool(opening.most == Reach::Any, Some(opening.span));
        problem(placement, "passed-on", "networks", opening.span, message).with("fatal", far)
    };
    placement.openings.iter().filter(leads).map(record).collect()
}

/// A health check by a program that the image of this release does not have.
fn missing_program(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let image = identity.image.as_ref().filter(|image| image.distribution == Some("official") && placement.build.is_none())?;
    let major = image.version.as_ref()?.major();
    let gone = identity.engine.and_then(footprints::of)?.image.gone;
    let test = placement.healthcheck.as_ref().filter(|check| !check.disabled)?.test.as_ref()?;
    let lines = command_lines(test, context.files);
    if let Some(record) = absent_program(placement, identity, &lines) {
        return Some(record);
    }
    let (word, gone) = lines.iter().find_map(|line| {
        let word = line.words.first()?;
        Some((word, gone.iter().find(|gone| gone.program == word.program() && gone.since <= major)?))
    })?;
    let message = format!(
        "the image of {} has no program {} from release {} on, so that the health check always fails; expected {}",
        placement.name, gone.program, gone.since, gone.now
    );
    Some(problem(placement, "missing-program", "healthcheck", word.span, message))
}

/// A program that no release of the image has, or one of another engine's clients, as the only one of a check.
fn absent_program(placement: &Placement, identity: &Identity, lines: &[CommandLine]) -> Option<Record> {
    let engine = identity.engine.and_then(footprints::of)?;
    let busybox = placement.image.as_ref().and_then(|image| image.tag.as_deref()).is_none_or(|tag| tag.contains("alpine"));
    let lines: Vec<&CommandLine> = lines.iter().filter(|line| !line.words.is_empty() && !is_shell(line.program())).collect();
    let [only] = lines.as_slice() else { return None };
    let program = only.program();
    let checks = |engine: &Footprint| engine.health_checks.iter().any(|known| known.programs.contains(&program));
    let of_other = !checks(engine) && footprints::ALL.iter().any(checks);
    let lacks = engine.image.lacks.contains(&program) || !busybox && engine.image.of_busybox.contains(&program);
    // Without data of an engine's image nobody knows what it brings.
    let known = !engine.image.lacks.is_empty();
    let word = only.words.first().filter(|_| known && (lacks || of_other))?;
    let message = format!(
        "the image of {} has no program {program}, so that the health check always fails; expected one that it has",
        placement.name
    );
    Some(problem(placement, "missing-program", "healthcheck", word.span, message))
}

/// The longest file that can be a password.
const LONGEST_PASSWORD: u64 = 1024;

/// Secrets that hold the password of the database, and that anybody would guess.
fn weak_secrets(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    let names = environment::known_names(placement);
    let names = || names.iter().map(String::as_str);
    let mut found = Vec::new();
    for entry in &placement.environment {
        let Some(name) = entry.name.strip_suffix("_FILE") else { continue };
        let is_password = environment::is_image_password(identity, name) || secrets::is_database_password_name(name);
        let target = entry.value.value.as_deref().filter(|_| is_password);
        let Some(mount) = placement.mounts.iter().find(|mount| Some(mount.target.as_str()) == target) else { continue };
        let is_weak = |text: &str| secrets::is_weak(text.trim(), names()) || secrets::is_placeholder(name, text.trim());
        let (weak, place) = match (&mount.value, &mount.source_path) {
            (Some((value, place)), _) => (value.test(is_weak), Some(*place)),
            (None, Some(path)) => weak_file(path, context, &is_weak),
            _ => continue,
        };
        if let Some(source) = place.and_then(|place| context.files.source(place.source)) {
            place.into_iter().for_each(|place| source.redact(place));
        }
        if weak {
            let message = format!("the secret that {} names is guessed first", entry.name);
            let mut record = problem(placement, "weak-secret", "secrets", mount.span, message);
            record.related.extend(place.map(|place| (place, "the secret is here".to_owned())));
            found.push(record);
        }
    }
    found
}

/// Whether the password in a file is weak, and where it stands.
fn weak_file(path: &str, context: &ProjectContext<'_>, is_weak: &dyn Fn(&str) -> bool) -> (bool, Option<Span>) {
    if context.files.exists(path) != Ok(true) || context.files.size(path).is_none_or(|size| size == 0 || size > LONGEST_PASSWORD) {
        return (false, None);
    }
    let Ok(source) = context.files.read(path) else { return (false, None) };
    let text = source.text();
    (is_weak(text), Some(source.span(0, text.trim_end().len())))
}

/// A health check that fails whatever the server does, where others wait for it.
fn health_never_good(placement: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
    let check = placement.healthcheck.as_ref().filter(|check| !check.disabled)?;
    let (span, why) = healthchecks::never_passes(placement, check, context.files)?;
    if !context.waits(placement, "service_healthy") {
        return None;
    }
    let message = format!("the health check of {} never succeeds: {why}; services that wait for it are never started", placement.name);
    Some(problem(placement, "health-never-good", "healthcheck", span, message))
}

/// A database that nothing starts: one without copies, or in a profile that is not selected while services that run need it.
fn not_started(placement: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
    // Where nothing that runs waits for it, it is an offer that nobody has taken up.
    if let Some((_, span)) = placement.replicas.filter(|(copies, _)| *copies == 0)
        && let Some(user) = context.needing(&placement.name)
    {
        let message = format!("{} has 0 replicas, and {} depends on it: it is not started", placement.name, user.name);
        return Some(problem(placement, "database-not-started", "deploy", span, message));
    }
    if placement.active {
        return None;
    }
    let user = context.needing(&placement.name)?;
    let message = format!(
        "{} is in a profile that is not selected, and {} depends on it: Docker Compose refuses to start the project",
        placement.name, user.name
    );
    Some(problem(placement, "database-not-started", "profiles", placement.name_span, message))
}

/// A service that replaces containers when their images change.
fn updater(placement: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
    let label = |of: &Placement, wanted: &str| {
        let labels = of.other.get("labels").into_iter().flatten();
        labels.into_iter().find_map(|(label, span)| label.strip_prefix(wanted)?.strip_prefix('=').map(|value| (value.to_owned(), *span)))
    };
    let updater = context.updater()?;
    let own = label(placement, "com.centurylinklabs.watchtower.enable");
    let only_labelled = updater
        .command
        .iter()
        .flat_map(|command| &command.words)
        .any(|word| word.value.as_deref().is_some_and(|word| word == "--label-enable" || word.starts_with("--label-enable=true")))
        || updater.environment.iter().any(|entry| entry.name == "WATCHTOWER_LABEL_ENABLE" && entry.value.value.as_deref() == Some("true"));
    let watched = match &own {
        Some((value, _)) => value != "false",
        None => !only_labelled,
    };
    let monitors = label(placement, "com.centurylinklabs.watchtower.monitor-only").is_some_and(|(value, _)| value == "true");
    let span = own.map_or(placement.name_span, |(_, span)| span);
    let message = format!(
        "{} updates {} unattended: its container is replaced when its image changes, without a backup and at any hour",
        updater.name, placement.name
    );
    (watched && !monitors && placement.build.is_none()).then(|| problem(placement, "replaced-by-itself", "labels", span, message))
}
