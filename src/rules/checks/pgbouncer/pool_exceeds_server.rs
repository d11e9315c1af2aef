//! Whether the pools of a pooler may open more connections than the servers behind it take.

use crate::model::{Datum, Outcome, Record, Subject, Value, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number};
use crate::rules::evaluate::{Observation, finding};

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(largest), Some(server)) = (fact_number(subject, "largest_pool"), fact_number(subject, "server_connections")) else {
        return Outcome::unknown(Why::new("the size of the pools or of the server is not known"));
    };
    let (opened, pools) = match subject.fact("pool_connections").datum {
        Datum::Known(pools) if pools.as_number().is_some_and(|pools| pools > server) => {
            (pools.as_number().unwrap_or_default(), "the pools")
        }
        Datum::Known(_) => return Outcome::Pass,
        // However many pools there are, one alone is too large.
        _ if largest > server => (largest, "one pool"),
        Datum::Unknown(why) => return Outcome::unknown(*why),
        _ => return Outcome::unknown(Why::new("the number of pools is not known")),
    };
    let message = format!(
        "{pools} may open {opened} connections, and the server has {server} for them: under load it refuses the rest; expected at most {server}"
    );
    let records = subject.records("pool");
    let size = |record: &Record| record.fields.get("size").and_then(|field| field.datum.known()).and_then(Value::as_integer);
    let largest = records.rows.iter().max_by_key(|record| size(record)).and_then(|record| record.fields.get("size")?.span);
    let mut observation = Observation::of_setting(subject, "default_pool_size", message);
    if let Some(span) = largest {
        observation.place = Some(span);
    }
    observation.found = Some(format!("{opened} connections"));
    observation.expected = Some(format!("at most {server}"));
    observation.key = "pools".to_owned();
    Outcome::Fail(vec![finding(rule, subject, observation)])
}
