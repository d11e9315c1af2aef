//! What the first start does to roles: records `first_start` of the service of the server.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, Effect, FirstStart};
use crate::model::{Engine, Field, Placement, Record, RecordSet, Why};
use crate::text::path::name_of;
use crate::workloads::{ProjectContext, place_of_url};

/// Variables in which applications name their role.
const USERS: [&str; 5] = ["PGUSER", "DB_USER", "DB_USERNAME", "DATABASE_USER", "POSTGRES_USER"];

/// Settings of a role or database that stop the work of an application, or give up what keeps its data whole.
const RISKY: [(&str, &[&str]); 5] = [
    ("default_transaction_read_only", &["on", "true", "yes", "1"]),
    ("transaction_read_only", &["on", "true", "yes", "1"]),
    ("session_replication_role", &["replica"]),
    ("zero_damaged_pages", &["on", "true", "yes", "1"]),
    ("ignore_checksum_failure", &["on", "true", "yes", "1"]),
];

/// Those that give something up that somebody may have agreed to.
const WEAKER: [(&str, &[&str]); 4] = [
    ("synchronous_commit", &["off", "false", "no", "0", "local"]),
    ("row_security", &["off", "false", "no", "0"]),
    ("log_statement", &["none"]),
    ("password_encryption", &["md5"]),
];

/// What the first start does to roles and to access.
pub(in crate::engines::postgresql) fn records(start: &FirstStart, placement: &Placement, context: &ProjectContext<'_>) -> RecordSet {
    let mut unknown = start.unread.roles.clone().or_else(|| start.unread.access.clone());
    if start.effects.is_empty() {
        return RecordSet { rows: Vec::new(), incomplete: unknown };
    }
    let used = used_roles(placement, context);
    let own = placement.environment.iter().find(|entry| entry.name == "POSTGRES_USER").and_then(|entry| entry.value.value.clone());
    let owner = own.unwrap_or_else(|| "postgres".to_owned());
    let is_superuser = |name: &str| {
        let made = |effect: &Effect| matches!(&effect.change, Change::Superuser { role, .. } if role == name);
        name == owner || start.effects.iter().any(made)
    };
    let mut rows = Vec::new();
    for effect in &start.effects {
        let told = match &effect.change {
            Change::Superuser { role, how } => Some(("superuser", role.clone(), format!("{role} becomes {how}"))),
            Change::Member { role, of } if is_superuser(of) => {
                Some(("superuser", role.clone(), format!("{role} becomes a member of {of}, which is a superuser")))
            }
            Change::Power { role, which } => Some(("power", role.clone(), format!("{role} gets {which}"))),
            Change::Password { role, weak: true } => {
                Some(("weak-password", role.clone(), format!("role {role} gets one that is easily guessed")))
            }
            Change::SettingOf { whom, name, value } => setting(whom, name, value),
            Change::AccessLine { path, line, .. } => opens(placement, path, line),
            _ => None,
        };
        let Some((code, role, explained)) = told else { continue };
        if code == "superuser" && role.starts_with(['$', ':']) {
            unknown.get_or_insert_with(|| Why::new(format!("the name of a superuser of the first start is a variable: {role}")));
        }
        let user = used.get(role.trim_matches('"')).cloned();
        rows.push(Arc::new(
            Record::new("first_start", format!("{}.first_start", placement.key), Some(effect.span))
                .with("code", Field::text(code, Some(effect.span)))
                .with("role", Field::text(role.as_str(), Some(effect.span)))
                .with("explained", Field::text(explained, Some(effect.span)))
                .with("used_by", user.map_or_else(Field::absent, |user| Field::text(user, Some(effect.span)))),
        ));
    }
    RecordSet { rows, incomplete: unknown }
}

fn setting(whom: &str, name: &str, value: &str) -> Option<(&'static str, String, String)> {
    let is_in = |list: &[(&str, &[&str])]| {
        list.iter().any(|(known, values)| name.eq_ignore_ascii_case(known) && values.iter().any(|known| value.eq_ignore_ascii_case(known)))
    };
    let code = if is_in(&RISKY) {
        "risky-setting"
    } else if is_in(&WEAKER) {
        "weaker-setting"
    } else {
        return None;
    };
    Some((code, String::new(), format!("every session of {whom} gets {name} = {value}")))
}

/// A line without authentication for clients of a network, in an access file that is mounted.
fn opens(placement: &Placement, path: &str, line: &str) -> Option<(&'static str, String, String)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mounted = placement.mounts.iter().any(|mount| mount.target == path);
    let is_trust = words.contains(&"trust") && words.first().is_some_and(|kind| kind.starts_with("host"));
    let is_local = words.get(3).is_some_and(|address| address.starts_with("127.") || address.starts_with("::1") || *address == "localhost");
    let said = format!("it adds `{line}` to {}", name_of(path));
    (mounted && is_trust && !is_local).then_some(("opens-access", String::new(), said))
}

/// Roles that other services use at this server, with one of these services.
fn used_roles(server: &Placement, context: &ProjectContext<'_>) -> BTreeMap<String, String> {
    let mut used = BTreeMap::new();
    for placement in context.placements.iter().filter(|placement| placement.name != server.name) {
        if context.identity(placement).role == "backup" {
            continue;
        }
        let seen = std::cell::RefCell::new(Vec::new());
        for entry in &placement.environment {
            let name = entry.name.to_ascii_uppercase();
            if USERS.iter().any(|known| name.ends_with(known)) {
                seen.borrow_mut().extend(entry.value.value.clone());
            }
            _ = entry.value.raw.test(|raw| {
                let place = place_of_url(raw).filter(|place| place.engine == Engine::Postgresql);
                let here = place.filter(|place| context.service_at(&place.host).is_some_and(|service| service.name == server.name));
                seen.borrow_mut().extend(here.map(|place| place.user));
                false
            });
        }
        let named = seen.into_inner().into_iter().filter(|user| !user.is_empty() && !user.contains('$'));
        named.for_each(|user| _ = used.insert(user, placement.name.clone()));
    }
    used
}
