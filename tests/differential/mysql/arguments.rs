//! Groups, quotes, escapes, comments and includes: what `my_print_defaults` prints of a file, and what gonogo reads in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gonogo::engines::mysql::inspect;
use gonogo::text::Files;

use super::{Server, servers};
use crate::random::{Random, inputs};

/// The groups that are asked for.
const ASKED: [&str; 3] = ["mysqld", "mariadb-10.11", "client-server"];

/// Lines with a group, good and bad.
const GROUPS: [&str; 12] = [
    "[mysqld]",
    "[MySQLd]",
    "[ mysqld]",
    "[mysqld ]",
    "[mysqld] # one",
    "[mariadb-10.11]",
    "[mariadb-10]",
    "[client-server]",
    "[client]",
    "  [mysqld]",
    "[]",
    "[mysqld]x]",
];

/// Names of options.
const NAMES: [&str; 9] = ["port", "max-connections", "max_connections", "Loose-x", "a b", "\"q\"", "skip-x", "é", "a'b"];

/// Values, as they may be written.
const VALUES: [&str; 26] = [
    "1",
    "x y",
    "\"x y\"",
    "'x y'",
    "\"x",
    "x\"",
    "\"",
    "''",
    "\"a\\\"b\"",
    "a\\nb",
    "a\\tb\\sc",
    "c:\\\\x\\y",
    "a#b",
    "'a#b'",
    "\"a#b",
    "it's # x",
    "a;b",
    "a = b",
    "\\",
    "x\\",
    "\\'#",
    "\"\\\\\" # c",
    "ü",
    "\u{2003}x",
    "",
    "'a\"b'",
];

/// Whole lines of other kinds.
const OTHERS: [&str; 10] =
    ["# a comment", "; another", "   ", "\t# x", "!include", "!unknown x", "! include f.cnf", "port", "= x", "[open"];

/// Files that the generated ones include, by name.
const INCLUDED: [(&str, &str); 6] = [
    ("one.cnf", "[mysqld]\nfrom=one\n[other]\nx=1\n"),
    ("late.cnf", "# nothing before the group\n[client-server]\nfrom=late\n"),
    ("d/b.cnf", "[mysqld]\nfrom=b\n"),
    ("d/.a.cnf", "[mysqld]\nfrom=hidden\n"),
    ("d/c.CNF", "[mysqld]\nfrom=upper\n"),
    ("d/x.y.cnf", "[mysqld]\nfrom=dots\n"),
];

#[test]
fn the_same_lines_are_read() {
    for server in servers() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(folder.path().join("d")).unwrap();
        for (name, text) in INCLUDED {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut random = Random::of("mysql-arguments");
        let mut refused = 0;
        let count = inputs(1_000, 20_000);
        for _ in 0..count {
            let text = text(&mut random, folder.path());
            let (said, read) = (printed(&server, folder.path(), &text), read(folder.path(), &text));
            assert_eq!(said, read, "{} {}:\n{text}", server.engine, server.version);
            refused += usize::from(said.is_none());
        }
        assert!((1..count / 2).contains(&refused), "{refused} of {count} are refused");
    }
}

fn text(random: &mut Random, folder: &Path) -> String {
    let mut text = String::new();
    for number in 0..1 + random.below(7) {
        let line = match random.below(12) {
            0..=2 => (*random.one(&GROUPS)).to_owned(),
            _ if number == 0 && !random.once_in(30) => "[mysqld]".to_owned(),
            3 if random.once_in(6) => (*random.one(&OTHERS)).to_owned(),
            3 => format!(
                "{}!include {}/{}",
                if random.once_in(4) { " " } else { "" },
                folder.display(),
                random.one(&["one.cnf", "late.cnf"])
            ),
            4 => format!("!includedir {}/{}", folder.display(), random.one(&["d", "d/"])),
            5 => (*random.one(&NAMES)).to_owned(),
            _ => {
                let sign = random.one(&["=", " = ", "= ", " =\t"]);
                let tail = random.one(&["", "", "", " ", " # tail", "\t#x"]);
                format!("{}{sign}{}{tail}", random.one(&NAMES), random.one(&VALUES))
            }
        };
        text.push_str(&line);
        text.push_str(if random.once_in(10) { "\r\n" } else { "\n" });
    }
    text
}

fn printed(server: &Server, folder: &Path, text: &str) -> Option<String> {
    let main = folder.join("main.cnf");
    fs::write(&main, text).unwrap();
    let mut command = server.program("print-defaults");
    let output = command.arg(format!("--defaults-file={}", main.display())).args(ASKED).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| said.trim_end_matches('\n').to_owned())
}

fn read(folder: &Path, text: &str) -> Option<String> {
    let below = |name: &str| format!("{}/{name}", folder.display()).trim_start_matches('/').to_owned();
    let files = Files::in_memory(INCLUDED.iter().map(|(name, text)| (below(name), *text)));
    let mut files = files;
    files.add_text(&below("main.cnf"), text);
    let arguments = inspect::arguments(&files, &below("main.cnf"), &ASKED)?;
    Some(arguments.join("\n").trim_end_matches('\n').to_owned())
}
