//! Shadowed rules against an oracle that tries every connection of a small world.

use std::collections::BTreeSet;

use gonogo::engines::postgresql::hba::{HbaInput, HbaView, assemble};
use gonogo::model::bounds::MOST_ACCESS_LINES;
use gonogo::text::Files;
use proptest::prelude::*;

const TYPES: [&str; 6] = ["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"];
const METHODS: [&str; 4] = ["trust", "md5", "scram-sha-256", "reject"];
const PLAIN_DATABASES: [&str; 7] = ["all", "all", "a", "b", "a,b", "replication", "all,replication"];
const PLAIN_USERS: [&str; 6] = ["all", "all", "u", "v", "u,v", "a"];
const PLAIN_ADDRESSES: [&str; 12] = [
    "all",
    "0.0.0.0/0",
    "::/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/8",
    "10.0.0.0/9",
    "10.128.0.0/9",
    "10.1.2.3/32",
    "fd00::/8",
    "fd00::/9",
    "fd80::/9",
];
const ODD_DATABASES: [&str; 4] = ["sameuser", "samerole", "/^a", "\"all\""];
const ODD_USERS: [&str; 4] = ["+g", "+h", "/^u", "\"all\""];
const ODD_ADDRESSES: [&str; 6] = ["samehost", "samenet", "db.example.com", ".example.com", "10.0.0.3 255.0.0.255", "10.0.0.3 255.0.0.15"];

/// One rule of the small world, as the oracle reads it, from the very words that it was made of.
#[derive(Clone, Debug)]
struct Rule {
    kind: &'static str,
    databases: &'static str,
    users: &'static str,
    address: &'static str,
    method: &'static str,
}

/// A connection, and what the world is like in which it is tried.
#[derive(Clone, Debug)]
struct Connection {
    session: &'static str,
    physical_replication: bool,
    database: &'static str,
    user: &'static str,
    address: std::net::IpAddr,
    name: Option<&'static str>,
    /// Roles that the user is a member of.
    roles: &'static [&'static str],
    own_address: bool,
    own_network: bool,
}

fn text(rules: &[Rule]) -> String {
    let line = |rule: &Rule| {
        let address = if rule.kind == "local" { "" } else { rule.address };
        format!("{} {} {} {address} {}\n", rule.kind, rule.databases, rule.users, rule.method)
    };
    rules.iter().map(line).collect()
}

fn matches(rule: &Rule, connection: &Connection) -> bool {
    let session = match rule.kind {
        "local" => connection.session == "socket",
        "host" => connection.session != "socket",
        "hostssl" => connection.session == "tls",
        "hostnossl" => matches!(connection.session, "plain" | "gss"),
        "hostgssenc" => connection.session == "gss",
        _ => matches!(connection.session, "plain" | "tls"),
    };
    session
        && rule.databases.split(',').any(|word| database_matches(word, connection))
        && rule.users.split(',').any(|word| user_matches(word, connection))
        && (rule.kind == "local" || address_matches(rule.address, connection))
}

fn database_matches(word: &str, connection: &Connection) -> bool {
    if connection.physical_replication || word == "replication" {
        return connection.physical_replication && word == "replication";
    }
    match word {
        "all" => true,
        "sameuser" => connection.database == connection.user,
        "samerole" => connection.database == connection.user || connection.roles.contains(&connection.database),
        "/^a" => connection.database.starts_with('a'),
        name => connection.database == name.trim_matches('"'),
    }
}

fn user_matches(word: &str, connection: &Connection) -> bool {
    match word {
        "all" => true,
        "+g" | "+h" => connection.roles.contains(&word.trim_start_matches('+')),
        "/^u" => connection.user.starts_with('u'),
        name => connection.user == name.trim_matches('"'),
    }
}

fn address_matches(written: &str, connection: &Connection) -> bool {
    match written {
        "all" => true,
        "samehost" => connection.own_address,
        "samenet" => connection.own_network || connection.own_address,
        "db.example.com" => connection.name == Some(written),
        ".example.com" => connection.name.is_some_and(|name| name.ends_with(written)),
        range => match (range.split_once(' '), connection.address) {
            (Some((address, mask)), std::net::IpAddr::V4(client)) => {
                let bits = |text: &str| u32::from(text.parse::<std::net::Ipv4Addr>().unwrap());
                (bits(address) ^ u32::from(client)) & bits(mask) == 0
            }
            (Some(_), _) => false,
            (None, client) => range.parse::<ipnet::IpNet>().unwrap().contains(&client),
        },
    }
}

/// Every connection of the world: all edges of the ranges above, names that no rule has, members and strangers.
fn connections() -> Vec<Connection> {
    const ADDRESSES: [&str; 14] = [
        "0.0.0.1",
        "9.255.255.255",
        "10.0.0.3",
        "10.1.2.3",
        "10.127.0.19",
        "10.128.0.1",
        "11.0.0.0",
        "127.0.0.1",
        "200.0.0.1",
        "::1",
        "fc00::1",
        "fd00::1",
        "fd80::1",
        "2001:db8::1",
    ];
    let mut found = Vec::new();
    for session in ["socket", "plain", "tls", "gss"] {
        for address in ADDRESSES.into_iter().take(if session == "socket" { 1 } else { 14 }) {
            for user in ["u", "v", "a", "all", "zz"] {
                for (database, physical_replication) in
                    [("a", false), ("b", false), ("u", false), ("all", false), ("g", false), ("zz", false), ("", true)]
                {
                    for roles in [[].as_slice(), &["g"], &["g", "h", "a", "b"]] {
                        for (name, own_address, own_network) in
                            [(None, false, false), (Some("db.example.com"), false, true), (Some("x.example.com"), true, true)]
                        {
                            let address = address.parse().unwrap();
                            found.push(Connection {
                                session,
                                physical_replication,
                                database,
                                user,
                                address,
                                name,
                                roles,
                                own_address,
                                own_network,
                            });
                        }
                    }
                }
            }
        }
    }
    found
}

fn read(rules: &[Rule]) -> HbaView {
    let files = Files::in_memory([("pg_hba.conf", text(rules))]);
    assemble(&HbaInput {
        files: &files,
        path: Some("pg_hba.conf"),
        major: 16,
        ssl: None,
        resolve: &|_| None,
        ident_maps: None,
        image_rules: &[],
    })
}

/// For each rule the rules that decide, of the connections that it matches.
fn deciders(rules: &[Rule]) -> Vec<BTreeSet<usize>> {
    let mut found = vec![BTreeSet::new(); rules.len()];
    for connection in connections() {
        let matching: Vec<usize> = (0..rules.len()).filter(|index| matches(&rules[*index], &connection)).collect();
        for index in &matching {
            found[*index].insert(matching[0]);
        }
    }
    found
}

fn rule(databases: Vec<&'static str>, users: Vec<&'static str>, addresses: Vec<&'static str>) -> impl Strategy<Value = Rule> {
    use proptest::sample::select;
    let parts = (select(TYPES.to_vec()), select(databases), select(users), select(addresses), select(METHODS.to_vec()));
    parts.prop_map(|(kind, databases, users, address, method)| Rule { kind, databases, users, address, method })
}

fn plain_rules() -> impl Strategy<Value = Vec<Rule>> {
    proptest::collection::vec(rule(PLAIN_DATABASES.to_vec(), PLAIN_USERS.to_vec(), PLAIN_ADDRESSES.to_vec()), 2..9)
}

fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    let all = |plain: &[&'static str], odd: &[&'static str]| [plain, odd, odd].concat();
    proptest::collection::vec(
        rule(all(&PLAIN_DATABASES, &ODD_DATABASES), all(&PLAIN_USERS, &ODD_USERS), all(&PLAIN_ADDRESSES, &ODD_ADDRESSES)),
        2..9,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Where the text decides everything, exactly the dead rules are reported, each with a rule that decides instead.
    #[test]
    fn plain_rules_are_judged_exactly(rules in plain_rules()) {
        let view = read(&rules);
        prop_assert_eq!(view.rules.len(), rules.len());
        for (index, deciders) in deciders(&rules).into_iter().enumerate() {
            let row = &view.records.rows[index];
            let dead = !deciders.contains(&index);
            let shadowed = row.text("shadowed").unwrap();
            prop_assert_eq!(shadowed != "no", dead, "rule {} of\n{}", index + 1, text(&rules));
            if dead {
                let by = row.fields.get("shadowed_by").unwrap().record.as_ref().unwrap();
                let named = view.records.rows.iter().position(|other| other.span == by.span).unwrap();
                prop_assert!(deciders.contains(&named), "rule {} of\n{}", index + 1, text(&rules));
                // A rule for one user may decide some of what a rule for all users covers, so several words can be right.
                let rejects = deciders.iter().filter(|decider| rules[**decider].method == "reject").count();
                match shadowed {
                    "by-reject" => prop_assert!(rejects > 0, "{}", text(&rules)),
                    "duplicate" => prop_assert_eq!(rules[named].method, rules[index].method, "{}", text(&rules)),
                    _ => prop_assert!(rejects < deciders.len() || rules[index].method == "reject", "{}", text(&rules)),
                }
            }
        }
    }

    /// Whatever the rules: one that is reported dead never decides, in no world.
    #[test]
    fn a_rule_that_is_reported_dead_never_decides(rules in any_rules()) {
        let view = read(&rules);
        prop_assert_eq!(view.rules.len(), rules.len());
        for (index, deciders) in deciders(&rules).into_iter().enumerate() {
            let shadowed = view.records.rows[index].text("shadowed");
            if shadowed.is_some_and(|word| word != "no") {
                prop_assert!(!deciders.contains(&index), "rule {} of\n{}", index + 1, text(&rules));
            }
        }
    }
}

fn shadows(text: &str) -> Vec<String> {
    let files = Files::in_memory([("pg_hba.conf", text)]);
    let input = HbaInput {
        files: &files,
        path: Some("pg_hba.conf"),
        major: 16,
        ssl: Some(true),
        resolve: &|_| None,
        ident_maps: None,
        image_rules: &[],
    };
    let view = assemble(&input);
    view.records.rows.iter().map(|row| row.text("shadowed").unwrap_or("unknown").to_owned()).collect()
}

#[test]
fn shadows_are_told_apart() {
    for (text, expected) in [
        ("host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 scram-sha-256\n", ["no", "by-weaker"]),
        ("host all all 10.0.0.0/8 scram-sha-256\nhost all all 10.1.0.0/16 md5\n", ["no", "by-stronger"]),
        ("host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 md5\n", ["no", "by-same"]),
        ("host all all 10.0.0.0/8 md5\nhost all all 10.0.0.5/8 md5\n", ["no", "duplicate"]),
        ("host all all all reject\nhostssl app app 10.0.0.0/8 cert\n", ["no", "by-reject"]),
        ("host all all 10.0.0.0/8 scram-sha-256\nhostssl all all 10.0.0.0/8 scram-sha-256\n", ["no", "by-weaker"]),
        ("host all all all scram-sha-256\nhost replication rep 10.0.0.0/8 scram-sha-256\n", ["no", "no"]),
        ("host all all 10.0.0.0/8 md5\nhost all all 10.0.0.0/8 reject\n", ["no", "by-weaker"]),
        ("host all +admins 10.0.0.0/8 md5\nhost all alice 10.0.0.0/8 md5\n", ["no", "unknown"]),
        ("host all alice 10.0.0.0/8 md5\nhost all +admins 10.0.0.0/8 md5\n", ["no", "no"]),
        ("host all all samenet md5\nhost all all samehost md5\n", ["no", "by-same"]),
    ] {
        assert_eq!(shadows(text), expected, "{text}");
    }
}

#[test]
fn several_rules_cover_one_together() {
    let whole = "host all all 0.0.0.0/0 md5\nhost all all ::/0 md5\nhost all all all md5\n";
    assert_eq!(shadows(whole), ["no", "no", "by-same"]);
    let types = "hostssl all all all md5\nhostnossl all all all reject\nhost all app 10.0.0.0/8 md5\n";
    assert_eq!(shadows(types), ["no", "no", "by-reject"]);
}

#[test]
fn thousands_of_rules_take_no_quadratic_time() {
    let line =
        |index: usize| format!("host db{} user{} 10.{}.{}.0/24 scram-sha-256\n", index % 50, index % 70, index / 200 % 200, index % 200);
    let text: String = (0..MOST_ACCESS_LINES).map(line).collect();
    let shadowed = shadows(&text);
    assert_eq!(shadowed.len(), MOST_ACCESS_LINES);
    assert!(shadowed.iter().all(|word| word != "unknown"));
}
