//! Options that are two names for one amount, in units of their own: MariaDB keeps `expire_logs_days` and
//! `binlog_expire_logs_seconds` the same, and what is written last counts for both.

use super::catalogue::Catalogue;
use super::flavour::Reader;
use crate::model::{Setting, SettingState, Settings, Value};

/// Both names.
pub(super) const PAIR: [&str; 2] = [SECONDS, DAYS];

const SECONDS: &str = "binlog_expire_logs_seconds";
const DAYS: &str = "expire_logs_days";
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Gives the other one of the pair the value of the one that is written `last`.
pub(super) fn settle(settings: &mut Settings, last: Option<&str>, reader: &Reader, catalogue: &Catalogue) {
    if !reader.is_mariadb() || catalogue.entry(SECONDS).is_none() {
        return;
    }
    let Some(last) = last else { return };
    let (other, factor) = if last == DAYS { (SECONDS, SECONDS_PER_DAY) } else { (DAYS, 1.0 / SECONDS_PER_DAY) };
    let state = match settings.get(last) {
        Some(SettingState::Known(setting)) => match converted(setting, other, factor) {
            Some(setting) => SettingState::Known(Box::new(setting)),
            None => return,
        },
        Some(SettingState::Unknown(why)) => SettingState::Unknown(why.clone()),
        _ => return,
    };
    settings.insert(other.to_owned(), state);
}

#[expect(clippy::cast_possible_truncation, reason = "a number of days or seconds that a server takes")]
fn converted(setting: &Setting, name: &str, factor: f64) -> Option<Setting> {
    let amount = setting.base? * factor;
    let (value, shown, unit) = if name == DAYS {
        (Value::Real(amount), amount.to_string(), None)
    } else {
        (Value::Duration((amount * 1e6) as i64), format!("{amount}s"), Some("s"))
    };
    Some(Setting { name: name.to_owned(), value, shown, base: Some(amount), unit, overrode: Vec::new(), ..setting.clone() })
}
