//! A family of two engines that share their files: each reads the group `[server]` and the one of its own name.

use std::collections::{BTreeMap, BTreeSet};

use gonogo::engines::frame::{self, Assembled, Base, Given, Made, target_of};
use gonogo::engines::{Families, Family};
use gonogo::formats::FileKind;
use gonogo::model::{
    Assignment, Engine, Field, Instance, Observed, Origin, OriginKind, Record, RecordSet, Series, Setting, SettingShape, SettingState,
    Subject, SubjectKind, Value, ValueKind, Version, VersionBasis, VersionCandidates, View, Why,
};
use gonogo::text::Source;
use gonogo::text::path::{folder_of, name_of};
use gonogo::workloads::network_place;
use gonogo::workloads::reach::{Listen, Place, ReachInput, reach};

use super::grammar::{self, Line, OPTIONS};

/// The family.
pub struct Toy;

/// All that a run with it knows.
pub static FAMILIES: Families = Families(&[&Toy]);

static KINDS: [&FileKind; 1] = [&OPTIONS];

const MYSQL: [Series; 2] = [Series::two(8, 0), Series::two(8, 4)];
const MARIADB: [Series; 2] = [Series::two(10, 6), Series::two(10, 11)];

/// Name, type, default; `require_secure_transport` is not in the oldest series.
fn catalogue() -> [(&'static str, ValueKind, Value); 4] {
    [
        ("bind_address", ValueKind::Text, Value::text("*")),
        ("local_infile", ValueKind::Bool, Value::Bool(true)),
        ("max_connections", ValueKind::Integer, Value::Integer(151)),
        ("require_secure_transport", ValueKind::Bool, Value::Bool(false)),
    ]
}

fn has(series: Series, name: &str) -> bool {
    name != "require_secure_transport" || series != Series::two(8, 0)
}

fn read(kind: &ValueKind, text: &str) -> Value {
    match kind {
        ValueKind::Bool => Value::Bool(matches!(text.to_ascii_lowercase().as_str(), "1" | "on" | "true")),
        ValueKind::Integer => text.parse().map_or_else(|_| Value::text(text), Value::Integer),
        _ => Value::text(text),
    }
}

impl Family for Toy {
    fn engines(&self) -> &'static [Engine] {
        &[Engine::Mysql, Engine::Mariadb]
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &KINDS
    }

    fn series(&self, engine: Engine) -> &'static [Series] {
        if engine == Engine::Mysql { &MYSQL } else { &MARIADB }
    }

    fn catalogued(&self, engine: Engine) -> &'static [Series] {
        self.series(engine)
    }

    fn shape(&self, _: Engine, series: Series, name: &str) -> Option<SettingShape> {
        let (_, kind, _) = catalogue().into_iter().find(|(known, ..)| *known == name && has(series, name))?;
        Some(SettingShape { kind, specials: Vec::new() })
    }

    fn names(&self, _: Engine) -> Vec<String> {
        catalogue().iter().map(|(name, ..)| (*name).to_owned()).collect()
    }

    fn how_to_set(&self, name: &str, value: &str) -> Option<String> {
        Some(format!("write `{name} = {value}` into the group [server] of an option file"))
    }

    fn assemble(&self, given: &Given<'_>) -> Assembled {
        let mut assembled = Assembled::default();
        let mut mounted = BTreeSet::new();
        for workload in given.workloads.iter().filter(|workload| workload.is_database_of(self.engines())) {
            let base = Base::of_workload(*workload, given.config);
            let mounts = workload.placement.mounts.iter().filter_map(|mount| mount.source_path.as_deref());
            let source = mounts.filter(|path| path.ends_with(".toy")).find_map(|path| given.files.read(path).ok());
            mounted.extend(source.iter().map(|source| source.path().to_owned()));
            let engine = workload.identity.engine.unwrap();
            assembled.add(server(engine, base, source.as_deref(), given));
        }
        for source in given.recognised.of(&OPTIONS).iter().filter(|source| !mounted.contains(source.path())) {
            let target = target_of(source.path(), &given.config.targets, folder_of(&given.config.path));
            let base = Base::of_files(
                || source.path().to_owned(),
                folder_of(source.path()),
                target.and_then(|index| given.config.targets.get(index)),
            );
            let engine = if name_of(source.path()).contains("maria") { Engine::Mariadb } else { Engine::Mysql };
            assembled.add(server(engine, base, Some(source), given));
        }
        assembled
    }
}

fn server(engine: Engine, base: Base<'_>, source: Option<&Source>, given: &Given<'_>) -> Made {
    let observed = given.observed.iter().find(|observed| observed.name == base.id && observed.engine == engine);
    let versions = versions(engine, &base, observed, given);
    let own = |line: &Line| line.group == "server" || line.group == engine.word();
    let lines: Vec<Line> = source.map(grammar::lines).unwrap_or_default().into_iter().filter(own).collect();
    let views = versions.candidates.iter().map(|version| view(engine, &base, version, source, &lines, observed)).collect();
    let mut instance = Instance {
        id: base.id.clone(),
        engine,
        versions,
        platform: base.platform(),
        deployment: base.deployment(given.config, &given.stated),
        purpose: base.purpose(),
        environment: base.serves(),
        reach: reach(&ReachInput { place: Place::Host(None), listen: Listen::Unknown(Why::new("")), clients: Err(Why::new("")) }),
        host: base.host(given.config, &given.stated),
        group: None,
        sources: source.map(|source| source.path().to_owned()).into_iter().chain(base.workload.map(|w| w.placement.path.clone())).collect(),
        service: base.workload.map(|workload| workload.placement.name.clone()),
        views,
    };
    instance.sources.sort();
    instance.reach = reach_of(&instance.views.last().unwrap().subject, &base, given);
    let listens = instance.reach.clone();
    frame::fill(&mut instance, &listens, &base, given.config, given.now);
    Made {
        instance,
        kinds: source.map(|source| (source.path().to_owned(), &OPTIONS)).into_iter().collect(),
        unread: BTreeMap::new(),
        probed: BTreeMap::new(),
        cuts: Default::default(),
        left_out: BTreeSet::new(),
    }
}

/// What the server itself says, then its image, then what is stated, else every series.
fn versions(engine: Engine, base: &Base<'_>, observed: Option<&Observed>, given: &Given<'_>) -> VersionCandidates {
    let one = |version: Version, basis| VersionCandidates { candidates: vec![version], basis, span: None };
    let image = base.workload.and_then(|workload| workload.identity.image.as_ref()?.version.clone());
    if let Some(observed) = observed {
        return one(observed.version.clone(), VersionBasis::Stated);
    }
    match (image, given.stated.version(engine)) {
        (Some(version), _) => one(version, VersionBasis::ImageTag),
        (None, Some(version)) => one(version.clone(), VersionBasis::Stated),
        (None, None) => VersionCandidates {
            candidates: Toy.series(engine).iter().map(|series| Version::from(*series)).collect(),
            basis: VersionBasis::Unstated,
            span: None,
        },
    }
}

fn view(engine: Engine, base: &Base<'_>, version: &Version, source: Option<&Source>, lines: &[Line], observed: Option<&Observed>) -> View {
    let mut subject = Subject::new(SubjectKind::Instance, base.id.as_str());
    subject.engine = Some(engine);
    subject.platform = base.platform();
    subject.version = Some(version.clone());
    subject.instances = vec![base.id.clone()].into();
    subject.anchor = source.map(|source| source.span(0, source.line_range(1).end)).or(base.image_span());
    let in_server = lines.iter().rev().find(|line| line.group == "server").map(|line| line.name_span.to(line.value_span));
    subject.setting_anchor = in_server.or(subject.anchor);
    subject.configuration_end = in_server;
    for (name, kind, default) in catalogue() {
        let series = Toy.series(engine).iter().copied().find(|series| series.may_hold(version));
        let exists = series.is_some_and(|series| has(series, name));
        let state = if exists { setting(name, &kind, default, source, lines, observed) } else { SettingState::NotInVersion };
        subject.settings.insert(name.to_owned(), state);
    }
    if let Some(SettingState::Known(limit)) = subject.settings.get("max_connections") {
        subject.facts.insert("client_limit", Field::known(limit.value.clone(), limit.origin.span));
    }
    subject.records.insert("problem", RecordSet::default());
    if let Some(observed) = observed {
        subject.records.extend(observed.records.iter().map(|(kind, set)| (*kind, set.clone())));
    }
    View { subject, presumed: None, who_can_connect: Vec::new() }
}

/// Default, then each line that sets it, then what the running server says.
fn setting(
    name: &str,
    kind: &ValueKind,
    default: Value,
    source: Option<&Source>,
    lines: &[Line],
    observed: Option<&Observed>,
) -> SettingState {
    let mut places: Vec<(Value, String, Origin)> = Vec::new();
    for line in lines.iter().filter(|line| line.name == name) {
        let origin = Origin { kind: OriginKind::File, span: Some(line.value_span), name_span: Some(line.name_span) };
        places.push((read(kind, &line.value), line.value.clone(), origin));
    }
    if let Some(live) = observed.and_then(|observed| observed.settings.get(name)) {
        places.push((live.value.clone(), live.shown.clone(), Origin { kind: OriginKind::Live, span: None, name_span: None }));
    }
    let Some((value, shown, origin)) = places.pop() else {
        if source.is_none() {
            return SettingState::Unknown(Why::needing("no option file was given", "name it on the command line"));
        }
        let origin = Origin { kind: OriginKind::Default, span: None, name_span: None };
        return known(name, default.clone(), default.to_string(), origin, Vec::new());
    };
    let overrode = places.into_iter().map(|(_, raw, origin)| Assignment { raw, origin }).collect();
    known(name, value, shown, origin, overrode)
}

fn known(name: &str, value: Value, shown: String, origin: Origin, overrode: Vec<Assignment>) -> SettingState {
    let setting = Setting { name: name.to_owned(), value, shown, base: None, unit: None, special: None, origin, overrode };
    SettingState::Known(Box::new(setting))
}

fn reach_of(subject: &Subject, base: &Base<'_>, given: &Given<'_>) -> gonogo::model::ReachKnown {
    let listen = match subject.settings.get("bind_address") {
        Some(SettingState::Known(setting)) => Listen::On(vec![setting.shown.clone()], setting.origin.span),
        _ => Listen::Unknown(Why::new("bind_address could not be seen")),
    };
    let place = match base.workload {
        Some(workload) => network_place(workload.placement, workload.identity, given.files),
        None => Place::Host(None),
    };
    reach(&ReachInput { place, listen, clients: Ok(BTreeSet::from(["anywhere"])) })
}

/// A record as a server's answer gives it.
pub fn observed_problem(code: &str) -> RecordSet {
    let record = Record::new("problem", code, None).with("code", Field::text(code, None));
    RecordSet { rows: vec![record.into()], incomplete: None }
}
