//! `pg_ident.conf`: maps from the names that the operating system or a certificate gives to roles.
//!
//! A single line that the server cannot read makes it ignore the whole file: at start there is then
//! no map at all, on reload the old ones stay. It starts nevertheless.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::hba::PathMapper;
use super::hba::problem::{Area, Problem, shown};
use super::hba::read::{Entry, Line, Reader, Word};
use super::hba::{is_anchored, regex::check_regex};
use crate::model::{Field, Record, RecordSet, Why};
use crate::text::{Files, Span};

/// One line of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentLine {
    /// Name of the map.
    pub map: String,
    /// The name that the client has outside the database; with a slash at its beginning a regular expression.
    pub system_user: String,
    /// The role that it may become.
    pub database_user: String,
    /// Whether the role stands in quotes, so that it is no keyword.
    pub quoted: bool,
    /// All of it.
    pub span: Span,
    /// Places of the three fields.
    pub places: [Span; 3],
}

/// What `pg_ident.conf` says, read as one release reads it.
#[derive(Debug, Default)]
pub struct IdentFile {
    /// Lines in order.
    pub lines: Vec<IdentLine>,
    /// Records of kind `problem`; a fatal one makes the server ignore the whole file.
    pub problems: Vec<Record>,
    /// Display paths of all files that were opened.
    pub paths: Vec<String>,
    /// Why something may be missing.
    pub incomplete: Option<Why>,
}

impl IdentFile {
    /// Names of the maps, when all of the file was seen.
    #[must_use]
    pub fn map_names(&self) -> Option<BTreeSet<String>> {
        self.incomplete.is_none().then(|| self.lines.iter().map(|line| line.map.clone()).collect())
    }
}

/// Reads the maps as the server of one release would.
#[must_use]
pub fn read(files: &Files, path: &str, major: u32, resolve: PathMapper<'_>) -> IdentFile {
    let reading = Reader::new(files, major, resolve, Area::Ident).read(path);
    let mut file = IdentFile { problems: reading.problems, paths: reading.paths, incomplete: reading.incomplete, ..IdentFile::default() };
    for entry in reading.entries {
        let Entry::Line(line) = entry else { continue };
        match read_line(&line, major) {
            Ok(Some(read)) => {
                let key = key(&read);
                file.problems.extend(remarks(&read, major).into_iter().map(|problem| problem.into_record(Area::Ident, &key)));
                file.lines.push(read);
            }
            Ok(None) => file.incomplete = file.incomplete.or_else(|| Some(Why::new("a file that pg_ident.conf names was not read"))),
            Err(problem) => file.problems.push(problem.into_record(Area::Ident, &line.key)),
        }
    }
    file
}

/// The records of kind `ident`, and a remark for each map that no rule names, when all rules were seen.
#[must_use]
pub fn records(file: &IdentFile, maps_used: Option<&BTreeSet<String>>) -> (RecordSet, Vec<Record>) {
    let mut unused = Vec::new();
    let mut reported = BTreeSet::new();
    let rows = file.lines.iter().map(|line| {
        let used = maps_used.map(|used| used.contains(&line.map));
        if used == Some(false) && reported.insert(line.map.as_str()) {
            let message = format!("No rule of pg_hba.conf names the map `{}`.", shown(&line.map));
            unused.push(Problem::remark("unused-map", line.places[0], message).name(&line.map).into_record(Area::Ident, &key(line)));
        }
        Arc::new(record(line, used))
    });
    let rows = rows.collect();
    (RecordSet { rows, incomplete: file.incomplete.clone() }, unused)
}

fn key(line: &IdentLine) -> String {
    format!("ident/{}/{}/{}", shown(&line.map), shown(&line.system_user), shown(&line.database_user))
}

fn record(line: &IdentLine, used: Option<bool>) -> Record {
    let [map, system, database] = line.places;
    let expression = line.system_user.strip_prefix('/');
    let mut record = Record::new("ident", key(line), Some(line.span))
        .with("map", Field::text(line.map.as_str(), Some(map)))
        .with("system_user", Field::text(line.system_user.as_str(), Some(system)))
        .with("database_user", Field::text(line.database_user.as_str(), Some(database)))
        .with("regex", Field::bool(expression.is_some(), Some(system)));
    if let Some(expression) = expression {
        record = record.with("anchored", Field::bool(is_anchored(expression), Some(system)));
    }
    let unknown = || Field::unknown(Why::needing("not all access rules were seen", "pg_hba.conf"));
    record.with("used", used.map_or_else(unknown, |used| Field::bool(used, Some(map))))
}

/// The line, or nothing when a part of it stands in a file that was not read.
fn read_line(line: &Line, major: u32) -> Result<Option<IdentLine>, Problem> {
    let mut words: Vec<&Word> = Vec::new();
    for field in line.fields.iter().take(3) {
        match field.words.as_slice() {
            [word] if word.unseen.is_some() => return Ok(None),
            [word] => words.push(word),
            _ => {
                let message = format!("A field of a user name map takes one name, not a list with commas. {IGNORED}");
                return Err(Problem::error("bad-line", field.span, message).expected("one name"));
            }
        }
    }
    let [map, system, database] = words.as_slice() else { return Err(too_short(line, major)) };
    for (word, expression) in [(system, true), (database, major >= 16)] {
        if let (true, Some(expression)) = (expression, word.text.strip_prefix('/')) {
            check_regex(expression).map_err(|reason| bad_regex(word, &reason))?;
        }
    }
    Ok(Some(IdentLine {
        map: map.text.clone(),
        system_user: system.text.clone(),
        database_user: database.text.clone(),
        quoted: database.quoted,
        span: line.span,
        places: [map.span, system.span, database.span],
    }))
}

const IGNORED: &str = "The server then ignores the whole file, so that no map exists after a restart.";

fn too_short(line: &Line, major: u32) -> Problem {
    let first = line.fields.first().and_then(|field| field.words.first()).map_or("", |word| word.text.as_str());
    if major < 16 && matches!(first, "include" | "include_if_exists" | "include_dir") {
        let message = format!("`{first}` exists from PostgreSQL 16 on; here the line is a map with a field missing. {IGNORED}");
        return Problem::error("feature-needs-newer-major", line.span, message).name(first).expected("PostgreSQL 16 or later");
    }
    let fields = line.fields.len();
    let message = format!("The line has {fields} of three fields: the map, the user of the operating system, the role. {IGNORED}");
    Problem::error("bad-line", line.span, message).found(&format!("{fields} fields")).expected("three fields")
}

fn bad_regex(word: &Word, reason: &str) -> Problem {
    let message =
        format!("`{}` begins with a slash, so it is a regular expression, and not a valid one: {reason}. {IGNORED}", shown(&word.text));
    Problem::error("bad-regex", word.span, message).name(&word.text).found(&word.text).expected("a valid regular expression")
}

fn remarks(line: &IdentLine, major: u32) -> Vec<Problem> {
    let mut found = Vec::new();
    let [_, system, database] = line.places;
    let expression = line.system_user.strip_prefix('/');
    if let Some(expression) = expression.filter(|expression| !is_anchored(expression)) {
        let message = format!(
            "The regular expression `/{}` matches any name that contains a match, since it has no `^` at its beginning or no `$` at its end.",
            shown(expression)
        );
        found.push(Problem::remark("regex-unanchored", system, message).name(&line.system_user).found(&line.system_user).expected("/^…$"));
    }
    if line.database_user.contains("\\1") && !expression.is_some_and(|expression| expression.contains('(')) {
        let message = "`\\1` stands for what the first parentheses of the regular expression matched, and there are none: every login by this line fails.";
        found.push(
            Problem::remark("no-capture", database, message).found(&line.database_user).expected("a regular expression with parentheses"),
        );
    }
    let role = line.database_user.as_str();
    let special = !line.quoted && (role == "all" || role.starts_with('+')) || role.starts_with('/');
    if special && major < 16 {
        let message =
            format!("Before PostgreSQL 16 `{}` is the literal name of a role, not a keyword, group or regular expression.", shown(role));
        found.push(Problem::remark("feature-needs-newer-major", database, message).name(role).expected("PostgreSQL 16 or later"));
    }
    if reaches_superuser(line, major) {
        let message = format!(
            "Whoever matches `{}` may log in as `{}`, which is or includes the superuser postgres.",
            shown(&line.system_user),
            shown(role)
        );
        found.push(
            Problem::remark("map-to-superuser", database, message).name(&line.map).found(role).expected("one named user for each role"),
        );
    }
    found
}

/// A pattern of users that may become the superuser, or a pattern of roles that holds it. What `\1` brings is the name itself.
fn reaches_superuser(line: &IdentLine, major: u32) -> bool {
    let role = line.database_user.as_str();
    let pattern = line.system_user.starts_with('/');
    let every_role = major >= 16
        && (!line.quoted && role == "all"
            || role.strip_prefix('/').is_some_and(|expression| matches!(expression, "" | ".*" | "^.*$" | "^.*" | ".*$" | ".")));
    every_role || (pattern && role == "postgres")
}
