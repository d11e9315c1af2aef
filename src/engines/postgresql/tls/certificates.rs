//! Records of the kind `certificate`.

use std::sync::Arc;

use super::{Found, Tls, TlsInput};
use crate::formats::x509::{CertificateFacts, Entry};
use crate::model::{Date, Field, Record, Value, Why};
use crate::text::Span;

/// Days from one date to another; negative when the other is past.
pub(super) fn days_between(now: Date, then: Date) -> i64 {
    i64::from(now.days_until(then))
}

/// So many authorities are those of a system, which no server of ours renews.
const BUNDLE: usize = 10;

/// What Debian makes for every machine, and its packages name where nobody has put anything else.
const SNAKEOIL: &str = "/ssl-cert-snakeoil.pem";

/// The record of a certificate that was not seen and is known all the same: Debian's own, which is self-signed.
pub(super) fn of_unseen(input: &TlsInput<'_>, setting: &'static str, written: &str, why: &Why) -> Option<Record> {
    let place = (input.place)(setting);
    if setting != "ssl_cert_file" || !written.ends_with(SNAKEOIL) {
        return None;
    }
    let mut record = Record::new("certificate", format!("{setting}.server"), place)
        .with("file", Field::text(written, place))
        .with("setting", Field::text(setting, place))
        .with("position", Field::word("server", place))
        .with("self_signed", Field::bool(true, place));
    let fields = crate::model::records::record("certificate").map(|spec| spec.fields).unwrap_or_default();
    for field in fields.iter().filter(|field| !["file", "setting", "position", "self_signed"].contains(&field.name)) {
        record = record.with(field.name, Field::unknown(why.clone()));
    }
    Some(record)
}

impl Found {
    /// One record for each certificate that was read.
    pub(super) fn certificate_records(&self, tls: &mut Tls, input: &TlsInput<'_>) {
        let of_server = self.certificates.iter().map(|(path, entries)| ("ssl_cert_file", path, entries));
        let of_clients = self.authorities.iter().map(|(path, entries)| ("ssl_ca_file", path, entries));
        for (setting, path, entries) in of_server.chain(of_clients) {
            let facts = entries.iter().filter_map(|entry| if let Entry::Certificate(facts) = entry { Some(facts) } else { None });
            if setting == "ssl_ca_file" && facts.clone().count() > BUNDLE {
                continue;
            }
            for (index, facts) in facts.enumerate() {
                let position = match (setting, index) {
                    ("ssl_cert_file", 0) => "server",
                    ("ssl_cert_file", _) => "chain",
                    _ => "authority",
                };
                let mut record = record(facts, setting, path, position, input);
                if position == "server" {
                    let matches = self.key_matches();
                    let matches = matches.map(|matches| matches.map_or_else(Field::absent, |truth| Field::bool(truth, record.span)));
                    record = record.with("key_matches", matches.unwrap_or_else(Field::unknown));
                }
                tls.certificates.rows.push(Arc::new(record));
            }
        }
    }
}

fn record(facts: &CertificateFacts, setting: &'static str, path: &str, position: &'static str, input: &TlsInput<'_>) -> Record {
    let place = (input.place)(setting);
    let (left, ahead) = (days_between(input.now, facts.not_after), days_between(input.now, facts.not_before));
    let integer = |number: i64| Field::known(Value::Integer(number), place);
    let list = |names: Vec<String>| Field::known(Value::List(names), place);
    let not_covered: Vec<String> = input.hosts.iter().filter(|host| !facts.covers(host)).cloned().collect();
    // What a certificate says is no logical place: its position in the file is.
    Record::new("certificate", format!("{setting}.{position}"), place)
        .with("file", Field::text(path, place))
        .with("setting", Field::text(setting, place))
        .with("position", Field::text(position, place))
        .with("subject", facts.common_name.as_ref().map_or_else(Field::absent, |name| Field::text(name, place)))
        .with("not_before", Field::text(facts.not_before.to_string(), place))
        .with("not_after", Field::text(facts.not_after.to_string(), place))
        .with("days_left", integer(left))
        .with("days_until_valid", integer(ahead.max(0)))
        .with("lifetime_days", integer(days_between(facts.not_before, facts.not_after)))
        .with("validity", Field::text(validity(facts, left, ahead), place))
        .with("names", list(facts.names()))
        .with("alternative_names", Field::bool(!facts.dns_names.is_empty() || !facts.addresses.is_empty(), place))
        .with("hosts_not_covered", list(not_covered))
        .with("key_algorithm", Field::text(&facts.key.algorithm, place))
        .with("key_bits", bits(facts, place))
        .with("signature_algorithm", Field::text(&facts.signature, place))
        .with("self_signed", Field::bool(facts.self_signed, place))
        .with("is_ca", Field::bool(facts.is_ca, place))
}

fn bits(facts: &CertificateFacts, place: Option<Span>) -> Field {
    facts.key.bits.map_or_else(Field::absent, |bits| Field::known(Value::Integer(i64::from(bits)), place))
}

/// Where a certificate stands in its time, in words.
fn validity(facts: &CertificateFacts, left: i64, ahead: i64) -> String {
    if ahead > 0 {
        return format!("is not valid before {}, in {}", facts.not_before, days(ahead));
    }
    match left {
        ..0 => format!("expired on {}, {} ago", facts.not_after, days(-left)),
        0 => format!("expires today, {}", facts.not_after),
        _ => format!("expires on {}, in {}", facts.not_after, days(left)),
    }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
