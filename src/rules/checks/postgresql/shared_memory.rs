//! Whether the shared memory that a `PostgreSQL` server takes and fills when it starts fits the memory that it has.
//!
//! For each session and each prepared transaction the tables of locks have so many places as `max_locks_per_transaction` and
//! `max_pred_locks_per_transaction` say (`NLOCKENTS` in `lock.c`, `NPREDICATELOCKTARGETENTS` in `predicate.c`). The cache is not
//! counted: its pages are touched one by one, long after the start.

use crate::engines::postgresql::sizing::worst_case::megabytes;
use crate::model::{Outcome, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number, param_number, setting_number};
use crate::rules::evaluate::{Observation, finding};

/// What of a lock and its holder is filled at the start: half of their table, of about 270 bytes a place.
const LOCK: f64 = 135.0;

/// The same of a predicate lock, whose table is filled as a whole.
const PREDICATE_LOCK: f64 = 240.0;

const GIGABYTE: f64 = 1_073_741_824.0;

struct Term {
    lever: &'static str,
    bytes: f64,
    how: String,
}

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(tables), Some(hardly)) = (tables(subject), param_number(rule, "hardly_gb")) else {
        return Outcome::unknown(Why::new("the settings of the shared memory are not all known"));
    };
    let memory = fact_number(subject, "memory");
    let of_machine = |limit: f64| format!("and there are {} of memory", megabytes(limit));
    let hardly = hardly * GIGABYTE;
    if let Some(found) = beyond(rule, subject, &tables, memory.unwrap_or(hardly), memory.map(of_machine)) {
        return found;
    }
    // Taken, and not filled: only what no machine can promise is certain to be refused.
    let reserve = setting_number(subject, "min_dynamic_shared_memory");
    let reserve = reserve.map(|bytes| Term { lever: "min_dynamic_shared_memory", bytes, how: "min_dynamic_shared_memory".to_owned() });
    beyond(rule, subject, reserve.as_slice(), hardly, None).unwrap_or(Outcome::Pass)
}

fn tables(subject: &Subject) -> Option<[Term; 2]> {
    let number = |name: &str| setting_number(subject, name);
    let (connections, prepared) = (number("max_connections")?, number("max_prepared_transactions")?);
    let table = |lever: &'static str, each: f64| {
        let places = number(lever)?;
        let how = format!("{lever} ({places}) × {connections} sessions and {prepared} prepared transactions × {each} bytes");
        let lever = if prepared > places && prepared > connections { "max_prepared_transactions" } else { lever };
        Some(Term { lever, bytes: places * (connections + prepared) * each, how })
    };
    Some([table("max_locks_per_transaction", LOCK)?, table("max_pred_locks_per_transaction", PREDICATE_LOCK)?])
}

/// What is found where the terms together are beyond a limit.
fn beyond(rule: &Rule, subject: &Subject, terms: &[Term], limit: f64, of: Option<String>) -> Option<Outcome> {
    let sum: f64 = terms.iter().map(|term| term.bytes).sum();
    let most = terms.iter().max_by(|one, other| one.bytes.total_cmp(&other.bytes)).filter(|_| sum > limit)?;
    let of = of.unwrap_or_else(|| "which hardly any machine has".to_owned());
    let message = format!(
        "the server does not start: beside its cache it takes {} of shared memory at once, {of}; {} of it is {}",
        megabytes(sum),
        megabytes(most.bytes),
        most.how
    );
    let mut observation = Observation::of_setting(subject, most.lever, message);
    observation.found = Some(megabytes(sum));
    observation.expected = Some(format!("less than {}", megabytes(limit)));
    Some(Outcome::Fail(vec![finding(rule, subject, observation)]))
}
