//! Services that wait for one another, for which Docker Compose refuses the project.

use std::collections::BTreeMap;

use crate::model::{Placement, Problem};

/// Services that wait for one another in a circle: the problem of each circle, at its first service.
pub(super) fn circles(placements: &[Placement]) -> Vec<Problem> {
    let by_name: BTreeMap<&str, &Placement> = placements.iter().map(|placement| (placement.name.as_str(), placement)).collect();
    let mut done: BTreeMap<&str, bool> = BTreeMap::new();
    let mut found = Vec::new();
    for placement in placements {
        let mut path: Vec<(&Placement, usize)> = Vec::new();
        let mut next = Some(placement).filter(|placement| !done.contains_key(placement.name.as_str()));
        loop {
            if let Some(placement) = next.take() {
                done.insert(&placement.name, false);
                path.push((placement, 0));
            }
            let Some((at, seen)) = path.last_mut() else { break };
            let Some(dependency) = at.depends_on.get(*seen) else {
                done.insert(&at.name, true);
                path.pop();
                continue;
            };
            *seen += 1;
            match (by_name.get(dependency.service.as_str()), done.get(dependency.service.as_str())) {
                (Some(other), None) => next = Some(other),
                (Some(other), Some(false)) => {
                    let names = path.iter().map(|(placement, _)| placement.name.as_str()).skip_while(|name| *name != other.name);
                    let circle = names.chain([other.name.as_str()]).collect::<Vec<_>>().join(" → ");
                    found.push(Problem {
                        code: "compose-invalid-value",
                        key: format!("{}.depends_on", other.key),
                        span: Some(dependency.span),
                        message: format!("services wait for one another ({circle}), and Docker Compose refuses the project"),
                        fatal: true,
                        ..Problem::default()
                    });
                }
                _ => {}
            }
        }
    }
    found
}
