//! Options of authentication methods: which exist, where they may stand, what values they take.

use super::ldap_url;
use super::problem::{Problem, newer, shown};
use super::read::{FieldWords, SECRET_OPTIONS, Word};
use super::rule::{AuthOption, ConnectionType, OptionValue};
use crate::model::Secret;

/// Options and the methods that take them; no methods: any method on a `hostssl` line.
const OPTIONS: &[(&str, &[&str])] = &[
    ("map", &["ident", "peer", "gss", "sspi", "cert", "oauth"]),
    ("clientcert", &[]),
    ("clientname", &[]),
    ("pamservice", &["pam"]),
    ("pam_use_hostname", &["pam"]),
    ("ldapurl", &["ldap"]),
    ("ldaptls", &["ldap"]),
    ("ldapscheme", &["ldap"]),
    ("ldapserver", &["ldap"]),
    ("ldapport", &["ldap"]),
    ("ldapbinddn", &["ldap"]),
    ("ldapbindpasswd", &["ldap"]),
    ("ldapsearchattribute", &["ldap"]),
    ("ldapsearchfilter", &["ldap"]),
    ("ldapbasedn", &["ldap"]),
    ("ldapprefix", &["ldap"]),
    ("ldapsuffix", &["ldap"]),
    ("krb_realm", &["gss", "sspi"]),
    ("include_realm", &["gss", "sspi"]),
    ("compat_realm", &["sspi"]),
    ("upn_username", &["sspi"]),
    ("radiusservers", &["radius"]),
    ("radiussecrets", &["radius"]),
    ("radiusports", &["radius"]),
    ("radiusidentifiers", &["radius"]),
    ("issuer", &["oauth"]),
    ("scope", &["oauth"]),
    ("validator", &["oauth"]),
    ("delegate_ident_mapping", &["oauth"]),
];

/// The options of a line, each checked as the server checks it.
pub(super) fn read_options(fields: &[FieldWords], method: &str, kind: ConnectionType, major: u32) -> Result<Vec<AuthOption>, Problem> {
    let mut options = Vec::new();
    for word in fields.iter().flat_map(|field| &field.words) {
        if word.unseen.is_some() {
            continue;
        }
        let (name, value) = word.text.split_once('=').ok_or_else(|| not_an_option(word, options.last()))?;
        check(word, name, value, method, kind, major)?;
        let entries = if name.starts_with("radius") { split_list(value).map_or(0, |list| list.len()) } else { 0 };
        let secret = SECRET_OPTIONS.contains(&name);
        let value = if secret { OptionValue::Secret(Secret::new(value)) } else { OptionValue::Text(value.to_owned()) };
        options.push(AuthOption { name: name.to_owned(), value, entries, span: word.span });
    }
    Ok(options)
}

fn not_an_option(word: &Word, before: Option<&AuthOption>) -> Problem {
    let after_secret = before.is_some_and(|option| SECRET_OPTIONS.contains(&option.name.as_str()));
    let what = if after_secret { "A word after a secret".to_owned() } else { format!("`{}`", shown(&word.text)) };
    let message = format!(
        "{what} is not a valid option: options are written name=value, without blanks around the `=`, and in quotes where the value has blanks. The server refuses the file."
    );
    let problem = Problem::error("unknown-option", word.span, message).expected("name=value");
    if after_secret { problem } else { problem.found(&word.text) }
}

fn check(word: &Word, name: &str, value: &str, method: &str, kind: ConnectionType, major: u32) -> Result<(), Problem> {
    let known = OPTIONS.iter().find(|(known, methods)| *known == name && !(major < 18 && *methods == ["oauth"]));
    let Some((_, methods)) = known else { return Err(unknown_option(word, name)) };
    if name == "clientname" && major < 14 {
        return Err(newer(word.span, 14, name));
    }
    if methods.is_empty() && kind != ConnectionType::HostSsl {
        let message =
            format!("`{name}` is about the certificate of a TLS client, so it works on `hostssl` lines only; the server refuses the file.");
        return Err(Problem::error("option-wrong-method", word.span, message).name(name).found(kind.word()).expected("hostssl"));
    }
    if !methods.is_empty() && !methods.contains(&method) {
        let message =
            format!("The method `{method}` takes no option `{name}`; it goes with {}. The server refuses the file.", methods.join(", "));
        return Err(Problem::error("option-wrong-method", word.span, message).name(name).found(method).expected(methods.join(", ")));
    }
    check_value(word, name, value, method, major)
}

fn unknown_option(word: &Word, name: &str) -> Problem {
    let lower = name.to_ascii_lowercase();
    let near = |known: &&str| *known == lower || strsim::damerau_levenshtein(known, &lower) <= 2;
    let suggestion = if !(3..=40).contains(&lower.len()) { None } else { OPTIONS.iter().map(|(known, _)| *known).find(near) };
    let message = format!("`{}` is not an option of any authentication method; the server refuses the file.", shown(name));
    Problem::error("unknown-option", word.span, message).name(name).found(name).suggest(suggestion)
}

fn check_value(word: &Word, name: &str, value: &str, method: &str, major: u32) -> Result<(), Problem> {
    let refuse = |code: &'static str, expected: &str| {
        let message = format!("`{}` is not a valid value for {name}, which takes {expected}; the server refuses the file.", shown(value));
        Err(Problem::error(code, word.span, message).name(name).found(value).expected(expected))
    };
    match (name, value) {
        ("clientcert", _) => check_clientcert(word, value, method, major),
        ("clientname", value) if !matches!(value, "CN" | "DN") => refuse("option-value", "CN or DN"),
        ("ldapport", value) if leading_number(value) == 0 => refuse("option-value", "a port number"),
        ("ldapurl", value) if ldap_url::parse(value).is_none() => refuse("option-value", "a URL as ldaps://host/dc=example?uid?sub"),
        ("radiusports", value) => match split_list(value) {
            Some(ports) if ports.iter().all(|port| leading_number(port) != 0) => Ok(()),
            _ => refuse("option-value", "port numbers separated by commas"),
        },
        ("radiusservers" | "radiusidentifiers", value) if split_list(value).is_none() => {
            refuse("option-value", "a list separated by commas")
        }
        ("radiussecrets", value) if split_list(value).is_none() => {
            let message = "radiussecrets is not a comma-separated list; the server refuses the file.";
            Err(Problem::error("option-value", word.span, message).name(name).expected("a list separated by commas"))
        }
        _ => Ok(()),
    }
}

/// Releases before 14 also took `1` (verify-ca), `0` and `no-verify`.
fn check_clientcert(word: &Word, value: &str, method: &str, major: u32) -> Result<(), Problem> {
    let old = matches!(value, "0" | "1" | "no-verify");
    match value {
        "verify-full" => Ok(()),
        "verify-ca" if major >= 14 && method == "cert" => {
            let message = "The method `cert` always compares the certificate's name, which is verify-full; from PostgreSQL 14 on the server refuses verify-ca beside it.";
            Err(Problem::error("cert-with-verify-ca", word.span, message)
                .name("clientcert")
                .found(value)
                .expected("verify-full, or no clientcert"))
        }
        "verify-ca" => Ok(()),
        "0" | "no-verify" if major < 14 && method == "cert" => {
            let message = "The method `cert` cannot do without a certificate; the server refuses the file.";
            Err(Problem::error("option-value", word.span, message)
                .name("clientcert")
                .found(value)
                .expected("verify-full, or no clientcert"))
        }
        _ if old && major < 14 => Ok(()),
        _ if old => {
            let meant = if value == "1" { "verify-ca, or better verify-full" } else { "no clientcert at all" };
            let message =
                format!("clientcert={value} was taken until PostgreSQL 13; from 14 on the server refuses the file. Write {meant}.");
            Err(Problem::error("clientcert-old-value", word.span, message)
                .name("clientcert")
                .found(value)
                .expected("verify-ca or verify-full"))
        }
        _ => {
            let message = format!("`{}` is not a valid value for clientcert; the server refuses the file.", shown(value));
            Err(Problem::error("option-value", word.span, message).name("clientcert").found(value).expected("verify-ca or verify-full"))
        }
    }
}

/// `atoi`: the number that a text begins with, 0 when it begins with none.
fn leading_number(text: &str) -> i64 {
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let (sign, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    let digits = digits.get(..end).unwrap_or("");
    if digits.is_empty() { 0 } else { sign * digits.parse::<i64>().unwrap_or(i64::MAX) }
}

/// `SplitGUCList`: entries separated by commas, blanks around them, double quotes where an entry holds either.
fn split_list(text: &str) -> Option<Vec<String>> {
    let blank = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];
    let mut rest = text.trim_start_matches(blank);
    let mut entries = Vec::new();
    if rest.is_empty() {
        return Some(entries);
    }
    loop {
        let entry = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = closing_quote(quoted)?;
                rest = quoted.get(end + 1..)?;
                quoted.get(..end)?.replace("\"\"", "\"")
            }
            None => {
                let end = rest.find(|character| character == ',' || blank.contains(&character)).unwrap_or(rest.len());
                let entry = rest.get(..end).filter(|entry| !entry.is_empty())?;
                rest = rest.get(end..)?;
                entry.to_owned()
            }
        };
        entries.push(entry);
        rest = rest.trim_start_matches(blank);
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start_matches(blank),
            None => return rest.is_empty().then_some(entries),
        }
    }
}

/// Where the quote that closes a quoted entry stands; two quotes are one quote of the text.
fn closing_quote(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return Some(at);
        }
    }
    None
}
