//! Rules that say that a server does not start, held against servers that are started.
//!
//! Each bad example of a rule `postgresql-start-…` must be refused by every major that the rule is about, and each
//! good one must start. Runs where `GONOGO_POSTGRES` names the programs.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::helpers::servers::{is_root, run, servers};
use gonogo::engines::postgresql::catalogue::Catalogue;
use gonogo::model::{Engine, Version};
use gonogo::rules::examples::{self, ExampleKind};
use gonogo::rules::{Rule, RuleSet};

/// A `postgresql.conf` and whether a server must start with it.
struct Case {
    rule: String,
    text: String,
    starts: bool,
}

fn rules() -> Vec<Rule> {
    let shipped = RuleSet::shipped();
    shipped.iter().filter(|rule| rule.id.starts_with("postgresql-start-")).cloned().collect()
}

/// Rules whose good examples need what a machine has: another system, accounts, folders, libraries, memory.
const OF_THE_MACHINE: [&str; 5] = [
    "postgresql-start-library-path",
    "postgresql-start-other-platform",
    "postgresql-start-socket-directory",
    "postgresql-start-socket-group",
    "postgresql-start-too-many-processes",
];

/// The examples that a major can be asked: the rule is about it, and it knows every setting.
fn cases(rule: &Rule, major: u32) -> Vec<Case> {
    let version: Version = major.to_string().parse().unwrap();
    if rule.logic.versions.of(Engine::Postgresql).is_some_and(|range| range.admits(&version) != Some(true)) {
        return Vec::new();
    }
    let catalogue = Catalogue::of(major).unwrap();
    let knows = |text: &str| text.lines().filter_map(|line| line.split_once('=')).all(|(name, _)| catalogue.entry(name.trim()).is_some());
    let asked = |example: examples::Example| match (example.kind, example.files.as_slice()) {
        // Certificates have their own test, `tls.rs`.
        // How much memory a machine gives to one process is its own matter.
        _ if &*rule.id == "postgresql-start-shared-memory" => None,
        (ExampleKind::Good, _) if OF_THE_MACHINE.contains(&&*rule.id) => None,
        (ExampleKind::Bad | ExampleKind::Good, [(path, text)]) if path == "postgresql.conf" && example.tree.is_none() && knows(text) => {
            Some(Case { rule: rule.id.to_string(), text: text.clone(), starts: example.kind == ExampleKind::Good })
        }
        _ => None,
    };
    examples::of(rule).into_iter().filter_map(asked).collect()
}

/// A cluster of its own folder.
struct Cluster {
    programs: PathBuf,
    port: u32,
    folder: tempfile::TempDir,
}

impl Cluster {
    fn new(postgres: &str, port: u32, segment_megabytes: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            chown(folder.path(), Some(65534), Some(65534)).unwrap();
        }
        let programs = Path::new(postgres).parent().unwrap().to_path_buf();
        let cluster = Self { programs, port, folder };
        let size = format!("--wal-segsize={segment_megabytes}");
        let (_, complaints, created) = cluster.run("initdb", &["-D", "data", "-A", "trust", "-N", &size]);
        assert!(created, "{complaints}");
        cluster
    }

    fn run(&self, program: &str, arguments: &[&str]) -> (String, String, bool) {
        run(self.programs.join(program).to_str().unwrap(), self.folder.path(), arguments)
    }

    /// Whether the server starts with this file, and its log.
    fn starts(&self, text: &str) -> (bool, String) {
        let path = |name: &str| self.folder.path().join(name);
        std::fs::write(path("data/postgresql.conf"), text).unwrap();
        _ = std::fs::remove_file(path("data/postmaster.pid"));
        let log = std::fs::File::create(path("log")).unwrap();
        // The limit of the stack that Linux has unless somebody raised it.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -S -s 8192 && exec \"$0\" \"$@\""]).arg(self.programs.join("postgres"));
        command.args(["-D", "data", "-c", &format!("port={}", self.port)]).env("LC_ALL", "C").current_dir(self.folder.path());
        let sockets = self.folder.path().display();
        for (name, value) in [("listen_addresses", String::new()), ("unix_socket_directories", sockets.to_string())] {
            if !text.contains(name) {
                command.args(["-c", &format!("{name}={value}")]);
            }
        }
        if is_root() {
            command.uid(65534).gid(65534);
        }
        let mut server = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut ready = false;
        for _ in 0..1_500 {
            let exited = server.try_wait().unwrap().is_some();
            let status = std::fs::read_to_string(path("data/postmaster.pid")).unwrap_or_default();
            ready = !exited && status.lines().last().is_some_and(|status| status.trim() == "ready");
            if exited || ready {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        if ready {
            _ = self.run("pg_ctl", &["stop", "-D", "data", "-m", "fast"]);
        }
        _ = server.kill();
        server.wait().unwrap();
        (ready, std::fs::read_to_string(path("log")).unwrap())
    }
}

#[test]
fn servers_refuse_what_the_rules_say_they_refuse() {
    let rules = rules();
    std::thread::scope(|scope| {
        for (major, postgres) in servers() {
            let rules = &rules;
            scope.spawn(move || ask(rules, major, &postgres));
        }
    });
}

/// A port that nothing listens on: two runs on one machine must not meet.
fn free_port() -> u32 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    u32::from(listener.local_addr().unwrap().port())
}

fn ask(rules: &[Rule], major: u32, postgres: &str) {
    let port = free_port();
    let usual = Cluster::new(postgres, port, "16");
    let small = Cluster::new(postgres, port, "1");
    let (mut asked, mut wrong) = (0, Vec::new());
    for case in rules.iter().flat_map(|rule| cases(rule, major)) {
        // What initdb writes for segments of 1 MB suits those alone.
        let cluster = if case.text.contains("min_wal_size = 5MB") { &small } else { &usual };
        let (starts, log) = cluster.starts(&case.text);
        if starts != case.starts {
            wrong.push(format!("{major}, {}, starts: {starts}\n{}\n{log}", case.rule, case.text));
        }
        asked += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 12, "only {asked} examples for {major}");
}
