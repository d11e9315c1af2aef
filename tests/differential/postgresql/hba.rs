//! `pg_hba.conf` and `pg_ident.conf`: `pg_hba_file_rules` and `pg_ident_file_mappings`, which read the files anew at
//! every query.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use gonogo::engines::postgresql::hba::{Address, Family, HbaInput, HbaView, NameItem, Names, OptionValue, Rule, assemble};
use gonogo::engines::postgresql::ident;
use gonogo::formats::pg_hba::{LineEnd, parse, records};
use gonogo::model::Record;
use gonogo::text::{Files, Source, Span};

use super::conf::Tree;
use super::helpers::connection::{Connection, Row};
use super::helpers::instance::{Cluster, Instance};
use super::in_data_directory;
use crate::random::Random;

/// One session that judges any number of files.
pub(crate) struct Comparison<'s> {
    cluster: &'s Cluster,
    session: Connection,
}

/// Errors that depend on how the server was built, which no file tells: gonogo remarks on what a line needs.
const OF_THE_BUILD: [&str; 3] = ["not supported by this build", "not supported on this platform", "cannot match because"];

impl<'s> Comparison<'s> {
    pub(crate) fn new(server: &'s Instance) -> Self {
        Self { cluster: &server.cluster, session: server.connect() }
    }

    /// What the server and gonogo say differently of a tree with `pg_hba.conf`.
    pub(crate) fn differences(&mut self, tree: &Tree) -> Vec<String> {
        let file = if self.cluster.major >= 16 { "file_name" } else { "''" };
        let list = |column: &str| format!("array_to_string({column}, E'\\x01')");
        let rows = self.ask(
            tree,
            &format!(
                "select {file}, line_number::text, type, {}, {}, address, netmask, auth_method, {}, error from pg_hba_file_rules",
                list("database"),
                list("user_name"),
                list("options")
            ),
        );
        let files = files(tree);
        let view = view(&files, self.cluster.major);
        compare(&rows, our_lines(&view, &files, self.cluster.major), tree)
    }

    /// The same for `pg_ident.conf`, from release 15 on.
    pub(crate) fn ident_differences(&mut self, tree: &Tree) -> Vec<String> {
        let file = if self.cluster.major >= 16 { "file_name" } else { "''" };
        let rows = self
            .ask(tree, &format!("select {file}, line_number::text, map_name, sys_name, pg_username, error from pg_ident_file_mappings"));
        let files = files(tree);
        let read = ident::read(&files, "pg_ident.conf", self.cluster.major, &|_| None);
        let mut ours: BTreeSet<String> = BTreeSet::new();
        for line in &read.lines {
            let place = place(&files.source(line.span.source).unwrap(), line.span, self.cluster.major);
            let fields = [&line.map, &line.system_user, &line.database_user].map(|field| hide(field));
            ours.insert(format!("{place}|{}", fields.join("|")));
        }
        ours.extend(
            read.problems.iter().filter(|problem| is_fatal(problem)).map(|problem| error_line(problem, &files, self.cluster.major)),
        );
        compare(&rows, ours, tree)
    }

    fn ask(&mut self, tree: &Tree, sql: &str) -> BTreeSet<String> {
        self.cluster.write_tree(tree);
        let reply = self.session.query(sql).unwrap();
        self.cluster.remove_tree(tree);
        let data = format!("{}/", self.cluster.data().display());
        reply.rows.iter().map(|row| their_line(row, &data)).collect()
    }
}

fn files(tree: &Tree) -> Files {
    Files::in_memory(tree.iter().map(|(path, text)| (path.clone(), text.clone())).chain([in_data_directory()]))
}

fn view(files: &Files, major: u32) -> HbaView {
    let input =
        HbaInput { files, path: Some("pg_hba.conf"), major, ssl: Some(false), resolve: &|_| None, ident_maps: None, image_rules: &[] };
    assemble(&input)
}

/// Before release 16 the view has no column for the file.
fn path(path: &str, major: u32) -> &str {
    if major >= 16 { path } else { "" }
}

/// `file:line|…`, or `file:line|error` with the server's words behind a tab.
fn their_line(row: &Row, data: &str) -> String {
    let text = |at: usize| row[at].clone().unwrap_or_default();
    let place = format!("{}:{}", text(0).strip_prefix(data).unwrap_or(&text(0)), text(1));
    let last = row.len() - 1;
    match &row[last] {
        // A line that cannot match, as without TLS, has an error and all of its fields.
        Some(error) if row[2].is_none() || OF_THE_BUILD.iter().all(|build| !error.contains(build)) => format!("{place}|error\t{error}"),
        _ if row[2].is_none() => format!("{place}|error\t"),
        _ => format!("{place}|{}", (2..last).map(|at| hide(&text(at))).collect::<Vec<_>>().join("|")),
    }
}

/// What stands for a secret, which gonogo does not give away.
const HIDDEN: &str = "…";

fn hide(text: &str) -> String {
    let hidden = |option: &str| {
        if let Some((name @ ("radiussecrets" | "ldapbindpasswd"), _)) = option.split_once('=') {
            format!("{name}={HIDDEN}")
        } else {
            option.to_owned()
        }
    };
    // `samegroup` is another word for `samerole`, and means the same.
    sorted(&text.replace("samegroup", "samerole").split('\u{1}').map(hidden).collect::<Vec<_>>().join("\u{1}"))
}

/// A list in one order on both sides: that of the words does not matter. The scope of an LDAP search is what the server
/// adds of itself, or takes out of a URL.
fn sorted(list: &str) -> String {
    let mut words: Vec<&str> = list.split('\u{1}').filter(|word| !word.starts_with("ldapscope=")).collect();
    words.sort_unstable();
    words.join("\u{1}")
}

/// Both sides line by line; an error of the build is none of the file.
fn compare(theirs: &BTreeSet<String>, mut ours: BTreeSet<String>, tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in theirs {
        let (row, error) = line.split_once('\t').unwrap_or((line, ""));
        let place = row.split('|').next().unwrap_or("");
        if OF_THE_BUILD.iter().any(|build| error.contains(build)) {
            ours.retain(|ours| ours.split('|').next() != Some(place));
            continue;
        }
        let found = ours.iter().find(|ours| ours.split('\t').next() == Some(row)).cloned();
        match found {
            Some(found) => {
                let code = found.split_once('\t').map_or("", |(_, code)| code);
                if !error.is_empty() && !is_word_for(code, error) {
                    wrong.push(format!("{place}: the server says {error:?}, gonogo {code}"));
                }
                ours.remove(&found);
            }
            None if !error.is_empty() && told_before(place, tree) => {}
            None => wrong.push(format!("the server has {line}")),
        }
    }
    wrong.extend(ours.iter().map(|line| format!("gonogo has {line}")));
    wrong
}

/// Whether the file of a line names lists of names: what is wrong with one gonogo tells once, the server at every line that
/// names it.
fn told_before(place: &str, tree: &Tree) -> bool {
    let (path, _) = place.split_once(':').unwrap_or(("", place));
    let of_file = |(known, _): &(&String, &String)| path.is_empty() || *known == path;
    tree.iter().filter(of_file).any(|(_, text)| text.contains("@names") || text.contains("@inc/names"))
}

/// Whether a code of ours is one for what the server says.
fn is_word_for(code: &str, error: &str) -> bool {
    let words: &[&str] = match code.split_once('-').map_or(code, |(_, code)| code) {
        "unknown-type" => &["invalid connection type"],
        "missing-field" => &["end-of-line before"],
        "unknown-method" => &["invalid authentication method"],
        "bad-address" => &[
            "invalid CIDR mask",
            "invalid IP mask",
            "invalid IP address",
            "IP address and mask do not match",
            "end-of-line before netmask",
        ],
        "host-name-with-mask" => &["specifying both host name and CIDR mask"],
        "multi-value-field" => &["multiple values"],
        "unknown-option" => &["unrecognized authentication option name", "not in name=value format"],
        "option-wrong-method" => &["is only valid for authentication methods", "cannot be used with", "can only be configured for"],
        "bad-regex" => &["invalid regular expression", "empty regular expression"],
        "missing-include" => &["could not open", "empty"],
        "include-too-deep" => &["nesting depth"],
        "peer-not-local" => &["peer authentication is only supported"],
        "cert-not-hostssl" => &["cert authentication is only supported"],
        "gss-on-local" => &["gssapi authentication is not supported"],
        "token-too-long" => &["authentication file token too long"],
        "bad-line" => &["missing entry at end of line", "multiple values in ident field"],
        _ => return true,
    };
    words.iter().any(|word| error.contains(word))
}

fn is_fatal(problem: &Record) -> bool {
    problem.truth("fatal") == Some(true)
}

/// The line of a problem, by the number of the record's first physical line.
fn error_line(problem: &Record, files: &Files, major: u32) -> String {
    // A word of a list that another file holds: the server tells the line that names the list.
    let named = problem.related.iter().find(|(_, text)| text == "this line names the file").map(|(span, _)| *span);
    let span = named.or(problem.span).unwrap();
    let source = files.source(span.source).unwrap();
    format!("{}|error\t{}", place(&source, span, major), problem.text("code").unwrap_or(""))
}

/// File and line as the server tells them: of the first physical line of the record.
fn place(source: &Source, span: Span, major: u32) -> String {
    let document = parse(source);
    let lines = records(&document, major >= 14);
    let number = lines.iter().find(|line| line.span.contains(span)).map_or_else(|| source.location(span.start).line, |line| line.number);
    // From 14 on a NUL byte hides the end of its line, and the server counts one line too few. gonogo counts as an editor does.
    let hidden = document.lines.iter().filter(|line| line.number < number && line.end == LineEnd::Nul && major >= 14).count();
    format!("{}:{}", path(source.path(), major), number - u32::try_from(hidden).unwrap())
}

fn our_lines(view: &HbaView, files: &Files, major: u32) -> BTreeSet<String> {
    let line = |rule: &Rule| rule_line(rule, &place(&files.source(rule.span.source).unwrap(), rule.span, major));
    let mut lines: BTreeSet<String> = view.rules.iter().map(line).collect();
    let told = view.problems.iter().filter(|problem| is_fatal(problem) && problem.text("code") != Some("hba-no-entries"));
    lines.extend(told.map(|problem| error_line(problem, files, major)));
    lines
}

fn rule_line(rule: &Rule, place: &str) -> String {
    let item = |item: &NameItem| if let NameItem::Name(name) = item { name.clone() } else { item.to_string() };
    let list = |names: &Names| hide(&names.items.iter().map(item).collect::<Vec<_>>().join("\u{1}"));
    let address = |family: Family, address: u128| match u32::try_from(address) {
        Ok(address) if family == Family::Ipv4 => Ipv4Addr::from(address).to_string(),
        // `inet_ntop` writes these as IPv4 in IPv6.
        Ok(low) if low > 0xffff => format!("::{}", Ipv4Addr::from(low)),
        _ => Ipv6Addr::from(address).to_string(),
    };
    let (address, mask) = match rule.address.as_ref().map(|address| &address.address) {
        None => (String::new(), String::new()),
        Some(Address::All) => ("all".to_owned(), String::new()),
        Some(Address::SameHost) => ("samehost".to_owned(), String::new()),
        Some(Address::SameNet) => ("samenet".to_owned(), String::new()),
        Some(Address::Host(name)) => (hide(name), String::new()),
        Some(Address::Range(range)) => (address(range.family, range.address), address(range.family, range.mask)),
    };
    let (databases, users) = (list(&rule.databases), list(&rule.users));
    format!("{place}|{}|{databases}|{users}|{address}|{mask}|{}|{}", rule.kind, rule.method, options(rule))
}

const LDAP_OPTIONS: [&str; 9] = [
    "ldapserver",
    "ldapport",
    "ldapprefix",
    "ldapsuffix",
    "ldapbasedn",
    "ldapbinddn",
    "ldapbindpasswd",
    "ldapsearchattribute",
    "ldapsearchfilter",
];

/// The options as the server shows them, those that it derives included.
fn options(rule: &Rule) -> String {
    let value = |name: &str| {
        rule.option(name).map(|option| match &option.value {
            OptionValue::Text(text) => text.clone(),
            OptionValue::Secret(_) => HIDDEN.to_owned(),
        })
    };
    let mut shown: Vec<String> = Vec::new();
    let mut show = |name: &str, value: Option<String>| shown.extend(value.map(|value| format!("{name}={value}")));
    show("map", value("map"));
    let certificate = match (rule.method.as_str(), value("clientcert").as_deref()) {
        ("cert", _) => Some("verify-full".to_owned()),
        (_, Some("1")) => Some("verify-ca".to_owned()),
        (_, Some("0" | "no-verify")) => None,
        (_, other) => other.map(str::to_owned),
    };
    show("clientcert", certificate);
    if matches!(rule.method.as_str(), "gss" | "sspi") && value("include_realm").is_none_or(|realm| realm == "1") {
        show("include_realm", Some("true".to_owned()));
    }
    for name in ["krb_realm", "pamservice", "radiusservers", "radiussecrets", "radiusidentifiers", "radiusports"] {
        show(name, value(name));
    }
    for name in LDAP_OPTIONS {
        show(name, value(name));
    }
    show("ldaptls", value("ldaptls").filter(|tls| tls == "1").map(|_| "true".to_owned()));
    sorted(&shown.join("\u{1}"))
}

/// A tree with everything that may go wrong in it.
pub(crate) fn generate(random: &mut Random) -> Tree {
    let mut tree = Tree::new();
    tree.insert("pg_hba.conf".to_owned(), text(random, rule));
    included(random, &mut tree, rule);
    if random.once_in(4) {
        let directive = directive(random);
        tree.entry("pg_hba.conf".to_owned()).or_default().push_str(&directive);
    }
    tree
}

/// The same for user name maps.
pub(crate) fn generate_ident(random: &mut Random) -> Tree {
    let mut tree = Tree::new();
    tree.insert("pg_ident.conf".to_owned(), text(random, map));
    included(random, &mut tree, map);
    if random.once_in(4) {
        let directive = directive(random);
        tree.entry("pg_ident.conf".to_owned()).or_default().push_str(&directive);
    }
    tree
}

fn included(random: &mut Random, tree: &mut Tree, line: fn(&mut Random) -> String) {
    if random.once_in(3) {
        for path in ["inc/a.conf", "inc/b.conf", "inc/d/1.conf", "inc/d/B.conf", "inc/d/.x.conf", "inc/d/z.txt"] {
            if random.below(3) > 0 {
                tree.insert(path.to_owned(), text(random, line));
            }
        }
        for path in ["names", "inc/names"] {
            let words: Vec<String> =
                (0..random.below(6)).map(|_| name(random)).filter(|name| name.len() < 20 && !name.starts_with('@')).collect();
            tree.insert(path.to_owned(), words.join(random.one(&[",", "\n", " ", ", ", " # x\n"])));
        }
    }
}

fn directive(random: &mut Random) -> String {
    let directives = [
        "include inc/a.conf",
        "include_dir inc/d",
        "include_if_exists inc/b.conf",
        "include_if_exists inc/none",
        "include \"inc/b.conf\"",
        "include inc/none",
        "include_dir inc/none",
        "include a b",
        "include",
        "include_dir \"\"",
        "include inc/../inc/a.conf",
        "Include inc/a.conf",
        "include .",
        "include inc/a.conf,inc/b.conf",
        "include_if_exists inc/d/B.conf # x",
    ];
    format!("\n{}\n", random.one(&directives))
}

fn text(random: &mut Random, line: fn(&mut Random) -> String) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(6) {
        text += &line(random);
        text += random.one(&["\n", "\n", "\n", "\n", "\r\n", "\n\n", "\\\n", " \\\n", "\\ \n", "\r\r\n", "\n# x\n", "\n # x \\\n"]);
    }
    match random.below(16) {
        0 => text.truncate(text.trim_end().len()),
        1 => text.insert(0, '\u{feff}'),
        _ => {}
    }
    text
}

fn name(random: &mut Random) -> String {
    let names = [
        "all",
        "all",
        "app",
        "replication",
        "sameuser",
        "samerole",
        "samegroup",
        "+admins",
        "\"all\"",
        "\"+admins\"",
        "\"a b\"",
        "\"\"",
        "ALL",
        "a\"b\"c",
        "\"x\"\"y\"",
        "/^app_.*$",
        "\"/^a,b$\"",
        "/[",
        "/",
        "/(a",
        "/a{2}",
        "/a{2",
        "/\\d+",
        "/(?i)x",
        "/a**",
        "@names",
        "@none",
        "@",
        "\"@names\"",
        "é",
        "'app'",
        "-",
        "+",
        "a#b",
        "\"open",
        "samehost",
        "@inc/names",
        "a=b",
        "*",
        "\u{1f600}",
        "postgres",
        "a\u{c}b",
        "/(((x)))",
        "/[[:alpha:]]+",
        "/[[:foo:]]",
        "/\\",
        "/a|b",
        "/^*",
        "/x{1,300}",
        "/(?=a)b",
        "/\\1",
        "/(a)\\1",
    ];
    if random.once_in(40) {
        return "x".repeat(random.below(300));
    }
    random.one(&names).to_owned()
}

fn names(random: &mut Random) -> String {
    let mut list = name(random);
    while random.once_in(4) {
        list += random.one(&[",", ", ", " ,", ",,"]);
        list += &name(random);
    }
    list
}

fn address(random: &mut Random) -> String {
    let addresses = [
        "all",
        "samehost",
        "samenet",
        "127.0.0.1/32",
        "::1/128",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::/0",
        "0/0",
        "10.1/16",
        "10.0.0.5/8",
        "10.0.0.1",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8x",
        "10.0.0.0/",
        "127.0.0.01/32",
        "0x7f.1/8",
        "256.1.1.1/8",
        "1.2.3/24",
        "fe80::1%eth0/64",
        "fe80::1%lo/64",
        "fe80::1%1/64",
        "::ffff:10.0.0.1/128",
        "1::2::3/64",
        "::1/129",
        "10.0.0.0 255.0.0.0",
        "10.0.0.0 255.0.255.0",
        "10.0.0.0 ffff::",
        "::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "10.0.0.0/8 255.0.0.0",
        ".example.com",
        "db.example.com",
        "db.example.com/24",
        "*.example.com",
        "10.0.0.*",
        "localhost",
        "\"all\"",
        "\"samenet\"",
        "ALL",
        "All/8",
        "10.0.0.0/8,::1/128",
        "\"10.0.0.0/8\"",
        "\"\"",
        "/",
        "/8",
        "::",
        "0",
        "4294967295/32",
        "4294967296/32",
        "[::1]/128",
        "1.2.3.4.5/8",
        "192.168.1.0/24 md5 255.255.255.0",
        "a b",
        "10.0.0.0 /8",
        "::1/0x10",
        "10.0.0.0/ 8",
        "\"10.0.0.0/ 8\"",
        "::1.2.3.4/96",
        "1:2:3:4:5:6:7:8/0",
    ];
    random.one(&addresses).to_owned()
}

/// No RADIUS server is told by its name: the server looks it up as it reads the file, and no file tells what it finds.
fn option(random: &mut Random) -> String {
    let options = [
        "map=m",
        "map=",
        "map",
        "clientcert=1",
        "clientcert=0",
        "clientcert=verify-ca",
        "clientcert=verify-full",
        "clientcert=no-verify",
        "clientcert=x",
        "clientname=CN",
        "clientname=DN",
        "clientname=foo",
        "foo=bar",
        "=x",
        "\"map=a b\"",
        "map=a,b",
        "Map=m",
        "include_realm=0",
        "krb_realm=X",
        "pamservice=x",
        "ldapserver=x",
        "ldapprefix=cn=",
        "ldapbasedn=x",
        "ldapport=abc",
        "ldaptls=1",
        "radiusservers=1.2.3.4",
        "radiussecrets=s",
        "radiusports=1812",
        "radiusports=abc",
        "radiusidentifiers=x",
        "radiussecrets=\"a,b\"",
        "\"radiusservers=127.0.0.1,127.0.0.1\"",
        "issuer=a",
        "scope=b",
        "validator=v",
        "delegate_ident_mapping=1",
        "map=\"m\"",
        "# map=m",
        "map=m=n",
        "\"\"",
        "map=m map=n",
        "compat_realm=1",
        "upn_username=1",
        "pam_use_hostname=1",
        "ldapscope=sub",
        "clientcert=verify-full,verify-ca",
        "\"radiusservers=127.0.0.1\" radiussecrets=x",
        "\"radiussecrets=\"\"a b\"\"\"",
    ];
    random.one(&options).to_owned()
}

fn rule(random: &mut Random) -> String {
    if random.once_in(12) {
        return random
            .one(&["# comment", "", "  ", "host", "local all", "\"open", "host all all", ",", "local , all", "\0", "a\0b", "\\"])
            .to_owned();
    }
    let kinds = [
        "local",
        "host",
        "host",
        "hostssl",
        "hostnossl",
        "hostgssenc",
        "hostnogssenc",
        "Host",
        "\"host\"",
        "host,local",
        "bogus",
        "hostss",
    ];
    let usual = if random.once_in(5) { kinds.len() } else { 7 };
    let kind = kinds[random.below(usual)].to_owned();
    let methods = [
        "trust",
        "reject",
        "md5",
        "password",
        "scram-sha-256",
        "peer",
        "ident",
        "cert",
        "radius",
        "MD5",
        "scram",
        "\"md5\"",
        "md5,trust",
        "pam",
        "ldap",
        "gss",
        "sspi",
        "bsd",
        "oauth",
        "krb5",
        "",
    ];
    let usual = if random.once_in(3) { methods.len() } else { 9 };
    let method = methods[random.below(usual)].to_owned();
    let blank = random.one(&[" ", " ", " ", "\t", "  ", " \t"]).to_owned();
    let mut fields = vec![kind.clone(), names(random), names(random)];
    if kind != "local" || random.once_in(12) {
        fields.push(address(random));
    }
    fields.push(method);
    while random.once_in(3) {
        fields.push(option(random));
    }
    if random.once_in(15) {
        fields.remove(random.below(fields.len()));
    }
    let mut line = fields.join(&blank);
    if random.once_in(6) {
        line += random.one(&[" # comment", "# glued", " #", "\\", ",", " ,", "\"", "\u{c}", "\0 x"]);
    }
    line
}

fn map(random: &mut Random) -> String {
    if random.once_in(12) {
        return random.one(&["# comment", "", "m", "m bob", "\"open", ",", "m ,bob bob", "\\", "m bob bob extra"]).to_owned();
    }
    let users = [
        "bob",
        "/^(.*)@x\\.com$",
        "\"/^(.*) x$\"",
        "/[",
        "\"bob smith\"",
        "bob,eve",
        "/",
        "/(a)(b)",
        "é",
        "\"\"",
        "/\\",
        "@names",
        "/^CN=.*$",
        "+x",
    ];
    let roles = ["bob", "\\1", "\"\\1\"", "all", "+admins", "/^a", "/[", "\"all\"", "a,b", "\\2", "x\\1y", "/", "\"/^a\""];
    let blank = random.one(&[" ", "\t", "   "]).to_owned();
    let mut line = [random.one(&["m", "map", "\"a b\"", "é", "m,n", "+m", "/m"]), random.one(&users), random.one(&roles)].join(&blank);
    if random.once_in(6) {
        line += random.one(&[" # comment", "# glued", "\\", ",", " extra", "\""]);
    }
    line
}
