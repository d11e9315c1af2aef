//! From recognised texts to subjects: placements, services, instances, files.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::discover::{Discovered, discover};
use super::inputs::Inputs;
use super::kinds::Kinds;
use super::request::{Named, Request};
use super::{commented, files_seen, reviews};
use crate::deployments::{self, Project};
use crate::engines::frame::{Assembled, FACTS_OF_SERVICE, Given, Stated, Workload};
use crate::engines::hops;
use crate::exceptions::Suppressions;
use crate::fix::KindOf;
use crate::formats::{Recognised, dotenv};
use crate::model::bounds::LONGEST_SCRIPT;
use crate::model::{
    Aspect, Cuts, Engine, Fields, Gap, InputStatus, Instance, Placement, Relied, Reviews, Subject, SubjectKind, Unseen, View,
};
use crate::operations;
use crate::text::path::folder_of;
use crate::text::{Files, Source};
use crate::workloads::{self, Client, Doubt, Identity, ProjectContext, Start, commands};

/// Why a file that a server includes was not read.
const LEFT_OUT: &str = "its server includes more files than gonogo reads of one server";

/// Everything that was found, ready to be judged.
///
/// Services, files and the project are what whoever looked at them made of them: of a large tree they are too many to be
/// kept all at once.
#[derive(Debug)]
pub struct Survey<S = Subject> {
    /// Texts.
    pub files: Arc<Files>,
    /// What was looked at.
    pub inputs: Inputs,
    /// Files of the walk that no room recognised.
    pub unrecognised: usize,
    /// Database servers, sorted by id.
    pub instances: Vec<Instance>,
    /// Workloads.
    pub services: Vec<S>,
    /// Files that rules speak about.
    pub files_seen: Vec<S>,
    /// The project as a whole.
    pub project: Vec<S>,
    /// Workloads of which too little was seen.
    pub unseen: Vec<Unseen>,
    /// What rests on the word of people who read what no program understood.
    pub relied: Vec<Relied>,
    /// What people say of files that no program understood.
    pub reviews: Arc<Reviews>,
    /// Files that were not understood and that nobody answers for, each with its SHA-256.
    pub unanswered: Vec<(String, String)>,
    /// Ignore comments.
    pub suppressions: Suppressions,
    /// What each file was read as, where edits of them are to be offered.
    pub kinds: KindOf,
}

/// One service with what was found out about it.
struct Service {
    /// As its project names it.
    name: String,
    /// The folder that paths in its description count from.
    directory: String,
    /// The file that describes it.
    path: String,
    role: &'static str,
    /// Engine, of a database.
    engine: Option<Engine>,
    id: String,
    instances: Arc<Vec<String>>,
    doubt: Option<Doubt>,
    /// Scripts that it runs and that are too long to be taken apart.
    left_out: Vec<Arc<Source>>,
    /// Files that it mounts, by display path.
    mounted: Vec<String>,
    /// How it connects to databases.
    clients: Vec<Client>,
    /// What a server is assembled from, where it may be one.
    server: Option<Box<Placed>>,
}

/// A workload that some family may make a server of.
struct Placed {
    placement: Placement,
    identity: Identity,
    /// Those of its facts that an instance takes over.
    facts: Fields,
}

impl Placed {
    fn workload<'s>(&'s self, id: &'s str) -> Workload<'s> {
        Workload { id, placement: &self.placement, identity: &self.identity, facts: &self.facts }
    }
}

impl Service {
    fn workload(&self) -> Option<Workload<'_>> {
        Some(self.server.as_ref()?.workload(&self.id))
    }
}

/// Looks at everything that was named.
#[must_use]
pub fn survey(files: Files, named: &Named, request: &Request) -> Survey {
    looking(files, named, request, |subject| subject)
}

/// The same, making something of each service, each file and the project as soon as it is put together.
pub(super) fn looking<S: Looked>(mut files: Files, named: &Named, request: &Request, look: impl Fn(Subject) -> S + Sync) -> Survey<S> {
    let mut inputs = Inputs::default();
    let Discovered { recognised, unrecognised, compose_files } =
        discover(&mut files, named, &Kinds::of(request.platforms, request.families), request.kind, &mut inputs);
    let mut projects = projects(&recognised, &compose_files, &files, request, &mut inputs);
    let stated = reviews::stated(&request.config, request.criticality.as_deref(), &files, request.now);
    projects.iter_mut().flat_map(|project| &mut project.placements).for_each(|placement| placement.reviews = Arc::clone(&stated));
    let (mut services, mut looked) = services(&mut projects, &recognised, &files, request, &look);
    name_apart(&mut services);
    let looked_like = recognised.all().filter(|_| request.offers_fixes).map(|(kind, source)| (source.path().to_owned(), kind));
    let mut kinds: KindOf = looked_like.collect();
    let mut instances = assemble(&recognised, &services, &files, request, &mut inputs, &mut kinds);
    hops::keep_servers(&mut instances);
    name_instances_apart(&mut instances);
    let near = LazyCell::new(|| neighbours(&services));
    hops::join(&mut instances, &|id| (*near)(id));
    drop(near);
    relate(&mut services, &instances);
    let by_path = instances_by_path(&services);
    looked.iter_mut().zip(&services).for_each(|(looked, service)| looked.belong(&service.id, &service.instances));
    let (files_seen, cuts) = files_seen::look(&projects, recognised.of(&dotenv::KIND), &by_path, &files, &look);
    note_cuts(&cuts, &files, &mut inputs);
    let suppressions = commented::suppressions(&recognised, &kinds, &files);
    let unseen = unseen(&services, &instances);
    let relied = reviews::relied(&stated, |path, name| servers(&services, path, name));
    for source in services.iter().flat_map(|service| &service.left_out) {
        inputs.bounded(source.path(), &format!("longer than the {LONGEST_SCRIPT} bytes that are read of a script"));
    }
    services
        .iter()
        .flat_map(|service| &service.mounted)
        .filter(|path| files.has_read(path))
        .for_each(|path| inputs.read_by_a_service(path));
    inputs.unhide(|path| files.has_read(path));
    note_foreign(&files, &mut inputs);
    let mut project = Subject::new(SubjectKind::Project, ".");
    project.instances = Arc::new(instances.iter().map(|instance| instance.id.clone()).collect());
    project.anchor = instances.iter().find_map(|instance| instance.views.last()?.subject.anchor);
    drop(services);
    // Of a large tree these are a million small pieces of memory; nobody needs to wait until they are given back.
    rayon::spawn(move || drop(projects));
    if let Some(hider) = files.hider() {
        inputs.hide(hider);
    }
    Survey {
        inputs,
        unrecognised,
        instances,
        services: looked,
        files_seen,
        project: vec![look(project)],
        unseen,
        relied,
        unanswered: stated.open(),
        reviews: stated,
        suppressions,
        kinds,
        files: Arc::new(files),
    }
}

/// The projects of every platform.
fn projects(recognised: &Recognised, compose_files: &[String], files: &Files, request: &Request, inputs: &mut Inputs) -> Vec<Project> {
    let mut env_files = Vec::new();
    for path in &request.env_files {
        match files.read(path) {
            Ok(source) => env_files.push(source),
            Err(error) => inputs.unreadable(path, &error, true),
        }
    }
    let env_files = (!request.env_files.is_empty()).then_some(env_files.as_slice());
    let given = deployments::Given { files, recognised, environment: &request.environment, env_files, compose_files };
    let mut projects = Vec::new();
    for platform in request.platforms.0 {
        let described = platform.describe(&given);
        note_cuts(&described.cuts, files, inputs);
        for (path, reason) in &described.left_out {
            inputs.note_unread(path, "", InputStatus::Skipped, reason, false);
        }
        projects.extend(described.projects);
    }
    deployments::host::without_run_elsewhere(&mut projects);
    projects.iter().for_each(|project| note_project(project, files, inputs));
    projects
}

fn note_project(project: &Project, files: &Files, inputs: &mut Inputs) {
    if project.template {
        inputs.note_unread(&project.path, project.kind.name, InputStatus::Skipped, "template: give the rendered file", false);
        return;
    }
    let at = |span: crate::text::Span| files.source(span.source).map_or(1, |source| source.location(span.start).line);
    for path in project.layers.iter().filter(|path| files.has_read(path)) {
        inputs.parsed(path, project.kind.name, false);
    }
    // A project is read from several files, and each is told of under its own path.
    let path_of =
        |span: crate::text::Span| files.source(span.source).map_or_else(|| project.path.clone(), |source| source.path().to_owned());
    if let Some(span) = project.broken_at {
        inputs.partial(&path_of(span), &format!("a syntax error at line {}: what follows it was not read", at(span)));
    }
    for note in &project.notes {
        inputs.remark(&path_of(note.span), &format!("line {}: {}", at(note.span), note.message));
    }
    note_cuts(&project.cuts, files, inputs);
    for missing in &project.missing {
        let reason = format!("{} names it at line {}, and it was not given", path_of(missing.span), at(missing.span));
        inputs.note_unread(&missing.path, project.kind.name, InputStatus::Unreadable, &reason, true);
    }
    for file in &project.dotenvs {
        inputs.parsed(&file.path, dotenv::KIND.name, false);
    }
}

/// Says of each text that it holds bytes which are not UTF-8.
fn note_foreign(files: &Files, inputs: &mut Inputs) {
    for source in files.sources().values() {
        let Some(foreign) = source.foreign().filter(|_| inputs.knows(source.path())) else { continue };
        let line = source.location(foreign.offset).line;
        let note = format!("line {line}: byte 0x{:02X} is not UTF-8; such bytes are read as they are and shown as \u{fffd}", foreign.byte);
        inputs.remark(source.path(), &note);
    }
}

/// Says of each file which bound of gonogo's own it met.
fn note_cuts(cuts: &Cuts, files: &Files, inputs: &mut Inputs) {
    for cut in cuts.iter() {
        if let Some(source) = files.source(cut.span.source) {
            inputs.bounded(source.path(), &format!("line {}: {}", source.location(cut.span.start).line, cut.text()));
        }
    }
}

/// What a subject becomes, once it is looked at; ids are told apart later, when all services are known.
pub(super) trait Looked: Send {
    /// States the id of a service and the instances that it belongs to.
    fn belong(&mut self, id: &str, instances: &Arc<Vec<String>>);
}

impl Looked for Subject {
    fn belong(&mut self, id: &str, instances: &Arc<Vec<String>>) {
        id.clone_into(&mut self.id);
        self.instances = Arc::clone(instances);
    }
}

/// What is known of a service: what it is, the facts that an instance takes over, how it connects, and what was made of it.
type Seen<S> = (Identity, Fields, Vec<Client>, S);

/// Every service, with what was made of its subject. Its placement is kept only where a family may make a server of it:
/// of a large tree they would be the most of what is kept.
fn services<S: Looked>(
    projects: &mut [Project],
    recognised: &Recognised,
    files: &Files,
    request: &Request,
    look: impl Fn(Subject) -> S + Sync,
) -> (Vec<Service>, Vec<S>) {
    let of_project = |project: &mut Project| {
        let mut placements = std::mem::take(&mut project.placements);
        if workloads::may_have_relays(&placements) || workloads::are_relays_stated(&request.config) {
            let context = ProjectContext::new(&placements, files, request.now, project.fragment);
            let openings = workloads::openings(&context, &request.config);
            placements.iter_mut().zip(openings).for_each(|(placement, openings)| placement.openings.extend(openings));
        }
        let context = ProjectContext::new(&placements, files, request.now, project.fragment);
        let look_at = |placement: &Placement| {
            let mut subject = workloads::service_subject(placement, &context);
            let add = |subject: &mut Subject| {
                operations::add_jobs(subject, placement, &context, &request.config);
                request.families.add_to_service(subject, placement, &context);
            };
            add(&mut subject);
            if let Some(presuming) = &mut subject.presuming {
                add(presuming);
            }
            let facts = subject.facts.some(&FACTS_OF_SERVICE);
            let clients = workloads::clients(placement, &context);
            (context.identity(placement), facts, clients, look(subject))
        };
        let seen: Vec<Seen<S>> = placements.iter().map(look_at).collect();
        drop(context);
        let service = |(placement, (identity, facts, clients, looked)): (Placement, Seen<S>)| {
            let service = service(Placed { placement, identity, facts }, recognised, files, request);
            (Service { clients, ..service }, looked)
        };
        placements.into_iter().zip(seen).map(service).collect::<Vec<_>>()
    };
    projects.par_iter_mut().flat_map_iter(of_project).unzip()
}

/// What is kept of a service once it was looked at.
fn service(mut placed: Placed, recognised: &Recognised, files: &Files, request: &Request) -> Service {
    let start = workloads::start(&placed.placement, &placed.identity, files);
    let doubt = workloads::doubt(&placed.placement, &placed.identity, &start, files);
    match start {
        Start::Words(words) => placed.placement.started = Some(words),
        Start::Unknown => {
            let (what, span) = ("a script, which was not read to the end", placed.placement.name_span);
            placed.placement.started = Some(Vec::new());
            placed.placement.incomplete.push(Gap { what: what.to_owned(), aspects: &[Aspect::Start], span });
        }
        Start::AsWritten => {}
    }
    let placement = &placed.placement;
    let is_server = request.families.may_run_in(&placed.workload(&placement.name), recognised);
    let left_out = commands::scripts_left_out(placement, files);
    let mounted = placement.mounts.iter().filter_map(|mount| mount.source_path.clone()).collect();
    let (name, directory, path) = (placement.name.clone(), placement.directory.clone(), placement.path.clone());
    Service {
        id: name.clone(),
        name,
        directory,
        path,
        role: placed.identity.role,
        engine: placed.identity.engine,
        instances: Arc::default(),
        doubt,
        left_out,
        mounted,
        clients: Vec::new(),
        server: is_server.then(|| Box::new(placed)),
    }
}

/// Ids of services: the name; where two share it, with the folder; where that is not enough, with the file.
fn name_apart(services: &mut [Service]) {
    let names: Vec<[String; 3]> = services
        .iter()
        .map(|service| {
            let (name, folder, path) = (&service.name, &service.directory, &service.path);
            let with_folder = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            [name.clone(), with_folder, format!("{path}/{name}")]
        })
        .collect();
    for (service, id) in services.iter_mut().zip(apart(&names)) {
        service.id = id;
    }
}

/// For each entry the first of its names that no other entry has, of the same length or shorter.
fn apart(names: &[[String; 3]]) -> Vec<String> {
    let count = |level: usize| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        names.iter().filter_map(|names| names.get(level)).for_each(|name| *counts.entry(name).or_default() += 1);
        counts
    };
    let counts = [count(0), count(1)];
    let unique = |level: usize, name: &str| counts.get(level).and_then(|counts| counts.get(name)) == Some(&1);
    names
        .iter()
        .map(|[short, middle, long]| {
            if unique(0, short) {
                short
            } else if unique(1, middle) {
                middle
            } else {
                long
            }
        })
        .cloned()
        .collect()
}

fn assemble(
    recognised: &Recognised,
    services: &[Service],
    files: &Files,
    request: &Request,
    inputs: &mut Inputs,
    kinds: &mut KindOf,
) -> Vec<Instance> {
    let workloads: Vec<Workload<'_>> = services.iter().filter_map(Service::workload).collect();
    let stated = Stated {
        deployment: request.deployment,
        host: &request.host,
        versions: &request.engine_versions,
        targets: &request.target_versions,
    };
    let clients: Vec<Client> = services.iter().flat_map(|service| service.clients.iter().cloned()).collect();
    let (workloads, clients, observed) = (&*workloads, &*clients, &*request.observed);
    let given = Given { files, recognised, workloads, clients, observed, config: &request.config, stated, now: request.now };
    let assembled = request.families.0.iter().map(|family| family.assemble(&given));
    assembled.flat_map(|assembled| noted(assembled, files, inputs, kinds)).collect()
}

/// The instances of a family, once the list of inputs says what became of their files.
fn noted(assembled: Assembled, files: &Files, inputs: &mut Inputs, kinds: &mut KindOf) -> Vec<Instance> {
    for (path, reason) in assembled.unread {
        inputs.note_unread(&path, "", InputStatus::Unreadable, &reason, true);
    }
    note_cuts(&assembled.cuts, files, inputs);
    for path in &assembled.left_out {
        inputs.note_unread(path, "", InputStatus::Skipped, LEFT_OUT, false);
    }
    for (path, note) in &assembled.notes {
        inputs.remark(path, note);
    }
    for (path, kind) in &assembled.probed {
        inputs.probed(path, kind);
    }
    for path in assembled.instances.iter().flat_map(|instance| &instance.sources) {
        if let Some(kind) = assembled.kinds.get(path).filter(|_| !inputs.knows(path)) {
            inputs.parsed(path, kind.name, false);
        }
    }
    // What a server reads a file as counts before what it looks like.
    kinds.extend(assembled.kinds);
    assembled.instances
}

/// Instances of files may share a name with one another, and with a service.
fn name_instances_apart(instances: &mut [Instance]) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for instance in instances.iter_mut() {
        let folder = instance.sources.first().map_or("", |path| folder_of(path)).to_owned();
        let mut id = instance.id.clone();
        if known.contains(&id) && !folder.is_empty() {
            id = format!("{folder}/{id}");
        }
        let base = id.clone();
        let mut number = 2;
        while known.contains(&id) {
            id = format!("{base}-{number}");
            number += 1;
        }
        known.insert(id.clone());
        let own = Arc::new(vec![id.clone()]);
        for subject in instance.views.iter_mut().flat_map(View::subjects_mut) {
            subject.id.clone_from(&id);
            subject.instances = Arc::clone(&own);
        }
        instance.id = id;
    }
    instances.sort_by(|a, b| a.id.cmp(&b.id));
}

/// Workloads that look like databases of no known engine, and databases of an engine that no room assembles: whatever
/// is wrong with them, nobody has looked.
fn unseen(services: &[Service], instances: &[Instance]) -> Vec<Unseen> {
    let assembled: BTreeSet<&str> = instances.iter().map(|instance| instance.id.as_str()).collect();
    let is_unread = |service: &Service| service.role == "database" && !assembled.contains(service.id.as_str());
    let of = |service: &Service| {
        let unread = is_unread(service);
        let doubt = if unread { Doubt::of_database(service.engine) } else { service.doubt.clone()? };
        let database = unread.then(|| service.engine.map_or("a database", Engine::name));
        Some(Unseen { workload: service.id.clone(), database, reason: doubt.reason, next: doubt.next })
    };
    services.iter().filter_map(of).collect()
}

/// The servers that a service concerns: its own, else those that it belongs to.
fn servers(services: &[Service], path: &str, name: &str) -> Vec<String> {
    let known = services.iter().filter(|service| service.path == path && service.name == name);
    known.flat_map(|service| std::iter::once(&service.id).chain(service.instances.iter()).cloned()).collect()
}

/// A service belongs to its own instance; one that is no database, to those of its project.
fn relate(services: &mut [Service], instances: &[Instance]) {
    let ids: BTreeMap<&str, &Instance> = instances.iter().map(|instance| (instance.id.as_str(), instance)).collect();
    let mut by_path: BTreeMap<String, Arc<Vec<String>>> = BTreeMap::new();
    for service in services.iter().filter(|service| ids.get(service.id.as_str()).is_some_and(|instance| instance.engine.keeps_data())) {
        Arc::make_mut(by_path.entry(service.path.clone()).or_default()).push(service.id.clone());
    }
    for service in services.iter_mut() {
        service.instances = match ids.get(service.id.as_str()) {
            // A pooler, which belongs to its servers too.
            Some(instance) => instance.views.last().map(|view| Arc::clone(&view.subject.instances)).unwrap_or_default(),
            None => by_path.get(&service.path).cloned().unwrap_or_default(),
        };
    }
}

fn instances_by_path(services: &[Service]) -> BTreeMap<String, Arc<Vec<String>>> {
    let mut by_path: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for service in services {
        by_path.entry(&service.path).or_default().extend(service.instances.iter());
    }
    by_path.into_iter().map(|(path, ids)| (path.clone(), Arc::new(ids.into_iter().cloned().collect()))).collect()
}

/// Names of the services that share host and network with a service of an id: those of its project.
fn neighbours(services: &[Service]) -> impl Fn(&str) -> BTreeSet<String> + '_ {
    let mut of_path: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut path_of: BTreeMap<&str, &str> = BTreeMap::new();
    for service in services {
        of_path.entry(&service.path).or_default().insert(service.name.clone());
        path_of.insert(&service.id, &service.path);
    }
    move |id| path_of.get(id).and_then(|path| of_path.get(path)).cloned().unwrap_or_default()
}
