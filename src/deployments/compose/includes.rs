//! `include`: what a file takes in from others, each read with a folder and variables of its own.
//!
//! Docker Compose joins it before it lays anything over the file. A name that both define is refused, unless they say the
//! same of it. <https://docs.docker.com/reference/compose-file/include/>

use std::collections::BTreeMap;
use std::rc::Rc;

use super::project::ComposeProject;
use super::reader::{Reader, join};
use super::variables::Variables;
use super::{declared, extends, further, merge};
use crate::deployments::{Missing, VariableFile};
use crate::formats::dotenv;
use crate::formats::yaml::{Entry, Node};
use crate::text::Span;
use crate::text::path::folder_of;
use crate::text::redact_text;

/// Sections that are taken over.
const SECTIONS: [&str; 5] = ["services", "volumes", "networks", "secrets", "configs"];

/// Most files that are taken in by one project.
const MOST: usize = 100;

/// Most files of a chain that include one another.
const DEEPEST: usize = 16;

/// What one entry of `include` names.
struct Wanted {
    /// Display paths with the places where they are named: the first file, and those laid over it.
    paths: Vec<(String, Span)>,
    folder: String,
    variables: Rc<Variables>,
}

/// The files that are being taken in.
pub(super) struct Includes {
    /// Those that include one another, from the outermost on.
    chain: Vec<String>,
    left: usize,
}

impl Includes {
    /// Of the project of a file.
    pub(super) fn new(path: &str) -> Self {
        Self { chain: vec![path.to_owned()], left: MOST }
    }

    /// The document with what it includes and extends; `None` where it does neither.
    pub(super) fn completed(&mut self, reader: &mut Reader<'_>, document: &Node, project: &mut ComposeProject) -> Option<Node> {
        let with = self.joined(reader, document, project);
        extends::document(reader, with.as_ref().unwrap_or(document)).or(with)
    }

    fn joined(&mut self, reader: &mut Reader<'_>, document: &Node, project: &mut ComposeProject) -> Option<Node> {
        let items = document.get("include").and_then(Node::items)?;
        let mut whole = document.clone();
        for item in items {
            let Some(wanted) = wanted(reader, item, project) else { continue };
            if let Some(taken) = self.taken(reader, &wanted, project) {
                whole = imported(reader, &whole, &taken);
            }
        }
        Some(whole)
    }

    /// The files of one entry, each laid over the one before it, with what they include in turn.
    fn taken(&mut self, reader: &mut Reader<'_>, wanted: &Wanted, project: &mut ComposeProject) -> Option<Node> {
        let mut whole: Option<Node> = None;
        for (path, span) in &wanted.paths {
            if self.chain.contains(path) {
                let message = "this file includes itself, and Docker Compose refuses the project";
                reader.problem("compose-invalid-value", *span, message, "a file that does not lead back here");
                continue;
            }
            let read = (self.left > 0 && self.chain.len() < DEEPEST).then(|| reader.files.read(path).ok()).flatten();
            let Some(source) = read else {
                project.missing.push(Missing { path: redact_text(path), span: *span });
                continue;
            };
            self.left -= 1;
            reader.add_included(&source, &wanted.folder, &wanted.variables);
            if !project.included.contains(path) {
                project.included.push(path.clone());
            }
            self.chain.push(path.clone());
            for document in further::documents(reader, &source, project).iter().filter(|document| document.is_mapping()) {
                declared::check_top_level(reader, document);
                let with = self.completed(reader, document, project);
                let above = with.as_ref().unwrap_or(document);
                whole = Some(whole.map_or_else(|| above.clone(), |below| merge::document(&below, above)));
            }
            self.chain.pop();
        }
        whole
    }
}

/// What an entry names, in its short or its long form.
fn wanted(reader: &mut Reader<'_>, item: &Node, project: &mut ComposeProject) -> Option<Wanted> {
    let path = if item.is_mapping() { item.get("path")? } else { item };
    let mut paths = Vec::new();
    for node in path.items().map_or_else(|| vec![path], |nodes| nodes.iter().collect()) {
        match text_and_path(reader, node) {
            Ok(path) => paths.push((path, node.place())),
            Err(written) => project.missing.push(Missing { path: redact_text(&written), span: node.place() }),
        }
    }
    let folder = match item.get("project_directory").filter(|node| !node.is_null()) {
        Some(node) => text_and_path(reader, node).ok()?,
        None => folder_of(&paths.first()?.0).to_owned(),
    };
    let variables = Rc::new(variables(reader, item, &folder, project));
    Some(Wanted { paths, folder, variables })
}

/// A path as it is shown; where it cannot be told, or leads to another machine, as it is written.
fn text_and_path(reader: &Reader<'_>, node: &Node) -> Result<String, String> {
    let text = reader.text(node).ok_or_else(|| "a file".to_owned())?;
    let written = text.known().ok_or_else(|| node.text().unwrap_or_default().to_owned())?;
    let is_remote = written.contains("://") || written.starts_with("git@") || written.starts_with("oci:");
    let shown = if is_remote { None } else { reader.display_path(written) };
    shown.ok_or_else(|| written.to_owned())
}

/// The variables of an entry: those of the file that includes, and of `env_file`, or the `.env` of the folder, what these lack.
fn variables(reader: &Reader<'_>, item: &Node, folder: &str, project: &mut ComposeProject) -> Variables {
    let mut found = reader.current_variables().clone();
    let named = item.get("env_file").filter(|node| !node.is_null());
    let paths: Vec<Result<String, (String, Span)>> = match named {
        Some(node) => {
            let nodes = node.items().map_or_else(|| vec![node], |nodes| nodes.iter().collect());
            let path = |node: &Node| text_and_path(reader, node).map_err(|written| (written, node.place()));
            nodes.into_iter().filter(|node| node.text() != Some("/dev/null")).map(path).collect()
        }
        None => join(folder, ".env").into_iter().map(Ok).collect(),
    };
    for path in paths {
        let read = path.and_then(|path| match (reader.files.read(&path), named) {
            (Ok(source), _) => Ok(Some((path, source))),
            (Err(_), None) => Ok(None),
            (Err(_), Some(node)) => Err((path, node.place())),
        });
        match read {
            Ok(Some((path, source))) => {
                project.cuts.extend(found.add_lacking(&dotenv::parse(&source)));
                project.env_files.push(VariableFile { path, raw: false });
            }
            Ok(None) => {}
            Err((written, span)) => project.missing.push(Missing { path: redact_text(&written), span }),
        }
    }
    found
}

/// The document with the sections of what it includes.
fn imported(reader: &mut Reader<'_>, document: &Node, taken: &Node) -> Node {
    let mut whole: Vec<Entry> = document.entries().into_iter().cloned().collect();
    for section in SECTIONS {
        let Some(taken) = taken.entry(section).filter(|entry| entry.value.is_mapping()) else { continue };
        match whole.iter_mut().find(|entry| entry.key.text() == Some(section)) {
            Some(own) if own.value.is_mapping() => own.value = with_entries(reader, &own.value, &taken.value),
            Some(own) if own.value.is_null() => own.value = taken.value.clone(),
            Some(_) => {}
            None => whole.push(taken.clone()),
        }
    }
    document.with_entries(whole)
}

/// A section with the entries of another; of a name that both have, its own stays.
fn with_entries(reader: &mut Reader<'_>, own: &Node, taken: &Node) -> Node {
    let mut entries: Vec<Entry> = own.entries().into_iter().cloned().collect();
    let known: BTreeMap<&str, &Node> = own.entries().into_iter().filter_map(|entry| Some((entry.key.text()?, &entry.value))).collect();
    for entry in taken.entries() {
        match entry.key.text().and_then(|name| known.get(name)) {
            None => entries.push(entry.clone()),
            Some(value) if says_the_same(value, &entry.value) => {}
            Some(_) => {
                let message = "the file that includes this one defines the same name, and Docker Compose refuses the project";
                reader.problem("compose-invalid-value", entry.key.span, message, "another name, or an override of the included file");
            }
        }
    }
    own.with_entries(entries)
}

/// Whether two nodes say the same, wherever they are written.
fn says_the_same(one: &Node, other: &Node) -> bool {
    if let (Some(one), Some(other)) = (one.items(), other.items()) {
        return one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_the_same(one, other));
    }
    if !one.is_mapping() || !other.is_mapping() {
        return one.rendered() == other.rendered() && one.is_null() == other.is_null();
    }
    let (one, other) = (one.entries(), other.entries());
    let same = |entry: &&Entry| other.iter().any(|known| known.key.text() == entry.key.text() && says_the_same(&entry.value, &known.value));
    one.len() == other.len() && one.iter().all(same)
}
