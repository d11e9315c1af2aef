//! Services whose dependencies are in other profiles: where only theirs is selected, Docker Compose refuses the project.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Placement, Problem};

/// A service with the profiles that it is in.
struct Member<'p> {
    placement: &'p Placement,
    profiles: BTreeSet<&'p str>,
}

impl<'p> Member<'p> {
    fn of(placement: &'p Placement) -> Self {
        Self { placement, profiles: written(placement).collect() }
    }
}

/// Its profiles, in the order written.
fn written(placement: &Placement) -> impl Iterator<Item = &str> {
    placement.other.get("profiles").into_iter().flatten().map(|(profile, _)| profile.as_str())
}

/// Services by their names.
type ByName<'p> = BTreeMap<&'p str, Member<'p>>;

/// The problems of services that need what their own profiles do not bring.
pub(super) fn problems(placements: &[Placement]) -> Vec<Problem> {
    let by_name: ByName<'_> = placements.iter().map(|placement| (placement.name.as_str(), Member::of(placement))).collect();
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
fn missing<'p>(placement: &'p Placement, target: &Member<'_>) -> Option<(bool, &'p str)> {
    if target.profiles.is_empty() {
        return None;
    }
    if written(placement).next().is_none() {
        return (!target.placement.active).then_some((true, ""));
    }
    let lacking = written(placement).find(|profile| !target.profiles.contains(profile))?;
    Some((placement.active && !target.placement.active, lacking))
}
