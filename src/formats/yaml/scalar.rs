//! What a scalar means, as the YAML library of Go programs (compose, kubectl, Prometheus) reads it.
//!
//! That library follows YAML 1.2 with a few habits of 1.1 kept: an integer with a leading zero is
//! octal, `_` may group digits, and `yes`, `no`, `on`, `off` are text.

use super::{Kind, Node, Style};

/// A scalar with its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction or an exponent, or beyond the range of integers.
    Real(f64),
    /// A date or time such as `2026-11-20` without quotes, which many programs refuse where they expect text.
    Timestamp,
    /// Anything else.
    Text,
}

impl Node {
    /// The type of a scalar; `None` for mappings and lists.
    #[must_use]
    pub fn typed(&self) -> Option<Typed> {
        let Kind::Scalar(scalar) = &self.kind else {
            return None;
        };
        match self.tag.as_ref().map(|tag| &*tag.text) {
            Some("!!str") => return Some(Typed::Text),
            Some("!!int" | "!!float" | "!!bool" | "!!null") => return Some(plain(&scalar.value)),
            Some("!") => return Some(Typed::Text),
            _ => {}
        }
        Some(if scalar.style == Style::Plain { plain(&scalar.value) } else { Typed::Text })
    }

    /// Whether it is null: `~`, `null`, or nothing at all.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.typed() == Some(Typed::Null)
    }

    /// The truth value of a plain `true` or `false`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.typed()? {
            Typed::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number of a plain integer.
    #[must_use]
    pub fn as_integer(&self) -> Option<i128> {
        match self.typed()? {
            Typed::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The text that a Go program makes of a scalar: `0123` becomes `83`, `1.10` becomes `1.1`.
    ///
    /// `None` for null, dates, mappings and lists.
    #[must_use]
    pub fn rendered(&self) -> Option<String> {
        match self.typed()? {
            Typed::Null | Typed::Timestamp => None,
            Typed::Bool(value) => Some(value.to_string()),
            Typed::Integer(value) => Some(value.to_string()),
            Typed::Real(value) => Some(render_real(value)),
            Typed::Text => self.text().map(str::to_owned),
        }
    }
}

fn plain(text: &str) -> Typed {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Typed::Null,
        "true" | "True" | "TRUE" => return Typed::Bool(true),
        "false" | "False" | "FALSE" => return Typed::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Typed::Real(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Typed::Real(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Typed::Real(f64::NEG_INFINITY),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) || text.len() > 64 {
        return Typed::Text;
    }
    if is_timestamp(text) {
        return Typed::Timestamp;
    }
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    integer(&digits).map(Typed::Integer).or_else(|| real(&digits).map(Typed::Real)).unwrap_or(Typed::Text)
}

/// Decimal, `0x`, `0o`, `0b`, and octal by a leading zero; within 64 bits, signed or not.
fn integer(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, lower.get(2..)?),
        [b'0', b'o', ..] => (8, lower.get(2..)?),
        [b'0', b'b', ..] => (2, lower.get(2..)?),
        [b'0', _, ..] => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(digits, radix).ok()?);
    let value = if text.starts_with('-') { -magnitude } else { magnitude };
    (value >= i128::from(i64::MIN)).then_some(value)
}

fn real(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let number = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !number.is_empty() && digits(number)
    });
    (mantissa_fits && exponent_fits).then(|| text.parse().ok()).flatten()
}

/// `2026-11-20`, with or without a time after it.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at).unwrap_or(""), text.get(at + 1..)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |part: &str, most: u32| {
        part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u32>().is_ok_and(|value| (1..=most).contains(&value))
    };
    let date_fits = year.len() == 4 && number(year, 9999) && (1..=2).contains(&month.len()) && number(month, 12) && number(day, 31);
    date_fits && time.is_none_or(|time| time.trim_start().starts_with(|c: char| c.is_ascii_digit()) && time.contains(':'))
}

/// The shortest text of a number, with an exponent where Go writes one: below 1e-4 and from 1e6 on.
///
/// Integers never come here: `1000000` stays as it is, `1e6` becomes `1e+06`.
fn render_real(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value == 0.0 || (-4..6).contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Whether a plain scalar is a number to base 60 for a YAML 1.1 reader: `22:22` is 1342 there.
///
/// YAML 1.2, and so docker compose, reads text.
#[must_use]
pub fn looks_sexagesimal(node: &Node) -> bool {
    let Kind::Scalar(scalar) = &node.kind else {
        return false;
    };
    let parts: Vec<&str> = scalar.value.split(':').collect();
    let (Some((first, rest)), Style::Plain) = (parts.split_first(), scalar.style) else {
        return false;
    };
    let number = |part: &str| !part.is_empty() && part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    let leading = first.strip_prefix(['+', '-']).unwrap_or(first);
    let starts = number(leading) && !leading.starts_with('0');
    !rest.is_empty() && starts && rest.iter().all(|part| number(part) && part.len() <= 2 && part.parse::<u8>().is_ok_and(|n| n < 60))
}
