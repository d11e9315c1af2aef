//! From files and workloads to instances: one view per release that the program may be of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::catalogue::{RELEASES, release_of};
use super::effective::{Effective, evaluate};
use super::reading::{self, Reading};
use super::records::{self, Accounts};
use super::{facts, image, kinds};
use crate::config::{Config, Target};
use crate::engines::frame::{Assembled, Given, Made, Paths, Standing, Stated, Workload, target_of};
use crate::formats::FileKind;
use crate::formats::userlist::{self, Userlist};
use crate::model::{
    Datum, Deployment, Engine, Environment, Field, HostFacts, Instance, Purpose, Record, RecordSet, SettingState, Subject, SubjectKind,
    Value, Version, VersionBasis, VersionCandidates, View, Why,
};
use crate::text::path::{folder_of, shown_text};
use crate::text::{Files, ReadError, Span};
use crate::workloads::{exposure, is_placeholder, is_weak};

/// The first release that a maintained distribution ships: Debian 12 has 1.18.
pub(super) const OLDEST_SHIPPED: u32 = 18;

/// Where the file is, when nothing says otherwise.
const USUAL_PATH: &str = "/etc/pgbouncer/pgbouncer.ini";

/// Assembles every PgBouncer that the files describe.
pub(super) fn assemble(input: &Given<'_>) -> Assembled {
    let mut assembled = Assembled::default();
    let mut read: BTreeSet<String> = BTreeSet::new();
    let image = |workload: &&Workload<'_>| workload.identity.image.as_ref().and_then(|image| image.engine);
    let workloads = input.workloads.iter().filter(|workload| image(workload) == Some(Engine::Pgbouncer));
    let workloads = workloads.map(|workload| Server::of_workload(*workload, input.config));
    // Whatever another file includes is no instance of its own: files by their usual name come first.
    let (mains, others): (Vec<_>, Vec<_>) =
        input.recognised.of(&kinds::INI).iter().partition(|source| source.file_name() == "pgbouncer.ini");
    let files = mains.into_iter().chain(others).map(|source| Server::of_file(source.path(), input.config));
    for server in workloads.chain(files) {
        if server.ini.as_ref().is_some_and(|path| read.contains(path)) {
            continue;
        }
        let made = instance(&server, input);
        read.extend(made.instance.sources.iter().cloned());
        assembled.add(made);
    }
    assembled
}

/// One PgBouncer before any release is assumed.
pub(super) struct Server<'a> {
    pub id: String,
    pub workload: Option<Workload<'a>>,
    /// Its main file, where no workload tells it.
    pub ini: Option<String>,
    pub target: Option<&'a Target>,
}

impl<'a> Server<'a> {
    fn of_workload(workload: Workload<'a>, config: &'a Config) -> Self {
        Self { id: workload.id.to_owned(), workload: Some(workload), ini: None, target: config.target(workload.id) }
    }

    fn of_file(path: &str, config: &'a Config) -> Self {
        let target = target_of(path, &config.targets, folder_of(&config.path)).and_then(|index| config.targets.get(index));
        let id = target.map_or_else(|| path.to_owned(), |target| target.name.value.clone());
        Self { id, workload: None, ini: Some(path.to_owned()), target }
    }

    fn distribution(&self) -> Option<&'static str> {
        self.workload?.identity.image.as_ref()?.distribution
    }

    /// The `image:` value, or the name of the service.
    fn place(&self) -> Option<Span> {
        let placement = self.workload?.placement;
        let image = placement.image.as_ref().map(|image| image.span);
        Some(image.or_else(|| placement.image_unresolved.as_ref().map(|image| image.span)).unwrap_or(placement.name_span))
    }

    /// Paths in the container where the main file may be; the first that is mounted counts.
    fn main_paths(&self) -> Vec<String> {
        let words = self.workload.and_then(|workload| workload.placement.command.as_ref()).map(|command| command.words.as_slice());
        let named = words.unwrap_or_default().iter().filter_map(|word| word.value.as_deref()).rfind(|word| word.ends_with(".ini"));
        let of_image = self.distribution().and_then(image::of).map_or(&[USUAL_PATH][..], |image| image.paths);
        named.into_iter().chain(of_image.iter().copied()).map(str::to_owned).collect()
    }

    fn versions(&self, stated: &Stated<'_>) -> VersionCandidates {
        let known = |version: &Version| release_of(version).is_some_and(|release| RELEASES.contains(&release));
        let one = |version: &Version, basis, span| VersionCandidates { candidates: vec![version.clone()], basis, span };
        let image = self.workload.and_then(|workload| workload.identity.image.as_ref()).and_then(|image| image.version.as_ref());
        if let Some(version) = image.filter(|version| known(version)) {
            return one(version, VersionBasis::ImageTag, self.place());
        }
        if let Some(at) = self.target.and_then(|target| target.engine_version.as_ref()).filter(|at| known(&at.value)) {
            return one(&at.value, VersionBasis::Stated, Some(at.span));
        }
        if let Some(version) = stated.version(Engine::Pgbouncer).filter(|version| known(version)) {
            return one(version, VersionBasis::Stated, None);
        }
        let candidates = (OLDEST_SHIPPED..=*RELEASES.end()).map(|release| Version(vec![1, release])).collect();
        VersionCandidates { candidates, basis: VersionBasis::Unstated, span: None }
    }
}

/// The file, or what stands for it.
struct Main {
    reading: Reading,
    /// Why no default can be believed.
    unseen: Option<Why>,
}

fn instance(server: &Server<'_>, input: &Given<'_>) -> Made {
    let roots: Vec<Option<String>> =
        input.config.targets.iter().map(|target| target.root.as_ref().map(|at| input.config.resolve(&at.value, input.files))).collect();
    let paths = paths(server, input, &roots);
    let unseen: RefCell<BTreeMap<String, String>> = RefCell::default();
    let to_display = |path: &str| match paths.find(path) {
        Standing::Here(display) => Ok(display),
        Standing::Unseen(why) => {
            unseen.borrow_mut().insert(within(server, path), why.reason.to_string());
            Err(why)
        }
        Standing::Inside | Standing::Inline(..) => Err(Why::new(format!("{path} is inside the image or on a volume, and cannot be seen"))),
    };
    let main = main(server, input, &paths, &to_display);
    let versions = server.versions(&input.stated);
    let mut sources: BTreeSet<String> = main.reading.paths.iter().cloned().collect();
    sources.extend(server.workload.map(|workload| workload.placement.path.clone()));
    let mut kinds: BTreeMap<String, &'static FileKind> = main.reading.paths.iter().map(|path| (path.clone(), &kinds::INI)).collect();
    let mut cuts = main.reading.cuts.clone();
    let mut views = Vec::with_capacity(versions.candidates.len());
    for version in &versions.candidates {
        let effective = evaluate(&main.reading, release_of(version).unwrap_or(*RELEASES.end()), main.unseen.as_ref());
        cuts.join(effective.bounds.clone());
        let mut subject = subject(server, &main, version, &effective);
        let users = Users::of(&subject, &main, input.files, &paths);
        sources.extend(users.path.clone());
        kinds.extend(users.path.clone().map(|path| (path, &kinds::USERLIST)));
        users.add(&mut subject, input.files);
        let exposed = main.reading.main.as_ref().map_or_else(Field::absent, |source| exposure(source.path(), input.files));
        records_of(&mut subject, &effective, &exposed);
        facts::of_pools(&mut subject, &users.counted());
        views.push(View { subject, who_can_connect: Vec::new() });
    }
    let mut instance = Instance {
        id: server.id.clone(),
        engine: Engine::Pgbouncer,
        deployment: deployment(server, input),
        platform: server.workload.map(|workload| workload.placement.platform),
        purpose: Purpose::Store,
        environment: server.target.and_then(|target| target.environment.as_ref()).map_or(Environment::Production, |at| at.value),
        reach: facts::reach_of(server, views.last().map(|view| &view.subject)),
        host: host(server),
        group: None,
        sources: sources.into_iter().collect(),
        service: server.workload.map(|workload| workload.placement.name.clone()),
        versions,
        views,
    };
    facts::fill(&mut instance, server, input.config);
    Made { instance, kinds, unread: unseen.into_inner(), probed: BTreeMap::new(), cuts, left_out: BTreeSet::new() }
}

fn paths<'s>(server: &'s Server<'_>, input: &'s Given<'_>, roots: &'s [Option<String>]) -> Paths<'s> {
    if let Some(workload) = &server.workload {
        return Paths::Container(workload.placement, None, input.files);
    }
    let target = server.target.and_then(|target| input.config.targets.iter().position(|known| std::ptr::eq(known, target)));
    match target.and_then(|index| roots.get(index)?.as_deref()) {
        Some(root) => Paths::Root(root, input.files),
        None => Paths::Machine(server.ini.as_deref().map_or("", folder_of), input.files),
    }
}

/// A file that could not be seen, as inputs name it: of a container as `docker cp` does.
fn within(server: &Server<'_>, path: &str) -> String {
    match &server.workload {
        Some(workload) => format!("{}:{path}", workload.placement.name),
        None => path.to_owned(),
    }
}

/// The main file; in a container what is mounted, else what the image writes.
fn main(server: &Server<'_>, input: &Given<'_>, paths: &Paths<'_>, to_display: reading::ToDisplay<'_>) -> Main {
    if let Some(path) = &server.ini {
        return Main { reading: reading::read(input.files, to_display, path), unseen: None };
    }
    let Some(workload) = server.workload else { return Main { reading: Reading::default(), unseen: None } };
    for path in server.main_paths() {
        match paths.find(&path) {
            Standing::Here(display) => return Main { reading: reading::read(input.files, to_display, &display), unseen: None },
            Standing::Unseen(why) => return Main { reading: Reading::default(), unseen: Some(why) },
            Standing::Inside => {}
            Standing::Inline(..) => {
                let why = Why::new(format!("{path} is in the compose file itself, which is not read yet"));
                return Main { reading: Reading::default(), unseen: Some(why) };
            }
        }
    }
    let not_read = workload.placement.incomplete.first();
    let built_here = workload.placement.build.is_some();
    match (self_written(server), server.place()) {
        (Some(image), Some(place)) if !built_here && not_read.is_none() => {
            Main { reading: reading::of_image(image.steps(workload.placement, place)), unseen: None }
        }
        _ => {
            let name = workload.placement.image.as_ref().map_or("the image", |image| image.text.as_str());
            let why = format!("{name} may bring a pgbouncer.ini of its own");
            Main { reading: Reading::default(), unseen: Some(Why::needing(why, "mount a pgbouncer.ini from this project")) }
        }
    }
}

fn self_written(server: &Server<'_>) -> Option<&'static image::Image> {
    server.distribution().and_then(image::of)
}

fn subject(server: &Server<'_>, main: &Main, version: &Version, effective: &Effective<'_>) -> Subject {
    let mut subject = Subject::new(SubjectKind::Instance, server.id.as_str());
    subject.instances = vec![server.id.clone()];
    subject.engine = Some(Engine::Pgbouncer);
    subject.platform = server.workload.map(|workload| workload.placement.platform);
    subject.version = Some(version.clone());
    subject.settings = effective.settings.clone();
    let end = main.reading.main.as_ref().map(|main| {
        let end = main.text().trim_end().len();
        main.span(end, end)
    });
    let head = main.reading.main.as_ref().map(|main| main.span(0, 0));
    subject.configuration_end = end;
    subject.setting_anchor = end.or_else(|| server.place());
    subject.anchor = head.or_else(|| server.place());
    subject.commented_out = Arc::clone(&main.reading.commented_out);
    let seen = |rows: &[Arc<Record>]| RecordSet { rows: rows.to_vec(), incomplete: effective.incomplete.clone() };
    subject.records.insert("problem", seen(&effective.problems));
    subject.records.insert("assignment", seen(&effective.assignments));
    subject
}

fn records_of(subject: &mut Subject, effective: &Effective<'_>, exposed: &Field) {
    let pools = RecordSet { rows: records::pools(effective, exposed), incomplete: effective.incomplete.clone() };
    subject.records.insert("pool", pools);
}

fn deployment(server: &Server<'_>, input: &Given<'_>) -> Deployment {
    if server.workload.is_some() {
        return Deployment::Container;
    }
    let by_profile = input.config.profile.deployment.as_ref().map(|at| at.value);
    input.stated.deployment.or(by_profile).unwrap_or(Deployment::SelfManaged)
}

fn host(server: &Server<'_>) -> HostFacts {
    let target = server.target.map(|target| target.host.clone()).unwrap_or_default();
    let placement = server.workload.map(|workload| workload.placement);
    let limit = placement.and_then(|placement| placement.memory).map(|(bytes, span)| (bytes, Some(span)));
    let cpus = placement.and_then(|placement| placement.cpus).map(|(cpus, span)| (cpus, Some(span)));
    HostFacts { memory: target.memory.or(limit), cpus: target.cpus.or(cpus), storage: None, workload: None }
}

/// The list of users that `auth_file` names.
struct Users {
    list: Option<Userlist>,
    /// Display path of the list, where it was read.
    path: Option<String>,
    /// Why it was not read.
    unseen: Option<Why>,
}

impl Users {
    /// A list that was not given is no gap in what was read: it rightly is in no repository.
    fn of(subject: &Subject, main: &Main, files: &Files, paths: &Paths<'_>) -> Self {
        let none = |unseen| Self { list: None, path: None, unseen };
        let written = match subject.settings.get("auth_file") {
            Some(SettingState::Known(setting)) => match &setting.value {
                Value::Text(path) if !path.is_empty() => path.clone(),
                _ => return none(None),
            },
            Some(SettingState::Unknown(why)) => return none(Some(why.clone())),
            _ => return none(None),
        };
        let display = if written.starts_with('/') {
            match paths.find(&written) {
                Standing::Here(display) => Ok(display),
                Standing::Unseen(why) => Err(why),
                Standing::Inside | Standing::Inline(..) => Err(Why::new(format!("{written} is inside the image or on a volume"))),
            }
        } else {
            // It counts from the folder in which the program is started; a file of that name beside the main one is taken.
            let folder = main.reading.main.as_ref().map_or("", |main| folder_of(main.path()));
            let name = shown_text(&written);
            let beside = if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
            if files.exists(&beside) == Ok(true) { Ok(beside) } else { Err(Why::new(format!("{written} was not given"))) }
        };
        match display.map(|path| (files.read(&path), path)) {
            Ok((Ok(source), path)) => Self { list: Some(userlist::parse(&source)), path: Some(path), unseen: None },
            Ok((Err(ReadError::Missing), path)) => none(Some(Why::new(format!("{path} is not there")))),
            Ok((Err(error), path)) => none(Some(Why::new(format!("{path} could not be read: {error}")))),
            Err(why) => none(Some(why)),
        }
    }

    fn add(&self, subject: &mut Subject, files: &Files) {
        let judge = |text: &str| {
            let placeholder = is_placeholder("password", text);
            (!placeholder && is_weak(text, std::iter::empty()), placeholder)
        };
        let path = self.path.as_deref().unwrap_or("");
        let exposed = self.path.as_deref().map_or_else(Field::absent, |path| exposure(path, files));
        let accounts = Accounts { list: self.list.as_ref(), path, exposed, judge: &judge };
        let rows = records::users(&accounts, subject);
        let problems = self.list.iter().flat_map(|list| &list.diagnostics).map(super::problems::of_list);
        let problems: Vec<Arc<Record>> = problems.map(Arc::new).collect();
        let set = subject.records.entry("problem").or_default();
        set.rows.extend(problems);
        if let Some(why) = &self.unseen {
            set.rows.push(Arc::new(unseen_list(why.clone())));
        }
        subject.records.insert("user", RecordSet { rows, incomplete: self.unseen.clone() });
    }

    /// How many users there are, or why that is not known.
    fn counted(&self) -> Result<usize, Why> {
        match (&self.list, &self.unseen) {
            (Some(list), _) => Ok(list.users.iter().map(|user| user.name.as_str()).collect::<BTreeSet<_>>().len()),
            (None, Some(why)) => Err(why.clone()),
            (None, None) => Err(Why::new("no auth_file lists the users")),
        }
    }
}

/// A stand-in for the problems of a list that was not seen.
fn unseen_list(why: Why) -> Record {
    let codes = ["broken-user-list", "none"].into_iter().map(Value::text).collect();
    let field = Field { datum: Datum::Among(codes, Box::new(why)), span: None, origin: None, record: None };
    Record::new("problem", "unseen", None).with("code", field)
}
