//! The URLs of the option `ldapurl`, as libldap takes them apart: `ldap://host:389/dc=example?uid?sub?(filter)`.

/// What a URL brings along, as far as it matters whether a rule is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LdapUrl {
    /// Whether it is `ldaps`.
    pub encrypted: bool,
    /// Whether it names where to search, be it the empty name: a slash after the host.
    pub base: bool,
    /// Whether it names an attribute.
    pub attribute: bool,
    /// Whether it has a filter.
    pub filter: bool,
}

/// Takes a URL apart; nothing when libldap or the server refuses it.
#[must_use]
pub(super) fn parse(url: &str) -> Option<LdapUrl> {
    let inner = match url.strip_prefix('<') {
        Some(enclosed) => enclosed.strip_suffix('>')?,
        None => url,
    };
    let inner = strip_prefix_ignoring_case(inner, "URL:").unwrap_or(inner);
    // libldap also knows ldapi and cldap, which the server refuses.
    let encrypted = strip_prefix_ignoring_case(inner, "ldaps://");
    let rest = encrypted.or_else(|| strip_prefix_ignoring_case(inner, "ldap://"))?;
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    // Without a slash libldap ignores what follows a question mark.
    valid_host(host.split('?').next().unwrap_or(host))?;
    let parts: Vec<&str> = path.unwrap_or("").split('?').collect();
    let part = |at: usize| parts.get(at).is_some_and(|part| !part.is_empty());
    let scope = parts.get(2).copied().unwrap_or("").to_ascii_lowercase();
    let scopes = ["", "base", "one", "onelevel", "sub", "subtree", "subordinate", "children"];
    let url = LdapUrl { encrypted: encrypted.is_some(), base: path.is_some(), attribute: part(1), filter: part(3) };
    scopes.contains(&scope.as_str()).then_some(url)
}

fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// A host, and after a colon a number.
fn valid_host(host: &str) -> Option<()> {
    let after = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?.1,
        None => host,
    };
    let port = after.split_once(':').map(|(_, port)| port);
    let number =
        |port: &str| !port.is_empty() && port.trim_start().trim_start_matches(['+', '-']).bytes().all(|byte| byte.is_ascii_digit());
    port.is_none_or(number).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_as_libldap_takes_them() {
        let shape = |url: &str| parse(url).map(|url| (url.base, url.attribute, url.filter));
        assert_eq!(shape("ldap://x"), Some((false, false, false)));
        assert_eq!(shape("ldap://x?uid"), Some((false, false, false)));
        assert_eq!(shape("<LDAPS://x/>"), Some((true, false, false)));
        assert_eq!(shape("URL:ldap://x:70000/dc=y?uid?one?(a=b)?ext"), Some((true, true, true)));
        for refused in ["ldap://x:abc/", "ldap://x/dc=y?uid?bad", "ldapi://x/", "http://x", "", "ldap:/x", "<ldap://x/"] {
            assert_eq!(shape(refused), None, "{refused}");
        }
    }
}
