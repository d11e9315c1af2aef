//! Whether the access rules let in the services of the project that connect to the server.

use std::sync::Arc;

use super::hba::{Answer, HbaView, Origin, Visitor, answer};
use super::server::Server;
use crate::model::{Engine, Field, Record, RecordSet, SettingState, Settings, Value};
use crate::text::{SourceId, Span};
use crate::workloads::reach::Listen;
use crate::workloads::{Client, Whence};

/// One record for each client of the server.
pub(super) fn records(clients: &[Client], server: &Server<'_>, settings: &Settings, hba: &HbaView, ssl: Option<bool>) -> RecordSet {
    let Some(placement) = server.base.workload.map(|workload| workload.placement) else { return RecordSet::default() };
    let is_its = |client: &&Client| client.engine == Engine::Postgresql && client.server == placement.name && client.path == placement.path;
    let rows = clients.iter().filter(is_its).map(|client| Arc::new(record(client, settings, hba, ssl))).collect();
    RecordSet { rows, incomplete: None }
}

/// Why a client in another container reaches no server, whatever its access rules say.
fn unreachable(client: &Client, settings: &Settings) -> Option<String> {
    if client.from == Whence::Apart {
        return Some("no network has both containers".to_owned());
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

fn record(client: &Client, settings: &Settings, hba: &HbaView, ssl: Option<bool>) -> Record {
    let span = Some(client.span);
    let record = Record::new("client", format!("{} as {} to {}", client.service, client.user, client.database), span)
        .with("service", Field::text(&client.service, span))
        .with("user", Field::text(&client.user, span))
        .with("database", Field::text(&client.database, span))
        .with("unreachable", unreachable(client, settings).map_or_else(Field::absent, |why| Field::text(why, span)));
    if let Some(why) = &hba.incomplete {
        let unseen = Field { span, ..Field::unknown(why.clone()) };
        return record.with("admitted", unseen.clone()).with("by_chance", unseen);
    }
    let from = Origin::of(&client.from);
    let visitor = Visitor { user: &client.user, database: &client.database, encrypted: client.encrypted, from: &from };
    let mut by_chance = None;
    let (admitted, refused, place) = match answer(&hba.rules, &visitor, ssl) {
        Answer::MayEnter => (true, "", None),
        Answer::ByChance(index) => {
            let rule = hba.rules.get(index);
            by_chance = rule.and_then(|rule| rule.address.as_ref()).map(|address| address.text.clone());
            (true, "", rule.map(|rule| (rule.span, "the rule that admits it")))
        }
        Answer::Rejected(index) => {
            let rule = hba.rules.get(index);
            (false, "an access rule rejects it", rule.map(|rule| (rule.span, "this rule rejects it")))
        }
        Answer::NoRule => {
            let first = hba.rules.first().map(|rule| (rule.span, "the first of the rules, none of which is for it"));
            (false, "no access rule is for it", first)
        }
    };
    let mut record = record.with("admitted", Field::bool(admitted, span)).with("refused", Field::text(refused, span));
    record = record.with("by_chance", by_chance.map_or_else(Field::absent, |range| Field::text(range, span)));
    let seen = |(at, _): &(Span, &str)| at.source != SourceId::detached();
    record.related.extend(place.filter(seen).map(|(at, text)| (at, text.to_owned())));
    record
}
