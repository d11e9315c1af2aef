//! Which value of a setting is in effect, which is not known, and what is said about the lines that set it.

use gonogo::engines::postgresql::ServerFile;
use gonogo::engines::postgresql::effective::{Defaults, Effective, ServerConfiguration, ServerInputs};
use gonogo::model::{Datum, Interpolated, OriginKind, Provenance, Secret, Setting, SettingState, Value, Version, Why, Word};
use gonogo::text::{Files, Source};

/// A tree of files in memory, and a command line.
struct Server<'a> {
    tree: &'a [(&'a str, &'a str)],
    words: &'a [&'a str],
    defaults: Defaults,
}

impl<'a> Server<'a> {
    fn of(tree: &'a [(&'a str, &'a str)]) -> Self {
        Self { tree, words: &[], defaults: Defaults::default() }
    }

    fn read(&self, version: &str) -> Effective {
        let files = Files::in_memory(self.tree.iter().copied());
        let file =
            |path: &str| self.tree.iter().any(|(known, _)| *known == path).then(|| ServerFile { display: path.to_owned(), server: None });
        let (main, auto) = (file("db/postgresql.conf"), file("db/postgresql.auto.conf"));
        let line = Source::detached("command", &self.words.join(" "));
        let words: Vec<Word> = self.words.iter().map(|word| word_of(&line, word)).collect();
        let to_display = |path: &str| {
            path.strip_prefix("/etc/db/").map(|below| format!("db/{below}")).ok_or_else(|| Why::new(format!("{path} was not given")))
        };
        let inputs = ServerInputs {
            files: &files,
            main: main.as_ref(),
            auto: auto.as_ref(),
            to_display: &to_display,
            words: &words,
            environment: &[],
        };
        ServerConfiguration::read(&inputs).evaluate(&version.parse::<Version>().unwrap(), &self.defaults)
    }
}

fn word_of(line: &Source, text: &str) -> Word {
    Interpolated {
        value: (!text.contains('$')).then(|| text.to_owned()),
        raw: Secret::new(text),
        provenance: Provenance::Literal,
        variables: Vec::new(),
        span: line.span(0, line.text().len()),
        defined_at: None,
    }
}

fn conf(text: &str, version: &str) -> Effective {
    Server::of(&[("db/postgresql.conf", text)]).read(version)
}

fn known<'e>(effective: &'e Effective, name: &str) -> &'e Setting {
    match effective.settings.get(name).unwrap() {
        SettingState::Known(setting) => setting,
        other => panic!("{name} is {other:?}"),
    }
}

fn is_unknown(effective: &Effective, name: &str) -> bool {
    matches!(effective.settings.get(name), Some(SettingState::Unknown(_)))
}

/// `code name` of every problem, with `!` where the server does not start.
fn problems(effective: &Effective) -> Vec<String> {
    let describe = |row: &std::sync::Arc<gonogo::model::Record>| {
        let fatal = if row.truth("fatal") == Some(true) { "!" } else { "" };
        format!("{}{fatal} {}", row.text("code").unwrap(), row.text("name").unwrap_or("")).trim_end().to_owned()
    };
    effective.problems.rows.iter().map(describe).collect()
}

#[test]
fn the_last_place_counts_and_tells_what_it_overrode() {
    let tree = [
        ("db/postgresql.conf", "work_mem = 1MB\ninclude_dir 'conf.d'\nshared_buffers = 1GB\n"),
        ("db/conf.d/10-memory.conf", "work_mem = 2MB\n"),
        ("db/conf.d/README", ""),
        ("db/postgresql.auto.conf", "shared_buffers = '2GB'\n"),
    ];
    let effective = Server { words: &["postgres", "-c", "work_mem=3MB"], ..Server::of(&tree) }.read("17");
    let work_mem = known(&effective, "work_mem");
    assert_eq!((work_mem.shown.as_str(), work_mem.base, work_mem.origin.kind), ("3MB", Some(3072.0), OriginKind::CommandLine));
    assert_eq!(work_mem.overrode.iter().map(|place| place.raw.as_str()).collect::<Vec<_>>(), ["1MB", "2MB"]);
    assert_eq!(known(&effective, "shared_buffers").value, Value::Bytes(2 << 30));
    assert_eq!(known(&effective, "fsync").origin.kind, OriginKind::Default);
    assert_eq!(problems(&effective), ["overridden-setting work_mem"]);
    let overridden: Vec<_> = effective.assignments.rows.iter().filter(|row| row.truth("in_effect") == Some(false)).collect();
    assert_eq!(overridden.len(), 3);
    assert!(
        overridden.iter().all(|row| row
            .fields
            .get("overridden_by")
            .unwrap()
            .record
            .as_ref()
            .is_some_and(|by| by.truth("in_effect") == Some(true)))
    );
}

#[test]
fn what_an_unseen_include_could_set_is_unknown() {
    let effective = conf("work_mem = 1MB\ninclude '/opt/secret.conf'\nfsync = off\n", "16");
    assert!(is_unknown(&effective, "work_mem") && is_unknown(&effective, "port"));
    assert_eq!(known(&effective, "fsync").value, Value::Bool(false));
    assert_eq!(effective.incomplete.as_ref().map(|why| why.reason.to_string()).as_deref(), Some("/opt/secret.conf was not given"));
    assert_eq!(problems(&effective), [""; 0]);
}

#[test]
fn a_missing_include_stops_the_server() {
    let effective = conf("include 'gone.conf'\ninclude_if_exists 'gone.conf'\nport = 1\n", "16");
    assert_eq!(problems(&effective), ["include-missing! include"]);
    assert!(is_unknown(&effective, "fsync"));
    assert_eq!(known(&effective, "port").value, Value::Integer(1));
}

#[test]
fn after_a_syntax_error_only_what_stands_before_it_is_known() {
    let effective = conf("fsync = off\nport = 1\nwork_mem = 1.5MB\nport = 2\n", "16");
    assert_eq!(known(&effective, "fsync").value, Value::Bool(false));
    for name in ["port", "work_mem", "shared_buffers"] {
        assert!(is_unknown(&effective, name), "{name}");
    }
    assert_eq!(problems(&effective), ["unquoted-value! work_mem", "duplicate-setting port"]);
    let quoted = effective.problems.rows[0].text("expected");
    assert_eq!(quoted, Some("work_mem = '1.5MB'"));
}

#[test]
fn names_are_judged_by_major() {
    let text = "shared_bufers = 1GB\ncheckpoint_segments = 3\nio_method = worker\nsort_mem = 4MB\nblock_size = 8192\nlc_ctype = C\n\
                pg_stat_statments.max = 5\nmy.own = 1\n";
    assert_eq!(
        problems(&conf(text, "17")),
        [
            "unknown-setting! shared_bufers",
            "removed-setting! checkpoint_segments",
            "needs-newer-major! io_method",
            "renamed-setting work_mem",
            "readonly-setting! block_size",
            "fixed-at-initdb! lc_ctype",
            "custom-prefix-typo pg_stat_statments.max",
        ]
    );
    let effective = conf("output_plugin_libraries = 'x'\n", "18.4");
    assert_eq!(problems(&effective), ["needs-newer-major! output_plugin_libraries"]);
    assert_eq!(problems(&conf("output_plugin_libraries = 'x'\n", "18")), [""; 0]);
    assert_eq!(conf("", "17").settings.get("io_method"), Some(&SettingState::NotInVersion));
}

#[test]
fn values_are_judged_by_major_and_only_where_the_server_looks() {
    assert_eq!(problems(&conf("work_mem = bad\nwork_mem = 4MB\n", "17")), ["duplicate-setting work_mem"]);
    assert_eq!(problems(&conf("Work_Mem = bad\nwork_mem = 4MB\n", "17")), ["duplicate-setting work_mem", "invalid-value! work_mem"]);
    assert_eq!(problems(&conf("password_encryption = on\n", "13")), [""; 0]);
    assert_eq!(problems(&conf("password_encryption = on\n", "14")), ["invalid-value! password_encryption"]);
    assert_eq!(problems(&conf("work_mem = 4mb\n", "17")), ["bad-unit! work_mem"]);
    assert_eq!(problems(&conf("log_file_mode = 640\n", "17")), ["out-of-range! log_file_mode"]);
    assert_eq!(problems(&conf("statement_timeout = 500us\n", "17")), ["rounds-to-zero statement_timeout"]);
    assert_eq!(problems(&conf("port = 05432\n", "17")), ["octal-surprise port"]);
    assert_eq!(problems(&conf("listen_addresses = 'a,,b'\n", "17")), ["invalid-value! listen_addresses"]);
    // The library would warn and take its default.
    assert_eq!(problems(&conf("pg_stat_statements.max = x\n", "17")), ["invalid-value pg_stat_statements.max"]);
}

#[test]
fn special_values_are_told_by_their_word() {
    let effective = conf("statement_timeout = 0\nwal_buffers = -1\nidle_session_timeout = 5min\n", "17");
    assert_eq!(known(&effective, "statement_timeout").special, Some("off"));
    assert_eq!((known(&effective, "wal_buffers").special, &known(&effective, "wal_buffers").value), (Some("auto"), &Value::Bytes(-1)));
    assert_eq!(known(&effective, "idle_session_timeout").value, Value::Duration(300_000_000));
}

#[test]
fn settings_of_extensions_exist_where_they_are_loaded() {
    assert_eq!(conf("", "17").settings.get("pg_stat_statements.max"), Some(&SettingState::Absent));
    let effective = conf("shared_preload_libraries = 'pg_stat_statements, auto_explain'\nmy.own = 'x'\n", "17");
    assert_eq!(known(&effective, "pg_stat_statements.max").value, Value::Integer(5000));
    assert_eq!(known(&effective, "my.own").value, Value::text("x"));
}

#[test]
fn variables_without_values_are_unknown() {
    let tree = [("db/postgresql.conf", "port = 1\n")];
    let effective = Server { words: &["-c", "work_mem=$MEM", "-c", "fsync=off"], ..Server::of(&tree) }.read("17");
    assert!(is_unknown(&effective, "work_mem"));
    assert_eq!(known(&effective, "port").value, Value::Integer(1));
    let effective = Server { words: &["-c", "port=2", "-c", "$ANY", "-c", "fsync=off"], ..Server::of(&tree) }.read("17");
    assert!(is_unknown(&effective, "port") && is_unknown(&effective, "work_mem"));
    assert_eq!(known(&effective, "fsync").value, Value::Bool(false));
}

#[test]
fn defaults_are_believed_only_where_they_are_in_force() {
    let unseen = Defaults { unseen: Some(Why::new("postgresql.conf was not given")), ..Defaults::default() };
    let effective = Server { words: &["-c", "port=2"], defaults: unseen, ..Server::of(&[]) }.read("17");
    assert!(is_unknown(&effective, "fsync") && is_unknown(&effective, "data_checksums"));
    assert_eq!(known(&effective, "port").value, Value::Integer(2));
    let image = Defaults { image: vec![("listen_addresses".to_owned(), "*".to_owned())], ..Defaults::default() };
    let effective = Server { defaults: image, ..Server::of(&[]) }.read("17");
    let addresses = known(&effective, "listen_addresses");
    assert_eq!((&addresses.value, addresses.origin.kind), (&Value::List(vec!["*".to_owned()]), OriginKind::ImageDefault));
    assert_eq!(known(&effective, "log_checkpoints").value, Value::Bool(true));
    assert!(is_unknown(&effective, "data_checksums"));
}

#[test]
fn every_problem_has_a_place_and_a_sentence() {
    let text = "\u{feff}a = 1\nlisten_addresses = *\nlog_directory = /var/log\ninclude x.conf\na.b.c = 1\nlog_line_prefix = 'a\nb'\nwork_mem: 4MB\n[pg]\nx = \"a\"\n";
    let effective = conf(text, "17");
    let codes: Vec<_> = problems(&effective).iter().map(|problem| problem.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(
        codes,
        [
            "bom!",
            "unquoted-value!",
            "unquoted-value!",
            "include-unquoted!",
            "bad-custom-name!",
            "line-break-in-string!",
            "line-break-in-string!",
            "syntax-error!",
            "syntax-error!",
            "syntax-error!",
            "unknown-setting!",
        ]
    );
    for row in &effective.problems.rows {
        assert!(row.span.is_some());
        let message = row.text("message").unwrap();
        assert!(message.ends_with(['.', '\'']) && !message.contains(".."), "{message}");
        assert!(!matches!(row.fields.get("code").unwrap().datum, Datum::Absent));
    }
}
