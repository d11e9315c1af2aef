//! What the targets of gonogo.toml say of a server: which of them is its own, and at which host clients reach it.

use crate::config::Target;

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
    target.url.as_ref().and_then(|endpoint| host_of(&endpoint.shown)).into_iter().collect()
}

/// The host of a URL; none for a socket.
fn host_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let host = match place.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None => place.split_once(':').map_or(place, |(host, _)| host),
    };
    (!host.is_empty() && !host.contains([',', '%'])).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_one_host_or_none() {
        for (url, host) in [
            ("postgres://auditor@db.internal/shop", Some("db.internal")),
            ("postgres://auditor:<redacted>@db.internal:5433", Some("db.internal")),
            ("postgres://[::1]:5432/shop", Some("::1")),
            ("postgres:///shop", None),
            ("postgres://a,b/shop", None),
        ] {
            assert_eq!(host_of(url).as_deref(), host, "{url}");
        }
    }
}
