//! Whether the pools of a pooler may open more connections than the servers behind it take.

use crate::model::{Datum, Outcome, Record, Subject, Value, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number};
use crate::rules::evaluate::{Observation, finding};

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(pools), Some(server)) = (fact_number(subject, "pool_connections"), fact_number(subject, "server_connections")) else {
        let why = ["pool_connections", "server_connections"].into_iter().find_map(|name| match subject.fact(name).datum {
            Datum::Unknown(why) => Some(why),
            _ => None,
        });
        return Outcome::Unknown(why.unwrap_or_else(|| Why::new("the size of the pools or of the server is not known")));
    };
    if pools <= server {
        return Outcome::Pass;
    }
    let message = format!(
        "the pools may open {pools} connections, and the server has {server} for them: under load it refuses the rest; expected at most {server}"
    );
    let records = subject.records("pool");
    let size = |record: &Record| record.fields.get("size").and_then(|field| field.datum.known()).and_then(Value::as_integer);
    let largest = records.rows.iter().max_by_key(|record| size(record)).and_then(|record| record.fields.get("size")?.span);
    let mut observation = Observation::of_setting(subject, "default_pool_size", message);
    if let Some(span) = largest {
        observation.place = Some(span);
    }
    observation.found = Some(format!("{pools} connections"));
    observation.expected = Some(format!("at most {server}"));
    observation.key = "pools".to_owned();
    Outcome::Fail(vec![finding(rule, subject, observation)])
}
