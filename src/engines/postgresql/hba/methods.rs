//! Authentication methods: which release knows them, on which lines they may stand, what they require.

use super::ldap_url::{self, LdapUrl};
use super::problem::{Problem, newer, shown};
use super::read::{Line, Word};
use super::rule::{ConnectionType, Rule};

/// A method and the releases that know it.
struct Method {
    name: &'static str,
    since: u32,
    /// First release without it.
    until: u32,
    /// What the server must be built with, where not every build has it.
    build: Option<&'static str>,
}

const fn method(name: &'static str) -> Method {
    Method { name, since: 0, until: u32::MAX, build: None }
}

const fn built(name: &'static str, with: &'static str) -> Method {
    Method { build: Some(with), ..method(name) }
}

const METHODS: [Method; 15] = [
    method("trust"),
    method("reject"),
    method("scram-sha-256"),
    method("md5"),
    method("password"),
    method("peer"),
    method("ident"),
    built("cert", "OpenSSL"),
    built("gss", "GSSAPI"),
    built("sspi", "SSPI, which only Windows has"),
    built("ldap", "LDAP"),
    Method { until: 19, ..method("radius") },
    built("pam", "PAM"),
    built("bsd", "BSD authentication, which only OpenBSD has"),
    Method { since: 18, ..built("oauth", "libcurl, and with its validator named in oauth_validator_libraries") },
];

/// What the server must be built with to know a method; `None` where every build knows it.
#[must_use]
pub(super) fn needed_build(name: &str) -> Option<&'static str> {
    METHODS.iter().find(|method| method.name == name)?.build
}

/// The method of a line, checked as the server checks it; `written` is the word as it stands.
pub(super) fn read_method(word: &Word, line: &Line, kind: ConnectionType, major: u32) -> Result<&'static str, Problem> {
    let Some(method) = METHODS.iter().find(|method| method.name == word.text) else {
        return Err(unknown_method(word, line, kind));
    };
    if major < method.since {
        return Err(newer(word.span, method.since, method.name));
    }
    if major >= method.until {
        let message = format!("PostgreSQL {major} has no method `{}` any more; the server refuses the file.", method.name);
        return Err(Problem::error("unknown-method", word.span, message).name(method.name).found(method.name));
    }
    match (method.name, kind) {
        ("gss", ConnectionType::Local) => {
            let message = "`gss` does not work on local sockets; the server refuses the file.";
            Err(Problem::error("gss-on-local", word.span, message).name("gss").found("local").expected("a host line"))
        }
        ("peer", kind) if kind != ConnectionType::Local => {
            let message = "`peer` asks the operating system who is at the other end of a local socket, so it works on `local` lines only; the server refuses the file.";
            Err(Problem::error("peer-not-local", word.span, message).name("peer").found(kind.word()).expected("local"))
        }
        ("cert", kind) if kind != ConnectionType::HostSsl => {
            let message =
                "`cert` needs the client certificate of a TLS session, so it works on `hostssl` lines only; the server refuses the file.";
            Err(Problem::error("cert-not-hostssl", word.span, message).name("cert").found(kind.word()).expected("hostssl"))
        }
        _ => Ok(method.name),
    }
}

fn unknown_method(word: &Word, line: &Line, kind: ConnectionType) -> Problem {
    let lower = word.text.to_ascii_lowercase();
    let lower = lower.trim_matches('\'');
    let suggestion = match lower {
        "scram" | "scram-sha256" | "scram_sha_256" | "scram-sha-1" | "sha256" | "crypt" => Some("scram-sha-256"),
        "krb5" | "gssapi" | "kerberos" => Some("gss"),
        "deny" => Some("reject"),
        _ if lower.len() > 40 => None,
        _ => METHODS.iter().map(|method| method.name).find(|name| *name == lower || strsim::damerau_levenshtein(name, lower) == 1),
    };
    let hint = if kind == ConnectionType::Local && word.text.contains(['/', '.', ':']) {
        " A `local` line has no address: it is for local sockets; for TCP write `host`."
    } else if matches!(lower, "krb5" | "crypt") {
        " It was removed from PostgreSQL long ago."
    } else if line.fields.iter().any(|field| field.comma_before.is_some()) {
        " A comma after a blank begins a new field, so that all fields after it are shifted by one."
    } else {
        ""
    };
    let message = format!("`{}` is not an authentication method; the server refuses the file.{hint}", shown(&word.text));
    Problem::error("unknown-method", word.span, message)
        .name(&word.text)
        .found(&word.text)
        .expected("a method, as scram-sha-256")
        .suggest(suggestion)
}

/// Options that a method cannot do without, or that contradict each other.
pub(super) fn check_required(rule: &Rule) -> Result<(), Problem> {
    match rule.method.as_str() {
        "ldap" => check_ldap(rule),
        "radius" => check_radius(rule),
        "oauth" => check_oauth(rule),
        _ => Ok(()),
    }
}

fn missing_option(rule: &Rule, what: &str) -> Problem {
    let message = format!("The method `{}` needs {what}; without it the server refuses the file.", rule.method);
    Problem::error("required-option-missing", rule.method_span, message).name(&rule.method).expected(what)
}

fn check_ldap(rule: &Rule) -> Result<(), Problem> {
    // Each URL sets what it has and leaves the rest as it was.
    let urls: Vec<LdapUrl> =
        rule.options.iter().filter(|option| option.name == "ldapurl").filter_map(|option| ldap_url::parse(option.text()?)).collect();
    let in_url = |what: fn(&LdapUrl) -> bool| urls.iter().any(what);
    let has = |name: &str| rule.option(name).is_some();
    let simple = has("ldapprefix") || has("ldapsuffix");
    let attribute = has("ldapsearchattribute") || in_url(|url| url.attribute);
    let filter = has("ldapsearchfilter") || in_url(|url| url.filter);
    let base = has("ldapbasedn") || in_url(|url| url.base);
    if simple && (base || has("ldapbinddn") || has("ldapbindpasswd") || attribute || filter) {
        let message = "LDAP either builds the name to bind with from ldapprefix and ldapsuffix, or searches for it (ldapbasedn, ldapbinddn, ldapbindpasswd, ldapsearchattribute, ldapsearchfilter, ldapurl). The line mixes both, and the server refuses the file.";
        return Err(Problem::error("ldap-mixed-modes", rule.method_span, message).name("ldap"));
    }
    if !simple && !base {
        return Err(missing_option(rule, "ldapbasedn, ldapprefix or ldapsuffix"));
    }
    if attribute && filter {
        let message = "The line has both ldapsearchattribute and ldapsearchfilter, which cannot be combined; the server refuses the file.";
        return Err(Problem::error("ldap-mixed-modes", rule.method_span, message).name("ldap"));
    }
    Ok(())
}

fn check_radius(rule: &Rule) -> Result<(), Problem> {
    let count = |name: &str| rule.option(name).map_or(0, |option| option.entries);
    let servers = count("radiusservers");
    if let Some(missing) = ["radiusservers", "radiussecrets"].into_iter().find(|name| count(name) == 0) {
        return Err(missing_option(rule, missing));
    }
    for name in ["radiussecrets", "radiusports", "radiusidentifiers"] {
        let entries = count(name);
        if entries > 1 && entries != servers {
            let message = format!(
                "{name} has {entries} entries for {servers} servers: it takes one for all, or one for each. The server refuses the file."
            );
            return Err(Problem::error("option-value", rule.method_span, message).name(name).expected(format!("1 or {servers} entries")));
        }
    }
    Ok(())
}

fn check_oauth(rule: &Rule) -> Result<(), Problem> {
    for name in ["scope", "issuer"] {
        rule.option(name).ok_or_else(|| missing_option(rule, name))?;
    }
    let skips_map = rule.option("delegate_ident_mapping").and_then(|option| option.text()) == Some("1");
    match rule.option("map") {
        Some(map) if skips_map => {
            let message = "`map` cannot be combined with delegate_ident_mapping=1, which leaves mapping to the validator; the server refuses the file.";
            Err(Problem::error("option-wrong-method", map.span, message).name("map"))
        }
        _ => Ok(()),
    }
}
