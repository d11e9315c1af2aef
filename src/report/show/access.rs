//! Access rules, taken apart as the server's own view of them does.

use ipnet::IpNet;

use crate::model::{Datum, Field, Record, Value};
use crate::text::secrets::hidden;

/// One rule.
pub(super) struct AccessRow<'r> {
    pub(super) record: &'r Record,
    pub(super) databases: Vec<String>,
    pub(super) users: Vec<String>,
    pub(super) address: Option<String>,
    pub(super) netmask: Option<String>,
    pub(super) options: Vec<String>,
    /// The earlier rule that covers it.
    pub(super) shadowed_by: Option<&'r Record>,
}

impl<'r> AccessRow<'r> {
    pub(super) fn of(record: &'r Record) -> Self {
        let (address, netmask) = record.text("address").map_or((None, None), address_and_mask);
        Self {
            record,
            databases: list(record, "databases"),
            users: list(record, "users"),
            address: address.map(hidden),
            netmask,
            options: list(record, "options"),
            shadowed_by: record.fields.get("shadowed_by").and_then(|field| field.record.as_deref()),
        }
    }

    pub(super) fn text(&self, name: &str) -> &'r str {
        self.record.text(name).unwrap_or_default()
    }
}

fn list(record: &Record, name: &str) -> Vec<String> {
    match record.fields.get(name) {
        Some(Field { datum: Datum::Known(Value::List(list)), .. }) => list.iter().cloned().map(hidden).collect(),
        Some(Field { datum: Datum::Known(value), .. }) => vec![hidden(value.to_string())],
        _ => Vec::new(),
    }
}

/// Address and mask, which the server reports apart even where the file writes `10.0.0.0/8`.
/// Words (`all`, `samenet`) and host names have no mask.
fn address_and_mask(written: &str) -> (Option<String>, Option<String>) {
    if let Some((address, mask)) = written.split_once(char::is_whitespace) {
        return (Some(address.to_owned()), Some(mask.trim().to_owned()));
    }
    match written.parse::<IpNet>() {
        Ok(net) => (Some(net.addr().to_string()), Some(net.netmask().to_string())),
        Err(_) => (Some(written.to_owned()), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart_as_the_server_does() {
        let both = |address: &str, mask: &str| (Some(address.to_owned()), Some(mask.to_owned()));
        assert_eq!(address_and_mask("10.1.2.3/8"), both("10.1.2.3", "255.0.0.0"));
        assert_eq!(address_and_mask("10.0.0.0 255.0.0.0"), both("10.0.0.0", "255.0.0.0"));
        assert_eq!(address_and_mask("::1/128"), both("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        assert_eq!(address_and_mask("samenet"), (Some("samenet".to_owned()), None));
    }
}
