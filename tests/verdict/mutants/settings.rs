//! Every setting that PostgreSQL 16 takes, at values that it does not have: in the file, and on the command line.

use gonogo::engines::postgresql::catalogue::{Catalogue, Context, Default, Entry, Kind};
use gonogo::engines::postgresql::value::interpret;

use super::edit::{Edit, says_something, text};

const MAJOR: u32 = 16;
const FILE: &str = "db/postgresql.conf";
/// The last word of the server's command: what comes behind it wins.
const COMMAND: &str = "\"config_file=/etc/postgresql/postgresql.conf\"";

pub(super) fn edits() -> Vec<Edit> {
    let (conf, compose) = (text(FILE), text("compose.yaml"));
    let catalogue = Catalogue::of(MAJOR).unwrap();
    let set =
        catalogue.entries().filter(|entry| entry.context != Context::Internal && !entry.distribution_only && !entry.is_of_extension());
    let values: Vec<(&str, String)> = set.flat_map(|entry| odd_values(entry, &conf).into_iter().map(|value| (entry.name, value))).collect();
    let in_file = values.iter().map(|(name, value)| {
        let value = value.replace('\'', "''");
        Edit::of(format!("setting/file/{name}/{value}")).with(FILE, set_in(&conf, name, &value))
    });
    let on_command = values.iter().map(|(name, value)| {
        let word = serde_json::to_string(&format!("{name}={value}").replace('$', "$$")).unwrap();
        let command = compose.replacen(COMMAND, &format!("{COMMAND}, \"-c\", {word}"), 1);
        Edit::of(format!("setting/command/{name}/{value}")).with("compose.yaml", command)
    });
    in_file.chain(on_command).collect()
}

/// The file with a setting at a value.
fn set_in(conf: &str, name: &str, value: &str) -> String {
    let others = conf.lines().filter(|line| !says_something(line) || line.split_whitespace().next() != Some(name));
    others.map(|line| format!("{line}\n")).collect::<String>() + &format!("{name} = '{value}'\n")
}

/// Values that are not the one in force: the other one of two, the least and the most, every word, nothing, and nonsense.
fn odd_values(entry: &Entry, conf: &str) -> Vec<String> {
    let stated = conf.lines().find(|line| line.split_whitespace().next() == Some(entry.name));
    let stated = stated.and_then(|line| line.split_once('=')).map(|(_, value)| value.trim().trim_matches('\''));
    let default = match entry.default {
        Default::Value(value) => Some(value),
        Default::None | Default::Machine => None,
    };
    let number = |value: f64| if entry.kind == Kind::Real { format!("{value:e}") } else { format!("{value:.0}") };
    let mut values: Vec<String> = match entry.kind {
        Kind::Bool => vec!["on".to_owned(), "off".to_owned()],
        Kind::Integer | Kind::Real => vec![number(entry.least), number(entry.most)],
        Kind::Enum => entry.words.iter().map(|word| word.name.to_owned()).collect(),
        Kind::String | Kind::List => vec![String::new(), "nonsense".to_owned()],
    };
    // What the file says may also be taken back to the default.
    values.extend(stated.and(default).map(str::to_owned));
    // Another spelling of what is in force is no edit: `false` for off, `archive` for replica, 4096 for 4MB.
    let meaning = |value: &str| interpret(entry, MAJOR, value).ok().map(|meaning| meaning.printed);
    let in_force = stated.or(default);
    values.retain(|value| Some(value.as_str()) != in_force && (in_force.is_none() || meaning(value) != in_force.and_then(meaning)));
    values.dedup();
    values
}
