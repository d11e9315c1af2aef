//! Doors beside the one of clients: ports for the members of a cluster and for administration, and the password that an image
//! ships with.

use super::field::is_layer;
use super::problem_record::problem;
use super::roles::Identity;
use super::side_doors::{KNOWN, SidePort};
use crate::model::{Engine, Placement, Port, Record};
use crate::text::path::name_of;
use crate::workloads::reach::PortScope;

/// Every such door of a service that stands open.
pub(super) fn doors(placement: &Placement, identity: &Identity) -> Vec<Record> {
    if placement.ports.is_empty() || is_layer(placement) || placement.network_mode.is_some() {
        return Vec::new();
    }
    let open = placement.ports.iter().filter(|port| PortScope::of(port) != PortScope::Loopback);
    let mut found: Vec<Record> = open.filter_map(|port| side_port(placement, identity, port)).collect();
    found.extend(shipped_password(placement));
    found
}

/// Whether an image has one of these names: `spilo` stands for `zalando/spilo-17`.
fn is_one_of(placement: &Placement, names: &[String]) -> bool {
    let Some(image) = &placement.image else { return false };
    is_called(&name_of(&image.repository).to_ascii_lowercase(), names)
}

/// Whether this is one of these names, or one with a release behind it: `zalando/spilo-17`.
fn is_called(name: &str, names: &[String]) -> bool {
    let is_release = |rest: &str| rest.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    names.iter().any(|known| name.strip_prefix(known.as_str()).is_some_and(|rest| rest.is_empty() || is_release(rest)))
}

fn side_port(placement: &Placement, identity: &Identity, port: &Port) -> Option<Record> {
    let first = port.target?;
    let range = first..=port.target_end.unwrap_or(first);
    let engine = identity.engine.filter(|_| identity.role == "database");
    let is_engine = |name: &String| engine.is_some() && name.parse::<Engine>().ok() == engine;
    let has = |known: &&SidePort| known.engines.iter().any(is_engine) || is_one_of(placement, &known.images);
    let of = |known: &'static SidePort| Some((known, known.numbers.iter().find(|number| range.contains(number))?));
    let (known, number) = KNOWN.port.iter().filter(has).find_map(of)?;
    let message = format!("port {number} of {}, which is published, is {}", placement.name, known.what);
    Some(problem(placement, known.by.code(), "ports", port.span, message))
}

/// The password that an image has until a variable sets another one, at a port that is published.
fn shipped_password(placement: &Placement) -> Option<Record> {
    let is_whole = placement.environment_incomplete.is_none() && placement.incomplete.is_empty() && placement.build.is_none();
    let repository = placement.image.as_ref()?.repository.to_ascii_lowercase();
    let repository = repository.strip_prefix("library/").unwrap_or(&repository);
    let known = KNOWN.password.iter().find(|known| is_called(repository, &known.images)).filter(|_| is_whole)?;
    let is_open = placement.ports.iter().any(|port| PortScope::of(port) != PortScope::Loopback);
    let is_set = placement.environment.iter().any(|entry| known.variables.contains(&entry.name));
    let configured = placement.mounts.iter().any(|mount| mount.target.starts_with("/etc/"));
    let span = placement.image.as_ref().map_or(placement.name_span, |image| image.span);
    let message = format!(
        "nothing sets another password in {} than the one of its image: {} gets in at a published port",
        placement.name, known.login
    );
    (is_open && !is_set && !configured).then(|| problem(placement, "image-password", "environment", span, message))
}
