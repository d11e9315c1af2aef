//! `pg_hba.conf` against the answers of real servers (`tests/vectors/pg_hba.txt`), and what the server does not tell.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use gonogo::engines::postgresql::hba::{Address, Family, HbaInput, HbaView, ImageRule, NameItem, Names, Rule, assemble, assemble_at};
use gonogo::model::Record;
use gonogo::text::Files;
use proptest::prelude::*;

/// The files that the recorded texts include.
const INCLUDED: [(&str, &str); 16] = [
    ("users", "u1,u2\nu3 \"u 4\" # c\n+g\n"),
    ("dbs", "d1 d2\n"),
    ("x.conf", "local all xx trust\n"),
    ("y.conf", "local all inner trust\nhost bad\ninclude x.conf\n"),
    ("hd/b.conf", "local all tb trust\n"),
    ("hd/a.conf", "local all ta trust\n"),
    ("hd/10.conf", "local all t10 trust\n"),
    ("hd/9.conf", "local all t9 trust\n"),
    ("hd/.h.conf", "local all hidden trust\n"),
    ("hd/n.txt", "local all txt trust\n"),
    ("empty", ""),
    ("nested", "all\n@users replication # x\n"),
    ("quoted", "\"all\" ALL\n"),
    ("loop", "@loop\n"),
    ("inc_loop.conf", "include inc_loop.conf\n"),
    ("one", "xx\n"),
];

fn files(text: &str) -> Files {
    let included = INCLUDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    // As in the data directory of a server.
    Files::in_memory(included.chain([("pg_hba.conf", text), ("PG_VERSION", "16\n")].map(|(path, text)| (path.to_owned(), text.to_owned()))))
}

fn read(files: &Files, major: u32, ssl: Option<bool>) -> HbaView {
    assemble(&HbaInput { files, path: Some("pg_hba.conf"), major, ssl, resolve: &|_| None, ident_maps: None, image_rules: &[] })
}

fn view(text: &str, major: u32) -> HbaView {
    read(&files(text), major, None)
}

fn codes(view: &HbaView) -> Vec<&str> {
    view.problems.iter().filter_map(|problem| problem.text("code")).collect()
}

fn is_fatal(problem: &Record) -> bool {
    problem.truth("fatal") == Some(true)
}

fn unescape(text: &str) -> String {
    text.replace("\\\\", "\0")
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\t", "\t")
        .replace("\\u{feff}", "\u{feff}")
        .replace('\0', "\\")
}

/// An address as the server's view shows it.
fn server_address(family: Family, address: u128) -> String {
    if family == Family::Ipv4 { Ipv4Addr::from(u32::try_from(address).unwrap()).to_string() } else { Ipv6Addr::from(address).to_string() }
}

fn row(rule: &Rule) -> String {
    let item = |item: &NameItem| if let NameItem::Name(name) = item { name.clone() } else { item.to_string() };
    let list = |names: &Names| names.items.iter().map(item).collect::<Vec<_>>().join(",");
    let (address, mask) = match rule.address.as_ref().map(|address| &address.address) {
        None => (String::new(), String::new()),
        Some(Address::All) => ("all".to_owned(), String::new()),
        Some(Address::SameHost) => ("samehost".to_owned(), String::new()),
        Some(Address::SameNet) => ("samenet".to_owned(), String::new()),
        Some(Address::Host(name)) => (name.clone(), String::new()),
        Some(Address::Range(range)) => (server_address(range.family, range.address), server_address(range.family, range.mask)),
    };
    let path = if &*rule.path == "pg_hba.conf" { String::new() } else { format!("{}:", rule.path) };
    format!("{path}{}|{}|{}|{}|{address}|{mask}|{}", rule.line, rule.kind, list(&rule.databases), list(&rule.users), rule.method)
}

/// Our answer in the form of the recorded rows, without options; rows of one line in any order.
fn rows(view: &HbaView, files: &Files) -> BTreeSet<String> {
    let mut rows: BTreeSet<String> = view.rules.iter().map(row).collect();
    for problem in view.problems.iter().filter(|problem| is_fatal(problem) && problem.text("code") != Some("hba-no-entries")) {
        let span = problem.span.unwrap();
        let source = files.source(span.source).unwrap();
        let document = gonogo::formats::pg_hba::parse(&source);
        let lines = gonogo::formats::pg_hba::records(&document, true);
        let number = lines.iter().find(|line| line.span.contains(span)).map_or(0, |line| line.number);
        let number = if number == 0 || view_is_old(view) { source.location(span.start).line } else { number };
        let path = if source.path() == "pg_hba.conf" { String::new() } else { format!("{}:", source.path()) };
        rows.insert(format!("{path}{number}|error"));
    }
    rows
}

/// Whether no rule of the view was continued, so that a physical line is a record.
fn view_is_old(view: &HbaView) -> bool {
    view.problems.iter().any(|problem| problem.text("code") == Some("hba-broken-continuation"))
}

fn check_options(rule: &Rule, recorded: &str, context: &str) {
    // What the server takes out of a URL is no option of ours.
    if recorded.is_empty() || rule.option("ldapurl").is_some() {
        return;
    }
    for option in recorded.split(';') {
        let (name, value) = option.split_once('=').unwrap();
        let ours = rule.option(name).unwrap_or_else(|| panic!("{context}: no option {name}"));
        let converted = name == "clientcert" && ours.text() == Some("1");
        assert!(converted || ours.text().is_none_or(|text| text == value), "{context}: {name}");
    }
}

fn check_vector(text: &str, majors: &str, recorded: &str) {
    let majors = majors.trim_end_matches(" with it built in");
    let (first, last) = majors.split_once('-').unwrap_or((majors, majors));
    for major in first.parse::<u32>().unwrap()..=last.parse().unwrap() {
        let files = files(text);
        let view = read(&files, major, Some(false));
        let context = format!("{text:?} on {major}");
        let mut expected = BTreeSet::new();
        for recorded in recorded.split(" ## ").filter(|row| !row.is_empty()) {
            match recorded.rsplit_once('|') {
                Some((line, "needs-build")) => {
                    assert!(codes(&view).contains(&"hba-needs-build"), "{context}");
                    expected.extend(rows(&view, &files).into_iter().filter(|row| row.starts_with(&format!("{line}|"))));
                }
                Some((_, "error")) => drop(expected.insert(recorded.to_owned())),
                Some((row_without_options, options)) => {
                    expected.insert(row_without_options.to_owned());
                    let rule = view.rules.iter().find(|rule| row(rule) == row_without_options);
                    check_options(
                        rule.unwrap_or_else(|| panic!("{context}: {row_without_options}, not {:?}", rows(&view, &files))),
                        options,
                        &context,
                    );
                }
                None => panic!("{context}: {recorded}"),
            }
        }
        assert_eq!(rows(&view, &files), expected, "{context}");
    }
}

#[test]
fn every_recorded_answer_is_ours() {
    let mut text = String::new();
    let mut checked = 0;
    for line in include_str!("../../vectors/pg_hba.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("= ") {
            Some(input) => text = unescape(input),
            None => {
                let (majors, recorded) = line.split_once(':').unwrap();
                check_vector(&text, majors, recorded.trim_start());
                checked += 1;
            }
        }
    }
    assert!(checked > 250, "{checked}");
}

#[test]
fn releases_of_one_generation_read_alike() {
    let texts = include_str!("../../vectors/pg_hba.txt").lines().filter_map(|line| line.strip_prefix("= ")).map(unescape);
    let problems = PROBLEMS.iter().map(|(text, ..)| (*text).to_owned());
    let texts: Vec<String> = texts.chain(problems).collect();
    for major in [13, 15, 17] {
        let first = gonogo::engines::postgresql::hba::generation(major);
        assert_ne!(first, major);
        for text in &texts {
            assert_eq!(format!("{:?}", view(text, major)), format!("{:?}", view(text, first)), "{text:?} on {major}");
        }
    }
}

/// A text, the major that reads it, and the codes of its problems.
const PROBLEMS: &[(&str, u32, &[&str])] = &[
    ("LOCAL all all trust\n", 16, &["hba-unknown-type"]),
    ("local all all\n", 16, &["hba-missing-field"]),
    ("host all all 10.0.0.0/8 scram\n", 16, &["hba-unknown-method"]),
    ("host all all 10.0.0.0/33 md5\n", 16, &["hba-bad-address"]),
    ("host all all 10.0.0.1 md5\n", 16, &["hba-bad-address"]),
    ("host all all db.example.com/32 md5\n", 16, &["hba-host-name-with-mask"]),
    ("host all all 10.0.0.0/8,::1/128 md5\n", 16, &["hba-multi-value-field"]),
    ("local all all trust foo=bar\n", 16, &["hba-unknown-option"]),
    ("local all all md5 map=x\n", 16, &["hba-option-wrong-method"]),
    ("host all all all radius\n", 16, &["hba-required-option-missing"]),
    ("host all all all ldap ldapserver=x ldapprefix=a ldapbasedn=b\n", 16, &["hba-ldap-mixed-modes"]),
    ("local /[ all trust\n", 16, &["hba-bad-regex"]),
    ("local /[ all trust\n", 15, &["hba-feature-needs-newer-major"]),
    ("local @nofile all trust\n", 15, &["hba-missing-include"]),
    ("include x.conf\nlocal all all trust\n", 15, &["hba-feature-needs-newer-major"]),
    ("hostssl all all all cert clientname=CN\n", 13, &["hba-feature-needs-newer-major"]),
    ("host all all all oauth issuer=a scope=b\n", 17, &["hba-feature-needs-newer-major"]),
    ("# note \\\nhost all all 10.0.0.0/8 md5\nlocal all all peer\n", 14, &["hba-comment-continuation"]),
    ("# note \\\nhost all all 10.0.0.0/8 md5\nlocal all all peer\n", 13, &[]),
    ("# ---- \\\n# next\nlocal all all peer\n", 16, &[]),
    ("host all all \\ \n", 16, &["hba-broken-continuation"]),
    ("local all a ,b trust\n", 16, &["hba-space-before-comma"]),
    ("local \"all\" all peer\n", 16, &["hba-quoted-keyword"]),
    ("local all \"+g\" peer\n", 16, &["hba-quoted-keyword"]),
    ("local all 'app' peer\n", 16, &["hba-single-quotes"]),
    ("local ALL all peer\n", 16, &["hba-keyword-case"]),
    ("local \"ALL\" o'brien peer\n", 16, &[]),
    ("host all all 10.0.0.* md5\n", 16, &["hba-address-parsed-as-hostname"]),
    ("host all all 10.0.0.0 255.0.255.0 md5\n", 16, &["hba-noncontiguous-mask"]),
    ("host all all 10.0.0.5/8 md5\n", 16, &["hba-host-bits-set"]),
    ("host all all ::ffff:10.0.0.1/128 md5\n", 16, &["hba-ipv4-mapped-address"]),
    ("\u{feff}local all all peer\n", 16, &["hba-bom"]),
    ("local all /app peer\n", 16, &["hba-regex-unanchored"]),
    ("local all /^app_.*$ peer\n", 16, &[]),
    ("host all all all cert\n", 16, &["hba-cert-not-hostssl"]),
    ("host all all all peer\n", 16, &["hba-peer-not-local"]),
    ("hostssl all all all md5 clientcert=1\n", 14, &["hba-clientcert-old-value"]),
    ("hostssl all all all md5 clientcert=1\n", 13, &[]),
    ("hostssl all all all cert clientcert=verify-ca\n", 14, &["hba-cert-with-verify-ca"]),
    ("hostssl all all all cert clientcert=verify-ca\n", 13, &["hba-cert-with-verify-ca"]),
    ("local all all ldap ldapbasedn=x\n", 16, &["hba-needs-build", "hba-ldap-cleartext"]),
    ("local all all ldap ldapurl=ldaps://x/\n", 16, &["hba-needs-build"]),
    ("host all all all gss include_realm=0\n", 16, &["hba-needs-build", "hba-gss-realm-stripped"]),
    ("host all all db.example.com md5\n", 16, &["hba-hostname-address"]),
    ("host all all localhost md5\n", 16, &[]),
    ("host all all all radius radiusservers=1.2.3.4 radiussecrets=x\n", 16, &["hba-secret-in-file", "hba-radius"]),
    ("# nothing\n", 16, &["hba-no-entries"]),
    ("include inc_loop.conf\n", 16, &["hba-include-too-deep"]),
    ("local @loop all trust\n", 13, &["hba-include-too-deep"]),
];

#[test]
fn every_problem_has_its_code() {
    for (text, major, expected) in PROBLEMS {
        assert_eq!(codes(&view(text, *major)), *expected, "{text:?} on {major}");
    }
}

#[test]
fn a_map_that_does_not_exist_is_told_only_when_the_maps_were_seen() {
    let files = files("local all all peer map=m\nlocal all all peer map=n\n");
    let known = BTreeSet::from(["m".to_owned()]);
    let with = |ident_maps| HbaInput {
        files: &files,
        path: Some("pg_hba.conf"),
        major: 16,
        ssl: None,
        resolve: &|_| None,
        ident_maps,
        image_rules: &[],
    };
    assert_eq!(codes(&assemble(&with(Some(&known)))), ["hba-map-missing"]);
    assert!(codes(&assemble(&with(None))).is_empty());
}

#[test]
fn secrets_stay_in_the_file() {
    let text = "host all all all ldap ldapserver=x ldapbasedn=y ldapbindpasswd=hunter2\n\
                local all all ldap LDAPBINDPASSWD=hunter2\n\
                host all all all ldapbindpasswd=hunter2\n\
                host all all all radius radiussecrets=\"hunter2,hunter2\" radiusservers=1.2.3.4\n\
                local all all ldap ldapbindpasswd= hunter2\n\
                local all all ldapbindpasswd hunter2 x\n\
                local all all md5 \"ldapbindpasswd=a hunter2\"\n";
    let files = files(text);
    let view = read(&files, 16, None);
    let mut shown = format!("{view:?}");
    let source = files.read("pg_hba.conf").unwrap();
    for line in 1..=source.line_count() {
        write!(shown, "{:?}", source.excerpt(source.span(source.line_range(line).start, source.line_range(line).end))).unwrap();
    }
    shown += &format!("{:?}", gonogo::formats::pg_hba::parse(&source));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn what_was_not_seen_is_unknown() {
    let absolute = view("host all @/srv/users 10.0.0.0/8 md5\nhost all postgres 10.0.0.0/8 md5\n", 16);
    let first = &absolute.records.rows[0];
    assert!(
        first.text("type").is_some() && first.fields.get("users").unwrap().datum.known().is_none() && first.truth("all_users").is_none()
    );
    assert!(absolute.incomplete.is_some() && absolute.records.incomplete.is_none());

    let hidden = view("local all all peer\ninclude /srv/more.conf\nlocal a a peer\nhost all all 10.0.0.0/8 md5\n", 16);
    let shadowed: Vec<Option<&str>> = hidden.records.rows.iter().map(|row| row.text("shadowed")).collect();
    assert_eq!(shadowed, [Some("no"), Some("by-same"), None]);
    assert!(hidden.records.incomplete.is_some());
    assert!(hidden.who_can_connect.iter().any(|decision| decision.method.starts_with("unknown")));

    let nothing = assemble(&HbaInput {
        files: &files(""),
        path: Some("elsewhere.conf"),
        major: 16,
        ssl: None,
        resolve: &|_| None,
        ident_maps: None,
        image_rules: &[ImageRule { text: "host all all all trust".to_owned(), span: None }],
    });
    assert!(nothing.records.incomplete.is_some());
    assert!(nothing.records.rows.iter().all(|row| row.image_default && row.text("method") == Some("trust")));
}

#[test]
fn a_mounted_file_includes_what_the_server_sees_beside_it() {
    let tree = [
        ("db/hba.conf", "include rules.conf\ninclude_dir hba.d\nlocal all @names trust\n"),
        ("db/rules.conf", "local wrong all trust\n"),
        ("etc/rules.conf", "local right all trust\n"),
        ("etc/hba.d/1.conf", "local all @names peer\n"),
        ("etc/hba.d/names", "inner\n"),
        ("etc/names", "outer\n"),
    ];
    let files = Files::in_memory(tree);
    let resolve = |path: &str| path.strip_prefix("/etc/postgresql/").map(|rest| format!("etc/{rest}"));
    let input =
        HbaInput { files: &files, path: Some("db/hba.conf"), major: 16, ssl: None, resolve: &resolve, ident_maps: None, image_rules: &[] };
    let names =
        |view: HbaView| view.rules.iter().map(|rule| format!("{} {}", rule.databases.text(), rule.users.text())).collect::<Vec<_>>();
    assert_eq!(names(assemble_at(&input, Some("/etc/postgresql/pg_hba.conf"))), ["right all", "all inner", "all outer"]);
    assert_eq!(names(assemble(&input)), ["wrong all"]);
}

#[test]
fn clients_are_told_by_how_far_away_they_are() {
    for (address, expected) in [
        ("127.0.0.1/32", "loopback"),
        ("::1/128", "loopback"),
        ("localhost", "loopback"),
        ("samehost", "loopback"),
        ("samenet", "own-networks"),
        ("10.1.2.0/24", "private"),
        ("172.16.0.0/12", "private"),
        ("172.0.0.0/8", "public"),
        ("100.64.0.0/10", "private"),
        ("fd00::/8", "private"),
        ("fe80::/10", "private"),
        ("8.8.8.0/24", "public"),
        ("0.0.0.0/1", "public"),
        ("0/0", "anywhere"),
        ("10.0.0.0/0", "anywhere"),
        ("all", "anywhere"),
        (".example.com", "by-name"),
    ] {
        let view = view(&format!("host all all {address} md5\n"), 16);
        assert_eq!(view.records.rows[0].text("clients"), Some(expected), "{address}");
    }
}

fn connections(text: &str) -> String {
    let files = files(text);
    let view = read(&files, 16, Some(true));
    let source = files.read("pg_hba.conf").unwrap();
    let mut shown = String::new();
    for decision in view.who_can_connect {
        let line = decision.span.map_or("-".to_owned(), |span| source.location(span.start).line.to_string());
        writeln!(shown, "{} | {} {} {} | {line}", decision.from, decision.databases, decision.users, decision.method).unwrap();
    }
    shown
}

#[test]
fn who_can_connect_names_the_rule_for_each_path() {
    insta::assert_snapshot!(connections(
        "local all all peer\nhost all all 127.0.0.1/32 scram-sha-256\nhostssl app app 10.1.2.0/24 scram-sha-256\nhostssl replication rep 10.0.0.0/8 cert\nhost all all 10.0.0.0/8 reject\nhost all all all md5\n"
    ));
}

#[test]
fn connected_networks_are_told_apart_by_family_where_the_rules_do() {
    let apart = connections("host all all samenet reject\nhost all all 0.0.0.0/0 md5\nhost all all ::/0 trust\n");
    assert!(apart.contains("networks that the server is connected to | all all reject | 1"), "{apart}");
    let apart = connections("host app app samenet scram-sha-256\nhost all all 0.0.0.0/0 md5\nhost all all ::/0 trust\n");
    for line in [
        "(IPv4) | app app scram-sha-256 | 1",
        "(IPv4) | all all md5 | 2",
        "(IPv6) | app app scram-sha-256 | 1",
        "(IPv6) | all all trust | 3",
    ] {
        assert!(apart.contains(&format!("networks that the server is connected to {line}")), "{line}\n{apart}");
    }
    let named = connections("host app app samehost md5\nhost all all db.example.com reject\nhost all all ::/0 trust\n");
    for line in ["the server's own addresses (IPv4) | all all reject | -", "the server's own addresses (IPv6) | all all trust | 3"] {
        assert!(named.contains(line), "{line}\n{named}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "(host|local|include|@users|all|\"|\\\\|\n|#|,|=| |/|\\(|\\[|[ -~]|\\PC){0,60}", major in 12u32..20) {
        let view = view(&text, major);
        prop_assert_eq!(view.rules.len(), view.records.rows.len());
    }

    #[test]
    fn no_expression_makes_it_panic(text in "[\\[\\](){}*+?|^$.\\\\a-c0-9:=-]{0,24}") {
        view(&format!("local all \"/{text}\" trust\n"), 16);
    }
}
