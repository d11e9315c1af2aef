//! Services whose dependencies are in other profiles: where only theirs is selected, Docker Compose refuses the project.

use std::collections::BTreeMap;

use crate::model::{Placement, Problem};

/// Services by their names.
type ByName<'p> = BTreeMap<&'p str, &'p Placement>;

/// The problems of services that need what their own profiles do not bring.
pub(super) fn problems(placements: &[Placement]) -> Vec<Problem> {
    let by_name: ByName<'_> = placements.iter().map(|placement| (placement.name.as_str(), placement)).collect();
    placements.iter().filter_map(|placement| left_out(placement, &by_name)).collect()
}

fn left_out(placement: &Placement, by_name: &ByName<'_>) -> Option<Problem> {
    let required = placement.depends_on.iter().filter(|dependency| !dependency.optional);
    let lacking = required.filter_map(|of| Some((of, missing(placement, by_name.get(of.service.as_str())?)?)));
    let (dependency, (always, profile)) = lacking.max_by_key(|(_, (always, _))| *always)?;
    let (name, other) = (&placement.name, &dependency.service);
    let message = if always {
        format!("service {name} needs {other}, which is in a profile that is not selected: Docker Compose refuses the project")
    } else {
        format!(
            "service {name} needs {other}, which is not in its profile {profile}: with `--profile {profile}` alone, Docker Compose refuses \
             the project"
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
