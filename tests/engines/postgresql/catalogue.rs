//! The catalogue of settings against real servers, where `GONOGO_POSTGRES` names them.
//!
//! `postgres --describe-config` prints names, types, contexts and ranges; `postgres -C NAME` prints a default.

use std::path::Path;

use super::helpers::servers::{run, servers};
use gonogo::engines::postgresql::catalogue::{Catalogue, Context, Default, Entry, Kind};
use gonogo::engines::postgresql::value::interpret_default;

/// Defaults that the machine or the time of asking decides.
const OF_THE_MACHINE: [&str; 6] = ["log_timezone", "TimeZone", "max_stack_depth", "application_name", "event_source", "ssl_ciphers"];

/// What a server says of one setting, in the words of the catalogue.
fn described(entry: &Entry) -> [String; 4] {
    let kind = match entry.kind {
        Kind::Bool => "BOOLEAN",
        Kind::Integer => "INTEGER",
        Kind::Real => "REAL",
        Kind::Enum => "ENUM",
        Kind::String | Kind::List => "STRING",
    };
    let context = match entry.context {
        Context::Internal => "internal",
        Context::Postmaster => "postmaster",
        Context::Sighup => "sighup",
        Context::Backend => "backend",
        Context::User => "user",
    };
    let bound = |bound: f64| match entry.kind {
        Kind::Integer | Kind::Real if bound == f64::MAX => "1.79769e+308".to_owned(),
        Kind::Real if bound >= 1e6 => format!("{bound:e}").replace('e', "e+0").replace("e+010", "e+10"),
        Kind::Integer | Kind::Real => format!("{bound}"),
        _ => String::new(),
    };
    [kind.to_owned(), context.to_owned(), bound(entry.least), bound(entry.most)]
}

#[test]
fn types_ranges_and_defaults_are_those_of_the_servers() {
    let mut wrong = Vec::new();
    for (major, program) in servers() {
        let catalogue = Catalogue::of(major).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let output = run(&program, directory.path(), &["--describe-config"]);
        let lines: Vec<Vec<&str>> =
            output.0.lines().map(|line| line.split('\t').collect()).filter(|fields: &Vec<_>| fields.len() > 7).collect();
        assert!(lines.len() > 200, "{program}: {}", output.1);
        for fields in lines {
            let Some(entry) = catalogue.entry(fields[0]) else {
                wrong.push(format!("{major}: {} is not in the catalogue", fields[0]));
                continue;
            };
            let context = fields[1].replace("superuser-backend", "backend").replace("superuser", "user");
            let server = [fields[3].to_owned(), context, fields[5].to_owned(), fields[6].to_owned()];
            if server != described(entry) {
                wrong.push(format!("{major}: {} is {server:?}, not {:?}", entry.name, described(entry)));
            }
        }
        wrong.extend(wrong_defaults(catalogue, &program, directory.path()));
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn wrong_defaults(catalogue: &Catalogue, program: &str, directory: &Path) -> Vec<String> {
    let conf = directory.join("postgresql.conf");
    std::fs::write(&conf, "").unwrap();
    let asked = |entry: &&Entry| {
        let plain = entry.late.is_empty() && !entry.distribution_only && !entry.is_of_extension() && entry.listed;
        plain && entry.context != Context::Internal && !OF_THE_MACHINE.contains(&entry.name)
    };
    let wrong = |entry: &Entry| {
        let Default::Value(default) = entry.default else { return None };
        let expected = interpret_default(entry, catalogue.major(), default).unwrap().printed;
        let found = run(program, directory, &["-D", directory.to_str()?, &format!("--config-file={}", conf.display()), "-C", entry.name]).0;
        (found.strip_suffix('\n') != Some(&expected))
            .then(|| format!("{}: {} defaults to {found:?}, not {expected:?}", catalogue.major(), entry.name))
    };
    catalogue.entries().filter(asked).filter_map(wrong).collect()
}
