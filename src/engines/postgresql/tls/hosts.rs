//! Hosts that clients are told to reach a server at, which its certificate must name.

use crate::config::Target;

/// The host of the `url` that gonogo.toml states for a server.
pub(in crate::engines::postgresql) fn hosts_of(target: Option<&Target>) -> Vec<String> {
    let stated = target.and_then(|target| target.url.as_ref()).and_then(|endpoint| host_of(&endpoint.shown));
    stated.into_iter().collect()
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
