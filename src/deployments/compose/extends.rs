//! `extends`: what a service takes over from another one, of the same file or of another, chains followed.
//!
//! Docker Compose resolves it in each file, before any other is laid over it: what an override says of a service does not
//! reach those that extend it.

use super::merge;
use super::reader::Reader;
use crate::formats::yaml::{Entry, Node, hide, parse};

/// Most services in a chain.
const DEEPEST: usize = 32;

/// The services of one file, as a place that a service is taken from.
#[derive(Clone)]
struct Place {
    path: String,
    services: Node,
}

/// A document whose services hold what they take over; `None` where none takes anything over. A service of which that cannot
/// be read keeps its `extends`.
pub(super) fn document(reader: &mut Reader<'_>, document: &Node) -> Option<Node> {
    let services = document.get("services").filter(|services| services.is_mapping())?;
    let entries = services.entries();
    if !entries.iter().any(|entry| entry.value.get("extends").is_some()) {
        return None;
    }
    let place = Place { path: reader.source_of(document).path().to_owned(), services: services.clone() };
    let mut resolved = Vec::with_capacity(entries.len());
    for entry in entries {
        let whole = entry.key.text().and_then(|name| resolve(reader, &place, name, &entry.value, &mut Vec::new()));
        resolved.push(Entry { key: entry.key.clone(), value: whole.unwrap_or_else(|| entry.value.clone()) });
    }
    let services = services.with_entries(resolved);
    let section = |entry: &&Entry| entry.key.text() == Some("services");
    let with = |entry: &Entry| if section(&entry) { Entry { key: entry.key.clone(), value: services.clone() } } else { entry.clone() };
    Some(document.with_entries(document.entries().into_iter().map(with).collect()))
}

fn resolve(reader: &mut Reader<'_>, place: &Place, name: &str, service: &Node, chain: &mut Vec<(String, String)>) -> Option<Node> {
    let Some(extends) = service.get("extends") else { return Some(service.clone()) };
    let link = (place.path.clone(), name.to_owned());
    if chain.len() >= DEEPEST || chain.contains(&link) {
        return None;
    }
    chain.push(link);
    let (file, wanted) = match extends.is_mapping() {
        true => (extends.get("file"), extends.get("service")?),
        false => (None, extends),
    };
    let (wanted, _) = reader.known("extends", wanted)?;
    let from = match file {
        Some(file) => load(reader, file)?,
        None => place.clone(),
    };
    let below = from.services.get(&wanted)?.clone();
    let below = resolve(reader, &from, &wanted, &below, chain)?;
    let own = service.filtered(|entry| entry.key.text() != Some("extends"));
    Some(merge::service(&below, &own))
}

/// The services of another file, which is read with the variables of the project and the folder of its own.
fn load(reader: &mut Reader<'_>, file: &Node) -> Option<Place> {
    let (written, _) = reader.known("extends", file)?;
    let path = reader.display_path(&written)?;
    let source = reader.files.read(&path).ok()?;
    let yaml = parse(&source);
    if yaml.template.is_some() || yaml.broken_at.is_some() {
        return None;
    }
    yaml.documents.iter().for_each(|document| hide(&source, document));
    reader.add_layer(&source);
    let services = yaml.documents.iter().find_map(|document| document.get("services"))?.clone();
    Some(Place { path, services })
}
