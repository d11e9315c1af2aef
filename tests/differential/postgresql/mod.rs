//! Real servers and gonogo, asked about the same files.
//!
//! Runs where `GONOGO_POSTGRES` names the programs, as `13=/opt/13/bin/postgres,17=/usr/lib/postgresql/17/bin/postgres`.
//! `GONOGO_FULL` asks for the full matrix, `GONOGO_SEED` for another set of inputs, and `GONOGO_CORPUS` names a folder
//! whose `*postgresql*.conf`, `*pg_hba*.conf` and `*pg_ident*.conf` are compared as well.

#[path = "../../common/postgresql/mod.rs"]
mod helpers;

mod conf;
mod files;
mod hba;
mod printed;
mod settings;
mod started;

use std::path::Path;

use crate::random::{Random, inputs};
use conf::Tree;
use helpers::instance::{Cluster, Instance};
use helpers::servers::servers;

/// The mark of a data directory: a server reads its files there, and what is not there is missing.
fn in_data_directory() -> (String, String) {
    ("PG_VERSION".to_owned(), String::new())
}

/// What is asked of each server in one test: one major gets more in a usual run than the others.
fn for_each_server(what: &str, oldest: u32, [usual, full]: [usize; 2], mut test: impl FnMut(u32, &str, &mut Random, usize) -> Vec<String>) {
    let servers = servers();
    let newest = servers.iter().map(|(major, _)| *major).max();
    let mut wrong = Vec::new();
    for (major, program) in servers.iter().filter(|(major, _)| *major >= oldest) {
        let count = inputs(if Some(*major) == newest { usual } else { usual / 5 }, full);
        let mut random = Random::of(&format!("{what} of {major}"));
        let found = test(*major, program, &mut random, count);
        println!("{what} of {major} ({}): {count} inputs, {} differ", Path::new(program).display(), found.len());
        // At once: the full matrix takes long.
        found.iter().take(5).for_each(|difference| println!("{major}: {difference}"));
        wrong.extend(found.into_iter().map(|difference| format!("{major}: {difference}")));
    }
    let shown: Vec<&str> = wrong.iter().take(30).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} differ, as\n{}", wrong.len(), shown.join("\n"));
}

/// A server with an empty configuration: what it was started with and is gone from the file would be an error of every reading.
fn start(major: u32, program: &str) -> Instance {
    let cluster = Cluster::create(major, program, &["-A", "trust"]);
    cluster.write("postgresql.conf", b"");
    cluster.start()
}

/// Differences of one tree, with the tree.
fn of_tree(found: Vec<String>, tree: &Tree) -> Vec<String> {
    let shown: String = format!("{tree:?}").chars().take(1_500).collect();
    found.into_iter().map(|difference| format!("{difference}\n    of {shown}")).collect()
}

#[test]
fn access_rules_of_generated_files() {
    for_each_server("pg_hba.conf", 0, [1_500, 20_000], |major, program, random, count| {
        let server = start(major, program);
        let mut comparison = hba::Comparison::new(&server);
        let mut wrong = Vec::new();
        for _ in 0..count {
            let tree = hba::generate(random);
            wrong.extend(of_tree(comparison.differences(&tree), &tree));
        }
        wrong
    });
}

/// Releases before 15 have no view for them.
#[test]
fn user_name_maps_of_generated_files() {
    for_each_server("pg_ident.conf", 15, [500, 20_000], |major, program, random, count| {
        let server = start(major, program);
        let mut comparison = hba::Comparison::new(&server);
        let mut wrong = Vec::new();
        for _ in 0..count {
            let tree = hba::generate_ident(random);
            wrong.extend(of_tree(comparison.ident_differences(&tree), &tree));
        }
        wrong
    });
}

#[test]
fn settings_of_generated_files() {
    for_each_server("postgresql.conf", 0, [500, 20_000], |major, program, random, count| {
        let server = start(major, program);
        let mut comparison = conf::Comparison::new(&server);
        let entries = settings::compared(major);
        let mut wrong = Vec::new();
        for _ in 0..count {
            let tree = conf::generate(random, &entries);
            wrong.extend(of_tree(comparison.differences(&tree), &tree));
        }
        wrong
    });
}

#[test]
fn values_as_a_start_prints_them() {
    for_each_server("postgres -C", 0, [300, 3_000], printed::differences);
}

#[test]
fn settings_after_a_start() {
    for_each_server("pg_settings", 0, [10, 300], started::differences);
}

#[test]
fn files_that_people_wrote() {
    let mut wrong = Vec::new();
    for (major, program) in servers() {
        let (count, found) = files::differences(major, &program);
        println!("samples and corpus of {major} ({program}): {count} files, {} differ", found.len());
        wrong.extend(found.into_iter().map(|difference| format!("{major}: {difference}")));
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
