//! `data_directory` of a server in a container that leads out of what the service mounts.

use super::server::Server;
use crate::model::{MountKind, Problem, Record, SettingState, Subject};
use crate::workloads::commands::covers;

/// The problem of data that a setting moves to where no volume is, or into memory.
pub(super) fn problem(subject: &Subject, server: &Server<'_>) -> Option<Record> {
    let placement = server.base.workload?.placement;
    let SettingState::Known(setting) = subject.settings.get("data_directory")? else { return None };
    let folder = setting.value.as_text().filter(|folder| !folder.is_empty() && setting.origin.span.is_some())?;
    // Another file may still add the mount.
    if placement.gap_in(&[crate::model::Aspect::Mounts]).is_some() {
        return None;
    }
    let above = placement.mounts.iter().filter(|mount| covers(&mount.target, folder));
    let nearest = above.max_by_key(|mount| mount.target.trim_end_matches('/').len());
    if nearest.is_some_and(|mount| !matches!(mount.kind, MountKind::Tmpfs | MountKind::Anonymous)) {
        return None;
    }
    let message = match nearest {
        Some(mount) => {
            format!("`data_directory` is {folder}, and {} does not outlast the container: the data is lost with it", mount.target)
        }
        None => format!(
            "`data_directory` is {folder}, which no volume of the service holds: the server does not find the cluster there, or loses it with the container"
        ),
    };
    let problem = Problem {
        code: "data-directory-unmounted",
        key: "data_directory".to_owned(),
        name: "data_directory".to_owned(),
        span: setting.origin.span,
        message,
        ..Problem::default()
    };
    Some(problem.record())
}
