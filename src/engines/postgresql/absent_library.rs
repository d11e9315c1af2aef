//! Libraries that every session is to load, or that nobody knows, in an image that brings those of the server alone.

use super::server::Server;
use crate::model::{MountKind, Problem, Record, SettingState, Subject, Value};
use crate::workloads::commands::covers;

/// Libraries of the server that the official image has.
const OF_THE_SERVER: [&str; 18] = [
    "auth_delay",
    "auto_explain",
    "basebackup_to_shell",
    "basic_archive",
    "passwordcheck",
    "pg_buffercache",
    "pg_logicalinspect",
    "pg_overexplain",
    "pg_plan_advice",
    "pg_prewarm",
    "pg_stash_advice",
    "pg_stat_statements",
    "pg_trgm",
    "pgoutput",
    "plpgsql",
    "postgres_fdw",
    "test_decoding",
    "worker_spi",
];

/// Each library that the image does not hold; those of `shared_preload_libraries` that are known have a rule of their own.
pub(super) fn problems(subject: &Subject, server: &Server<'_>) -> Vec<Record> {
    let Some(workload) = server.base.workload else { return Vec::new() };
    let placement = workload.placement;
    let official = workload.identity.image.as_ref().is_some_and(|image| image.distribution == Some("official"));
    let brings = placement.mounts.iter().any(|mount| {
        mount.kind != MountKind::Secret
            && (covers("/usr/lib", &mount.target) || covers("/usr/local/lib", &mount.target) || mount.target.ends_with(".so"))
    });
    if !official
        || placement.build.is_some()
        || placement.entrypoint.is_some()
        || brings
        || placement.gap_in(&[crate::model::Aspect::Mounts]).is_some()
    {
        return Vec::new();
    }
    let moved = matches!(subject.settings.get("dynamic_library_path"), Some(SettingState::Known(setting)) if setting.origin.span.is_some());
    if moved {
        return Vec::new();
    }
    let mut found = Vec::new();
    for name in ["shared_preload_libraries", "session_preload_libraries", "local_preload_libraries"] {
        let Some(SettingState::Known(setting)) = subject.settings.get(name) else { continue };
        let Value::List(items) = &setting.value else { continue };
        let shared = name == "shared_preload_libraries";
        let is_absent = |item: &&String| {
            let known = super::libraries::is_known(item);
            !OF_THE_SERVER.contains(&item.as_str()) && super::libraries::meant(item).is_none() && !(shared && known)
        };
        let Some(item) = items.iter().filter(|item| !item.is_empty()).find(is_absent) else { continue };
        let effect = if shared { "the server does not start" } else { "every login fails" };
        let message = format!("the official image has no library {item}, which `{name}` is to load: {effect}");
        let problem = Problem {
            code: "library-typo",
            key: name.to_owned(),
            name: name.to_owned(),
            span: setting.origin.span,
            message,
            ..Problem::default()
        };
        found.push(problem.record());
    }
    found
}
