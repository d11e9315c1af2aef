//! What keeps the server of a container from starting at all, whatever its own files say.

use super::commands::{CommandLine, command_lines};
use super::footprints;
use super::images::Entrypoint;
use super::problem_record::problem;
use super::roles::Identity;
use crate::formats::shell::is_shell;
use crate::model::footprint::Footprint;
use crate::model::{Placement, Record};
use crate::text::{Files, Span};

/// Capabilities without which the entrypoint of an official image cannot become the account of the server.
const OF_ANOTHER_ACCOUNT: [&str; 2] = ["SETUID", "SETGID"];

/// Programs that start what follows as another account.
const STEPS_DOWN: [&str; 6] = ["gosu", "su-exec", "setpriv", "su", "runuser", "sudo"];

/// The least segment of System V that a server asks for, in bytes.
const LEAST_SEGMENT: u64 = 4096;

/// Every reason.
pub(super) fn problems(placement: &Placement, identity: &Identity, files: &Files) -> Vec<Record> {
    let official =
        identity.image.as_ref().is_some_and(|image| image.common().entrypoint == Entrypoint::Official) && placement.build.is_none();
    let engine = identity.engine.and_then(footprints::of);
    let mut found = Vec::new();
    if official && starts_as_root(placement) {
        // Others go on as root where they cannot become another account.
        found.extend(engine.filter(|engine| engine.server.refuses_root).and_then(|_| cannot_step_down(placement)));
        found.extend(engine.and_then(|engine| as_root(placement, engine, files)));
    }
    if engine.is_some_and(|engine| engine.server.shares_memory) {
        found.extend(without_shared_memory(placement));
    }
    found.into_iter().map(|(part, span, message)| problem(placement, "never-starts", part, span, message)).collect()
}

/// Whether the first program of the container is run as root, as the images say.
fn starts_as_root(placement: &Placement) -> bool {
    placement.user.as_ref().is_none_or(|(user, _)| matches!(user.split(':').next(), Some("root" | "0")))
}

/// `cap_drop: [ALL]` without what the entrypoint needs.
fn cannot_step_down(placement: &Placement) -> Option<(&'static str, Span, String)> {
    let name = |text: &str| text.to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
    let listed = |key: &str| placement.other.get(key).into_iter().flatten();
    let added = |wanted: &str| listed("cap_add").any(|(text, _)| matches!(name(text).as_str(), known if known == wanted || known == "ALL"));
    let gone = |(text, _): &&(String, Span)| {
        let dropped = name(text);
        OF_ANOTHER_ACCOUNT.iter().any(|needed| (dropped == "ALL" || dropped == *needed) && !added(needed))
    };
    let (text, span) = listed("cap_drop").find(gone)?;
    let message = format!(
        "{} drops {text}: the entrypoint of its image begins as root and cannot become the account of the server without SETUID and SETGID",
        placement.name
    );
    Some(("cap_drop", *span, message))
}

/// A command that starts the server itself, where the entrypoint would have changed the account before.
fn as_root(placement: &Placement, engine: &Footprint, files: &Files) -> Option<(&'static str, Span, String)> {
    if !engine.server.refuses_root {
        return None;
    }
    let (part, command) = match (&placement.entrypoint, &placement.command) {
        // An empty entrypoint takes that of the image away.
        (Some(entrypoint), Some(command)) if entrypoint.words.is_empty() => ("command", command),
        (Some(entrypoint), _) if !entrypoint.words.is_empty() => ("entrypoint", entrypoint),
        // The entrypoint hands on what begins with a shell, as root.
        (None, Some(command)) if command.script.is_some() => ("command", command),
        _ => return None,
    };
    let lines = command_lines(command, files);
    let lines: Vec<&CommandLine> = lines.iter().filter(|line| !line.words.is_empty() && !is_shell(line.program())).collect();
    let steps_down = |program: &str| STEPS_DOWN.contains(&program) || program.ends_with(".sh") || engine.server.starters.contains(&program);
    let line = lines.iter().rfind(|line| engine.server.programs.contains(&line.program()))?;
    if lines.iter().flat_map(|line| &line.words).any(|word| steps_down(word.program())) {
        return None;
    }
    let message = format!("{} is started as root, without the entrypoint of its image, and refuses that", line.program());
    Some((part, line.span().unwrap_or(command.span), message))
}

/// No `/dev/shm`, or none of the shared memory of System V.
fn without_shared_memory(placement: &Placement) -> Option<(&'static str, Span, String)> {
    let values = |key: &str| placement.other.get(key).into_iter().flatten();
    if let Some((_, span)) = values("ipc").find(|(mode, _)| mode == "none") {
        let message = format!("{} has no /dev/shm (ipc: none), and its server shares memory there between its processes", placement.name);
        return Some(("ipc", *span, message));
    }
    let least = |(text, span): &(String, Span)| {
        let (name, value) = text.split_once('=')?;
        let bytes = value.trim().parse::<u64>().ok()?;
        (name == "kernel.shmmax" && bytes < LEAST_SEGMENT).then_some((text.clone(), *span))
    };
    let (text, span) = values("sysctls").find_map(least)?;
    Some(("sysctls", span, format!("{text} leaves {} no segment of shared memory, and its server asks for one", placement.name)))
}
