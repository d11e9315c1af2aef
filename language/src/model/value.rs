//! Values as servers mean them, and secrets that cannot be printed.

use std::borrow::Cow;
use std::fmt;

/// A value of a setting, fact or field.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// On or off.
    Bool(bool),
    /// A number without a unit.
    Integer(i64),
    /// A number with a fraction, without a unit.
    Real(f64),
    /// A size in bytes.
    Bytes(i64),
    /// A length of time in microseconds.
    Duration(i64),
    /// Text, or a word of an enumeration.
    Text(Cow<'static, str>),
    /// A list of texts.
    List(Vec<String>),
    /// Something that must never be shown.
    Secret(Secret),
    /// A value that is written but cannot be known from the files: `${VAR}`, a reference to a store.
    Unresolved(String),
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Cow::Owned(text.into()))
    }

    /// The text of a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth of a boolean.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number behind an integer, a real, a size (bytes) or a duration (microseconds).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "settings stay far below 2^53")]
    pub const fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) | Self::Bytes(number) | Self::Duration(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// The number behind an integer.
    #[must_use]
    pub const fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether nothing is in it: an empty text, list or secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Secret(secret) => secret.is_empty(),
            _ => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("on"),
            Self::Bool(false) => f.write_str("off"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Real(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => f.write_str(&format_bytes(*bytes)),
            Self::Duration(microseconds) => f.write_str(&format_duration(*microseconds)),
            Self::Text(text) => f.write_str(text),
            Self::List(list) => f.write_str(&list.join(", ")),
            Self::Secret(_) => f.write_str(crate::text::SECRET_PLACEHOLDER),
            Self::Unresolved(what) => write!(f, "{what}"),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "Bool({value})"),
            Self::Integer(value) => write!(f, "Integer({value})"),
            Self::Real(value) => write!(f, "Real({value})"),
            Self::Bytes(value) => write!(f, "Bytes({value})"),
            Self::Duration(value) => write!(f, "Duration({value})"),
            Self::Text(value) => write!(f, "Text({value:?})"),
            Self::List(value) => write!(f, "List({value:?})"),
            Self::Secret(value) => write!(f, "{value:?}"),
            Self::Unresolved(value) => write!(f, "Unresolved({value:?})"),
        }
    }
}

/// Bytes in the largest unit that stays whole: `128MB`, `1000kB`.
#[must_use]
pub fn format_bytes(bytes: i64) -> String {
    in_units(bytes, &[("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)], "B")
}

/// Microseconds in the largest unit that stays whole: `5min`, `1500ms`.
#[must_use]
pub fn format_duration(microseconds: i64) -> String {
    let units = [("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1_000)];
    in_units(microseconds, &units, "us")
}

fn in_units(number: i64, units: &[(&str, i64)], least: &str) -> String {
    if number == 0 {
        return "0".to_owned();
    }
    units
        .iter()
        .find(|(_, factor)| number % factor == 0)
        .map_or_else(|| format!("{number}{least}"), |(unit, factor)| format!("{}{unit}", number / factor))
}

/// A secret. It can be asked about, and cannot be shown: neither `Debug` nor `Display` tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret where it is read.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a predicate holds for it; the predicate must not keep the text.
    #[must_use]
    pub fn test(&self, predicate: impl Fn(&str) -> bool) -> bool {
        predicate(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_use_the_largest_whole_unit() {
        assert_eq!(format_bytes(134_217_728), "128MB");
        assert_eq!(format_bytes(1_024_000), "1000kB");
        assert_eq!(format_bytes(1), "1B");
        assert_eq!(format_duration(300_000_000), "5min");
        assert_eq!(format_duration(500), "500us");
        assert_eq!(format_duration(0), "0");
    }

    #[test]
    fn a_secret_is_never_printed() {
        let value = Value::Secret(Secret::new("hunter2"));
        assert!(!format!("{value} {value:?}").contains("hunter2"));
    }
}
