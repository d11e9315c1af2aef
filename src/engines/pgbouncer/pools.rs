//! How many connections to servers the pools open: one pool for each pair of database and user.

use super::effective::Effective;
use super::entries::Entrance;
use crate::model::{Datum, Field, Record, SettingState, Subject, Value, Why};

/// Keys of `[users]` that change how many connections the pools of a user open.
const LIMITS_OF_USERS: [&str; 3] = ["max_user_connections", "pool_size", "reserve_pool_size"];

/// Facts of the pools. `users` is how many users can log in.
pub(super) fn fill(subject: &mut Subject, effective: &Effective<'_>, users: &Result<usize, Why>) {
    let pools = subject.records("pool");
    let limits = Limits::of(subject, effective);
    let most = match (&pools.incomplete, &limits) {
        (Some(why), _) | (None, Err(why)) => Err(why.clone()),
        (None, Ok(limits)) => pools.rows.iter().map(|pool| limits.most(pool, users)).sum::<Result<i64, Why>>(),
    };
    let largest = limits.and_then(|limits| {
        let sizes: Vec<Result<i64, Why>> = pools.rows.iter().map(|pool| limits.of_one(pool)).collect();
        // Of an unseen pool nothing is known; one that was seen may be large enough by itself.
        let seen = sizes.iter().filter_map(|size| size.as_ref().ok()).max().copied();
        seen.ok_or_else(|| sizes.into_iter().find_map(Result::err).unwrap_or_else(|| Why::new("no pool was seen")))
    });
    let span = pools.rows.first().and_then(|pool| pool.span);
    for (name, connections) in [("pool_connections", most), ("largest_pool", largest)] {
        let field = connections.map_or_else(Field::unknown, |number| Field::known(Value::Integer(number), span));
        subject.facts.insert(name, field);
    }
}

/// What bounds the pools beside their own size.
struct Limits {
    /// `max_user_connections`; none where it is off.
    of_user: Option<i64>,
}

impl Limits {
    fn of(subject: &Subject, effective: &Effective<'_>) -> Result<Self, Why> {
        let has_limit = |user: &Entrance<'_>| LIMITS_OF_USERS.iter().any(|key| user.pair(key).is_some());
        if effective.users.values().any(has_limit) {
            return Err(Why::new("entries of [users] have limits of their own"));
        }
        match subject.settings.get("max_user_connections") {
            Some(SettingState::Known(setting)) => Ok(Self { of_user: setting.value.as_integer().filter(|limit| *limit > 0) }),
            Some(SettingState::Unknown(why)) => Err(why.clone()),
            _ => Ok(Self { of_user: None }),
        }
    }

    /// How many connections one pool of a database opens at most.
    fn of_one(&self, pool: &Record) -> Result<i64, Why> {
        for name in ["size", "reserve", "max_connections"] {
            unseen(pool, name).map_or(Ok(()), Err)?;
        }
        let size = number(pool, "size").ok_or_else(|| Why::new("a pool has no limit"))?;
        let whole = size.saturating_add(number(pool, "reserve").unwrap_or(0));
        Ok([self.of_user, number(pool, "max_connections")].into_iter().flatten().fold(whole, i64::min))
    }

    /// How many connections the pools of one database open at most: one pool, or one for each user.
    fn most(&self, pool: &Record, users: &Result<usize, Why>) -> Result<i64, Why> {
        if pool.truth("fallback") == Some(true) {
            return Err(Why::new("the entry `*` opens pools for any number of databases"));
        }
        let of_pools = || {
            let pools = match pool.text("user") {
                Some(_) => 1,
                None if pool.text("auth_user").is_some() => return Err(Why::new("auth_query finds users, however many there are")),
                None => i64::try_from(users.clone()?).unwrap_or(i64::MAX),
            };
            Ok(self.of_one(pool)?.saturating_mul(pools))
        };
        match (of_pools(), number(pool, "max_connections")) {
            (Ok(most), limit) => Ok(limit.map_or(most, |limit| most.min(limit))),
            (Err(_), Some(limit)) => Ok(limit),
            (Err(why), None) => Err(why),
        }
    }
}

fn number(pool: &Record, name: &str) -> Option<i64> {
    pool.fields.get(name).and_then(|field| field.datum.known()).and_then(Value::as_integer)
}

fn unseen(pool: &Record, name: &str) -> Option<Why> {
    match pool.fields.get(name).map(|field| &field.datum) {
        Some(Datum::Unknown(why)) => Some(Why::clone(why)),
        Some(Datum::Among(_, why)) => Some(Why::clone(why)),
        _ => None,
    }
}
