//! `gonogo show --who-can-connect` for people: for each way in, the rules that decide, and what they ask for.

use std::collections::BTreeSet;

use super::places::Places;
use crate::model::{Encryption, HbaDecision, View};
use crate::report::plain::plain;
use crate::report::terminal::page::Page;
use crate::text::secrets::hidden;

/// The table, with how to read it.
pub(super) fn who_can_connect(page: &mut Page, view: &View, places: &Places<'_>) {
    if view.who_can_connect.is_empty() {
        page.wrapped("", "", "It is not known who can connect: no access rules were seen. For PostgreSQL, name its pg_hba.conf.");
        return;
    }
    let rows = view.who_can_connect.iter().map(|decision| row(decision, places)).collect();
    page.table("", &["from", "encrypted", "databases", "users", "method", "decided by"], &[], rows);
    page.blank();
    page.wrapped(
        "",
        "",
        "Of the rows of a way in, the first that has the database and the user decides; who fails there gets no second try. \
         The databases all are without replication, which has rows of its own.",
    );
    let methods: BTreeSet<&str> = view.who_can_connect.iter().map(|decision| decision.method.as_str()).collect();
    for (method, asks) in methods.into_iter().filter_map(|method| Some((method, asks(method)?))) {
        page.wrapped("  ", "    ", &format!("{method}: {asks}"));
    }
}

/// Options that say who may come, and not how the server asks.
const WHO: [&str; 4] = ["map=", "clientcert=", "clientname=", "krb_realm="];

fn row(decision: &HbaDecision, places: &Places<'_>) -> Vec<String> {
    let encrypted = match decision.encryption {
        None => "–",
        Some(Encryption::Tls) => "TLS",
        Some(Encryption::Gss) => "GSSAPI",
        Some(Encryption::None) => "no",
    };
    let options = decision.options.iter().filter(|option| WHO.iter().any(|name| option.starts_with(name)));
    let method = std::iter::once(&decision.method).chain(options).map(String::as_str).collect::<Vec<_>>().join(" ");
    let place = decision.span.and_then(|span| places.of(span)).unwrap_or_else(|| "no rule matches".to_owned());
    let shown = |text: &str| plain(&hidden(text.to_owned()));
    let (databases, users) = (shown(&decision.databases), shown(&decision.users));
    vec![shown(&decision.from), encrypted.to_owned(), databases, users, shown(&method), place]
}

/// What a client has to show.
/// <https://www.postgresql.org/docs/current/client-authentication.html>
fn asks(method: &str) -> Option<&'static str> {
    Some(match method {
        "trust" => "nothing is asked; anyone who connects this way is the user that they name",
        "reject" => "refused, whatever is shown",
        "scram-sha-256" => "a password, which is proved without being sent",
        "md5" => "a password, proved with a weak hash (by SCRAM where the stored one is for SCRAM)",
        "password" => "a password, sent as it is: anyone who reads an unencrypted connection has it",
        "peer" => "to be the user of the same name (or of the map) on the server's operating system",
        "ident" => "that the client's own machine says who it is; anyone who controls that machine can be any user",
        "cert" => "a certificate with the user's name (or of the map), signed by the authority of ssl_ca_file",
        "gss" | "sspi" => "a ticket of the Kerberos domain",
        "ldap" => "a password, which the server passes to the directory",
        "radius" => "a password, which the server passes to the RADIUS server",
        "pam" | "bsd" => "what the server's operating system asks for",
        "oauth" => "a token of the issuer",
        _ => return None,
    })
}
