//! From rules to `hba` records, the vocabulary of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::asymmetry::Uneven;
use super::clients::{clients, family, tls};
use super::cover::{Left, Shadow};
use super::overlap::Crossed;
use super::remarks::has_replication;
use super::rule::{NameItem, Names, Rule, place};
use super::widened::widened;
use crate::model::{Field, OriginKind, Record, Value, Why};
use crate::text::Span;

/// One record per rule, in the same order; a record names earlier ones, so they are made in one go.
pub(super) fn records(rules: &[Rule], lefts: &[Left], uneven: &[Uneven], ssl: Option<bool>) -> Vec<Arc<Record>> {
    let mut made: Vec<Arc<Record>> = Vec::with_capacity(rules.len());
    let uneven: BTreeMap<usize, &Uneven> = uneven.iter().map(|uneven| (uneven.rule, uneven)).collect();
    let widened = widened(rules);
    let is_widened = |index: usize| widened.get(index).copied().unwrap_or_default();
    let none = || Shadowed { how: Field::word("no", None), by: None, related: Vec::new() };
    for (index, (rule, left)) in rules.iter().zip(lefts).enumerate() {
        let shadowed = shadowed(&left.shadow, rules, &made, rule.kind_span);
        let record = with_overlap(record(rule, left, shadowed, is_widened(index), ssl), left.crossed_by, &made, rule.kind_span);
        let uneven = uneven.get(&index).copied();
        let twin = uneven.and_then(|uneven| uneven.twin).and_then(|twin| {
            let later = || Some(Arc::new(self::record(rules.get(twin)?, lefts.get(twin)?, none(), is_widened(twin), ssl)));
            made.get(twin).cloned().or_else(later)
        });
        made.push(Arc::new(with_asymmetry(record, uneven, twin, rule.kind_span)));
    }
    made
}

/// Fields stand in the order of their names, which is the order that they are kept in: a large file has a million of them.
fn record(rule: &Rule, left: &Left, shadowed: Shadowed, widened: bool, ssl: Option<bool>) -> Record {
    let origin = if rule.image_default { OriginKind::ImageDefault } else { OriginKind::File };
    let at = |value: Value, span: Span| Field::known(value, place(span)).with_origin(origin);
    let kind = place(rule.kind_span);
    let options: BTreeSet<&str> = rule.options.iter().map(|option| option.name.as_str()).collect();
    let options = Value::List(options.into_iter().map(str::to_owned).collect());
    let options_span = rule.options.first().map_or(rule.method_span, |option| option.span);
    let address_span = rule.address.as_ref().map_or(rule.kind_span, |address| address.span);
    let mut record = Record::new("hba", rule.key(), place(rule.span));
    let mut state = |name, field: Field| drop(record.fields.insert(name, field));
    if let Some(address) = &rule.address {
        state("address", at(Value::text(address.text.as_str()), address.span));
    }
    if rule.method == "trust" {
        state("admits", Field::text(admits(&rule.users), place(rule.users.span)).with_origin(origin));
    }
    state("all_databases", flag(&rule.databases, rule.databases.has(&NameItem::All), origin));
    state("all_users", flag(&rule.users, rule.users.has(&NameItem::All), origin));
    state("can_match", can_match(rule, ssl));
    state("certificate", at(Value::text(certificate(rule)), options_span));
    state("clients", at(Value::text(clients(rule)), address_span));
    state("databases", names(&rule.databases, origin));
    state("dead", Field::bool(matches!(left.shadow, Shadow::Covered { .. }), kind));
    if let Some(family) = family(rule) {
        state("family", at(Value::text(family), address_span));
    }
    state("method", at(Value::text(rule.method.as_str()), rule.method_span));
    state("options", at(options, options_span));
    state("plain", Field::bool(left.plain, kind));
    if let Some(prefix) = rule.range().and_then(|range| range.prefix()) {
        state("prefix", at(Value::Integer(i64::from(prefix)), address_span));
    }
    state("replication", flag(&rule.databases, has_replication(rule), origin));
    state("shadowed", shadowed.how);
    if let Some(by) = shadowed.by {
        state("shadowed_by", by);
    }
    if let Some(word) = tls(rule.kind) {
        state("tls", Field::text(word, kind).with_origin(origin));
    }
    state("type", at(Value::text(rule.kind.word()), rule.kind_span));
    state("users", names(&rule.users, origin));
    state("widened", Field::bool(widened, kind));
    record.image_default = rule.image_default;
    record.related = shadowed.related;
    record
}

/// What must hold of the client's certificate. Before PostgreSQL 14, `clientcert=1` was `verify-ca`.
fn certificate(rule: &Rule) -> &'static str {
    let stated = rule.option("clientcert").and_then(|option| option.text());
    match stated {
        _ if rule.method == "cert" => "verify-full",
        Some("verify-full") => "verify-full",
        Some("verify-ca" | "1") => "verify-ca",
        _ => "none",
    }
}

/// Whom a rule takes a client for that may name whomever it likes: any user, or those that the rule lists.
fn admits(users: &Names) -> String {
    /// Names that a sentence can hold.
    const MOST: usize = 3;
    if users.has(&NameItem::All) {
        return "any user".to_owned();
    }
    if users.unseen.is_some() || users.items.is_empty() || users.items.len() > MOST {
        return "any of these users".to_owned();
    }
    let said: Vec<String> = users.items.iter().map(one_of_users).collect();
    match said.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn one_of_users(item: &NameItem) -> String {
    match item {
        NameItem::Group(role) => format!("any member of `{role}`"),
        NameItem::Regex(expression) => format!("any user that `/{expression}` matches"),
        _ => format!("`{item}`"),
    }
}

/// A list that an unread `@file` may lengthen is unknown: a rule that looks for a name in it must not pass.
fn names(names: &Names, origin: OriginKind) -> Field {
    match &names.unseen {
        Some(why) => Field { span: place(names.span), ..Field::unknown(why.clone()) },
        None => {
            let list = names.items.iter().map(ToString::to_string).collect();
            Field::known(Value::List(list), place(names.span)).with_origin(origin)
        }
    }
}

fn flag(names: &Names, seen: bool, origin: OriginKind) -> Field {
    match &names.unseen {
        Some(why) if !seen => Field { span: place(names.span), ..Field::unknown(why.clone()) },
        _ => Field::bool(seen, place(names.span)).with_origin(origin),
    }
}

fn can_match(rule: &Rule, ssl: Option<bool>) -> Field {
    match rule.can_match(ssl) {
        Some(truth) => Field::bool(truth, place(rule.kind_span)),
        None => {
            let why = Why::needing("whether TLS is on is not known", "postgresql.conf, which sets ssl");
            Field { span: place(rule.kind_span), ..Field::unknown(why) }
        }
    }
}

/// What earlier rules leave to a rule, as fields.
struct Shadowed {
    how: Field,
    by: Option<Field>,
    related: Vec<(Span, String)>,
}

fn shadowed(shadow: &Shadow, rules: &[Rule], made: &[Arc<Record>], kind: Span) -> Shadowed {
    /// Places of deciding rules that are worth showing.
    const MOST_PLACES: usize = 5;
    let text = |word: &str| Field::text(word, place(kind));
    match shadow {
        Shadow::No => Shadowed { how: text("no"), by: None, related: Vec::new() },
        Shadow::Unknown(why) => Shadowed { how: Field { span: place(kind), ..Field::unknown(why.clone()) }, by: None, related: Vec::new() },
        Shadow::Covered { compared, by } => {
            let spans = by.iter().filter_map(|index| rules.get(*index)).filter_map(|rule| place(rule.span));
            let related = spans.take(MOST_PLACES).map(|span| (span, "this earlier rule decides".to_owned())).collect();
            let first = by.first().and_then(|first| made.get(*first));
            let by = first.map(|other| Field::text(other.key.as_str(), other.span).with_record(Arc::clone(other)));
            Shadowed { how: text(compared.word()), by, related }
        }
    }
}

fn with_overlap(mut record: Record, crossed_by: Crossed, made: &[Arc<Record>], kind: Span) -> Record {
    let Some(crossed_by) = crossed_by else {
        let why = Why::new("the file has more rules than can be compared with each other");
        return record.with("overlap", Field { span: place(kind), ..Field::unknown(why) });
    };
    let Some((earlier, compared)) = crossed_by else { return record.with("overlap", Field::word("no", place(kind))) };
    let Some(other) = made.get(earlier) else { return record };
    record.related.extend(other.span.map(|span| (span, "this earlier rule decides for what both match".to_owned())));
    let field = Field::text(other.key.as_str(), other.span).with_record(Arc::clone(other));
    record.with("overlap", Field::word(compared.word(), place(kind))).with("overlapped_by", field)
}

fn with_asymmetry(record: Record, uneven: Option<&Uneven>, twin: Option<Arc<Record>>, kind: Span) -> Record {
    let how = uneven.map_or("no", |uneven| uneven.how.word());
    let record = record.with("asymmetry", Field::text(how, place(kind)));
    match twin {
        Some(twin) => record.with("ipv4_twin", Field::text(twin.key.as_str(), twin.span).with_record(twin)),
        None => record,
    }
}
