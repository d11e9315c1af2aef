//! Names and values: with which files a server starts, and what it makes of the options in them.
//!
//! MariaDB is asked by `--verbose --help`, which prints every value at the end, MySQL by `--validate-config`, which prints none.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gonogo::engines::mysql::catalogue::Catalogue;
use gonogo::engines::mysql::entry::{Change, Entry, Kind};
use gonogo::engines::mysql::inspect::{self, Answer};
use gonogo::model::{Engine, Setting, SettingState, Value};
use gonogo::text::Files;

use super::{Server, servers};
use crate::random::{Random, inputs};

/// Options that do something else than set a value, or that a server refuses for what the machine lacks.
const LEFT_OUT: [&str; 30] = [
    "bootstrap",
    "chroot",
    "core_file",
    "daemonize",
    "exit_info",
    "debug_exit_info",
    "flashback",
    "gdb",
    "help",
    "initialize",
    "initialize_insecure",
    "innodb_page_size",
    "large_pages",
    "lower_case_table_names",
    "memlock",
    "old",
    "safe_mode",
    "server_id_bits",
    "show_old_temporals",
    "skip_grant_tables",
    "super_large_pages",
    "thread_handling",
    "upgrade",
    "validate_config",
    "verbose",
    "version",
    "binlog_row_event_max_size",
    "keyring_migration_port",
    "enforce_gtid_consistency",
    "getopt_prefix_matching",
];

/// What a server changes afterwards, by what the machine has or by another option.
const ADJUSTED: [&str; 24] = [
    "aria_log_file_size",
    "back_log",
    "binlog_format",
    "binlog_cache_size",
    "host_cache_size",
    "innodb_buffer_pool_size",
    "innodb_io_capacity",
    "innodb_io_capacity_max",
    "innodb_open_files",
    "log_bin",
    "max_connections",
    "max_binlog_size",
    "max_relay_log_size",
    "open_files_limit",
    "performance_schema",
    "port",
    "query_cache_size",
    "table_definition_cache",
    "table_open_cache",
    "table_open_cache_instances",
    "thread_cache_size",
    "thread_pool_size",
    "thread_stack",
    "sql_mode",
];

/// Values for any kind of option.
const ODD: [&str; 16] =
    ["", "0", "1", "-1", "ON", "off", "yes", "xyzzy", "1.5", "1.5G", "1GB", "0x10", " 7", "1e3", "99999999999999999999999", "2"];

#[test]
fn the_same_files_start_and_mean_the_same() {
    for server in servers() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let catalogue = Catalogue::for_version(server.engine, &server.version).unwrap();
        let options: Vec<&Entry> = catalogue.entries().filter(is_asked).collect();
        let mut random = Random::of("mysql-values");
        let mut refused = 0;
        let count = inputs(120, 2_000);
        for _ in 0..count {
            let text = text(&mut random, &options);
            let mut files = Files::in_memory([] as [(&str, &str); 0]);
            files.add_text("my.cnf", &text);
            let answer = inspect::answer(&files, "my.cnf", server.engine, &server.version);
            let said = asked(&server, folder.path(), &text);
            // A server that dies of its own fault says nothing of the file.
            if said.words.contains("got signal") {
                continue;
            }
            let context = format!("{} {}:\n{text}the server: {}\ngonogo: {:?}", server.engine, server.version, said.words, answer.refused);
            assert_eq!(said.starts, answer.refused.is_empty(), "{context}");
            if said.starts {
                compare(&said.values, &answer, &text, &context);
            }
            refused += usize::from(!said.starts);
        }
        assert!((count / 10..count * 9 / 10).contains(&refused), "{refused} of {count} are refused");
    }
}

fn is_asked(entry: &&Entry) -> bool {
    let kinds = matches!(entry.kind, Kind::Bool | Kind::Integer | Kind::Real | Kind::Enum | Kind::Set | Kind::Switch);
    let starts = ["wsrep_", "debug", "ndb", "replicate_", "innodb_ft_", "myisam_", "feedback", "keyring"];
    let left_out = LEFT_OUT.contains(&entry.name) || starts.iter().any(|start| entry.name.starts_with(start));
    kinds && entry.plugin.is_none() && entry.change != Change::Gone && !left_out
}

fn text(random: &mut Random, options: &[&Entry]) -> String {
    let mut text = String::from("[mysqld]\n");
    for _ in 0..1 + random.below(3) {
        let entry = random.one(options);
        let name = name(random, entry.name);
        let value = if random.once_in(4) { (*random.one(&ODD)).to_owned() } else { value(random, entry) };
        let line = if random.once_in(12) { name } else { format!("{name}={value}") };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn name(random: &mut Random, name: &str) -> String {
    let mut name = if random.once_in(2) { name.replace('_', "-") } else { name.to_owned() };
    if random.once_in(25) {
        name = name.to_ascii_uppercase();
    }
    if random.once_in(12) {
        name.pop();
    }
    if random.once_in(6) {
        let prefix = random.one(&["skip-", "skip_", "loose-", "loose_", "disable-", "enable_", "loose-skip-", "skip-loose-"]);
        name.insert_str(0, prefix);
    }
    name
}

fn value(random: &mut Random, entry: &Entry) -> String {
    match entry.kind {
        Kind::Bool | Kind::Switch => (*random.one(&["ON", "OFF", "1", "0", "true", "False"])).to_owned(),
        Kind::Enum => {
            let word = random.one(&entry.words);
            let cut = if random.once_in(5) { 1.max(word.len() / 2) } else { word.len() };
            word.get(..cut).unwrap_or(word).to_owned()
        }
        Kind::Set => {
            let some: Vec<&str> = (0..random.below(3)).map(|_| random.one(&entry.words)).collect();
            some.join(",")
        }
        _ => {
            let number = random.one(&["0", "1", "7", "16", "100", "1000", "4096", "65536", "1000000", "4294967296"]);
            let suffix = random.one(&["", "", "", "K", "M", "k", "G"]);
            format!("{number}{suffix}")
        }
    }
}

/// What a server says.
struct Said {
    starts: bool,
    words: String,
    values: BTreeMap<String, String>,
}

fn asked(server: &Server, folder: &Path, text: &str) -> Said {
    let main = folder.join("my.cnf");
    fs::write(&main, text).unwrap();
    let mut command = server.program("server");
    command.arg(format!("--defaults-file={}", main.display())).current_dir("/");
    match server.engine {
        Engine::Mysql => command.args(["--secure-file-priv=NULL", "--validate-config"]),
        _ => command.args(["--verbose", "--help"]),
    };
    let output = command.output().unwrap();
    let (printed, words) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr).into_owned());
    // A storage engine that does not take its options ends the start, and not the help.
    let complains = words.lines().any(|line| line.contains("[ERROR]") && !line.contains("plugin table") && !line.contains("errmsg"));
    Said { starts: output.status.success() && !complains, words, values: table(&printed) }
}

fn table(printed: &str) -> BTreeMap<String, String> {
    let (_, table) = printed.split_once("\nVariables (--variable-name=value)").unwrap_or_default();
    let rows = table.lines().skip(3).take_while(|line| !line.trim().is_empty());
    let row = |line: &str| {
        let (name, value) = line.split_once(' ').unwrap_or((line, ""));
        (name.replace('-', "_").to_ascii_lowercase(), value.trim().to_owned())
    };
    rows.map(row).collect()
}

/// Every option that the file sets has the value that the server prints.
fn compare(values: &BTreeMap<String, String>, answer: &Answer, text: &str, context: &str) {
    for (name, state) in answer.settings.iter() {
        let SettingState::Known(setting) = state else { continue };
        let Some(value) = values.get(name).filter(|_| setting.origin.span.is_some() && !ADJUSTED.contains(&name)) else { continue };
        if text.contains("expire") {
            continue;
        }
        let (shown, same) = (shown(setting), |shown: &str| shown == value || is_same_number(shown, value));
        assert!(same(&shown), "{name}: {shown} instead of {value}: {context}");
    }
}

fn is_same_number(a: &str, b: &str) -> bool {
    matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if (a - b).abs() <= b.abs() * 1e-9)
}

fn shown(setting: &Setting) -> String {
    match (&setting.value, setting.base) {
        (Value::Bool(on), _) => if *on { "TRUE" } else { "FALSE" }.to_owned(),
        (_, Some(number)) => number.to_string(),
        _ => setting.shown.clone(),
    }
}
