//! Options behind a comment sign, where the stock file has them: `#max_connections = 100`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::catalogue;
use crate::formats::my_cnf::MyCnf;
use crate::model::Engine;
use crate::text::{Source, Span};

/// The first line of each option, by its canonical name.
pub(super) fn commented_out(source: &Source, file: &MyCnf) -> BTreeMap<String, Span> {
    let mut found = BTreeMap::new();
    for comment in file.comments.iter().filter(|comment| !comment.trailing) {
        let text = source.slice(comment.span).trim_start_matches(['#', ';', ' ', '\t']);
        let name = text.split(['=', '#']).next().unwrap_or("").trim_end();
        if name.is_empty() || name.contains(char::is_whitespace) {
            continue;
        }
        let name = name.replace('-', "_");
        if known().contains(name.as_str()) {
            found.entry(name).or_insert(comment.span);
        }
    }
    found
}

fn known() -> &'static BTreeSet<&'static str> {
    static KNOWN: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    KNOWN.get_or_init(|| [Engine::Mariadb, Engine::Mysql].into_iter().flat_map(catalogue::names).collect())
}
