//! Sizes and lengths of time as Docker reads them.

/// Bytes: `512m`, `1.5GiB`, `256 MB`, `1073741824`. Units are powers of 1024.
pub(super) fn bytes(text: &str) -> Option<i64> {
    whole(amount(text)?)
}

/// The same without rounding, so that parts of a processor (`0.5`) are told apart, too.
pub(super) fn amount(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let number: f64 = text.get(..digits)?.parse().ok()?;
    let unit = text.get(digits..)?.trim_start().to_ascii_lowercase();
    let power = match unit.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "ki" | "kib" => 1,
        "m" | "mb" | "mi" | "mib" => 2,
        "g" | "gb" | "gi" | "gib" => 3,
        "t" | "tb" | "ti" | "tib" => 4,
        "p" | "pb" | "pi" | "pib" => 5,
        _ => return None,
    };
    Some(number * 1024f64.powi(power))
}

/// Microseconds: `1m30s`, `10s`, `500ms`, `1.5h`. A number without a unit is none, but for 0.
pub(super) fn duration(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(0);
    }
    let mut sum = 0f64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        let after = rest.get(digits..)?;
        let unit = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        sum += number * microseconds(after.get(..unit)?)?;
        rest = after.get(unit..)?;
    }
    if text.trim().is_empty() { None } else { whole(sum) }
}

fn microseconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "h" => 3_600_000_000.0,
        "m" => 60_000_000.0,
        "s" => 1_000_000.0,
        "ms" => 1_000.0,
        "us" | "µs" => 1.0,
        "ns" => 0.001,
        _ => return None,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "bounded right before")]
fn whole(number: f64) -> Option<i64> {
    (0.0..9.0e18).contains(&number).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_1024() {
        for (text, expected) in [
            ("1g", Some(1 << 30)),
            ("512M", Some(512 << 20)),
            ("1.5GiB", Some(3 << 29)),
            ("256 MB", Some(256 << 20)),
            ("100", Some(100)),
            ("1x", None),
            ("", None),
            ("-1", None),
            ("b", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn times_add_up() {
        for (text, expected) in
            [("1m30s", Some(90_000_000)), ("500ms", Some(500_000)), ("1.5h", Some(5_400_000_000)), ("0", Some(0)), ("10", None), ("", None)]
        {
            assert_eq!(duration(text), expected, "{text}");
        }
    }
}
