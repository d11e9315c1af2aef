//! Names that settings take: of time zones, character sets and resource managers, against the answers of servers.
//!
//! `tests/vectors/postgresql_words.txt` keeps the answers; where `GONOGO_POSTGRES` names servers, they are asked again.

use std::path::Path;

use super::helpers::servers::{run, servers};
use gonogo::engines::postgresql::catalogue::Catalogue;
use gonogo::engines::postgresql::value::interpret;

/// One answer.
struct Answer<'t> {
    name: &'t str,
    value: &'t str,
    takes: Vec<u32>,
    refuses: Vec<u32>,
    /// Whether it depends on the machine, or may be let pass although servers refuse it.
    open: bool,
}

fn answers() -> Vec<Answer<'static>> {
    let lines = include_str!("../../vectors/postgresql_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(answer).collect()
}

fn answer(line: &str) -> Answer<'_> {
    let open = line.starts_with("? ");
    let fields: Vec<&str> = line.strip_prefix("? ").unwrap_or(line).split(" | ").collect();
    let [name, value, takes, refuses] = fields.as_slice() else { panic!("four fields: {line}") };
    let majors = |text: &str| text.split_whitespace().map(|major| major.parse().unwrap()).collect();
    Answer { name, value, takes: majors(takes), refuses: majors(refuses), open }
}

#[test]
fn nothing_that_a_server_takes_is_refused_and_what_it_refuses_is_said() {
    let mut wrong = Vec::new();
    for Answer { name, value, takes, refuses, open } in answers() {
        let takes_it = |major: u32| interpret(Catalogue::of(major).unwrap().entry(name).unwrap(), major, value).is_ok();
        wrong.extend(takes.iter().filter(|major| !takes_it(**major)).map(|major| format!("{major} takes {name} = {value:?}")));
        let silent = refuses.iter().filter(|major| !open && takes_it(**major));
        wrong.extend(silent.map(|major| format!("{major} refuses {name} = {value:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_answers_are_those_of_the_servers() {
    let directory = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (major, program) in servers() {
        for Answer { name, value, takes, refuses, open } in answers() {
            let takes_it = takes.contains(&major);
            if !open && (takes_it || refuses.contains(&major)) && ask(&program, directory.path(), name, value) != takes_it {
                wrong.push(format!("{major}: {name} = {value:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ask(program: &str, directory: &Path, name: &str, value: &str) -> bool {
    let conf = directory.join("postgresql.conf");
    std::fs::write(&conf, format!("{name} = '{}'\n", value.replace('\'', "''"))).unwrap();
    run(program, directory, &["-D", directory.to_str().unwrap(), &format!("--config-file={}", conf.display()), "-C", name]).2
}

/// Every file of a server's own time zones is a name that is known.
#[test]
fn the_time_zones_of_the_servers_are_known() {
    let mut unknown = Vec::new();
    for (major, program) in servers() {
        let zones = Path::new(&program).parent().unwrap().parent().unwrap().join("share/postgresql/timezone");
        let entry = Catalogue::of(major).unwrap().entry("TimeZone").unwrap();
        for name in below(&zones, &zones) {
            if interpret(entry, major, &name).is_err() {
                unknown.push(format!("{major}: {name}"));
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

fn below(folder: &Path, root: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let of = |path: std::path::PathBuf| {
        if path.is_dir() { below(&path, root) } else { vec![path.strip_prefix(root).unwrap().to_string_lossy().into_owned()] }
    };
    entries.flat_map(|entry| of(entry.unwrap().path())).collect()
}
