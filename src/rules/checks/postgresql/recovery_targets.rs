//! Whether at most one recovery target is set; a `PostgreSQL` server with several does not start.
//!
//! "multiple recovery targets specified" (`xlogrecovery.c`, `error_multiple_recovery_targets`), asked of
//! 13 to 18. The server takes the settings in the order of their lines and complains as soon as another
//! one is set already: an *empty* one below a target stops it too, one above the target does not.

use crate::model::{Outcome, SettingState, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::Context;
use crate::rules::evaluate::{Observation, finding};
use crate::text::Span;

const TARGETS: [&str; 5] =
    ["recovery_target", "recovery_target_lsn", "recovery_target_name", "recovery_target_time", "recovery_target_xid"];

/// A target that something sets, if only to nothing.
#[derive(Clone, Copy)]
struct Target {
    name: &'static str,
    span: Option<Span>,
    empty: bool,
}

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let written: Vec<Target> = TARGETS.iter().filter_map(|name| target(subject, name)).collect();
    let mut set: Vec<Target> = written.iter().copied().filter(|target| !target.empty).collect();
    set.sort_by_key(|target| target.span);
    let (first, other) = match set.as_slice() {
        [] => return Outcome::Pass,
        [first, .., last] => (*first, *last),
        [only] => match written.iter().filter(|target| target.empty).find(|empty| comes_after(empty, only) != Some(false)) {
            None => return Outcome::Pass,
            Some(empty) if comes_after(empty, only).is_none() => {
                let why = format!("whether `{}` is read before `{}`, which is in another place, is not known", empty.name, only.name);
                return Outcome::unknown(Why::new(why));
            }
            Some(empty) => (*only, *empty),
        },
    };
    let what = if other.empty {
        format!("`{}` is set, and `{}` below it counts as a second target, even an empty one", first.name, other.name)
    } else {
        format!("`{}` and `{}` are both set", first.name, other.name)
    };
    let mut observation =
        Observation::of_setting(subject, other.name, format!("the server does not start: {what}; expected one recovery target"));
    observation.found = Some("a second recovery target".to_owned());
    observation.expected = Some("one recovery target".to_owned());
    observation.related.extend(first.span.map(|span| (span, "the first one".to_owned())));
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

fn target(subject: &Subject, name: &'static str) -> Option<Target> {
    match subject.settings.get(name)? {
        SettingState::Known(setting) if setting.origin.span.is_some() => {
            Some(Target { name, span: setting.origin.span, empty: setting.value.is_empty() })
        }
        _ => None,
    }
}

/// Whether the server takes one after the other; `None` where they stand in different texts.
fn comes_after(one: &Target, other: &Target) -> Option<bool> {
    let (one, other) = (one.span?, other.span?);
    (one.source == other.source).then_some(one.start > other.start)
}
