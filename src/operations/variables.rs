//! Variables of a service that say something of its backups.

use std::collections::BTreeMap;

use super::recognise::assignments;
use crate::model::{Placement, Platform};
use crate::workloads::commands::CommandLine;

/// `SCHEDULE=@daily` and the like, which images of backup tools read.
pub(super) fn scheduled_by_variable(placement: &Placement) -> Option<String> {
    const NAMES: [&str; 6] = ["SCHEDULE", "BACKUP_SCHEDULE", "CRON_SCHEDULE", "BACKUP_CRON_EXPRESSION", "CRON_TIME", "BACKUP_CRON"];
    let set = placement.environment.iter().find(|entry| NAMES.contains(&entry.name.as_str()))?;
    set.value.value.clone().filter(|value| !value.trim().is_empty())
}

/// Variables that are known: those of the container, then those of its script.
pub(super) fn known_values(placement: &Placement, lines: &[CommandLine]) -> BTreeMap<String, String> {
    let container = placement.environment.iter().filter_map(|entry| Some((entry.name.clone(), entry.value.value.clone()?)));
    container.chain(assignments(lines)).collect()
}

/// When the line of a cron table runs, which the job is.
pub(super) fn scheduled_by_cron(placement: &Placement) -> Option<String> {
    let (when, _) = placement.other.get("schedule").filter(|_| placement.platform == Platform::Host)?.first()?;
    Some(when.clone())
}
