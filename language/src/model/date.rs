//! Dates. Of the clock only the UTC date is used, so that a run can be repeated.

use jiff::civil;

/// A calendar date.
pub type Date = civil::Date;

/// Reads `2026-11-20`.
///
/// # Errors
/// A text that names what was expected.
pub fn parse_date(text: &str) -> Result<Date, String> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let parse = || text.parse::<Date>().ok();
    shape.then(parse).flatten().ok_or_else(|| format!("`{text}` is not a valid date; expected year-month-day, for example 2026-11-20"))
}
