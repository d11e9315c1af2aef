//! Whether clients that a rule is for can arrive at all, by the addresses that the server listens on.

use std::sync::Arc;

use super::listening::{self, Listening};
use crate::model::{Outcome, Record, Subject};
use crate::rules::Rule;
use crate::rules::checks::Context;
use crate::rules::evaluate::Observation;

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    listening::judge_each(rule, subject, observe)
}

fn observe(record: &Arc<Record>, listening: &Listening) -> Option<Observation> {
    if record.image_default || record.text("method") == Some("reject") || record.truth("can_match") == Some(false) {
        return None;
    }
    let far = matches!(record.text("clients"), Some("private" | "public" | "by-name" | "own-networks"));
    let message = match record.text("family") {
        _ if far && !listening.far_ipv4 && !listening.far_ipv6 => {
            format!("the server listens on {} only, so no client that this rule is for can arrive", listening.shown)
        }
        Some("ipv6") if record.text("clients") != Some("loopback") && listening.far_ipv4 && !listening.far_ipv6 => {
            format!("the server listens on IPv4 only ({}), so no client that this rule is for can arrive", listening.shown)
        }
        Some("ipv4") if record.text("clients") != Some("loopback") && listening.far_ipv6 && !listening.far_ipv4 => {
            format!("the server listens on IPv6 only ({}), so no client that this rule is for can arrive", listening.shown)
        }
        _ => return None,
    };
    Some(Observation {
        related: listening.span.map(|span| (span, "the server listens here".to_owned())).into_iter().collect(),
        ..Observation::of_record(record, message)
    })
}
