//! Health checks.

use super::command;
use super::reader::Reader;
use super::units::duration;
use crate::formats::yaml::Node;
use crate::model::Healthcheck;
use crate::text::Span;

/// Reads `healthcheck`.
pub(super) fn read(reader: &mut Reader<'_>, key_span: Span, node: &Node) -> Option<Healthcheck> {
    if !node.is_mapping() {
        if !node.is_null() {
            reader.problem("compose-invalid-value", node.place(), "`healthcheck` is not a mapping", "`test:` and its options below it");
            reader.lost("healthcheck", node.place());
        }
        return None;
    }
    let (none, test) = match node.get("test") {
        Some(test) => command::read_test(reader, test),
        None => (false, None),
    };
    let disabled = none || node.get("disable").and_then(|value| reader.truth("healthcheck", value)).unwrap_or(false);
    let mut time = |key: &str| {
        let (text, span) = reader.known("healthcheck", node.get(key)?)?;
        let microseconds = duration(&text);
        if microseconds.is_none() {
            reader.problem("compose-invalid-value", span, "this is not a valid duration", "a number with a unit, for example 30s or 1m30s");
        }
        microseconds
    };
    let (interval, timeout, start_period) = (time("interval"), time("timeout"), time("start_period"));
    Some(Healthcheck { disabled, test, interval, timeout, start_period, span: key_span.to(node.span) })
}
