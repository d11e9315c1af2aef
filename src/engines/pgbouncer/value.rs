//! What the text of a value means, as the functions of C that PgBouncer uses read it.

use super::catalogue::{self, Entry, Kind};
use crate::model::Value;
use crate::text::redact_text;

/// What a value means.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The value.
    pub value: Value,
    /// What `SHOW CONFIG` prints.
    pub shown: String,
    /// The number, where it is one.
    pub base: Option<f64>,
    /// The unit of the number.
    pub unit: Option<&'static str>,
    /// The word for a special value.
    pub special: Option<&'static str>,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// In words.
    pub message: String,
    /// What would be valid.
    pub expected: String,
}

/// What `raw` means for a setting.
///
/// # Errors
/// When the program refuses it.
pub fn interpret(entry: &Entry, raw: &str) -> Result<Meaning, Invalid> {
    let invalid = |expected: &str| Invalid {
        message: format!("{} is not a valid value for `{}`: expected {expected}", quote(raw), entry.name),
        expected: expected.to_owned(),
    };
    match entry.kind {
        Kind::Database if raw == catalogue::ADMIN_CONSOLE => Err(invalid("a database that is not the admin console")),
        Kind::Text | Kind::Database => Ok(plain(Value::text(raw), raw)),
        Kind::List => Ok(plain(Value::List(list(raw)), raw)),
        Kind::Enum => {
            let found = entry.words.iter().find(|word| word.name.eq_ignore_ascii_case(raw));
            let words = || entry.words.iter().map(|word| word.name).collect::<Vec<_>>().join(", ");
            found.map(|word| plain(Value::text(word.name), word.name)).ok_or_else(|| invalid(&format!("one of {}", words())))
        }
        Kind::Flag => {
            let number = integer(raw).ok_or_else(|| invalid("0 or 1"))?;
            Ok(Meaning { base: Some(f64::from(number)), ..plain(Value::Bool(number != 0), &number.to_string()) })
        }
        Kind::Seconds => {
            let seconds = seconds(raw).ok_or_else(|| invalid("a number of seconds, without a unit"))?;
            Ok(number(entry, seconds, "s", Value::Duration(microseconds(seconds)), seconds.to_string()))
        }
        _ => {
            let whole = integer(raw).ok_or_else(|| invalid(expected_number(entry.kind)))?;
            Ok(of_integer(entry, whole))
        }
    }
}

fn expected_number(kind: Kind) -> &'static str {
    match kind {
        Kind::Bytes => "a number of bytes, without a unit",
        Kind::WholeSeconds => "a whole number of seconds, without a unit",
        Kind::Milliseconds => "a whole number of milliseconds, without a unit",
        Kind::Mode => "a mode with a leading 0, for example 0700",
        _ => "a whole number",
    }
}

fn of_integer(entry: &Entry, whole: i32) -> Meaning {
    let (base, long) = (f64::from(whole), i64::from(whole));
    let shown = whole.to_string();
    match entry.kind {
        // An unsigned number in the program.
        Kind::Bytes => {
            let unsigned = whole.cast_unsigned();
            number(entry, f64::from(unsigned), "B", Value::Bytes(i64::from(unsigned)), unsigned.to_string())
        }
        Kind::WholeSeconds => number(entry, base, "s", Value::Duration(long.saturating_mul(1_000_000)), shown),
        Kind::Milliseconds => number(entry, base, "ms", Value::Duration(long.saturating_mul(1_000)), shown),
        Kind::Mode => Meaning { base: Some(base), ..plain(Value::Integer(long), &format!("{whole:04o}")) },
        _ => Meaning { unit: None, ..number(entry, base, "", Value::Integer(long), shown) },
    }
}

fn plain(value: Value, shown: &str) -> Meaning {
    Meaning { value, shown: shown.to_owned(), base: None, unit: None, special: None }
}

fn number(entry: &Entry, base: f64, unit: &'static str, value: Value, shown: String) -> Meaning {
    let special = entry.zero.filter(|_| base == 0.0);
    let shown = if unit == "s" && special.is_none() { format!("{shown}s") } else { shown };
    Meaning { value, shown, base: Some(base), unit: Some(unit), special }
}

/// A value in a message: short, on one line, without what may be a secret.
pub(super) fn quote(raw: &str) -> String {
    let clean: String = redact_text(raw).chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    match clean.char_indices().nth(80) {
        Some((end, _)) => format!("`{}…`", clean.get(..end).unwrap_or("")),
        None => format!("`{clean}`"),
    }
}

/// Texts with commas between them.
pub(super) fn list(raw: &str) -> Vec<String> {
    raw.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// `strtol` with any base, all of the text, cut to an `int` as the program cuts it.
pub(super) fn integer(raw: &str) -> Option<i32> {
    let (negative, digits) = sign(raw.trim_start());
    let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (16, digits),
        None if digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    // What does not fit into a `long` becomes the greatest one.
    let amount = i128::from_str_radix(digits, radix).unwrap_or(i128::MAX);
    let signed = if negative { -amount } else { amount };
    let long = i64::try_from(signed).unwrap_or(if negative { i64::MIN } else { i64::MAX });
    Some(cut(long))
}

#[expect(clippy::cast_possible_truncation, reason = "the program assigns a long to an int")]
const fn cut(long: i64) -> i32 {
    long as i32
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// `strtod`, all of the text, not below 0 and not too great.
pub(super) fn seconds(raw: &str) -> Option<f64> {
    let text = raw.trim_start();
    let (negative, digits) = sign(text);
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let number = match hexadecimal {
        Some(digits) => f64::from(u32::from_str_radix(digits, 16).ok()?),
        None => digits.parse::<f64>().ok().filter(|number| number.is_finite() || !digits.starts_with(|c: char| c.is_ascii_digit()))?,
    };
    let doubled = digits.starts_with(['+', '-']);
    (!doubled && (!negative || number == 0.0)).then_some(number)
}

#[expect(clippy::cast_possible_truncation, reason = "a conversion to an integer stops at its bounds")]
fn microseconds(seconds: f64) -> i64 {
    (seconds * 1e6) as i64
}

/// `atoi`: the digits that the text begins with, or 0.
pub(super) fn leading_integer(raw: &str) -> i32 {
    let (negative, digits) = sign(raw.trim_start());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let amount = digits.get(..end).unwrap_or("").parse::<i64>().unwrap_or(if end == 0 { 0 } else { i64::MAX });
    cut(if negative { -amount } else { amount })
}
