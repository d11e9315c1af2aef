//! From rules to `hba` records, the vocabulary of rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::asymmetry::Uneven;
use super::clients::{clients, family, tls};
use super::cover::{Left, Shadow};
use super::overlap::Crossed;
use super::remarks::has_replication;
use super::rule::{NameItem, Names, Rule};
use crate::model::{Field, OriginKind, Record, Value, Why};
use crate::text::{SourceId, Span};

/// The place of something, unless it stands in no file.
pub(super) fn place(span: Span) -> Option<Span> {
    (span.source != SourceId::detached()).then_some(span)
}

/// One record per rule, in the same order; a record names earlier ones, so they are made in one go.
pub(super) fn records(rules: &[Rule], left: &[Left], uneven: &[Uneven], ssl: Option<bool>) -> Vec<Arc<Record>> {
    let plain: Vec<Record> = rules.iter().map(|rule| plain_record(rule, ssl)).collect();
    let mut made: Vec<Arc<Record>> = Vec::with_capacity(rules.len());
    for (index, ((rule, left), record)) in rules.iter().zip(left).zip(&plain).enumerate() {
        let kind = place(rule.kind_span);
        let record = record
            .clone()
            .with("plain", Field::bool(left.plain, kind))
            .with("dead", Field::bool(matches!(left.shadow, Shadow::Covered { .. }), kind));
        let record = with_shadow(record, &left.shadow, rules, &made, rule.kind_span);
        let record = with_overlap(record, left.crossed_by, &made, rule.kind_span);
        let record = with_asymmetry(record, uneven.iter().find(|uneven| uneven.rule == index), &plain, rule.kind_span);
        made.push(Arc::new(record));
    }
    made
}

fn plain_record(rule: &Rule, ssl: Option<bool>) -> Record {
    let origin = if rule.image_default { OriginKind::ImageDefault } else { OriginKind::File };
    let at = |value: Value, span: Span| Field::known(value, place(span)).with_origin(origin);
    let kind = place(rule.kind_span);
    let options: BTreeSet<&str> = rule.options.iter().map(|option| option.name.as_str()).collect();
    let options = Value::List(options.into_iter().map(str::to_owned).collect());
    let options_span = rule.options.first().map_or(rule.method_span, |option| option.span);
    let mut record = Record::new("hba", rule.key(), place(rule.span))
        .with("type", at(Value::text(rule.kind.word()), rule.kind_span))
        .with("databases", names(&rule.databases, origin))
        .with("users", names(&rule.users, origin))
        .with("method", at(Value::text(rule.method.as_str()), rule.method_span))
        .with("options", at(options, options_span))
        .with("replication", flag(&rule.databases, has_replication(rule), origin))
        .with("all_databases", flag(&rule.databases, rule.databases.has(&NameItem::All), origin))
        .with("all_users", flag(&rule.users, rule.users.has(&NameItem::All), origin))
        .with("can_match", can_match(rule, ssl))
        .with("certificate", at(Value::text(certificate(rule)), options_span))
        .with("clients", at(Value::text(clients(rule)), rule.address.as_ref().map_or(rule.kind_span, |address| address.span)));
    record.image_default = rule.image_default;
    if let Some(address) = &rule.address {
        record = record.with("address", at(Value::text(address.text.as_str()), address.span));
        if let Some(family) = family(rule) {
            record = record.with("family", at(Value::text(family), address.span));
        }
        if let Some(prefix) = rule.range().and_then(|range| range.prefix()) {
            record = record.with("prefix", at(Value::Integer(i64::from(prefix)), address.span));
        }
    }
    match tls(rule.kind) {
        Some(word) => record.with("tls", Field::text(word, kind).with_origin(origin)),
        None => record,
    }
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

fn with_shadow(mut record: Record, shadow: &Shadow, rules: &[Rule], made: &[Arc<Record>], kind: Span) -> Record {
    /// Places of deciding rules that are worth showing.
    const MOST_PLACES: usize = 5;
    match shadow {
        Shadow::No => record.with("shadowed", Field::text("no", place(kind))),
        Shadow::Unknown(why) => {
            let field = Field { span: place(kind), ..Field::unknown(why.clone()) };
            record.with("shadowed", field)
        }
        Shadow::Covered { compared, by } => {
            let spans = by.iter().filter_map(|index| rules.get(*index)).filter_map(|rule| place(rule.span));
            record.related = spans.take(MOST_PLACES).map(|span| (span, "this earlier rule decides".to_owned())).collect();
            let record = record.with("shadowed", Field::text(compared.word(), place(kind)));
            match by.first().and_then(|first| made.get(*first)) {
                Some(other) => {
                    let field = Field::text(other.key.as_str(), other.span).with_record(Arc::clone(other));
                    record.with("shadowed_by", field)
                }
                None => record,
            }
        }
    }
}

fn with_overlap(mut record: Record, crossed_by: Crossed, made: &[Arc<Record>], kind: Span) -> Record {
    let Some(crossed_by) = crossed_by else {
        let why = Why::new("the file has more rules than can be compared with each other");
        return record.with("overlap", Field { span: place(kind), ..Field::unknown(why) });
    };
    let Some((earlier, compared)) = crossed_by else { return record.with("overlap", Field::text("no", place(kind))) };
    let Some(other) = made.get(earlier) else { return record };
    record.related.extend(other.span.map(|span| (span, "this earlier rule decides for what both match".to_owned())));
    let field = Field::text(other.key.as_str(), other.span).with_record(Arc::clone(other));
    record.with("overlap", Field::text(compared.word(), place(kind))).with("overlapped_by", field)
}

fn with_asymmetry(mut record: Record, uneven: Option<&Uneven>, plain: &[Record], kind: Span) -> Record {
    let Some(uneven) = uneven else { return record.with("asymmetry", Field::text("no", place(kind))) };
    record = record.with("asymmetry", Field::text(uneven.how.word(), place(kind)));
    match uneven.twin.and_then(|twin| plain.get(twin)) {
        Some(twin) => {
            let field = Field::text(twin.key.as_str(), twin.span).with_record(Arc::new(twin.clone()));
            record.with("ipv4_twin", field)
        }
        None => record,
    }
}
