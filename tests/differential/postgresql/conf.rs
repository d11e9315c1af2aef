//! Whole trees of `postgresql.conf`: `pg_file_settings`, and `pg_settings` after the session has read them again.
//!
//! One session judges any number of them. It takes what may change at a reload; what needs a restart it only
//! examines, and its value is compared in `printed.rs` and `started.rs`.

use std::collections::{BTreeMap, BTreeSet};

use gonogo::engines::postgresql::catalogue::{Catalogue, Context, Entry};
use gonogo::engines::postgresql::effective::{Defaults, Effective, ServerConfiguration, ServerInputs};
use gonogo::engines::postgresql::{ServerFile, value::interpret};
use gonogo::formats::pg_conf::{self, Directive};
use gonogo::model::{OriginKind, Record, SettingState, Version, Why};
use gonogo::text::{Files, Span};

use super::helpers::connection::{Connection, Reply, Row};
use super::helpers::instance::{Cluster, Instance};
use super::in_data_directory;
use super::settings::{NOT_COMPARED, compared, is_of_the_build, line, setting, value};
use crate::random::Random;

/// Files by their path below the data directory, `postgresql.conf` among them.
pub(crate) type Tree = BTreeMap<String, String>;

/// File and line.
type Place = (String, u32);

/// Reads trees as the server does, and compares.
pub(crate) struct Comparison<'s> {
    server: &'s Instance,
    cluster: &'s Cluster,
    session: Connection,
}

/// A line of `pg_file_settings`.
#[derive(Debug)]
struct Line {
    place: Place,
    name: Option<String>,
    setting: Option<String>,
    applied: bool,
    error: Option<String>,
}

/// What gonogo made of a tree.
struct Ours {
    files: Files,
    effective: Effective,
    statements: BTreeMap<Place, (String, String)>,
}

/// Every setting of a session is pinned, so that what the files say shows only in `reset_val` and does not disturb.
const PIN: &str = "select set_config(name, setting, false) from pg_settings where context in ('user', 'superuser') \
    and name not like 'lc\\_%' and name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable', 'role', \
    'session_authorization', 'seed', 'client_min_messages')";

impl<'s> Comparison<'s> {
    pub(crate) fn new(server: &'s Instance) -> Self {
        Self { server, cluster: &server.cluster, session: session(server) }
    }

    /// What the server and gonogo say differently of a tree.
    pub(crate) fn differences(&mut self, tree: &Tree) -> Vec<String> {
        self.cluster.write_tree(tree);
        self.session.reload();
        let reply = self.session.query(
            "select 'file', sourcefile, sourceline::text, name, setting, applied::text, error from pg_file_settings order by seqno; \
             select 'setting', lower(name), reset_val, sourcefile, sourceline::text, source from pg_settings",
        );
        self.cluster.remove_tree(tree);
        match reply {
            Ok(reply) => self.compare(tree, &reply),
            Err(error) => {
                self.session = session(self.server);
                vec![format!("the session failed: {error}")]
            }
        }
    }

    fn ours(&self, tree: &Tree) -> Ours {
        let files = Files::in_memory(tree.iter().map(|(path, text)| (path.clone(), text.clone())).chain([in_data_directory()]));
        let main = ServerFile { display: "postgresql.conf".to_owned(), server: Some("/data/postgresql.conf".to_owned()) };
        let to_display = |path: &str| match path.strip_prefix("/data/") {
            Some(below) => Ok(below.to_owned()),
            None => Err(Why::new(format!("{path} was not given"))),
        };
        let inputs = ServerInputs { files: &files, main: Some(&main), auto: None, to_display: &to_display, words: &[], environment: &[] };
        let configuration = ServerConfiguration::read(&inputs);
        let version = Version(vec![self.cluster.major]);
        let effective = configuration.evaluate(&version, &Defaults::default());
        let mut statements = BTreeMap::new();
        for path in configuration.paths() {
            let source = files.read(path).unwrap();
            for statement in pg_conf::parse(&source).statements {
                if statement.directive == Directive::Set {
                    let line = source.location(statement.name_span.start).line;
                    statements.insert((path.clone(), line), (statement.name, statement.value));
                }
            }
        }
        Ours { files, effective, statements }
    }

    fn compare(&self, tree: &Tree, reply: &Reply) -> Vec<String> {
        let ours = self.ours(tree);
        let data = format!("{}/", self.cluster.data().display());
        // Older releases name a file as the directive does.
        let below = |path: &str| {
            path.strip_prefix(&data).unwrap_or(path).replace("inc/../", "").replace("/./", "/").replace("./", "").replace("//", "/")
        };
        let lines: Vec<Line> =
            reply.rows.iter().filter(|row| row[0].as_deref() == Some("file")).map(|row| file_line(row, &below)).collect();
        let mut wrong = Vec::new();
        self.compare_lines(&ours, &lines, &mut wrong);
        let phase = compare_errors(self.cluster.major, &ours, &lines, &reply.notices, &mut wrong);
        if phase == Phase::Values {
            compare_applied(&ours, &lines, &mut wrong);
            self.compare_values(&ours, reply, &below, &mut wrong);
        }
        wrong
    }

    /// Names, values, files and line numbers.
    fn compare_lines(&self, ours: &Ours, lines: &[Line], wrong: &mut Vec<String>) {
        let mut theirs: Vec<Place> = Vec::new();
        for line in lines.iter().filter(|line| line.name.is_some()) {
            let (name, setting) = (line.name.clone().unwrap_or_default(), line.setting.clone().unwrap_or_default());
            match ours.statements.get(&line.place) {
                Some(found) if *found == (name.clone(), setting.clone()) => {}
                // A mark at the head of the file is told apart from the name.
                Some((found, text)) if name.strip_prefix('\u{feff}') == Some(found) && *text == setting => {}
                found => wrong.push(format!("{:?}: the server has {name} = {setting:?}, gonogo {found:?}", line.place)),
            }
            theirs.push(line.place.clone());
        }
        let assigned = ours.effective.assignments.rows.iter();
        let unknown = ours.effective.problems.rows.iter().filter(|row| is_unknown_name(row, self.cluster.major));
        let mut found: Vec<Place> = assigned.chain(unknown).filter_map(|row| ours.place(row.span?)).collect();
        theirs.sort();
        found.sort();
        let stopped = lines.iter().any(|line| line.error.is_some() && line.name.is_none());
        // A session gives a file up at its first error of grammar, and a directory at the first such file.
        let agree = if stopped { theirs.iter().all(|place| found.contains(place)) } else { theirs == found };
        if !agree {
            wrong.push(format!("the server reads the lines {theirs:?}, gonogo {found:?}"));
        }
    }

    fn compare_values(&self, ours: &Ours, reply: &Reply, below: &dyn Fn(&str) -> String, wrong: &mut Vec<String>) {
        let settings: BTreeMap<&str, &Row> = reply
            .rows
            .iter()
            .filter(|row| row[0].as_deref() == Some("setting"))
            .filter_map(|row| Some((row[1].as_deref()?, row)))
            .collect();
        for entry in compared(self.cluster.major).into_iter().filter(|entry| matches!(entry.context, Context::Sighup | Context::User)) {
            let Some(row) = settings.get(entry.key) else { continue };
            let from_file = row[3].is_some();
            let Some(SettingState::Known(setting)) = ours.effective.settings.get(entry.key) else { continue };
            if setting.origin.kind != OriginKind::File {
                if from_file {
                    wrong.push(format!("{}: the server has it from the file, gonogo from {:?}", entry.name, setting.origin.kind));
                }
                continue;
            }
            let printed = printed(entry, self.cluster.major, setting);
            // A word that this build does not know: an earlier line counts.
            if is_of_the_build(entry, &printed) {
                continue;
            }
            let differs_in_meaning = self.cluster.major >= 18 && entry.name == "log_connections";
            if row[2].as_ref() != Some(&printed) && !differs_in_meaning && !printed.contains("<redacted>") {
                wrong.push(format!("{}: the server has {:?}, gonogo {printed:?}", entry.name, row[2]));
            }
            let place = setting.origin.span.and_then(|span| ours.place(span));
            let theirs = row[3].as_ref().map(|path| (below(path), row[4].as_ref().map_or(0, |line| line.parse().unwrap())));
            if from_file && theirs != place {
                wrong.push(format!("{}: the server has it from {theirs:?}, gonogo from {place:?}", entry.name));
            }
        }
    }
}

fn session(server: &Instance) -> Connection {
    let mut session = server.connect();
    session.query(PIN).unwrap();
    session.query("set client_min_messages = debug3").unwrap();
    session
}

/// A value as the server shows it, in base units.
pub(crate) fn printed(entry: &Entry, major: u32, setting: &gonogo::model::Setting) -> String {
    match setting.base {
        Some(base) => interpret(entry, major, &format!("{base}")).unwrap().printed,
        None => setting.shown.clone(),
    }
}

impl Ours {
    /// Whether a line is the last of its file, and has no line end.
    fn ends_file(&self, (path, line): &Place) -> bool {
        self.files.read(path).is_ok_and(|source| !source.text().ends_with('\n') && *line == source.line_count())
    }

    fn includes_directory(&self) -> bool {
        self.effective.problems.rows.iter().any(|problem| problem.text("message").is_some_and(|text| text.contains("is a directory")))
    }

    fn place(&self, span: Span) -> Option<Place> {
        let source = self.files.source(span.source)?;
        Some((source.path().to_owned(), source.location(span.start).line))
    }
}

fn file_line(row: &Row, below: &dyn Fn(&str) -> String) -> Line {
    let place = (row[1].as_deref().map_or(String::new(), below), row[2].as_ref().map_or(0, |line| line.parse().unwrap()));
    Line { place, name: row[3].clone(), setting: row[4].clone(), applied: row[5].as_deref() == Some("true"), error: row[6].clone() }
}

/// The server goes on to the next of these only where the one before brought no error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Text,
    Names,
    Values,
}

fn code(problem: &Record) -> &str {
    problem.text("code").unwrap_or("")
}

/// Whether a problem is that the server does not know a name at all.
fn is_unknown_name(problem: &Record, major: u32) -> bool {
    let missing = problem.text("name").is_none_or(|name| Catalogue::of(major).unwrap().entry(name).is_none());
    match code(problem) {
        "unknown-setting" | "removed-setting" | "needs-newer-major" | "fixed-at-initdb" => missing,
        _ => false,
    }
}

/// In which phase the server meets a problem, and what it says of it.
fn class_of_problem(problem: &Record, major: u32, ours: &Ours) -> Option<(Phase, &'static str)> {
    if problem.truth("fatal") != Some(true) {
        return None;
    }
    let message = problem.text("message").unwrap_or("");
    let has_statement = problem.span.and_then(|span| ours.place(span)).is_some_and(|place| ours.statements.contains_key(&place));
    Some(match code(problem) {
        // Part of a name that is not known, or alone on its line.
        "bom" if has_statement => (Phase::Names, "unknown"),
        _ if is_unknown_name(problem, major) => (Phase::Names, "unknown"),
        "readonly-setting" | "fixed-at-initdb" => (Phase::Values, "invalid"),
        "out-of-range" if message.contains("exceeds the server's integers") => (Phase::Values, "overflow"),
        "out-of-range" => (Phase::Values, "range"),
        "invalid-value" | "bad-unit" => (Phase::Values, "invalid"),
        "include-missing" if message.contains("is a directory") => (Phase::Text, "directory"),
        "include-missing" => (Phase::Text, "include"),
        "include-recursion" => (Phase::Text, "recursion"),
        "include-depth" => (Phase::Text, "depth"),
        _ => (Phase::Text, "syntax"),
    })
}

/// What the server says of a line.
fn class_of_line(major: u32, line: &Line, lines: &[Line], notices: &[String]) -> Option<(Phase, &'static str)> {
    let error = line.error.as_deref()?;
    if error.starts_with("unrecognized configuration parameter") {
        return Some((Phase::Names, "unknown"));
    }
    if error != "setting could not be applied" {
        return Some(match error {
            _ if error.starts_with("syntax error") => (Phase::Text, "syntax"),
            _ if error.contains("recursion") => (Phase::Text, "recursion"),
            _ if error.contains("nesting depth") => (Phase::Text, "depth"),
            _ => (Phase::Text, "include"),
        });
    }
    // Newer releases say the setting's own name, older ones what is written.
    let key = |line: &Line| {
        let name = line.name.as_deref().unwrap_or("");
        Catalogue::of(major).unwrap().entry(name).map_or_else(|| name.to_lowercase(), |entry| entry.key.to_owned())
    };
    let written = line.name.as_deref().unwrap_or("").to_lowercase();
    // Of two spellings of a name, it cannot be told which is meant.
    if lines.iter().any(|other| key(other) == key(line) && other.name != line.name) {
        return Some((Phase::Values, "any"));
    }
    let mentions =
        |notice: &&String| [&written, &key(line)].iter().any(|name| notice.to_lowercase().contains(&format!("parameter \"{name}\"")));
    let about: Vec<&String> = notices.iter().filter(mentions).collect();
    let says = |what: &str| about.iter().any(|notice| notice.contains(what));
    match () {
        () if says("cannot be changed without restarting") => None,
        () if says("is outside the valid range") => Some((Phase::Values, "range")),
        () if says("Value exceeds integer range") => Some((Phase::Values, "overflow")),
        () => Some((Phase::Values, "invalid")),
    }
}

/// Compares the errors of the phase that the server got to, and tells which one that was.
fn compare_errors(major: u32, ours: &Ours, lines: &[Line], notices: &[String], wrong: &mut Vec<String>) -> Phase {
    let mut theirs: BTreeSet<(Place, &'static str)> = BTreeSet::new();
    let mut reached = Phase::Values;
    for line in lines {
        if let Some((phase, class)) = class_of_line(major, line, lines, notices) {
            reached = phase;
            // It reads a directory as a file, and complains of the file's first line.
            let directory = class == "include" && line.place.1 == 1 && ours.files.read(&line.place.0).is_err();
            if !(directory && ours.includes_directory()) {
                theirs.insert((line.place.clone(), class));
            }
        }
    }
    let mut found: BTreeSet<(Place, &'static str)> = BTreeSet::new();
    for problem in &ours.effective.problems.rows {
        match class_of_problem(problem, major, ours) {
            Some((phase, _)) if phase != reached && reached == Phase::Values => {
                wrong.push(format!("the server gets to the values, gonogo says {:?}", problem.text("message")));
            }
            Some((phase, _)) if phase != reached => {}
            Some((_, "directory")) => {}
            Some((_, class)) => drop(problem.span.and_then(|span| ours.place(span)).map(|place| found.insert((place, class)))),
            None => {}
        }
    }
    // Of a name without a value that ends the file, without a line end, the server tells the line before.
    let next = |(place, class): &(Place, &'static str)| ((place.0.clone(), place.1 + 1), *class);
    let meant = |error: (Place, &'static str)| {
        let moved = next(&error);
        if error.1 == "syntax" && !found.contains(&error) && found.contains(&moved) && ours.ends_file(&moved.0) { moved } else { error }
    };
    let mut theirs: BTreeSet<(Place, &'static str)> = theirs.into_iter().map(meant).collect();
    // Said of every line with such a name; the server looks at the last.
    let told: BTreeSet<&str> = theirs.iter().filter_map(|(place, _)| Some(ours.statements.get(place)?.0.as_str())).collect();
    let internal = |name: &str| Catalogue::of(major).unwrap().entry(name).is_some_and(|entry| entry.context == Context::Internal);
    found.retain(|error| match ours.statements.get(&error.0) {
        Some((name, _)) if internal(name) && told.contains(name.as_str()) => theirs.contains(error),
        _ => true,
    });
    let skipped = |(place, _): &(Place, &str)| {
        let Some((name, text)) = ours.statements.get(place) else { return false };
        let entry = Catalogue::of(major).unwrap().entry(name);
        reached == Phase::Values && entry.is_some_and(|entry| NOT_COMPARED.contains(&entry.name) || is_of_the_build(entry, text))
    };
    theirs.retain(|error| !skipped(error));
    found.retain(|error| !skipped(error));
    // Of a file with errors of grammar, a session tells the first.
    let later = |(place, _): &&(Place, &str)| theirs.iter().any(|(first, _)| first.0 != place.0 || first.1 <= place.1);
    let agree = match reached {
        Phase::Text => theirs.is_subset(&found) && found.iter().all(|error| later(&error)),
        Phase::Names | Phase::Values => theirs == found,
    };
    let differ: Vec<_> = theirs.symmetric_difference(&found).collect();
    let only_spelling = differ.iter().all(|(place, class)| *class == "any" || theirs.contains(&(place.clone(), "any")));
    if !(agree || reached == Phase::Values && only_spelling) {
        let lines: Vec<_> = differ.iter().map(|(place, class)| (place, class, ours.statements.get(place))).collect();
        wrong.push(format!("{reached:?}: one complains, the other does not: {lines:?} {notices:?}"));
    }
    reached
}

/// Which lines count: of each spelling of a name the last, where its value is valid.
fn compare_applied(ours: &Ours, lines: &[Line], wrong: &mut Vec<String>) {
    let in_effect: BTreeSet<Place> = ours
        .effective
        .assignments
        .rows
        .iter()
        .filter(|row| row.truth("in_effect") == Some(true))
        .filter_map(|row| ours.place(row.span?))
        .collect();
    let mut last: BTreeMap<String, &Line> = BTreeMap::new();
    for line in lines {
        last.insert(line.name.clone().unwrap_or_default().to_lowercase(), line);
        if line.applied && line.error.is_some() {
            wrong.push(format!("{:?} is applied with an error", line.place));
        }
    }
    for (name, line) in last {
        // An alias is another name to the server; it has no other names in common.
        if !in_effect.contains(&line.place) && !matches!(name.as_str(), "work_mem" | "maintenance_work_mem" | "sort_mem" | "vacuum_mem") {
            wrong.push(format!("{name}: the server applies the line {:?}, gonogo another", line.place));
        }
        if !line.applied && line.error.is_none() {
            wrong.push(format!("{name}: the last line is not applied: {line:?}"));
        }
    }
}

/// A tree with everything that may go wrong in it.
pub(crate) fn generate(random: &mut Random, entries: &[&'static Entry]) -> Tree {
    let mood = random.below(10);
    let mut tree = Tree::new();
    tree.insert("postgresql.conf".to_owned(), text(random, entries, mood, true));
    if random.once_in(4) {
        for path in
            ["inc/a.conf", "inc/b.conf", "inc/d/1.conf", "inc/d/B.conf", "inc/d/a.conf", "inc/d/.x.conf", "inc/d/z.txt", "inc/d/.conf"]
        {
            if random.below(3) > 0 {
                tree.insert(path.to_owned(), text(random, entries, mood, false));
            }
        }
        let main = tree.entry("postgresql.conf".to_owned()).or_default();
        for _ in 0..=random.below(3) {
            let includes = [
                "include 'inc/a.conf'\n",
                "include_dir 'inc/d'\n",
                "include_if_exists 'inc/b.conf'\n",
                "include_if_exists = 'inc/none'\n",
                "include = 'inc/b.conf'\n",
                "Include_Dir = 'inc'\n",
                "INCLUDE 'inc/d/1.conf'\n",
                "include_dir './inc//d/'\n",
                "include 'inc/../inc/a.conf'\n",
                "include inc\n",
                "include 'inc/none'\n",
                "include_dir 'inc/none'\n",
                "include ''\n",
                "include 'postgresql.conf'\n",
                "include 'inc'\n",
                "include a.conf\n",
                "include_dir inc\n",
                "include_dir ' '\n",
            ];
            let usual = if random.once_in(4) { includes.len() } else { 9 };
            main.push_str(includes[random.below(usual)]);
        }
        if random.once_in(2) {
            *main += &text(random, entries, mood, true);
        }
    }
    tree
}

fn text(random: &mut Random, entries: &[&'static Entry], mood: usize, main: bool) -> String {
    let mut text = String::new();
    let count = random.below(10);
    for _ in 0..=count {
        if random.once_in(6) && count > 0 {
            // The same setting again, perhaps spelled otherwise.
            let again: Option<String> = text.lines().next().map(str::to_owned);
            text += &again.unwrap_or_default();
        } else {
            text += &any_line(random, entries, mood, main);
        }
        text += random.one(&["\n", "\n", "\n", "\n", "\r\n", "\n\n", "\n \t\n"]);
    }
    match random.below(12) {
        0 => text.truncate(text.trim_end().len()),
        // A mark before an include is an unknown name to the server; gonogo says so and looks into the file all the same.
        1 if mood >= 7 && !text.to_lowercase().starts_with("include") => text.insert(0, '\u{feff}'),
        _ => {}
    }
    text
}

fn any_line(random: &mut Random, entries: &[&'static Entry], mood: usize, main: bool) -> String {
    let entry = entries[random.below(entries.len())];
    let strange = match mood {
        0..=5 => false,
        6 => random.once_in(4),
        _ => random.once_in(3),
    };
    if random.once_in(12) {
        return random.one(&["# comment", "", "\t # 'open", "#", "# a\\", "  ", "# work_mem = 1MB"]).to_owned();
    }
    if !main && random.once_in(8) {
        return random.one(&["include 'b.conf'", "include_if_exists 'x/none'", "include 'd/1.conf'", "include_dir 'd'"]).to_owned();
    }
    if random.once_in(10) {
        let name = random.one(&["my.own", "pg_stat_statements.max", "a.b", "é.ü", "My.Own", "_a._b", "auto_explain.log_min_duration"]);
        return line(random, name, "x 1", true);
    }
    if random.once_in(20) {
        let (name, value) = (random.one(&["sort_mem", "vacuum_mem", "work_mem", "maintenance_work_mem"]).to_owned(), value(random, entry));
        return line(random, &name, &value, true);
    }
    if !strange {
        return setting(random, entry, true);
    }
    if mood == 6 {
        let names =
            ["nosuch", "shared_bufers", "checkpoint_segments", "é", "io_method", "lc_collate", "block_size", "force_parallel_mode", "_"];
        let (name, value) = (random.one(&names).to_owned(), value(random, entry));
        return line(random, &name, &value, true);
    }
    match random.below(6) {
        0 => garbage(random),
        1 => random
            .one(&[
                "a.b.c = 1",
                "a-b = 1",
                "1a = 2",
                "= 3",
                "work_mem",
                "work_mem =",
                "[x]",
                "'work_mem' = 1",
                "work_mem = 'a\nb'",
                "a.1b = x",
            ])
            .to_owned(),
        2 => format!("{} = '{}'", entry.name, "word ".repeat(random.below(2000))),
        _ => setting(random, entry, false),
    }
}

/// Pieces of the grammar in no order.
fn garbage(random: &mut Random) -> String {
    let pieces = [
        "work_mem",
        "=",
        "'",
        "''",
        "\\",
        "#",
        " ",
        "\t",
        "1",
        "MB",
        ".",
        "e",
        "0x",
        "-",
        "+",
        ":",
        "/",
        "*",
        "\"",
        "é",
        "\u{feff}",
        "\u{c}",
        "\r",
        "\0",
        ";",
        "on",
        "\\'",
        "\\101",
        "\\377",
        "a.b",
        "include",
        "$",
        "@",
        "{",
        "\u{1f600}",
        "\u{7f}",
        "_",
    ];
    (0..random.below(14)).map(|_| pieces[random.below(pieces.len())]).collect()
}
