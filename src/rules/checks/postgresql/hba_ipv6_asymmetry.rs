//! Whether IPv6 clients need less than IPv4 clients of the same kind, or are forgotten.
//!
//! Which rules are uneven is the analysis of `pg_hba.conf`; here is whether the server listens on IPv6 at all.

use std::sync::Arc;

use super::listening::{self, Listening};
use crate::model::{Outcome, Record, Severity, Subject};
use crate::rules::Rule;
use crate::rules::checks::Context;
use crate::rules::evaluate::Observation;

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    listening::judge_each(rule, subject, observe)
}

fn observe(record: &Arc<Record>, listening: &Listening) -> Option<Observation> {
    let (message, severity) = match record.text("asymmetry") {
        Some(word @ ("weaker" | "weaker-near")) if if word == "weaker" { listening.far_ipv6 } else { listening.near_ipv6 } => {
            let method = record.text("method").unwrap_or_default();
            let twin = record.fields.get("ipv4_twin").and_then(|field| field.record.as_deref());
            let instead = match twin.and_then(|twin| twin.text("method")) {
                Some("reject") | None => "are refused".to_owned(),
                Some(other) if other == method => "need an encrypted session or a certificate too".to_owned(),
                Some(other) => format!("need {other}"),
            };
            let who = if word == "weaker" { "from anywhere" } else { "on the machine itself" };
            (format!("by IPv6 clients {who} get in with {method}, where IPv4 clients {instead}"), Severity::Medium)
        }
        Some("missing") if listening.near_ipv6 => (
            "it admits clients of the machine by 127.0.0.1, and nothing admits them by ::1, which `localhost` means first on many systems"
                .to_owned(),
            Severity::Info,
        ),
        _ => return None,
    };
    let mut observation = Observation::of_record(record, message);
    observation.severity = Some(severity);
    observation.expected = Some("the same for both".to_owned());
    let twin = record.fields.get("ipv4_twin").and_then(|field| field.span);
    observation.related.extend(twin.map(|span| (span, "this rule decides by IPv4".to_owned())));
    Some(observation)
}
