//! Whether there is room for all processes that the settings allow; a `PostgreSQL` server with too many does not start.
//!
//! A process is numbered with 18 bits (`MAX_BACKENDS`): the server refuses settings whose sum is beyond it.

use crate::model::{Outcome, SettingState, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, setting_number};
use crate::rules::evaluate::{Observation, finding};

/// The most processes with a place in shared memory.
const MOST: f64 = 262_143.0;

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let workers = autovacuum_workers(subject);
    let names = ["max_connections", workers, "max_worker_processes", "max_wal_senders"];
    let known: Option<Vec<(&str, f64)>> = names.into_iter().map(|name| Some((name, setting_number(subject, name)?))).collect();
    let Some(terms) = known else {
        return Outcome::unknown(Why::new("the numbers of processes are not all known"));
    };
    // The launcher of autovacuum is one more.
    let sum = terms.iter().map(|(_, number)| number).sum::<f64>() + 1.0;
    if sum <= MOST {
        return Outcome::Pass;
    }
    let lever = terms.iter().max_by(|one, other| one.1.total_cmp(&other.1)).map_or("max_connections", |(name, _)| name);
    let shown = terms.iter().map(|(name, number)| format!("{name} ({number})")).collect::<Vec<_>>().join(" + ");
    let message = format!("the server does not start: {shown} + 1 is {sum}, and there is room for {MOST} processes");
    let mut observation = Observation::of_setting(subject, lever, message);
    observation.found = Some(format!("{sum} processes"));
    observation.expected = Some(format!("at most {MOST}"));
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

/// From version 18 on the places for workers of autovacuum count, and not the workers that run.
fn autovacuum_workers(subject: &Subject) -> &'static str {
    let slots = "autovacuum_worker_slots";
    match subject.settings.get(slots) {
        None | Some(SettingState::NotInVersion | SettingState::Absent) => "autovacuum_max_workers",
        Some(_) => slots,
    }
}
