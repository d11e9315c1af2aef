//! Whether the reserved connections leave any to clients; a `PostgreSQL` server that has none does not start.
//!
//! "superuser_reserved_connections plus reserved_connections must be less than max_connections", says the
//! server, and ends. `reserved_connections` exists from version 16 on.

use crate::model::{Outcome, SettingState, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, setting_number};
use crate::rules::evaluate::{Observation, finding};

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let superuser = setting_number(subject, "superuser_reserved_connections");
    let (Some(superuser), Some(reserved), Some(most)) = (superuser, reserved(subject), setting_number(subject, "max_connections")) else {
        return Outcome::unknown(Why::new("the reserved connections are not all known"));
    };
    if superuser + reserved < most {
        return Outcome::Pass;
    }
    let both = if reserved > 0.0 { format!(" + reserved_connections ({reserved})") } else { String::new() };
    let message =
        format!("the server does not start: superuser_reserved_connections ({superuser}){both} must be less than max_connections ({most})");
    let lever = if reserved > superuser { "reserved_connections" } else { "superuser_reserved_connections" };
    let mut observation = Observation::of_setting(subject, lever, message);
    observation.found = Some(format!("{} of {most} connections reserved", superuser + reserved));
    observation.expected = Some(format!("less than {most}"));
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

/// 0 before version 16; `None` when it is not known.
fn reserved(subject: &Subject) -> Option<f64> {
    match subject.settings.get("reserved_connections") {
        None | Some(SettingState::NotInVersion | SettingState::Absent) => Some(0.0),
        Some(SettingState::Known(_)) => setting_number(subject, "reserved_connections"),
        Some(SettingState::Unknown(_)) => None,
    }
}
