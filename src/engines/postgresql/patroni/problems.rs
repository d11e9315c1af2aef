//! What is wrong with the file, as records of the kind `problem`.

use super::node::{self, Placed};
use crate::formats::yaml::Node;
use crate::model::{Field, Problem, Record};
use crate::text::SourceId;

/// A parameter that has no effect.
pub(super) fn ignored(name: &Placed, value: &Placed, reason: &str) -> Record {
    let message = format!("`{}` has no effect here: {reason}.", name.text);
    problem("patroni-ignored", &name.text, value, message)
}

fn problem(code: &'static str, name: &str, place: &Placed, message: String) -> Record {
    let found = Some(place.text.clone());
    Problem { code, name: name.to_owned(), span: Some(place.span), message, found, ..Problem::default() }.record()
}

/// Times of the cluster that do not fit together: the leader would lose its lock while it still tries to renew it.
pub(super) fn timing(root: &Node) -> Option<Record> {
    let of = |name: &str, default: i64| {
        let local = node::number(root, &[name]);
        node::number(root, &["bootstrap", "dcs", name]).or(local).map_or((default, None), |(number, span)| (number, Some(span)))
    };
    let ((ttl, ttl_at), (wait, wait_at), (retry, retry_at)) = (of("ttl", 30), of("loop_wait", 10), of("retry_timeout", 10));
    let span = ttl_at.or(wait_at).or(retry_at)?;
    let needed = wait.saturating_add(retry.saturating_mul(2));
    let message = format!(
        "`ttl` is {ttl} and must be at least loop_wait + 2 * retry_timeout = {needed}: otherwise the leader loses its lock while it still tries to renew it, and is demoted."
    );
    (ttl < needed).then(|| problem("patroni-timing", "ttl", &Placed { text: ttl.to_string(), span }, message))
}

/// What would stop a server that reads it from a file, and Patroni leaves out or corrects with a warning: unknown names
/// and values that are not valid. Source: `transform_postgresql_parameter_value` of patroni/postgresql/validator.py.
pub(super) fn left_out(record: &Record, source: SourceId) -> Option<Record> {
    let ours = record.span.is_some_and(|span| span.source == source);
    if !ours || record.truth("fatal") != Some(true) || record.text("code").is_some_and(|code| code.starts_with("patroni-")) {
        return None;
    }
    let kept = record.text("message").unwrap_or_default();
    let kept = kept.replace(" The server does not start.", "").replace(", and the server does not start with it", "");
    let kept = kept.replace(" and does not start", "");
    let instead = match record.text("code") {
        Some("out-of-range") => "Patroni takes the nearest value that is allowed",
        _ => "Patroni leaves it out",
    };
    let message = format!("{kept} {instead} and says so in its log.");
    let mut record = record.clone();
    for (name, field) in [
        ("code", Field::word("patroni-left-out", record.span)),
        ("message", Field::text(message, record.span)),
        ("fatal", Field::bool(false, record.span)),
    ] {
        record.fields.insert(name, field);
    }
    Some(record)
}
