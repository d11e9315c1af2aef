//! Keys of a compose file that nothing declares, or that are not taken in: told, and what they may change left open.

use super::key::Use;
use super::keys::section;
use super::reader::Reader;
use super::tables::Section;
use crate::formats::yaml::Node;
use crate::model::Aspect;
use crate::text::Span;

/// A key of a mapping that is opaque or declared nowhere.
pub(super) struct Met<'n> {
    /// The key.
    pub(super) name: &'n str,
    /// Where it is written.
    pub(super) span: Span,
    /// The sides that it may change; `None` where it is declared nowhere.
    pub(super) aspects: Option<&'static [Aspect]>,
    /// The keys that could stand in its place.
    pub(super) section: &'static Section,
}

/// The keys below a place that are opaque, or that nothing declares, with those of the places below it.
pub(super) fn met<'n>(node: &'n Node, path: &str) -> Vec<Met<'n>> {
    let mut found = Vec::new();
    look(node, path, &mut found);
    found
}

fn look<'n>(node: &'n Node, path: &str, found: &mut Vec<Met<'n>>) {
    let Some(section) = section(path) else { return below(node, path, found) };
    for entry in node.entries() {
        let Some(name) = entry.key.text().filter(|name| !name.starts_with("x-")) else { continue };
        match section.keys.iter().find(|key| key.name == name).map(|key| key.used) {
            Some(Use::Opaque(aspects)) => found.push(Met { name, span: entry.key.span, aspects: Some(aspects), section }),
            Some(Use::Read(_)) => below(&entry.value, &if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }, found),
            Some(Use::Kept(_) | Use::Harmless(_)) => {}
            None => found.push(Met { name, span: entry.key.span, aspects: None, section }),
        }
    }
}

/// What is below a key whose children have names of their own, are items of a list, or are keys themselves.
fn below<'n>(node: &'n Node, path: &str, found: &mut Vec<Met<'n>>) {
    if section(path).is_some() {
        return look(node, path, found);
    }
    let (item, named) = (format!("{path}.[]"), format!("{path}.*"));
    if section(&item).is_some() {
        node.items().unwrap_or_default().iter().filter(|item| item.is_mapping()).for_each(|node| look(node, &item, found));
    }
    if section(&named).is_some() {
        let named_x = |name: &str| name.starts_with("x-");
        let entries = node.entries().into_iter().filter(|entry| !entry.key.text().is_some_and(named_x) && entry.value.is_mapping());
        entries.for_each(|entry| look(&entry.value, &named, found));
    }
}

/// Keys of a service that Compose 1 had under these names, with what took their place.
const FORMER: [(&str, &str); 4] = [
    ("net", "`network_mode`, which took its place and was probably meant"),
    ("log_driver", "`driver` below `logging`, which took its place"),
    ("log_opt", "`options` below `logging`, which took its place"),
    ("dockerfile", "`dockerfile` below `build`, which took its place"),
];

/// Longest key that is told: what is longer is no slip of the pen.
const LONGEST_TOLD: usize = 60;

/// Reports the keys below a place that Docker Compose does not know, and refuses; they, and those that are not taken in,
/// leave open what they may change.
pub(super) fn check(reader: &mut Reader<'_>, node: &Node, path: &str) {
    for met in met(node, path) {
        if met.aspects.is_none() {
            tell(reader, &met);
        }
        reader.lose(met.name, met.aspects.unwrap_or(Aspect::ALL), met.span);
    }
}

/// Reports keys of the top level that Docker Compose does not know, and refuses.
pub(super) fn check_top_level(reader: &mut Reader<'_>, document: &Node) {
    let Some(section) = section("") else { return };
    for entry in document.entries() {
        let Some(name) = entry.key.text().filter(|name| !name.starts_with("x-")) else { continue };
        if !section.keys.iter().any(|key| key.name == name) {
            tell(reader, &Met { name, span: entry.key.span, aspects: None, section });
        }
    }
}

fn tell(reader: &mut Reader<'_>, met: &Met<'_>) {
    let (name, place) = (met.name, met.section.place);
    if name.len() > LONGEST_TOLD || reader.is_full("compose-unknown-key") {
        return;
    }
    let known = met.section.keys.iter().map(|key| key.name);
    let near = known.filter(|known| strsim::damerau_levenshtein(name, known) <= 1 + known.len() / 5);
    let former = FORMER.iter().find(|(former, _)| *former == name && met.section.keys.iter().any(|key| key.name == "image"));
    let expected = match near.min_by_key(|known| strsim::damerau_levenshtein(name, known)) {
        _ if former.is_some() => former.map(|(_, now)| (*now).to_owned()).unwrap_or_default(),
        Some(meant) => format!("`{meant}`, which was probably meant"),
        None => "a key of the Compose Specification; a name for own use begins with `x-`".to_owned(),
    };
    reader.problem("compose-unknown-key", met.span, &format!("Docker Compose knows no key `{name}` {place}"), &expected);
}
