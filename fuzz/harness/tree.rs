//! A small tree of files in one text: a line `-- db/pg_hba.conf --` begins the file of that path.

use std::collections::BTreeMap;

use gonogo::text::Files;

/// Most files of one input.
const MOST_FILES: usize = 12;

/// Files by path.
pub struct Tree(pub BTreeMap<String, String>);

impl Tree {
    /// Splits a text into files. What stands before the first header is the file `first`.
    pub fn of(text: &str, first: &str) -> Self {
        let mut files = BTreeMap::new();
        let mut path = first.to_owned();
        let mut current = String::new();
        for line in text.split_inclusive('\n') {
            match header(line) {
                Some(next) if files.len() < MOST_FILES => {
                    files.insert(std::mem::replace(&mut path, next), std::mem::take(&mut current));
                }
                _ => current.push_str(line),
            }
        }
        files.insert(path, current);
        files.retain(|path, _| !path.is_empty());
        Self(files)
    }

    /// Adds a file, unless there is one of that path.
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.0.entry(path.to_owned()).or_insert_with(|| text.to_owned());
        self
    }

    /// Its files, in memory.
    pub fn files(&self) -> Files {
        Files::in_memory(self.0.iter().map(|(path, text)| (path.clone(), text.as_str())))
    }
}

/// The path of a header, as a walk would give it: relative, and downward.
fn header(line: &str) -> Option<String> {
    let path = line.strip_prefix("-- ")?.trim_end_matches(['\n', '\r']).strip_suffix(" --")?;
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let path = parts.join("/").replace('\0', "");
    (!path.is_empty() && path.len() < 200).then_some(path)
}
