//! `gonogo show --who-can-connect` for people: for each way in, the rules that decide, and what they ask for.

use std::collections::BTreeSet;

use super::places::Places;
use crate::engines::Families;
use crate::model::{Encryption, Engine, HbaDecision, View};
use crate::report::plain::plain;
use crate::report::terminal::page::Page;
use crate::text::secrets::hidden;

/// The table, with how to read it.
pub(super) fn who_can_connect(page: &mut Page, view: &View, places: &Places<'_>, engine: Engine, families: Families) {
    let family = families.of(engine);
    if view.who_can_connect.is_empty() {
        let file = family.and_then(|family| family.access_rules()).map(|rules| rules.file);
        let next = file.map(|file| format!(" For {}, name its {file}.", engine.name())).unwrap_or_default();
        page.wrapped("", "", &format!("It is not known who can connect: no access rules were seen.{next}"));
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
    for (method, asks) in methods.into_iter().filter_map(|method| Some((method, family?.asks(method)?))) {
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
