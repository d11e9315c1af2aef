//! What the server accepts without a word, and what does not do what it seems to do.

use super::address::{Address, Range, impossible_host_name};
use super::anchors::is_anchored;
use super::ldap_url;
use super::methods::needed_build;
use super::problem::{Problem, shown};
use super::read::{Line, SECRET_OPTIONS, Word};
use super::rule::{ConnectionType, NameItem, Rule};

/// The remarks on a rule that the server takes.
pub(super) fn remarks(line: &Line, rule: &Rule, major: u32) -> Vec<Problem> {
    let mut found = Vec::new();
    let words = |at: usize| line.fields.get(at).map_or([].as_slice(), |field| field.words.as_slice());
    let database_keywords = ["all", "sameuser", "samerole", "samegroup", "replication"];
    words(1).iter().for_each(|word| name_remarks(word, &database_keywords, "database", major, &mut found));
    words(2).iter().for_each(|word| name_remarks(word, &["all"], "user", major, &mut found));
    if let (Some(word), Some(address)) = (words(3).first(), rule.address.as_ref()) {
        address_remarks(word, &address.address, &address.text, &mut found);
    }
    found.extend(comma_remark(line));
    method_remarks(rule, major, &mut found);
    found
}

/// A comma after a blank begins a new field instead of continuing the list.
pub(super) fn comma_remark(line: &Line) -> Option<Problem> {
    let comma = line.fields.iter().skip(1).find_map(|field| field.comma_before)?;
    let message = "A comma after a blank begins a new field instead of continuing the list: `a ,b` is two fields, `a, b` is one. All fields after it are shifted.";
    Some(Problem::remark("space-before-comma", comma, message).expected("no blank before the comma"))
}

fn name_remarks(word: &Word, keywords: &[&str], what: &str, major: u32, found: &mut Vec<Problem>) {
    if word.unseen.is_some() {
        return;
    }
    let text = word.text.as_str();
    if let Some(problem) = spelling(word, keywords, what) {
        found.push(problem);
    } else if let Some(expression) = text.strip_prefix('/') {
        if major < 16 {
            let message = format!(
                "Regular expressions exist from PostgreSQL 16 on; before, this is the {what} literally named `{}`, so the line matches nothing that it means.",
                shown(text)
            );
            found.push(Problem::remark("feature-needs-newer-major", word.span, message).name(text).expected("PostgreSQL 16 or later"));
        } else if !is_anchored(expression) {
            let message = format!(
                "The regular expression `{}` matches any {what} that contains a match, since it has no `^` at its beginning or no `$` at its end.",
                shown(text)
            );
            found.push(Problem::remark("regex-unanchored", word.span, message).name(text).found(text).expected("/^…$"));
        }
    }
}

/// Keywords in quotes or in the wrong case, and single quotes: all are taken as plain names.
fn spelling(word: &Word, keywords: &[&str], what: &str) -> Option<Problem> {
    let text = word.text.as_str();
    if text.starts_with('\u{feff}') {
        let message = format!(
            "The file begins with a byte order mark, which the server takes as part of the first word, so that this {what} matches nobody. Save it as UTF-8 without byte order mark."
        );
        return Some(Problem::remark("bom", word.span, message).expected("no byte order mark"));
    }
    if word.quoted {
        let sign = what != "address" && text.len() > 1 && (text.starts_with('@') || (what == "user" && text.starts_with('+')));
        let message = format!(
            "In quotes, `{}` is not a keyword: the line is about a {what} with exactly that name. The server displays both alike.",
            shown(text)
        );
        let problem = Problem::remark("quoted-keyword", word.span, message)
            .name(text)
            .found(&format!("\"{text}\""))
            .expected("the keyword without quotes");
        return (sign || keywords.contains(&text)).then_some(problem);
    }
    let meant = keywords.iter().find(|keyword| keyword.eq_ignore_ascii_case(text) && **keyword != text);
    if let Some(meant) = meant {
        let message =
            format!("Keywords are written in lower case: `{text}` is taken as the name of a {what}, not as the keyword `{meant}`.");
        return Some(Problem::remark("keyword-case", word.span, message).name(text).found(text).expected(*meant).suggest(Some(*meant)));
    }
    if text.len() > 1 && (text.starts_with('\'') || text.ends_with('\'')) {
        let message = format!(
            "Single quotes are ordinary characters here, so they are part of the name `{}`; only double quotes quote.",
            shown(text)
        );
        return Some(Problem::remark("single-quotes", word.span, message).name(text).found(text).expected("double quotes, or none"));
    }
    None
}

fn address_remarks(word: &Word, address: &Address, text: &str, found: &mut Vec<Problem>) {
    if let Some(problem) = spelling(word, &["all", "samehost", "samenet"], "address") {
        found.push(problem);
        return;
    }
    match address {
        Address::Host(name) => found.extend(host_name_remark(word, name)),
        Address::Range(range) => found.extend(range_remark(word, range, text)),
        Address::All | Address::SameHost | Address::SameNet => {}
    }
}

fn host_name_remark(word: &Word, name: &str) -> Option<Problem> {
    if let Some(reason) = impossible_host_name(name) {
        let message = format!("`{}` is taken as a host name and matches no client: {reason}.", shown(name));
        return Some(
            Problem::remark("address-parsed-as-hostname", word.span, message)
                .name(name)
                .found(name)
                .expected("an address with a prefix length, for example 10.0.0.0/24"),
        );
    }
    if is_localhost(name) {
        return None;
    }
    let message = format!(
        "`{}` is a host name: at each connection the server asks DNS for the name of the client and for its address, and anyone who controls DNS controls access.",
        shown(name)
    );
    Some(Problem::remark("hostname-address", word.span, message).name(name).found(name).expected("an address with a prefix length"))
}

/// `localhost` and names below it, which resolve to the loopback interface.
pub(super) fn is_localhost(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "localhost"
        || lower.ends_with(".localhost")
        || matches!(lower.as_str(), "localhost.localdomain" | "localhost6" | "ip6-localhost")
}

fn range_remark(word: &Word, range: &Range, text: &str) -> Option<Problem> {
    if range.prefix().is_none() {
        let message = format!("The mask of `{}` has holes, so it means a scattered set of addresses.", shown(text));
        return Some(
            Problem::remark("noncontiguous-mask", word.span, message)
                .found(text)
                .expected("a mask of ones followed by zeros, or a prefix length"),
        );
    }
    if range.is_mapped_ipv4() && range.family == super::address::Family::Ipv6 {
        let message = format!(
            "`{}` matches no client: to the server a client over IPv4 has an IPv4 address, never one that begins with ::ffff:.",
            shown(text)
        );
        return Some(Problem::remark("ipv4-mapped-address", word.span, message).found(text).expected("the IPv4 address"));
    }
    if range.first() != range.address {
        let message = format!("The address has bits outside its mask, which the server ignores: `{}` means {range}.", shown(text));
        let problem = Problem::remark("host-bits-set", word.span, message).found(text).expected(range.to_string());
        return Some(problem.suggest(Some(range.to_string())));
    }
    None
}

fn method_remarks(rule: &Rule, major: u32, found: &mut Vec<Problem>) {
    if let Some(build) = needed_build(&rule.method).filter(|_| rule.method != "cert") {
        let message = format!("The method `{}` needs a server built with {build}; any other server refuses the file.", rule.method);
        found.push(Problem::remark("needs-build", rule.method_span, message).name(&rule.method));
    }
    if rule.kind == ConnectionType::HostGssEnc {
        let message = "`hostgssenc` matches only on a server built with GSSAPI; on any other the line has no effect.";
        found.push(Problem::remark("needs-build", rule.kind_span, message).name("hostgssenc"));
    }
    for option in rule.options.iter().filter(|option| SECRET_OPTIONS.contains(&option.name.as_str())) {
        let message = format!(
            "{} is in the file in plain text: anyone who can read the file, a backup of it or its repository has the secret.",
            option.name
        );
        found.push(Problem::remark("secret-in-file", option.span, message).name(&option.name));
    }
    if rule.method == "radius" {
        let message = "RADIUS hides the password only by a shared secret and MD5, over UDP; prefer another method, or a network that nobody else is on.";
        found.push(Problem::remark("radius", rule.method_span, message).name("radius"));
    }
    let text = |name: &str| rule.option(name).and_then(|option| option.text());
    if rule.method == "ldap" {
        ldap_remarks(rule, found);
    }
    if let ("gss" | "sspi", Some(include), None) = (rule.method.as_str(), text("include_realm"), text("krb_realm"))
        && include != "1"
    {
        let message = "include_realm=0 drops the realm from the name of the client, so that users of any trusted realm are taken for those of yours. Keep the realm and map names, or name your realm with krb_realm.";
        found.push(Problem::remark("gss-realm-stripped", rule.method_span, message).name("include_realm"));
    }
    if major < 14 && rule.method == "cert" && text("clientcert") == Some("verify-ca") {
        let message = "The method `cert` ignores clientcert=verify-ca, and from PostgreSQL 14 on the server refuses the file.";
        found.push(
            Problem::remark("cert-with-verify-ca", rule.method_span, message)
                .name("clientcert")
                .found("verify-ca")
                .expected("verify-full, or no clientcert"),
        );
    }
}

fn ldap_remarks(rule: &Rule, found: &mut Vec<Problem>) {
    let mut scheme = "ldap".to_owned();
    for option in &rule.options {
        match (option.name.as_str(), option.text()) {
            ("ldapurl", Some(url)) => {
                scheme = if ldap_url::parse(url).is_some_and(|url| url.encrypted) { "ldaps" } else { "ldap" }.to_owned()
            }
            ("ldapscheme", Some(value)) => {
                value.clone_into(&mut scheme);
                if !matches!(value, "ldap" | "ldaps") {
                    let message = format!(
                        "`{}` is not a valid value for ldapscheme; the server logs that, and nobody can log in through this line.",
                        shown(value)
                    );
                    found.push(
                        Problem::remark("option-value", option.span, message).name("ldapscheme").found(value).expected("ldap or ldaps"),
                    );
                }
            }
            _ => {}
        }
    }
    let start_tls = rule.option("ldaptls").and_then(|option| option.text()) == Some("1");
    if scheme != "ldaps" && !start_tls {
        let message = "The server sends the password to the LDAP server in the clear. Use ldapscheme=ldaps, an ldaps:// URL, or ldaptls=1.";
        found.push(Problem::remark("ldap-cleartext", rule.method_span, message).name("ldap").expected("ldaps, or ldaptls=1"));
    }
}

/// The map that a rule names, with its place in the file.
pub(super) fn named_map(rule: &Rule) -> Option<(&str, crate::text::Span)> {
    let option = rule.option("map")?;
    option.text().map(|name| (name, option.span))
}

/// Whether the databases of a rule hold physical replication.
pub(super) fn has_replication(rule: &Rule) -> bool {
    rule.databases.has(&NameItem::Replication)
}
