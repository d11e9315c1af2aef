//! Generated `pgbouncer.ini`s: whether the program starts with them, as it says itself and as gonogo says.
//!
//! A program that listens nowhere reads its configuration and ends, so that no port is opened. `GONOGO_PGBOUNCER` names
//! it; where that is not set, nothing is compared, and `tests/run` fails in CI if it could not be installed.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::random::{Random, inputs};

/// Lines of `[pgbouncer]`, good and bad.
const SETTINGS: [&str; 24] = [
    "pool_mode = session",
    "pool_mode = Transaction",
    "pool_mode = transaktion",
    "default_pool_size = 20",
    "default_pool_size = 0x1f",
    "default_pool_size = 08",
    "default_pool_size = 20 ; many",
    "default_pool_size =",
    "query_timeout = 1.5",
    "query_timeout = 5s",
    "query_timeout = -0",
    "query_timeout = 1e2",
    "max_client_conn = -1",
    "max_prepared_statements = 10",
    "stats_users = a ; b",
    "stats users = a",
    "Stats_Users = a",
    "auth_type = scram-sha-256",
    "auth_type = peer",
    "server_tls_sslmode = prefer",
    "; a comment",
    "  # another",
    "log_connections",
    "%includes x",
];

/// Entries of `[databases]`, good and bad.
const DATABASES: [&str; 14] = [
    "a = host=h port=5433",
    "a =",
    "b = host = h user=u password='it''s'",
    "b = password='open",
    "c = host=h\tport=1",
    "c = host=''",
    "d-1.x = dbname=y pool_size=10x",
    "d = port=x",
    "e = sslmode=require",
    "e = pool_mode=TRANSACTION reserve_pool=3",
    "e = reserve_pool_size=3",
    "* = hots=h",
    "pgbouncer = host=h",
    "host=h",
];

#[test]
fn a_program_starts_with_what_gonogo_finds_no_fault_with() {
    let Ok(program) = std::env::var("GONOGO_PGBOUNCER") else { return println!("skipped: GONOGO_PGBOUNCER is not set") };
    let release = release_of(&program);
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut random = Random::of("pgbouncer");
    let mut texts = Vec::new();
    for number in 0..inputs(300, 5_000) {
        let text = text(&mut random);
        fs::write(folder.path().join(format!("{number}.ini")), &text).unwrap();
        texts.push(text);
    }
    let refused = refused_by_gonogo(folder.path(), &release);
    for (number, text) in texts.iter().enumerate() {
        let name = format!("{number}.ini");
        let said = starts(&program, &folder.path().join(&name));
        assert_eq!(said.is_ok(), !refused.contains(&name), "{text}\nthe program says: {said:?}");
    }
    let share = refused.len() * 100 / texts.len();
    assert!((10..90).contains(&share), "{share} % of the texts are refused");
}

fn text(random: &mut Random) -> String {
    let mut text = String::new();
    let section = |text: &mut String, random: &mut Random, main: bool| {
        text.push_str(if main { "[pgbouncer]\nunix_socket_dir =\n" } else { "[databases]\n" });
        for _ in 0..random.below(3) {
            text.push_str(if main { random.one(&SETTINGS) } else { random.one(&DATABASES) });
            text.push_str(if random.once_in(10) { "\r\n" } else { "\n" });
        }
    };
    let first = random.once_in(2);
    section(&mut text, random, first);
    section(&mut text, random, !first);
    if random.once_in(20) {
        text.push_str("[others]\n");
    }
    text
}

fn release_of(program: &str) -> String {
    let printed = Command::new(program).arg("--version").output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    printed.lines().next().unwrap().split(' ').next_back().unwrap().to_owned()
}

/// The program refuses to run as root.
fn starts(program: &str, ini: &Path) -> Result<(), String> {
    let root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    let mut command = if root { Command::new("setpriv") } else { Command::new(program) };
    if root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
    }
    let output = command.arg(ini).current_dir("/").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match said.contains("nowhere to listen on") {
        true => Ok(()),
        false if said.contains("cannot load config file") => Err(said),
        false => panic!("an answer that is not expected: {said}"),
    }
}

/// Names of the files with which, as gonogo says, the program does not start.
fn refused_by_gonogo(folder: &Path, release: &str) -> BTreeSet<String> {
    let version = format!("pgbouncer={release}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    command.args(["lint", ".", "--no-local-config", "--format", "json", "--engine-version", &version]).current_dir(folder);
    let report: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let critical = findings.filter(|finding| {
        let rule = finding["rule"].as_str().unwrap();
        finding["severity"] == "critical" && rule.starts_with("pgbouncer-") && !rule.starts_with("pgbouncer-auth-")
    });
    critical.map(|finding| finding["path"].as_str().unwrap().to_owned()).collect()
}
