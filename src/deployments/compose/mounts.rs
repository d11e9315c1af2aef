//! Mounts of a service: `volumes`, `tmpfs`, `configs` and `secrets`.

use std::ops::Range;

use super::reader::Reader;
use super::text::{Text, is_unknown};
use super::top_level::{Resource, Resources};
use super::volumes;
use crate::formats::yaml::Node;
use crate::model::{Mount, MountKind, Secret};
use crate::text::Span;

/// Reads `volumes`.
pub(super) fn volumes(reader: &mut Reader<'_>, node: &Node, resources: &Resources) -> Vec<Mount> {
    let Some(items) = node.items() else {
        if !node.is_null() {
            reader.problem(
                "compose-invalid-volume",
                node.place(),
                "`volumes` of a service is not a list",
                "a list, with `- ` before each mount",
            );
            reader.lost("volumes", node.place());
        }
        return Vec::new();
    };
    let mounts = items.iter().filter_map(|item| if item.is_mapping() { long(reader, item) } else { short(reader, item) });
    mounts.map(|mount| follow_driver(mount, resources)).collect()
}

/// Reads `tmpfs`: paths, options after a colon.
pub(super) fn tmpfs(reader: &mut Reader<'_>, node: &Node) -> Vec<Mount> {
    let paths = reader.known_list("tmpfs", node);
    let mount = |(path, span): (String, Span)| {
        let target = path.split(':').next().unwrap_or(&path).to_owned();
        Mount {
            kind: MountKind::Tmpfs,
            source: None,
            source_path: None,
            target,
            read_only: false,
            content: None,
            value: None,
            storage: None,
            span,
        }
    };
    paths.into_iter().map(mount).collect()
}

/// What `use_api_socket` mounts: whoever has it has the machine.
pub(super) fn api_socket(span: Span) -> Mount {
    const SOCKET: &str = "/var/run/docker.sock";
    Mount {
        kind: MountKind::Bind,
        source: Some(SOCKET.to_owned()),
        source_path: None,
        target: SOCKET.to_owned(),
        read_only: false,
        content: None,
        value: None,
        storage: None,
        span,
    }
}

/// Reads `configs` or `secrets` of a service, which are mounted as files; with the names used.
pub(super) fn granted(reader: &mut Reader<'_>, node: &Node, kind: MountKind, resources: &Resources) -> (Vec<Mount>, Vec<(String, Span)>) {
    let key = if kind == MountKind::Secret { "secrets" } else { "configs" };
    let mut mounts = Vec::new();
    let mut names = Vec::new();
    for item in node.items().unwrap_or_default() {
        let source = if item.is_mapping() { item.get("source") } else { Some(item) };
        let Some((name, _)) = source.and_then(|source| reader.known(key, source)) else {
            reader.lost(key, item.place());
            continue;
        };
        let target = item.get("target").and_then(|target| reader.known(key, target)).map(|(target, _)| target);
        let resource = if kind == MountKind::Secret { resources.secret(&name) } else { resources.config(&name) };
        mounts.push(mount_file(reader, kind, &name, target, resource, item.place()));
        names.push((name, item.place()));
    }
    if node.items().is_none() && !node.is_null() {
        reader.problem("compose-invalid-value", node.place(), "this is not a list", "a list, with `- ` before each name");
        reader.lost(key, node.place());
    }
    (mounts, names)
}

/// The value of the variable that holds a secret, where something given sets it.
fn value_of(reader: &Reader<'_>, resource: &Resource) -> Option<(Secret, Span)> {
    let (name, _) = resource.environment.as_ref()?;
    let variable = reader.variables.get(name)?;
    Some((Secret::new(variable.value.as_deref()?), variable.defined_at?))
}

fn mount_file(reader: &Reader<'_>, kind: MountKind, name: &str, target: Option<String>, resource: Option<&Resource>, span: Span) -> Mount {
    let folder = if kind == MountKind::Secret { "/run/secrets/" } else { "/" };
    let target = target.unwrap_or_else(|| name.to_owned());
    let target = if target.starts_with('/') { target } else { format!("{folder}{target}") };
    let file = resource.and_then(|resource| resource.file.clone());
    Mount {
        kind,
        source: file.as_ref().map(|(path, _)| path.clone()),
        source_path: resource.and_then(|resource| resource.file_path.clone()),
        target,
        read_only: true,
        content: resource.and_then(|resource| resource.content.clone()),
        value: resource.and_then(|resource| value_of(reader, resource)),
        storage: None,
        span,
    }
}

fn short(reader: &mut Reader<'_>, item: &Node) -> Option<Mount> {
    let text = reader.scalar("volumes", item)?;
    let Some(sections) = sections(text.expanded()) else {
        return refuse(reader, item, "one side of a colon is empty, or there are too many colons");
    };
    let (source, target, options) = match sections.as_slice() {
        [target] => (None, target, None),
        [source, target] => (Some(source), target, None),
        [source, target, options] => (Some(source), target, Some(options)),
        _ => return refuse(reader, item, "one side of a colon is empty, or there are too many colons"),
    };
    let part = |range: &Range<usize>| text.expanded().get(range.clone()).unwrap_or("");
    if is_unknown(part(target)) {
        reader.lost("volumes", item.place());
        return None;
    }
    let options = options.map(part).unwrap_or("");
    Some(Mount {
        kind: source.map_or(MountKind::Anonymous, |source| kind_of_source(part(source), text.written(source))),
        source: source.map(|source| readable(&text, source)),
        source_path: source.and_then(|source| path_of_source(reader, part(source), text.written(source))),
        target: cleaned(part(target)),
        read_only: options.split(',').rfind(|option| matches!(*option, "ro" | "rw")) == Some("ro"),
        content: None,
        value: None,
        storage: None,
        span: item.place(),
    })
}

/// A path in a container without what says nothing in it, as compose-go writes it: `/data/` is `/data`.
fn cleaned(target: &str) -> String {
    if !target.starts_with('/') || is_unknown(target) {
        return target.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn refuse<T>(reader: &mut Reader<'_>, item: &Node, what: &str) -> Option<T> {
    reader.problem("compose-invalid-volume", item.place(), what, "[SOURCE:]TARGET[:OPTIONS], for example \"data:/var/lib/data\"");
    reader.lost("volumes", item.place());
    None
}

/// The parts between colons; a colon behind a single letter belongs to a Windows drive. So `a:/data`
/// is one part: compose-go takes the volume `a` for a drive.
fn sections(text: &str) -> Option<Vec<Range<usize>>> {
    let mut sections = Vec::new();
    let mut start = 0;
    if text.chars().count() <= 2 {
        return (!text.is_empty()).then(|| std::iter::once(0..text.len()).collect());
    }
    for (at, _) in text.match_indices(':') {
        let part = text.get(start..at).unwrap_or("");
        let mut characters = part.chars();
        let drive = characters.next().is_some_and(char::is_alphabetic) && characters.next().is_none();
        if !drive {
            sections.push(start..at);
            start = at + 1;
        }
    }
    sections.push(start..text.len());
    (sections.len() <= 3 && sections.iter().all(|section| !section.is_empty())).then_some(sections)
}

/// Whether a source is a path of the host. Where a variable without a value leads, a slash tells a path.
fn kind_of_source(source: &str, written: &str) -> MountKind {
    let mut characters = source.chars();
    let drive = characters.next().is_some_and(char::is_alphabetic) && characters.next() == Some(':');
    if source.starts_with(['.', '/', '~']) || source.starts_with("\\\\") || drive || (is_unknown(source) && written.contains('/')) {
        MountKind::Bind
    } else {
        MountKind::Volume
    }
}

/// The display path of a bind. `${PWD}` stands for the folder of the project, from which Compose is started.
fn path_of_source(reader: &Reader<'_>, source: &str, written: &str) -> Option<String> {
    let below_working_directory = ["${PWD}/", "$PWD/"].iter().find_map(|start| written.strip_prefix(start));
    if let Some(rest) = below_working_directory.filter(|rest| !rest.contains('$')) {
        return reader.display_path(rest);
    }
    (kind_of_source(source, written) == MountKind::Bind).then(|| reader.display_path(source)).flatten()
}

fn readable(text: &Text, range: &Range<usize>) -> String {
    let expanded = text.expanded().get(range.clone()).unwrap_or("");
    if is_unknown(expanded) { text.written(range).to_owned() } else { expanded.to_owned() }
}

fn long(reader: &mut Reader<'_>, item: &Node) -> Option<Mount> {
    let Some((kind, _)) = item.get("type").and_then(|kind| reader.known("volumes", kind)) else {
        return refuse_long(reader, item, "`type` is missing");
    };
    let source = item.get("source").filter(|source| !source.is_null()).and_then(|source| reader.scalar("volumes", source));
    let target = item.get("target").and_then(|target| reader.known("volumes", target));
    let kind = match (kind.as_str(), &source) {
        ("bind", _) => MountKind::Bind,
        ("volume", Some(_)) => MountKind::Volume,
        ("volume", None) => MountKind::Anonymous,
        ("tmpfs", _) => MountKind::Tmpfs,
        _ => MountKind::Other,
    };
    let Some((target, _)) = target else {
        return refuse_long(reader, item, "`target`, the path in the container, is missing or unknown");
    };
    let whole = |text: &Text| 0..text.expanded().len();
    let bind = source.as_ref().filter(|_| kind == MountKind::Bind);
    Some(Mount {
        kind,
        source_path: bind.and_then(|source| path_of_bind(reader, source)),
        source: source.as_ref().map(|source| readable(source, &whole(source))),
        target: cleaned(&target),
        read_only: item.get("read_only").and_then(|value| reader.truth("volumes", value)).unwrap_or(false),
        content: None,
        value: None,
        storage: None,
        span: item.place(),
    })
}

/// In the long form, a path without a leading dot is one of the project's folder too.
fn path_of_bind(reader: &Reader<'_>, source: &Text) -> Option<String> {
    let written = source.written(&(0..source.expanded().len()));
    path_of_source(reader, source.expanded(), written).or_else(|| reader.display_path(source.expanded()))
}

fn refuse_long(reader: &mut Reader<'_>, item: &Node, what: &str) -> Option<Mount> {
    reader.problem("compose-invalid-volume", item.place(), what, "`type`, `source` and `target`");
    reader.lost("volumes", item.place());
    None
}

/// A named volume whose driver options make it a folder of the host, or memory, is that.
fn follow_driver(mount: Mount, resources: &Resources) -> Mount {
    let volume = mount.source.as_deref().filter(|_| mount.kind == MountKind::Volume).and_then(|name| resources.volume(name));
    let Some(volume) = volume else { return mount };
    let mount = Mount { source: Some(resources.first_of(volume).to_owned()), ..mount };
    if let Some(driver) = volume.driver.as_deref().filter(|driver| *driver != "local") {
        return Mount { storage: Some(volumes::of_driver(driver)), ..mount };
    }
    let option = |name: &str| volume.driver_opts.get(name).map(String::as_str).unwrap_or("");
    let read_only = mount.read_only || option("o").split(',').any(|part| part == "ro");
    let mount = Mount { read_only, ..mount };
    if matches!(option("type"), "tmpfs" | "ramfs") {
        return Mount { kind: MountKind::Tmpfs, ..mount };
    }
    if option("o").split(',').any(|part| part == "bind") {
        let device = option("device").to_owned();
        return Mount { kind: MountKind::Bind, source_path: volume.device_path.clone(), source: Some(device), ..mount };
    }
    Mount { storage: volumes::of_options(option("type"), option("o")), ..mount }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_part_a_mount() {
        let parts = |text: &'static str| {
            sections(text).map(|sections| sections.into_iter().map(|section| text.get(section).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(parts("/data"), Some(vec!["/data"]));
        assert_eq!(parts("db:/data:ro"), Some(vec!["db", "/data", "ro"]));
        assert_eq!(parts("a:/data"), Some(vec!["a:/data"]));
        assert_eq!(parts("C:\\x:/y:ro"), Some(vec!["C:\\x", "/y", "ro"]));
        assert_eq!(parts("x:/y:rshared"), Some(vec!["x:/y", "rshared"]));
        assert_eq!(parts(":/data"), None);
        assert_eq!(parts("db:"), None);
        assert_eq!(parts("ab:bb:c1:dd"), None);
    }
}
