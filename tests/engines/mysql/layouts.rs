//! Layouts of distributions and containers: which files make one server, and what it makes of them.

use std::sync::Arc;

use gonogo::audit::{self, Named, Request};
use gonogo::model::{Instance, SettingState, parse_date};
use gonogo::report::Mode;
use gonogo::rules::RuleSet;
use gonogo::text::Files;

fn instances(tree: &[(&str, &str)]) -> Vec<Instance> {
    let files = Files::in_memory(tree.iter().copied());
    let rules: RuleSet = std::iter::empty().collect();
    let request = Request::plain(Mode::Lint, parse_date("2026-11-20").unwrap(), Arc::new(rules));
    audit::survey(files, &Named::default(), &request).instances
}

/// What an option is in the newest release that a server may be of.
fn shown(instance: &Instance, name: &str) -> String {
    match instance.views.last().unwrap().subject.settings.get(name) {
        Some(SettingState::Known(setting)) => format!("{} ({})", setting.shown, setting.origin.kind.word()),
        Some(SettingState::Unknown(_)) => "?".to_owned(),
        Some(SettingState::NotInVersion) => "not there".to_owned(),
        Some(SettingState::Absent) | None => "not set".to_owned(),
    }
}

const DEBIAN: [(&str, &str); 5] = [
    (
        "etc/mysql/mariadb.cnf",
        "[client-server]\nsocket = /run/mysqld/mysqld.sock\n!includedir /etc/mysql/conf.d/\n!includedir /etc/mysql/mariadb.conf.d/\n",
    ),
    ("etc/mysql/conf.d/mysqldump.cnf", "[mysqldump]\nquick\n"),
    ("etc/mysql/mariadb.conf.d/50-client.cnf", "[client]\nport = 1\n"),
    (
        "etc/mysql/mariadb.conf.d/50-server.cnf",
        "[server]\n[mysqld]\nbind-address = 127.0.0.1\n#max_connections = 100\nexpire_logs_days = 10\n[mariadb-10.5]\nport = 2\n",
    ),
    ("etc/mysql/mariadb.conf.d/60-tuning.cnf", "[mysqld]\nbind-address = 10.0.0.5\n"),
];

#[test]
fn a_layout_of_debian_is_one_server() {
    let found = instances(&DEBIAN);
    let [server] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((server.id.as_str(), server.engine.word()), ("etc/mysql/mariadb.cnf", "mariadb"));
    assert_eq!(server.sources.len(), 5);
    assert_eq!(shown(server, "bind_address"), "10.0.0.5 (file)");
    assert_eq!(shown(server, "port"), "3306 (default)");
    assert_eq!(shown(server, "binlog_expire_logs_seconds"), "864000s (file)");
    assert_eq!(shown(server, "max_connections"), "151 (default)");
}

#[test]
fn fragments_without_their_main_file_are_one_server() {
    let found = instances(&DEBIAN[1..]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(shown(&found[0], "bind_address"), "10.0.0.5 (file)");
}

#[test]
fn a_directory_that_was_not_given_leaves_doubt() {
    let found = instances(&[("my.cnf", "[mysqld]\nport = 3307\n!includedir /etc/mysql/conf.d/\n")]);
    assert_eq!((shown(&found[0], "port"), shown(&found[0], "max_connections")), ("?".to_owned(), "?".to_owned()));
}

#[test]
fn an_image_reads_what_is_mounted_into_it_and_then_its_command_line() {
    let compose = "services:\n  db:\n    image: mariadb:10.11.6\n    command: --max-connections=300 --skip-networking=0\n    volumes:\n      - ./conf:/etc/mysql/conf.d:ro\n      - ./99-last.cnf:/etc/mysql/mariadb.conf.d/99-last.cnf\n";
    let found = instances(&[
        ("compose.yaml", compose),
        ("conf/a.cnf", "[mysqld]\nmax_connections = 100\nsort_buffer_size = 1M\nbind-address = 127.0.0.1\n"),
        ("conf/b.CNF", "[mysqld]\nsort_buffer_size = 4M\n"),
        ("99-last.cnf", "[mariadb]\nbind-address = 0.0.0.0\nhost_cache_size = 7\n"),
    ]);
    let [server] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(shown(server, "max_connections"), "300 (command-line)");
    assert_eq!(shown(server, "sort_buffer_size"), "1M (file)");
    assert_eq!(shown(server, "bind_address"), "0.0.0.0 (file)");
    assert_eq!(shown(server, "host_cache_size"), "7 (file)");
    assert_eq!(shown(server, "skip_name_resolve"), "ON (image-default)");
    assert_eq!(shown(server, "character_set_server"), "?");
    assert_eq!(shown(server, "local_infile"), "ON (default)");
}

#[test]
fn an_image_of_mysql_has_a_main_file_of_its_own() {
    let compose = "services:\n  db:\n    image: mysql:8.4.6\n    volumes:\n      - ./my.cnf:/etc/my.cnf\n";
    let plain = instances(&[("compose.yaml", compose.split("    volumes").next().unwrap())]);
    assert_eq!(
        (shown(&plain[0], "skip_name_resolve"), shown(&plain[0], "max_connections")),
        ("ON (image-default)".to_owned(), "151 (default)".to_owned())
    );
    let mounted = instances(&[("compose.yaml", compose), ("my.cnf", "[mysqld]\nmax_connections = 5\n")]);
    assert_eq!(
        (shown(&mounted[0], "skip_name_resolve"), shown(&mounted[0], "max_connections")),
        ("OFF (default)".to_owned(), "5 (file)".to_owned())
    );
}

#[test]
fn an_image_that_nobody_knows_leaves_doubt_but_not_of_its_command_line() {
    let found = instances(&[("compose.yaml", "services:\n  db:\n    image: bitnami/mariadb:10.11\n    command: mysqld --port 3307\n")]);
    assert_eq!((shown(&found[0], "max_connections"), shown(&found[0], "port")), ("?".to_owned(), "3307 (command-line)".to_owned()));
}
