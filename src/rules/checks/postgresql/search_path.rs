//! Whether `search_path` puts a schema that many may write to before those that names are meant to be found in.
//!
//! Where `pg_catalog` is not in the list, the server looks there first; where it is, in the order of the list.
//! <https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH>

use crate::model::{Outcome, SettingState, Severity, Subject, Value, Why};
use crate::rules::Rule;
use crate::rules::checks::Context;
use crate::rules::evaluate::{Observation, finding};

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let Some(SettingState::Known(setting)) = subject.settings.get("search_path") else {
        return Outcome::unknown(Why::new("search_path is not known"));
    };
    let Value::List(schemas) = &setting.value else { return Outcome::Pass };
    let place = |name: &str| schemas.iter().position(|schema| schema == name);
    let (message, severity) = if let (Some(before), Some(1..)) = (schemas.first(), place("pg_catalog")) {
        let message = format!(
            "`search_path` names pg_catalog after {before}: a function or operator that somebody creates there is taken instead of the server's own; expected no pg_catalog in the list, which is then searched first"
        );
        (message, Severity::Medium)
    } else if place("public") == Some(0) && schemas.iter().skip(1).any(|schema| schema != "pg_catalog" && schema != "public") {
        let message = "`search_path` begins with public: a table or function that somebody puts there is taken instead of that of the schemas behind it; expected public last".to_owned();
        (message, Severity::Low)
    } else {
        return Outcome::Pass;
    };
    let mut observation = Observation::of_setting(subject, "search_path", message);
    observation.expected = Some(if severity == Severity::Medium { "no pg_catalog" } else { "public last" }.to_owned());
    observation.severity = Some(severity);
    Outcome::Fail(vec![finding(rule, subject, observation)])
}
