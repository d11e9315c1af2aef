//! Pools and users, as records.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::effective::Effective;
use super::entries::Entrance;
use super::value::list;
use crate::formats::userlist::{Kept, Userlist};
use crate::model::{Field, Record, Setting, SettingState, Subject, Value, Why};
use crate::text::Span;
use crate::workloads::is_placeholder;

/// A setting that holds for pools that say nothing of their own.
fn default_of(effective: &Effective<'_>, name: &str) -> Field {
    match effective.settings.get(name) {
        Some(SettingState::Known(setting)) => known(setting),
        Some(SettingState::Unknown(why)) => Field::unknown(why.clone()),
        _ => Field::absent(),
    }
}

fn known(setting: &Setting) -> Field {
    match setting.special {
        Some("unlimited") => Field::absent(),
        _ => Field::known(setting.value.clone(), setting.origin.span),
    }
}

/// One record for each entry of `[databases]`.
pub(super) fn pools(effective: &Effective<'_>, exposed: &Field) -> Vec<Arc<Record>> {
    effective.databases.values().map(|entrance| Arc::new(pool(entrance, effective, exposed))).collect()
}

fn pool(entrance: &Entrance<'_>, effective: &Effective<'_>, exposed: &Field) -> Record {
    let line = entrance.line;
    let span = Some(line.name_span);
    let text = |key: &str| entrance.pair(key).map_or_else(Field::absent, |pair| Field::text(&pair.value, Some(pair.value_span)));
    let amount = |keys: [&str; 2], setting: &str| {
        let own = keys.iter().find_map(|key| entrance.number(key));
        own.map_or_else(
            || default_of(effective, setting),
            |(number, span)| {
                // No limit, where 0 means that.
                let unlimited = number == 0 && setting.starts_with("max_");
                if unlimited { Field::absent() } else { Field::known(Value::Integer(number), Some(span)) }
            },
        )
    };
    let hosts = entrance.pair("host").map(|pair| (list(&pair.value), pair.value_span));
    let target = entrance.pair("dbname").map_or_else(
        || if line.name == "*" { Field::absent() } else { Field::text(&line.name, span) },
        |pair| Field::text(&pair.value, Some(pair.value_span)),
    );
    let mode = entrance
        .pair("pool_mode")
        .map_or_else(|| default_of(effective, "pool_mode"), |pair| Field::text(pair.value.to_ascii_lowercase(), Some(pair.value_span)));
    let password = entrance.pair("password");
    Record::new("pool", format!("databases.{}", line.name), span)
        .with("database", Field::text(&line.name, span))
        .with("fallback", Field::bool(line.name == "*", span))
        .with("hosts", hosts.clone().map_or_else(Field::absent, |(hosts, span)| Field::known(Value::List(hosts), Some(span))))
        .with("port", Field::known(Value::Integer(entrance.number("port").map_or(5432, |(port, _)| port)), span))
        .with("server", Field::text(distance(hosts.as_ref().map(|(hosts, _)| hosts.as_slice())), hosts.map(|(_, span)| span).or(span)))
        .with("target", target)
        .with("user", text("user"))
        .with("auth_user", entrance.pair("auth_user").map_or_else(|| default_of(effective, "auth_user"), |_| text("auth_user")))
        .with("size", amount(["pool_size", ""], "default_pool_size"))
        .with("reserve", amount(["reserve_pool_size", "reserve_pool"], "reserve_pool_size"))
        .with("max_connections", amount(["max_db_connections", ""], "max_db_connections"))
        .with("mode", mode)
        .with(
            "password",
            Field::bool(
                password.is_some_and(|pair| !is_placeholder("password", &pair.value)),
                password.map(|pair| pair.value_span).or(span),
            ),
        )
        .with("exposed", exposed.clone())
}

/// Where the farthest of the servers of a pool is.
fn distance(hosts: Option<&[String]>) -> &'static str {
    let Some(hosts) = hosts else { return "socket" };
    let far = |host: &String| match host.as_str() {
        host if host.starts_with(['/', '@']) => 0,
        "localhost" => 1,
        host => match host.parse::<IpAddr>() {
            Ok(ip) if ip.is_loopback() => 1,
            _ => 2,
        },
    };
    match hosts.iter().map(far).max() {
        Some(0) | None => "socket",
        Some(1) => "loopback",
        Some(_) => "network",
    }
}

/// What is said of the users that may log in.
pub(super) struct Accounts<'a> {
    /// The lists that were read, in order.
    pub list: Option<&'a Userlist>,
    /// Display path of the list.
    pub path: &'a str,
    /// Who can read it.
    pub exposed: Field,
    /// Whether a password of the user of this name is one that everybody would guess, and whether it only holds the place of one.
    pub judge: &'a dyn Fn(&str, &str) -> (bool, bool),
}

/// One record for each user of the list.
pub(super) fn users(accounts: &Accounts<'_>, subject: &Subject) -> Vec<Arc<Record>> {
    let Some(list) = accounts.list else { return Vec::new() };
    let admins = names(subject, "admin_users");
    let stats = names(subject, "stats_users");
    // Of a name that repeats the last password counts.
    let last: BTreeMap<&str, usize> = list.users.iter().enumerate().map(|(at, user)| (user.name.as_str(), at)).collect();
    let counts = |at: usize, name: &str| last.get(name) == Some(&at);
    let user = |(at, user): (usize, &crate::formats::userlist::User)| {
        let (span, secret) = (Some(user.name_span), Some(user.password_span));
        let plain = user.kept == Kept::Plain;
        let weak = plain && user.password.test(|text| (accounts.judge)(&user.name, text).0);
        let placeholder = plain && user.password.test(|text| (accounts.judge)(&user.name, text).1);
        let record = Record::new("user", format!("userlist.{}", user.name), span)
            .with("name", Field::text(&user.name, span))
            .with("password", Field::word(user.kept.word(), secret))
            .with("weak", Field::bool(weak, secret))
            .with("placeholder", Field::bool(placeholder, secret))
            .with("file", Field::text(accounts.path, span))
            .with("exposed", accounts.exposed.clone())
            .with("admin", admins.has(&user.name, span))
            .with("statistics", stats.has(&user.name, span));
        counts(at, &user.name).then(|| Arc::new(record))
    };
    list.users.iter().enumerate().filter_map(user).collect()
}

/// Names that a setting lists, as far as they are known.
enum Names {
    These(Vec<String>),
    Unknown(Why),
}

impl Names {
    fn has(&self, name: &str, span: Option<Span>) -> Field {
        match self {
            Self::These(names) => Field::bool(names.iter().any(|listed| listed == name), span),
            Self::Unknown(why) => Field::unknown(why.clone()),
        }
    }
}

fn names(subject: &Subject, setting: &str) -> Names {
    match subject.settings.get(setting) {
        Some(SettingState::Known(setting)) => match &setting.value {
            Value::List(names) => Names::These(names.clone()),
            _ => Names::These(Vec::new()),
        },
        Some(SettingState::Unknown(why)) => Names::Unknown(why.clone()),
        _ => Names::These(Vec::new()),
    }
}
