//! Dates. Of the clock only the UTC date is used, so that a run can be repeated.

use std::fmt;

/// Days of 400 years, after which the calendar repeats.
const ERA: i32 = 146_097;

/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH: i32 = 719_468;

/// A date of the Gregorian calendar, of the years 0 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1 January 1970.
    days: i32,
}

impl Date {
    /// The first date that can be written with four digits of a year, and the last.
    const ENDS: [Self; 2] = [Self { days: -719_528 }, Self { days: 2_932_896 }];

    /// The date of a year, a month and a day; `None` where the calendar has none such.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leaps = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            2 => 28 + u8::from(leaps),
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return None,
        };
        if year > 9999 || day == 0 || day > last {
            return None;
        }
        // A year that begins in March has its leap day at its end.
        let (year, month, day) = (i32::from(year), i32::from(month), i32::from(day));
        let year = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Some(Self { days: era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH })
    }

    /// Days since 1 January 1970; what lies beyond the calendar is its end.
    #[must_use]
    pub fn of_days(days: i64) -> Self {
        let [first, last] = Self::ENDS;
        let days = days.clamp(i64::from(first.days), i64::from(last.days));
        i32::try_from(days).map_or(last, |days| Self { days })
    }

    /// The date so many days later.
    #[must_use]
    pub fn after(self, days: i64) -> Self {
        Self::of_days(i64::from(self.days).saturating_add(days))
    }

    /// Days from this date to another; negative where that is earlier.
    #[must_use]
    pub const fn days_until(self, other: Self) -> i32 {
        other.days - self.days
    }

    /// Year, month and day.
    fn parts(self) -> (i32, i32, i32) {
        let days = self.days + EPOCH;
        let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (era * 400 + year + i32::from(month <= 2), month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `2026-11-20`.
///
/// # Errors
/// A text that names what was expected.
pub fn parse_date(text: &str) -> Result<Date, String> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let parse = || Date::new(text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?);
    shape.then(parse).flatten().ok_or_else(|| format!("`{text}` is not a valid date; expected year-month-day, for example 2026-11-20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_calendar_follows_the_one_before() {
        let [first, last] = Date::ENDS;
        assert_eq!((first.to_string().as_str(), last.to_string().as_str()), ("0000-01-01", "9999-12-31"));
        let mut expected = first;
        for year in 0..=9999 {
            for month in 1..=12 {
                let days: Vec<Date> = (0..=32).filter_map(|day| Date::new(year, month, day)).collect();
                assert!((28..=31).contains(&days.len()), "{year}-{month}");
                for (day, date) in (1..).zip(days) {
                    assert_eq!((date, date.parts()), (expected, (i32::from(year), i32::from(month), day)));
                    expected = expected.after(1).max(expected);
                }
            }
        }
        assert_eq!((expected, last.after(i64::MAX), first.after(i64::MIN)), (last, last, first));
    }

    #[test]
    fn known_days() {
        let date = |text| parse_date(text).unwrap();
        assert_eq!(date("1970-01-01").days_until(date("2026-11-20")), 20_777);
        assert_eq!(date("2024-02-28").after(2).to_string(), "2024-03-01");
        assert_eq!(date("2023-03-01").after(-1).to_string(), "2023-02-28");
        for wrong in ["2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "26-01-01", "2026-11-20 "] {
            assert!(parse_date(wrong).is_err(), "{wrong}");
        }
    }
}
