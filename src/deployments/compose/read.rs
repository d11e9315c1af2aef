//! Reading a compose file, with the files that are laid over it and those that it takes in.

use std::sync::Arc;

use super::allowance::Allowance;
use super::includes::Includes;
use super::project::{ComposeProject, OVERRIDDEN};
use super::reader::{Reader, join};
use super::recognise::BASES;
use super::services::{self, Project};
use super::survey::survey;
use super::variables::Variables;
use super::{declared, further, merge, top_level};
use crate::deployments::Note;
use crate::formats::yaml::{Node, Yaml, hide, parse, refused_tabs};
use crate::formats::{Diagnostic, dotenv};
use crate::model::bounds::{MOST_COPIED, MOST_NOTES, MOST_SERVICES};
use crate::model::{Cuts, Gap, Placement};
use crate::text::path::{folder_of, name_of};
use crate::text::{Files, Source};

/// The longest name of a project, in bytes.
const LONGEST_NAME: usize = 255;

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
        survey(&mut reader, document, &allowance, &mut project.variables);
    }
    let tabs = if yaml.broken_at.is_none() { refused_tabs(source, &yaml) } else { Vec::new() };
    for span in tabs {
        reader.problem("yaml-tab", span, "this line begins with a tab, for which Docker Compose refuses the file", "spaces, or nothing");
    }
    let mut above = Vec::new();
    for layer in over {
        reader.add_override(layer);
        above.extend(further::documents(&mut reader, layer, &mut project));
    }
    read_documents(&mut reader, &yaml, &above, &mut project);
    project.layers = reader.further_files().map(str::to_owned).collect();
    project.diagnostics = std::mem::take(&mut reader.diagnostics);
    project.cuts.extend(reader.cuts.take());
    // They stay until all services are known.
    project.placements.shrink_to_fit();
    take_yaml(yaml, &mut project);
    if is_override(source.path()) {
        let open = |placement: &mut Placement| placement.incomplete.push(Gap::of_all(OVERRIDDEN, placement.name_span));
        project.placements.iter_mut().for_each(open);
    }
    project
}

/// Whether a file is called after what it does to another one: `compose.override.yaml`.
fn is_override(path: &str) -> bool {
    let name = name_of(path);
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
    stem.ends_with(".override")
}

/// Whether no compose file lies beside this one, which has a name that Docker Compose looks for.
fn is_alone(path: &str, files: &Files) -> bool {
    let name = name_of(path);
    if !BASES.contains(&name) {
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
    project.broken_at = yaml.broken_at.or(project.broken_at);
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

fn read_documents(reader: &mut Reader<'_>, yaml: &Yaml, above: &[Node], project: &mut ComposeProject) {
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
    let whole = joined(reader, &documents, above, project);
    let documents: Vec<&Node> = if whole.is_empty() { documents } else { whole.iter().collect() };
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
    let gaps = gaps_of_sections(reader, &documents);
    for document in &documents {
        read_services(reader, document, &gaps, project);
    }
}

/// What the sections beside the services leave open.
fn gaps_of_sections(reader: &mut Reader<'_>, documents: &[&Node]) -> Vec<Gap> {
    reader.incomplete.clear();
    for document in documents {
        for section in ["include", "networks", "volumes", "secrets", "configs"] {
            if let Some(node) = document.get(section) {
                declared::check(reader, node, section);
            }
        }
    }
    std::mem::take(&mut reader.incomplete)
}

/// The documents with what each includes and extends, and with those of other files laid over them; none where there is
/// nothing to join.
fn joined(reader: &mut Reader<'_>, own: &[&Node], above: &[Node], project: &mut ComposeProject) -> Vec<Node> {
    let mut includes = Includes::new(&project.path);
    if above.is_empty() {
        let with: Vec<Option<Node>> = own.iter().map(|document| includes.completed(reader, document, project)).collect();
        let is_whole = with.iter().all(Option::is_none);
        let both = with.into_iter().zip(own);
        return if is_whole { Vec::new() } else { both.map(|(with, own)| with.unwrap_or_else(|| (*own).clone())).collect() };
    }
    let all = own.iter().copied().chain(above.iter().filter(|document| document.is_mapping()));
    let mut whole: Option<Node> = None;
    for document in all {
        let with = includes.completed(reader, document, project);
        let above = with.as_ref().unwrap_or(document);
        whole = Some(whole.map_or_else(|| above.clone(), |below| merge::document(&below, above)));
    }
    whole.into_iter().collect()
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
}

fn read_services(reader: &mut Reader<'_>, document: &Node, gaps: &[Gap], project: &mut ComposeProject) {
    if document.get("services").is_some() || !is_first_layout(document) {
        declared::check_top_level(reader, document);
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
        let name = project.name.clone();
        let context = Project { path: &project.path, name: name.as_deref(), resources: &project.resources, profiles: &profiles, gaps };
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
