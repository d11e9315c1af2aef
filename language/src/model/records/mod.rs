//! The vocabulary of rules: every fact, every kind of record, every field, with its type.
//!
//! A table for each area, read by whoever fills it, by the loader that checks the rules against it, and by
//! `gonogo rules --vocabulary`.

mod access;
mod commands;
mod common;
mod facts;
mod operations;
mod poolers;
mod workloads;

use super::{Datum, SubjectKind, Value};

pub use facts::{CLIENTS, FACTS, ROLES};

/// The type of a fact or field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// A size.
    Bytes,
    /// A length of time.
    Duration,
    /// Free text.
    Text,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of texts.
    List,
    /// Something that may be asked about and never shown.
    Secret,
    /// Another record, of this kind.
    Record(&'static str),
}

/// A fact of a subject.
#[derive(Clone, Copy, Debug)]
pub struct FactSpec {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub of: FieldType,
    /// Kinds of subject that have it.
    pub subjects: &'static [SubjectKind],
    /// What it means.
    pub help: &'static str,
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub of: FieldType,
    /// What it means.
    pub help: &'static str,
}

/// A kind of record.
#[derive(Clone, Copy, Debug)]
pub struct RecordSpec {
    /// Name.
    pub name: &'static str,
    /// What one record is.
    pub help: &'static str,
    /// Its fields.
    pub fields: &'static [FieldSpec],
}

/// The fact of a name.
#[must_use]
pub fn fact(name: &str) -> Option<&'static FactSpec> {
    FACTS.iter().find(|fact| fact.name == name)
}

/// The kind of record of a name.
#[must_use]
pub fn record(name: &str) -> Option<&'static RecordSpec> {
    records().find(|record| record.name == name)
}

/// Whether the vocabulary has such a field of such a record, and the word that it holds, if it holds one.
pub(super) fn admits(kind: &str, name: &str, datum: &Datum) -> bool {
    let Some(spec) = record(kind).and_then(|record| record.field(name)) else { return false };
    match (spec.of, datum.known()) {
        (FieldType::Words(words), Some(Value::Text(text))) => words.contains(&text.as_ref()),
        _ => true,
    }
}

impl RecordSpec {
    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }
}

const fn field(name: &'static str, of: FieldType, help: &'static str) -> FieldSpec {
    FieldSpec { name, of, help }
}

/// Kinds of record that are whole lines of a file, and can be removed.
pub const WITH_LINES: [&str; 3] = ["hba", "ident", "assignment"];

/// The kinds of record by area.
const AREAS: [&[RecordSpec]; 6] =
    [common::COMMON, access::ACCESS, commands::COMMANDS, poolers::POOLERS, workloads::WORKLOADS, operations::OPERATIONS];

/// Every kind of record.
pub fn records() -> impl Iterator<Item = &'static RecordSpec> {
    AREAS.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_records_exist() {
        let mut names: Vec<_> = FACTS.iter().map(|fact| fact.name).collect();
        names.sort_unstable();
        names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
        for spec in records() {
            for field in spec.fields {
                if let FieldType::Record(kind) = field.of {
                    assert!(record(kind).is_some(), "{}.{} names no record", spec.name, field.name);
                }
            }
        }
    }
}
