//! Whether the memory that `PostgreSQL` may use at worst is more than hardly any machine has, where it is not known which it is on.

use crate::engines::postgresql::sizing::worst_case::{largest_lever, megabytes, terms};
use crate::model::{Outcome, Severity, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number, param_number};
use crate::rules::evaluate::{Observation, finding};

const GIGABYTE: f64 = 1_073_741_824.0;

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    if fact_number(subject, "memory").is_some() {
        return Outcome::NotApplicable("the memory is known; postgresql-worst-case-memory compares with it".to_owned());
    }
    let (Some(terms), Some(warn), Some(high)) = (terms(subject), param_number(rule, "warn_gb"), param_number(rule, "high_gb")) else {
        return Outcome::unknown(Why::new("the memory settings are not all known"));
    };
    let sum: f64 = terms.iter().map(|term| term.bytes).sum();
    if sum <= warn * GIGABYTE {
        return Outcome::Pass;
    }
    let most = terms.iter().max_by(|one, other| one.bytes.total_cmp(&other.bytes));
    let most = most.map(|term| format!("; {} of it is {}", megabytes(term.bytes), term.how)).unwrap_or_default();
    let message = format!(
        "at worst the server uses {}{most}, and hardly any machine has so much; expected at most the memory of the machine, which `--memory` states",
        megabytes(sum)
    );
    let mut observation = Observation::of_setting(subject, largest_lever(subject), message);
    observation.expected = Some("at most the memory of the machine".to_owned());
    observation.key = "memory".to_owned();
    observation.severity = Some(if sum > high * GIGABYTE { Severity::High } else { Severity::Medium });
    Outcome::Fail(vec![finding(rule, subject, observation)])
}
