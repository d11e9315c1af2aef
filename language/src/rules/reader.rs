//! Reading TOML so that every complaint has its place.
//!
//! A [`Table`] remembers which keys were asked for: those are the keys that exist, so that an unknown
//! one is found, and its likely meaning named, without a list of keys anywhere.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{RuleError, did_you_mean};
use crate::text::Source;

/// A value with its place.
pub(crate) type Item<'d> = &'d Spanned<DeValue<'d>>;

/// Everything that is wrong with one file, in the order in which it was met.
#[derive(Debug)]
pub(crate) struct Problems<'s> {
    source: &'s Source,
    found: RefCell<Vec<RuleError>>,
}

impl<'s> Problems<'s> {
    pub(crate) fn new(source: &'s Source) -> Self {
        Self { source, found: RefCell::default() }
    }

    /// Notes an error.
    pub(crate) fn report(&self, span: Range<usize>, message: impl Into<String>) {
        self.push(span, message, None);
    }

    /// Notes an error that comes with what to write instead.
    pub(crate) fn report_with_help(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.push(span, message, Some(help.into()));
    }

    /// Notes a name that is not known, with the one that was probably meant.
    pub(crate) fn unknown<'n>(&self, span: Range<usize>, what: &str, given: &str, known: impl IntoIterator<Item = &'n str>) {
        let help = did_you_mean(given, known).map(|name| format!("did you mean `{name}`?"));
        self.push(span, format!("unknown {what} `{given}`"), help);
    }

    fn push(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.found.borrow_mut().push(RuleError::new(self.source, span, message, help));
    }

    /// The errors, by place.
    pub(crate) fn into_errors(self) -> Vec<RuleError> {
        let mut errors = self.found.into_inner();
        errors.sort_by_key(|error| error.location);
        errors
    }
}

/// A table of the file, and the keys that were asked for.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    /// What it is, for messages: "a rule", "[docs]".
    what: &'static str,
    entries: &'d DeTable<'d>,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
    problems: &'d Problems<'d>,
}

impl<'d> Table<'d> {
    pub(crate) fn new(what: &'static str, entries: &'d DeTable<'d>, span: Range<usize>, problems: &'d Problems<'d>) -> Self {
        Self { what, entries, span, asked: RefCell::default(), problems }
    }

    /// The table that an item is; anything else is an error.
    pub(crate) fn of(what: &'static str, item: Item<'d>, problems: &'d Problems<'d>) -> Option<Self> {
        match item.get_ref() {
            DeValue::Table(entries) => Some(Self::new(what, entries, item.span(), problems)),
            other => {
                problems.report(item.span(), format!("{what} must be a table; found {}", kind_of(other)));
                None
            }
        }
    }

    pub(crate) fn problems(&self) -> &'d Problems<'d> {
        self.problems
    }

    /// The place of the table; of a key of it, when it is there.
    pub(crate) fn span_of(&self, key: &str) -> Range<usize> {
        self.entries.get_key_value(key).map_or_else(|| self.span.clone(), |(key, _)| key.span())
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether a key is there; asking makes it a known one.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.item(key).is_some()
    }

    pub(crate) fn item(&self, key: &'static str) -> Option<Item<'d>> {
        self.asked.borrow_mut().push(key);
        self.entries.get(key)
    }

    /// Reports a key that must be there and is not.
    pub(crate) fn missing(&self, key: &str, help: impl Into<String>) {
        let start = self.span.start;
        let help = help.into();
        self.problems.report_with_help(start..start, format!("{} has no `{key}`", self.what), help);
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<&'d str> {
        text_of(self.item(key)?, &format!("`{key}`"), self.problems)
    }

    pub(crate) fn bool(&self, key: &'static str) -> Option<bool> {
        let item = self.item(key)?;
        let truth = item.get_ref().as_bool();
        if truth.is_none() {
            let found = kind_of(item.get_ref());
            self.problems.report(item.span(), format!("`{key}` must be true or false; found {found}"));
        }
        truth
    }

    pub(crate) fn table(&self, key: &'static str, what: &'static str) -> Option<Table<'d>> {
        Table::of(what, self.item(key)?, self.problems)
    }

    /// The tables of `[[key]]`, or of a list of inline tables.
    pub(crate) fn tables(&self, key: &'static str, what: &'static str) -> Vec<Table<'d>> {
        self.items(key).into_iter().filter_map(|item| Table::of(what, item, self.problems)).collect()
    }

    /// The elements of a list.
    pub(crate) fn items(&self, key: &'static str) -> Vec<Item<'d>> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        match item.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            other => {
                let found = kind_of(other);
                self.problems.report(item.span(), format!("`{key}` must be a list; found {found}"));
                Vec::new()
            }
        }
    }

    /// The texts of a list, or the one text that stands in its place.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<(&'d str, Range<usize>)> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        let one = |item: Item<'d>| Some((text_of(item, &format!("`{key}`"), self.problems)?, item.span()));
        match item.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(one).collect(),
            _ => one(item).into_iter().collect(),
        }
    }

    /// One of the words of an enumeration.
    pub(crate) fn word<T: std::str::FromStr>(&self, key: &'static str, words: &[&'static str]) -> Option<T> {
        let item = self.item(key)?;
        let text = text_of(item, &format!("`{key}`"), self.problems)?;
        word_of(text, item.span(), key, words, self.problems)
    }

    /// Words of an enumeration: a list of them, or the one that stands in its place.
    pub(crate) fn words<T: std::str::FromStr>(&self, key: &'static str, words: &[&'static str]) -> Vec<T> {
        self.texts(key).into_iter().filter_map(|(text, span)| word_of(text, span, key, words, self.problems)).collect()
    }

    /// Keys that nobody asked for: the names of files, frameworks, settings, where keys are free.
    pub(crate) fn others(&self) -> Vec<(&'d str, Range<usize>, Item<'d>)> {
        let asked = self.asked.borrow();
        let entries = self.entries.iter().filter(|(key, _)| !asked.contains(&key.get_ref().as_ref()));
        entries.map(|(key, item)| (key.get_ref().as_ref(), key.span(), item)).collect()
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self) {
        for (key, span, _) in self.others() {
            let what = format!("key of {}", self.what);
            self.problems.unknown(span, &what, key, self.asked.borrow().iter().copied());
        }
    }
}

/// The text of an item; anything else is an error.
pub(crate) fn text_of<'d>(item: Item<'d>, what: &str, problems: &Problems<'_>) -> Option<&'d str> {
    let text = item.get_ref().as_str();
    if text.is_none() {
        problems.report(item.span(), format!("{what} must be text; found {}", kind_of(item.get_ref())));
    }
    text
}

/// The value that a word stands for; another word is an error that lists them.
pub(crate) fn word_of<T: std::str::FromStr>(
    text: &str,
    span: Range<usize>,
    what: &str,
    words: &[&'static str],
    problems: &Problems<'_>,
) -> Option<T> {
    let value = text.parse().ok();
    if value.is_none() {
        let help = did_you_mean(text, words.iter().copied()).map(|name| format!("did you mean `{name}`?"));
        let help = help.unwrap_or_else(|| format!("expected one of {}", words.join(", ")));
        problems.report_with_help(span, format!("`{text}` is not a valid {what}"), help);
    }
    value
}

/// The kind of a TOML value, with its article.
pub(crate) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
