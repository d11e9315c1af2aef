//! Files that import each other in a circle are one file in pieces: neither can be read, tested or moved without the other.
//!
//! `circles.txt` lists those that are still to be opened; it may only become shorter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::sources::{is_test, sources};

/// A module, as its package and the names from its root.
type Name = Vec<String>;

/// What a file says of the names in it.
#[derive(Default)]
struct Module {
    file: String,
    /// Names that `use` brings in, with where they come from.
    bound: BTreeMap<String, Name>,
    /// Every path that the file names.
    paths: BTreeSet<Name>,
}

/// Every module of both packages.
struct Modules(BTreeMap<Name, Module>);

impl Modules {
    fn read() -> Self {
        let files = sources().into_iter().filter(|path| !is_test(path));
        Self(files.filter_map(|path| Some((name_of(&path)?, Module::read(&path)))).collect())
    }

    /// The module in which what a path means is defined; `None` for other crates, and for a path that ends at a module.
    fn home(&self, path: &[String], from: &Name, depth: usize) -> Option<Name> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => vec![from[0].clone()],
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            "gonogo_language" => vec!["language".to_owned()],
            _ => return self.within(from, path, depth).filter(|_| self.knows(from, first)),
        };
        self.within(&start, rest, depth)
    }

    fn knows(&self, module: &Name, name: &str) -> bool {
        self.0.contains_key(&child(module, name)) || self.0.get(module).is_some_and(|module| module.bound.contains_key(name))
    }

    /// The same for a path that begins within a module.
    fn within(&self, module: &Name, path: &[String], depth: usize) -> Option<Name> {
        let (first, rest) = path.split_first()?;
        if first == "super" {
            return self.within(&module[..module.len().checked_sub(1)?].to_vec(), rest, depth);
        }
        if self.0.contains_key(&child(module, first)) {
            return self.within(&child(module, first), rest, depth);
        }
        match self.0.get(module)?.bound.get(first).filter(|_| depth < 8) {
            Some(whole) => self.home(&whole.iter().chain(rest).cloned().collect::<Name>(), module, depth + 1),
            None => Some(module.clone()),
        }
    }

    /// Which files each file takes something from.
    fn imports(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let of = |name: &Name, module: &Module| {
            // What a folder's own module defines is what its files share.
            let homes = module.paths.iter().filter_map(|path| self.home(path, name, 0)).filter(|home| !name.starts_with(home));
            homes.filter_map(|home| self.0.get(&home)).map(|home| home.file.as_str()).collect()
        };
        self.0.iter().map(|(name, module)| (module.file.as_str(), of(name, module))).collect()
    }
}

fn child(module: &[String], name: &str) -> Name {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// `language/src/model/engine.rs` is `language::model::engine`.
fn name_of(path: &Path) -> Option<Name> {
    let text = path.to_str()?.strip_suffix(".rs")?;
    let (package, inner) =
        text.strip_prefix("language/src/").map(|inner| ("language", inner)).or(text.strip_prefix("src/").map(|inner| ("gonogo", inner)))?;
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    let names = inner.split('/').filter(|name| *name != "lib").map(str::to_owned);
    Some(std::iter::once(package.to_owned()).chain(names).collect())
}

impl Module {
    fn read(path: &Path) -> Self {
        let text = code(&fs::read_to_string(path).unwrap());
        let mut module = Self { file: path.to_str().unwrap().to_owned(), ..Self::default() };
        let imports = Regex::new(r"(?s)\buse\s+([^;]+);").unwrap();
        for captures in imports.captures_iter(&text) {
            for (name, path) in leaves(captures[1].trim()) {
                module.paths.insert(path.clone());
                module.bound.insert(name, path);
            }
        }
        let others = imports.replace_all(&text, "");
        for path in Regex::new(r"\b[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+").unwrap().find_iter(&others) {
            module.paths.insert(path.as_str().split("::").map(str::to_owned).collect());
        }
        module
    }
}

/// The code of a file, without comments, texts and the tests within it.
fn code(text: &str) -> String {
    let text = Regex::new(r"(?m)//.*$").unwrap().replace_all(text, "");
    let text = Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\([^)]*\))?\s+)?(?:mod\s+\w+|use\s+[^;]+);").unwrap().replace_all(&text, "");
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    Regex::new(r#""(?:\\.|[^"\\])*""#).unwrap().replace_all(text, "\"\"").into_owned()
}

/// The paths of a `use`, each with the name that it brings in.
fn leaves(tree: &str) -> Vec<(String, Name)> {
    let Some((before, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path.trim(), Some(alias.trim())));
        let path: Name = path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        let whole: Name =
            if path.len() > 1 && path.last().is_some_and(|last| last == "self") { path[..path.len() - 1].to_vec() } else { path };
        let name = alias.or(whole.last().map(String::as_str)).unwrap_or_default().to_owned();
        return vec![(name, whole)];
    };
    let inner = group.rsplit_once('}').map_or(group, |(inner, _)| inner);
    let mut found = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, sign) in inner.char_indices().chain([(inner.len(), ',')]) {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[start..at].trim();
                if !part.is_empty() {
                    found.extend(leaves(&format!("{before}{part}")));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Every file that a file reaches by its imports.
fn reached<'f>(from: &'f str, imports: &BTreeMap<&'f str, BTreeSet<&'f str>>) -> BTreeSet<&'f str> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        next.extend(imports.get(file).into_iter().flatten().filter(|file| seen.insert(**file)));
    }
    seen
}

#[test]
fn no_circle_of_files_is_new() {
    let modules = Modules::read();
    let imports = modules.imports();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 1000, "imports are no longer read");
    let reach: BTreeMap<&str, BTreeSet<&str>> = imports.keys().map(|file| (*file, reached(file, &imports))).collect();
    let mut circles: BTreeSet<String> = BTreeSet::new();
    for (file, reached) in reach.iter().filter(|(file, reached)| reached.contains(*file)) {
        let circle: BTreeSet<&str> = reached.iter().copied().filter(|other| reach[other].contains(file)).collect();
        if circle.len() > 1 {
            circles.insert(circle.into_iter().collect::<Vec<_>>().join(" "));
        }
    }
    let written = fs::read_to_string("tests/house/circles.txt").unwrap();
    let listed: BTreeSet<String> = written.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect();
    let new: Vec<&String> = circles.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&circles).collect();
    assert!(new.is_empty(), "files that import each other: {new:#?}\nput what both need into a file of its own");
    assert!(gone.is_empty(), "no circle any more: {gone:#?}\ntake it out of tests/house/circles.txt");
}
