//! Faults of a service that need more than one look: mounts that miss the data, ports that clash,
//! dollar signs that compose swallows, passwords in scripts that initialise a database.

use std::sync::LazyLock;

use regex::Regex;

use super::ProjectContext;
use super::doors::doors;
use super::field::is_layer;
use super::problem_record::problem;
use super::roles::Identity;
use super::{footprints, storage};
use crate::model::footprint::MisplacedEffect;
use crate::model::{Command, Field, Mount, Placement, Port, Provenance, Record, Word};
use crate::text::Span;
use crate::workloads::reach::PortScope;

/// Whether a mount brings scripts that official images run on their first start.
fn is_init_script(mount: &Mount) -> bool {
    footprints::ALL.iter().filter_map(|footprint| footprint.image.init_folder).any(|folder| mount.target.starts_with(folder))
}

/// Whether scripts of the first start are mounted.
#[must_use]
pub(super) fn has_init_scripts(placement: &Placement) -> bool {
    placement.mounts.iter().any(is_init_script)
}

/// Every problem of a service.
#[must_use]
pub(super) fn problems(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    let mut found = Vec::new();
    found.extend(misplaced(placement, identity, context));
    found.extend(port_clashes(placement, context));
    found.extend(swallowed_dollars(placement));
    found.extend(doors(placement, identity));
    if identity.role == "database" {
        found.extend(seed_passwords(placement, context));
    }
    found
}

fn misplaced(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let layouts = storage::layouts(placement, identity, context.files);
    let (index, misplaced) = storage::misplaced_mount(placement, &layouts)?;
    let (mount, expected) = (placement.mounts.get(index)?, layouts.first()?.volume.as_deref()?);
    let fatal = misplaced.effect == MisplacedEffect::RefusesToStart;
    let record = problem(placement, "misplaced-data-mount", "volumes", mount.span, misplaced.message.to_owned())
        .with("found", Field::text(&mount.target, Some(mount.span)))
        .with("expected", Field::text(expected, Some(mount.span)))
        .with("fatal", Field::bool(fatal, Some(mount.span)));
    Some(record)
}

/// Ports of the host that an earlier service takes as well.
fn port_clashes(placement: &Placement, context: &ProjectContext<'_>) -> Vec<Record> {
    let mut clashes = Vec::new();
    // Which profile a layer belongs to stands in the file below it.
    if !placement.active || is_layer(placement) {
        return clashes;
    }
    for port in &placement.ports {
        let Some(number) = single_port(port) else {
            continue;
        };
        let earlier = context.earlier_port(placement, number, |taken| taken.protocol == port.protocol && overlap(taken, port));
        if let Some((other, taken)) = earlier {
            let message =
                format!("port {number} of the host is already published by service {}; the second container cannot start", other.name);
            let mut record =
                problem(placement, "duplicate-host-port", "ports", port.span, message).with("found", Field::text(number, Some(port.span)));
            record.related.push((taken.span, "published here first".to_owned()));
            clashes.push(record);
        }
    }
    clashes
}

/// The port of the host, where it is one number and known.
pub(super) fn single_port(port: &Port) -> Option<&str> {
    let number = port.published.as_deref().filter(|_| port.unresolved.is_none())?;
    number.parse::<u16>().is_ok_and(|number| number != 0).then_some(number)
}

fn overlap(one: &Port, other: &Port) -> bool {
    let all = |port: &Port| PortScope::of(port) == PortScope::All;
    all(one) || all(other) || one.host_address == other.host_address
}

/// Words of shell commands whose variable is meant for the shell of the container, and is replaced by nothing.
fn swallowed_dollars(placement: &Placement) -> Vec<Record> {
    let test = placement.healthcheck.as_ref().and_then(|check| check.test.as_ref());
    let places: [(&str, Option<&Command>); 3] =
        [("entrypoint", placement.entrypoint.as_ref()), ("command", placement.command.as_ref()), ("healthcheck", test)];
    let mut found = Vec::new();
    for (part, command) in places {
        for word in command.into_iter().filter(|command| command.shell).flat_map(|command| &command.words) {
            if let Some(variable) = swallowed(placement, word) {
                let message = format!(
                    "compose replaces ${variable} by nothing before the container sees it, since no variable of that name is given to compose; \
                     the container's own {variable} is meant"
                );
                let record = problem(placement, "dollar-not-escaped", part, word.span, message);
                found.push(record.with("name", Field::text(variable, Some(word.span))));
            }
        }
    }
    found
}

/// A variable that compose does not know, and the container sets to something else than compose's own.
fn swallowed<'w>(placement: &Placement, word: &'w Word) -> Option<&'w str> {
    if word.provenance != Provenance::Unresolved {
        return None;
    }
    let set_inside = |variable: &&String| {
        // `USER: ${USER}` waits for a file of variables that was not given: then nothing is wrong here.
        placement
            .environment
            .iter()
            .any(|entry| entry.name == **variable && entry.value.value.is_some() && !entry.value.variables.contains(*variable))
    };
    word.variables.iter().find(set_inside).map(String::as_str)
}

static SEED_PASSWORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let shapes = r#"(?i)(?:\bpassword\s+|\bidentified\s+(?:with\s+\w+\s+)?by\s+|\bpwd\s*:\s*)(?:'([^'\r\n]*)'|"([^"\r\n]*)")"#;
    Regex::new(shapes).ok()
});

/// Literal passwords in mounted scripts of the first start. Their places are redacted.
fn seed_passwords(placement: &Placement, context: &ProjectContext<'_>) -> Vec<Record> {
    let mut found = Vec::new();
    for mount in placement.mounts.iter().filter(|mount| is_init_script(mount)) {
        if let Some((text, span)) = &mount.content {
            found.extend(passwords_in(text).into_iter().map(|_| seed_problem(placement, *span, "this script")));
        }
        for path in mount.source_path.iter().flat_map(|path| scripts_at(context, path)) {
            let Ok(source) = context.files.read(&path) else {
                continue;
            };
            for range in passwords_in(source.text()) {
                let span = source.span(range.start, range.end);
                source.redact(span);
                found.push(seed_problem(placement, span, source.file_name()));
            }
        }
    }
    found
}

fn seed_problem(placement: &Placement, span: Span, name: &str) -> Record {
    let message =
        format!("{name} gives a role its password in plain text, and runs when service {} starts for the first time", placement.name);
    problem(placement, "seed-password", "volumes", span, message)
}

/// Script files at a path: itself, or those directly in it.
fn scripts_at(context: &ProjectContext<'_>, path: &str) -> Vec<String> {
    let is_script = |name: &str| [".sql", ".sh", ".js"].iter().any(|ending| name.ends_with(ending));
    if context.files.exists(path) != Ok(true) {
        return Vec::new();
    }
    if is_script(path) {
        return vec![path.to_owned()];
    }
    let entries = context.files.list(path).unwrap_or_default();
    entries.into_iter().filter(|entry| !entry.directory && is_script(&entry.name)).map(|entry| entry.path).collect()
}

/// Byte ranges of literal passwords in SQL, shell or JavaScript; comments and variables are none.
fn passwords_in(text: &str) -> Vec<std::ops::Range<usize>> {
    let Some(shapes) = SEED_PASSWORD.as_ref() else {
        return Vec::new();
    };
    let literal = |captures: &regex::Captures<'_>| {
        let password = captures.get(1).or_else(|| captures.get(2))?;
        let line = text.get(..password.start())?.rsplit('\n').next().unwrap_or("").trim_start();
        let comment = line.starts_with("--") || line.starts_with('#') || line.starts_with("//");
        let variable = password.as_str().contains('$') || password.as_str().starts_with(':') || password.as_str().starts_with("{{");
        (!password.is_empty() && !comment && !variable).then(|| password.range())
    };
    shapes.captures_iter(text).filter_map(|captures| literal(&captures)).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_seed_scripts_are_found() {
        for text in [
            "create role app login password 'hunter2'",
            "CREATE USER 'a'@'%' IDENTIFIED BY 'hunter2'",
            "db.createUser({ user: 'a', pwd: \"hunter2\" })",
        ] {
            assert_eq!(passwords_in(text).len(), 1, "{text}");
        }
        for text in [
            "password_hash varchar(255)",
            "create role app password :'pw'",
            "password text not null default 'x'",
            "-- password 'hunter2'",
            "password '$APP_PASSWORD'",
        ] {
            assert!(passwords_in(text).is_empty(), "{text}");
        }
    }
}
