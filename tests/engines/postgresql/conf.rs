//! What servers make of postgresql.conf, against what gonogo makes of it: `tests/vectors/postgresql_conf.txt`,
//! then properties over generated text, and the time that a large file takes.

use std::time::Instant;

use super::helpers::case::{Answer, Case, ask_gonogo};
use gonogo::engines::postgresql::effective::{Defaults, Effective, ServerConfiguration, ServerInputs};
use gonogo::engines::postgresql::{ServerFile, value};
use gonogo::formats::pg_conf;
use gonogo::model::{SettingState, Version, Why};
use gonogo::text::{Files, Source};
use proptest::prelude::*;

/// One block of the vector file: a case, and the answers by major.
struct Vector {
    case: Case,
    expected: Vec<(u32, u32, String, Answer)>,
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../vectors/postgresql_conf.txt");
    text.split("\n\n").skip(1).map(vector).collect()
}

fn vector(block: &str) -> Vector {
    let mut vector = Vector { case: Case::default(), expected: Vec::new() };
    for line in block.lines().filter(|line| !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "conf" => vector.case.conf.push_str(&format!("{rest}\n")),
            "raw" => vector.case.conf = unescape(rest),
            "auto" => vector.case.auto.get_or_insert_default().push_str(&format!("{rest}\n")),
            "word" => vector.case.words.push(rest.to_owned()),
            "file" => {
                let (path, text) = rest.split_once(' ').unwrap_or((rest, ""));
                vector.case.files.entry(path.to_owned()).or_default().push_str(&format!("{text}\n"));
            }
            majors => {
                let (first, last) = majors.split_once('-').unwrap_or((majors, majors));
                let (name, answer) = match rest.strip_prefix("error ") {
                    Some(classes) => ("work_mem", Answer::Refused(unescape(classes).split(" | ").map(str::to_owned).collect())),
                    None => {
                        let (name, value) = rest.split_once(" =").unwrap();
                        (name, Answer::Value(unescape(value.strip_prefix(' ').unwrap_or(value))))
                    }
                };
                vector.expected.push((first.parse().unwrap(), last.parse().unwrap(), name.to_owned(), answer));
            }
        }
    }
    vector
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (character, length) = match &rest[at + 1..at + 2] {
            "n" => ('\n', 2),
            "r" => ('\r', 2),
            "t" => ('\t', 2),
            "0" => ('\0', 2),
            "u" => {
                let end = rest[at..].find('}').unwrap();
                (char::from_u32(u32::from_str_radix(&rest[at + 3..at + end], 16).unwrap()).unwrap(), end + 1)
            }
            other => (other.chars().next().unwrap(), 2),
        };
        out.push(character);
        rest = &rest[at + length..];
    }
    out + rest
}

#[test]
fn every_major_is_read_as_it_reads_itself() {
    let mut wrong = Vec::new();
    let vectors = vectors();
    assert!(vectors.len() > 500);
    for vector in &vectors {
        for (first, last, name, expected) in &vector.expected {
            for major in *first..=*last {
                let found = ask_gonogo(&vector.case, major, name);
                if !found.agrees_with(expected) {
                    wrong.push(format!("{major}: {:?}\n    server {expected:?}\n    gonogo {found:?}", vector.case));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn evaluate(text: &str) -> Effective {
    let files = Files::in_memory([("postgresql.conf", text)]);
    let main = ServerFile { display: "postgresql.conf".to_owned(), server: None };
    let nowhere = |path: &str| Err(Why::new(format!("{path} was not given")));
    let inputs = ServerInputs { files: &files, main: Some(&main), auto: None, to_display: &nowhere, words: &[], environment: &[] };
    let configuration = ServerConfiguration::read(&inputs);
    let of = |major| configuration.evaluate(&Version(vec![major]), &Defaults::default());
    for major in [10, 13, 18] {
        assert!(of(major).settings.contains_key("work_mem"));
    }
    of(18)
}

/// Lines that look like settings, with what usually goes wrong in them.
fn nasty_line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "work_mem",
        "Work_Mem",
        "sort_mem",
        "fsync",
        "port",
        "a.b",
        "my.a.b",
        "include",
        "include_dir",
        "lc_ctype",
        "é",
        "",
        "#",
    ]);
    let equals = prop::sample::select(vec!["=", " = ", " ", "", "==", ":", "\t=\t"]);
    let value = prop_oneof![
        "[0-9]{1,25}(\\.[0-9]{0,3})?(e[+-]?[0-9]{1,3})?[a-zA-Z]{0,3}",
        "'([^'\\\\\n]|''|\\\\.){0,12}'?",
        "[*/.,:;%$'\"\\\\a-z0-9 ]{0,12}",
        prop::sample::select(vec!["on", "off", "''", "'4MB'", "0x1p999999999", "-", "'\\777'", "'\0'"]).prop_map(str::to_owned),
    ];
    (name, equals, value, "( #.*)?").prop_map(|(name, equals, value, comment)| format!("{name}{equals}{value}{comment}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_makes_it_panic(text in "(?s).{0,200}") {
        evaluate(&text);
        let _ = pg_conf::claims("x.conf", &text);
    }

    #[test]
    fn nasty_lines_are_read_or_refused(lines in prop::collection::vec(nasty_line(), 0..12)) {
        let text = lines.join("\n");
        evaluate(&text);
        let source = Source::detached("postgresql.conf", &text);
        let conf = pg_conf::parse(&source);
        // Every span lies in the text, on character boundaries.
        for span in conf.diagnostics.iter().map(|diagnostic| diagnostic.span).chain(conf.statements.iter().map(|statement| statement.value_span)) {
            prop_assert!(text.get(span.range()).is_some());
        }
    }

    #[test]
    fn any_value_has_a_meaning_or_a_reason(raw in "(?s).{0,40}") {
        let catalogue = gonogo::engines::postgresql::catalogue::Catalogue::of(18).unwrap();
        for entry in catalogue.entries() {
            let _ = value::interpret(entry, 18, &raw);
        }
    }
}

/// Seconds that one byte takes, in a text that repeats `line` up to `size`.
fn time_per_byte(line: &str, size: usize) -> f64 {
    let text = line.repeat(size / line.len() + 1);
    let source = Source::detached("postgresql.conf", &text);
    let rounds = (100_000 / size).max(1);
    let best = (0..3).map(|_| {
        let start = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(pg_conf::parse(&source));
        }
        start.elapsed().as_secs_f64()
    });
    best.fold(f64::INFINITY, f64::min) / (rounds * text.len()) as f64
}

#[test]
fn the_time_per_byte_does_not_grow() {
    for line in
        ["work_mem = 4MB # comment\n", "# comment\n", "a = '\\'", "x = 'a''", "'", "name", "1.5MB ", "password = 'x\n", "password", "x://"]
    {
        let (small, large) = (time_per_byte(line, 10_000), time_per_byte(line, 500_000));
        // Square time would be 50 times as slow.
        assert!(large < small * 20.0 + 2e-7, "{line:?}: {small:e} s and {large:e} s per byte");
    }
}

#[test]
fn a_large_file_is_evaluated_in_linear_time() {
    let start = Instant::now();
    evaluate(&"work_mem = 4MB\nnosuch = 1\na.password = x\ninclude '/x'\ninclude ''\n".repeat(2_000));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn what_is_wrong_a_thousand_times_is_listed_so_often_and_the_last_line_counts() {
    let text = format!(
        "{}work_mem = 64MB\n{}",
        "work_mem = 4MB\n".repeat(3_000),
        (0..3_000).map(|n| format!("nosuch_{n} = 1\n")).collect::<String>()
    );
    let effective = evaluate(&text);
    let count = |code: &str| effective.problems.rows.iter().filter(|row| row.text("code") == Some(code)).count();
    assert_eq!((count("duplicate-setting"), count("unknown-setting")), (1_000, 1_000));
    assert_eq!(effective.bounds.iter().map(|cut| cut.more).collect::<Vec<_>>(), [2_499, 1_999, 1_999]);
    let in_effect: Vec<_> = effective.assignments.rows.iter().filter(|row| row.truth("in_effect") == Some(true)).collect();
    assert_eq!(in_effect.iter().map(|row| row.text("value")).collect::<Vec<_>>(), [Some("64MB")]);
    assert!(effective.assignments.incomplete.is_some(), "there are more than are listed");
    match effective.settings.get("work_mem") {
        Some(SettingState::Known(setting)) => {
            assert_eq!((setting.shown.as_str(), setting.overrode.len()), ("64MB", 100));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_secret_never_appears() {
    let text = "primary_conninfo = 'host=db password=hunter2'\napp.api_key = 'hunter2'\nDB_PASSWORD = hunter2\nDB_PASSWORD=hun@ter2 hunter2\n\
                archive_command = 'PGPASSWORD=hunter2 cp'\nwork_mem = 'password=hunter2'\nssl_passphrase_command = 'echo hunter2'\n";
    let files = Files::in_memory([("postgresql.conf", text)]);
    let main = ServerFile { display: "postgresql.conf".to_owned(), server: None };
    let nowhere = |path: &str| Err(Why::new(format!("{path} was not given")));
    let inputs = ServerInputs { files: &files, main: Some(&main), auto: None, to_display: &nowhere, words: &[], environment: &[] };
    let configuration = ServerConfiguration::read(&inputs);
    let effective = configuration.evaluate(&Version(vec![17]), &Defaults::default());
    let shown = format!("{:?}{configuration:?}", effective);
    assert!(!shown.contains("hunter2") && !shown.contains("ter2"), "{shown}");
    let source = files.read("postgresql.conf").unwrap();
    for line in 1..=source.line_count() {
        let excerpt = source.excerpt_of_line(line, source.span(0, 0)).text;
        assert!(!excerpt.contains("hunter2"), "{excerpt}");
    }
    let setting = effective.settings.get("primary_conninfo");
    assert!(matches!(setting, Some(SettingState::Known(_) | SettingState::Unknown(_))));
}
