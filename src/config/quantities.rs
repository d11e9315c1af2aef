//! Lengths of time, loads and sizes as people write them.

use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

/// Units of time with their seconds, from long to short; the first name of each is the one that is shown.
const TIME_UNITS: [(&[&str], u64); 5] = [(&["w"], 604_800), (&["d"], 86_400), (&["h"], 3_600), (&["m", "min"], 60), (&["s"], 1)];

/// Units of size, by powers of 1024, as PostgreSQL reads them.
const SIZE_UNITS: [(&[&str], u32); 5] =
    [(&["B"], 0), (&["kB", "KB", "KiB", "K"], 10), (&["MB", "MiB", "M"], 20), (&["GB", "GiB", "G"], 30), (&["TB", "TiB", "T"], 40)];

/// Reads `24h`, `38m`, `2h30m`.
///
/// # Errors
/// What was expected.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || "a length of time, as \"24h\", \"38m\" or \"2h30m\"".to_owned();
    let mut rest = text.trim();
    let mut seconds: u64 = 0;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let (number, tail) = split_digits(rest).ok_or_else(wrong)?;
        let unit_end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let (_, factor) = TIME_UNITS.iter().find(|(names, _)| names.contains(&unit)).ok_or_else(wrong)?;
        seconds = number.checked_mul(*factor).and_then(|more| seconds.checked_add(more)).ok_or_else(wrong)?;
        rest = tail.trim_start();
    }
    Ok(Duration::from_secs(seconds))
}

/// Writes a length of time as [`parse_duration`] reads it.
#[must_use]
pub fn show_duration(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    // A day is shown as 24h: objectives are written so.
    for (names, factor) in TIME_UNITS.iter().skip(2) {
        if rest >= *factor {
            let _ = write!(text, "{}{}", rest / factor, names.first().unwrap_or(&""));
            rest %= factor;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Reads `16GB`; units are powers of 1024.
///
/// # Errors
/// What was expected.
pub fn parse_bytes(text: &str) -> Result<i64, String> {
    let read = || {
        let (number, unit) = split_digits(text.trim())?;
        let (_, power) = SIZE_UNITS.iter().find(|(names, _)| names.contains(&unit.trim()))?;
        i64::try_from(number).ok()?.checked_mul(1_i64.checked_shl(*power)?)
    };
    read().ok_or_else(|| "a size with its unit, as \"512MB\" or \"16GB\"".to_owned())
}

fn split_digits(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

/// A rate of work: a number, kept in thousandths so that comparisons are exact, and its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// The number times 1000.
    pub thousandths: u64,
    /// The unit as written: `tps`.
    pub unit: String,
}

impl Load {
    /// Reads `400 tps`.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = || {
            let (whole, rest) = split_digits(text.trim())?;
            let (fraction, unit) = match rest.strip_prefix('.') {
                Some(rest) => {
                    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                    let (digits, unit) = rest.split_at(digits);
                    let scale = 10_u64.checked_pow(3_u32.checked_sub(u32::try_from(digits.len()).ok()?)?)?;
                    (digits.parse::<u64>().ok()?.checked_mul(scale)?, unit)
                }
                None => (0, rest),
            };
            let thousandths = whole.checked_mul(1000)?.checked_add(fraction)?;
            let unit = unit.trim();
            (thousandths > 0 && unit.starts_with(|c: char| c.is_alphabetic())).then(|| Self { thousandths, unit: unit.to_owned() })
        };
        read().ok_or_else(|| "a number above zero with its unit, as \"400 tps\"".to_owned())
    }

    /// This load as percent of another, rounded down; `None` when the units differ.
    #[must_use]
    pub fn percent_of(&self, other: &Self) -> Option<u64> {
        let percent = u128::from(self.thousandths) * 100 / u128::from(other.thousandths.max(1));
        (self.unit == other.unit).then(|| u64::try_from(percent).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = format!("{}.{:03}", self.thousandths / 1000, self.thousandths % 1000);
        write!(f, "{} {}", number.trim_end_matches('0').trim_end_matches('.'), self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown() {
        for (text, seconds, shown) in [
            ("24h", 86_400, "24h"),
            ("38m", 2280, "38m"),
            ("2h30m", 9000, "2h30m"),
            ("1d 2h", 93_600, "26h"),
            ("0s", 0, "0s"),
            ("90min", 5400, "1h30m"),
        ] {
            let duration = parse_duration(text).unwrap();
            assert_eq!((duration.as_secs(), show_duration(duration).as_str()), (seconds, shown), "{text}");
        }
        for text in ["", "24", "h", "2h30", "-1h", "1y", "99999999999999999999h", "18446744073709551615w", "1.5h", "24h,"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn loads_compare_exactly() {
        let load = |text| Load::parse(text).unwrap();
        assert_eq!(load("600 tps").percent_of(&load("400 tps")), Some(150));
        assert_eq!(load("599.999 tps").percent_of(&load("400 tps")), Some(149));
        assert_eq!(load("600 tps").percent_of(&load("400 rps")), None);
        assert_eq!(load("1200.50req/s").to_string(), "1200.5 req/s");
        for text in ["", "400", "tps", "0 tps", "-4 tps", "1.2345 tps", "4 4"] {
            assert!(Load::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(parse_bytes("16GB"), Ok(17_179_869_184));
        assert_eq!(parse_bytes("512 MiB"), Ok(536_870_912));
        assert!(parse_bytes("16").is_err() && parse_bytes("9999999999TB").is_err() && parse_bytes("16gb").is_err());
    }
}
