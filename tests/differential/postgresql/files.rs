//! Files that people wrote: the samples of each release, what `initdb` makes of them, and those of a folder.

use std::path::{Path, PathBuf};

use super::conf::Tree;
use super::helpers::instance::Cluster;
use super::{conf, hba, start};

/// Files of which kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Conf,
    Hba,
    Ident,
}

fn kind(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let is = |word: &str| name.contains(word) && (name.ends_with(".conf") || name.ends_with(".sample"));
    match () {
        () if is("pg_hba") => Some(Kind::Hba),
        () if is("pg_ident") => Some(Kind::Ident),
        () if is("postgres") => Some(Kind::Conf),
        () => None,
    }
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() { below(&path, found) } else { found.push(path) }
    }
    found.sort();
}

/// What server and gonogo say differently of every file, and how many were compared.
pub(crate) fn differences(major: u32, program: &str) -> (usize, Vec<String>) {
    let fresh = Cluster::create(major, program, &["-A", "trust"]);
    let mut paths: Vec<PathBuf> = ["postgresql.conf", "pg_hba.conf", "pg_ident.conf"].map(|name| fresh.data().join(name)).to_vec();
    let samples = paths.len();
    below(&fresh.share(), &mut paths);
    assert!(paths.len() > samples + 2, "no samples beside {program}");
    if let Some(corpus) = std::env::var_os("GONOGO_CORPUS") {
        below(Path::new(&corpus), &mut paths);
    }
    let server = start(major, program);
    let mut settings = conf::Comparison::new(&server);
    let mut rules = hba::Comparison::new(&server);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for path in paths {
        let Some(kind) = kind(&path) else { continue };
        // Of a file that is no UTF-8 gonogo says so, and nothing more.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let tree = |name: &str| Tree::from([(name.to_owned(), text.clone())]);
        let found = match kind {
            Kind::Conf => settings.differences(&tree("postgresql.conf")),
            Kind::Hba => rules.differences(&tree("pg_hba.conf")),
            Kind::Ident if major >= 15 => rules.ident_differences(&tree("pg_ident.conf")),
            Kind::Ident => continue,
        };
        compared += 1;
        wrong.extend(found.into_iter().map(|difference| format!("{}: {difference}", path.display())));
    }
    (compared, wrong)
}
