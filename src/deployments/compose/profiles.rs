//! Services whose dependencies are in other profiles: where only theirs is selected, Docker Compose refuses the project.

use std::collections::BTreeMap;

use crate::model::{Placement, Problem};

/// The problems of services that need what their own profiles do not bring.
pub(super) fn problems(placements: &[Placement]) -> Vec<Problem> {
    let by_name: BTreeMap<&str, &Placement> = placements.iter().map(|placement| (placement.name.as_str(), placement)).collect();
    let of = |placement| {
        let needed = |placement: &Placement, name: &str| by_name.get(name).and_then(|target| missing(placement, target));
        left_out(placement, &needed)
    };
    placements.iter().filter_map(of).collect()
}

fn left_out(placement: &Placement, needed: &dyn Fn(&Placement, &str) -> Option<(bool, String)>) -> Option<Problem> {
    let required = placement.depends_on.iter().filter(|dependency| !dependency.optional);
    let (dependency, (always, profile)) = required
        .filter_map(|dependency| Some((dependency, needed(placement, &dependency.service)?)))
        .max_by_key(|(_, (always, _))| *always)?;
    let (name, other) = (&placement.name, &dependency.service);
    let message = if always {
        format!("service {name} needs {other}, which is in a profile that is not selected: Docker Compose refuses the project")
    } else {
        format!(
            "service {name} needs {other}, which is not in its profile {profile}: with `--profile {profile}` alone, Docker Compose refuses the project"
        )
    };
    Some(Problem {
        code: if always { "profile-not-selected" } else { "profile-incomplete" },
        key: format!("{}.depends_on", placement.key),
        name: other.clone(),
        span: Some(dependency.span),
        message,
        fatal: always,
        ..Problem::default()
    })
}

/// Whether a service lacks another always, or only where this profile is selected alone.
fn missing(placement: &Placement, target: &Placement) -> Option<(bool, String)> {
    let profiles =
        |of: &Placement| -> Vec<String> { of.other.get("profiles").into_iter().flatten().map(|(profile, _)| profile.clone()).collect() };
    let (own, others) = (profiles(placement), profiles(target));
    if others.is_empty() {
        return None;
    }
    if own.is_empty() {
        return (!target.active).then(|| (true, String::new()));
    }
    let lacking = own.into_iter().find(|profile| !others.contains(profile))?;
    let always = placement.active && !target.active;
    Some((always, lacking))
}
