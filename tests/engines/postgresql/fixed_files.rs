//! Fixed files, put to real servers: every line is taken, and the server starts.
//!
//! Runs where `GONOGO_POSTGRES` names the programs, as `13=/opt/13/bin/postgres,17=/usr/lib/postgresql/17/bin/postgres`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::helpers::servers::{self, run, servers};
use crate::common::Project;

/// Lines that each version takes as they are, and that some rule would rather not see.
const POOR: &str = "\
fsync = off				# for the import
full_page_writes = 'off'
autovacuum=off
wal_level = minimal
max_wal_senders = 0
synchronous_commit = off
log_min_messages = fatal
log_destination = ''
log_line_prefix = '%t '
logging_collector = on
log_file_mode = 0644
log_rotation_age = 0
log_rotation_size = 0
password_encryption = md5
enable_seqscan = off
zero_damaged_pages = on
superuser_reserved_connections = 0
session_replication_role = replica
row_security = off
work_mem = 4MB
work_mem = 4MB
";

/// Lines that stop every server from 13 to 18.
const BROKEN: &str = "\
shared_bufers = 64MB
wal_keep_segments = 4
maintenance_work_mem = 64mb
vacuum_cleanup_index_scale_factor = 0.1
listen_addresses = *
lc_collate = 'C'
";

/// What 13 takes and 14 removed is not broken for 13.
fn broken(major: u32) -> String {
    BROKEN.lines().filter(|line| major > 13 || !line.starts_with("vacuum_cleanup")).map(|line| format!("{line}\n")).collect()
}

/// Access rules that each version takes.
const HBA: &str = "\
# TYPE  DATABASE        USER            ADDRESS                 METHOD
local   all             all                                     trust
host    all             all             127.0.0.1/32            trust
host    all             all             10.1.2.3/8              md5
host    all             all             10.1.2.3/8              md5
host    all,postgres    all             192.168.0.7 255.255.0.0 password
host    ALL             \"all\"           samenet                 ident map=m	# a map
hostnossl all           all             ::1/64                  md5
";

fn apply(project: &Project, major: u32) {
    let ran = project.run(&["fix", "--apply", "--unsafe", "--engine-version", &major.to_string(), "--now", "2026-11-20", "."]);
    assert_eq!(ran.code, 0, "{major}: {}", ran.all());
}

#[test]
fn servers_take_what_was_fixed() {
    for (major, program) in servers() {
        let stock = fs::read_to_string(servers::share(&program).join("postgresql.conf.sample")).unwrap();
        // The sample holds words that initdb replaces.
        let stock: String = stock.lines().filter(|line| !line.contains('@')).map(|line| format!("{line}\n")).collect();
        let mended = format!("{stock}{}", broken(major));
        for (what, text) in [("stock", stock.clone()), ("poor", POOR.to_owned()), ("both", format!("{stock}{POOR}")), ("broken", mended)] {
            let project = Project::with(&[("postgresql.conf", &text), ("PG_VERSION", &format!("{major}\n"))]);
            let answer = |setting: &str| run(&program, &project.path(""), &["-D", ".", "-C", setting]);
            let took = answer("port").2;
            assert_eq!(took, what != "broken", "{major} {what}: {}", answer("port").1);
            apply(&project, major);
            let (out, err, good) = answer("fsync");
            assert!(good && out.trim() == "on", "{major} {what}: {err}\n{}", project.read("postgresql.conf"));
        }
    }
}

#[test]
fn servers_start_with_what_was_fixed() {
    for (major, program) in servers() {
        let initdb = Path::new(&program).with_file_name("initdb");
        let project = Project::new();
        fs::create_dir(project.path("data")).unwrap();
        own(&project.path("data"));
        let initdb = initdb.to_string_lossy().into_owned();
        let (_, err, good) = run(&initdb, &project.path(""), &["-D", "data", "-U", "postgres", "-A", "trust", "--no-sync"]);
        assert!(good, "{major}: {err}");
        let conf = project.read("data/postgresql.conf").replace("log_timezone", "#log_timezone").replace("\ntimezone", "\n#timezone");
        let own_lines = "listen_addresses = ''\nunix_socket_directories = '.'\nshared_buffers = 16MB\n";
        fs::write(project.path("data/postgresql.conf"), format!("{conf}{POOR}{}{own_lines}", "wal_keep_segments = 4\n")).unwrap();
        fs::write(project.path("data/pg_hba.conf"), HBA).unwrap();
        let path = |name: &str| format!("data/{name}");
        let ran = project.run(&[
            "fix",
            "--apply",
            "--unsafe",
            "--engine-version",
            &major.to_string(),
            "--now",
            "2026-11-20",
            &path("postgresql.conf"),
            &path("pg_hba.conf"),
        ]);
        assert!(matches!(ran.code, 0 | 4), "{major}: {}", ran.all());
        own(&project.path("data"));
        let log = starts(&program, &project);
        assert!(log.contains("ready to accept connections"), "{major}: {log}\n{}\n{}", project.read("data/postgresql.conf"), ran.all());
        assert!(!log.contains("could not load") && !log.contains("was not reloaded"), "{major}: {log}");
    }
}

/// Gives a folder to the account that servers run as where they may not run as root.
fn own(folder: &Path) {
    if servers::is_root() {
        let owned = Command::new("chown").args(["-R", "65534:65534"]).arg(folder).status().unwrap();
        assert!(owned.success());
    }
}

/// What a server says until it is ready, or gives up; then it is stopped.
fn starts(program: &str, project: &Project) -> String {
    let log = project.path("log");
    let file = fs::File::create(&log).unwrap();
    let mut command = servers::as_nobody(program, &project.path(""));
    // The log goes where it can be seen, whatever the file says.
    command.args(["-D", "data", "-c", "logging_collector=off", "-c", "log_destination=stderr", "-c", "log_min_messages=warning"]);
    let mut server = command.stdout(Stdio::null()).stderr(file).spawn().unwrap();
    let begin = Instant::now();
    let mut said = String::new();
    while begin.elapsed() < Duration::from_secs(60) {
        said = fs::read_to_string(&log).unwrap();
        if said.contains("ready to accept connections") || server.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    // The server is a child of this test and of nobody else.
    let stopped = Command::new("kill").args(["-INT", &server.id().to_string()]).status();
    drop(stopped);
    drop(server.wait());
    said
}
