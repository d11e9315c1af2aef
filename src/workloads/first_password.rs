//! The password that an official image wants at its first start, and that nothing brings.

use super::commands::covers;
use super::footprints;
use super::images::Entrypoint;
use super::problem_record::problem;
use super::roles::Identity;
use crate::model::{Aspect, EnvironmentEntry, Placement, Record};

/// The problem of a database whose first start ends for want of a password.
pub(super) fn problem_of(placement: &Placement, identity: &Identity) -> Option<Record> {
    let wanted = identity.engine.and_then(footprints::of)?.access.first_start;
    let official = identity.image.as_ref().is_some_and(|image| image.common().entrypoint == Entrypoint::Official);
    let whole = placement.environment_incomplete.is_none() && placement.gap_in(&[Aspect::Mounts, Aspect::Environment]).is_none();
    if wanted.is_empty() || !official || placement.build.is_some() || placement.entrypoint.is_some() || !whole {
        return None;
    }
    let mut empty = None;
    for entry in &placement.environment {
        if wanted.contains(&entry.name.as_str()) {
            if entry.value.value.as_deref() != Some("") {
                return None;
            }
            empty = Some((entry.name_span, format!("{} is empty", entry.name)));
        }
        if entry.name.strip_suffix("_FILE").is_some_and(|name| wanted.contains(&name)) {
            match missing_file(placement, entry) {
                Some(why) => empty = Some((entry.name_span, why)),
                None => return None,
            }
        }
    }
    let (span, why) = empty.unwrap_or_else(|| {
        let span = placement.image.as_ref().map_or(placement.name_span, |image| image.span);
        (span, format!("none of {} is set", wanted.join(", ")))
    });
    let message = format!("the first start of {} fails, for want of a password: {why}", placement.name);
    Some(problem(placement, "first-start-without-password", "environment", span, message))
}

/// Why the file that a variable names holds no password.
fn missing_file(placement: &Placement, entry: &EnvironmentEntry) -> Option<String> {
    let path = entry.value.value.as_deref().filter(|path| path.starts_with('/'))?;
    let above = placement.mounts.iter().filter(|mount| covers(&mount.target, path));
    let Some(mount) = above.max_by_key(|mount| mount.target.len()) else {
        return Some(format!("{} names {path}, and nothing is mounted there", entry.name));
    };
    let is_empty = mount.value.as_ref().is_some_and(|(value, _)| value.test(|text| text.trim().is_empty()));
    is_empty.then(|| format!("the secret that {} names is empty", entry.name))
}
