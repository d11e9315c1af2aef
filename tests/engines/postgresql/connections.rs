//! Which access rule decides: real servers are asked with real connections, and must agree with
//! `gonogo show --who-can-connect`.
//!
//! Runs where `GONOGO_POSTGRES` names the programs (their `initdb` lies beside them); `GONOGO_POSTGRES_FILES` says how
//! many generated files each is asked about (8 unless set). The first steps of a session are spoken here: what the server
//! answers to the startup packet tells the method, and for passwords its log tells the line.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::helpers::servers::{self, as_nobody, servers};
use gonogo::engines::postgresql::hba::{HbaInput, assemble};
use gonogo::model::{Encryption, HbaDecision};
use gonogo::text::Files;

/// A generator whose numbers are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        of[usize::try_from(self.0 % u64::try_from(of.len()).unwrap()).unwrap()]
    }
}

/// Who the roles of the server are: `u` is a member of `g`, and `g` of `h`.
const ROLES: &str = "CREATE ROLE g; CREATE ROLE h; GRANT h TO g; CREATE ROLE u LOGIN IN ROLE g; CREATE ROLE v LOGIN; CREATE ROLE a LOGIN;";

fn file(random: &mut Random, major: u32) -> String {
    let mut text = String::new();
    let databases = ["all", "all", "a", "b", "a,b", "sameuser", "replication", "all,replication", "samerole", "\"all\"", "g"];
    let users = ["all", "all", "u", "v", "u,v", "+g", "+h", "\"+g\"", "a"];
    for _ in 0..8 {
        let kind = random.one(&["local", "local", "host", "host", "host", "hostssl", "hostnossl", "hostnossl"]);
        let regex = major >= 16 && random.one(&["no", "no", "no", "no", "yes"]) == "yes";
        let (database, user) = if regex {
            (random.one(&["/^a", "/b$", "all"]), random.one(&["/^u$", "/.", "all"]))
        } else {
            (random.one(&databases), random.one(&users))
        };
        let address = match kind {
            "local" => "",
            _ => random.one(&[
                "127.0.0.1/32",
                "127.0.0.0/8",
                "::1/128",
                "::/0",
                "0.0.0.0/0",
                "all",
                "samehost",
                "samenet",
                "localhost",
                "10.0.0.0/8",
                "127.0.0.1 255.255.255.255",
                "::ffff:127.0.0.1/128",
                "126.0.0.0/7",
            ]),
        };
        let method = random.one(&["trust", "reject", "password", "password", "password", "md5", "scram-sha-256"]);
        writeln!(text, "{kind} {database} {user} {address} {method}").unwrap();
    }
    text
}

/// A way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Socket,
    Ipv4,
    Ipv6,
}

impl Way {
    /// Whether a row of the table is about this way. Without TLS, since the server has none.
    fn is_of(self, decision: &HbaDecision) -> bool {
        let from = decision.from.split(" with").next().unwrap();
        let label = match self {
            Self::Socket => from == "local socket",
            Self::Ipv4 => from == "loopback" || from == "loopback (IPv4)",
            Self::Ipv6 => from == "loopback" || from == "loopback (IPv6)",
        };
        label && matches!(decision.encryption, None | Some(Encryption::None))
    }
}

/// A connection that is tried.
#[derive(Clone, Copy, Debug)]
struct Connection {
    way: Way,
    database: &'static str,
    user: &'static str,
    replication: bool,
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decided {
    method: String,
    /// Line of the rule, where it is told.
    line: Option<u32>,
}

/// A running server.
struct Server {
    directory: PathBuf,
    port: u16,
    process: Child,
}

impl Server {
    fn start(program: &str, directory: &Path, port: u16) -> Self {
        let data = directory.join("data");
        let (data_text, socket) = (data.to_str().unwrap(), directory.to_str().unwrap());
        let initdb = Path::new(program).with_file_name("initdb");
        let made =
            as_nobody(initdb.to_str().unwrap(), directory).args(["-D", data_text, "-U", "postgres", "-A", "trust", "-N"]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut single = as_nobody(program, directory)
            .args(["--single", "-D", data_text, "postgres"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let statements: String = ROLES.split("; ").map(|statement| format!("{statement}\n")).collect();
        single.stdin.take().unwrap().write_all(statements.as_bytes()).unwrap();
        assert!(single.wait().unwrap().success());
        let log = std::fs::File::create(directory.join("log")).unwrap();
        let settings = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1,::1".to_owned(),
            format!("unix_socket_directories={socket}"),
            "fsync=off".to_owned(),
            "log_connections=on".to_owned(),
            "password_encryption=md5".to_owned(),
            "max_wal_senders=5".to_owned(),
            "wal_level=replica".to_owned(),
        ];
        let mut command = as_nobody(program, directory);
        command.args(["-D", data_text]).args(settings.iter().flat_map(|setting| ["-c", setting])).stderr(log).stdout(Stdio::null());
        let server = Self { directory: directory.to_owned(), port, process: command.spawn().unwrap() };
        server.wait_for_log(0, "ready to accept connections");
        server
    }

    fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.directory.join("log")).unwrap()).into_owned()
    }

    fn wait_for_log(&self, from: usize, text: &str) {
        let start = Instant::now();
        while !self.log().get(from..).unwrap_or_default().contains(text) {
            assert!(start.elapsed() < Duration::from_secs(20), "{text}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Puts other access rules into force.
    fn load(&self, hba: &str) {
        let from = self.log().len();
        std::fs::write(self.directory.join("data/pg_hba.conf"), hba).unwrap();
        let signalled = Command::new("kill").args(["-HUP", &self.process.id().to_string()]).status().unwrap();
        assert!(signalled.success());
        self.wait_for_log(from, "reloading configuration files");
        // The rules are read just after that line is written, and before the next session is taken.
        std::thread::sleep(Duration::from_millis(20));
        assert!(!self.log().get(from..).unwrap().contains("was not reloaded"), "{hba}{}", self.log());
    }

    /// Tries a connection as far as the server's first question.
    fn ask(&self, connection: Connection) -> Decided {
        let from = self.log().len();
        match connection.way {
            Way::Socket => {
                self.talk(UnixStream::connect(self.directory.join(format!(".s.PGSQL.{}", self.port))).unwrap(), connection, from)
            }
            Way::Ipv4 => self.talk(TcpStream::connect(("127.0.0.1", self.port)).unwrap(), connection, from),
            Way::Ipv6 => self.talk(TcpStream::connect(("::1", self.port)).unwrap(), connection, from),
        }
    }

    fn talk(&self, mut stream: impl Read + Write, connection: Connection, from: usize) -> Decided {
        let mut words = vec!["user", connection.user];
        if connection.replication {
            words.extend(["replication", "true"]);
        } else {
            words.extend(["database", connection.database]);
        }
        let mut body = 196_608_u32.to_be_bytes().to_vec();
        words.iter().for_each(|word| body.extend(word.bytes().chain([0])));
        body.push(0);
        stream.write_all(&u32::try_from(body.len() + 4).unwrap().to_be_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let (kind, answer) = message(&mut stream);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let code = answer.get(..4).map(|code| u32::from_be_bytes(code.try_into().unwrap()));
        let decided = |method: &str, line| Decided { method: method.to_owned(), line };
        match (kind, code) {
            (b'E', _) if text.contains("rejects") => decided("reject", None),
            (b'E', _) if text.contains("no pg_hba.conf entry") => decided("reject", Some(0)),
            (b'R', Some(0)) => decided("trust", None),
            (b'R', Some(10)) => decided("scram-sha-256", None),
            (b'R', Some(3 | 5)) => {
                // A wrong password: the log then has the line.
                stream.write_all(b"p\0\0\0\x0awrong\0").unwrap();
                message(&mut stream);
                let log = self.log();
                let line = log.get(from..).unwrap().lines().find_map(line_of);
                decided(if code == Some(3) { "password" } else { "md5" }, line)
            }
            _ => unreachable!("{kind} {text}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A fast shutdown; whatever is left goes with the directory.
        let _ = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

/// `Connection matched pg_hba.conf line 3: …`, from 16 on `Connection matched file "…" line 3: …`.
fn line_of(line: &str) -> Option<u32> {
    let (_, rest) = line.split_once("Connection matched ")?;
    rest.split_once("line ")?.1.split(':').next()?.parse().ok()
}

/// One message of the server: its kind and body.
fn message(stream: &mut impl Read) -> (u8, Vec<u8>) {
    let mut head = [0; 5];
    stream.read_exact(&mut head).unwrap();
    let length = u32::from_be_bytes(head[1..].try_into().unwrap());
    let mut body = vec![0; usize::try_from(length).unwrap() - 4];
    stream.read_exact(&mut body).unwrap();
    (head[0], body)
}

/// What the table of `show --who-can-connect` says: the first row of the way that has the database and the user.
fn ask_gonogo(files: &Files, decisions: &[HbaDecision], connection: Connection) -> Option<Decided> {
    let of_way = decisions.iter().filter(|decision| connection.way.is_of(decision));
    let row =
        of_way.into_iter().find(|decision| has_database(&decision.databases, connection) && has_user(&decision.users, connection.user));
    // A way without a row for replication lets none in.
    let Some(row) = row else { return connection.replication.then(|| Decided { method: "reject".to_owned(), line: Some(0) }) };
    let line = row.span.and_then(|span| files.source(span.source).map(|source| source.location(span.start).line));
    Some(Decided { method: row.method.clone(), line: Some(line.unwrap_or(0)) })
}

fn has_database(databases: &str, connection: Connection) -> bool {
    databases.split(',').any(|word| match word {
        "replication" => connection.replication,
        _ if connection.replication => false,
        "all" => true,
        "sameuser" => connection.database == connection.user,
        "samerole" => is_member(connection.user, connection.database),
        "/^a" => connection.database.starts_with('a'),
        "/b$" => connection.database.ends_with('b'),
        name => connection.database == name.trim_matches('"'),
    })
}

fn has_user(users: &str, user: &str) -> bool {
    users.split(',').any(|word| match word {
        "all" | "/." => true,
        "/^u$" => user == "u",
        group if group.starts_with('+') => is_member(user, group.trim_start_matches('+')),
        name => user == name.trim_matches('"'),
    })
}

fn is_member(user: &str, role: &str) -> bool {
    user == role || (user == "u" && matches!(role, "g" | "h"))
}

fn connections() -> Vec<Connection> {
    let mut all = Vec::new();
    for way in [Way::Socket, Way::Ipv4, Way::Ipv6] {
        for user in ["u", "v", "a"] {
            all.extend(["a", "b", "g", "all"].map(|database| Connection { way, database, user, replication: false }));
            all.push(Connection { way, database: "", user, replication: true });
        }
    }
    all
}

#[test]
fn servers_and_gonogo_agree_on_who_decides() {
    let count: usize = std::env::var("GONOGO_POSTGRES_FILES").map_or(8, |count| count.parse().unwrap());
    let ipv6 = std::net::TcpListener::bind(("::1", 0)).is_ok();
    let mut wrong = String::new();
    for (major, program) in servers() {
        let directory = servers::directory_of_nobody();
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let server = Server::start(&program, directory.path(), port);
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ u64::from(major));
        for _ in 0..count {
            let text = file(&mut random, major);
            server.load(&text);
            let files = Files::in_memory([("pg_hba.conf".to_owned(), text.clone())]);
            let input = HbaInput {
                files: &files,
                path: Some("pg_hba.conf"),
                major,
                ssl: Some(false),
                resolve: &|_| None,
                ident_maps: None,
                image_rules: &[],
            };
            let decisions = assemble(&input).who_can_connect;
            // Whether ::1 is called localhost is up to the machine's hosts file.
            let ipv6 = ipv6 && !text.contains("localhost");
            for connection in connections().into_iter().filter(|connection| ipv6 || connection.way != Way::Ipv6) {
                let theirs = server.ask(connection);
                let ours = ask_gonogo(&files, &decisions, connection);
                let agrees =
                    ours.as_ref().is_some_and(|ours| ours.method == theirs.method && (theirs.line.is_none() || ours.line == theirs.line));
                if !agrees {
                    writeln!(wrong, "{major}: {connection:?}\n{text}    server {theirs:?}\n    gonogo {ours:?}").unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
