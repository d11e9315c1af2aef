//! From files and workloads to instances: one view per release that the program may be of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::access::Access;
use super::auth_file::AuthFile;
use super::catalogue::{RELEASES, release_of};
use super::effective::{Effective, evaluate};
use super::reading::{self, Reading};
use super::server::Server;
use super::{advisories, facts, kinds, pools, records};
use crate::engines::frame::{self, Assembled, Given, Made, Pass, Paths, Seen, Standing, Workload};
use crate::formats::FileKind;
use crate::model::{Cuts, Engine, Field, Record, RecordSet, Subject, SubjectKind, Version, VersionCandidates, View, Why};
use crate::text::path::folder_of;
use crate::workloads::exposure;

/// Whether the image of a workload is one of PgBouncer.
pub(super) fn is_its_image(workload: &Workload<'_>) -> bool {
    workload.identity.image.as_ref().and_then(|image| image.engine) == Some(Engine::Pgbouncer)
}

/// Assembles every PgBouncer that the files describe.
pub(super) fn assemble(input: &Given<'_>) -> Assembled {
    let mut assembled = Assembled::default();
    let mut read: BTreeSet<String> = BTreeSet::new();
    let workloads = input.workloads.iter().filter(|workload| is_its_image(workload));
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

/// The file, or what stands for it.
struct Main {
    reading: Reading,
    /// Why no default can be believed.
    unseen: Option<Why>,
}

impl Main {
    /// The folder of the file.
    fn folder(&self) -> &str {
        self.reading.main.as_ref().map_or("", |main| folder_of(main.path()))
    }
}

fn instance(server: &Server<'_>, input: &Given<'_>) -> Made {
    let roots: Vec<Option<String>> =
        input.config.targets.iter().map(|target| target.root.as_ref().map(|at| input.config.resolve(&at.value, input.files))).collect();
    let paths = server.paths(input.files, &roots);
    let unseen: RefCell<BTreeMap<String, String>> = RefCell::default();
    let to_display = |path: &str| match paths.find(path) {
        Standing::Here(display) => Ok(display),
        Standing::Unseen(why) => {
            unseen.borrow_mut().insert(server.base.path_within(path), why.reason.to_string());
            Err(why)
        }
        Standing::Inside | Standing::Inline(..) => Err(Why::new(format!("{path} is inside the image or on a volume, and cannot be seen"))),
    };
    let main = main(server, input, &paths, &to_display);
    let versions = server.versions(&input.stated, &main.reading.names());
    let mut sources: BTreeSet<String> = main.reading.paths.iter().cloned().collect();
    sources.extend(server.base.workload.map(|workload| workload.placement.path.clone()));
    let mut kinds: BTreeMap<String, &'static FileKind> = main.reading.paths.iter().map(|path| (path.clone(), &kinds::INI)).collect();
    let mut cuts = main.reading.cuts.clone();
    let exposed = main.reading.main.as_ref().map_or_else(Field::absent, |source| exposure(source.path(), input.files));
    let place = Place { server, main: &main, input, paths: &paths, versions: &versions, exposed: &exposed };
    let mut views = Vec::with_capacity(versions.candidates.len());
    for version in &versions.candidates {
        let (subject, read) = place.read(version, Pass::Seen);
        cuts.join(read.cuts);
        sources.extend(read.kinds.keys().cloned());
        kinds.extend(read.kinds);
        views.push(View { subject, presumed: None, who_can_connect: Vec::new() });
    }
    let base = &server.base;
    let reach = facts::reach_of(server, views.last().map(|view| &view.subject));
    let mut instance = base.instance(Engine::Pgbouncer, Seen { versions: versions.clone(), views, reach, sources }, input);
    // No file of access rules narrows it: who is let in is a matter of authentication.
    let listens = instance.reach.clone();
    frame::fill(&mut instance, &listens, base, input.config, input.now);
    let presuming = |version: &Version| place.read(version, Pass::Presuming).0;
    frame::presume(&mut instance, &place.main.reading.presumed(), &presuming, &|view| facts::reach_of(server, view), base, input);
    Made { instance, kinds, unread: unseen.into_inner(), probed: BTreeMap::new(), cuts, left_out: BTreeSet::new() }
}

/// What the program is put together from, whatever release it is.
struct Place<'a> {
    server: &'a Server<'a>,
    main: &'a Main,
    input: &'a Given<'a>,
    paths: &'a Paths<'a>,
    versions: &'a VersionCandidates,
    exposed: &'a Field,
}

/// What was read for one release.
struct Read {
    kinds: BTreeMap<String, &'static FileKind>,
    cuts: Cuts,
}

impl Place<'_> {
    /// What a release makes of the files.
    fn read(&self, version: &Version, pass: Pass) -> (Subject, Read) {
        let Self { server, main, input, paths, versions, exposed } = self;
        let release = release_of(version).unwrap_or(*RELEASES.end());
        let effective = evaluate(&main.reading, release, main.unseen.as_ref(), pass);
        let mut subject = subject(server, main, version, &effective);
        let users = AuthFile::of(&subject, main.folder(), input.files, paths);
        let mut kinds: BTreeMap<String, &'static FileKind> = BTreeMap::new();
        kinds.extend(users.path.clone().map(|path| (path, &kinds::USERLIST)));
        let databases: Vec<&str> = effective.databases.keys().map(AsRef::as_ref).filter(|name| *name != "*").collect();
        users.add(&mut subject, input.files, &databases);
        let access = Access::of(&subject, release, main.folder(), input.files, paths);
        kinds.extend(access.path.clone().map(|path| (path, &kinds::ACCESS)));
        access.add(&mut subject);
        let incomplete = effective.incomplete.clone().or_else(|| effective.entries_unseen.clone());
        let pools = RecordSet { rows: records::pools(&effective, exposed), incomplete };
        subject.records.insert("pool", pools);
        pools::fill(&mut subject, &effective, &users.counted());
        facts::of_settings(&mut subject);
        let advisories = RecordSet { rows: advisories::records(&subject, version, versions), incomplete: None };
        subject.records.insert("advisory", advisories);
        (subject, Read { kinds, cuts: effective.bounds })
    }
}

/// The main file; in a container what is mounted, else what the image writes.
fn main(server: &Server<'_>, input: &Given<'_>, paths: &Paths<'_>, to_display: reading::ToDisplay<'_>) -> Main {
    if let Some(path) = &server.ini {
        return Main { reading: reading::read(input.files, to_display, path), unseen: None };
    }
    let unseen = |why| Main { reading: Reading::default(), unseen: Some(why) };
    for path in server.main_paths() {
        match paths.find(&path) {
            Standing::Here(display) => return Main { reading: reading::read(input.files, to_display, &display), unseen: None },
            Standing::Unseen(why) => return unseen(why),
            Standing::Inside => {}
            Standing::Inline(..) => return unseen(Why::new(format!("{path} is in the compose file itself, which is not read yet"))),
        }
    }
    let placement = server.base.workload.map(|workload| workload.placement);
    let as_it_comes = placement.filter(|placement| placement.build.is_none() && placement.incomplete.is_empty());
    match (server.image(), server.place(), as_it_comes) {
        (Some(image), Some(place), Some(placement)) => Main { reading: reading::of_image(image.steps(placement, place)), unseen: None },
        _ => {
            let name = placement.and_then(|placement| placement.image.as_ref()).map_or("the image", |image| image.text.as_str());
            unseen(Why::needing(format!("{name} may bring a pgbouncer.ini of its own"), "mount a pgbouncer.ini from this project"))
        }
    }
}

fn subject(server: &Server<'_>, main: &Main, version: &Version, effective: &Effective<'_>) -> Subject {
    let mut subject = Subject::new(SubjectKind::Instance, server.base.id.as_str());
    subject.instances = Arc::new(vec![server.base.id.clone()]);
    subject.engine = Some(Engine::Pgbouncer);
    subject.platform = server.base.platform();
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
