//! From files and workloads to instances: one view for each release that a server may be of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::command_line::CommandLine;
use super::container;
use super::effective::{Effective, evaluate};
use super::flavour::Reader;
use super::homes;
use super::layout;
use super::reading::{self, Part, Reading, Step, World};
use super::server::{ENGINES, Server};
use super::{facts, kinds};
use crate::engines::frame::{self, Assembled, Given, Made, Pass, Paths, Seen, Standing};
use crate::formats::FileKind;
use crate::model::{Engine, Record, RecordSet, Subject, SubjectKind, Version, View, Why};
use crate::text::Span;

/// Assembles every server that the files describe.
pub(super) fn assemble(input: &Given<'_>) -> Assembled {
    let mut assembled = Assembled::default();
    let mut read: BTreeSet<String> = BTreeSet::new();
    let workloads = input.workloads.iter().filter(|workload| workload.is_database_of(&ENGINES));
    for workload in workloads {
        let made = instance(&Server::of_workload(*workload, input.config), input);
        read.extend(made.instance.sources.iter().chain(&made.left_out).cloned());
        assembled.add(made);
    }
    let layout::Chains { mains, fragments } = layout::chains(input.recognised.of(&kinds::OPTIONS), input.files);
    // What a main file includes is no server of its own.
    for chain in mains.into_iter().chain(fragments) {
        let chain: Vec<String> = chain.into_iter().filter(|path| !read.contains(path)).collect();
        if chain.is_empty() {
            continue;
        }
        let made = instance(&Server::of_files(chain, input.config), input);
        read.extend(made.instance.sources.iter().chain(&made.left_out).cloned());
        assembled.add(made);
    }
    assembled
}

fn instance(server: &Server<'_>, input: &Given<'_>) -> Made {
    let roots: Vec<Option<String>> =
        input.config.targets.iter().map(|target| target.root.as_ref().map(|at| input.config.resolve(&at.value, input.files))).collect();
    let paths = server.paths(input.files, &roots);
    let unread: RefCell<BTreeMap<String, String>> = RefCell::default();
    let to_display = |path: &str| match paths.find(path) {
        Standing::Here(display) => Ok(display),
        Standing::Unseen(why) => {
            unread.borrow_mut().insert(server.base.path_within(path), why.reason.to_string());
            Err(why)
        }
        Standing::Inside | Standing::Inline(..) => Err(Why::new(format!("{path} is inside the image or on a volume, and cannot be seen"))),
    };
    let line = CommandLine::parse(server.base.words());
    let listing = |directory: &str| {
        let workload = server.base.workload?;
        Some(container::listing(workload.placement, directory, workload.identity.engine?, input.files, server.place()))
    };
    let world = World { files: input.files, to_display: &to_display, listing: &listing };
    let reading = read(server, input, world, &paths, &line);
    let engine = server.engine(&reading, &input.stated);
    let versions = server.versions(engine, &reading, &input.stated, input.now);
    let suffix = line.suffix.clone().or_else(|| server.base.variable("MYSQL_GROUP_SUFFIX").and_then(|entry| entry.value.value.clone()));
    let view = |version: &Version, pass: Pass| {
        let reader = Reader { suffix: suffix.clone(), ..Reader::new(engine, version) };
        let effective = evaluate(&reading, &reader, None, pass);
        (subject(server, &reader, &reading, &effective), effective)
    };
    let mut cuts = reading.cuts.clone();
    let mut views = Vec::with_capacity(versions.candidates.len());
    for version in &versions.candidates {
        let (subject, effective) = view(version, Pass::Seen);
        cuts.join(effective.bounds);
        views.push(View { subject, presumed: None, who_can_connect: Vec::new() });
    }
    let mut sources: BTreeSet<String> = reading.paths.iter().cloned().collect();
    sources.extend(server.base.workload.map(|workload| workload.placement.path.clone()));
    let kinds: BTreeMap<String, &'static FileKind> = reading.paths.iter().map(|path| (path.clone(), &kinds::OPTIONS)).collect();
    let base = &server.base;
    let reach = facts::reach_of(server, views.last().map(|view| &view.subject));
    let mut instance = base.instance(engine, Seen { versions: versions.clone(), views, reach, sources }, input);
    let listens = instance.reach.clone();
    frame::fill(&mut instance, &listens, base, input.config, input.now);
    let presuming = |version: &Version| view(version, Pass::Presuming).0;
    frame::presume(&mut instance, &reading.presumed(), &presuming, &|view| facts::reach_of(server, view), base, input);
    Made {
        instance,
        kinds,
        unread: unread.into_inner(),
        probed: BTreeMap::new(),
        cuts,
        left_out: reading.passed_over.into_iter().collect(),
    }
}

/// What the server reads: its files, then its command line.
fn read(server: &Server<'_>, input: &Given<'_>, world: World<'_>, paths: &Paths<'_>, line: &CommandLine) -> Reading {
    let of_path = |path: &String| match (world.to_display)(path) {
        Ok(display) => Part::File(display),
        Err(why) => Part::Steps(vec![Step::Gap(why)]),
    };
    let mut parts: Vec<Part> = match (&line.only, server.base.workload) {
        (Some(only), _) => vec![of_path(only)],
        (None, _) if line.no_files => Vec::new(),
        (None, Some(workload)) => container::parts(server, workload.identity.engine.unwrap_or(Engine::Mysql), input.files, paths),
        (None, None) => server.chain.iter().cloned().map(Part::File).collect(),
    };
    parts.extend(line.extra.iter().filter(|_| !line.no_files).map(of_path));
    parts.push(Part::Steps(line.steps.clone()));
    reading::read(world, &parts)
}

fn subject(server: &Server<'_>, reader: &Reader, reading: &Reading, effective: &Effective) -> Subject {
    let mut subject = Subject::new(SubjectKind::Instance, server.base.id.as_str());
    subject.instances = Arc::new(vec![server.base.id.clone()]);
    subject.engine = Some(reader.engine);
    subject.platform = server.base.platform();
    subject.version = Some(reader.version.clone());
    subject.settings = effective.settings.clone();
    let end = end_of_group(reading, reader);
    let head = reading.main.as_ref().map(|main| main.span(0, 0));
    subject.configuration_end = end;
    subject.setting_homes = Some(homes::of(server, end.is_some()));
    subject.setting_anchor = end.or_else(|| server.place()).or(head);
    subject.anchor = head.or_else(|| server.place());
    subject.commented_out = Arc::clone(&reading.commented_out);
    let seen = |rows: &[Arc<Record>]| RecordSet { rows: rows.to_vec(), incomplete: effective.incomplete.clone() };
    subject.records.insert("problem", seen(&effective.problems));
    subject.records.insert("assignment", seen(&effective.assignments));
    facts::of_settings(&mut subject);
    subject
}

/// The last line of a group that the server reads, in the file that is read last: an option that is written behind it counts.
fn end_of_group(reading: &Reading, reader: &Reader) -> Option<Span> {
    let last = reading.last.as_ref()?;
    let of_last = |span: Span| span.source == last.id();
    let own = reading.lines().filter(|line| of_last(line.name_span) && line.group.as_deref().is_some_and(|group| reader.reads(group)));
    let line = own.last().map(|line| line.name_span.to(line.value_span));
    let group = reading.groups.iter().rfind(|group| of_last(group.span) && reader.reads(&group.text)).map(|group| group.span);
    line.or(group)
}
