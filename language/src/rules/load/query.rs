//! Reading `[[query]]`: what a rule asks a running server.

use super::names::Names;
use super::place::message;
use crate::rules::query::{ColumnType, Query, Rows, Scope};
use crate::rules::reader::{Table, text_of, word_of};

/// Every `[[query]]` of a rule.
pub(super) fn read_all(root: &Table<'_>, names: Names<'_>) -> Option<Vec<Query>> {
    let tables = root.tables("query", "[[query]]");
    let count = tables.len();
    let read: Vec<_> = tables.into_iter().filter_map(|table| read(table, names)).collect();
    (read.len() == count).then_some(read)
}

fn read(table: Table<'_>, names: Names<'_>) -> Option<Query> {
    let versions = table.text("versions").map(|text| {
        let span = table.span_of("versions");
        text.parse().map_err(|reason: String| names.problems.report(span, reason)).ok()
    });
    let scope = if table.has("scope") { table.word("scope", &Scope::words()) } else { Some(Scope::Server) };
    let rows = if table.has("rows") { table.word("rows", &Rows::words()) } else { Some(Rows::Findings) };
    let statement = table.text("sql").or_else(|| table.text("command"));
    if statement.is_none() {
        table.missing("sql", "the statement to run, or a `command`");
    }
    let columns = columns(&table);
    // A message of a query names its columns, which are looked up by whoever runs it.
    let message = table.text("message").map(|text| match crate::rules::message::split(text) {
        Ok(_) => Some(text.to_owned()),
        Err(_) => message(text, table.span_of("message"), names).map(|_| text.to_owned()),
    });
    let needs = table.texts("needs").into_iter().map(|(text, _)| text.to_owned()).collect();
    table.finish();
    Some(Query {
        versions: versions.map_or(Some(None), |read| read.map(Some))?,
        scope: scope?,
        statement: statement?.to_owned(),
        needs,
        columns: columns?,
        rows: rows?,
        message: message.map_or(Some(None), |read| read.map(Some))?,
    })
}

fn columns(table: &Table<'_>) -> Option<Vec<(String, ColumnType)>> {
    let Some(columns) = table.table("columns", "`columns`") else {
        table.missing("columns", "name and type of every column, as columns = { name = \"text\" }");
        return None;
    };
    let words = ColumnType::words();
    let read = |(name, _, item): (&str, _, _)| {
        let of = text_of(item, "the type of a column", table.problems())?;
        Some((name.to_owned(), word_of(of, item.span(), "type of a column", &words, table.problems())?))
    };
    let read: Vec<_> = columns.others().into_iter().map(read).collect();
    read.into_iter().collect()
}
