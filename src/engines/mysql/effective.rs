//! Options in effect, as one release reads the text.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::catalogue::{self, Catalogue};
use super::entry::{Change, Default as EntryDefault, Entry, Kind};
use super::flavour::Reader;
use super::linked;
use super::option_name::{Given, Meant, resolve};
use super::problems;
use super::reading::{Line, Reading, Step};
use super::value::{Meaning, default_of, interpret};
use crate::engines::frame::{Gaps, Pass};
use crate::model::bounds::{MOST_OVERRODE, Tally};
use crate::model::{
    Assignment, Cuts, Engine, Field, Origin, OriginKind, Problem, Record, Setting, SettingState, Settings, Unset, Value, Why,
};

/// What a release makes of the text.
#[derive(Debug, Default)]
pub(super) struct Effective {
    pub settings: Settings,
    pub problems: Vec<Arc<Record>>,
    pub assignments: Vec<Arc<Record>>,
    /// Why there may be more that was not seen.
    pub incomplete: Option<Why>,
    /// Bounds on what is listed that were met.
    pub bounds: Cuts,
    /// The place of the last line of each option among all.
    last: BTreeMap<&'static str, usize>,
}

impl Effective {
    /// The one of some options that is written last.
    pub fn last_of<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().filter_map(|name| Some((self.last.get(name)?, name))).max().map(|(_, name)| name)
    }
}

/// Evaluates the text for a release. `unseen` says why no default can be believed.
pub(super) fn evaluate(reading: &Reading, reader: &Reader, unseen: Option<&Why>, pass: Pass) -> Effective {
    let Some(catalogue) = Catalogue::for_version(reader.engine, &reader.version) else { return Effective::default() };
    let mut evaluation = Evaluation {
        reader,
        catalogue,
        pass,
        gaps: gaps(reading),
        unseen: unseen.cloned(),
        assigned: BTreeMap::new(),
        untold: BTreeMap::new(),
        effective: Effective::default(),
        tally: Tally::default(),
    };
    for diagnostic in &reading.diagnostics {
        evaluation.report(problems::of_diagnostic(diagnostic));
    }
    for (index, step) in reading.steps.iter().enumerate() {
        match step {
            Step::Set(line) if line.group.as_deref().is_none_or(|group| reader.reads(group)) => evaluation.line(index, line),
            Step::Unknown(name, why) => evaluation.untold(name, why),
            _ => {}
        }
    }
    evaluation.settle();
    let mut effective = evaluation.effective;
    let last = effective.last_of(&linked::PAIR);
    linked::settle(&mut effective.settings, last, reader, catalogue);
    effective
}

fn gaps(reading: &Reading) -> Gaps {
    let mut gaps = Gaps::default();
    for (index, step) in reading.steps.iter().enumerate() {
        match step {
            Step::Gap(why) => gaps.gap(index, why),
            Step::Broken(why) => gaps.broken(index, why, None),
            Step::Set(_) | Step::Unknown(..) => {}
        }
    }
    gaps
}

/// A line that sets an option, and what it means.
struct Assigned<'a> {
    index: usize,
    line: &'a Line,
    meaning: Result<Meaning, Why>,
}

struct Evaluation<'a> {
    reader: &'a Reader,
    catalogue: &'static Catalogue,
    pass: Pass,
    gaps: Gaps,
    unseen: Option<Why>,
    assigned: BTreeMap<&'static str, (&'static Entry, Vec<Assigned<'a>>)>,
    /// Options that something sets to what cannot be told.
    untold: BTreeMap<&'static str, Why>,
    effective: Effective,
    tally: Tally,
}

impl<'a> Evaluation<'a> {
    fn report(&mut self, problem: Problem) {
        if self.tally.count(problem.code, problem.span, &mut self.effective.bounds) {
            self.effective.problems.push(Arc::new(problem.record()));
        }
    }

    fn line(&mut self, index: usize, line: &'a Line) {
        let resolved = resolve(self.catalogue, self.reader, &line.name, line.value.as_deref());
        if let Some(problem) = problems::of_name(line, &resolved, self.reader) {
            self.report(problem);
        }
        let Meant::Option { entry, given, .. } = resolved.meant else { return };
        if entry.change == Change::Gone {
            return self.report(problems::of_gone(line, entry, self.reader));
        }
        if let Given::Text(text) = given
            && is_filled_in(text)
        {
            let why = Why::needing(format!("the value of {} is filled in from a template", entry.name), "audit the file as it is rendered");
            return self.assign(entry, Assigned { index, line, meaning: Err(why) });
        }
        let meaning = match interpret(entry, &given, self.reader) {
            Ok(mut meaning) => {
                if let Some(remark) = meaning.remark.take() {
                    self.report(problems::of_remark(line, entry, remark));
                }
                if line.overlong && self.reader.is_mariadb() {
                    Err(Why::needing("the line is longer than MariaDB takes at once".to_owned(), "shorten the line"))
                } else {
                    Ok(meaning)
                }
            }
            Err(invalid) => {
                self.report(problems::of_invalid(line, entry, &invalid));
                if given == Given::Bound {
                    return;
                }
                Err(Why::needing(invalid.message, "correct the value"))
            }
        };
        self.assign(entry, Assigned { index, line, meaning });
    }

    fn assign(&mut self, entry: &'static Entry, assigned: Assigned<'a>) {
        self.untold.remove(entry.name);
        self.assigned.entry(entry.name).or_insert_with(|| (entry, Vec::new())).1.push(assigned);
    }

    fn untold(&mut self, name: &str, why: &Why) {
        if let Some(entry) = self.catalogue.entry(name).filter(|entry| entry.change != Change::Gone) {
            self.untold.insert(entry.name, why.clone());
        }
    }

    fn settle(&mut self) {
        let assigned = std::mem::take(&mut self.assigned);
        let doubt = self.gaps.doubt("", None).cloned().or_else(|| self.unseen.clone());
        let presumes = self.pass == Pass::Presuming && self.unseen.is_none();
        let assumes = presumes && doubt.as_ref().is_some_and(|why| !why.presumed().is_empty());
        let mut settings = Settings::over(unset(self.reader, self.catalogue, doubt.is_some()), doubt);
        if assumes {
            settings.assume(unset(self.reader, self.catalogue, false));
        }
        for (name, (entry, lines)) in assigned {
            if let Some(state) = self.state(entry, lines) {
                settings.insert(name.to_owned(), state);
            }
        }
        for (name, why) in std::mem::take(&mut self.untold) {
            settings.insert(name.to_owned(), SettingState::Unknown(why));
        }
        self.effective.settings = settings;
        self.effective.incomplete = self.gaps.first_why().or_else(|| self.unseen.clone());
    }

    /// The state of an option that some line sets: the last one counts, of a list all.
    fn state(&mut self, entry: &'static Entry, mut lines: Vec<Assigned<'a>>) -> Option<SettingState> {
        let count = lines.len();
        for (at, assigned) in lines.iter().enumerate() {
            self.list(entry, assigned.line, at + 1 == count || adds_up(entry));
        }
        let overrode = |lines: &[Assigned<'_>]| {
            let earlier = lines.iter().take(MOST_OVERRODE);
            earlier.map(|assigned| Assignment { raw: shown_raw(assigned.line), origin: origin(assigned.line) }).collect::<Vec<_>>()
        };
        let last = lines.pop()?;
        self.effective.last.insert(entry.name, last.index);
        let mut meaning = match last.meaning {
            Ok(meaning) => meaning,
            Err(why) => return Some(SettingState::Unknown(why)),
        };
        let earlier = if adds_up(entry) {
            add_up(&mut meaning, &lines);
            Vec::new()
        } else {
            overrode(&lines)
        };
        let seen = setting(entry, meaning, origin(last.line), earlier);
        Some(match self.gaps.doubt_in(self.pass, entry.name, last.index) {
            Some(why) => SettingState::Unknown(why.clone()),
            None => SettingState::Known(Box::new(seen)),
        })
    }

    fn list(&mut self, entry: &Entry, line: &Line, counts: bool) {
        let span = line.name_span.to(line.value_span);
        let kind = line.kind.word();
        let record = Record::new("assignment", entry.name, Some(span))
            .with("name", Field::text(entry.name, Some(line.name_span)))
            .with("value", Field::text(shown_raw(line), Some(line.value_span)))
            .with("origin", Field::text(kind, Some(span)))
            .with("in_effect", Field::bool(counts, Some(span)));
        self.effective.assignments.push(Arc::new(record));
    }
}

/// Whether a program fills in the value before the server reads it: no server knows variables.
fn is_filled_in(text: &str) -> bool {
    ["${", "{{", "<%", "@@"].iter().any(|sign| text.contains(sign))
}

/// Options of which every line adds something.
fn adds_up(entry: &Entry) -> bool {
    let name = entry.name;
    name == "plugin_load_add"
        || name == "early_plugin_load"
        || (entry.kind == Kind::List && (name.starts_with("replicate_") || name.starts_with("binlog_")))
}

fn add_up(meaning: &mut Meaning, earlier: &[Assigned<'_>]) {
    let mut all: Vec<String> = Vec::new();
    let known = earlier.iter().filter_map(|assigned| assigned.meaning.as_ref().ok());
    for value in known.map(|meaning| &meaning.value).chain([&meaning.value]) {
        if let Value::List(items) = value {
            all.extend(items.iter().cloned());
        }
    }
    meaning.shown = all.join(",");
    meaning.value = Value::List(all);
}

fn shown_raw(line: &Line) -> String {
    line.value.clone().unwrap_or_default()
}

fn origin(line: &Line) -> Origin {
    Origin { kind: line.kind, span: Some(line.value_span), name_span: Some(line.name_span) }
}

fn setting(entry: &Entry, meaning: Meaning, origin: Origin, overrode: Vec<Assignment>) -> Setting {
    Setting {
        name: entry.name.to_owned(),
        value: meaning.value,
        shown: meaning.shown,
        base: meaning.base,
        unit: meaning.unit,
        special: None,
        origin,
        overrode,
    }
}

/// The options that nothing sets, of a release; worked out once. Where something was not seen, they are left open.
fn unset(reader: &Reader, catalogue: &'static Catalogue, is_open: bool) -> Arc<Unset> {
    type BySeries = BTreeMap<(Engine, String, bool), Arc<Unset>>;
    static KNOWN: OnceLock<Mutex<BySeries>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let key = (reader.engine, catalogue.series().to_string(), is_open);
    Arc::clone(known.entry(key).or_insert_with(|| {
        let mut states: BTreeMap<&'static str, Option<SettingState>> =
            catalogue::names(reader.engine).into_iter().map(|name| (name, Some(SettingState::NotInVersion))).collect();
        let there = catalogue.entries().filter(|entry| entry.change != Change::Gone);
        states.extend(there.map(|entry| (entry.name, (!is_open).then(|| default_state(entry, reader)))));
        Arc::new(Unset::of(states.into_iter().collect()))
    }))
}

fn default_state(entry: &Entry, reader: &Reader) -> SettingState {
    // Nothing loads the plugin, or what loads it was not seen.
    if let Some(plugin) = entry.plugin {
        return SettingState::Unknown(Why::new(format!("whether the plugin {plugin} is loaded is not known")));
    }
    let origin = Origin { kind: OriginKind::Default, span: None, name_span: None };
    match default_of(entry, reader) {
        Some(Ok(meaning)) => SettingState::Known(Box::new(setting(entry, meaning, origin, Vec::new()))),
        Some(Err(invalid)) => SettingState::Unknown(Why::new(invalid.message)),
        None if entry.default == EntryDefault::Machine => {
            SettingState::Unknown(Why::new(format!("the default of {} differs between machines and builds", entry.name)))
        }
        None => SettingState::Absent,
    }
}
