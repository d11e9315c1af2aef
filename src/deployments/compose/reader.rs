//! What every part of a service is read with: the source, the variables, and where problems go.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::allowance::{Allowance, Bound};
use super::keys::aspects_of;
use super::text::{Text, is_unknown};
use super::variables::Variables;
use crate::formats::Diagnostic;
use crate::formats::dotenv::Dotenv;
use crate::formats::yaml::{Entry, Node, Typed};
use crate::model::bounds::MOST_FROM_ENV_FILES;
use crate::model::{Aspect, Cuts, Gap};
use crate::text::path::{self, shown_text};
use crate::text::secrets::without_credentials;
use crate::text::{Files, Source, Span};

/// Problems of one kind that are reported for one file; the rest would say nothing new.
const MOST_PROBLEMS: usize = 200;

/// The tag of what is taken out.
const RESET: &str = "!reset";

/// A file that the project is read from.
struct Layer {
    source: Arc<Source>,
    /// The folder that paths in it count from.
    directory: String,
    /// What its variables are, where they are not those of the project.
    variables: Option<Rc<Variables>>,
}

/// The state of reading one compose file.
pub(super) struct Reader<'a> {
    source: Arc<Source>,
    /// Files that are laid over it, or that it takes services from.
    layers: Vec<Layer>,
    /// The one of these that a text was last read of: paths in it count from its folder.
    current: Cell<Option<usize>>,
    pub(super) files: &'a Files,
    /// Those of the project.
    pub(super) variables: &'a Variables,
    /// Folder of the file, empty for the top.
    pub(super) directory: &'a str,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Keys of the service that is being read that could not be interpreted.
    pub(super) incomplete: Vec<Gap>,
    /// How much variables may still bring in.
    pub(super) allowance: Allowance,
    /// How many variables of `env_file`s may still be taken over.
    pub(super) env_files_left: usize,
    /// Files of `env_file` by path and format: thousands of services may name one.
    pub(super) dotenvs: HashMap<(String, bool), Rc<Dotenv>>,
    /// Bounds that were met.
    pub(super) cuts: RefCell<Cuts>,
    /// Whether any of the files says `!reset`.
    resets: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &Arc<Source>, files: &'a Files, variables: &'a Variables, directory: &'a str) -> Self {
        Self {
            source: Arc::clone(source),
            layers: Vec::new(),
            current: Cell::new(None),
            files,
            variables,
            directory,
            diagnostics: Vec::new(),
            incomplete: Vec::new(),
            allowance: variables.allowance(),
            env_files_left: MOST_FROM_ENV_FILES,
            dotenvs: HashMap::new(),
            cuts: RefCell::default(),
            resets: source.text().contains(RESET),
        }
    }

    /// Adds a file that services are taken from; its paths count from its own folder, its variables are those of the file that
    /// names it.
    pub(super) fn add_layer(&mut self, source: &Arc<Source>) {
        let variables = self.layer().and_then(|layer| layer.variables.clone());
        self.add(source, path::folder_of(source.path()).to_owned(), variables);
    }

    /// Adds a file that another one includes.
    pub(super) fn add_included(&mut self, source: &Arc<Source>, directory: &str, variables: &Rc<Variables>) {
        self.add(source, directory.to_owned(), Some(Rc::clone(variables)));
    }

    /// Adds a file that is laid over the first one; its paths count from the folder of the project.
    pub(super) fn add_override(&mut self, source: &Arc<Source>) {
        self.add(source, self.directory.to_owned(), None);
    }

    fn add(&mut self, source: &Arc<Source>, directory: String, variables: Option<Rc<Variables>>) {
        if source.id() != self.source.id() && !self.layers.iter().any(|layer| layer.source.id() == source.id()) {
            self.resets |= source.text().contains(RESET);
            self.layers.push(Layer { source: Arc::clone(source), directory, variables });
        }
    }

    /// Whether any of the files says `!reset`.
    pub(super) fn may_reset(&self) -> bool {
        self.resets
    }

    /// The files beside the first one, by their display paths.
    pub(super) fn further_files(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().map(|layer| layer.source.path())
    }

    /// The file beside the first one that a text was last read of.
    fn layer(&self) -> Option<&Layer> {
        self.current.get().and_then(|at| self.layers.get(at))
    }

    /// The file that a node is written in, which becomes the one that paths count from.
    pub(super) fn source_of(&self, node: &Node) -> &Source {
        let at = self.layers.iter().position(|layer| layer.source.id() == node.span.source);
        self.current.set(at);
        at.and_then(|at| self.layers.get(at)).map_or(&self.source, |layer| &layer.source)
    }

    /// The folder that paths count from in the file that a text was last read of.
    pub(super) fn folder(&self) -> &str {
        self.layer().map_or(self.directory, |layer| layer.directory.as_str())
    }

    /// The variables of the file that a text was last read of.
    pub(super) fn current_variables(&self) -> &Variables {
        self.layer().and_then(|layer| layer.variables.as_deref()).unwrap_or(self.variables)
    }

    /// A scalar after interpolation; `None` for null, dates, mappings and lists.
    pub(super) fn text(&self, node: &Node) -> Option<Text> {
        let source = self.source_of(node);
        let text = Text::of(source, node, self.current_variables(), &self.allowance)?;
        if let Some(bound) = text.cut() {
            self.too_long(bound, "this text", node.place());
        }
        Some(text)
    }

    /// Says that what is called `name` was not expanded.
    pub(super) fn too_long(&self, bound: Bound, name: &str, span: Span) {
        self.allowance.report(&mut self.cuts.borrow_mut(), bound, name, span);
    }

    /// A scalar after interpolation. Anything else is a problem, and the key is lost.
    pub(super) fn scalar(&mut self, key: &str, node: &Node) -> Option<Text> {
        let text = self.text(node);
        if text.is_none() {
            let found = match node.typed() {
                Some(Typed::Null) => "this value is empty",
                Some(Typed::Timestamp) => "this value is a date without quotes",
                _ => "this value is a mapping or a list",
            };
            self.problem("compose-invalid-value", node.place(), found, "a text or a number");
            self.lost(key, node.place());
        }
        text
    }

    /// The text of a scalar that must be known to be of use; otherwise the key is lost.
    pub(super) fn known(&mut self, key: &str, node: &Node) -> Option<(String, Span)> {
        let text = self.scalar(key, node)?;
        match text.known() {
            Some(known) => Some((known.to_owned(), node.span)),
            None => {
                self.lost(key, node.place());
                None
            }
        }
    }

    /// The texts of a list, or of a single scalar.
    pub(super) fn known_list(&mut self, key: &str, node: &Node) -> Vec<(String, Span)> {
        match node.items() {
            Some(items) => items.iter().filter_map(|item| self.known(key, item)).collect(),
            None if node.is_null() => Vec::new(),
            None => self.known(key, node).into_iter().collect(),
        }
    }

    /// The name of an entry. Variables are replaced in items of a list, which a merge turns into entries, and not in keys.
    pub(super) fn name_of_entry(&mut self, key: &str, entry: &Entry) -> Option<String> {
        let was_item = entry.value.span == entry.key.span;
        if was_item { self.known(key, &entry.key).map(|(name, _)| name) } else { entry.key.text().map(str::to_owned) }
    }

    /// `key=value` items of a mapping, or of a list as written; secrets are taken out of them.
    pub(super) fn known_pairs(&mut self, key: &str, node: &Node) -> Vec<(String, Span)> {
        let shown = |text: String| match text.split_once('=') {
            Some((name, value)) => format!("{name}={}", without_credentials(name, value)),
            None => text,
        };
        if let Some(items) = node.items() {
            let item = |item: &Node| match item.as_pair() {
                Some(entry) => self.pair(key, entry),
                None => self.known(key, item).map(|(text, span)| (shown(text), span)),
            };
            return items.iter().filter_map(item).collect();
        }
        if !node.is_mapping() {
            return self.known_list(key, node).into_iter().map(|(text, span)| (shown(text), span)).collect();
        }
        node.entries().into_iter().filter_map(|entry| self.pair(key, entry)).collect()
    }

    /// One entry of a mapping as `key=value`.
    fn pair(&mut self, key: &str, entry: &Entry) -> Option<(String, Span)> {
        let name = entry.key.text()?;
        if entry.value.is_null() || entry.value.rendered().is_none() {
            return Some((name.to_owned(), entry.key.span));
        }
        let (value, span) = self.known(key, &entry.value)?;
        Some((format!("{name}={}", without_credentials(name, &value)), entry.key.span.to(span)))
    }

    /// The truth of a scalar, as compose-go casts it: `true`, `yes`, `on`, and their opposites.
    pub(super) fn truth(&mut self, key: &str, node: &Node) -> Option<bool> {
        if let Some(value) = node.as_bool() {
            return Some(value);
        }
        let (text, span) = self.known(key, node)?;
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "on" => Some(true),
            "false" | "no" | "n" | "off" => Some(false),
            _ => {
                self.problem("compose-invalid-value", span, "this is neither true nor false", "true or false");
                self.lost(key, span);
                None
            }
        }
    }

    /// Notes that what `key` says is not known.
    pub(super) fn lost(&mut self, key: &str, span: Span) {
        self.lose(key, aspects_of(key), span);
    }

    /// The same of a key that may change these sides.
    pub(super) fn lose(&mut self, key: &str, aspects: &'static [Aspect], span: Span) {
        if !self.incomplete.iter().any(|known| known.what == key) {
            self.incomplete.push(Gap { what: key.to_owned(), aspects, span });
        }
    }

    /// A problem for which Docker Compose refuses the file.
    pub(super) fn problem(&mut self, code: &'static str, span: Span, message: &str, expected: &str) {
        self.report(code, span, message, expected, true);
    }

    /// A problem that Docker Compose does not tell of.
    pub(super) fn remark(&mut self, code: &'static str, span: Span, message: &str, expected: &str) {
        self.report(code, span, message, expected, false);
    }

    /// Whether a problem for which Docker Compose refuses the project was found within these bytes.
    pub(super) fn has_refused(&self, span: Span) -> bool {
        self.diagnostics
            .iter()
            .any(|told| told.fatal && told.span.source == span.source && told.span.start >= span.start && told.span.end <= span.end)
    }

    /// Whether no further problem of a kind is reported.
    pub(super) fn is_full(&self, code: &str) -> bool {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.code == code).count() >= MOST_PROBLEMS
    }

    fn report(&mut self, code: &'static str, span: Span, message: &str, expected: &str, fatal: bool) {
        let known = self.diagnostics.iter().filter(|diagnostic| diagnostic.code == code);
        let (count, repeated) = known.fold((0, false), |(count, repeated), known| (count + 1, repeated || known.span == span));
        if count < MOST_PROBLEMS && !repeated {
            let message = format!("{message}; expected {expected}");
            let expected = Some(expected.to_owned());
            self.diagnostics.push(Diagnostic { code, span, message, found: None, expected, related: Vec::new(), fatal });
        }
    }

    /// A path of the file as a display path below the given ones; `None` for `~`, for what is
    /// unknown, and for absolute paths that lie elsewhere.
    pub(super) fn display_path(&self, path: &str) -> Option<String> {
        if is_unknown(path) || path.starts_with('~') {
            return None;
        }
        if path.starts_with('/') {
            return self.files.display_of_absolute(path);
        }
        join(self.folder(), path)
    }
}

/// A path that a file names, seen from `directory`, without `.` and `..`; `None` when it leads out at the top.
pub(super) fn join(directory: &str, written: &str) -> Option<String> {
    path::normalise(&path::join(directory, shown_text(written).trim_start_matches('/')))
}
