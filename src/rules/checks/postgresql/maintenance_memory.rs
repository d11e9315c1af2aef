//! Whether maintenance has enough memory, and all autovacuum workers together not too much.

use crate::model::{Outcome, Severity, Subject, Why, format_bytes};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number, param_number, setting_number};
use crate::rules::evaluate::{Observation, finding};

/// Less than this, and vacuum has to go over the indexes of a table again and again.
const LEAST: i64 = 64 * 1_048_576;

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(maintenance), Some(workers)) =
        (setting_number(subject, "maintenance_work_mem"), setting_number(subject, "autovacuum_max_workers"))
    else {
        return Outcome::unknown(Why::new("the memory settings are not all known"));
    };
    #[expect(clippy::cast_precision_loss, reason = "64 MB")]
    if maintenance < LEAST as f64 {
        return too_little(rule, subject);
    }
    let (name, each) = match setting_number(subject, "autovacuum_work_mem") {
        Some(own) => ("autovacuum_work_mem", own),
        None => ("maintenance_work_mem", maintenance),
    };
    let (Some(memory), Some(most)) = (fact_number(subject, "memory"), param_number(rule, "most_percent")) else {
        let why = subject.fact("memory").datum;
        return Outcome::unknown(match why {
            crate::model::Datum::Unknown(why) => *why,
            _ => Why::new("the memory is not known"),
        });
    };
    let percent = 100.0 * workers * each / memory;
    if percent <= most {
        return Outcome::Pass;
    }
    let message = format!(
        "{workers} autovacuum workers with {} each ({name}) may take {percent:.0} % of the {} of memory; expected at most {most} %",
        format_bytes(bytes(each)),
        format_bytes(bytes(memory)),
    );
    let mut observation = Observation::of_setting(subject, name, message);
    observation.found = Some(format!("{percent:.0} % of memory"));
    observation.expected = Some(format!("at most {most} % of memory for all workers"));
    observation.severity = Some(Severity::Medium);
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

fn too_little(rule: &Rule, subject: &Subject) -> Outcome {
    let mut observation = Observation::of_setting(subject, "maintenance_work_mem", String::new());
    let found = observation.found.clone().unwrap_or_default();
    observation.message = format!(
        "`maintenance_work_mem` is {found}: vacuum and index builds go over their data several times; expected at least {}",
        format_bytes(LEAST)
    );
    observation.expected = Some(format!("at least {}", format_bytes(LEAST)));
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

#[expect(clippy::cast_possible_truncation, reason = "sizes of memory are far below 2^63")]
fn bytes(number: f64) -> i64 {
    number.round() as i64
}
