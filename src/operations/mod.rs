//! What keeps a database alive over time: backup jobs, so far as compose commands, their scripts and
//! backup images show them.

mod intervals;
pub mod jobs;
mod judged;
mod recognise;
mod script;
mod variables;

use crate::config::Config;
use crate::model::{Field, Placement, Platform, RecordSet, Subject};
use crate::workloads::ProjectContext;
use crate::workloads::commands::all_lines;

/// Adds the jobs that a service runs to its subject, and what is wrong with them.
pub fn add_jobs(subject: &mut Subject, placement: &Placement, context: &ProjectContext<'_>, config: &Config) {
    let lines = all_lines(placement, context.files);
    let jobs = jobs::jobs(placement, context, &lines);
    let makes_backups = judged::makes_backups(placement, context, &jobs);
    subject.facts.insert("makes_backups", Field::bool(makes_backups, Some(placement.name_span)));
    let faults = if makes_backups { judged::faults(placement, context, config, &jobs, &lines) } else { RecordSet::default() };
    subject.facts.insert("job_name", Field::text(job_name(placement), Some(placement.name_span)));
    if placement.active {
        // What a backup deletes in its script is judged with it; its hooks are not.
        let judged = if makes_backups { &[][..] } else { lines.as_slice() };
        script::destroyed(placement, context, judged, makes_backups).into_iter().for_each(|record| subject.add(record));
    }
    subject.records.insert("job_fault", faults);
    subject.records.insert("job", jobs);
}

/// What makes the backup, in words.
fn job_name(placement: &Placement) -> String {
    let name = &placement.name;
    match placement.platform {
        Platform::Host if placement.active => format!("the cron job {name}"),
        Platform::Host => format!("the script {name}"),
        _ => format!("service {name}"),
    }
}
