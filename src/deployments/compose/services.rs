//! One service → one [`Placement`].

use std::collections::HashSet;

use super::reader::Reader;
use super::text::{Text, is_unknown};
use super::top_level::Resources;
use super::{
    clashes, command, declared, dependencies, environment, fitting, healthcheck, hooks, image, keys, limits, merge, mounts, networks, ports,
};
use crate::deployments::VariableFile;
use crate::formats::yaml::{Entry, Node};
use crate::model::{Built, Gap, MountKind, Placement, Platform};
use crate::text::{Span, path};

/// Keys of commands that run in the container beside its own.
const HOOKS: [&str; 3] = ["pre_start", "post_start", "pre_stop"];

/// What the project says of all its services.
pub(super) struct Project<'p> {
    pub(super) path: &'p str,
    pub(super) name: Option<&'p str>,
    pub(super) resources: &'p Resources,
    /// Profiles that are selected.
    pub(super) profiles: &'p [String],
    /// What its other sections leave open.
    pub(super) gaps: &'p [Gap],
}

/// A service, with the environment files that it reads.
pub(super) struct Service {
    pub(super) placement: Placement,
    pub(super) env_files: Vec<VariableFile>,
}

/// Reads one service; `None` when its value is no mapping.
pub(super) fn read(reader: &mut Reader<'_>, project: &Project<'_>, entry: &Entry) -> Option<Service> {
    let name = entry.key.text()?;
    if entry.value.has_tag("!reset") {
        return None;
    }
    if !entry.value.is_mapping() {
        let message = format!("the service {name} is not a mapping");
        reader.problem("compose-invalid-value", entry.value.place(), &message, "`image:` or `build:` and other keys below its name");
        return None;
    }
    let cleaned = reader.may_reset().then(|| merge::without_reset(&entry.value));
    let service = cleaned.as_ref().unwrap_or(&entry.value);
    reader.incomplete.clear();
    declared::check(reader, service, "services.*");
    clashes::check(reader, service);
    let environment = environment::read(reader, service.get("env_file"), service.get("environment"));
    let mut placement = blank(reader, project, name, entry);
    placement.environment = environment.entries;
    placement.environment_incomplete = environment.incomplete;
    read_image(reader, service, &mut placement);
    read_commands(reader, service, &mut placement);
    read_storage(reader, project.resources, service, &mut placement);
    read_network(reader, project.resources, service, &mut placement);
    read_runtime(reader, service, &mut placement);
    fitting::check(reader, service, "services.*");
    let profiles = profiles(reader, service);
    placement.active = profiles.as_ref().is_none_or(|profiles| is_active(project, profiles));
    keep_profiles(profiles, &mut placement);
    if let Some(extends) = service.entry("extends") {
        reader.lost("extends", extends.key.span.to(extends.value.span));
    }
    placement.incomplete = std::mem::take(&mut reader.incomplete);
    placement.incomplete.extend(project.gaps.iter().cloned());
    Some(Service { placement, env_files: environment.files })
}

fn blank(reader: &Reader<'_>, project: &Project<'_>, name: &str, entry: &Entry) -> Placement {
    let end = if entry.value.alias.is_some() { entry.value.place() } else { entry.value.span };
    Placement {
        directory: reader.directory.to_owned(),
        project: project.name.map(str::to_owned),
        ..Placement::named(Platform::Compose, format!("services.{name}"), name, entry.key.span, entry.key.span.to(end), project.path)
    }
}

fn read_image(reader: &mut Reader<'_>, service: &Node, placement: &mut Placement) {
    if let Some(entry) = service.entry("build").filter(|entry| !entry.value.is_null()) {
        placement.build = Some(entry.key.span);
        placement.built = Some(build(reader, &entry.value));
    }
    let Some(node) = service.get("image").filter(|node| !node.is_null()) else {
        return;
    };
    if let Some(text) = reader.scalar("image", node) {
        placement.image = image::read(&text);
        let template = text.expanded().contains("{{");
        placement.image_unresolved = (template || is_unknown(text.expanded())).then(|| text.interpolated());
    }
}

/// The folder and the Dockerfile of `build`, in its short and its long form.
fn build(reader: &mut Reader<'_>, node: &Node) -> Built {
    let text = |reader: &mut Reader<'_>, node: Option<&Node>| node.and_then(|node| reader.known("build", node)).map(|(text, _)| text);
    let written = if node.is_mapping() { node.get("context") } else { Some(node) };
    let context = match written {
        Some(written) => text(reader, Some(written)),
        None => Some(".".to_owned()),
    };
    // A context of git or of an archive is fetched.
    let context = context.filter(|context| !context.contains("://") && !context.starts_with("git@"));
    let folder = context.as_deref().and_then(|context| reader.display_path(context));
    let name = text(reader, node.get("dockerfile")).unwrap_or_else(|| "Dockerfile".to_owned());
    let dockerfile = folder.as_deref().and_then(|folder| path::normalise(&path::join(folder, &name)));
    let inline = node.get("dockerfile_inline").and_then(|node| reader.known("build", node));
    Built { context: folder, dockerfile, inline }
}

fn read_commands(reader: &mut Reader<'_>, service: &Node, placement: &mut Placement) {
    (placement.entrypoint, placement.command) = command::read(reader, service.get("entrypoint"), service.get("command"));
    if let Some(entry) = service.entry("healthcheck") {
        placement.healthcheck = healthcheck::read(reader, entry.key.span, &entry.value);
    }
}

fn read_storage(reader: &mut Reader<'_>, resources: &Resources, service: &Node, placement: &mut Placement) {
    if let Some(node) = service.get("volumes") {
        placement.mounts.extend(mounts::volumes(reader, node, resources));
    }
    if let Some(node) = service.get("tmpfs") {
        placement.mounts.extend(mounts::tmpfs(reader, node));
    }
    if let Some(entry) = service.entry("use_api_socket")
        && reader.truth("use_api_socket", &entry.value) == Some(true)
    {
        placement.mounts.push(mounts::api_socket(entry.key.span.to(entry.value.span)));
    }
    // Of several mounts on one path, the last one written is in effect.
    let mut seen = HashSet::new();
    placement.mounts.reverse();
    placement.mounts.retain(|mount| seen.insert(mount.target.trim_end_matches('/').to_owned()));
    placement.mounts.reverse();
    if let Some(node) = service.get("configs") {
        let (files, names) = mounts::granted(reader, node, MountKind::Config, resources);
        placement.mounts.extend(files);
        placement.other.insert("configs".to_owned(), names);
    }
    if let Some(node) = service.get("secrets") {
        let (files, names) = mounts::granted(reader, node, MountKind::Secret, resources);
        placement.mounts.extend(files);
        placement.secrets = names;
    }
}

fn read_network(reader: &mut Reader<'_>, resources: &Resources, service: &Node, placement: &mut Placement) {
    placement.ports = service.get("ports").map(|node| ports::read(reader, node)).unwrap_or_default();
    placement.network_mode = service.get("network_mode").and_then(|node| reader.known("network_mode", node));
    placement.networks = service.get("networks").map(|node| names(reader, "networks", node)).unwrap_or_default();
    let joined = service.get("networks").filter(|networks| networks.is_mapping()).map(Node::entries).unwrap_or_default();
    let aliases: Vec<_> =
        joined.iter().filter_map(|entry| Some(reader.known_list("networks", entry.value.get("aliases")?))).flatten().collect();
    if !aliases.is_empty() {
        placement.other.insert("aliases".to_owned(), aliases);
    }
    placement.openings = networks::openings(placement, resources);
    placement.subnets = networks::subnets(placement, resources);
    placement.depends_on = service.get("depends_on").map(|node| dependencies::written(reader, node)).unwrap_or_default();
}

/// The names of a list, or the keys of a mapping.
fn names(reader: &mut Reader<'_>, key: &str, node: &Node) -> Vec<(String, Span)> {
    if node.is_mapping() {
        let entries = node.entries();
        return entries.iter().filter_map(|entry| Some((reader.name_of_entry(key, entry)?, entry.key.span))).collect();
    }
    reader.known_list(key, node)
}

fn read_runtime(reader: &mut Reader<'_>, service: &Node, placement: &mut Placement) {
    placement.restart = limits::restart(reader, service);
    placement.memory = limits::memory(reader, service);
    placement.cpus = limits::cpus(reader, service);
    placement.shm_size = limits::shm_size(reader, service);
    placement.replicas = limits::replicas(reader, service);
    placement.stop_grace = limits::stop_grace(reader, service);
    placement.logging = service.entry("logging").and_then(|entry| limits::logging(reader, entry));
    placement.container_name = service.get("container_name").and_then(|node| reader.known("container_name", node));
    placement.user = service.get("user").and_then(|node| reader.known("user", node));
    if let Some(entry) = service.entry("privileged") {
        placement.privileged = reader.truth("privileged", &entry.value).filter(|on| *on).map(|_| entry.key.span.to(entry.value.span));
    }
    if let Some(mode) = service.get("deploy").and_then(|deploy| deploy.get("mode")).and_then(|mode| reader.known("deploy", mode)) {
        placement.other.insert("deploy.mode".to_owned(), vec![mode]);
    }
    let hooks: Vec<_> = HOOKS.iter().filter_map(|key| service.get(key)).flat_map(|node| hooks::read(reader, node)).collect();
    if !hooks.is_empty() {
        placement.other.insert("post_start".to_owned(), hooks);
    }
    if let Some(entry) = service.entry("volumes_from") {
        reader.lost("volumes_from", entry.key.span);
    }
    for key in keys::kept() {
        keep(reader, key, service.get(key), placement);
    }
    dependencies::add_implied(placement);
    keep(reader, "deploy.labels", service.get("deploy").and_then(|deploy| deploy.get("labels")), placement);
    read_within(reader, service, placement);
}

/// Keeps a key as text, for rules that ask for it.
fn keep(reader: &mut Reader<'_>, key: &str, node: Option<&Node>, placement: &mut Placement) {
    let values = node.map(|node| reader.known_pairs(key, node)).unwrap_or_default();
    if !values.is_empty() {
        placement.other.insert(key.to_owned(), values);
    }
}

/// What stands deeper than a key of the service: limits of two numbers, and what `deploy` says.
fn read_within(reader: &mut Reader<'_>, service: &Node, placement: &mut Placement) {
    for entry in service.get("ulimits").map(Node::entries).unwrap_or_default().iter().filter(|entry| entry.value.is_mapping()) {
        let name = entry.key.text().unwrap_or_default();
        let values = reader.known_pairs("ulimits", &entry.value).into_iter().map(|(text, span)| (format!("{name}.{text}"), span));
        placement.other.entry("ulimits".to_owned()).or_default().extend(values);
    }
    for key in ["device_write_bps", "device_write_iops"] {
        let devices = service.get("blkio_config").and_then(|disk| disk.get(key)?.items()).unwrap_or_default();
        let rates: Vec<_> = devices.iter().filter_map(|device| reader.known("blkio_config", device.get("rate")?)).collect();
        if !rates.is_empty() {
            placement.other.insert(key.to_owned(), rates);
        }
    }
    let Some(deploy) = service.get("deploy") else { return };
    let limit = deploy.get("resources").and_then(|resources| resources.get("limits")).and_then(|limits| limits.get("pids"));
    if let Some(pids) = limit.and_then(|node| reader.known("deploy", node)) {
        placement.other.insert("deploy.pids".to_owned(), vec![pids]);
    }
}

/// The profiles that a service belongs to; `None` where it belongs to none.
fn profiles(reader: &mut Reader<'_>, service: &Node) -> Option<Vec<Text>> {
    let items = service.get("profiles")?.items().unwrap_or_default();
    let texts: Vec<Text> = items.iter().filter_map(|item| reader.scalar("profiles", item)).collect();
    (!texts.is_empty()).then_some(texts)
}

fn is_active(project: &Project<'_>, profiles: &[Text]) -> bool {
    let selected = |text: &Text| project.profiles.iter().any(|selected| selected == "*" || text.known() == Some(selected));
    profiles.iter().any(selected)
}

/// Keeps them by name, where every name is known.
fn keep_profiles(profiles: Option<Vec<Text>>, placement: &mut Placement) {
    let names = |texts: Vec<Text>| texts.iter().map(|text| text.known().map(str::to_owned)).collect::<Option<Vec<String>>>();
    let span = placement.name_span;
    if let Some(names) = profiles.and_then(names) {
        placement.other.insert("profiles".to_owned(), names.into_iter().map(|name| (name, span)).collect());
    }
}
