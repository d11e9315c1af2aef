//! What releases make of texts.

use std::collections::BTreeMap;

use super::catalogue::{self, Default, RELEASES};
use super::effective::evaluate;
use super::reading;
use super::value::{integer, interpret, leading_integer, seconds};
use crate::engines::frame::Pass;
use crate::model::{SettingState, Why};
use crate::text::Files;

#[test]
fn every_row_of_the_table_is_whole() {
    for release in RELEASES {
        let names: Vec<_> = catalogue::of(release).map(|entry| entry.name).collect();
        assert!(names.len() >= 84 && names.windows(2).all(|pair| pair[0] < pair[1]), "{release}");
    }
    for entry in catalogue::entries() {
        if let Default::Value(value) = entry.default {
            assert!(interpret(entry, value).is_ok(), "{}", entry.name);
        }
    }
    assert_eq!(catalogue::known_from_to("suspend_timeout"), Some((15, 25)));
    assert_eq!(catalogue::known_from_to("max_prepared_statements"), Some((21, 26)));
}

#[test]
fn numbers_are_those_of_c() {
    let cases = [
        ("16", Some(16)),
        ("0x10", Some(16)),
        ("020", Some(16)),
        ("-5", Some(-5)),
        ("+5", Some(5)),
        ("08", None),
        ("", None),
        ("20k", None),
    ];
    for (text, number) in cases {
        assert_eq!(integer(text), number, "{text}");
    }
    assert_eq!(integer("4294967297"), Some(1));
    assert_eq!(integer("99999999999999999999"), Some(-1));
    for (text, number) in
        [("1.5", Some(1.5)), ("1e2", Some(100.0)), ("0x10", Some(16.0)), ("5s", None), ("-1", None), ("", None), ("1e999", None)]
    {
        assert_eq!(seconds(text), number, "{text}");
    }
    assert_eq!(["010", "10x", "abc", "-1"].map(leading_integer), [10, 10, 0, -1]);
}

fn state(text: &str, release: u32, name: &str) -> (String, Vec<String>) {
    let mut files = Files::in_memory([] as [(&str, &str); 0]);
    files.add_text("pgbouncer.ini", text);
    let nothing = |path: &str| Err(Why::new(format!("{path} was not given")));
    let reading = reading::read(&files, &nothing, "pgbouncer.ini");
    let effective = evaluate(&reading, release, None, Pass::Seen);
    let codes = effective.problems.iter().filter_map(|problem| problem.text("code").map(str::to_owned)).collect();
    let shown = match effective.settings.get(name) {
        Some(SettingState::Known(setting)) => setting.shown.clone(),
        Some(SettingState::Unknown(_)) => "?".to_owned(),
        other => format!("{other:?}"),
    };
    (shown, codes)
}

#[test]
fn a_second_main_section_begins_again() {
    let text = "[pgbouncer]\nauth_type = any\nauth_user = a\n[databases]\n[pgbouncer]\nlisten_port = 1\n";
    assert_eq!(state(text, 26, "auth_type"), ("md5".to_owned(), vec!["section-repeated".to_owned()]));
    assert_eq!(state(text, 26, "auth_user").0, "a");
}

#[test]
fn what_is_not_known_to_a_release_stops_it() {
    let text = "[pgbouncer]\nmax_prepared_statements = 10\npool_mod = session\n[databases]\na = reserve_pool_size=1 hots=h\n";
    assert_eq!(state(text, 18, "pool_mode").1, ["needs-newer-release", "unknown-setting", "needs-newer-release", "unknown-setting"]);
    assert_eq!(
        state(text, 24, "max_prepared_statements"),
        ("10".to_owned(), vec!["unknown-setting".to_owned(), "unknown-setting".to_owned()])
    );
    assert_eq!(state("[pgbouncer]\npool_mode = transaktion\n", 24, "pool_mode"), ("?".to_owned(), vec!["invalid-value".to_owned()]));
    assert_eq!(state("[databases]\n", 24, "pool_mode").1, ["section-missing"]);
}

#[test]
fn what_was_not_read_leaves_doubt() {
    let text = "[pgbouncer]\nauth_type = any\n%include /etc/other.ini\npool_mode = transaction\n";
    assert_eq!(state(text, 24, "auth_type").0, "?");
    assert_eq!(state(text, 24, "pool_mode").0, "transaction");
    assert_eq!(state(text, 24, "listen_port").0, "?");
    assert_eq!(state("[pgbouncer]\nauth_type = any\nnonsense\npool_mode = transaction\n", 24, "pool_mode").0, "?");
}

/// `\n`, `\t`, `\r`, `\u{...}` and `\\` of the vectors.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        rest = match after.chars().next() {
            Some('u') => {
                let (code, rest) = after.trim_start_matches("u{").split_once('}').unwrap();
                out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
                rest
            }
            sign => {
                out.push(match sign {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    _ => '\\',
                });
                after.get(1..).unwrap_or_default()
            }
        };
    }
    out + rest
}

/// What a release makes of a text, as the vectors say it.
fn told(text: &str, release: u32, of_base: &BTreeMap<String, String>) -> String {
    let mut files = Files::in_memory([] as [(&str, &str); 0]);
    let others = [
        ("o.ini", "default_pool_size = 7\n"),
        ("s.ini", "[databases]\nb = host=x\n"),
        ("sub/x.ini", "default_pool_size=8\n%include o.ini\n"),
    ];
    files.add_text("p.ini", text);
    others.iter().for_each(|(path, text)| files.add_text(path, text));
    let nothing = |path: &str| Err(Why::new(format!("{path} was not given")));
    let reading = reading::read(&files, &nothing, "p.ini");
    let gap = reading.steps.iter().any(|step| matches!(step, reading::Step::Gap(_)));
    let effective = evaluate(&reading, release, None, Pass::Seen);
    // The program looks for what was not given, and does not find it.
    if gap || effective.problems.iter().any(|problem| problem.truth("fatal") == Some(true)) {
        return "refused".to_owned();
    }
    let differs = |(name, value): &(String, String)| of_base.get(name) != Some(value);
    let shown = shown_settings(&effective.settings).into_iter().filter(differs);
    std::iter::once("ok".to_owned()).chain(shown.map(|(name, value)| format!("{name}={value}"))).collect::<Vec<_>>().join(" ")
}

/// Settings as `SHOW CONFIG` prints them: numbers in decimal, whatever their unit.
fn shown_settings(settings: &crate::model::Settings) -> BTreeMap<String, String> {
    let shown = |(name, state): (&str, &SettingState)| match state {
        SettingState::Known(setting) => {
            Some((name.to_owned(), setting.base.map_or_else(|| setting.shown.clone(), |number| number.to_string())))
        }
        SettingState::Absent => Some((name.to_owned(), String::new())),
        _ => None,
    };
    settings.iter().filter_map(shown).filter(|(name, _)| name != "conffile").collect()
}

#[test]
fn real_programs_make_the_same_of_texts() {
    let mut of_base: BTreeMap<u32, BTreeMap<String, String>> = BTreeMap::new();
    let mut text = String::new();
    let (mut count, mut wrong) = (0, Vec::new());
    for line in include_str!("../../../tests/vectors/pgbouncer_ini.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(escaped) = line.strip_prefix("= ").or_else(|| (line == "=").then_some("")) {
            text = unescape(escaped);
            continue;
        }
        let Some((releases, answer)) = line.split_once(": ") else { continue };
        for release in releases.split(' ').map(|release| release.strip_prefix("1.").unwrap().parse::<u32>().unwrap()) {
            let base = of_base.entry(release).or_insert_with(|| {
                let mut files = Files::in_memory([] as [(&str, &str); 0]);
                files.add_text("p.ini", &text);
                let nothing = |path: &str| Err(Why::new(path.to_owned()));
                shown_settings(&evaluate(&reading::read(&files, &nothing, "p.ini"), release, None, Pass::Seen).settings)
            });
            let (mut told, answer) = (told(&text, release, base), unescape(answer));
            if answer == "starts" && told.starts_with("ok") {
                told = "starts".to_owned();
            }
            if told != answer {
                wrong.push(format!("1.{release}: {text:?}: {told} instead of {answer}"));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 500, "{count}");
}
