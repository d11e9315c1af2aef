//! Reading `[fix]`: what a rule offers to change, and how safely that can be done.

use std::borrow::Cow;

use super::names::Names;
use super::place::{self, message};
use crate::model::{Applicability, SubjectKind, records};
use crate::rules::Remedy;
use crate::rules::reader::{Table, text_of};

/// The words of `[fix]`, with what follows them and what they mean.
#[must_use]
pub fn words() -> [(&'static str, Cow<'static, str>); 5] {
    let with_lines = format!("true: the lines of the record go ({})", records::WITH_LINES.join(", "));
    [
        ("set", "settings of the instance, or keys of the service, and their values: { ssl = \"on\" }".into()),
        ("replace", "what is at a place, and the word to put there: { at = \"method\", with = \"scram-sha-256\" }".into()),
        ("remove", with_lines.into()),
        ("correct", "true: the problem is repaired as it says itself; one that does not say how gets no edit".into()),
        ("applicability", "safe: clearly meant, and nothing that works stops working; unsafe: needs a review; display: only shown".into()),
    ]
}

/// Reads `[fix]`; nothing without it.
pub(super) fn read(root: &Table<'_>, names: Names<'_>) -> (Option<Applicability>, Option<Remedy>) {
    let Some(table) = root.table("fix", "[fix]") else {
        return (None, None);
    };
    let applicability = table.word("applicability", Applicability::WORDS);
    if !table.has("applicability") {
        table.missing("applicability", format!("one of {}", Applicability::WORDS.join(", ")));
    }
    let given: Vec<_> = ["set", "replace", "remove", "correct"].into_iter().filter(|key| table.has(key)).collect();
    let remedy = match given.as_slice() {
        [] => {
            table.missing("set", "say what it changes: set = { ssl = \"on\" }, or replace, remove, correct");
            None
        }
        [first, second, ..] => {
            table.problems().report(table.span_of(second), format!("a fix does one thing; found `{first}` and `{second}`"));
            None
        }
        [one] => match *one {
            "set" => set(&table, names),
            "replace" => replace(&table, names),
            "remove" => flag(&table, "remove", &records::WITH_LINES, names).then_some(Remedy::Remove),
            _ => flag(&table, "correct", &["problem"], names).then_some(Remedy::Correct),
        },
    };
    table.finish();
    (applicability, remedy)
}

fn set(table: &Table<'_>, names: Names<'_>) -> Option<Remedy> {
    let set = table.table("set", "`set`")?;
    let of_service = names.subject == SubjectKind::Service;
    let mut wanted = Vec::new();
    for (name, span, item) in set.others() {
        let value = text_of(item, "the value of a fix, without quotes,", names.problems);
        let known = if of_service { is_key(name, span, names) } else { names.setting(name, span).is_some() };
        if let (true, Some(value)) = (known, value) {
            wanted.push((name.to_ascii_lowercase().into(), value.to_owned().into()));
        }
    }
    Some(Remedy::Set(wanted))
}

/// Whether a name can be a key of a service.
fn is_key(name: &str, span: std::ops::Range<usize>, names: Names<'_>) -> bool {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !plain {
        names.problems.report(span, format!("`{name}` is not a key of a service"));
    }
    plain
}

fn replace(table: &Table<'_>, names: Names<'_>) -> Option<Remedy> {
    let replace = table.table("replace", "`replace`")?;
    for key in ["at", "with"] {
        if !replace.has(key) {
            replace.missing(key, "write replace = { at = \"method\", with = \"scram-sha-256\" }");
        }
    }
    let at = replace.item("at").and_then(|item| place::at(item, names));
    let with = replace.text("with").and_then(|text| message(text, replace.item("with").map_or(0..0, |item| item.span()), names));
    replace.finish();
    Some(Remedy::Replace(at?, with?))
}

/// A word that is true or not there, and that makes sense for some kinds of record only.
fn flag(table: &Table<'_>, key: &'static str, records: &[&str], names: Names<'_>) -> bool {
    let wanted = table.bool(key) == Some(true);
    let fits = names.record.is_some_and(|record| records.contains(&record.name));
    if !fits {
        let message = format!("`{key}` is about a record, one of {}, and findings of this rule are not", records.join(", "));
        table.problems().report(table.span_of(key), message);
    } else if !wanted {
        table.problems().report(table.span_of(key), format!("`{key}` is true, or left out"));
    }
    wanted && fits
}
