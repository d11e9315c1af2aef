//! Numbers with units, as the server parses them: C's `strtol` and `strtod`, then its unit tables
//! (`parse_int` and `parse_real` in `guc.c`; majors 10 and 11 knew integers only).

use super::catalogue::Unit;

/// Why a text is no number of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NumberError {
    /// Not a number at all, or a unit where none is allowed.
    Malformed,
    /// Something stands behind the number that is no unit.
    Unit(String),
    /// Beyond the integers of 32 bits.
    Overflow,
}

/// A number in the base unit of its setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// After rounding.
    pub value: f64,
    /// Before rounding.
    pub exact: f64,
}

/// Whether a major rounds and takes fractions; 10 and 11 cut off instead.
fn rounds(major: u32) -> bool {
    major >= 12
}

/// Names of the units that a setting with this unit takes, for messages.
pub(super) fn unit_names(unit: Unit, major: u32) -> &'static [&'static str] {
    match (unit.is_memory(), major) {
        (true, ..=10) => &["kB", "MB", "GB", "TB"],
        (true, _) => &["B", "kB", "MB", "GB", "TB"],
        (false, ..=11) => &["ms", "s", "min", "h", "d"],
        (false, _) => &["us", "ms", "s", "min", "h", "d"],
    }
}

/// A whole number, in the base unit.
pub(super) fn integer(text: &str, unit: Option<Unit>, major: u32) -> Result<Number, NumberError> {
    if !rounds(major) {
        return integer_before_12(text, unit, major);
    }
    let bytes = text.as_bytes();
    let whole = strtol(bytes);
    let next = bytes.get(whole.length).copied();
    let (value, length) = if whole.overflow || matches!(next, Some(b'.' | b'e' | b'E')) {
        strtod(bytes).ok_or(NumberError::Malformed)?
    } else if whole.length == 0 {
        return Err(NumberError::Malformed);
    } else {
        (to_real(whole.value), whole.length)
    };
    let exact = with_unit(value, text.get(length..).unwrap_or(""), unit, major)?;
    let value = exact.round_ties_even();
    if !(f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value) {
        return Err(NumberError::Overflow);
    }
    // Adding zero turns -0 into 0.
    Ok(Number { value: value + 0.0, exact })
}

/// A number, in the base unit.
pub(super) fn real(text: &str, unit: Option<Unit>, major: u32) -> Result<Number, NumberError> {
    let (value, length) = strtod(text.as_bytes()).ok_or(NumberError::Malformed)?;
    let value = with_unit(value, text.get(length..).unwrap_or(""), unit.filter(|_| rounds(major)), major)?;
    Ok(Number { value, exact: value })
}

fn integer_before_12(text: &str, unit: Option<Unit>, major: u32) -> Result<Number, NumberError> {
    let whole = strtol(text.as_bytes());
    if whole.length == 0 {
        return Err(NumberError::Malformed);
    }
    if whole.overflow || i32::try_from(whole.value).is_err() {
        return Err(NumberError::Overflow);
    }
    let rest = text.get(whole.length..).unwrap_or("").trim_matches(is_space);
    if rest.is_empty() {
        return Ok(Number { value: to_real(whole.value), exact: to_real(whole.value) });
    }
    let unit = unit.ok_or(NumberError::Malformed)?;
    let factor = factor(rest, unit, major).ok_or_else(|| NumberError::Unit(rest.to_owned()))?;
    let exact = to_real(whole.value) * factor;
    let value = exact.trunc();
    if value.abs() > f64::from(i32::MAX) { Err(NumberError::Overflow) } else { Ok(Number { value: value + 0.0, exact }) }
}

/// Applies the unit behind a number, if there is one.
fn with_unit(value: f64, rest: &str, unit: Option<Unit>, major: u32) -> Result<f64, NumberError> {
    let rest = rest.trim_matches(is_space);
    if rest.is_empty() {
        return Ok(value);
    }
    let unit = unit.ok_or(NumberError::Malformed)?;
    let names = unit_names(unit, major);
    let known = || NumberError::Unit(rest.to_owned());
    let position = names.iter().position(|name| *name == rest).ok_or_else(known)?;
    let exact = value * factor(rest, unit, major).ok_or_else(known)?;
    // "30.1GB" is rounded to the next smaller unit first, here to MB.
    let smaller = position.checked_sub(1).and_then(|index| names.get(index)).and_then(|name| factor(name, unit, major));
    Ok(smaller.map_or(exact, |smaller| (exact / smaller).round_ties_even() * smaller))
}

/// How many base units one of a named unit is.
fn factor(name: &str, unit: Unit, major: u32) -> Option<f64> {
    if !unit_names(unit, major).contains(&name) {
        return None;
    }
    let size = match name {
        "B" | "us" => 1.0,
        "kB" => 1024.0,
        "MB" => 1_048_576.0,
        "GB" => 1_073_741_824.0,
        "TB" => 1_099_511_627_776.0,
        "ms" => 1_000.0,
        "s" => 1_000_000.0,
        "min" => 60_000_000.0,
        "h" => 3_600_000_000.0,
        "d" => 86_400_000_000.0,
        _ => return None,
    };
    Some(size / unit.size())
}

/// The largest unit in which a number of base units is whole, as `SHOW` prints it.
pub(super) fn in_largest_unit(value: f64, unit: Unit, major: u32) -> (f64, &'static str) {
    in_largest_unit_within(value, unit, major, 1e-8)
}

/// The same for a whole number, which the server never rounds: 1073741823 blocks are 8589934584kB, and not 8TB.
pub(super) fn in_largest_whole_unit(value: f64, unit: Unit, major: u32) -> (f64, &'static str) {
    in_largest_unit_within(value, unit, major, 0.0)
}

fn in_largest_unit_within(value: f64, unit: Unit, major: u32, tolerance: f64) -> (f64, &'static str) {
    let mut found = (value, unit.name());
    for name in unit_names(unit, major).iter().rev() {
        let Some(factor) = factor(name, unit, major) else { continue };
        found = (value / factor, name);
        if (found.0.round_ties_even() / found.0 - 1.0).abs() <= tolerance {
            break;
        }
    }
    found
}

/// `isspace` of the C locale.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

#[expect(clippy::cast_precision_loss, reason = "the server does the same; what it then accepts has 32 bits")]
fn to_real(value: i64) -> f64 {
    value as f64
}

/// What `strtol(text, &end, 0)` answers.
struct Strtol {
    value: i64,
    /// Bytes that were read; 0 when there is no number.
    length: usize,
    overflow: bool,
}

fn sign_of(bytes: &[u8]) -> (usize, bool) {
    let blanks = bytes.iter().take_while(|byte| is_space(char::from(**byte))).count();
    match bytes.get(blanks) {
        Some(b'-') => (blanks + 1, true),
        Some(b'+') => (blanks + 1, false),
        _ => (blanks, false),
    }
}

fn strtol(bytes: &[u8]) -> Strtol {
    let (start, negative) = sign_of(bytes);
    let digits = bytes.get(start..).unwrap_or(&[]);
    let (base, prefix) = match digits {
        [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit() => (16, 2),
        [b'0', ..] => (8, 0),
        _ => (10, 0),
    };
    let digits = digits.get(prefix..).unwrap_or(&[]);
    let count = digits.iter().take_while(|byte| char::from(**byte).is_digit(base)).count();
    if count == 0 {
        return Strtol { value: 0, length: 0, overflow: false };
    }
    let value = digits.iter().take(count).try_fold(0_i64, |value, byte| {
        let digit = i64::from(char::from(*byte).to_digit(base)?);
        let shifted = value.checked_mul(i64::from(base))?;
        if negative { shifted.checked_sub(digit) } else { shifted.checked_add(digit) }
    });
    Strtol { value: value.unwrap_or(0), length: start + prefix + count, overflow: value.is_none() }
}

/// What `strtod` answers, with the bytes that were read; `None` also where it would say ERANGE, and for NaN.
fn strtod(bytes: &[u8]) -> Option<(f64, usize)> {
    let (start, negative) = sign_of(bytes);
    let rest = bytes.get(start..).unwrap_or(&[]);
    let (magnitude, length) = match rest {
        [b'0', b'x' | b'X', ..] => hexadecimal(rest).or_else(|| decimal(rest)),
        _ if starts_with(rest, "infinity") => Some((f64::INFINITY, 8)),
        _ if starts_with(rest, "inf") => Some((f64::INFINITY, 3)),
        _ => decimal(rest),
    }?;
    Some((if negative { -magnitude } else { magnitude }, start + length))
}

fn starts_with(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn digits(bytes: &[u8], at: usize, test: fn(&u8) -> bool) -> usize {
    bytes.get(at..).unwrap_or(&[]).iter().take_while(|byte| test(byte)).count()
}

/// An exponent of this letter at `at`: the bytes it takes, none when no digit follows.
fn exponent(bytes: &[u8], at: usize, letter: u8) -> usize {
    if bytes.get(at).map(u8::to_ascii_lowercase) != Some(letter) {
        return 0;
    }
    let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
    match digits(bytes, at + 1 + sign, u8::is_ascii_digit) {
        0 => 0,
        count => 1 + sign + count,
    }
}

/// The end of digits, a point and digits; `None` without any digit.
fn mantissa(bytes: &[u8], start: usize, test: fn(&u8) -> bool) -> Option<usize> {
    let whole = digits(bytes, start, test);
    let mut end = start + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(bytes, end + 1, test);
        end += 1 + fraction;
    }
    (whole + fraction > 0).then_some(end)
}

fn decimal(bytes: &[u8]) -> Option<(f64, usize)> {
    let end = mantissa(bytes, 0, u8::is_ascii_digit)?;
    let length = end + exponent(bytes, end, b'e');
    let value: f64 = std::str::from_utf8(bytes.get(..length)?).ok()?.parse().ok()?;
    let is_zero = bytes.iter().take(end).all(|byte| matches!(byte, b'0' | b'.'));
    in_range(value, is_zero).map(|value| (value, length))
}

fn hexadecimal(bytes: &[u8]) -> Option<(f64, usize)> {
    let end = mantissa(bytes, 2, u8::is_ascii_hexdigit)?;
    let length = end + exponent(bytes, end, b'p');
    let mut value = 0.0_f64;
    let mut scale = 0_i32;
    let mut after_point = false;
    for byte in bytes.get(2..end)? {
        let Some(digit) = char::from(*byte).to_digit(16) else {
            after_point = true;
            continue;
        };
        value = value * 16.0 + f64::from(digit);
        scale -= if after_point { 4 } else { 0 };
    }
    let power = std::str::from_utf8(bytes.get(end..length)?).ok()?.get(1..).unwrap_or("0");
    let power: i32 = power.parse().unwrap_or(if power.starts_with('-') { -10_000 } else { 10_000 });
    let is_zero = value == 0.0;
    in_range(value * 2.0_f64.powi(scale.saturating_add(power)), is_zero).map(|value| (value, length))
}

/// Refuses what C calls a range error: too large, or too small to keep its digits.
fn in_range(value: f64, is_zero: bool) -> Option<f64> {
    (is_zero || value.is_normal()).then_some(value)
}

/// `%g` of C: six digits, without zeros at the end.
#[must_use]
pub(super) fn format_g(value: f64) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        return without_zeros(&format!("{value:.decimals$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", without_zeros(digits), exponent.abs())
}

fn without_zeros(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strtol_and_strtod_divide_the_work() {
        let of = |text| integer(text, None, 17).map(|number| number.value);
        for (text, expected) in [
            ("010", Ok(8.0)),
            ("0x10", Ok(16.0)),
            (" +7 ", Ok(7.0)),
            ("1e2", Ok(100.0)),
            (".5", Ok(0.0)),
            ("1.5", Ok(2.0)),
            ("2.5", Ok(2.0)),
            ("0x1.8p4", Ok(24.0)),
            ("-.5", Err(NumberError::Malformed)),
            (" .5", Err(NumberError::Malformed)),
            ("08", Err(NumberError::Malformed)),
            ("", Err(NumberError::Malformed)),
            ("3000000000", Err(NumberError::Overflow)),
            ("99999999999999999999", Err(NumberError::Overflow)),
            ("1e999", Err(NumberError::Malformed)),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn units_convert_as_the_majors_do() {
        let of = |text, unit, major| integer(text, Some(unit), major).map(|number| number.value);
        assert_eq!(of("150kB", Unit::Block, 17), Ok(19.0));
        assert_eq!(of("150kB", Unit::Block, 11), Ok(18.0));
        assert_eq!(of("0.001GB", Unit::Kilobyte, 17), Ok(1024.0));
        assert_eq!(of("1.1min", Unit::Second, 17), Ok(66.0));
        assert_eq!(of("90s", Unit::Minute, 13), Ok(2.0));
        assert_eq!(of("1B", Unit::Kilobyte, 10), Err(NumberError::Unit("B".to_owned())));
        assert_eq!(of("4mb", Unit::Kilobyte, 17), Err(NumberError::Unit("mb".to_owned())));
        assert_eq!(of("2TB", Unit::Kilobyte, 17), Err(NumberError::Overflow));
        assert_eq!(in_largest_unit(16384.0, Unit::Block, 17), (128.0, "MB"));
        assert_eq!(in_largest_unit(0.5, Unit::Millisecond, 17), (500.0, "us"));
        assert_eq!(in_largest_whole_unit(1_073_741_823.0, Unit::Block, 17), (8_589_934_584.0, "kB"));
    }

    #[test]
    fn reals_print_as_in_c() {
        for (value, text) in [(0.1, "0.1"), (4.0, "4"), (1e6, "1e+06"), (0.00001, "1e-05"), (123_456.0, "123456"), (0.0025, "0.0025")] {
            assert_eq!(format_g(value), text);
        }
    }
}
