//! A compose file as a whole, as rules see it: a subject of kind `file`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::formats::Diagnostic;
use crate::model::{Field, MountKind, Placement, Platform, Record, RecordSet, Subject, SubjectKind};
use crate::text::Span;

/// What is known of a compose file beside its services.
#[derive(Clone, Debug)]
pub struct ComposeFile<'f> {
    /// Display path.
    pub path: &'f str,
    /// The first byte of the file, for what is absent.
    pub head: Span,
    /// The top-level key `version`.
    pub version: Option<Span>,
    /// What its grammar found wrong.
    pub diagnostics: &'f [Diagnostic],
    /// Names of `volumes`; `None` when the file has no such section.
    pub volumes: Option<BTreeSet<&'f str>>,
    /// Names of `networks`, likewise.
    pub networks: Option<BTreeSet<&'f str>>,
    /// Names of `secrets`, likewise.
    pub secrets: Option<BTreeSet<&'f str>>,
    /// Whether another file may define what this one names (`include`, a second compose file).
    pub open: bool,
}

/// Whether Docker Compose reads a file of this name by itself, so that it stands for a whole project;
/// `docker-compose.prod.yml` or an override is joined to another one.
#[must_use]
pub fn is_whole_project(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    // Other names are given with `-f`; only those that name an environment or an override are layers.
    let stem = name.trim_end_matches(".yaml").trim_end_matches(".yml");
    !stem.rsplit_once('.').is_some_and(|(base, _)| base.ends_with("compose"))
}

/// The subject of a compose file.
#[must_use]
pub fn compose_file_subject(file: &ComposeFile<'_>, placements: &[Placement]) -> Subject {
    let mut subject = Subject::new(SubjectKind::File, file.path);
    subject.platform = Some(Platform::Compose);
    let head = Some(file.head);
    subject.anchor = head;
    subject.facts.insert("kind", Field::text("compose", head));
    subject.facts.insert("path", Field::text(file.path, head));
    let mut problems: Vec<Record> = file.diagnostics.iter().map(diagnosed).collect();
    problems.extend(file.version.map(|span| problem("obsolete-version", "version", span, "Docker Compose ignores `version`".to_owned())));
    if !file.open && is_whole_project(file.path) {
        problems.extend(placements.iter().flat_map(|placement| undefined(file, placement)));
    }
    subject.records.insert("problem", RecordSet { rows: problems.into_iter().map(Arc::new).collect(), incomplete: None });
    subject
}

fn problem(code: &str, key: impl Into<String>, span: Span, message: String) -> Record {
    let span = Some(span);
    Record::new("problem", key, span).with("code", Field::text(code, span)).with("message", Field::text(message, span))
}

fn diagnosed(diagnostic: &Diagnostic) -> Record {
    let span = Some(diagnostic.span);
    let optional = |text: &Option<String>| text.as_ref().map_or_else(Field::absent, |text| Field::text(text, span));
    let mut record = problem(diagnostic.code, diagnostic.code, diagnostic.span, diagnostic.message.clone())
        .with("found", optional(&diagnostic.found))
        .with("expected", optional(&diagnostic.expected))
        .with("fatal", Field::bool(diagnostic.fatal, span));
    record.related.clone_from(&diagnostic.related);
    record
}

/// Volumes, networks and secrets that a service names and no section defines.
///
/// A file without the section altogether is a fragment in that respect, and is not judged.
fn undefined(file: &ComposeFile<'_>, placement: &Placement) -> Vec<Record> {
    let volumes = placement
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Volume)
        .filter_map(|mount| Some((mount.source.as_deref()?, mount.span)));
    let networks = placement.networks.iter().filter(|(name, _)| name != "default").map(|(name, span)| (name.as_str(), *span));
    let secrets = placement.secrets.iter().map(|(name, span)| (name.as_str(), *span));
    let mut found = Vec::new();
    let mut look = |code: &str, what: &str, names: Vec<(&str, Span)>, defined: Option<&BTreeSet<&str>>| {
        for (name, span) in names.into_iter().filter(|(name, _)| !name.contains('$')) {
            if defined.is_some_and(|defined| !defined.contains(name)) {
                let message = format!("service {} uses {what} {name}, which the section `{what}s:` does not define", placement.name);
                let record = problem(code, format!("{}.{what}s", placement.key), span, message);
                found.push(record.with("name", Field::text(name, Some(span))).with("fatal", Field::bool(true, Some(span))));
            }
        }
    };
    look("undefined-volume", "volume", volumes.collect(), file.volumes.as_ref());
    look("undefined-network", "network", networks.collect(), file.networks.as_ref());
    look("undefined-secret", "secret", secrets.collect(), file.secrets.as_ref());
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
