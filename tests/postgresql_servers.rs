//! Generated configurations, put to real servers and to gonogo.
//!
//! Runs where `GONOGO_POSTGRES` names the programs, as `13=/opt/13/bin/postgres,17=/usr/lib/postgresql/17/bin/postgres`;
//! `GONOGO_POSTGRES_LINES` says how many lines each is asked (2,000 unless set).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod postgresql;
#[path = "postgresql/servers.rs"]
mod servers;

use std::path::Path;

use gonogo::engines::postgresql::catalogue::{Catalogue, Context, Entry, Kind};
use postgresql::{Answer, Case, ask_gonogo};
use servers::{run, servers};

/// A generator whose numbers are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// Settings whose value the machine, the build or another setting decides upon, not the text alone.
const NOT_COMPARED: [&str; 37] = [
    "config_file",
    "data_directory",
    "external_pid_file",
    "hba_file",
    "ident_file",
    "log_directory",
    "stats_temp_directory",
    "promote_trigger_file",
    "hosts_file",
    "bonjour",
    "client_encoding",
    "lc_messages",
    "lc_monetary",
    "lc_numeric",
    "lc_time",
    "log_timezone",
    "TimeZone",
    "timezone_abbreviations",
    "max_stack_depth",
    "recovery_target_time",
    "recovery_target_lsn",
    "recovery_target_xid",
    "recovery_target_timeline",
    "recovery_target_name",
    "transaction_isolation",
    "transaction_read_only",
    "transaction_deferrable",
    "wal_consistency_checking",
    "jit_provider",
    "ssl_passphrase_command",
    "application_name",
    "cluster_name",
    "default_tablespace",
    "default_table_access_method",
    // A malformed list of these stops the server only after `postgres -C` has answered.
    "listen_addresses",
    "unix_socket_directories",
    // -1 after another value is shown as what it comes to.
    "wal_buffers",
];

fn number(random: &mut Random, entry: &Entry) -> String {
    let digits = [
        "0",
        "1",
        "2",
        "3",
        "10",
        "16",
        "32",
        "64",
        "100",
        "128",
        "500",
        "1000",
        "1024",
        "4096",
        "65536",
        "100000",
        "2147483647",
        "2147483648",
        "-1",
        "-2",
        "007",
        "010",
        "08",
        "0x10",
        "0X1f",
        "1e3",
        "1.5",
        "2.5",
        "0.5",
        ".5",
        "100.4",
        "0.001",
        "1e-3",
        "99999999999",
    ];
    let units = [
        "", "", "", "B", "kB", "MB", "GB", "TB", "us", "ms", "s", "min", "h", "d", "KB", "mb", "m", "sec", "%", " MB", " s", " ", "k",
        "8kB",
    ];
    let number = match random.below(4) {
        // The four kinds of process also have a limit in common.
        0 if entry.most < 1e12 && entry.most != 262_143.0 => format!("{}", entry.most + [-1.0, 0.0, 1.0][random.below(3)]),
        1 if entry.least > -1e12 => format!("{}", entry.least + [-1.0, 0.0, 1.0][random.below(3)]),
        _ => random.one(&digits).to_owned(),
    };
    let suiting: &[&str] = match entry.unit {
        Some(unit) if unit.is_memory() => &units[3..8],
        Some(_) => &units[8..14],
        None => &units[..2],
    };
    let unit = if random.below(3) == 0 { random.one(&units) } else { random.one(suiting) };
    format!("{number}{}", if random.below(3) == 0 { "" } else { unit })
}

fn value(random: &mut Random, entry: &Entry) -> String {
    let odd = [
        "", " ", "on", "1", "o", "a b", "a,b", "a,,b", "\"a\"", "*", "10.0.0.1", "x.y", "x.y.z", "/tmp/x", "%m", "a\\'b", "a''b", "a\\101",
        "none", "-", ".", "nan", "inf",
    ];
    if random.below(8) == 0 {
        return random.one(&odd).to_owned();
    }
    match entry.kind {
        Kind::Bool => random.one(&["on", "off", "TRUE", "fal", "y", "no", "1", "0", "2", "of", "o", "enabled", " on", "on "]).to_owned(),
        Kind::Integer | Kind::Real => number(random, entry),
        Kind::Enum => match random.below(4) {
            0 => random.one(&["on", "off", "true", "1", "yes", "none", "auto", "debug"]).to_owned(),
            1 => entry.words[random.below(entry.words.len())].name.to_uppercase(),
            _ => entry.words[random.below(entry.words.len())].name.to_owned(),
        },
        Kind::String | Kind::List => random
            .one(&["", "a", "a, b", "*", "a b", "A1_b", "s-1", "stderr", "iso, dmy", "receipt", "all", "1 (a)", "view", "set"])
            .to_owned(),
    }
}

fn line(random: &mut Random, entry: &Entry) -> String {
    let value = value(random, entry);
    let value = if random.below(5) < 3 { format!("'{}'", value.replace('\'', "''")) } else { value };
    let equals = random.one(&[" = ", " = ", "=", " ", "\t=\t", " == ", ": "]);
    let name = if random.below(10) == 0 { entry.name.to_uppercase() } else { entry.name.to_owned() };
    let end = random.one(&["", "", "", " # comment", ";", " x", "#c", "\r", "  "]);
    format!("{name}{equals}{value}{end}\n")
}

fn cases(major: u32, count: usize) -> Vec<(Case, &'static Entry)> {
    let catalogue = Catalogue::of(major).unwrap();
    let compared = |entry: &&Entry| {
        let plain = entry.listed && !entry.is_of_extension() && !entry.distribution_only && entry.late.is_empty();
        plain && entry.context != Context::Internal && !NOT_COMPARED.contains(&entry.name)
    };
    let entries: Vec<_> = catalogue.entries().filter(compared).collect();
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ u64::from(major));
    let case = |_| {
        let entry = entries[random.below(entries.len())];
        let mut conf = line(&mut random, entry);
        if random.below(6) == 0 {
            conf += &line(&mut random, entry);
        }
        (Case { conf, ..Case::default() }, entry)
    };
    (0..count).map(case).collect()
}

/// What a server says of a case.
fn ask_server(program: &str, directory: &Path, case: &Case, name: &str) -> Answer {
    let conf = directory.join("postgresql.conf");
    std::fs::write(&conf, &case.conf).unwrap();
    let file = format!("--config-file={}", conf.display());
    let mut arguments = vec!["-D", directory.to_str().unwrap(), &file];
    arguments.extend(case.words.iter().map(String::as_str));
    arguments.extend(["-C", name]);
    let (printed, complaint, success) = run(program, directory, &arguments);
    if success {
        return Answer::Value(printed.strip_suffix('\n').unwrap_or(&printed).to_owned());
    }
    Answer::Refused(complaint.lines().filter_map(class_of_complaint).collect())
}

fn class_of_complaint(line: &str) -> Option<String> {
    let (_, message) = line.split_once("LOG:  ").or_else(|| line.split_once("HINT:  ")).or_else(|| line.split_once("FATAL:  "))?;
    let near = |message: &str| message.split_once("near token \"").map(|(_, token)| token.strip_suffix('"').unwrap_or(token).to_owned());
    Some(match message {
        _ if message.starts_with("syntax error") => {
            near(message).map_or("syntax at-end".to_owned(), |token| format!("syntax near {token}"))
        }
        _ if message.contains("unrecognized configuration parameter") => "unknown".to_owned(),
        _ if message.contains("is outside the valid range") => "range".to_owned(),
        _ if message.starts_with("Value exceeds integer range") => "overflow".to_owned(),
        _ => return None,
    })
}

#[test]
fn servers_and_gonogo_agree() {
    let count = std::env::var("GONOGO_POSTGRES_LINES").map_or(2_000, |count| count.parse().unwrap());
    let mut wrong = Vec::new();
    for (major, program) in servers() {
        let directory = tempfile::tempdir().unwrap();
        for (case, entry) in cases(major, count) {
            let (server, gonogo) = (ask_server(&program, directory.path(), &case, entry.name), ask_gonogo(&case, major, entry.name));
            let build = entry.words.iter().any(|word| word.build_dependent && case.conf.to_lowercase().contains(word.name));
            if !gonogo.agrees_with(&server) && !build {
                wrong.push(format!("{major}: {:?}\n    server {server:?}\n    gonogo {gonogo:?}", case.conf));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
