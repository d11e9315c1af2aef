//! Questions to a running server, as data. Until servers are asked, a rule with one is Unknown.

use super::versions::VersionRange;
use crate::model::words::words;

words! {
    /// How often a query is run.
    Scope {
        /// Once.
        Server = "server",
        /// In each database.
        EachDatabase = "each-database",
    }
}

words! {
    /// What the rows of a query are.
    Rows {
        /// Each is a finding; none is good.
        Findings = "findings",
        /// Facts for other rules.
        Facts = "facts",
    }
}

words! {
    /// The type of a column.
    ColumnType {
        /// True or false.
        Bool = "bool",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Real = "real",
        /// Text.
        Text = "text",
        /// A size in bytes.
        Bytes = "bytes",
        /// A point in time.
        Timestamp = "timestamp",
        /// A list of texts.
        List = "list",
    }
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Versions that it is for.
    pub versions: Option<VersionRange>,
    /// How often it is run.
    pub scope: Scope,
    /// The statement, or the command of a server without SQL.
    pub statement: String,
    /// Privileges that it needs.
    pub needs: Vec<String>,
    /// Name and type of its columns.
    pub columns: Vec<(String, ColumnType)>,
    /// What its rows are.
    pub rows: Rows,
    /// Message of a finding, with `{columns}`.
    pub message: Option<String>,
}
