//! What releases make of texts.

use super::effective::evaluate;
use super::flavour::Reader;
use super::inspect;
use super::reading::{self, Part, Reading, World};
use crate::engines::frame::Pass;
use crate::model::{Engine, SettingState, Version, Why};
use crate::text::Files;

fn read(text: &str) -> Reading {
    let files = Files::in_memory([("my.cnf", text)]);
    let nothing = |path: &str| Err(Why::new(format!("{path} was not given")));
    reading::read(World { files: &files, to_display: &nothing, listing: &|_| None }, &[Part::File("my.cnf".to_owned())])
}

/// What an option is in a release, and the codes of all problems.
fn state(text: &str, engine: Engine, version: &str, name: &str) -> (String, Vec<String>) {
    let version: Version = version.parse().unwrap();
    let effective = evaluate(&read(text), &Reader::new(engine, &version), None, Pass::Seen);
    let codes = effective.problems.iter().filter_map(|problem| problem.text("code").map(str::to_owned)).collect();
    let shown = match effective.settings.get(name) {
        Some(SettingState::Known(setting)) => setting.shown.clone(),
        Some(SettingState::Unknown(_)) => "?".to_owned(),
        other => format!("{other:?}"),
    };
    (shown, codes)
}

fn maria(text: &str, name: &str) -> (String, Vec<String>) {
    state(text, Engine::Mariadb, "10.11.6", name)
}

fn my(text: &str, name: &str) -> (String, Vec<String>) {
    state(text, Engine::Mysql, "8.0.33", name)
}

#[test]
fn names_are_read_as_each_server_reads_them() {
    let none: Vec<String> = Vec::new();
    assert_eq!(maria("[mysqld]\nmax-connections=77\n", "max_connections"), ("77".to_owned(), none.clone()));
    assert_eq!(maria("[mysqld]\nMax_Connections=77\n", "max_connections"), ("77".to_owned(), none.clone()));
    assert_eq!(maria("[mysqld]\nmax_connecti=77\n", "max_connections"), ("77".to_owned(), vec!["abbreviated-name".to_owned()]));
    assert_eq!(my("[mysqld]\nmax_connecti=77\n", "max_connections"), ("151".to_owned(), vec!["unknown-setting".to_owned()]));
    assert_eq!(my("[mysqld]\nMax_Connections=77\n", "max_connections").1, ["unknown-setting"]);
    assert_eq!(my("[mysqld]\nloose-foo=1\nloose-skip-networking\n", "skip_networking"), ("ON".to_owned(), none.clone()));
    assert_eq!(my("[mysqld]\nskip-local-infile=0\n", "local_infile").0, "ON");
    assert_eq!(my("[mysqld]\nenable-wait-timeout\n", "wait_timeout"), ("1s".to_owned(), none.clone()));
    assert_eq!(maria("[mysqld]\nskip-ansi\n", "port").1, ["invalid-value"]);
    assert_eq!(state("[mysqld]\nPORT=7\n", Engine::Mariadb, "11.4.5", "port").1, ["unknown-setting"]);
    assert_eq!(my("[mysqld]\nskip-name-resolve=0\n", "skip_name_resolve").0, "ON");
    assert_eq!(maria("[mysqld]\nskip-name-resolve=0\n", "skip_name_resolve").0, "OFF");
    assert_eq!(maria("[mysqld]\nskip-log-bin\n", "log_bin").0, "OFF");
    assert_eq!(maria("[mysqld]\nlog_bin=OFF\n", "log_bin"), ("ON".to_owned(), vec!["switched-on-by-name".to_owned()]));
    assert_eq!(my("[mysqld]\nvalidate_password.policy=STRONG\n", "port").1, none);
}

#[test]
fn plugins_and_templates_are_not_judged() {
    let text = "[mysqld]\nfile_key_management_filename=/x\nserver_audit=FORCE_PLUS_PERMANENT\nplugin-provider_lz4\nport=${PORT}\n";
    assert_eq!(maria(text, "port"), ("?".to_owned(), Vec::new()));
    assert!(my("[mysqld]\nskip-tokudb\nkeyring_file_x=1\n", "port").1.is_empty());
}

#[test]
fn groups_are_those_of_the_release() {
    let text = "[mysqld]\nport=1\n[mariadb-10.11]\nport=2\n[mariadb-10.5]\nport=3\n[client]\nport=4\n[mysqld-8.0]\nport=5\n";
    assert_eq!(maria(text, "port").0, "2");
    assert_eq!(my(text, "port").0, "5");
    assert_eq!(state(text, Engine::Mariadb, "10.5.20", "port").0, "3");
    assert_eq!(state("[mariadbd]\nport=7\n", Engine::Mariadb, "10.2.1", "port").0, "3306");
    assert_eq!(maria("[MariaDBd]\nport=7\n", "port").0, "7");
}

#[test]
fn values_are_read_as_each_server_reads_them() {
    let codes = |(_, codes): (String, Vec<String>)| codes;
    assert_eq!(
        maria("[mysqld]\ninnodb_buffer_pool_size=1GB\n", "innodb_buffer_pool_size"),
        ("1G".to_owned(), vec!["suffix-tail".to_owned()])
    );
    assert_eq!(codes(maria("[mysqld]\nmax_connections=1.5K\n", "port")), ["invalid-value"]);
    assert_eq!(codes(maria("[mysqld]\nmax_connections=-1\n", "port")), ["invalid-value"]);
    assert_eq!(my("[mysqld]\nmax_connections=-1\n", "max_connections"), ("1".to_owned(), vec!["out-of-range".to_owned()]));
    assert_eq!(codes(my("[mysqld]\nmax_connections=\n", "port")), ["invalid-value"]);
    assert_eq!(maria("[mysqld]\nmax_connections=\n", "max_connections").0, "10");
    assert_eq!(maria("[mysqld]\nlocal_infile=no\n", "local_infile"), ("OFF".to_owned(), Vec::new()));
    assert_eq!(maria("[mysqld]\nlocal_infile=yes\n", "local_infile"), ("OFF".to_owned(), vec!["boolean-not-recognised".to_owned()]));
    assert_eq!(my("[mysqld]\nbinlog_format=st\n", "binlog_format").0, "STATEMENT");
    assert_eq!(my("[mysqld]\nbinlog_format=2\n", "binlog_format").0, "ROW");
    assert_eq!(codes(my("[mysqld]\nbinlog_format=foo\n", "port")), ["invalid-value"]);
    assert_eq!(my("[mysqld]\nsql_mode=ansi_quotes,strict_all\n", "sql_mode").0, "ANSI_QUOTES,STRICT_ALL_TABLES");
    assert_eq!(codes(my("[mysqld]\nlong_query_time=1s\n", "port")), ["invalid-value"]);
    assert_eq!(codes(my("[mysqld]\nport\n", "port")), ["invalid-value"]);
}

#[test]
fn what_a_release_lacks_is_told_with_where_it_went() {
    assert_eq!(my("[mysqld]\nquery_cache_size=1M\n", "port").1, ["removed-setting"]);
    assert_eq!(my("[mysqld]\naria_pagecache_buffer_size=1M\n", "port").1, ["other-flavour"]);
    assert_eq!(state("[mysqld]\ninnodb_redo_log_capacity=1G\n", Engine::Mysql, "5.7.33", "port").1, ["needs-newer-major"]);
    assert_eq!(maria("[mysqld]\ninnodb_buffer_pool_instances=8\n", "port").1, ["removed-setting"]);
    assert_eq!(maria("[mysqld]\nsuper_read_only=1\n", "port").1, ["other-flavour"]);
}

/// `\n`, `\t`, `\r`, `\u{...}` and `\\` of the vectors.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let sign = after.chars().next().unwrap();
        rest = after.get(1..).unwrap();
        out.push(match sign {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'u' => {
                let (code, after) = rest.trim_start_matches('{').split_once('}').unwrap();
                rest = after;
                char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()
            }
            other => other,
        });
    }
    out + rest
}

#[test]
fn real_programs_print_the_same_lines() {
    let tree = [
        ("one.cnf", "[mysqld]\nfrom=one\n[other]\nx=1\n"),
        ("late.cnf", "# nothing\n[client-server]\nfrom=late\n"),
        ("d/b.cnf", "[mysqld]\nfrom=b\n"),
        ("d/.a.cnf", "[mysqld]\nfrom=hidden\n"),
        ("d/c.CNF", "[mysqld]\nfrom=upper\n"),
        ("d/x.y.cnf", "[mysqld]\nfrom=dots\n"),
    ];
    let (mut text, mut count) = (String::new(), 0);
    for line in include_str!("../../../tests/vectors/my_cnf.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(escaped) = line.strip_prefix('=') {
            text = unescape(escaped.trim_start());
            continue;
        }
        let (_, answer) = line.split_once(": ").unwrap();
        let mut files = Files::in_memory(tree);
        files.add_text("main.cnf", &text);
        let told = inspect::arguments(&files, "main.cnf", &["mysqld", "mariadb-10.11", "client-server"]);
        let told = told.map_or_else(|| "refused".to_owned(), |lines| format!("ok {}", lines.join("\n")));
        // An include of a directory that is not there ends the start, and here it may only not have been given.
        if !text.contains("nowhere") {
            assert_eq!(told.trim_end(), unescape(answer).trim_end(), "{text:?}");
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}
