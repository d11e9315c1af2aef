//! Laying one description over another, as Docker Compose does for overrides and `extends`.
//!
//! Every node keeps the place where it is written, so that what is said of the result points into the file that decides.
//! <https://docs.docker.com/reference/compose-file/merge/>

use crate::formats::yaml::{Entry, Node};

/// How a key of a service is laid over the same key below it.
#[derive(Clone, Copy)]
enum Way {
    /// The upper one stands alone.
    Replaces,
    /// Entries by name, in either form: `NAME=value` of a list, `NAME: value` of a mapping.
    Keyed,
    /// Names with options, in either form.
    Names,
    /// The same, where a name alone stands for the options that it has then.
    Dependencies,
    /// Lists, or single values as lists of one.
    Lists,
    /// Options of the same driver together, else the upper one alone.
    Logging,
    /// A folder stands for `context:`.
    Build,
    /// Mappings by key, lists one behind the other, all else replaced.
    Plain,
}

/// Stands for the name of a service that is laid over one which it extends.
const EXTENDING: &str = "*";

fn way(path: &[&str]) -> Way {
    match path {
        ["services", _, "command" | "entrypoint"] | ["services", _, "healthcheck", "test"] => Way::Replaces,
        ["services", _, "environment" | "labels" | "annotations" | "sysctls" | "extra_hosts"]
        | ["services", _, "build", "args" | "labels" | "extra_hosts" | "additional_contexts"]
        | ["services", _, "deploy", "labels"]
        | ["networks" | "volumes" | "secrets" | "configs", _, "labels"] => Way::Keyed,
        ["services", _, "depends_on"] => Way::Dependencies,
        ["services", _, "networks"] => Way::Names,
        ["services", _, "env_file" | "tmpfs" | "dns" | "dns_search" | "dns_opt" | "label_file"] => Way::Lists,
        ["services", _, "logging"] => Way::Logging,
        ["services", _, "build"] => Way::Build,
        _ => Way::Plain,
    }
}

/// A document laid over another.
pub(super) fn document(below: &Node, above: &Node) -> Node {
    lay(below, above, &[])
}

/// A service laid over the one that it extends.
pub(super) fn service(below: &Node, above: &Node) -> Node {
    lay(below, above, &["services", EXTENDING])
}

fn lay(below: &Node, above: &Node, path: &[&str]) -> Node {
    if above.has_tag("!override") {
        return above.clone();
    }
    if above.is_null() {
        return below.clone();
    }
    // A service is laid over one that it extends, which may be of another folder.
    let apart = path.get(1) == Some(&EXTENDING);
    match way(path) {
        Way::Replaces => above.clone(),
        Way::Keyed => keyed(below, above),
        Way::Names => by_key(&as_names(below, Node::null_here), &as_names(above, Node::null_here), path),
        Way::Dependencies => by_key(&as_names(below, dependency), &as_names(above, dependency), path),
        Way::Lists => appended(below, above, apart),
        Way::Logging if differ(below.get("driver"), above.get("driver")) => above.clone(),
        Way::Build => by_key(&as_build(below), &as_build(above), path),
        Way::Logging | Way::Plain if below.is_mapping() && above.is_mapping() => by_key(below, above, path),
        Way::Logging | Way::Plain if below.items().is_some() && above.items().is_some() => appended(below, above, apart),
        Way::Logging | Way::Plain => above.clone(),
    }
}

/// Mappings by key; what carries `!reset` is taken out.
fn by_key(below: &Node, above: &Node, path: &[&str]) -> Node {
    let mut entries: Vec<Entry> = below.entries().into_iter().cloned().collect();
    for entry in above.entries() {
        let Some(key) = entry.key.text() else { continue };
        let known = entries.iter().position(|known| known.key.text() == Some(key));
        if entry.value.has_tag("!reset") {
            known.into_iter().for_each(|at| drop(entries.remove(at)));
            continue;
        }
        let inner = [path, &[key]].concat();
        match known.and_then(|at| entries.get_mut(at)) {
            // The place of the key is where the value in force is written.
            Some(known) => *known = Entry { key: key_of(known, entry), value: lay(&known.value, &entry.value, &inner) },
            None => entries.push(Entry { key: entry.key.clone(), value: without_reset(&entry.value) }),
        }
    }
    below.with_entries(entries)
}

/// A mapping without what carries `!reset`, at any depth: there is nothing below it that it could take out.
pub(super) fn without_reset(node: &Node) -> Node {
    let resets = |entry: &&Entry| entry.value.has_tag("!reset") || holds_reset(&entry.value);
    if !node.entries().iter().any(resets) {
        return node.clone();
    }
    let kept = node.entries().into_iter().filter(|entry| !entry.value.has_tag("!reset"));
    node.with_entries(kept.map(|entry| Entry { key: entry.key.clone(), value: without_reset(&entry.value) }).collect())
}

fn holds_reset(node: &Node) -> bool {
    node.entries().iter().any(|entry| entry.value.has_tag("!reset") || holds_reset(&entry.value))
}

/// A service stays where it is first described; any other key is where its value in force stands.
fn key_of(below: &Entry, above: &Entry) -> Node {
    if below.value.is_mapping() && above.value.is_mapping() { below.key.clone() } else { above.key.clone() }
}

/// Items of a list, the entries of a mapping, or a single value.
fn items(node: &Node) -> Vec<Node> {
    match node.items() {
        Some(items) => items.to_vec(),
        None if node.is_mapping() => node.entries().into_iter().map(Node::pair).collect(),
        None if node.is_null() => Vec::new(),
        None => vec![node.clone()],
    }
}

/// Lists one behind the other; what is said twice counts once, where it is said first. `apart` is whether the two are of files
/// whose paths count from folders of their own.
fn appended(below: &Node, above: &Node, apart: bool) -> Node {
    let (lower, upper) = (items(below), items(above));
    let says_it =
        |known: &Node, item: &Node| said(known).is_some() && said(known) == said(item) && (!apart || known.span.source == item.span.source);
    let new: Vec<Node> = upper.into_iter().filter(|item| !lower.iter().any(|known| says_it(known, item))).collect();
    place(below, above).with_items(lower.into_iter().chain(new).collect())
}

/// The text of an item; of the long form of an env file its path.
fn said(item: &Node) -> Option<&str> {
    item.text().or_else(|| item.get("path")?.text())
}

/// The node whose place a joined list takes.
fn place<'n>(below: &'n Node, above: &'n Node) -> &'n Node {
    if below.items().is_some_and(<[Node]>::is_empty) { above } else { below }
}

/// Entries by name, whichever form each file uses; mappings stay mappings.
fn keyed(below: &Node, above: &Node) -> Node {
    if below.is_mapping() && above.is_mapping() {
        return by_key(below, above, &[""]);
    }
    let name = |item: &Node| match item.as_pair() {
        Some(entry) => entry.key.text().map(str::to_owned),
        None => item.text().map(|text| text.split_once('=').map_or(text, |(name, _)| name).to_owned()),
    };
    // Docker Compose takes nothing out of a list by a name: what carries `!reset` is left out itself, and no more.
    let said = |item: &Node| !item.as_pair().is_some_and(|entry| entry.value.has_tag("!reset"));
    let upper: Vec<Node> = items(above).into_iter().filter(said).collect();
    let replaced: Vec<String> = upper.iter().filter_map(name).collect();
    let stays = |item: &Node| said(item) && name(item).is_none_or(|name| !replaced.contains(&name));
    below.with_items(items(below).into_iter().filter(stays).chain(upper).collect())
}

/// A list of names as a mapping of them, each with the options that it stands for.
fn as_names(node: &Node, options: impl Fn(&Node) -> Node) -> Node {
    match node.items() {
        Some(items) => node.with_entries(items.iter().map(|item| Entry { key: item.clone(), value: options(item) }).collect()),
        None => node.clone(),
    }
}

/// What a name alone stands for in `depends_on`.
fn dependency(name: &Node) -> Node {
    let option = |key: &str, value: &str| Entry { key: name.named(key), value: name.named(value) };
    name.with_entries(vec![option("condition", "service_started"), option("required", "true")])
}

/// `build: folder` as a mapping.
fn as_build(node: &Node) -> Node {
    if node.is_mapping() || node.is_null() {
        return node.clone();
    }
    node.with_entries(vec![Entry { key: node.named("context"), value: node.clone() }])
}

fn differ(one: Option<&Node>, other: Option<&Node>) -> bool {
    matches!((one.and_then(Node::text), other.and_then(Node::text)), (Some(one), Some(other)) if one != other)
}
