//! What rules can be written with: `gonogo rules --vocabulary`.

use std::fmt::Write as _;

use super::load::remedy;
use crate::model::ValueKind;
use crate::model::records::{FACTS, FieldType, records};

/// The words of conditions, with what follows them and what they mean.
pub const WORDS: &[(&str, &str)] = &[
    ("setting", "the setting in effect, by its name; with `key`, one key of a connection string"),
    ("fact", "a fact of the subject"),
    ("field", "a field of the record at hand, inside `where` and `require`; dots descend into records that fields name"),
    ("all", "every condition of a list holds"),
    ("any", "at least one condition of a list holds"),
    ("not", "a condition does not hold"),
    ("each", "of each record of a kind that `where` picks, `require` holds"),
    ("some", "at least one record of a kind is picked by `where`"),
    ("none", "no record of a kind is picked by `where`"),
    ("is", "the value is this one"),
    ("is_not", "the value is not this one"),
    ("one_of", "the value is one of a list"),
    ("none_of", "the value is none of a list"),
    ("same_as", "the value is that of another setting, fact or field: { setting = \"x\" }"),
    ("at_least", "the value is this much or more: a literal with its unit, \"15% of memory\", \"50% of setting x\", \"2 per cpu\""),
    ("at_most", "the value is this much or less"),
    ("between", "the value is between two bounds, both included"),
    ("special", "what a comparison makes of values that are not an amount: { off = \"fails\" }, or \"passes\", or \"unknown\""),
    ("has", "the list has this element"),
    ("lacks", "the list does not have this element"),
    ("starts_with", "the text begins so"),
    ("ends_with", "the text ends so"),
    ("includes", "the text contains this"),
    ("matches", "the whole text matches a regular expression (Rust's syntax)"),
    ("written", "whether a file, the environment or a command line sets it"),
    ("present", "whether its value is known and not empty"),
];

/// The vocabulary as text.
#[must_use]
pub fn text() -> String {
    let mut out = String::from("Words of conditions\n");
    WORDS.iter().for_each(|(word, meaning)| _ = writeln!(out, "  {word:<12} {meaning}"));
    out.push_str("\nWords of [fix]\n");
    remedy::words().iter().for_each(|(word, meaning)| _ = writeln!(out, "  {word:<14} {meaning}"));
    out.push_str("\nFacts\n");
    for fact in FACTS {
        let subjects: Vec<_> = fact.subjects.iter().map(|subject| subject.word()).collect();
        _ = writeln!(out, "  {:<20} {} of {}: {}", fact.name, type_text(fact.of), subjects.join(", "), fact.help);
    }
    for record in records() {
        _ = writeln!(out, "\nRecord `{}`: {}", record.name, record.help);
        record.fields.iter().for_each(|field| _ = writeln!(out, "  {:<20} {}: {}", field.name, type_text(field.of), field.help));
    }
    out
}

/// What a field or fact holds, in words.
#[must_use]
pub fn type_text(of: FieldType) -> String {
    ValueKind::from(of).describe()
}
