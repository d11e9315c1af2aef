//! Facts of a service, and its mounts.

use super::ProjectContext;
use super::arguments::Argument;
use super::field::{incomplete, is_layer, list, missing};
use super::footprints;
use super::gitignore::{Ignored, ignored};
use super::roles::Identity;
use super::storage::{DataPlace, data_place, is_fleeting, layouts};
use super::{healthchecks, links, problems};
use crate::model::{Aspect, Datum, Engine, Field, Mount, MountKind, Placement, Record, StorageKind, Subject, Value, Why};
use crate::text::Span;
use crate::workloads::end_of_life::{self, EndOfLife};
use crate::workloads::images::{Entrypoint, Image};
use crate::workloads::reach::{self, Place, ReachInput};

/// How many facts a service has.
const FACTS: usize = 39;

/// Fills every fact of a service.
pub(super) fn fill(
    subject: &mut Subject,
    placement: &Placement,
    identity: &Identity,
    arguments: &[Argument],
    context: &ProjectContext<'_>,
) {
    let facts = &mut subject.facts;
    facts.reserve(FACTS);
    let name = Some(placement.name_span);
    facts.insert("service_name", Field::text(&placement.name, name));
    facts.insert("role", Field::text(identity.role, image_span(placement)));
    facts.insert("engine", identity.engine.map_or_else(Field::absent, |engine| Field::word(engine.word(), image_span(placement))));
    facts.insert("active", Field::bool(placement.active, name));
    facts.insert("with_database", with_database(context, placement));
    facts.insert("built_here", Field::bool(placement.build.is_some(), placement.build.or(name)));
    image_facts(subject, placement, identity.image.as_ref(), context);
    running_facts(subject, placement, context);
    health_facts(subject, placement, identity, arguments, context);
    storage_facts(subject, placement, identity, context);
    network_facts(subject, placement, identity, arguments, context);
}

/// Whether the project has a database. What another file adds to a fragment, or a variable hides, may be one.
fn with_database(context: &ProjectContext<'_>, placement: &Placement) -> Field {
    let hidden = |other: &Placement| is_layer(other) || (other.image.is_none() && other.image_unresolved.is_some());
    if context.databases().next().is_some() {
        Field::bool(true, Some(placement.name_span))
    } else if context.fragment || context.placements.iter().any(hidden) {
        Field::unknown(Why::new("whether the project has a database cannot be told from this file alone"))
    } else {
        Field::bool(false, Some(placement.name_span))
    }
}

fn image_span(placement: &Placement) -> Option<Span> {
    placement
        .image
        .as_ref()
        .map(|image| image.span)
        .or_else(|| placement.image_unresolved.as_ref().map(|image| image.span))
        .or(placement.build)
}

fn image_facts(subject: &mut Subject, placement: &Placement, image: Option<&Image>, context: &ProjectContext<'_>) {
    let span = image_span(placement);
    let unresolved = || {
        Field::unknown(Why::needing(
            format!("the image of {} holds a variable without a value", placement.name),
            "give the file with its value: --env-file FILE",
        ))
    };
    let otherwise = || if placement.image_unresolved.is_some() { unresolved() } else { missing(placement, &[Aspect::Image]) };
    let text = |text: Option<&str>| text.map_or_else(otherwise, |text| Field::text(text, span));
    let reference = placement.image.as_ref();
    let kind = match (reference, image) {
        // What is built here is tagged here: its tag promises nothing about a registry.
        // Only the tag is a variable.
        (Some(reference), _) if placement.build.is_none() && placement.image_unresolved.is_some() && reference.tag.is_none() => {
            unresolved()
        }
        (Some(_), Some(image)) if placement.build.is_none() => Field::word(image.tag_kind.word(), span),
        (Some(_), _) => Field::absent(),
        (None, _) => otherwise(),
    };
    let tag = match reference {
        Some(reference) if reference.tag.is_none() && placement.image_unresolved.is_some() => unresolved(),
        Some(reference) => reference.tag.as_ref().map_or_else(Field::absent, |tag| Field::text(tag, span)),
        None => otherwise(),
    };
    let end = image.and_then(ending);
    let known_engine = image.and_then(|image| image.engine).is_some_and(Engine::keeps_data);
    let or_unknown = |field: Option<Field>| match field {
        Some(field) => field,
        None if known_engine => Field::unknown(Why::needing(
            "the image does not tell the version of the engine",
            "name the version in the tag, or say --engine-version",
        )),
        None => Field::absent(),
    };
    let major = image.and_then(|image| {
        let newest = || image.engine.filter(|_| image.moves()).and_then(end_of_life::newest).map(|end| end.series.major());
        image.version.as_ref().map(crate::model::Version::major).or_else(newest)
    });
    let days = end.map(|end| end.days_left(context.now).map_or_else(Field::absent, |days| Field::known(Value::Integer(days), span)));
    let date = end.map(|end| Field::text(end.date.map_or_else(|| "not announced".to_owned(), |date| date.to_string()), span));
    let facts = &mut subject.facts;
    facts.insert("image", text(reference.map(|reference| reference.text.as_str())));
    facts.insert("tag", tag);
    facts.insert("tag_kind", kind);
    // What is built here is nobody else's, whatever it is called.
    let distribution = image.filter(|_| placement.build.is_none()).and_then(|image| image.distribution);
    facts.insert("distribution", distribution.map_or_else(Field::absent, |name| Field::text(name, span)));
    facts.insert("major", or_unknown(major.map(|major| Field::known(Value::Integer(i64::from(major)), span))));
    facts.insert("days_to_end_of_life", or_unknown(days));
    facts.insert("end_of_life", or_unknown(date));
}

/// The end of the release series of an image; of the newest one for a tag that moves with it.
fn ending(image: &Image) -> Option<&'static EndOfLife> {
    let engine = image.engine?;
    match &image.version {
        Some(version) => end_of_life::end_of_life(engine, version),
        None if image.moves() => end_of_life::newest(engine),
        None => None,
    }
}

fn running_facts(subject: &mut Subject, placement: &Placement, context: &ProjectContext<'_>) {
    let or_missing = |field: Option<Field>, aspects: &[Aspect]| field.unwrap_or_else(|| missing(placement, aspects));
    let restart = placement.restart.as_ref().map(|(policy, span)| Field::text(policy.split(':').next().unwrap_or(policy), Some(*span)));
    let other = |key: &str| placement.other.get(key).and_then(|values| values.first()).map(|(text, span)| Field::text(text, Some(*span)));
    let logging = placement.logging.as_ref();
    let driver = logging.and_then(|logging| logging.driver.as_ref().map(|driver| Field::text(driver, Some(logging.span))));
    let default_driver = || match missing(placement, &[Aspect::Logging]) {
        Field { datum: Datum::Absent, .. } => Field::word("json-file", None),
        unknown => unknown,
    };
    let max_size = logging.and_then(|logging| logging.options.get("max-size").map(|size| Field::text(size, Some(logging.span))));
    let privileged = placement.privileged.map(|span| Field::bool(true, Some(span)));
    let no_privilege = || match missing(placement, &[Aspect::Privileges]) {
        Field { datum: Datum::Absent, .. } => Field::bool(false, None),
        unknown => unknown,
    };
    let memory = placement.memory.map(|(bytes, span)| Field::known(Value::Bytes(bytes), Some(span)));
    let cpus = placement.cpus.map(|(cpus, span)| Field::known(Value::Real(cpus), Some(span)));
    let shm_size = placement.shm_size.map(|(bytes, span)| Field::known(Value::Bytes(bytes), Some(span)));
    let facts = &mut subject.facts;
    facts.insert("restart", or_missing(restart, &[Aspect::Restart]));
    facts.insert("one_shot", Field::bool(links::awaited(placement, "service_completed_successfully", context), Some(placement.name_span)));
    facts.insert("memory", or_missing(memory, &[Aspect::Limits]));
    facts.insert("cpus", or_missing(cpus, &[Aspect::Limits]));
    facts.insert("shm_size", or_missing(shm_size, &[Aspect::Limits]));
    let grace = placement.stop_grace.map(|(microseconds, span)| Field::known(Value::Duration(microseconds), Some(span)));
    facts.insert("stop_grace", or_missing(grace, &[Aspect::Lifecycle]));
    facts.insert("stop_signal", or_missing(other("stop_signal"), &[Aspect::Lifecycle]));
    facts.insert("ipc", or_missing(other("ipc"), &[Aspect::Privileges]));
    facts.insert("privileged", privileged.unwrap_or_else(no_privilege));
    facts.insert("logging_driver", driver.unwrap_or_else(default_driver));
    facts.insert("log_max_size", or_missing(max_size, &[Aspect::Logging]));
}

fn health_facts(subject: &mut Subject, placement: &Placement, identity: &Identity, arguments: &[Argument], context: &ProjectContext<'_>) {
    let check = placement.healthcheck.as_ref().filter(|check| !check.disabled && check.test.is_some());
    let span = check.map(|check| check.test.as_ref().map_or(check.span, |test| test.span));
    let flaws = check.map_or_else(Vec::new, |check| healthchecks::flaws(placement, check, arguments, context.files));
    let shown = check.and_then(healthchecks::shown);
    let facts = &mut subject.facts;
    facts.insert("healthcheck", links::healthcheck(placement, identity));
    facts.insert("healthcheck_test", shown.map_or_else(|| missing(placement, &[Aspect::Health]), |text| Field::text(text, span)));
    facts.insert("own_check", own_check(identity).map_or_else(Field::absent, |check| Field::text(check, image_span(placement))));
    facts.insert("healthcheck_flaws", if check.is_some() { list(flaws, span) } else { missing(placement, &[Aspect::Health]) });
    facts.insert("awaited_healthy", Field::bool(links::awaited(placement, "service_healthy", context), Some(placement.name_span)));
    facts.insert("init_scripts", Field::bool(problems::has_init_scripts(placement), Some(placement.name_span)));
}

/// The health check that the official image of a database brings.
fn own_check(identity: &Identity) -> Option<&'static str> {
    let is_official = identity.image.as_ref().is_some_and(|image| image.common().entrypoint == Entrypoint::Official);
    identity.engine.filter(|_| is_official).and_then(footprints::of)?.image.own_check
}

fn storage_facts(subject: &mut Subject, placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) {
    let database = identity.role == "database";
    let layouts = if database { layouts(placement, identity, context.files) } else { Vec::new() };
    let unknown = || Field::unknown(Why::new("the version of the image decides where the data is, and is not known"));
    let directory = match layouts.as_slice() {
        [only] => Field::text(&only.data, image_span(placement)),
        _ if database => unknown(),
        _ => Field::absent(),
    };
    let place = data_place(placement, &layouts);
    let on = match place {
        _ if !database => Field::absent(),
        DataPlace::Mount(index) => placement.mounts.get(index).map_or_else(unknown, lasting),
        DataPlace::Unknown => unknown(),
        // Another file may still add the mount.
        _ if incomplete(placement, &[Aspect::Mounts]).is_some() => missing(placement, &[Aspect::Mounts]),
        // Where such an image keeps its data is only a guess, as long as no mount confirms it.
        _ if identity.image.as_ref().is_none_or(|image| image.distribution == Some("unknown")) => {
            Field::unknown(Why::new("where the image keeps its data is not known"))
        }
        DataPlace::Anonymous => Field::word("anonymous", image_span(placement)),
        DataPlace::Container => Field::word("none", image_span(placement)),
    };
    let volume = match layouts.as_slice() {
        [only] => Field::text(only.volume.as_deref().unwrap_or(&only.data), image_span(placement)),
        _ if database => unknown(),
        _ => Field::absent(),
    };
    subject.facts.insert("data_volume", volume);
    subject.facts.insert("data_directory", directory);
    subject.facts.insert("data_mount", on);
    let storage = match place {
        DataPlace::Mount(index) if database => placement.mounts.get(index),
        _ => None,
    };
    let risk = storage.and_then(|mount| Some((mount.storage.as_ref()?.risk.as_ref()?, mount.span)));
    subject.facts.insert("data_risk", risk.map_or_else(Field::absent, |(risk, span)| Field::text(risk, Some(span))));
}

/// What a mount is, for data that is to last; where a driver of somebody else puts it is not known.
fn lasting(mount: &Mount) -> Field {
    match &mount.storage {
        Some(storage) if storage.kind == StorageKind::Driver => {
            let why = format!("the volume is of {}: what the data is on is not known", storage.shown);
            Field::unknown(Why::needing(why, "state what it is on with [[evidence]]"))
        }
        _ => Field::text(lasting_kind(mount), Some(mount.span)),
    }
}

/// The kind of a mount; a folder of the host that lies in memory, or that the host empties, is no better than a tmpfs.
fn lasting_kind(mount: &Mount) -> &'static str {
    if let Some(storage) = &mount.storage {
        return storage.kind.word();
    }
    if is_fleeting(mount) { MountKind::Tmpfs.word() } else { mount.kind.word() }
}

fn network_facts(subject: &mut Subject, placement: &Placement, identity: &Identity, arguments: &[Argument], context: &ProjectContext<'_>) {
    let mode = placement.network_mode.as_ref().map(|(mode, span)| Field::text(mode, Some(*span)));
    let networks = links::networks(placement);
    let network_span = placement.networks.first().map(|(_, span)| *span).or(Some(placement.name_span));
    let (strangers, more) = if identity.role == "database" { context.strangers(placement) } else { (Vec::new(), 0) };
    let more = (more > 0).then(|| format!("and {more} more"));
    let strangers = strangers.into_iter().chain(more.as_deref()).collect();
    let facts = &mut subject.facts;
    facts.insert("network_mode", mode.unwrap_or_else(|| missing(placement, &[Aspect::Networks])));
    let or_unknown = |items: Vec<&str>| match incomplete(placement, &[Aspect::Networks]) {
        Some(why) => Field::unknown(why),
        None => list(items, network_span),
    };
    facts.insert("networks", or_unknown(networks));
    facts.insert("network_strangers", or_unknown(strangers));
    facts.insert("exposure", exposure(placement, identity, arguments));
}

/// Where a service stands in the network.
pub(super) fn place_of(placement: &Placement, identity: &Identity, arguments: &[Argument]) -> Place {
    place_with(placement, || links::published_engine_ports(placement, identity, arguments))
}

/// The same, with the published ports that are its server's.
pub(super) fn place_with(placement: &Placement, published: impl FnOnce() -> Vec<reach::PublishedPort>) -> Place {
    let span = placement.network_mode.as_ref().map(|(_, span)| *span);
    match placement.network_mode.as_ref().map(|(mode, _)| mode.as_str()) {
        Some("host") => Place::Host(span),
        Some("none") => Place::Isolated(span),
        Some(mode) if mode.starts_with("service:") || mode.starts_with("container:") => Place::Borrowed(span),
        _ => Place::Container(published(), placement.openings.clone()),
    }
}

/// How far the published ports of a database carry, whatever the server listens on.
fn exposure(placement: &Placement, identity: &Identity, arguments: &[Argument]) -> Field {
    if identity.role != "database" {
        return Field::absent();
    }
    if let Some(why) = incomplete(placement, &[Aspect::Ports, Aspect::Networks]) {
        return Field::unknown(why);
    }
    let place = place_of(placement, identity, arguments);
    let listen = reach::Listen::On(vec!["*".to_owned()], None);
    let known = reach::reach(&ReachInput { place, listen, clients: Ok(std::iter::once("anywhere").collect()) });
    let step = known.chain.last();
    match known.exact() {
        Some(exact) => Field::word(exact.word(), step.and_then(|step| step.span)),
        None => Field::unknown(Why::new(step.map_or_else(String::new, |step| step.message.clone()))),
    }
}

/// Mounts, and whose data lies on them.
pub(super) fn mounts(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    let layouts = if identity.role == "database" { layouts(placement, identity, context.files) } else { Vec::new() };
    let place = data_place(placement, &layouts);
    let one = |(index, mount): (usize, &crate::model::Mount)| {
        let span = Some(mount.span);
        let data_of = context.database_on(placement, index).and_then(|other| context.record_of(&other.name));
        let holds = match place {
            DataPlace::Unknown if identity.role == "database" => {
                Field::unknown(Why::new("the version of the image decides where the data is, and is not known"))
            }
            place => Field::bool(place == DataPlace::Mount(index), span),
        };
        Record::new("mount", format!("{}.volumes", placement.key), span)
            .with("kind", Field::word(mount.kind.word(), span))
            .with("source", mount.source.as_ref().map_or_else(Field::absent, |source| Field::text(source, span)))
            .with("target", Field::text(&mount.target, span))
            .with("read_only", Field::bool(mount.read_only, span))
            .with("holds_data", holds)
            .with("committed", committed(mount, context))
            .with(
                "data_of",
                data_of.map_or_else(Field::absent, |record| Field::text(record.text("name").unwrap_or_default(), span).with_record(record)),
            )
    };
    placement.mounts.iter().enumerate().map(one).collect()
}

/// Whether a secret's file lies in the given tree, and no `.gitignore` keeps it out.
fn committed(mount: &crate::model::Mount, context: &ProjectContext<'_>) -> Field {
    let span = Some(mount.span);
    let path = mount.source_path.as_deref().filter(|_| mount.kind == MountKind::Secret);
    let there = |path: &str| context.files.exists(path) == Ok(true) && context.files.size(path).is_some_and(|size| size > 0);
    match path.filter(|path| there(path)) {
        Some(path) => match ignored(context.files, path) {
            Ignored::Unknown => Field::unknown(Ignored::unknown()),
            ignored => Field::bool(ignored == Ignored::No, span),
        },
        None => Field::bool(false, span),
    }
}
