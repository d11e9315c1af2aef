//! The host of a connection string, as libpq reads it: `host=db port=5432`, `postgresql://u@db:5432/x`.

/// The one host that a connection string names; nothing where it names several, or a socket.
pub(super) fn host_of(text: &str) -> Option<String> {
    let host = match text.trim_start().split_once("://") {
        Some((_, rest)) => of_uri(rest),
        None => of_pairs(text),
    }?;
    let single = !host.is_empty() && !host.contains(',') && !host.starts_with(['/', '@']);
    single.then(|| host.trim_matches(['[', ']']).to_owned())
}

/// What is between the account and the port, the database or the end.
fn of_uri(rest: &str) -> Option<String> {
    let authority = rest.split(['/', '?']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    if place.starts_with('[') {
        return place.split_once(']').map(|(host, _)| format!("{host}]"));
    }
    Some(place.rsplit_once(':').map_or(place, |(host, _)| host).to_owned())
}

/// `hostaddr` where there is one, which libpq prefers, else `host`. Quotes hold nothing that a host name has.
fn of_pairs(text: &str) -> Option<String> {
    let spaced = text.replace(" =", "=").replace("= ", "=");
    let pair = |key: &str| {
        let found = spaced.split_whitespace().filter_map(|pair| pair.split_once('=')).rfind(|(name, _)| *name == key);
        found.map(|(_, value)| value.trim_matches('\'').to_owned())
    };
    pair("hostaddr").or_else(|| pair("host"))
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn both_forms_name_a_host() {
        for (text, host) in [
            ("host=10.0.1.10 user=replicator sslmode=verify-full", Some("10.0.1.10")),
            ("user=r host = 'db1' port=5432", Some("db1")),
            ("host=db1 hostaddr=10.0.0.9", Some("10.0.0.9")),
            ("postgresql://r:<redacted>@db1:5432/x?sslmode=require", Some("db1")),
            ("postgresql://r@[fd00::1]:5432/", Some("fd00::1")),
            ("host=a,b", None),
            ("host=/var/run/postgresql", None),
            ("user=r", None),
            ("", None),
        ] {
            assert_eq!(host_of(text).as_deref(), host, "{text}");
        }
    }
}
