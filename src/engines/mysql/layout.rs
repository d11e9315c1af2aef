//! Which option files make one server.
//!
//! A main file and what it includes are one. So are the main files of one machine, which a server reads one after the other,
//! and folders of fragments beside each other, whose main file was not given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::formats::my_cnf::{self, Statement};
use crate::text::path::{folder_of, name_of};
use crate::text::{Files, Source};

/// Folders of fragments, in the order in which the main file of a distribution includes them.
const FRAGMENTS: [&str; 4] = ["conf.d", "mysql.conf.d", "mariadb.conf.d", "my.cnf.d"];

/// Main files by their usual names. The first of a folder is what the others lead to.
const MAINS: [&str; 5] = ["mariadb.cnf", "mysql.cnf", "my.cnf", "my.ini", "mysqld.cnf"];

/// The files that one server reads by itself, in their order; what they include is not among them.
pub(super) type Chain = Vec<String>;

/// Chains of main files, and of what may be a fragment of one of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chains {
    pub mains: Vec<Chain>,
    pub fragments: Vec<Chain>,
}

/// The servers of some files, which are sorted by their paths.
pub(super) fn chains(sources: &[Arc<Source>], files: &Files) -> Chains {
    let mut mains: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut fragments: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for source in sources {
        let (path, folder) = (source.path(), folder_of(source.path()));
        if let Some(at) = FRAGMENTS.iter().position(|name| *name == name_of(folder)) {
            fragments.entry(folder_of(folder).to_owned()).or_default().push((at, path.to_owned()));
        } else if includes(source) || MAINS.contains(&name_of(path)) {
            mains.entry(folder.to_owned()).or_default().push(path.to_owned());
        } else {
            fragments.entry(path.to_owned()).or_default().push((0, path.to_owned()));
        }
    }
    let of_folder = mains.into_values().flat_map(|paths| of_folder(paths, files)).collect();
    let in_order = |mut paths: Vec<(usize, String)>| {
        paths.sort();
        paths.into_iter().map(|(_, path)| path).collect()
    };
    Chains { mains: join_machines(of_folder), fragments: fragments.into_values().map(in_order).collect() }
}

fn includes(source: &Source) -> bool {
    my_cnf::parse(source).statements.iter().any(|statement| matches!(statement, Statement::Include(_)))
}

/// The main files of a folder: a link and what it leads to are one.
fn of_folder(mut paths: Vec<String>, files: &Files) -> Vec<Chain> {
    let rank = |path: &String| MAINS.iter().position(|name| *name == name_of(path)).unwrap_or(MAINS.len());
    paths.sort_by_key(rank);
    let text = |path: &String| files.read(path).ok();
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    let is_new = |path: &String| text(path).is_none_or(|source| seen.insert(Arc::from(source.text())));
    paths.into_iter().filter(is_new).map(|path| vec![path]).collect()
}

/// `etc/my.cnf` and `etc/mysql/my.cnf` of one machine are read one after the other.
fn join_machines(mains: Vec<Chain>) -> Vec<Chain> {
    let mut joined: Vec<Chain> = Vec::new();
    for chain in mains {
        let below = chain.first().and_then(|path| folder_of(path).strip_suffix("mysql")).map(|folder| format!("{folder}my.cnf"));
        let is_etc = |path: &String| below.as_ref() == Some(path) && name_of(folder_of(path)) == "etc";
        match joined.iter_mut().find(|earlier| earlier.iter().any(is_etc)) {
            Some(earlier) => earlier.extend(chain),
            None => joined.push(chain),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tree: &[(&str, &str)]) -> Chains {
        let files = Files::in_memory(tree.iter().copied());
        let mut sources: Vec<Arc<Source>> = tree.iter().map(|(path, _)| files.read(path).unwrap()).collect();
        sources.sort_by(|a, b| a.path().cmp(b.path()));
        chains(&sources, &files)
    }

    #[test]
    fn main_files_of_one_machine_are_one_server() {
        let found = of(&[
            ("db1/etc/my.cnf", "[mysqld]\nport=1\n"),
            ("db1/etc/mysql/mariadb.cnf", "!includedir /etc/mysql/conf.d/\n"),
            ("db1/etc/mysql/my.cnf", "!includedir /etc/mysql/conf.d/\n"),
            ("db1/etc/mysql/conf.d/a.cnf", "[mysqld]\n"),
            ("db2/etc/mysql/my.cnf", "[mysqld]\n"),
        ]);
        assert_eq!(
            found.mains,
            [vec!["db1/etc/my.cnf", "db1/etc/mysql/mariadb.cnf"], vec!["db2/etc/mysql/my.cnf"]]
                .map(|chain| chain.into_iter().map(str::to_owned).collect::<Vec<_>>())
        );
        assert_eq!(found.fragments, [["db1/etc/mysql/conf.d/a.cnf".to_owned()]]);
    }

    #[test]
    fn fragments_beside_each_other_are_one_server() {
        let found = of(&[
            ("mysql/conf.d/a.cnf", "[mysqld]\n"),
            ("mysql/mariadb.conf.d/50-server.cnf", "[mysqld]\n"),
            ("mysql/mariadb.conf.d/60-x.cnf", "[mysqld]\n"),
            ("other/tuning.cnf", "[mysqld]\n"),
        ]);
        let expected =
            [vec!["mysql/conf.d/a.cnf", "mysql/mariadb.conf.d/50-server.cnf", "mysql/mariadb.conf.d/60-x.cnf"], vec!["other/tuning.cnf"]];
        assert_eq!(found.fragments, expected.map(|chain| chain.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    }
}
