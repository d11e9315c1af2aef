//! Files that a server starts with, and `pg_settings` afterwards: value, unit, default, and the line it comes from.
//!
//! The server runs without a postmaster (`postgres --single`), which reads the configuration as any other start does.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;

use gonogo::engines::postgresql::ServerFile;
use gonogo::engines::postgresql::catalogue::{Default, Entry, Kind};
use gonogo::engines::postgresql::effective::{Defaults, ServerConfiguration, ServerInputs};
use gonogo::engines::postgresql::value::interpret;
use gonogo::model::{OriginKind, SettingState, Version, Why};
use gonogo::text::Files;

use super::conf::{Tree, printed};
use super::helpers::instance::Cluster;
use super::in_data_directory;
use super::settings::{compared, line};
use crate::random::Random;

/// Beginnings of names of settings that may keep the server from starting, make it slow, or end the session.
const LEFT_ALONE: [&str; 35] = [
    "ssl",
    "huge_page",
    "io_",
    "shared_memory_type",
    "dynamic_shared",
    "min_dynamic",
    "data_sync_retry",
    "zero_damaged",
    "ignore_",
    "restore_",
    "recovery_",
    "primary_",
    "pre_auth",
    "post_auth",
    "debug_",
    "statement_timeout",
    "transaction_timeout",
    "lock_timeout",
    "idle_",
    "exit_on",
    "hot_standby",
    "wal_level",
    "archive_",
    "max_wal_senders",
    "shared_preload",
    "session_preload",
    "local_preload",
    "jit",
    "role",
    "session_auth",
    "logging_collector",
    "log_destination",
    "allow_system",
    "trace_",
    // Shown as those of the connection.
    "tcp_",
];

const ASK: &str = "select encode(convert_to(string_agg(concat_ws(chr(1), name, coalesce(setting, ''), coalesce(unit, ''), source, coalesce(sourcefile, ''), \
                   coalesce(sourceline, 0), coalesce(boot_val, chr(3))), chr(2)), 'SQL_ASCII'), 'hex') from pg_settings";

/// What `pg_settings` says of one setting.
#[derive(Debug)]
struct Shown {
    setting: String,
    unit: String,
    source: String,
    line: String,
    boot: String,
}

/// A value that is sensible enough to start with.
fn value(random: &mut Random, entry: &Entry) -> Option<String> {
    Some(match entry.kind {
        Kind::Bool => random.one(&["on", "OFF", "true", "f", "yes", "0", "tr"]).to_owned(),
        Kind::Enum => {
            let word = entry.words[random.below(entry.words.len())];
            if word.build_dependent || word.name.is_empty() {
                return None;
            }
            word.name.to_owned()
        }
        Kind::Integer | Kind::Real => {
            let Default::Value(default) = entry.default else { return None };
            let default: f64 = default.parse().ok()?;
            let few = [default, default * 2.0, default + 1.0, entry.least, default / 2.0];
            let number = few[random.below(few.len())].clamp(entry.least, entry.most.min(default.max(1.0) * 2.0));
            let number = if entry.kind == Kind::Integer { number.trunc() } else { number };
            let unit = entry.unit.filter(|unit| unit.name() != "8kB" && random.once_in(2)).map_or("", |unit| unit.name());
            format!("{number}{unit}")
        }
        Kind::String | Kind::List => match entry.name {
            "log_line_prefix" | "syslog_ident" | "search_path" => random.one(&["%m ", "a''b", "x, y", "é"]).to_owned(),
            "DateStyle" => random.one(&["iso, dmy", "German", "sql, ymd"]).to_owned(),
            _ => return None,
        },
    })
}

/// A main file and one that it includes.
fn generate(random: &mut Random, entries: &[&'static Entry]) -> Tree {
    let mut texts = [String::new(), String::new()];
    for _ in 0..8 + random.below(25) {
        let entry = entries[random.below(entries.len())];
        if LEFT_ALONE.iter().any(|start| entry.name.starts_with(start)) {
            continue;
        }
        let Some(value) = value(random, entry) else { continue };
        let at = usize::from(random.once_in(4));
        texts[at] += &(line(random, entry.name, &value, true) + "\n");
        if random.once_in(10) {
            texts[at] += "\n# comment\n";
        }
    }
    let [main, included] = texts;
    Tree::from([("postgresql.conf".to_owned(), format!("{main}include_if_exists 'inc/a.conf'\n")), ("inc/a.conf".to_owned(), included)])
}

/// Starts, asks, stops. `None` where the server does not start with the file, for what several settings say together.
fn start(cluster: &Cluster) -> Option<BTreeMap<String, Shown>> {
    let data = cluster.data();
    let mut child = cluster
        .command("postgres")
        .args(["--single", "-D", data.to_str().unwrap(), "postgres"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A server that does not start does not read its question either.
    let _ = writeln!(child.stdin.take().unwrap(), "{ASK}");
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let hex = text.lines().find_map(|line| line.split_once("encode = \"")?.1.split('"').next())?;
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..hex.len() / 2).map(|at| byte(at * 2)).collect();
    let text = String::from_utf8_lossy(&bytes);
    let data = format!("{}/", data.display());
    let shown = |row: &str| {
        let fields: Vec<String> = row.split('\u{1}').map(str::to_owned).collect();
        let line = format!("{}:{}", fields[4].strip_prefix(&data).unwrap_or(""), fields[5]);
        let shown = Shown { setting: fields[1].clone(), unit: fields[2].clone(), source: fields[3].clone(), line, boot: fields[6].clone() };
        (fields[0].clone(), shown)
    };
    Some(text.split('\u{2}').map(shown).collect())
}

/// What server and gonogo say differently of generated files.
pub(crate) fn differences(major: u32, program: &str, random: &mut Random, count: usize) -> Vec<String> {
    let cluster = Cluster::create(major, program, &["-A", "trust"]);
    let entries = compared(major);
    let mut wrong = Vec::new();
    let mut started = 0;
    for _ in 0..count {
        let tree = generate(random, &entries);
        cluster.write_tree(&tree);
        if let Some(shown) = start(&cluster) {
            if started == 0 {
                defaults(&entries, major, &shown, &mut wrong);
            }
            started += 1;
            wrong.extend(super::of_tree(compare(&entries, major, &tree, &shown), &tree));
        }
        cluster.remove_tree(&tree);
    }
    println!("{started} of {count} start");
    if started * 2 < count {
        wrong.push(format!("only {started} of {count} start"));
    }
    wrong
}

/// The compiled defaults and units.
fn defaults(entries: &[&Entry], major: u32, shown: &BTreeMap<String, Shown>, wrong: &mut Vec<String>) {
    for entry in entries {
        let Some(row) = shown.get(entry.name) else {
            wrong.push(format!("{}: the server does not list it", entry.name));
            continue;
        };
        let unit = entry.unit.map_or("", |unit| unit.name());
        if unit != row.unit {
            wrong.push(format!("{}: the server counts in {:?}, gonogo in {unit:?}", entry.name, row.unit));
        }
        let Default::Value(default) = entry.default else { continue };
        let meaning = |text: &str| interpret(entry, major, text).map(|meaning| meaning.printed).ok();
        if meaning(default) != meaning(&row.boot) {
            wrong.push(format!("{}: the server's default is {:?}, gonogo's {default:?}", entry.name, row.boot));
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "modes are small")]
fn compare(entries: &[&Entry], major: u32, tree: &Tree, shown: &BTreeMap<String, Shown>) -> Vec<String> {
    let files = Files::in_memory(tree.iter().map(|(path, text)| (path.clone(), text.clone())).chain([in_data_directory()]));
    let main = ServerFile { display: "postgresql.conf".to_owned(), server: None };
    let nowhere = |path: &str| Err(Why::new(format!("{path} was not given")));
    let inputs = ServerInputs { files: &files, main: Some(&main), auto: None, to_display: &nowhere, words: &[], environment: &[] };
    let effective = ServerConfiguration::read(&inputs).evaluate(&Version(vec![major]), &Defaults::default());
    let mut wrong: Vec<String> = Vec::new();
    for problem in effective.problems.rows.iter().filter(|problem| problem.truth("fatal") == Some(true)) {
        wrong.push(format!("the server starts, gonogo says {:?}", problem.text("message")));
    }
    for entry in entries {
        let Some(row) = shown.get(entry.name) else { continue };
        let Some(SettingState::Known(setting)) = effective.settings.get(entry.key) else { continue };
        // 0 there is no size, but leaves it to the server.
        if row.source == "override" {
            continue;
        }
        let from_file = setting.origin.kind == OriginKind::File;
        if from_file != (row.source == "configuration file") {
            wrong.push(format!("{}: the server has it from {:?}, gonogo from {:?}", entry.name, row.source, setting.origin.kind));
            continue;
        }
        let place = setting.origin.span.and_then(|span| {
            let source = files.source(span.source)?;
            Some(format!("{}:{}", source.path(), source.location(span.start).line))
        });
        let value = match (entry.name, setting.base) {
            // Shown as the modes that they are.
            ("unix_socket_permissions" | "log_file_mode", Some(mode)) => format!("{:04o}", mode as u32),
            _ => printed(entry, major, setting),
        };
        if from_file && (value != row.setting || place.as_ref() != Some(&row.line)) {
            wrong.push(format!("{}: the server has {:?} of {}, gonogo {value:?} of {place:?}", entry.name, row.setting, row.line));
        }
    }
    wrong
}
