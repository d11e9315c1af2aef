//! From files and workloads to PostgreSQL instances: one view per version that a server may have.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::absent_library;
use super::access::{self, Access};
use super::advisories;
use super::catalogue::Catalogue;
use super::clients;
use super::commands;
use super::effective::{Defaults, Effective, ServerConfiguration, ServerInputs};
use super::facts;
use super::first_start;
use super::homes;
use super::image;
use super::locales;
use super::minors;
use super::misplaced;
use super::moved_data;
use super::not_included;
use super::open_files;
use super::patroni::{self, Patroni};
use super::presumed::{self, Again};
use super::reading::{self, Step};
use super::repeats;
use super::server::{Server, standing};
use super::servers::{SeenFiles, group};
use super::standbys;
use super::tls::{self, Tls, TlsInput};
use super::twins;
use super::unset::UnsetSettings;
use super::unstarted;
use super::upgrade::{self, Ahead, Present};
use super::{ServerFile, kinds};
use crate::engines::frame::{self, Assembled, Given, Made, Pass, Paths, Seen, Standing, Workload};
use crate::formats::FileKind;
use crate::model::bounds::MOST_COPIED;
use crate::model::codes;
use crate::model::{
    Date, Datum, Engine, Field, Gap, Instance, Placement, Presumption, Record, RecordSet, Setting, SettingState, Subject, SubjectKind,
    Value, Version, View, Why,
};
use crate::text::path::{folder_of, name_of};
use crate::text::{Files, ReadError, Span};
use crate::workloads::Client;

/// What `bootstrap.dcs` of Patroni is worth.
const DCS_NOTE: &str =
    "bootstrap.dcs counts when the cluster is made; `patronictl show-config` prints what is in force now, if somebody has changed it";

/// Assembles every PostgreSQL server that the files describe.
#[must_use]
pub fn assemble(input: &Given<'_>) -> Assembled {
    let mut assembled = Assembled::default();
    let unset = UnsetSettings::default();
    let seen = SeenFiles::of(input.recognised);
    let mut nodes: Vec<Patroni> = seen.patronis.iter().filter_map(|source| Patroni::read(source, input.files)).collect();
    patroni::compare_nodes(&mut nodes);
    let mut patronis: BTreeMap<String, Arc<Patroni>> =
        nodes.into_iter().map(|patroni| (patroni.source.path().to_owned(), Arc::new(patroni))).collect();
    for (path, _) in patronis.iter().filter(|(_, patroni)| patroni.begins_a_cluster()) {
        assembled.notes.insert(path.clone(), DCS_NOTE);
    }
    for (span, patroni) in patronis.values().filter_map(|patroni| Some((patroni.cut_at?, patroni))) {
        let say =
            || format!("the aliases of {} copy more than {MOST_COPIED} values; this one and the next are left out", patroni.source.path());
        assembled.cuts.add("alias", span, say);
    }
    let mounted = |placement: &Placement| {
        patronis.iter().find(|(path, _)| patroni::is_mounted(path, placement)).map(|(_, patroni)| Arc::clone(patroni))
    };
    let runs_patroni = |workload: &Workload<'_>| patronis.keys().any(|path| patroni::is_mounted(path, workload.placement));
    let is_ours = |workload: &&Workload<'_>| workload.is_database_of(&[Engine::Postgresql]) || runs_patroni(workload);
    let workloads = input.workloads.par_iter().filter(is_ours);
    let mut workloads: Vec<_> =
        workloads.map(|workload| Server::of_workload(*workload, mounted(workload.placement), input.config)).collect();
    repeats::leave_out(&mut workloads, &seen, input.files, &mut assembled.cuts);
    let mut taken = BTreeSet::new();
    add(&mut assembled, &workloads, input, &unset, &mut taken);
    misplaced::tell(&mut assembled, &workloads, &seen, input.files, &mut taken);
    patronis.retain(|path, _| !taken.contains(path));
    // Whatever another file includes is no server of its own: main files by their usual name come first.
    let (mains, fragments): (Vec<_>, Vec<_>) = group(&seen, &input.config.targets, folder_of(&input.config.path), &taken)
        .into_iter()
        .partition(|files| files.conf.as_deref().is_none_or(|path| name_of(path) == "postgresql.conf"));
    let patronis: Vec<_> = patronis.into_values().map(|patroni| Server::of_patroni(patroni, input.config)).collect();
    add(&mut assembled, &patronis, input, &unset, &mut taken);
    let mut read = taken;
    for files in [mains, fragments] {
        let free = files.into_iter().filter(|files| files.conf.as_ref().is_none_or(|path| !read.contains(path)));
        let servers: Vec<_> = free.map(|files| Server::of_files(files, input.config, input.files)).collect();
        add(&mut assembled, &servers, input, &unset, &mut read);
        not_included::tell(&mut assembled, &seen, &mut read);
    }
    if !assembled.instances.is_empty() {
        // Files that are there and could not be read.
        let needed = input.files.failures().into_iter().filter(|(_, error)| !matches!(error, ReadError::Missing));
        assembled.unread.extend(needed.map(|(path, error)| (path, error.to_string())));
    }
    // An access file that a server of another folder named is not a server of its own either.
    let named: BTreeSet<&String> =
        assembled.instances.iter().filter(|instance| instance.sources.len() > 1).flat_map(|instance| instance.sources.iter()).collect();
    let left_out = &assembled.left_out;
    let belongs = |path: &String| named.contains(path) || left_out.contains(path);
    let alone = |instance: &Instance| matches!(instance.sources.as_slice(), [only] if belongs(only)) && instance.service.is_none();
    let twins = twins::of(&assembled.instances, input.files);
    let keep = assembled.instances.iter().enumerate().map(|(at, instance)| !alone(instance) && !twins.contains(&at));
    let keep: Vec<bool> = keep.collect();
    let mut keep = keep.into_iter();
    assembled.instances.retain(|_| keep.next().unwrap_or(true));
    standbys::compare(&mut assembled.instances);
    assembled
}

/// Adds servers, in their order, but none whose main file another one before it has read.
fn add(assembled: &mut Assembled, servers: &[Server<'_>], input: &Given<'_>, unset: &UnsetSettings, read: &mut BTreeSet<String>) {
    let made: Vec<_> = servers.par_iter().map(|server| instance(server, input, unset)).collect();
    for (server, made) in servers.iter().zip(made) {
        if server.base.workload.is_none() && server.files.conf.as_ref().is_some_and(|path| read.contains(path)) {
            continue;
        }
        read.extend(made.instance.sources.iter().chain(&made.left_out).cloned());
        assembled.add(made);
    }
}

/// Puts one server together.
fn instance(server: &Server<'_>, input: &Given<'_>, unset: &UnsetSettings) -> Made {
    let roots: Vec<Option<String>> =
        input.config.targets.iter().map(|target| target.root.as_ref().map(|at| input.config.resolve(&at.value, input.files))).collect();
    let paths = server.paths(input.files, &roots);
    let unseen: RefCell<BTreeMap<String, String>> = RefCell::default();
    let to_display = |absolute: &str| match paths.find(absolute) {
        Standing::Here(path) => Ok(path),
        Standing::Unseen(why) => {
            unseen.borrow_mut().insert(server.base.path_within(absolute), why.reason.to_string());
            Err(why)
        }
        Standing::Inside => Err(Why::new(format!("{absolute} is inside the image or on a volume, and cannot be seen"))),
        Standing::Inline(..) => Err(Why::new(format!("{absolute} is part of the compose file itself, which is not read yet"))),
    };
    let main = match &server.patroni {
        Some(patroni) => custom_conf(patroni, &paths),
        None => main_file(server, &paths, input.files),
    };
    let start = server.first_start(input.files);
    let (auto, mut later) = auto_file(server, &paths);
    later.extend(first_start::steps(&start, server.main_in_container(main.as_ref()).as_deref()));
    let configuration = match &server.patroni {
        Some(patroni) => {
            let mut reading = reading::read(input.files, &to_display, main.as_ref().ok(), None);
            reading.steps.extend(patroni.parameters.lines.iter().cloned());
            let mut line = patroni.parameters.command_line.clone();
            line.arguments.extend(server.base.variable("PATRONI_POSTGRESQL_LISTEN").into_iter().flat_map(patroni::listen_of_variable));
            ServerConfiguration::of(reading, line)
        }
        None => ServerConfiguration::read(&ServerInputs {
            files: input.files,
            main: main.as_ref().ok(),
            auto: auto.as_ref(),
            to_display: &to_display,
            words: server.base.words(),
            environment: server.base.environment(),
        })
        .then(later),
    };
    let versions = server.versions(input.files, &input.stated, input.now, &configuration);
    let mut sources: BTreeSet<String> = configuration.paths().iter().cloned().collect();
    let mut as_kinds: BTreeMap<String, &'static FileKind> = sources.iter().map(|path| (path.clone(), kinds::of_settings(path))).collect();
    sources.extend(server.base.workload.map(|workload| workload.placement.path.clone()));
    sources.extend(server.patroni.as_ref().map(|patroni| patroni.source.path().to_owned()));
    let hosts = server.base.client_hosts();
    let shared = access::SharedRules::default();
    let of_version = |version: &Version, pass: Pass| {
        let defaults = defaults(server, main.as_ref().err(), version);
        let mut effective = configuration.evaluate_sharing(version, &defaults, unset, pass);
        if let Some(patroni) = &server.patroni {
            patroni.adjust(&mut effective);
        }
        let access = access::assemble((server, &start), input.files, &paths, &effective.settings, version.major(), &shared);
        (effective, access)
    };
    let read: Vec<(Effective, Access)> = versions.candidates.par_iter().map(|version| of_version(version, Pass::Seen)).collect();
    let mut changes = input
        .stated
        .target(Engine::Postgresql)
        .map(|target| changes(server, &configuration, target, of_version(target, Pass::Seen), &versions.candidates, &read));
    let said_at = versions.span;
    let open_files_of = |access: &Access| open_files::problems(input.files, configuration.paths().iter().chain(access.paths.keys()));
    let tls_of = |subject: &Subject| {
        let place = |name: &str| place_of(subject, name);
        let tls = TlsInput { server, files: input.files, paths: &paths, now: input.now, hosts: &hosts, place: &place };
        tls::assemble(&tls, &subject.settings)
    };
    let mut views = Vec::with_capacity(read.len());
    let mut probed = BTreeMap::new();
    let (mut cuts, mut left_out) = (configuration.bounds().clone(), configuration.left_out().clone());
    for (index, (version, (effective, access))) in versions.candidates.iter().zip(read).enumerate() {
        sources.extend(access.paths.keys().cloned());
        as_kinds.extend(access.paths.clone());
        cuts.join(effective.bounds.clone());
        cuts.join(access.cuts());
        left_out.extend(access.left_out.iter().cloned());
        let open = open_files_of(&access);
        unseen.borrow_mut().extend(access.missing.clone().map(|path| (path, NOT_THERE.to_owned())));
        let mut view = view(server, version, &configuration, effective, access, input.clients);
        let tls = tls_of(&view.subject);
        probed.extend(tls.probed.clone());
        add_tls(&mut view.subject, tls);
        add_of_files(&mut view.subject, server, open, (version, said_at), input.now);
        let of_view = changes.as_mut().and_then(|changes| changes.get_mut(index)).map(std::mem::take);
        upgrade::add(&mut view.subject, input.stated.target(Engine::Postgresql), of_view);
        views.push(view);
    }
    if let Err(Why { reason, needs: Some(_), .. }) = &main
        && server.base.workload.is_some()
    {
        unseen.borrow_mut().entry(server.base.path_within("postgresql.conf")).or_insert_with(|| reason.to_string());
    }
    if let Ok(main) = &main
        && matches!(input.files.read(&main.display), Err(ReadError::Missing))
    {
        unseen.borrow_mut().insert(main.display.clone(), NOT_THERE.to_owned());
    }
    let reach = facts::reach_of(server, views.last().map(|view: &View| &view.subject), input.files, Pass::Seen);
    let mut instance = server.base.instance(Engine::Postgresql, Seen { versions, views, reach, sources }, input);
    instance.group = server.patroni.as_ref().and_then(|patroni| patroni.scope.clone());
    let listens = facts::listens(server, instance.views.last().map(|view| &view.subject), input.files);
    instance.views.iter_mut().for_each(|view| facts::of_settings(&mut view.subject));
    frame::fill(&mut instance, &listens, &server.base, input.config, input.now);
    let again = |version: &Version| {
        let (effective, access) = of_version(version, Pass::Presuming);
        let open = open_files_of(&access);
        let mut view = view(server, version, &configuration, effective, access, input.clients);
        let tls = tls_of(&view.subject);
        add_tls(&mut view.subject, tls);
        add_of_files(&mut view.subject, server, open, (version, said_at), input.now);
        view.subject
    };
    presumed::add(&mut instance, server, input, &Again { presumed: configuration.presumed(), of_version: &again });
    Made { instance, kinds: as_kinds, unread: unseen.into_inner(), probed, cuts, left_out }
}

/// Where a setting stands, or would be written.
fn place_of(subject: &Subject, name: &str) -> Option<Span> {
    let written = match subject.settings.get(name) {
        Some(SettingState::Known(setting)) => setting.origin.span,
        _ => None,
    };
    written.or_else(|| subject.place_of_unset(name)).or(subject.anchor)
}

/// What is known of the files as such, and of the release that is said at a place.
fn add_of_files(subject: &mut Subject, server: &Server<'_>, open: Vec<Record>, (version, said_at): (&Version, Option<Span>), now: Date) {
    open.into_iter().for_each(|record| subject.add(record));
    if let Some(record) = moved_data::problem(subject, server) {
        subject.add(record);
    }
    absent_library::problems(subject, server).into_iter().for_each(|record| subject.add(record));
    subject.records.insert("advisory", RecordSet::default());
    if let Some(record) = advisories::record(subject, version, said_at.or(subject.anchor), now) {
        subject.add(record);
    }
    minors::add(subject, version, said_at.or(subject.anchor));
    subject.facts.insert("locales", locales::fact(server));
    let alone = server.base.workload.is_none() && server.patroni.is_none() && server.files.conf.is_none();
    subject.facts.insert("access_file_alone", Field::bool(alone, None));
}

/// What was found about certificates and keys.
fn add_tls(subject: &mut Subject, tls: Tls) {
    let problems = subject.records.entry("problem").or_default();
    problems.rows.extend(tls.problems.into_iter().map(Arc::new));
    problems.rows.extend(tls.unseen.into_iter().map(|(why, codes)| Arc::new(unseen_problem(why, codes))));
    subject.records.insert("certificate", tls.certificates);
    subject.records.insert("tls_file", tls.files);
}

/// What an upgrade changes, for each version that the server may have.
fn changes(
    server: &Server<'_>,
    configuration: &ServerConfiguration,
    target: &Version,
    (effective, access): (Effective, Access),
    candidates: &[Version],
    read: &[(Effective, Access)],
) -> Vec<RecordSet> {
    let ahead = Ahead { version: target.clone(), effective, access };
    let anchor = anchor(server, configuration, &ahead.access);
    let commented_out = configuration.commented_out();
    let present = |(version, (effective, access))| Present { version, effective, access, anchor, commented_out: &commented_out };
    let presents: Vec<Present<'_>> =
        candidates.iter().zip(read.iter().map(|(effective, access)| (effective, access))).map(present).collect();
    let common = ahead.common(&presents);
    let of_version = |present: &Present<'_>| {
        let mut records = ahead.records(present);
        if present.version.major() < target.major() {
            records.rows.extend(common.iter().cloned());
            records.rows.extend(ahead.of_data_directory(present, server));
        }
        records
    };
    presents.iter().map(of_version).collect()
}

/// Where what concerns a server as a whole is reported.
fn anchor(server: &Server<'_>, configuration: &ServerConfiguration, access: &Access) -> Option<crate::text::Span> {
    let service = server.base.workload.map(|workload| workload.placement.name_span);
    let of_patroni = server.patroni.as_ref().and_then(|patroni| patroni.anchor);
    service.or(of_patroni).or_else(|| configuration.head()).or_else(|| access.hba.records.rows.first().and_then(|row| row.span))
}

/// The file that Patroni includes before its own settings, or why it cannot be seen.
fn custom_conf(patroni: &Patroni, paths: &Paths<'_>) -> Result<ServerFile, Why> {
    let Some(named) = &patroni.custom_conf else { return Err(Why::new(BASE_CONF)) };
    match paths.find(&named.text) {
        Standing::Here(path) => Ok(ServerFile { display: path, server: Some(named.text.clone()) }),
        Standing::Unseen(why) => Err(why),
        Standing::Inside | Standing::Inline(..) => Err(Why::new(format!("{} cannot be seen", named.text))),
    }
}

/// Marks that no file but what initdb wrote stands before Patroni's settings.
const BASE_CONF: &str = "initdb writes postgresql.base.conf";

/// `postgresql.auto.conf`, or a gap where one is mounted that cannot be seen: the one that the server writes itself, into its
/// volume, is no gap.
fn auto_file(server: &Server<'_>, paths: &Paths<'_>) -> (Option<ServerFile>, Vec<Step>) {
    let given = server.files.auto_conf.as_ref().map(|path| ServerFile { display: path.clone(), server: None });
    let Some(workload) = server.base.workload.filter(|_| given.is_none()) else { return (given, Vec::new()) };
    let mounts = &workload.placement.mounts;
    let own = mounts.iter().find(|mount| name_of(&mount.target) == AUTO_CONF).map(|mount| mount.target.clone());
    let gap = |why: Why| Step::Gap(why.presuming(Presumption::UnreadInclude));
    let directory = server.data_directory().unwrap_or(first_start::DATA).trim_end_matches('/');
    let path = own.clone().unwrap_or_else(|| format!("{directory}/{AUTO_CONF}"));
    match paths.find(&path) {
        Standing::Here(display) => (Some(ServerFile { display, server: Some(path) }), Vec::new()),
        Standing::Unseen(why) if own.is_some() => (None, vec![gap(why)]),
        Standing::Inline(..) => (None, vec![gap(Why::new(format!("{path} is part of the compose file itself, which is not read yet")))]),
        Standing::Inside if own.is_some() => (None, vec![gap(Why::new(format!("what is mounted at {path} cannot be seen")))]),
        Standing::Unseen(_) | Standing::Inside => (None, Vec::new()),
    }
}

/// The file that `ALTER SYSTEM` writes.
const AUTO_CONF: &str = "postgresql.auto.conf";

/// The main file, or why it cannot be seen.
fn main_file(server: &Server<'_>, paths: &Paths<'_>, files: &Files) -> Result<ServerFile, Why> {
    let Some(_) = server.base.workload else {
        let conf = server.files.conf.as_ref();
        return conf.map(|path| ServerFile { display: path.clone(), server: None }).ok_or_else(|| {
            Why::needing("postgresql.conf was not given", "name postgresql.conf on the command line, or the directory that holds it")
        });
    };
    let line = super::command_line::CommandLine::parse(server.base.words());
    let stated = line.arguments.iter().rev().find(|argument| argument.name.as_deref() == Some("config_file"));
    let directory = server.data_directory().unwrap_or("/var/lib/postgresql/data");
    let written = match stated.map(|argument| argument.value.as_deref()) {
        Some(Some(path)) => path.to_owned(),
        Some(None) => return Err(Why::new("config_file is a variable without a value")),
        None => server
            .file_of_own_folder("postgresql.conf", paths, files)
            .map_or_else(|| format!("{}/postgresql.conf", directory.trim_end_matches('/')), |(absolute, _)| absolute),
    };
    let absolute = if written.starts_with('/') { written.clone() } else { format!("{directory}/{written}") };
    match standing(paths, Some(directory), &written) {
        Standing::Here(path) => Ok(ServerFile { display: path, server: Some(absolute) }),
        Standing::Unseen(why) => Err(why),
        Standing::Inline(..) => Err(Why::new(format!("{absolute} is part of the compose file itself, which is not read yet"))),
        Standing::Inside if stated.is_some() => Err(Why::new(format!("{absolute} is inside the image or on a volume, and cannot be seen"))),
        Standing::Inside => Err(Why::new(OF_IMAGE)),
    }
}

/// Why a file that a server needs was not read.
const NOT_THERE: &str = "a server needs it, and it is not there";

/// Marks the one case in which not seeing the main file is no gap: the image writes it, and it is known how.
const OF_IMAGE: &str = "the image writes postgresql.conf itself";

/// What holds where nothing is written.
fn defaults(server: &Server<'_>, no_main: Option<&Why>, version: &Version) -> Defaults {
    if let Some(patroni) = &server.patroni {
        return patroni.defaults(no_main.filter(|why| *why.reason != *BASE_CONF));
    }
    let Some(why) = no_main else { return Defaults::default() };
    let Some(workload) = server.base.workload else { return Defaults { unseen: Some(why.clone()), ..Defaults::default() } };
    if let Some(Gap { what, .. }) = workload.placement.incomplete.first() {
        let unseen = Why::new(format!("service {} uses {what}, which is not read yet", workload.placement.name));
        return Defaults { unseen: Some(unseen), ..Defaults::default() };
    }
    if *why.reason != *OF_IMAGE {
        return Defaults { unseen: Some(why.clone()), ..Defaults::default() };
    }
    if !server.has_faithful_image() {
        let image = workload.placement.image.as_ref().map_or("the image", |image| image.text.as_str());
        let unseen = Why::needing(
            format!("{image} may bring a postgresql.conf of its own"),
            "mount a postgresql.conf from this project, or look at the running server",
        );
        return Defaults { unseen: Some(unseen), ..Defaults::default() };
    }
    let mut settings: Vec<(String, String)> =
        image::SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let arguments = server.base.variable("POSTGRES_INITDB_ARGS").and_then(|entry| entry.value.value.as_deref());
    if version.major() >= 16 {
        settings.extend(image::initdb_settings(arguments.unwrap_or_default()));
    }
    Defaults { image: settings, ..Defaults::default() }
}

fn view(
    server: &Server<'_>,
    version: &Version,
    configuration: &ServerConfiguration,
    effective: Effective,
    access: Access,
    connecting: &[Client],
) -> View {
    let mut subject = Subject::new(SubjectKind::Instance, server.base.id.as_str());
    subject.platform = server.base.platform();
    subject.instances = Arc::new(vec![server.base.id.clone()]);
    subject.engine = Some(Engine::Postgresql);
    subject.version = Some(version.clone());
    subject.settings = effective.settings;
    list_connection_events(&mut subject);
    if Catalogue::of(version.major()).is_none() {
        subject.settings_unknown.clone_from(&effective.incomplete);
    }
    presumed::mark_archiving(&mut subject);
    let service = server.base.workload.map(|workload| workload.placement.name_span);
    let of_patroni = server.patroni.as_ref().and_then(|patroni| patroni.anchor);
    subject.configuration_end = configuration.anchor();
    subject.setting_homes = Some(homes::of(server, subject.configuration_end.is_some(), &subject.settings));
    subject.setting_anchor = of_patroni.or_else(|| configuration.anchor()).or_else(|| server.base.image_span()).or(service);
    subject.commented_out = configuration.commented_out();
    subject.anchor = anchor(server, configuration, &access);
    // What a file that was not seen may have wrong with it concerns the rules about that file alone.
    let mut problems = RecordSet { rows: effective.problems.rows, incomplete: None };
    problems.rows.extend(access.hba.problems.iter().cloned());
    problems.rows.extend(access.ident_problems.into_iter().map(Arc::new));
    let unseen = [
        (effective.problems.incomplete, codes::CONFIGURATION),
        (access.hba.incomplete.clone(), codes::ACCESS),
        (access.ident.incomplete.clone(), codes::MAPS),
    ];
    problems.rows.extend(unseen.into_iter().filter_map(|(why, codes)| Some(Arc::new(unseen_problem(why?, codes)))));
    subject.records.insert("problem", problems);
    subject.records.insert("assignment", effective.assignments);
    subject.records.insert("command_fault", commands::records(&subject.settings, version));
    subject.records.insert("hba", access.hba.records.clone());
    let ssl = access::uses_tls(&subject.settings);
    let clients = clients::records(connecting, server, &subject.settings, &access.hba, ssl);
    subject.records.insert("client", clients);
    if let Some(record) = unstarted::problem(server, &subject.settings, &access.hba, version.major()) {
        subject.add(record);
    }
    subject.records.insert("ident", access.ident);
    if let Some(patroni) = &server.patroni {
        patroni.add_records(&mut subject, server.base.environment());
    }
    View { subject, presumed: None, who_can_connect: access.hba.who_can_connect.clone() }
}

/// `log_connections` became a list of events with PostgreSQL 18; the boolean of earlier versions means the
/// events that `on` stands for, so that a rule can ask the same of every version.
fn list_connection_events(subject: &mut Subject) {
    let Some(SettingState::Known(setting)) = subject.settings.get("log_connections") else { return };
    let Some(on) = setting.value.as_bool() else { return };
    let events: &[&str] = if on { &["receipt", "authentication", "authorization"] } else { &[] };
    let value = Value::List(events.iter().map(|event| (*event).to_owned()).collect());
    let listed = Setting { value, ..Setting::clone(setting) };
    subject.settings.insert("log_connections".to_owned(), SettingState::Known(Box::new(listed)));
}

/// A stand-in for the problems of a file that was not seen: it may be any of them, none of another file's, or none at all.
fn unseen_problem(why: Why, codes: &[&str]) -> Record {
    let codes = codes.iter().chain(&["none"]).map(|code| Value::text(*code)).collect();
    let field = Field { datum: Datum::Among(codes, Box::new(why)), span: None, origin: None, record: None };
    Record::new("problem", "unseen", None).with("code", field)
}
