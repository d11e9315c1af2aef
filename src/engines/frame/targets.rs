//! What the targets of gonogo.toml say of a server: which of them is its own, and at which host clients reach it.

use crate::config::Target;
use crate::formats::connection_string::host_of_uri;

/// The target whose `paths` hold a file; the longest one wins.
#[must_use]
pub fn target_of(path: &str, targets: &[Target], base: &str) -> Option<usize> {
    let holds = |written: &str| {
        let whole = if base.is_empty() { written.to_owned() } else { format!("{base}/{written}") };
        let whole = whole.trim_start_matches("./").trim_end_matches('/');
        let below = path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (below || whole.is_empty() || whole == ".").then_some(whole.len())
    };
    let longest = |target: &Target| target.paths.iter().filter_map(|at| holds(&at.value)).max();
    let candidates = targets.iter().enumerate().filter_map(|(index, target)| Some((longest(target)?, index)));
    candidates.max_by_key(|(length, index)| (*length, usize::MAX - index)).map(|(_, index)| index)
}

/// The hosts that a target says its server is reached at.
pub(super) fn hosts_of(target: &Target) -> Vec<String> {
    target.url.as_ref().and_then(|endpoint| host_of_uri(&endpoint.shown)).into_iter().collect()
}
