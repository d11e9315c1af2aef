//! Reading conditions: which words a table holds, and what they refer to.

use super::names::Names;
use super::operand::operand;
use super::predicate;
use crate::model::records;
use crate::rules::condition::{Condition, Quantifier, Records, Test};
use crate::rules::reader::Table;

/// How deep conditions may be nested; far beyond what a person can read.
const DEEPEST: usize = 16;

/// Reads a condition.
pub(super) fn condition(table: Table<'_>, names: Names<'_>) -> Option<Condition> {
    nested(table, names, DEEPEST)
}

fn nested(table: Table<'_>, names: Names<'_>, depth: usize) -> Option<Condition> {
    let Some(depth) = depth.checked_sub(1) else {
        names.problems.report(table.span(), "conditions are nested too deeply");
        return None;
    };
    let subject = subject_word(&table)?;
    let read = match subject {
        "all" => children(&table, "all", names, depth).map(Condition::All),
        "any" => children(&table, "any", names, depth).map(Condition::Any),
        "not" => part(&table, "not", names, depth).map(|inner| Condition::Not(Box::new(inner))),
        "each" => over_records(&table, Quantifier::Each, names, depth),
        "some" => over_records(&table, Quantifier::Some, names, depth),
        "none" => over_records(&table, Quantifier::None, names, depth),
        _ => test(&table, names),
    };
    table.finish();
    read
}

/// The word that says what a condition is about; there must be exactly one.
fn subject_word(table: &Table<'_>) -> Option<&'static str> {
    const WORDS: [&str; 9] = ["all", "any", "not", "each", "some", "none", "setting", "fact", "field"];
    let found: Vec<_> = WORDS.into_iter().filter(|word| table.has(word)).collect();
    match found.as_slice() {
        [one] => Some(one),
        [] => {
            let help = format!("say one of {}", WORDS.join(", "));
            table.problems().report_with_help(table.span(), "a condition that does not say what it is about", help);
            None
        }
        [first, second, ..] => {
            let message = format!("a condition is about one thing; found `{first}` and `{second}`");
            table.problems().report_with_help(table.span_of(second), message, "combine conditions with `all` or `any`");
            None
        }
    }
}

fn children(table: &Table<'_>, key: &'static str, names: Names<'_>, depth: usize) -> Option<Vec<Condition>> {
    let tables = table.tables(key, "a condition");
    if tables.is_empty() {
        table.problems().report(table.span_of(key), format!("`{key}` needs at least one condition"));
        return None;
    }
    let count = tables.len();
    let read: Vec<_> = tables.into_iter().filter_map(|table| nested(table, names, depth)).collect();
    (read.len() == count).then_some(read)
}

fn part(table: &Table<'_>, key: &'static str, names: Names<'_>, depth: usize) -> Option<Condition> {
    nested(table.table(key, "a condition")?, names, depth)
}

fn over_records(table: &Table<'_>, quantifier: Quantifier, names: Names<'_>, depth: usize) -> Option<Condition> {
    let key = quantifier.word();
    let kind = table.text(key)?;
    let Some(spec) = records::record(kind) else {
        let span = table.item(key).map_or(table.span(), |item| item.span());
        names.problems.unknown(span, "record", kind, records::records().map(|record| record.name));
        return None;
    };
    let inner = names.within(spec);
    let (has_filter, has_require) = (table.has("where"), quantifier == Quantifier::Each && table.has("require"));
    let filter = has_filter.then(|| part(table, "where", inner, depth));
    let require = has_require.then(|| part(table, "require", inner, depth));
    if quantifier == Quantifier::Each && !has_require {
        table.missing("require", "`each` says with `require` what must hold; to forbid records use `none`");
        return None;
    }
    // A part that is there and could not be read must not turn into one that is not there.
    let whole = |part: Option<Option<Condition>>| part.map_or(Some(None), |read| read.map(Some));
    Some(Condition::Records(Box::new(Records { quantifier, kind: spec.name, filter: whole(filter)?, require: whole(require)? })))
}

fn test(table: &Table<'_>, names: Names<'_>) -> Option<Condition> {
    let named = operand(table, names);
    predicate::read(table, named, names).map(|(named, predicates, special)| {
        Condition::Test(Box::new(Test { operand: named.operand, predicates: predicates.into(), special }))
    })
}
