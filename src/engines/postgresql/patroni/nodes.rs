//! The nodes of one cluster, compared with each other: a file that was copied from one to the next, and not changed in full.

use std::collections::BTreeMap;

use super::file::Patroni;
use super::node::Placed;
use crate::model::{Problem, Record};

/// Says of each file what of it another node of its cluster has already.
pub(in crate::engines::postgresql) fn compare(nodes: &mut [Patroni]) {
    let mut clusters: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if let Some(scope) = &node.scope {
            clusters.entry(scope.clone()).or_default().push(at);
        }
    }
    let mut found: Vec<(usize, Record)> = Vec::new();
    for members in clusters.values() {
        for (position, at) in members.iter().enumerate() {
            let Some(node) = nodes.get(*at) else { continue };
            let before = members.iter().take(position).filter_map(|other| nodes.get(*other));
            found.extend(before.filter_map(|other| shared(node, other)).map(|record| (*at, record)).take(1));
        }
    }
    for (at, record) in found {
        if let Some(node) = nodes.get_mut(at) {
            node.tell(record);
        }
    }
}

/// What two nodes share and must not: the name with different addresses, or the address with different names.
fn shared(node: &Patroni, other: &Patroni) -> Option<Record> {
    let (name, address) = (node.name.as_ref()?, node.address.as_ref()?);
    let (other_name, other_address) = (other.name.as_ref()?, other.address.as_ref()?);
    let path = other.source.path();
    match (name.text == other_name.text, address.text == other_address.text) {
        (true, false) => Some(problem(
            "name",
            name,
            other_name,
            format!(
                "`name` is {} here and in {path}, whose address is another: of two nodes with one name the second ends when it starts.",
                name.text
            ),
        )),
        (false, true) => Some(problem(
            "postgresql.connect_address",
            address,
            other_address,
            format!(
                "`connect_address` is {} here and in {path}, whose name is another: the cluster looks for both nodes at one server.",
                address.text
            ),
        )),
        _ => None,
    }
}

fn problem(key: &str, place: &Placed, other: &Placed, message: String) -> Record {
    let found = Some(place.text.clone());
    let problem =
        Problem { code: "patroni-node-twice", name: key.to_owned(), span: Some(place.span), message, found, ..Problem::default() };
    let mut record = problem.record();
    record.related.push((other.span, "the other node".to_owned()));
    record
}
