//! What is wrong with a compose file as a whole, beside its services.

use std::collections::BTreeSet;

use super::circles::circles;
use super::{ComposeProject, Resource, profiles};
use crate::model::{MountKind, Placement, Problem, Record};
use crate::text::Span;
use crate::text::path::name_of;

/// Whether Docker Compose reads a file of this name by itself, so that it stands for a whole project;
/// `docker-compose.prod.yml` or an override is joined to another one.
pub(super) fn is_whole_project(path: &str) -> bool {
    let name = name_of(path);
    // Other names are given with `-f`; only those that name an environment or an override are layers.
    let stem = name.trim_end_matches(".yaml").trim_end_matches(".yml");
    !stem.rsplit_once('.').is_some_and(|(base, _)| base.ends_with("compose"))
}

/// Every problem of the file.
pub(super) fn problems(file: &ComposeProject) -> Vec<Record> {
    let coded = |problem: Problem| Problem { key: problem.code.to_owned(), ..problem };
    let mut problems: Vec<Problem> = file.diagnostics.iter().map(|diagnostic| coded(diagnostic.problem())).collect();
    problems.extend(file.version.map(|span| Problem {
        code: "obsolete-version",
        key: "version".to_owned(),
        span: Some(span),
        message: "Docker Compose ignores `version`".to_owned(),
        ..Problem::default()
    }));
    problems.extend(circles(&file.placements));
    if !is_open(file) && (file.stated || is_whole_project(&file.path)) {
        let defined = Defined::of(file);
        problems.extend(file.placements.iter().flat_map(|placement| undefined(&defined, placement)));
        problems.extend(profiles::problems(&file.placements));
    }
    problems.into_iter().map(Problem::record).collect()
}

/// Whether another file may define what this one names: one that it includes and that was not given, one that it extends,
/// or the file that it overrides.
fn is_open(file: &ComposeProject) -> bool {
    let name = name_of(&file.path);
    let base = name.trim_end_matches(".yml").trim_end_matches(".yaml");
    let is_override = base.ends_with("override") || (base.starts_with("docker-compose.") || base.starts_with("compose."));
    file.cut_at.is_some()
        || !file.missing.is_empty()
        || (is_override && !file.stated)
        || file.placements.iter().any(|placement| !placement.incomplete.is_empty())
}

/// Names that sections define; `None` without such a section, which may be elsewhere.
struct Defined<'f> {
    volumes: Option<BTreeSet<&'f str>>,
    networks: Option<BTreeSet<&'f str>>,
    secrets: Option<BTreeSet<&'f str>>,
    configs: Option<BTreeSet<&'f str>>,
}

impl<'f> Defined<'f> {
    fn of(file: &'f ComposeProject) -> Self {
        // A file that has some of the sections and stands alone has all that there is.
        let whole = !file.fragment && file.alone;
        let names = |resources: &'f [Resource]| {
            (whole || !resources.is_empty()).then(|| resources.iter().map(|resource| resource.name.as_str()).collect())
        };
        let resources = &file.resources;
        Self {
            volumes: names(&resources.volumes),
            networks: names(&resources.networks),
            secrets: names(&resources.secrets),
            configs: names(&resources.configs),
        }
    }
}

/// Volumes, networks, secrets and configs that a service names and no section defines.
///
/// A file without any section, or with another compose file beside it, is a fragment in that respect, and is not judged.
fn undefined(defined: &Defined<'_>, placement: &Placement) -> Vec<Problem> {
    let volumes = placement
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Volume)
        .filter_map(|mount| Some((mount.source.as_deref()?, mount.span)));
    let networks = placement.networks.iter().filter(|(name, _)| name != "default").map(|(name, span)| (name.as_str(), *span));
    let secrets = placement.secrets.iter().map(|(name, span)| (name.as_str(), *span));
    let configs = placement.other.get("configs").into_iter().flatten().map(|(name, span)| (name.as_str(), *span));
    let mut found = Vec::new();
    let mut look = |code: &'static str, what: &str, names: Vec<(&str, Span)>, defined: Option<&BTreeSet<&str>>| {
        for (name, span) in names.into_iter().filter(|(name, _)| !name.contains('$')) {
            if defined.is_some_and(|defined| !defined.contains(name)) {
                let message = format!("service {} uses {what} {name}, which the section `{what}s:` does not define", placement.name);
                found.push(Problem {
                    code,
                    key: format!("{}.{what}s", placement.key),
                    name: name.to_owned(),
                    span: Some(span),
                    message,
                    fatal: true,
                    ..Problem::default()
                });
            }
        }
    };
    look("undefined-volume", "volume", volumes.collect(), defined.volumes.as_ref());
    look("undefined-network", "network", networks.collect(), defined.networks.as_ref());
    look("undefined-secret", "secret", secrets.collect(), defined.secrets.as_ref());
    look("undefined-config", "config", configs.collect(), defined.configs.as_ref());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_told_from_projects() {
        for path in ["compose.yaml", "app/docker-compose.yml", "stack.yml", "db-compose.yaml"] {
            assert!(is_whole_project(path), "{path}");
        }
        for path in ["docker-compose.override.yml", "compose.prod.yaml", "app/docker-compose.dev.yml"] {
            assert!(!is_whole_project(path), "{path}");
        }
    }
}
