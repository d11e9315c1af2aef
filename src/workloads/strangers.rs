//! Services that share a network with a database and have nothing to do with it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::directory::Directory;
use super::field::is_layer;
use super::links::networks;
use crate::model::Placement;

/// Most strangers that one database lists by name.
const MOST_NAMED: usize = 3;

/// The services of a project that publish a port to the outside, by network.
#[derive(Debug, Default)]
pub(super) struct Strangers<'a> {
    exposed: Vec<Exposed<'a>>,
    /// Services that another one depends on or names. Of a database that nobody names, nothing tells
    /// its clients from others, proxies aside.
    named: HashSet<usize>,
    by_network: HashMap<&'a str, Vec<usize>>,
}

/// One that publishes a port, with the services that it may be a client of.
#[derive(Debug)]
struct Exposed<'a> {
    at: usize,
    name: &'a str,
    is_proxy: bool,
    /// `None` when it has settings that were not seen, and may be a client of any.
    names: Option<HashSet<usize>>,
}

impl<'a> Strangers<'a> {
    /// `role` tells what the service at a position is.
    pub(super) fn of(placements: &'a [Placement], role: impl Fn(usize) -> &'static str, directory: &Directory<'_>) -> Self {
        let mut strangers = Self::default();
        let is_exposed =
            |at: usize, placement: &Placement| !placement.ports.is_empty() && matches!(role(at), "application" | "proxy" | "other");
        for (at, placement) in placements.iter().enumerate() {
            let names = names(placement, directory);
            strangers.named.extend(names.iter().flatten().copied().filter(|named| *named != at));
            if !is_exposed(at, placement) {
                continue;
            }
            for network in networks(placement) {
                strangers.by_network.entry(network).or_default().push(strangers.exposed.len());
            }
            strangers.exposed.push(Exposed { at, name: &placement.name, is_proxy: role(at) == "proxy", names });
        }
        strangers
    }

    /// Services on a network of the database at `own` that publish a port to the outside, and neither name it nor
    /// depend on it: the first by name, and how many more there are.
    pub(super) fn to(&self, own: Option<usize>, database: &Placement) -> (Vec<&'a str>, usize) {
        let has_clients = own.is_some_and(|own| self.named.contains(&own));
        let met: BTreeSet<usize> =
            networks(database).into_iter().filter_map(|network| self.by_network.get(network)).flatten().copied().collect();
        let is_client = |exposed: &Exposed<'_>| exposed.names.as_ref().is_none_or(|names| own.is_some_and(|own| names.contains(&own)));
        let strangers = met.into_iter().filter_map(|at| self.exposed.get(at)).filter(|exposed| has_clients || exposed.is_proxy);
        let mut strangers = strangers.filter(|exposed| Some(exposed.at) != own && !is_client(exposed)).map(|exposed| exposed.name);
        let named = strangers.by_ref().take(MOST_NAMED).collect();
        (named, strangers.count())
    }
}

/// The services that one depends on or names; `None` when it has settings that were not seen.
fn names(placement: &Placement, directory: &Directory<'_>) -> Option<HashSet<usize>> {
    if placement.environment_incomplete.is_some() || !placement.incomplete.is_empty() || is_layer(placement) {
        return None;
    }
    let depends = placement.depends_on.iter().flat_map(|dependency| directory.named(&dependency.service)).copied();
    let named = RefCell::new(depends.collect::<HashSet<usize>>());
    let look = |text: &str| {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
        named.borrow_mut().extend(words.flat_map(|word| directory.answering(word)));
    };
    ["links", "external_links"].iter().filter_map(|key| placement.other.get(*key)).flatten().for_each(|(link, _)| look(link));
    for entry in &placement.environment {
        look(entry.value.value.as_deref()?);
        // Of what may be a secret, only which services it names is kept.
        _ = entry.value.raw.test(|raw| {
            look(raw);
            true
        });
    }
    for word in placement.command.iter().chain(&placement.entrypoint).flat_map(|command| &command.words) {
        look(word.value.as_deref()?);
    }
    Some(named.into_inner())
}
