//! What `--target-version` says of settings, held against servers of both majors: what the target refuses and the
//! present server takes, and nothing else, is a finding.
//!
//! Runs where `GONOGO_POSTGRES` names the programs, as `13=/opt/13/bin/postgres,17=/usr/lib/postgresql/17/bin/postgres`.

use std::path::Path;
use std::sync::Arc;

use super::helpers::servers::{run, servers};
use gonogo::audit::{self, Named, Request};
use gonogo::engines::postgresql::catalogue::{Catalogue, Context, Default, Entry, Kind};
use gonogo::model::{Version, parse_date};
use gonogo::report::Mode;
use gonogo::rules::RuleSet;
use gonogo::text::Files;

/// Values that are worth trying: those at which a later major may differ.
fn values(entry: &Entry) -> Vec<String> {
    let default = match entry.default {
        Default::Value(value) => vec![value.to_owned()],
        _ => Vec::new(),
    };
    let more = match entry.kind {
        Kind::Bool => vec!["on".to_owned(), "off".to_owned()],
        Kind::Enum => entry.words.iter().filter(|word| !word.build_dependent).map(|word| word.name.to_owned()).collect(),
        Kind::Integer if entry.most < 1e15 => vec![format!("{}", entry.least), format!("{}", entry.most)],
        Kind::Integer | Kind::Real => Vec::new(),
        Kind::String | Kind::List => vec![String::new()],
    };
    default.into_iter().chain(more).collect()
}

/// Whether a server takes a file.
fn takes(program: &str, directory: &Path, conf: &str) -> bool {
    let path = directory.join("postgresql.conf");
    std::fs::write(&path, conf).unwrap();
    let file = format!("--config-file={}", path.display());
    run(program, directory, &["-D", directory.to_str().unwrap(), &file, "-C", "work_mem"]).2
}

/// Whether an upgrade is said to fail for a setting.
fn is_refused_then(conf: &str, from: u32, to: u32) -> bool {
    let set = Arc::new(RuleSet::default());
    let mut request = Request::plain(Mode::Lint, parse_date("2026-11-20").unwrap(), set);
    request.engine_versions = vec![Version(vec![from]).into()];
    request.target_versions = vec![Version(vec![to]).into()];
    let files = Files::in_memory([("postgresql.conf".to_owned(), conf.to_owned())]);
    let survey = audit::survey(files, &Named::default(), &request);
    let view = survey.instances.first().unwrap().views.first().unwrap();
    view.subject.records.get("upgrade").unwrap().rows.iter().any(|row| row.text("code") == Some("refused-setting"))
}

/// Settings that the two majors describe differently, or that only one of them has.
fn differing(from: u32, to: u32) -> Vec<&'static Entry> {
    let (old, new) = (Catalogue::of(from).unwrap(), Catalogue::of(to).unwrap());
    let plain = |entry: &&Entry| {
        entry.listed && !entry.is_of_extension() && !entry.distribution_only && entry.late.is_empty() && entry.context != Context::Internal
    };
    let differs = |entry: &&'static Entry| new.entry(entry.name).is_none_or(|other| !std::ptr::eq(other, *entry));
    old.entries().filter(plain).filter(differs).collect()
}

#[test]
fn servers_refuse_what_an_upgrade_is_said_to_break() {
    let servers = servers();
    let mut wrong = Vec::new();
    for (from, old) in &servers {
        for (to, new) in servers.iter().filter(|(to, _)| *to == from + 1 || (*to == 18 && to > from)) {
            let directory = tempfile::tempdir().unwrap();
            for entry in differing(*from, *to) {
                for value in values(entry) {
                    let conf = format!("{} = '{value}'\n", entry.name);
                    let breaks = takes(old, directory.path(), &conf) && !takes(new, directory.path(), &conf);
                    if is_refused_then(&conf, *from, *to) != breaks {
                        wrong.push(format!("{from} to {to}: {conf}    it {}", if breaks { "breaks" } else { "does not break" }));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
