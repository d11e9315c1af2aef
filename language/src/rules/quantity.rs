//! Sizes and times as rules write them: `"128MB"`, `"5min"`.

/// Units of size with their bytes; upper and lower case matter, as they do to `PostgreSQL`.
const SIZES: [(&str, i64); 5] = [("B", 1), ("kB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40)];

/// Units of time with their microseconds.
const TIMES: [(&str, i64); 6] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("min", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];

/// Reads a size into bytes.
///
/// # Errors
/// A text that names the units.
pub fn parse_size(text: &str) -> Result<i64, String> {
    with_unit(text, &SIZES)
        .map_err(|unit| format!("`{unit}` is not a unit of size; expected a number with B, kB, MB, GB or TB, for example \"128MB\""))
}

/// Reads a length of time into microseconds.
///
/// # Errors
/// A text that names the units.
pub fn parse_time(text: &str) -> Result<i64, String> {
    with_unit(text, &TIMES)
        .map_err(|unit| format!("`{unit}` is not a unit of time; expected a number with us, ms, s, min, h or d, for example \"5min\""))
}

/// The number times its unit, or the part that is no unit.
fn with_unit<'t>(text: &'t str, units: &[(&str, i64)]) -> Result<i64, &'t str> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    let factor = units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor).ok_or(unit)?;
    if let Ok(whole) = number.parse::<i64>() {
        return whole.checked_mul(factor).ok_or(text);
    }
    let number: f64 = number.parse().map_err(|_| text)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a fraction of a unit, rounded to bytes or microseconds"
    )]
    let product = (number * factor as f64).round() as i64;
    Ok(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_the_server() {
        assert_eq!(parse_size("128MB"), Ok(134_217_728));
        assert_eq!(parse_size("1.5 GB"), Ok(1_610_612_736));
        assert_eq!(parse_time("5min"), Ok(300_000_000));
        assert_eq!(parse_time("-1ms"), Ok(-1000));
        assert!(parse_size("128Mb").unwrap_err().contains("`Mb` is not a unit of size"));
        assert!(parse_time("5m").unwrap_err().contains("`m` is not a unit of time"));
        assert!(parse_size("9223372036854775807TB").is_err());
        assert!(parse_size("").is_err());
    }
}
