//! Who can give orders through Patroni's REST API: restart, fail over, change any setting of the cluster.

use super::node::{self, Placed};
use crate::formats::yaml::Node;
use crate::model::{Field, Record, Why};

/// The record of the kind `rest_api`.
pub(super) fn record(root: &Node) -> Record {
    let listen = node::text(root, &["restapi", "listen"]);
    let section = node::entry(root, &["restapi"]).map(|entry| entry.key.place());
    let span = listen.as_ref().map(|listen| listen.span).or(section);
    let not_written = || {
        Field::unknown(Why::needing(
            "restapi.listen is not in the file, and PATRONI_RESTAPI_LISTEN may set it",
            "write restapi.listen into the file",
        ))
    };
    let scope = listen.as_ref().map_or_else(not_written, |listen| Field::text(scope(&listen.text), span));
    let written = |path: &[&str]| node::text(root, path).is_some_and(|placed| !placed.text.is_empty());
    let authentication = written(&["restapi", "authentication", "username"]) && written(&["restapi", "authentication", "password"]);
    let certificates = node::text(root, &["restapi", "verify_client"]).map_or_else(|| "none".to_owned(), |placed| placed.text);
    // Without a certificate of its own it speaks plain HTTP, which knows none of clients.
    let asks = written(&["restapi", "certfile"]) && matches!(certificates.as_str(), "optional" | "required");
    let certificates = if asks { certificates } else { "none".to_owned() };
    let allowlist = ["allowlist", "allowlist_include_members"].iter().any(|key| node::entry(root, &["restapi", key]).is_some());
    Record::new("rest_api", "restapi.listen", span)
        .with("listen", listen.as_ref().map_or_else(Field::absent, |listen| Field::text(&listen.text, span)))
        .with("scope", scope)
        .with("authentication", Field::bool(authentication, span))
        .with("client_certificates", Field::text(certificates, span))
        .with("tls", Field::bool(written(&["restapi", "certfile"]), span))
        .with("allowlist", Field::bool(allowlist, span))
}

/// What the environment of Patroni adds.
pub(super) fn with_environment(mut record: Record, variable: &dyn Fn(&str) -> Option<Placed>) -> Record {
    let place = record.span;
    if variable("PATRONI_RESTAPI_USERNAME").is_some() && variable("PATRONI_RESTAPI_PASSWORD").is_some() {
        record.fields.insert("authentication", Field::bool(true, place));
    }
    if let Some(listen) = variable("PATRONI_RESTAPI_LISTEN") {
        record.span = Some(listen.span);
        record.fields.insert("scope", Field::text(scope(&listen.text), Some(listen.span)));
        record.fields.insert("listen", Field::text(listen.text, Some(listen.span)));
    }
    record
}

/// How far an address of `host:port` carries.
fn scope(listen: &str) -> &'static str {
    let host = listen.rsplit_once(':').map_or(listen, |(host, _)| host).trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback { "loopback" } else { "network" }
}
