//! `extends`: what a service takes over from another one, of the same file or of another, chains followed.

use super::merge;
use super::reader::Reader;
use crate::formats::yaml::{Node, hide, parse};

/// Most services in a chain.
const DEEPEST: usize = 32;

/// The services of one file, as a place that a service is taken from.
#[derive(Clone)]
struct Place {
    path: String,
    services: Node,
}

/// A service with what it takes over laid below it; `None` where that cannot be read. `services` are those beside it.
pub(super) fn resolved(reader: &mut Reader<'_>, path: &str, services: &Node, name: &str, service: &Node) -> Option<Node> {
    let place = Place { path: path.to_owned(), services: services.clone() };
    resolve(reader, &place, name, service, &mut Vec::new())
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
