//! What the documentation of a rule says to type is taken by real servers: its SQL, and its lines of `postgresql.conf`, for
//! each release that the rule is about and `GONOGO_POSTGRES` names.

use std::collections::BTreeSet;

use gonogo::model::{Engine, Version};
use gonogo::rules::{Rule, RuleSet};
use regex::Regex;

use super::helpers::connection::Connection;
use super::helpers::instance::Cluster;
use super::helpers::servers::servers;

/// What SQL looks like in a sentence: nothing tells where it ends but its own grammar.
const STATEMENTS: [&str; 8] = [
    r"ALTER ROLE \w+ SET \w+ = (?:'[^']*'|-?\w+)",
    r"ALTER SYSTEM (?:RESET \w+_\w+|SET \w+ = (?:'[^']*'|-?\w+))",
    r"ALTER TABLE \w+ (?:SET \([^)]*\)|ALTER COLUMN \w+ SET STATISTICS \d+)",
    r"\bSET (?:LOCAL )?\w+_\w+ = (?:'[^']*'|-?\w+)",
    r"REVOKE [A-Z]+ ON SCHEMA \w+ FROM \w+",
    r"`SHOW \w+;?`",
    r"`SELECT [^`…]+`",
    r"SELECT pg_\w+\((?:'\w+')?\)",
];

/// What a server says of a setting, or of an option of a table, that its release does not have.
const NOT_OF_THIS_RELEASE: [&str; 2] = ["unrecognized configuration parameter", "unrecognized parameter"];

/// What depends on the locales of the machine, or on how the server was built.
const NOT_OF_EVERY_SERVER: [&str; 2] = ["ALTER SYSTEM SET lc_messages = 'en_US.utf8'", "ALTER SYSTEM SET wal_compression = 'lz4'"];

/// What the documentation of a rule says to type, as SQL.
fn statements(how: &str) -> BTreeSet<String> {
    let text = how.replace('\n', " ");
    let mut found: BTreeSet<String> = BTreeSet::new();
    for pattern in STATEMENTS {
        for sql in Regex::new(pattern).unwrap().find_iter(&text) {
            // `SET` within another statement is that statement's.
            let is_part = found.iter().any(|known| known.contains(sql.as_str()));
            let sql = sql.as_str().trim_matches('`');
            if !is_part {
                found.insert(sql.to_owned());
            }
        }
    }
    for line in Regex::new("`([a-z_]+) = ('[^`']*'|[^`'… ]+)`").unwrap().captures_iter(&text) {
        if &line[1] != "name" {
            found.insert(format!("ALTER SYSTEM SET {} = '{}'", &line[1], line[2].trim_matches('\'')));
        }
    }
    found
}

/// The roles and tables that the statements are about.
fn prepare(connection: &mut Connection, statements: &BTreeSet<String>) {
    for sql in statements {
        let mut words = sql.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("ALTER"), Some("ROLE"), Some(name)) => drop(connection.query(&format!("CREATE ROLE {name}"))),
            (Some("ALTER"), Some("TABLE"), Some(name)) => drop(connection.query(&format!("CREATE TABLE {name} (status text)"))),
            _ => {}
        }
    }
}

/// Runs a statement, and takes back what others would notice.
fn run(connection: &mut Connection, sql: &str) -> Result<(), String> {
    let ran = if sql.starts_with("SET LOCAL") { format!("BEGIN; {sql}; ROLLBACK") } else { sql.to_owned() };
    let answer = connection.query(&ran).map(drop);
    if sql.starts_with("ALTER SYSTEM") {
        drop(connection.query("ALTER SYSTEM RESET ALL"));
    }
    if sql.contains("_slot(") {
        drop(connection.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"));
    }
    answer
}

/// Whether a rule is about a release.
fn concerns(rule: &Rule, major: u32) -> bool {
    let range = rule.logic.versions.of(Engine::Postgresql);
    range.is_none_or(|range| range.admits(&Version(vec![major])) != Some(false))
}

#[test]
fn what_the_documentation_says_to_type_is_taken_by_the_server() {
    let shipped = RuleSet::shipped();
    let rules = shipped.heads().filter(|head| head.engines.contains(&Engine::Postgresql)).filter_map(|head| shipped.get(&head.id));
    let remedies: Vec<(&Rule, BTreeSet<String>)> =
        rules.map(|rule| (rule, statements(&rule.docs.how))).filter(|(_, statements)| !statements.is_empty()).collect();
    assert!(remedies.len() > 100, "{}", remedies.len());
    let mut taken: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut wrong: Vec<String> = Vec::new();
    let servers = servers();
    for (major, program) in &servers {
        let cluster = Cluster::create(*major, program, &["--auth=trust"]);
        cluster.write("postgresql.conf", b"fsync = off\n");
        let server = cluster.start();
        let mut connection = server.connect();
        // What one statement sets must not end the next.
        connection.query("SET statement_timeout = 0").unwrap();
        for (rule, statements) in remedies.iter().filter(|(rule, _)| concerns(rule, *major)) {
            prepare(&mut connection, statements);
            for sql in statements.iter().filter(|sql| !NOT_OF_EVERY_SERVER.contains(&sql.as_str())) {
                match run(&mut connection, sql) {
                    Ok(()) => drop(taken.insert((rule.id.as_ref(), sql))),
                    Err(error) if NOT_OF_THIS_RELEASE.iter().any(|told| error.contains(told)) => {}
                    Err(error) => wrong.push(format!("{}, PostgreSQL {major}: {sql}: {error}", rule.id)),
                }
            }
        }
    }
    for (rule, sql) in remedies.iter().flat_map(|(rule, statements)| statements.iter().map(move |sql| (rule, sql))) {
        let everywhere = !NOT_OF_EVERY_SERVER.contains(&sql.as_str());
        if everywhere && !servers.is_empty() && !taken.contains(&(rule.id.as_ref(), sql)) {
            wrong.push(format!("{}: no release takes {sql}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{} statements are refused:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sql_is_found_in_sentences() {
    let found =
        statements("Write `jit = off` and reload: SELECT pg_reload_conf(). Sessions switch it on: ALTER ROLE reports SET jit = on.");
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["ALTER ROLE reports SET jit = on", "ALTER SYSTEM SET jit = 'off'", "SELECT pg_reload_conf()"]);
}
