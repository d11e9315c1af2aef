//! What of a database's service loses its data, stops it, or lets others at it, whatever its own files say.

use super::ProjectContext;
use super::commands::{command_lines, covers};
use super::field::is_layer;
use super::logins::no_password;
use super::problem_record::problem;
use super::roles::Identity;
use super::storage::{DataPlace, layouts, volume_key};
use super::{environment, footprints, secrets};
use crate::model::{Engine, Field, Mount, MountKind, Placement, Record};
use crate::text::Span;

/// Capabilities with which a container is as good as its host.
const GRAVE_CAPABILITIES: [&str; 8] = ["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "NET_ADMIN", "BPF"];

/// Folders of the host that give it away to a container that writes into them.
const GRAVE_FOLDERS: [&str; 11] =
    ["/", "/boot", "/dev", "/etc", "/proc", "/root", "/sys", "/usr", "/var", "/var/lib/containerd", "/var/lib/docker"];

/// Beginnings of devices of the host that hold its disks or its memory.
const GRAVE_DEVICES: [&str; 8] = ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/xvd", "/dev/dm-", "/dev/mapper", "/dev/mem", "/dev/kmsg"];

/// Every hazard of a database.
pub(super) fn hazards(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    if is_layer(placement) || identity.role != "database" {
        return Vec::new();
    }
    let mut found = isolation(placement);
    found.extend(not_started(placement, context));
    if placement.active {
        found.extend(copies(placement, identity, context));
        found.extend(shared_data(placement, context));
        found.extend(updater(placement, context));
    }
    found.extend(read_only_data(placement, identity, context));
    found.extend(log_on_memory(placement, identity, context));
    found.extend(read_only_root(placement, identity));
    found.extend(weak_secrets(placement, identity, context));
    found.extend(no_password(placement, identity, context));
    found.extend(missing_program(placement, identity, context));
    found.extend(few_files(placement));
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
        let writes = |mount: &&Mount| !mount.read_only && volume_key(mount).as_ref() == Some(&key);
        let Some(mount) = other.mounts.iter().find(writes) else { continue };
        let identity = context.identity(other);
        if identity.role == "backup" {
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
    found
}

/// The log of changes in memory: a crash loses what it holds, and the data with it.
fn log_on_memory(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let data = identity.engine.and_then(footprints::of)?.data;
    let moved = data.log_variable.and_then(|variable| placement.environment.iter().find(|entry| entry.name == variable));
    let moved = moved.and_then(|entry| entry.value.value.clone());
    let layout = layouts(placement, identity, context.files).into_iter().next();
    let folder = moved.or_else(|| Some(format!("{}/{}", layout.as_ref()?.data, data.log_folder?)))?;
    let above = placement.mounts.iter().filter(|mount| covers(&mount.target, &folder));
    let nearest = above.max_by_key(|mount| mount.target.len())?;
    let in_data = layout.is_some_and(|layout| covers(&nearest.target, &layout.data));
    // Where all of the data is in memory, that is said.
    if nearest.kind != MountKind::Tmpfs || in_data {
        return None;
    }
    let message = format!(
        "the write-ahead log of {} is in memory ({}): the next restart loses it, and the data with it",
        placement.name, nearest.target
    );
    Some(problem(placement, "wal-on-memory", "tmpfs", nearest.span, message))
}

/// Data that the server cannot write to.
fn read_only_data(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let DataPlace::Mount(index) = context.data_mount(placement) else { return None };
    let mount = placement.mounts.get(index).filter(|mount| mount.read_only && identity.engine.is_none_or(Engine::keeps_data))?;
    let message = format!("the data of {} is mounted read-only ({}): the server does not start", placement.name, mount.target);
    Some(problem(placement, "data-read-only", "volumes", mount.span, message))
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

/// A health check by a program that the image of this release does not have.
fn missing_program(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let image = identity.image.as_ref().filter(|image| image.distribution == Some("official") && placement.build.is_none())?;
    let major = image.version.as_ref()?.major();
    let gone = identity.engine.and_then(footprints::of)?.image.gone;
    let test = placement.healthcheck.as_ref().filter(|check| !check.disabled)?.test.as_ref()?;
    let lines = command_lines(test, context.files);
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

/// The least number of open files with which a server of any engine works under load.
const FEWEST_FILES: u64 = 1024;

/// A limit of open files that no server works with.
fn few_files(placement: &Placement) -> Option<Record> {
    let limits = placement.other.get("ulimits")?;
    let limit = limits.iter().find_map(|(text, span)| Some((text.strip_prefix("nofile=")?.parse::<u64>().ok()?, *span)));
    let (limit, span) = limit.filter(|(limit, _)| *limit < FEWEST_FILES)?;
    let message = format!("{} may open {limit} files (nofile), and needs more for its tables and connections", placement.name);
    Some(problem(placement, "few-open-files", "ulimits", span, message))
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

/// What takes the walls between the container and its host away.
fn isolation(placement: &Placement) -> Vec<Record> {
    let name = &placement.name;
    let values = |key: &str| placement.other.get(key).map(Vec::as_slice).unwrap_or_default();
    let capability = |text: &str| text.to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
    let mut found = Vec::new();
    let mut say = |part: &str, span: Span, what: String| {
        let message = format!("{name} {what}: anyone who takes it over is close to the host");
        found.push(problem(placement, "isolation-weakened", part, span, message));
    };
    for (text, span) in values("cap_add").iter().filter(|(text, _)| GRAVE_CAPABILITIES.contains(&capability(text).as_str())) {
        say("cap_add", *span, format!("has the capability {}", capability(text)));
    }
    for (_, span) in values("pid").iter().filter(|(mode, _)| mode == "host") {
        say("pid", *span, "shares the processes of the host".to_owned());
    }
    for (_, span) in values("userns_mode").iter().filter(|(mode, _)| mode == "host") {
        say("userns_mode", *span, "shares the users of the host".to_owned());
    }
    for (device, span) in values("devices") {
        let source = device.split(':').next().unwrap_or(device);
        if GRAVE_DEVICES.iter().any(|known| source.starts_with(known)) {
            say("devices", *span, format!("has the device {source} of the host"));
        }
    }
    for mount in placement.mounts.iter().filter(|mount| mount.kind == MountKind::Bind && !mount.read_only) {
        let source = mount.source.as_deref().unwrap_or_default();
        let folder = if source == "/" { source } else { source.trim_end_matches('/') };
        if GRAVE_FOLDERS.contains(&folder) {
            say("volumes", mount.span, format!("writes into {folder} of the host"));
        }
    }
    for (option, span) in values("security_opt").iter().filter(|(option, _)| option.replace(['=', ' '], ":").ends_with(":unconfined")) {
        let profile = option.split([':', '=']).next().unwrap_or(option);
        say("security_opt", *span, format!("runs without its {profile} profile"));
    }
    found
}

/// A database in a profile that is not selected, while services that run need it.
fn not_started(placement: &Placement, context: &ProjectContext<'_>) -> Option<Record> {
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
