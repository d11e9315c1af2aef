//! The vocabulary of rules for programs: `gonogo rules --vocabulary --format json`.

use serde_json::{Value, json};

use crate::model::records::{FACTS, records};
use crate::rules::load::remedy;
use crate::rules::vocabulary::{WORDS, type_text};

/// The vocabulary as JSON.
#[must_use]
pub fn json() -> Value {
    let words: Vec<_> = WORDS.iter().map(|(word, help)| json!({ "name": word, "help": help })).collect();
    let facts: Vec<_> = FACTS
        .iter()
        .map(|fact| {
            let subjects: Vec<_> = fact.subjects.iter().map(|subject| subject.word()).collect();
            json!({ "name": fact.name, "type": type_text(fact.of), "subjects": subjects, "help": fact.help })
        })
        .collect();
    let records: Vec<_> = records()
        .map(|record| {
            let fields: Vec<_> =
                record.fields.iter().map(|field| json!({ "name": field.name, "type": type_text(field.of), "help": field.help })).collect();
            json!({ "name": record.name, "help": record.help, "fields": fields })
        })
        .collect();
    let fix: Vec<_> = remedy::words().iter().map(|(word, help)| json!({ "name": word, "help": help })).collect();
    json!({ "words": words, "fix": fix, "facts": facts, "records": records })
}
