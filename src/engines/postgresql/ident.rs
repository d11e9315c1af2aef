//! `pg_ident.conf`: maps from the names that the operating system or a certificate gives to roles.
//!
//! A single line that the server cannot read makes it ignore the whole file: at start there is then
//! no map at all, on reload the old ones stay. It starts nevertheless.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::hba::problem::{Area, Problem, shown};
use super::hba::read::{Entry, Line, Reader, Reading, TOO_MANY, Word};
use super::hba::{ImageRule, PathMapper};
use super::hba::{is_anchored, regex::check_regex};
use crate::model::bounds::{MOST_ACCESS_LINES, MOST_PROBLEMS, Tally};
use crate::model::{Cuts, Field, Record, RecordSet, Why};
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
    /// Bounds that were met.
    pub cuts: Cuts,
    /// Display paths of files that are included, and were not read for one.
    pub left_out: BTreeSet<String>,
    tally: Tally,
}

impl IdentFile {
    fn report(&mut self, problem: Problem, key: &str) {
        if self.tally.count(problem.code, Some(problem.span), &mut self.cuts) {
            self.problems.push(problem.into_record(Area::Ident, key));
        }
    }

    /// Takes over a problem of the reading, which counts those of its own.
    fn push(&mut self, problem: Record) {
        if self.problems.len() < 20 * MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Names of the maps, when all of the file was seen.
    #[must_use]
    pub fn map_names(&self) -> Option<BTreeSet<String>> {
        self.incomplete.is_none().then(|| self.lines.iter().map(|line| line.map.clone()).collect())
    }
}

/// Reads the maps as the server of one release would.
#[must_use]
pub fn read(files: &Files, path: &str, major: u32, resolve: PathMapper<'_>) -> IdentFile {
    read_at(files, path, None, major, resolve)
}

/// The same for a file that the server sees at another path than the one at hand.
#[must_use]
pub fn read_at(files: &Files, path: &str, server_path: Option<&str>, major: u32, resolve: PathMapper<'_>) -> IdentFile {
    let reader = Reader::new(files, major, resolve, Area::Ident);
    let reader = if let Some(server_path) = server_path { reader.seen_as(path, server_path) } else { reader };
    of_reading(reader.read(path), major)
}

/// The same for lines that stand in a list of another file, such as Patroni's, each at its place there.
#[must_use]
pub fn read_listed(files: &Files, lines: &[ImageRule], major: u32, resolve: PathMapper<'_>) -> IdentFile {
    let mut file = IdentFile::default();
    for line in lines {
        let mut read = of_reading(Reader::new(files, major, resolve, Area::Ident).read_text(&line.text), major);
        if let Some(span) = line.span {
            read.cuts = read.cuts.moved_to(span);
            read.lines.iter_mut().for_each(|line| (line.span, line.places) = (span, [span; 3]));
            read.problems.iter_mut().for_each(|problem| problem.move_to(span));
        }
        file.cuts.extend(read.cuts);
        if file.lines.len() >= MOST_ACCESS_LINES {
            file.incomplete = file.incomplete.or_else(|| Some(Why::new(TOO_MANY)));
            file.cuts.extend(line.span.map(|span| Cuts::of("lines", span, TOO_MANY)).unwrap_or_default());
            break;
        }
        file.lines.extend(read.lines);
        for problem in read.problems {
            file.push(problem);
        }
        file.incomplete = file.incomplete.or(read.incomplete);
    }
    file
}

fn of_reading(reading: Reading, major: u32) -> IdentFile {
    let mut file = IdentFile { paths: reading.paths, incomplete: reading.incomplete, ..IdentFile::default() };
    (file.cuts, file.left_out) = (reading.cuts, reading.left_out);
    for problem in reading.problems {
        file.push(problem);
    }
    for entry in reading.entries {
        let Entry::Line(line) = entry else { continue };
        match read_line(&line, major) {
            Ok(Some(read)) => {
                let key = key(&read);
                for problem in remarks(&read, major) {
                    file.report(problem, &key);
                }
                file.lines.push(read);
            }
            Ok(None) => file.incomplete = file.incomplete.or_else(|| Some(Why::new("a file that pg_ident.conf names was not read"))),
            Err(problem) if problem.span.source != line.span.source => {
                file.report(problem.related(line.span, "this line names the file"), &line.key(Area::Ident));
            }
            Err(problem) => file.report(problem, &line.key(Area::Ident)),
        }
    }
    file
}

/// The records of kind `ident`, and a remark for each map that no rule names, when all rules were seen.
#[must_use]
pub fn records(file: &mut IdentFile, maps_used: Option<&BTreeSet<String>>) -> (RecordSet, Vec<Record>) {
    let mut unused = Vec::new();
    let IdentFile { lines, cuts, tally, incomplete, .. } = file;
    let mut reported = BTreeSet::new();
    let rows = lines.iter().map(|line| {
        let used = maps_used.map(|used| used.contains(&line.map));
        if used == Some(false) && reported.insert(line.map.as_str()) && tally.count("unused-map", Some(line.places[0]), cuts) {
            let message = format!("No rule of pg_hba.conf names the map `{}`.", shown(&line.map));
            unused.push(Problem::remark("unused-map", line.places[0], message).name(&line.map).into_record(Area::Ident, &key(line)));
        }
        Arc::new(record(line, used))
    });
    let rows = rows.collect();
    (RecordSet { rows, incomplete: incomplete.clone() }, unused)
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
    if first.starts_with('\u{feff}') {
        let message = format!("The file begins with a byte order mark, which the server takes as a word. {IGNORED}");
        return Problem::error("bom", line.span, message).expected("no byte order mark");
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
    let [map, system, database] = line.places;
    if line.map.starts_with('\u{feff}') {
        let message =
            "The file begins with a byte order mark, which the server takes as part of the name of this map, so that no rule finds it.";
        found.push(Problem::remark("bom", map, message).expected("no byte order mark"));
    }
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
            "Anyone who matches `{}` may log in as `{}`, which is or includes the superuser postgres.",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(text: &str, major: u32) -> IdentFile {
        let files = Files::in_memory([("pg_ident.conf", text), ("more.conf", "m carl carl\n")]);
        read(&files, "pg_ident.conf", major, &|_| None)
    }

    fn codes(text: &str, major: u32) -> Vec<String> {
        ident(text, major).problems.iter().filter_map(|problem| problem.text("code").map(str::to_owned)).collect()
    }

    #[test]
    fn problems_have_their_codes() {
        for (text, major, expected) in [
            ("m bob bob # fine\n", 16, [].as_slice()),
            ("m bob\n", 16, &["ident-bad-line"]),
            ("m a,b bob\n", 16, &["ident-bad-line"]),
            ("m /[ bob\n", 13, &["ident-bad-regex"]),
            ("m bob /[\n", 16, &["ident-bad-regex"]),
            ("m bob all\n", 15, &["ident-feature-needs-newer-major"]),
            ("m bob all\n", 16, &["ident-map-to-superuser"]),
            ("m bob \"all\"\n", 16, &[]),
            ("m /^(.*)@x\\.com$ \\1\n", 16, &[]),
            ("m /(.*)@x \\1\n", 16, &["ident-regex-unanchored"]),
            ("m /^bob$ \\1\n", 16, &["ident-no-capture"]),
            ("m /^.*$ postgres\n", 16, &["ident-map-to-superuser"]),
            ("\u{feff}m bob bob\n", 16, &["ident-bom"]),
            ("include more.conf\n", 15, &["ident-feature-needs-newer-major"]),
            ("include none.conf\n", 16, &["ident-missing-include"]),
        ] {
            assert_eq!(codes(text, major), expected, "{text:?} on {major}");
        }
    }

    #[test]
    fn one_bad_line_makes_the_server_ignore_the_whole_file() {
        let file = ident("m bob bob\nbad line\n", 16);
        assert_eq!(file.lines.len(), 1);
        assert_eq!(file.problems.iter().filter_map(|problem| problem.truth("fatal")).collect::<Vec<_>>(), [true]);
    }

    #[test]
    fn includes_count_and_unused_maps_are_told() {
        let mut file = ident("include more.conf\nn /^x$ bob\n", 16);
        assert_eq!(file.map_names(), Some(BTreeSet::from(["m".to_owned(), "n".to_owned()])));
        let (records, unused) = records(&mut file, Some(&BTreeSet::from(["m".to_owned()])));
        assert_eq!(unused.iter().filter_map(|problem| problem.text("name")).collect::<Vec<_>>(), ["n"]);
        assert_eq!(records.rows.iter().filter_map(|row| row.truth("used")).collect::<Vec<_>>(), [true, false]);
        assert_eq!(records.rows.last().and_then(|row| row.truth("anchored")), Some(true));
    }
}
