//! What a dump program is told to leave out, of which database it dumps, and where to.

use super::programs;
use crate::formats::connection_string;
use crate::text::path::name_of;

/// How much of a database a dump holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// All but what an option leaves out.
    Limited(String),
    /// A part that nobody could go on with.
    Part(String),
    /// No row of a table.
    NoData(String),
}

/// One call of a dump program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dump {
    pub(super) tool: String,
    pub(super) extent: Extent,
    /// Whether it takes every database of the server.
    pub(super) every_database: bool,
    /// The database that it names.
    pub(super) database: Option<String>,
    /// The host that it names.
    pub(super) host: Option<String>,
    /// The user that it names.
    pub(super) user: Option<String>,
    /// The port that it names.
    pub(super) port: Option<String>,
    /// The file or folder that it writes.
    pub(super) file: Option<String>,
}

impl Dump {
    /// Whether a dump of a whole server has the roles of it.
    pub(super) fn has_roles(&self) -> bool {
        !matches!(&self.extent, Extent::NoData(explained) if explained.contains("tablespaces-only") || explained.starts_with("-t ") || explained.contains("/dev/null"))
    }
}

/// Programs of a server's clients that make no dump.
pub(super) const CLIENTS: [&str; 8] = ["psql", "pg_isready", "pg_restore", "mysql", "mariadb", "mysqladmin", "redis-cli", "mongosh"];

/// Programs that take a database away by being run, and options with which others empty one first.
pub(super) const DROPS: [&str; 1] = ["dropdb"];
pub(super) const EMPTIES: [(&str, [&str; 2]); 1] = [("pg_restore", ["-c", "--clean"])];

/// The program that dumps one database of a server, without the roles that its objects belong to.
pub(super) const OF_ONE_DATABASE: &str = "pg_dump";

/// The variable that names the database where no option does.
pub(super) const DATABASE_VARIABLE: &str = "PGDATABASE";

/// The same of the user, whose name the database has where nothing else is said.
pub(super) const USER_VARIABLE: &str = "PGUSER";

/// Programs that run what follows on another machine, in another container, or as another user.
const CARRIERS: [&str; 7] = ["docker", "docker-compose", "podman", "kubectl", "ssh", "runuser", "su"];

/// The dump that a call makes; nothing where it is no dump program.
pub(super) fn dump(program: &str, arguments: &[String]) -> Option<Dump> {
    if CARRIERS.contains(&program) {
        return carried(arguments);
    }
    match program {
        "pg_dump" => of_postgresql(program, arguments, false),
        "pg_dumpall" => of_postgresql(program, arguments, true),
        "mysqldump" | "mariadb-dump" => of_mysql(program, arguments),
        _ => programs::is_whole(program, arguments).then(|| other(program, arguments)),
    }
}

/// Whether a program runs what follows elsewhere, so that what matters is named after it.
pub(super) fn carries_another(program: &str) -> bool {
    CARRIERS.contains(&program)
}

/// `docker exec db pg_dump …`, `ssh db "pg_dump …"`.
fn carried(arguments: &[String]) -> Option<Dump> {
    let words: Vec<String> = arguments.iter().flat_map(|word| word.split_whitespace()).map(str::to_owned).collect();
    let at = words.iter().position(|word| programs::is_dump_program(name_of(word)))?;
    let (program, rest) = words.get(at..)?.split_first()?;
    dump(name_of(program), rest).map(|dump| Dump { file: None, ..dump })
}

fn other(program: &str, arguments: &[String]) -> Dump {
    let file = (program == "pg_basebackup").then(|| Options::of(arguments, "dDFhpUX").value(&["D", "pgdata"])).flatten();
    Dump {
        tool: program.to_owned(),
        extent: Extent::Whole,
        every_database: true,
        database: None,
        host: None,
        user: None,
        port: None,
        file: file.filter(|file| file != "-"),
    }
}

fn of_postgresql(program: &str, arguments: &[String], all: bool) -> Option<Dump> {
    let options = Options::of(arguments, if all { "fhlpU" } else { "dEefFhjnNpStTUZ" });
    if options.has(&["version", "help", "V", "?"]) {
        return None;
    }
    let named = options.value(&["d", "dbname"]).or_else(|| options.operands.first().cloned()).filter(|_| !all);
    let uri = named.as_deref().filter(|name| name.contains("://") || name.contains('=')).map(str::to_owned);
    let in_uri = uri.as_deref().map(database_of);
    let extent = if all { all_extent(&options) } else { extent(&options) };
    Some(Dump {
        tool: program.to_owned(),
        extent,
        every_database: all,
        database: in_uri.unwrap_or(named),
        host: options.value(&["h", "host"]).or_else(|| uri.as_deref().and_then(connection_string::host)),
        user: options.value(&["U", "username"]),
        port: options.value(&["p", "port"]),
        file: options.value(&["f", "file"]),
    })
}

/// The database of a connection string.
fn database_of(uri: &str) -> Option<String> {
    let Some((_, rest)) = uri.split_once("://") else {
        return connection_string::value(uri, "dbname").map(|name| name.to_string());
    };
    let (_, path) = rest.split_once('/')?;
    path.split(['?', '#']).next().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// What options of `pg_dump` leave of a database.
fn extent(options: &Options) -> Extent {
    let said = |names: &[&str]| options.said(names);
    if let Some(option) = said(&["s", "schema-only", "no-data", "statistics-only"]) {
        return Extent::NoData(format!("{option} leaves the data of every table out"));
    }
    if let Some(section) = options.value(&["section"]).filter(|_| !options.values(&["section"]).any(|section| section == "data")) {
        return Extent::NoData(format!("--section={section} leaves the data of every table out"));
    }
    let excluded = [
        (["T", "exclude-table"], "every table"),
        (["exclude-table-data", "exclude-table-data-and-children"], "the data of every table"),
        (["N", "exclude-schema"], "the schema of every table"),
    ];
    for (names, what) in excluded {
        let all = |pattern: &&String| matches_all(pattern);
        if let Some(pattern) = options.values(&names).find(all) {
            return Extent::NoData(format!("{}={pattern} leaves {what} out", options.said(&names).unwrap_or_default()));
        }
    }
    if let Some(table) = options.value(&["t", "table", "table-and-children"]) {
        return Extent::Part(format!("{} takes {table} alone", said(&["t", "table", "table-and-children"]).unwrap_or_default()));
    }
    if let Some(option) = said(&["a", "data-only", "no-schema"]) {
        return Extent::Part(format!("{option} leaves out the tables that the data belongs to"));
    }
    if options.value(&["section"]).is_some() && options.values(&["section"]).count() < 3 {
        return Extent::Part("--section leaves a part of the database out".to_owned());
    }
    let limits = ["T", "exclude-table", "exclude-table-data", "exclude-table-data-and-children", "exclude-table-and-children"];
    if let Some(option) = options.said(&["no-blobs", "no-large-objects", "B", "enable-row-security"]) {
        let what = if option.contains("row-security") { "the rows that policies hide" } else { "large objects" };
        return Extent::Limited(format!("{option} leaves {what} out"));
    }
    let limits = limits.iter().chain(&["N", "exclude-schema", "n", "schema", "filter", "exclude-extension", "e", "extension"]);
    match limits.copied().find_map(|name| Some((options.said(&[name])?, options.value(&[name])?))) {
        Some((option, pattern)) => Extent::Limited(format!("{option} {pattern} leaves a part of the database out")),
        None => Extent::Whole,
    }
}

/// What options of `pg_dumpall` leave of a server.
fn all_extent(options: &Options) -> Extent {
    if let Some(option) = options.said(&["g", "globals-only", "r", "roles-only", "t", "tablespaces-only"]) {
        return Extent::NoData(format!("{option} takes roles or tablespaces, and no database"));
    }
    if let Some(option) = options.said(&["s", "schema-only", "no-data", "statistics-only"]) {
        return Extent::NoData(format!("{option} leaves the data of every table out"));
    }
    if let Some(option) = options.said(&["a", "data-only", "no-schema"]) {
        return Extent::Part(format!("{option} leaves out the tables that the data belongs to"));
    }
    match options.value(&["exclude-database"]) {
        Some(pattern) if matches_all(&pattern) => Extent::NoData(format!("--exclude-database={pattern} leaves every database out")),
        Some(pattern) => Extent::Limited(format!("--exclude-database {pattern} leaves a database out")),
        None => Extent::Whole,
    }
}

fn of_mysql(program: &str, arguments: &[String]) -> Option<Dump> {
    let options = Options::of(arguments, "hPuSrTwW");
    if options.has(&["version", "help", "V", "?"]) {
        return None;
    }
    let extent = match options.said(&["d", "no-data"]) {
        Some(option) => Extent::NoData(format!("{option} leaves the data of every table out")),
        None => Extent::Whole,
    };
    Some(Dump {
        tool: program.to_owned(),
        extent,
        every_database: true,
        database: None,
        host: options.value(&["h", "host"]),
        user: None,
        port: options.value(&["P", "port"]),
        file: options.value(&["r", "result-file"]),
    })
}

/// Whether a pattern matches everything, or all of the schema that tables are in unless somebody says otherwise.
fn matches_all(pattern: &str) -> bool {
    let pattern = pattern.replace('"', "");
    matches!(pattern.as_str(), "*" | "*.*" | "public.*" | "public" | "**")
}

/// The options of a command, by the rules of `getopt_long`.
struct Options {
    /// Name without dashes, value, and the option as it is written.
    given: Vec<(String, Option<String>, String)>,
    operands: Vec<String>,
}

/// Long options that take no value, of those whose next word could be taken for one.
const FLAGS: [&str; 40] = [
    "schema-only",
    "data-only",
    "globals-only",
    "roles-only",
    "tablespaces-only",
    "no-data",
    "no-schema",
    "no-statistics",
    "statistics-only",
    "statistics",
    "clean",
    "create",
    "if-exists",
    "blobs",
    "no-blobs",
    "large-objects",
    "no-large-objects",
    "no-owner",
    "no-privileges",
    "no-acl",
    "verbose",
    "no-password",
    "password",
    "inserts",
    "column-inserts",
    "attribute-inserts",
    "no-comments",
    "no-publications",
    "no-subscriptions",
    "no-security-labels",
    "no-tablespaces",
    "no-table-access-method",
    "no-toast-compression",
    "no-unlogged-table-data",
    "quote-all-identifiers",
    "serializable-deferrable",
    "snapshot-wait",
    "no-sync",
    "strict-names",
    "enable-row-security",
];

impl Options {
    /// `valued` are the letters whose option takes a value.
    fn of(arguments: &[String], valued: &str) -> Self {
        let mut options = Self { given: Vec::new(), operands: Vec::new() };
        let mut words = arguments.iter().peekable();
        while let Some(word) = words.next() {
            if word == "--" {
                options.operands.extend(words.by_ref().cloned());
            } else if let Some(long) = word.strip_prefix("--") {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None if FLAGS.contains(&long) => (long, None),
                    None => (long, words.next_if(|next| !next.starts_with('-')).cloned()),
                };
                options.given.push((name.to_owned(), value, format!("--{name}")));
            } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                for (at, letter) in letters.char_indices() {
                    let takes = valued.contains(letter);
                    let rest = letters.get(at + letter.len_utf8()..).unwrap_or("");
                    let value = match (takes, rest.is_empty()) {
                        (true, false) => Some(rest.to_owned()),
                        (true, true) => words.next().cloned(),
                        (false, _) => None,
                    };
                    options.given.push((letter.to_string(), value, format!("-{letter}")));
                    if takes {
                        break;
                    }
                }
            } else {
                options.operands.push(word.clone());
            }
        }
        options
    }

    fn has(&self, names: &[&str]) -> bool {
        self.said(names).is_some()
    }

    /// The first of these options, as it is written.
    fn said(&self, names: &[&str]) -> Option<String> {
        self.given.iter().find(|(name, ..)| names.contains(&name.as_str())).map(|(.., written)| written.clone())
    }

    fn values<'o>(&'o self, names: &'o [&str]) -> impl Iterator<Item = &'o String> {
        self.given.iter().filter(|(name, ..)| names.contains(&name.as_str())).filter_map(|(_, value, _)| value.as_ref())
    }

    fn value(&self, names: &[&str]) -> Option<String> {
        self.values(names).last().cloned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn of(line: &str) -> Option<Dump> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (program, arguments) = words.split_first().unwrap();
        dump(program, arguments)
    }

    #[test]
    fn options_tell_what_a_dump_holds() {
        for line in [
            "pg_dump shop",
            "pg_dump -Fc -Z 9 -f /b/x shop",
            "pg_dump -j 4 -Fd -f /b/x -d shop",
            "pg_dump --no-owner --no-privileges shop",
            "pg_dumpall",
            "pg_dumpall -c",
            "pg_basebackup -D /b/base -Ft -z -X stream",
            "docker exec -t db pg_dump -U app shop",
        ] {
            assert_eq!(of(line).unwrap().extent, Extent::Whole, "{line}");
        }
        for line in [
            "pg_dump -s shop",
            "pg_dump -sFc shop",
            "pg_dump --schema-only shop",
            "pg_dump --section=pre-data shop",
            "pg_dump --exclude-table-data=* shop",
            "pg_dump --exclude-table-data *.* shop",
            "pg_dump -T public.* shop",
            "pg_dump -N public shop",
            "pg_dumpall -g",
            "pg_dumpall --roles-only",
            "docker exec db pg_dumpall --globals-only",
            "mysqldump --no-data shop",
        ] {
            assert!(matches!(of(line).unwrap().extent, Extent::NoData(_)), "{line}");
        }
        for line in ["pg_dump -t orders shop", "pg_dump --table=orders shop", "pg_dump --data-only shop", "pg_dump --section=data shop"] {
            assert!(matches!(of(line).unwrap().extent, Extent::Part(_)), "{line}");
        }
        for line in ["pg_dump -n shop shop", "pg_dump -T log shop", "pg_dump --exclude-table-data=audit.* shop"] {
            assert!(matches!(of(line).unwrap().extent, Extent::Limited(_)), "{line}");
        }
        assert_eq!(of("pg_dump --version"), None);
        assert_eq!(of("psql -c x"), None);
    }

    #[test]
    fn host_database_and_file_are_read() {
        let dump = of("pg_dump -h db -U app -Fc --file=/b/x.dump shop").unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!((dump.host, dump.database, dump.file, dump.user), (text("db"), text("shop"), text("/b/x.dump"), text("app")));
        let dump = of("pg_dump postgresql://app@db:5432/shop?sslmode=require").unwrap();
        assert_eq!((dump.host, dump.database), (text("db"), text("shop")));
        assert_eq!(of("pg_dump --dbname=shop").unwrap().database, text("shop"));
    }
}
