//! What is wrong with a file or a workload, on its way to becoming a record of kind `problem`.

use super::{Field, Record};
use crate::text::Span;

/// Something wrong. No text of it may hold a secret.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The word that rules know it by, one of those in [`codes`](super::codes).
    pub code: &'static str,
    /// Its logical place, for fingerprints: `services.db.volumes`; where it is empty, the name.
    pub key: String,
    /// The setting, key or option that it is about; empty where there is none.
    pub name: String,
    /// Where.
    pub span: Option<Span>,
    /// What is wrong and what happens, in sentences.
    pub message: String,
    /// What is written.
    pub found: Option<String>,
    /// What is expected.
    pub expected: Option<String>,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// Whether the program that reads the file refuses it.
    pub fatal: bool,
    /// Other places that belong to it, with what to say there.
    pub related: Vec<(Span, String)>,
}

impl Problem {
    /// The record.
    #[must_use]
    pub fn record(self) -> Record {
        let span = self.span;
        let key = if self.key.is_empty() { self.name.clone() } else { self.key };
        let texts = [
            ("code", Some(self.code.to_owned())),
            ("expected", self.expected),
            ("found", self.found),
            ("message", Some(self.message)),
            ("name", Some(self.name).filter(|name| !name.is_empty())),
            ("suggestion", self.suggestion),
        ];
        let stated = texts.into_iter().filter_map(|(field, text)| Some((field, text?)));
        let record = Record::new("problem", key, span).with("fatal", Field::bool(self.fatal, span));
        let record = stated.fold(record, |record, (field, text)| record.with(field, Field::text(text, span)));
        Record { related: self.related, ..record }
    }
}
