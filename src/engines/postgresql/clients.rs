//! Whether the access rules let in the services of the project that connect to the server.

use std::sync::Arc;

use super::hba::{Answer, HbaView, Origin, Rule, Visitor, answer};
use super::server::Server;
use crate::model::{Engine, Field, Placement, Record, RecordSet, SettingState, Settings, Value};
use crate::text::{SourceId, Span};
use crate::workloads::reach::Listen;
use crate::workloads::{Client, Whence};

/// One record for each client of the server.
pub(super) fn records(clients: &[Client], server: &Server<'_>, settings: &Settings, hba: &HbaView, ssl: Option<bool>) -> RecordSet {
    let Some(placement) = server.base.workload.map(|workload| workload.placement) else { return RecordSet::default() };
    let is_its = |client: &&Client| client.engine == Engine::Postgresql && client.server == placement.name && client.path == placement.path;
    let asks_system = server.has_faithful_image() && asks_own_accounts(placement);
    let without = |client: &Client| Without { tickets: client.by_password, system: client.by_password && asks_system };
    let of = |client: &Client| {
        let unreachable = unreachable(client, settings, ssl).or_else(|| listens_nowhere(placement, settings));
        Arc::new(record(client, unreachable, hba, ssl, without(client)))
    };
    let rows = clients.iter().filter(is_its).map(of).collect();
    RecordSet { rows, incomplete: None }
}

/// What a client does not have, or its server not for it.
#[derive(Clone, Copy)]
struct Without {
    /// Tickets of Kerberos, or a domain.
    tickets: bool,
    /// An account of the operating system in the container of the server.
    system: bool,
}

impl Without {
    /// Methods of access rules that can let it in by no means.
    const fn unusable(self) -> &'static [&'static str] {
        match (self.tickets, self.system) {
            (true, true) => &["gss", "sspi", "pam", "bsd"],
            (true, false) => &["gss", "sspi"],
            (false, _) => &[],
        }
    }
}

/// Whether what asks the operating system asks for the accounts of the image alone, which are none of the project's.
fn asks_own_accounts(placement: &Placement) -> bool {
    let brings = |target: &str| target.starts_with("/etc/pam.d") || matches!(target, "/etc" | "/etc/passwd" | "/etc/shadow");
    placement.build.is_none() && placement.entrypoint.is_none() && !placement.mounts.iter().any(|mount| brings(&mount.target))
}

/// Names in `listen_addresses` of which none is one of the server's container: it does not start.
fn listens_nowhere(placement: &Placement, settings: &Settings) -> Option<String> {
    let SettingState::Known(setting) = settings.get("listen_addresses")? else { return None };
    let Value::List(addresses) = &setting.value else { return None };
    let listed = |key: &str, name: &str| placement.other.get(key).into_iter().flatten().any(|(text, _)| text == name);
    let own = |name: &str| {
        name == placement.name
            || placement.container_name.as_ref().is_some_and(|(own, _)| own == name)
            || listed("hostname", name)
            || listed("aliases", name)
    };
    let strange = |name: &String| {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        plain && name != "localhost" && !name.bytes().all(|byte| byte.is_ascii_digit()) && !own(name)
    };
    let extra = placement.other.contains_key("extra_hosts") || placement.network_mode.is_some();
    (!addresses.is_empty() && !extra && addresses.iter().all(strange))
        .then(|| format!("the server does not start: `listen_addresses` is {}, which is not a name of its container", addresses.join(", ")))
}

/// Why a client in another container reaches no server, whatever its access rules say.
fn unreachable(client: &Client, settings: &Settings, ssl: Option<bool>) -> Option<String> {
    if client.from == Whence::Apart {
        return Some("no network has both containers".to_owned());
    }
    if client.encrypted == Some(true) && ssl == Some(false) {
        return Some("it asks for TLS (sslmode), and the server has it off (ssl)".to_owned());
    }
    let known = |name: &str| match settings.get(name) {
        Some(SettingState::Known(setting)) => Some(setting),
        _ => None,
    };
    if let Some(Value::List(addresses)) = known("listen_addresses").map(|setting| &setting.value)
        && !Listen::On(addresses.clone(), None).is_on_network()
    {
        return Some("the server listens on the loopback interface of its own container only".to_owned());
    }
    let port = known("port")?.value.as_number()?;
    let wanted = client.port?;
    ((port - f64::from(wanted)).abs() > 0.5).then(|| format!("it asks at port {wanted}, and the server listens on {port}"))
}

fn record(client: &Client, unreachable: Option<String>, hba: &HbaView, ssl: Option<bool>, without: Without) -> Record {
    let span = Some(client.span);
    let record = Record::new("client", format!("{} as {} to {}", client.service, client.user, client.database), span)
        .with("service", Field::text(&client.service, span))
        .with("user", Field::text(&client.user, span))
        .with("database", Field::text(&client.database, span))
        .with("unreachable", unreachable.map_or_else(Field::absent, |why| Field::text(why, span)));
    if let Some(why) = &hba.incomplete {
        let unseen = Field { span, ..Field::unknown(why.clone()) };
        return record.with("admitted", unseen.clone()).with("by_chance", unseen);
    }
    let from = Origin::of(&client.from);
    let visitor =
        Visitor { user: &client.user, database: &client.database, encrypted: client.encrypted, unusable: without.unusable(), from: &from };
    let mut by_chance = None;
    let (admitted, refused, place) = match answer(&hba.rules, &visitor, ssl) {
        Answer::MayEnter => (true, String::new(), None),
        Answer::ByChance(index) => {
            let rule = hba.rules.get(index);
            by_chance = rule.and_then(|rule| rule.address.as_ref()).map(|address| address.text.clone());
            (true, String::new(), rule.map(|rule| (rule.span, "the rule that admits it")))
        }
        Answer::Rejected(index) => {
            let rule = hba.rules.get(index);
            (false, "an access rule rejects it".to_owned(), rule.map(|rule| (rule.span, "this rule rejects it")))
        }
        Answer::Asks(index) => {
            let rule = hba.rules.get(index);
            let method = rule.map_or("", |rule: &Rule| rule.method.as_str());
            let refused = format!("the access rule for it has the method `{method}`, which does not fit the credentials that it is given");
            (false, refused, rule.map(|rule| (rule.span, "the rule that decides")))
        }
        Answer::NoRule => {
            let first = hba.rules.first().map(|rule| (rule.span, "the first of the rules, none of which is for it"));
            (false, "no access rule is for it".to_owned(), first)
        }
    };
    let mut record = record.with("admitted", Field::bool(admitted, span)).with("refused", Field::text(refused, span));
    record = record.with("by_chance", by_chance.map_or_else(Field::absent, |range| Field::text(range, span)));
    let seen = |(at, _): &(Span, &str)| at.source != SourceId::detached();
    record.related.extend(place.filter(seen).map(|(at, text)| (at, text.to_owned())));
    record
}
