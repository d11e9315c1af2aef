//! How long it is from one backup to the next: `sleep 86400`, `@daily`, `0 3 * * 1`.

use std::collections::BTreeSet;
use std::time::Duration;

const DAY: u64 = 24 * 3600;

/// The longest time between two runs of a schedule as `job` shows it; `None` where it cannot be told.
pub(super) fn interval(schedule: &str) -> Option<Duration> {
    let schedule = schedule.trim().trim_matches(['"', '\'']);
    let seconds = match schedule.strip_prefix("sleep ") {
        Some(pause) => seconds_of(pause)?,
        None if schedule.starts_with('@') => named(schedule)?,
        None => cron(schedule)?,
    };
    Some(Duration::from_secs(seconds))
}

/// `86400`, `24h`, `1d`: as `sleep` reads it.
fn seconds_of(pause: &str) -> Option<u64> {
    let (number, factor) = match pause.char_indices().next_back()? {
        (at, 's') => (pause.get(..at)?, 1),
        (at, 'm') => (pause.get(..at)?, 60),
        (at, 'h') => (pause.get(..at)?, 3600),
        (at, 'd') => (pause.get(..at)?, DAY),
        _ => (pause, 1),
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

fn named(schedule: &str) -> Option<u64> {
    match schedule {
        "@hourly" => Some(3600),
        "@daily" | "@midnight" => Some(DAY),
        "@weekly" => Some(7 * DAY),
        "@monthly" => Some(31 * DAY),
        "@yearly" | "@annually" => Some(366 * DAY),
        _ => None,
    }
}

/// Five fields of cron: what is restricted says how far apart two runs may be.
fn cron(schedule: &str) -> Option<u64> {
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    let any = |field: &str| matches!(field, "*" | "?" | "*/1");
    if ![minute, hour, day, month, weekday].iter().all(|field| field.chars().all(|c| c.is_ascii_alphanumeric() || "*/,-?".contains(c))) {
        return None;
    }
    if !any(month) {
        let months = month.split(',').count() as u64;
        return Some(if month.contains(['/', '-']) { 31 * DAY } else { 366 * DAY / months.max(1) });
    }
    if !any(day) && !any(weekday) {
        // A day that fits either of them.
        return None;
    }
    if !any(day) {
        return match day.strip_prefix("*/") {
            Some(step) => step.parse::<u64>().ok()?.checked_mul(DAY),
            None if day.contains(['-', ',']) => None,
            None => Some(31 * DAY),
        };
    }
    if !any(weekday) {
        return Some(if weekday.contains(['-', ',', '/']) { 3 * DAY } else { 7 * DAY });
    }
    match any(hour) {
        true => widest_gap(&values(minute, 60)?, 60).map(|minutes| minutes * 60),
        false => widest_gap(&values(hour, 24)?, 24).map(|hours| hours * 3600),
    }
}

/// The values that a field of cron stands for, below a bound: `*/6`, `8-18/2`, `0,12`.
fn values(field: &str, bound: u64) -> Option<BTreeSet<u64>> {
    let mut values = BTreeSet::new();
    for part in field.split(',') {
        let (range, step): (&str, u64) = part.split_once('/').map_or(Some((part, 1)), |(range, step)| Some((range, step.parse().ok()?)))?;
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (first.parse().ok()?, last.parse().ok()?),
            None if matches!(range, "*" | "?") => (0, bound - 1),
            // A single value with a step goes on to the end.
            None if part.contains('/') => (range.parse().ok()?, bound - 1),
            None => (range.parse().ok()?, range.parse().ok()?),
        };
        if step == 0 || first > last || last >= bound {
            return None;
        }
        values.extend((first..=last).step_by(usize::try_from(step).ok()?));
    }
    Some(values)
}

/// The longest way from one value to the next, around a clock.
fn widest_gap(values: &BTreeSet<u64>, around: u64) -> Option<u64> {
    let (first, last) = (values.first()?, values.last()?);
    let within = values.iter().zip(values.iter().skip(1)).map(|(one, next)| next - one);
    within.chain([first + around - last]).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_minutes_are_counted_around_the_clock() {
        for (schedule, minutes) in [
            ("15 */6 * * *", Some(360)),
            ("0 0,6,12,18 * * *", Some(360)),
            ("0 8-18/2 * * *", Some(14 * 60)),
            ("0 3 * * *", Some(24 * 60)),
            ("30 1,13 * * *", Some(12 * 60)),
            ("*/15 * * * *", Some(15)),
            ("5 * * * *", Some(60)),
            ("0,10 * * * *", Some(50)),
            ("0 25 * * *", None),
            ("0 */0 * * *", None),
        ] {
            assert_eq!(interval(schedule).map(|interval| interval.as_secs() / 60), minutes, "{schedule}");
        }
    }

    #[test]
    fn schedules_have_an_interval() {
        for (schedule, days) in [
            ("sleep 86400", Some(1)),
            ("sleep 31536000", Some(365)),
            ("sleep 30d", Some(30)),
            ("@weekly", Some(7)),
            ("0 3 * * *", Some(1)),
            ("0 3 * * 0", Some(7)),
            ("0 3 1 * *", Some(31)),
            ("0 3 1 1 *", Some(366)),
            ("sleep $PAUSE", None),
            ("crond", None),
        ] {
            assert_eq!(interval(schedule).map(|interval| interval.as_secs() / DAY), days, "{schedule}");
        }
    }
}
