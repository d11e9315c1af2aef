//! Typed reading of one table: every mismatch becomes an error at its place, and reading goes on.

use std::cell::RefCell;
use std::fmt::Display;
use std::str::FromStr;

use toml::de::{DeTable, DeValue};

use super::keys::{SectionKeys, section_keys};
use super::suggest::closest;
use super::{At, ConfigError, Note};
use crate::model::{Date, Value, parse_date};
use crate::text::{Files, Source, Span, redact_text};

/// What all tables of one file share.
pub(super) struct Reader<'s> {
    pub(super) source: &'s Source,
    /// Trees that proofs are looked for in, each with the folder that they count from.
    pub(super) proofs: &'s [(&'s Files, &'s str)],
    pub(super) now: Date,
    pub(super) errors: RefCell<Vec<ConfigError>>,
    pub(super) notes: RefCell<Vec<Note>>,
}

impl Reader<'_> {
    pub(super) fn error(&self, error: ConfigError) {
        self.errors.borrow_mut().push(error);
    }

    pub(super) fn complain(&self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.error(ConfigError::new(self.source, span, message, help));
    }

    /// Cuts the password of a URL that stands where none was expected, and keeps the place out of excerpts.
    fn without_password(&self, text: At<String>) -> At<String> {
        if !(text.value.contains("://") && text.value.contains('@')) {
            return text;
        }
        self.source.redact(text.span);
        At { value: redact_text(&text.value), span: text.span }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.source.span(range.start, range.end)
    }
}

/// One table, of which only known keys are read.
pub(super) struct Section<'r, 't> {
    pub(super) reader: &'r Reader<'r>,
    pub(super) span: Span,
    keys: &'static SectionKeys,
    table: &'t DeTable<'t>,
}

impl<'r, 't> Section<'r, 't> {
    /// Opens a table; keys that nobody knows, and required ones that are missing, are errors.
    pub(super) fn open(reader: &'r Reader<'r>, name: &'static str, table: &'t DeTable<'t>, span: Span) -> Option<Self> {
        let section = Self { reader, span, keys: section_keys(name)?, table };
        section.check_keys();
        Some(section)
    }

    fn title(&self) -> String {
        match self.keys.name {
            "" => "gonogo.toml".to_owned(),
            name @ ("target" | "not_applicable" | "evidence" | "alert" | "accept" | "reviewed" | "plan") => format!("[[{name}]]"),
            name => format!("[{name}]"),
        }
    }

    fn check_keys(&self) {
        for key in self.table.keys() {
            let written = key.get_ref().as_ref();
            if self.keys.all().any(|known| known == written) {
                continue;
            }
            let known = self.keys.all().collect::<Vec<_>>().join(", ");
            let help = closest(written, self.keys.all())
                .map_or_else(|| "remove it, or use one of these keys".to_owned(), |name| format!("did you mean `{name}`?"));
            let error = ConfigError::new(
                self.reader.source,
                self.reader.span(key.span()),
                format!("{} has no key `{written}`", self.title()),
                help,
            );
            self.reader.error(error.with(format!("`{written}`"), format!("one of {known}")));
        }
        for key in self.keys.required.iter().filter(|key| !self.table.contains_key(**key)) {
            self.reader.complain(self.span, format!("{} lacks `{key}`", self.title()), format!("add a line `{key} = …` to it"));
        }
    }

    /// Whether a key is written, readable or not.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.raw(key).is_some()
    }

    fn raw(&self, key: &'static str) -> Option<At<&'t DeValue<'t>>> {
        debug_assert!(self.keys.all().any(|known| known == key), "`{key}` is not a documented key of {}", self.title());
        let value = self.table.get(key)?;
        Some(At { value: value.get_ref(), span: self.reader.span(value.span()) })
    }

    /// Reads a value; `read` gives `None` for a wrong type, and an error text for a wrong value.
    fn read<T>(&self, key: &'static str, expected: &str, read: impl Fn(&DeValue<'_>) -> Option<T>) -> Option<At<T>> {
        let raw = self.raw(key)?;
        if let Some(value) = read(raw.value) {
            return Some(At { value, span: raw.span });
        }
        let error = ConfigError::new(
            self.reader.source,
            raw.span,
            format!("`{key}` of {} cannot be read", self.title()),
            format!("write `{key}` as {expected}"),
        );
        self.reader.error(error.with(found(raw.value), expected));
        None
    }

    /// A text that is not empty. Only [`Section::secret`] gives a URL with its password.
    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        let text = self.secret(key)?;
        Some(self.reader.without_password(text))
    }

    /// A text that may hold a password, as it is written.
    pub(super) fn secret(&self, key: &'static str) -> Option<At<String>> {
        self.read(key, "a text that is not empty", |value| value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// One word of several.
    pub(super) fn word<T: FromStr + Display + Copy>(&self, key: &'static str, words: &[T]) -> Option<At<T>> {
        let listed = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        self.read(key, &format!("one of {listed}"), |value| {
            value.as_str()?.parse().ok().filter(|word: &T| words.iter().any(|known| known.to_string() == word.to_string()))
        })
    }

    /// A text of a grammar of its own.
    pub(super) fn parsed<T, E>(&self, key: &'static str, expected: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<At<T>> {
        self.read(key, expected, |value| parse(value.as_str()?).ok())
    }

    /// A date, as a TOML date or in quotes.
    pub(super) fn date(&self, key: &'static str) -> Option<At<Date>> {
        self.read(key, "a date, for example 2026-11-20", date)
    }

    /// A date that is not in the future.
    pub(super) fn past_date(&self, key: &'static str) -> Option<At<Date>> {
        let date = self.date(key)?;
        if date.value <= self.reader.now {
            return Some(date);
        }
        let error = ConfigError::new(
            self.reader.source,
            date.span,
            format!("`{key}` of {} is in the future", self.title()),
            "state what was done, with the day on which it was done",
        );
        self.reader.error(error.with(date.value.to_string(), format!("a day up to {}", self.reader.now)));
        None
    }

    /// A whole number from `least` on.
    pub(super) fn count(&self, key: &'static str, least: u32) -> Option<At<u32>> {
        self.read(key, &format!("a whole number from {least} on"), |value| {
            let integer = value.as_integer()?;
            u32::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number >= least)
        })
    }

    /// A number above zero.
    pub(super) fn number(&self, key: &'static str) -> Option<At<f64>> {
        self.read(key, "a number above zero", |value| {
            let text = value.as_integer().map(ToString::to_string).or_else(|| value.as_float().map(|float| float.as_str().to_owned()))?;
            text.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite())
        })
    }

    /// True or false.
    pub(super) fn truth(&self, key: &'static str) -> Option<At<bool>> {
        self.read(key, "true or false", |value| value.as_bool())
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let list = self.read(key, "a list of texts, as [\"db/\"]", |value| {
            value.as_array()?.iter().map(|text| Some((text.get_ref().as_str()?.to_owned(), text.span()))).collect::<Option<Vec<_>>>()
        });
        let texts = list.map(|list| list.value).unwrap_or_default();
        texts.into_iter().map(|(value, range)| self.reader.without_password(At { value, span: self.reader.span(range) })).collect()
    }

    /// A table below this one.
    pub(super) fn table(&self, key: &'static str, name: &'static str) -> Option<Section<'r, 't>> {
        let raw = self.raw(key)?;
        match raw.value {
            DeValue::Table(table) => Section::open(self.reader, name, table, raw.span),
            other => self.wrong_shape(key, raw.span, other, &format!("a table, as [{name}]")),
        }
    }

    /// The tables of a list below this one.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Section<'r, 't>> {
        let expected = format!("a list of tables, each begun with [[{key}]]");
        let Some(raw) = self.raw(key) else { return Vec::new() };
        let DeValue::Array(array) = raw.value else {
            return self.wrong_shape::<()>(key, raw.span, raw.value, &expected).map(|()| Vec::new()).unwrap_or_default();
        };
        let open = |entry: &'t toml::Spanned<DeValue<'t>>| match entry.get_ref() {
            DeValue::Table(table) => Section::open(self.reader, key, table, self.reader.span(entry.span())),
            other => self.wrong_shape(key, self.reader.span(entry.span()), other, &expected),
        };
        array.iter().filter_map(open).collect()
    }

    /// The entries of a table whose keys are names, with the places of the names.
    pub(super) fn entries(&self, key: &'static str) -> Vec<(At<String>, At<&'t DeValue<'t>>)> {
        let Some(raw) = self.raw(key) else { return Vec::new() };
        if let DeValue::Table(table) = raw.value {
            return entries_of(self.reader, table);
        }
        self.wrong_shape::<()>(key, raw.span, raw.value, &format!("a table, as [{key}]"));
        Vec::new()
    }

    fn wrong_shape<T>(&self, key: &str, span: Span, value: &DeValue<'_>, expected: &str) -> Option<T> {
        let error = ConfigError::new(self.reader.source, span, format!("`{key}` has the wrong shape"), format!("write {expected}"));
        self.reader.error(error.with(found(value), expected));
        None
    }
}

/// The entries of a table with their places.
pub(super) fn entries_of<'t>(reader: &Reader<'_>, table: &'t DeTable<'t>) -> Vec<(At<String>, At<&'t DeValue<'t>>)> {
    let name = |key: &toml::Spanned<toml::de::DeString<'_>>| At { value: key.get_ref().to_string(), span: reader.span(key.span()) };
    let value = |value: &'t toml::Spanned<DeValue<'t>>| At { value: value.get_ref(), span: reader.span(value.span()) };
    table.iter().map(|(key, entry)| (name(key), value(entry))).collect()
}

/// A value of a rule's parameter.
pub(super) fn parameter(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(text) => Value::text(text.as_ref()),
        DeValue::Integer(number) => Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?),
        DeValue::Float(number) => Value::Real(number.as_str().parse().ok()?),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Array(list) => {
            Value::List(list.iter().map(|entry| entry.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?)
        }
        DeValue::Datetime(_) | DeValue::Table(_) => return None,
    })
}

fn date(value: &DeValue<'_>) -> Option<Date> {
    match value {
        DeValue::String(text) => parse_date(text).ok(),
        DeValue::Datetime(written) if written.time.is_none() && written.offset.is_none() => {
            let day = written.date?;
            Date::new(day.year, day.month, day.day)
        }
        _ => None,
    }
}

/// What was found, short and without what may be secret.
pub(super) fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.is_empty() => "an empty text".to_owned(),
        DeValue::String(text) if text.chars().count() <= 40 && !text.contains("://") => format!("\"{}\"", redact_text(text)),
        DeValue::String(_) => "a text".to_owned(),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(written) => written.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
