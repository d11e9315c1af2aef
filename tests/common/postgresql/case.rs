//! A configuration as a test case, and what gonogo answers for it, in the terms of `postgres -C`.

use std::collections::BTreeMap;

use gonogo::engines::postgresql::ServerFile;
use gonogo::engines::postgresql::catalogue::{Catalogue, Kind};
use gonogo::engines::postgresql::effective::{Defaults, ServerConfiguration, ServerInputs};
use gonogo::engines::postgresql::value::interpret;
use gonogo::model::{Datum, Interpolated, Provenance, Record, Secret, Setting, SettingState, Version, Why};
use gonogo::text::{Files, Source};

/// Files and command line of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    /// postgresql.conf.
    pub(crate) conf: String,
    /// Other files by path.
    pub(crate) files: BTreeMap<String, String>,
    /// postgresql.auto.conf.
    pub(crate) auto: Option<String>,
    /// Words of the command line.
    pub(crate) words: Vec<String>,
}

/// What is said of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The server starts with this value.
    Value(String),
    /// It does not start, for errors of these classes.
    Refused(Vec<String>),
}

impl Answer {
    /// Whether both accept with the same value, or both refuse for the same kinds of error.
    pub(crate) fn agrees_with(&self, server: &Self) -> bool {
        match (self, server) {
            (Self::Value(ours), Self::Value(theirs)) => ours == theirs,
            (Self::Refused(ours), Self::Refused(theirs)) => theirs.iter().all(|class| ours.iter().any(|ours| is_of_class(ours, class))),
            _ => false,
        }
    }
}

/// Whether our word for an error is one for the server's: some of ours say more.
fn is_of_class(ours: &str, class: &str) -> bool {
    match ours {
        "bom" => matches!(class, "unknown" | "syntax at-end"),
        "fixed-at-initdb" => matches!(class, "unknown" | "readonly"),
        ours => ours == class,
    }
}

/// What gonogo says of a case, for one major and the value of one setting.
pub(crate) fn ask_gonogo(case: &Case, major: u32, name: &str) -> Answer {
    let mut tree: Vec<(String, String)> = case.files.iter().map(|(path, text)| (path.clone(), text.clone())).collect();
    tree.push(("postgresql.conf".to_owned(), case.conf.clone()));
    // The server read them in its data directory.
    tree.push(("PG_VERSION".to_owned(), format!("{major}\n")));
    tree.extend(case.auto.iter().map(|text| ("postgresql.auto.conf".to_owned(), text.clone())));
    let files = Files::in_memory(tree);
    let line = Source::detached("command", &case.words.join(" "));
    let words: Vec<_> = case.words.iter().map(|word| word_of(&line, word)).collect();
    let file = |path: &str| ServerFile { display: path.to_owned(), server: Some(format!("/data/{path}")) };
    let (main, auto) = (file("postgresql.conf"), file("postgresql.auto.conf"));
    let to_display = |path: &str| match path.strip_prefix("/data") {
        Some(below) => Ok(below.trim_start_matches('/').to_owned()),
        None => Err(Why::new(format!("{path} was not given"))),
    };
    let inputs =
        ServerInputs { files: &files, main: Some(&main), auto: Some(&auto), to_display: &to_display, words: &words, environment: &[] };
    let effective = ServerConfiguration::read(&inputs).evaluate(&Version(vec![major]), &Defaults::default());
    let refused: Vec<String> =
        effective.problems.rows.iter().filter(|row| row.truth("fatal") == Some(true)).map(|row| class_of(row)).collect();
    if !refused.is_empty() {
        return Answer::Refused(refused);
    }
    match effective.settings.get(&name.to_ascii_lowercase()) {
        Some(SettingState::Known(setting)) => Answer::Value(printed(setting, major)),
        other => Answer::Value(format!("{other:?}")),
    }
}

fn word_of(line: &Source, text: &str) -> Interpolated {
    Interpolated {
        value: Some(text.to_owned()),
        raw: Secret::new(text),
        provenance: Provenance::Literal,
        variables: Vec::new(),
        span: line.span(0, line.text().len()),
        defined_at: None,
    }
}

/// As `postgres -C` prints it: in base units.
fn printed(setting: &Setting, major: u32) -> String {
    let entry = Catalogue::of(major).unwrap().entry(&setting.name);
    match (entry, setting.base) {
        (Some(entry), Some(base)) if entry.kind == Kind::Integer => interpret(entry, major, &format!("{base}")).unwrap().printed,
        (Some(entry), Some(base)) => interpret(entry, major, &format!("{base}")).unwrap().printed,
        _ => setting.shown.clone(),
    }
}

/// The class of a fatal problem, as the vector file names it.
fn class_of(problem: &Record) -> String {
    let code = problem.text("code").unwrap();
    let message = problem.text("message").unwrap();
    match code {
        "unknown-setting" | "removed-setting" | "needs-newer-major" => "unknown".to_owned(),
        "out-of-range" if message.contains("exceeds the server's integers") => "overflow".to_owned(),
        "out-of-range" => "range".to_owned(),
        "invalid-value" | "bad-unit" => "invalid".to_owned(),
        "readonly-setting" => "readonly".to_owned(),
        "bom" | "fixed-at-initdb" => code.to_owned(),
        "include-missing" => "include".to_owned(),
        "include-recursion" => "recursion".to_owned(),
        "include-depth" => "depth".to_owned(),
        "command-line-error" => "command-line".to_owned(),
        _ => match problem.fields.get("found").map(|field| &field.datum) {
            Some(Datum::Known(token)) if token.as_text() == Some("\u{fffd}") => "syntax".to_owned(),
            Some(Datum::Known(token)) => format!("syntax near {token}"),
            _ => "syntax at-end".to_owned(),
        },
    }
}
