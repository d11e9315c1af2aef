//! Which families of addresses a server listens on, near (the machine itself) and far, by `listen_addresses`.
//!
//! Source: <https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-LISTEN-ADDRESSES>: `*` is every
//! interface, `0.0.0.0` every IPv4 and `::` every IPv6 address. A host name other than localhost may be any of them.

use std::net::IpAddr;
use std::sync::Arc;

use crate::model::{Outcome, Record, SettingState, Subject, Value, Why};
use crate::rules::Rule;
use crate::rules::evaluate::{Observation, finding};
use crate::text::Span;

/// What a server listens on.
pub(super) struct Listening {
    pub(super) near_ipv6: bool,
    pub(super) far_ipv4: bool,
    pub(super) far_ipv6: bool,
    /// The addresses as written.
    pub(super) shown: String,
    /// Where that stands.
    pub(super) span: Option<Span>,
}

impl Listening {
    /// By the setting; `None` when it is not known.
    fn of(subject: &Subject) -> Option<Self> {
        let SettingState::Known(setting) = subject.settings.get("listen_addresses")? else { return None };
        let addresses = match &setting.value {
            Value::List(addresses) => addresses.clone(),
            Value::Text(text) => vec![text.to_string()],
            _ => return None,
        };
        let shown = if addresses.is_empty() { "its local socket".to_owned() } else { addresses.join(", ") };
        let mut listening = Self { near_ipv6: false, far_ipv4: false, far_ipv6: false, shown, span: setting.origin.span };
        addresses.iter().for_each(|address| listening.add(address));
        Some(listening)
    }

    fn add(&mut self, address: &str) {
        match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => self.far_ipv4 |= !address.is_loopback(),
            Ok(IpAddr::V6(address)) => {
                self.near_ipv6 |= address.is_loopback() || address.is_unspecified();
                self.far_ipv6 |= !address.is_loopback();
            }
            Err(_) if address.eq_ignore_ascii_case("localhost") => self.near_ipv6 = true,
            Err(_) => {
                self.near_ipv6 |= address == "*";
                self.far_ipv4 = true;
                self.far_ipv6 = true;
            }
        }
    }
}

/// What a check says of each access rule, where it is known on what the server listens.
pub(super) fn judge_each(rule: &Rule, subject: &Subject, observe: impl Fn(&Arc<Record>, &Listening) -> Option<Observation>) -> Outcome {
    let Some(listening) = Listening::of(subject) else {
        return Outcome::unknown(Why::new("listen_addresses is not known"));
    };
    let hba = subject.records("hba");
    let found: Vec<_> = hba.rows.iter().filter_map(|record| observe(record, &listening)).map(|seen| finding(rule, subject, seen)).collect();
    if found.is_empty() { Outcome::Pass } else { Outcome::Fail(found) }
}
