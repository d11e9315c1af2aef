//! Reading one compose file.

use std::sync::Arc;

use super::allowance::Allowance;
use super::interpolate::{Expansion, Piece, expand};
use super::reader::{Reader, join};
use super::services::{self, Project};
use super::top_level::{self, Resources};
use super::variables::Variables;
use super::{extends, keys, merge};
use crate::deployments::{Note, VariableFile};
use crate::formats::yaml::{Entry, Kind, Node, Offsets, Typed, Yaml, hide, parse, refused_tabs};
use crate::formats::{Comment, Diagnostic, dotenv};
use crate::model::bounds::{MOST_COPIED, MOST_NOTES, MOST_SERVICES};
use crate::model::{Cuts, Gap, Placement, Provenance};
use crate::text::path::{folder_of, name_of};
use crate::text::secrets::{credentials_in, names_secret};
use crate::text::{Files, Source, Span, redact_text};

/// The longest name of a project, in bytes.
const LONGEST_NAME: usize = 255;

/// A place that uses a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// Name.
    pub name: String,
    /// The place of the whole `${…}`.
    pub span: Span,
    /// How it was resolved.
    pub provenance: Provenance,
}

/// A compose file.
#[derive(Clone, Debug, Default)]
pub struct ComposeProject {
    /// Its display path.
    pub path: String,
    /// `name:`, or `COMPOSE_PROJECT_NAME` of its variables.
    pub name: Option<String>,
    /// Its services, in order.
    pub placements: Vec<Placement>,
    /// Its other sections.
    pub resources: Resources,
    /// The key `version`, which Docker Compose ignores.
    pub version: Option<Span>,
    /// Entries of `include`, as written.
    pub includes: Vec<(String, Span)>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// The place from which on services, or what aliases name, were left out for a bound.
    pub cut_at: Option<Span>,
    /// Bounds that were met, in this file and in those of variables.
    pub cuts: Cuts,
    /// Comments, for ignore comments.
    pub comments: Vec<Comment>,
    /// Whether it has services and no other section, so that a network or volume that it names may be declared elsewhere.
    pub fragment: bool,
    /// Whether Docker Compose reads it by itself, and no other compose file lies beside it.
    pub alone: bool,
    /// Whether somebody says that it, with what is laid over it, is the whole project.
    pub stated: bool,
    /// Whether it is a template of a compose file: then nothing of it was read.
    pub template: Option<Span>,
    /// Whether a syntax error hides the rest of it.
    pub broken_at: Option<Span>,
    /// The `.env` beside the file, when it was used.
    pub dotenv: Option<String>,
    /// Files of `env_file` that were read, sorted.
    pub env_files: Vec<VariableFile>,
    /// Display paths of the files that are laid over it, in order.
    pub layers: Vec<String>,
    /// Variables that interpolation met.
    pub variables: Vec<VariableUse>,
}

/// Reads a compose file.
///
/// `given` holds the variables of `--use-env` and `--env-file`. Without any `--env-file`, the `.env`
/// beside the file is used, as Docker Compose does.
#[must_use]
pub fn read(source: &Arc<Source>, files: &Files, given: &Variables, given_env_file: bool) -> ComposeProject {
    read_layers(source, &[], files, given, given_env_file)
}

/// The same with files laid over it, as `compose.override.yaml` is: what they say stands in place of what it says.
#[must_use]
pub fn read_layers(source: &Arc<Source>, over: &[Arc<Source>], files: &Files, given: &Variables, given_env_file: bool) -> ComposeProject {
    let directory = folder_of(source.path());
    let yaml = parse(source);
    yaml.documents.iter().for_each(|document| hide(source, document));
    let mut project = ComposeProject { path: source.path().to_owned(), ..ComposeProject::default() };
    if yaml.template.is_some() {
        return ComposeProject { template: yaml.template, comments: yaml.comments, ..project };
    }
    project.alone = is_alone(source.path(), files);
    let mut variables = given.clone();
    if !given_env_file {
        project.dotenv = add_dotenv(files, directory, &mut variables, &mut project.cuts);
    }
    let mut reader = Reader::new(source, files, &variables, directory);
    let allowance = Allowance::again(&reader.allowance);
    for document in &yaml.documents {
        survey(&mut reader, document, Survey { secret: false, allowance: &allowance }, &mut project.variables);
    }
    let tabs = if yaml.broken_at.is_none() { refused_tabs(source, &yaml) } else { Vec::new() };
    for span in tabs {
        reader.problem("yaml-tab", span, "this line begins with a tab, for which Docker Compose refuses the file", "spaces, or nothing");
    }
    let above: Vec<Yaml> = over.iter().map(|layer| read_over(&mut reader, layer, &mut project)).collect();
    read_documents(&mut reader, &yaml, &above, &mut project);
    project.diagnostics = std::mem::take(&mut reader.diagnostics);
    project.cuts.extend(reader.cuts.take());
    // They stay until all services are known.
    project.placements.shrink_to_fit();
    above.into_iter().for_each(|yaml| take_yaml(Yaml { comments: Vec::new(), ..yaml }, &mut project));
    take_yaml(yaml, &mut project);
    project
}

/// A file that is laid over the first one. Of a template nothing is read, and what it changes is not known.
fn read_over(reader: &mut Reader<'_>, source: &Arc<Source>, project: &mut ComposeProject) -> Yaml {
    let yaml = parse(source);
    yaml.documents.iter().for_each(|document| hide(source, document));
    project.layers.push(source.path().to_owned());
    if let Some(span) = yaml.template {
        project.notes.push(Note { message: "this file is a template: what it changes is not known".to_owned(), span });
        return Yaml { documents: Vec::new(), broken_at: Some(span), ..yaml };
    }
    reader.add_override(source);
    let allowance = Allowance::again(&reader.allowance);
    for document in &yaml.documents {
        survey(reader, document, Survey { secret: false, allowance: &allowance }, &mut project.variables);
    }
    yaml
}

impl ComposeProject {
    /// The same as all that there is of its project: nothing that it lacks is elsewhere.
    #[must_use]
    pub(super) fn stated(self) -> Self {
        Self { stated: true, alone: true, fragment: self.cut_at.is_some(), ..self }
    }

    /// Included files that are not among those given: whatever services they hold were not looked at.
    #[must_use]
    pub fn missing_includes(&self, files: &Files) -> Vec<(String, Span)> {
        let directory = folder_of(&self.path);
        // A remote may be named with what lets in there.
        let missing = |(path, span): &(String, Span)| match join(directory, path).filter(|_| !path.contains("://")) {
            Some(whole) => files.read(&whole).is_err().then(|| (redact_text(&whole), *span)),
            None => Some((redact_text(path), *span)),
        };
        self.includes.iter().filter_map(missing).collect()
    }
}

/// Whether no compose file lies beside this one, which has a name that Docker Compose looks for.
fn is_alone(path: &str, files: &Files) -> bool {
    const LOOKED_FOR: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    let name = name_of(path);
    if !LOOKED_FOR.contains(&name) {
        return false;
    }
    let folder = folder_of(path);
    let listed = files.list(if folder.is_empty() { "." } else { folder }).unwrap_or_default();
    let is_other =
        |other: &str| other != name && other.contains("compose") && [".yml", ".yaml", ".json"].iter().any(|end| other.contains(end));
    !listed.iter().any(|entry| !entry.directory && is_other(&entry.name))
}

fn add_dotenv(files: &Files, directory: &str, variables: &mut Variables, cuts: &mut Cuts) -> Option<String> {
    let path = join(directory, ".env")?;
    let source = files.read(&path).ok()?;
    cuts.extend(variables.add_file(&dotenv::parse(&source)));
    Some(path)
}

/// Comments, problems and the break of the YAML itself.
fn take_yaml(yaml: Yaml, project: &mut ComposeProject) {
    project.comments = yaml.comments;
    project.broken_at = yaml.broken_at;
    // Docker Compose refuses a key that repeats, which YAML readers elsewhere let pass.
    let refused = yaml.diagnostics.into_iter().map(|diagnostic| Diagnostic { fatal: true, ..diagnostic });
    project.diagnostics.splice(0..0, refused);
    project.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    if let Some(span) = yaml.cut_at {
        let say = || format!("the aliases of this file copy more than {MOST_COPIED} values; this one and the next are left out");
        project.cuts.add("alias", span, say);
        project.cut_at.get_or_insert(span);
    }
    if let Some(span) = project.cut_at {
        project.fragment = true;
        for placement in &mut project.placements {
            placement.incomplete.push(Gap::of_all("the file, of which a part was left out", span));
        }
    }
    if let Some(span) = project.broken_at {
        for placement in &mut project.placements {
            placement.incomplete.push(Gap::of_all("the file, which has a syntax error", span));
        }
    }
    project.env_files.sort();
    project.env_files.dedup();
}

fn read_documents(reader: &mut Reader<'_>, yaml: &Yaml, above: &[Yaml], project: &mut ComposeProject) {
    let mut documents: Vec<&Node> = Vec::new();
    for document in &yaml.documents {
        if document.is_mapping() {
            documents.push(document);
        } else if yaml.broken_at.is_none() {
            let (message, expected) = if document.is_null() {
                ("this document is empty, and Docker Compose refuses a file that has one", "no `---` without a document behind it")
            } else {
                ("a compose file is a mapping", "`services:` and the services below it")
            };
            reader.problem("compose-invalid-value", document.place(), message, expected);
        }
    }
    let over = above.iter().flat_map(|yaml| &yaml.documents).filter(|document| document.is_mapping());
    let joined = over.fold(None, |below: Option<Node>, above| match (&below, documents.as_slice()) {
        (Some(below), _) => Some(merge::document(below, above)),
        (None, [first, more @ ..]) => {
            let whole = more.iter().fold((*first).clone(), |below, above| merge::document(&below, above));
            Some(merge::document(&whole, above))
        }
        (None, []) => Some(above.clone()),
    });
    let documents: Vec<&Node> = joined.as_ref().map_or(documents, |joined| vec![joined]);
    for document in &documents {
        read_heading(reader, document, project);
        let resources = top_level::read(reader, document);
        let all = &mut project.resources;
        all.volumes.extend(resources.volumes);
        all.networks.extend(resources.networks);
        all.secrets.extend(resources.secrets);
        all.configs.extend(resources.configs);
    }
    let has = |key: &str| documents.iter().any(|document| document.get(key).is_some());
    project.fragment = has("services") && !["volumes", "networks", "secrets", "configs", "include"].into_iter().any(has);
    for document in &documents {
        read_services(reader, document, project);
    }
}

fn read_heading(reader: &mut Reader<'_>, document: &Node, project: &mut ComposeProject) {
    let heading = |key: &str| reader.text(document.get(key)?)?.known().map(str::to_owned);
    let by_variable = || reader.variables.value("COMPOSE_PROJECT_NAME").map(str::to_owned);
    // Every service keeps the name; one that no file system takes is none.
    if let Some(name) = heading("name").or_else(by_variable).filter(|name| name.len() <= LONGEST_NAME) {
        project.name = Some(name);
    }
    if let Some(version) = document.entry("version") {
        project.version.get_or_insert(version.key.span);
    }
    for item in document.get("include").and_then(Node::items).unwrap_or_default() {
        let path = if item.is_mapping() { item.get("path") } else { Some(item) };
        for (path, span) in path.map(|path| reader.known_list("include", path)).unwrap_or_default() {
            project.notes.push(Note { message: format!("the included file {} was not joined to this project", redact_text(&path)), span });
            project.includes.push((path, span));
        }
    }
}

fn read_services(reader: &mut Reader<'_>, document: &Node, project: &mut ComposeProject) {
    if document.get("services").is_some() || !is_first_layout(document) {
        keys::check_top_level(reader, document);
    }
    let services = match document.entry("services") {
        Some(entry) if entry.value.is_mapping() => entry.value.clone(),
        Some(entry) => {
            reader.problem(
                "compose-invalid-value",
                entry.key.span,
                "`services` is not a mapping",
                "the services below it, each a name with a colon",
            );
            return;
        }
        None if is_first_layout(document) => {
            let message = "this file has the layout of Compose 1, without `services:`; Docker Compose v2 refuses it".to_owned();
            project.notes.push(Note { message: message.clone(), span: document.span.start_point() });
            reader.problem(
                "compose-v1-layout",
                document.written_entries().and_then(|entries| entries.first()).map_or(document.span, |entry| entry.key.span),
                &message,
                "the services below a key `services:`",
            );
            document.clone()
        }
        None => return,
    };
    let profiles: Vec<String> =
        reader.variables.value("COMPOSE_PROFILES").unwrap_or("").split(',').map(|name| name.trim().to_owned()).collect();
    for entry in services.entries() {
        if project.placements.len() >= MOST_SERVICES {
            let say = || format!("this file has more than {MOST_SERVICES} services; the rest is not read");
            project.cuts.add("services", entry.key.span, say);
            project.cut_at.get_or_insert(entry.key.span);
            break;
        }
        let extended = entry.value.get("extends").and_then(|_| {
            let name = entry.key.text()?;
            let value = extends::resolved(reader, &project.path, &services, name, &entry.value)?;
            Some(Entry { key: entry.key.clone(), value })
        });
        let entry = extended.as_ref().unwrap_or(entry);
        let name = project.name.clone();
        let context = Project { path: &project.path, name: name.as_deref(), resources: &project.resources, profiles: &profiles };
        let Some(service) = services::read(reader, &context, entry) else {
            continue;
        };
        project.env_files.extend(service.env_files);
        note_extends(&service.placement, &mut project.notes);
        add(service.placement, project);
    }
}

fn note_extends(placement: &Placement, notes: &mut Vec<Note>) {
    if let Some(Gap { span, .. }) = placement.incomplete.iter().find(|gap| gap.what == "extends") {
        let message = format!("what the service {} takes over with `extends` was not read", placement.name);
        notes.push(Note { message, span: *span });
    }
}

/// A later document of the same file adds to the services of an earlier one; what it changes is not merged.
fn add(placement: Placement, project: &mut ComposeProject) {
    match project.placements.iter_mut().find(|known| known.name == placement.name) {
        Some(known) => {
            let message = format!("several documents of this file define the service {}; they were not merged", placement.name);
            if known.incomplete.len() < MOST_NOTES {
                known.incomplete.push(Gap::of_all("a later document of this file", placement.name_span));
            }
            if project.notes.len() < MOST_NOTES {
                project.notes.push(Note { message, span: placement.name_span });
            }
        }
        None => project.placements.push(placement),
    }
}

/// Whether every top-level entry is unmistakably a service, as in files of Compose 1.
fn is_first_layout(document: &Node) -> bool {
    let entries = document.entries();
    let service =
        |node: &Node| node.is_mapping() && ["image", "build"].iter().any(|key| node.get(key).is_some_and(|value| value.text().is_some()));
    !entries.is_empty()
        && entries.iter().all(|entry| service(&entry.value))
        && entries.iter().all(|entry| entry.value.get("script").is_none())
}

/// How a part of a document is surveyed.
#[derive(Clone, Copy)]
struct Survey<'a> {
    /// Whether it stands for the value of a secret name, which is expected to hold one.
    secret: bool,
    /// What may be expanded.
    allowance: &'a Allowance,
}

/// Meets every key and every variable of a document once, and reports those that Docker Compose refuses.
fn survey(reader: &mut Reader<'_>, node: &Node, how: Survey<'_>, uses: &mut Vec<VariableUse>) {
    if node.alias.is_some() {
        return;
    }
    match &node.kind {
        Kind::Scalar(scalar) if scalar.value.contains('$') => survey_scalar(reader, node, &scalar.value, how, uses),
        Kind::Scalar(_) => {}
        Kind::Sequence(items) => items.iter().for_each(|item| survey(reader, item, how, uses)),
        Kind::Mapping(entries) => {
            for entry in entries.iter() {
                if entry.key.typed() != Some(Typed::Text) {
                    let message = "YAML does not read this key as text, and Docker Compose refuses it";
                    reader.problem("compose-invalid-key", entry.key.span, message, "the key in quotes");
                }
                survey(reader, &entry.value, Survey { secret: entry.key.text().is_some_and(names_secret), ..how }, uses);
            }
        }
    }
}

fn survey_scalar(reader: &mut Reader<'_>, node: &Node, text: &str, how: Survey<'_>, uses: &mut Vec<VariableUse>) {
    let expansion = expand(text, reader.variables, how.allowance);
    if !how.secret {
        hide_strays(reader, &expansion);
    }
    let offsets = Offsets::of(reader.source_of(node), node);
    if let Some((range, what)) = &expansion.error {
        let message = format!("Docker Compose cannot read this variable: {what}");
        reader.problem(
            "compose-interpolation",
            offsets.span(range.start, range.end),
            &message,
            "${NAME} or ${NAME:-default}, and `$$` for a dollar",
        );
    }
    for piece in &expansion.pieces {
        for name in &piece.variables {
            let span = offsets.span(piece.raw.start, piece.raw.end);
            uses.push(VariableUse { name: name.clone(), span, provenance: piece.provenance });
        }
    }
}

/// Remembers the values of secret variables that stand where nothing says that a secret stands: in the tag of an image,
/// in a setting of the server. They may be repeated anywhere from there, and must not be shown.
fn hide_strays(reader: &Reader<'_>, expansion: &Expansion) {
    let from_secret = |piece: &&Piece| piece.variables.iter().any(|name| reader.variables.is_secret(name));
    let mut strays = expansion.pieces.iter().filter(from_secret).peekable();
    if strays.peek().is_none() {
        return;
    }
    let known = credentials_in(&expansion.text);
    for piece in strays {
        let covered = known.iter().any(|place| place.start <= piece.expanded.start && piece.expanded.end <= place.end);
        if !covered && let Some(value) = expansion.text.get(piece.expanded.clone()) {
            reader.files.hide_value(value);
        }
    }
}
