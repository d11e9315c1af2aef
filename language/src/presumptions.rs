//! `rules/data/presumptions.toml`: what is presumed where something could not be seen.
//!
//! The build script checks the file and writes it as Rust, as it does with the table of engines.

use std::fmt::Write as _;

use toml::de::DeTable;

use crate::model::{Presumption, PresumptionRow};
use crate::rules::RuleError;
use crate::rules::reader::{Problems, Table, word_of};
use crate::text::Source;

/// Reads the table. What it returns stays for as long as the process runs: it is for the build script and tests.
///
/// # Errors
/// Everything that is wrong with it, by place.
pub fn load(source: &Source) -> Result<Vec<PresumptionRow>, Vec<RuleError>> {
    let document = DeTable::parse(source.text()).map_err(|error| {
        vec![RuleError::new(source, error.span().unwrap_or(0..0), format!("not valid TOML: {}", error.message()), None)]
    })?;
    let problems = Problems::new(source);
    let root = Table::new("the table of presumptions", document.get_ref(), 0..source.text().len(), &problems);
    let mut rows: Vec<PresumptionRow> = Vec::new();
    for (name, span, item) in root.others() {
        let what = word_of::<Presumption>(name, span, "presumption", Presumption::WORDS, &problems);
        if let (Some(what), Some(table)) = (what, Table::of("a presumption", item, &problems)) {
            rows.push(PresumptionRow { what, says: sentence(&table, "says"), why: sentence(&table, "why") });
            table.finish();
        }
    }
    for missing in Presumption::ALL.iter().filter(|what| !rows.iter().any(|row| row.what == **what)) {
        root.missing(missing.word(), "every presumption of the vocabulary has a section with `says` and `why`");
    }
    rows.sort_by_key(|row| row.what);
    let errors = problems.into_errors();
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// A text that must be there.
fn sentence(table: &Table<'_>, key: &'static str) -> &'static str {
    let text = table.text(key).map(str::trim).unwrap_or_default();
    if text.is_empty() && table.span_of(key) == table.span() {
        table.missing(key, "a sentence");
    } else if text.is_empty() {
        table.problems().report(table.span_of(key), format!("`{key}` must not be empty"));
    }
    text.to_owned().leak()
}

/// The table as a constant of the program, `PRESUMPTIONS`. It names the types of the model without their path.
#[must_use]
pub fn as_rust(rows: &[PresumptionRow]) -> String {
    let mut out = String::from("/// What is presumed, in words.\npub const PRESUMPTIONS: &[PresumptionRow] = &[\n");
    for PresumptionRow { what, says, why } in rows {
        _ = writeln!(out, "    PresumptionRow {{ what: Presumption::{what:?}, says: {says:?}, why: {why:?} }},");
    }
    out.push_str("];\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> String {
        let errors = load(&Source::detached("presumptions.toml", text)).expect_err("it is wrong");
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_unknown_presumption_one_without_words_and_one_that_is_missing_are_errors() {
        let told = errors("[unread-includ]\nsays = \"it does not\"\nwhy = \"so\"\n[archiving]\nsays = \" \"\n");
        for part in ["presumptions.toml:1:2", "not a valid presumption", "did you mean `unread-include`?", "`says` must not be empty"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(told.contains("has no `why`") && told.contains("has no `network-clients`"), "{told}");
    }
}
