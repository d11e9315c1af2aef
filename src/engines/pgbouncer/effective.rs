//! Settings, databases and users in effect, as one release reads the text.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::catalogue::{self, Default as CatalogueDefault, Entry, Kind};
use super::connection::Section;
use super::entries::{self, Entrance};
use super::problems::{self, Effect};
use super::reading::{Line, Reading, Step};
use super::value::{Meaning, interpret};
use crate::engines::frame::{Gaps, Pass};
use crate::formats::pgbouncer_ini::Name;
use crate::model::bounds::{MOST_OVERRODE, Tally};
use crate::model::{Assignment, Cuts, Field, Origin, OriginKind, Problem, Record, Setting, SettingState, Settings, Unset, Why};
use crate::text::Span;

/// What a release makes of the text.
#[derive(Debug, Default)]
pub(super) struct Effective<'a> {
    pub settings: Settings,
    pub problems: Vec<Arc<Record>>,
    pub assignments: Vec<Arc<Record>>,
    /// Databases by name; the last line of a name counts.
    pub databases: BTreeMap<&'a str, Entrance<'a>>,
    /// What `[users]` says, by name.
    pub users: BTreeMap<&'a str, Entrance<'a>>,
    /// Why there may be more that was not seen.
    pub incomplete: Option<Why>,
    /// Why there may be more entries of `[databases]`, beside that.
    pub entries_unseen: Option<Why>,
    /// Bounds on what is listed that were met.
    pub bounds: Cuts,
}

/// Evaluates the text for a release. `unseen` says why no default can be believed.
pub(super) fn evaluate<'a>(reading: &'a Reading, release: u32, unseen: Option<&Why>, pass: Pass) -> Effective<'a> {
    let mut evaluation = Evaluation {
        release,
        pass,
        gaps: gaps(reading),
        unseen: unseen.cloned(),
        assigned: BTreeMap::new(),
        untold: BTreeMap::new(),
        effective: Effective::default(),
        tally: Tally::default(),
        main: None,
    };
    for diagnostic in &reading.diagnostics {
        evaluation.report(problems::of_diagnostic(diagnostic));
    }
    for (index, step) in reading.steps.iter().enumerate() {
        match step {
            Step::Section(name) => evaluation.section(name),
            Step::Set(line) => evaluation.line(index, line),
            Step::Unknown(name, why) => evaluation.untold(name, why),
            Step::Entries(why) => evaluation.effective.entries_unseen = Some(why.clone()),
            Step::Gap(_) | Step::Broken(_) => {}
        }
    }
    evaluation.main_section(reading);
    evaluation.settle();
    evaluation.effective
}

fn gaps(reading: &Reading) -> Gaps {
    let mut gaps = Gaps::default();
    for (index, step) in reading.steps.iter().enumerate() {
        match step {
            Step::Gap(why) => gaps.gap(index, why),
            Step::Broken(why) => gaps.broken(index, why, None),
            Step::Section(_) | Step::Set(_) | Step::Unknown(..) | Step::Entries(_) => {}
        }
    }
    gaps
}

/// The lines that set one setting.
#[derive(Default)]
struct Assigned<'a> {
    lines: Vec<(usize, &'a Line)>,
    /// How many of them a later `[pgbouncer]` undoes.
    undone: usize,
}

struct Evaluation<'a> {
    release: u32,
    pass: Pass,
    gaps: Gaps,
    unseen: Option<Why>,
    assigned: BTreeMap<&'static str, (&'static Entry, Assigned<'a>)>,
    /// Settings that something sets to what cannot be told.
    untold: BTreeMap<&'static str, Why>,
    effective: Effective<'a>,
    tally: Tally,
    /// Where `[pgbouncer]` begins first.
    main: Option<Span>,
}

impl<'a> Evaluation<'a> {
    fn report(&mut self, problem: Problem) {
        if self.tally.count(problem.code, problem.span, &mut self.effective.bounds) {
            self.effective.problems.push(Arc::new(problem.record()));
        }
    }

    fn section(&mut self, name: &Name) {
        if let Some(problem) = problems::unknown_section(&name.text, self.release, name.span) {
            self.report(problem);
        }
        if Section::named(&name.text) == Some(Section::Main) {
            self.begin_again(name);
        }
    }

    /// A `[pgbouncer]` gives every setting that has a default this default, whatever was set before.
    fn begin_again(&mut self, name: &Name) {
        let Some(first) = self.main else {
            self.main = Some(name.span);
            return;
        };
        let mut lost: Vec<&str> = Vec::new();
        for (entry, assigned) in self.assigned.values_mut().filter(|(entry, _)| entry.default != CatalogueDefault::None) {
            if assigned.undone < assigned.lines.len() {
                lost.push(entry.name);
            }
            assigned.undone = assigned.lines.len();
        }
        if lost.is_empty() {
            return;
        }
        let names = lost.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = if lost.len() > 5 { format!(" and {} more", lost.len() - 5) } else { String::new() };
        self.report(Problem {
            code: "section-repeated",
            name: "pgbouncer".to_owned(),
            span: Some(name.span),
            message: format!("A second [pgbouncer] gives every setting its default again: {names}{more} set before it have no effect."),
            expected: Some("one [pgbouncer] section".to_owned()),
            related: vec![(first, "the first one".to_owned())],
            ..Problem::default()
        });
    }

    fn line(&mut self, index: usize, line: &'a Line) {
        if line.quoted
            && let Some(problem) = problems::quoted_name(&line.name, self.release, line.name_span)
        {
            self.report(problem);
        }
        match line.section.as_deref().map(Section::named) {
            Some(Some(Section::Main)) => self.setting(index, line),
            Some(Some(section)) => self.entry(section, line),
            // An unknown section was told.
            Some(None) => {}
            None => self.report(Effect::Stops.on(Problem {
                code: "line-outside-section",
                name: line.name.clone(),
                span: Some(line.name_span),
                message: "This line is in no section.".to_owned(),
                expected: Some("[pgbouncer] or [databases] above it".to_owned()),
                ..Problem::default()
            })),
        }
    }

    fn setting(&mut self, index: usize, line: &'a Line) {
        match catalogue::entry(self.release, &line.name) {
            Some(entry) => {
                self.untold.remove(entry.name);
                self.assigned.entry(entry.name).or_insert_with(|| (entry, Assigned::default())).1.lines.push((index, line));
            }
            // An image passes on only what its own release knows.
            None if line.kind != OriginKind::File => {}
            None => self.report(problems::unknown_setting(&line.name, self.release, line.name_span)),
        }
    }

    fn untold(&mut self, name: &'static str, why: &Why) {
        if catalogue::entry(self.release, name).is_some() {
            self.untold.insert(name, why.clone());
        }
    }

    fn entry(&mut self, section: Section, line: &'a Line) {
        let Some(list) = &line.pairs else { return };
        let (problems, counts) = entries::check(section, line, list, self.release);
        problems.into_iter().for_each(|problem| self.report(problem));
        if !counts {
            return;
        }
        let entrance = Entrance { line, pairs: &list.pairs };
        let effective = &mut self.effective;
        match section {
            Section::Databases => effective.databases.insert(&line.name, entrance),
            Section::Users => effective.users.insert(&line.name, entrance),
            Section::Main | Section::Peers => None,
        };
    }

    /// The program wants its main section; a gap may hold it.
    fn main_section(&mut self, reading: &Reading) {
        if self.main.is_some() || self.gaps.first_why().is_some() || reading.main.is_none() {
            return;
        }
        let span = reading.main.as_ref().map(|main| main.span(0, 0));
        self.report(Effect::Stops.on(Problem {
            code: "section-missing",
            span,
            message: "There is no [pgbouncer] section.".to_owned(),
            expected: Some("a [pgbouncer] section".to_owned()),
            ..Problem::default()
        }));
    }

    fn settle(&mut self) {
        let assigned = std::mem::take(&mut self.assigned);
        let doubt = self.gaps.doubt("", None).cloned().or_else(|| self.unseen.clone());
        let presumes = self.pass == Pass::Presuming && self.unseen.is_none();
        let assumes = presumes && doubt.as_ref().is_some_and(|why| !why.presumed().is_empty());
        let mut settings = Settings::over(unset(self.release, doubt.is_some()), doubt);
        if assumes {
            settings.assume(unset(self.release, false));
        }
        for (name, (entry, assigned)) in assigned {
            if let Some(state) = self.state(entry, &assigned) {
                settings.insert(name.to_owned(), state);
            }
        }
        for (name, why) in std::mem::take(&mut self.untold) {
            settings.insert(name.to_owned(), SettingState::Unknown(why));
        }
        self.effective.settings = settings;
        self.effective.incomplete = self.gaps.first_why().or_else(|| self.unseen.clone());
    }

    /// The state of a setting that some line sets; `None` where all of these lines are undone.
    fn state(&mut self, entry: &'static Entry, assigned: &Assigned<'a>) -> Option<SettingState> {
        let mut last = None;
        let count = assigned.lines.len();
        for (at, (index, line)) in assigned.lines.iter().enumerate() {
            let counts = at + 1 == count && at >= assigned.undone;
            self.list(entry, line, counts);
            match interpret(entry, &line.value) {
                Ok(meaning) => last = counts.then_some((*index, *line, meaning)),
                Err(invalid) => {
                    self.report(problems::of_invalid(entry.name, &invalid, &line.value, line.value_span));
                    last = None;
                    if counts {
                        return Some(SettingState::Unknown(Why::needing(invalid.message, "correct the value")));
                    }
                }
            }
        }
        let (index, line, meaning) = last?;
        let overrode = assigned.lines.iter().take(count - 1).take(MOST_OVERRODE);
        let overrode = overrode.map(|(_, line)| Assignment { raw: line.value.clone(), origin: origin(line) }).collect();
        let seen = setting(entry, meaning, origin(line), overrode);
        Some(match self.gaps.doubt_in(self.pass, entry.name, index) {
            Some(why) => SettingState::Unknown(why.clone()),
            None => SettingState::Known(Box::new(seen)),
        })
    }

    fn list(&mut self, entry: &Entry, line: &Line, counts: bool) {
        let span = line.name_span.to(line.value_span);
        let kind = match line.kind {
            OriginKind::Environment => "environment",
            OriginKind::ImageDefault => "image-default",
            _ => "file",
        };
        let record = Record::new("assignment", entry.name, Some(span))
            .with("name", Field::text(entry.name, Some(line.name_span)))
            .with("value", Field::text(&line.value, Some(line.value_span)))
            .with("origin", Field::text(kind, Some(span)))
            .with("in_effect", Field::bool(counts, Some(span)));
        self.effective.assignments.push(Arc::new(record));
    }
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
        special: meaning.special,
        origin,
        overrode,
    }
}

/// The settings that nothing sets, of a release; worked out once. Where something was not seen, they are left open.
fn unset(release: u32, is_open: bool) -> Arc<Unset> {
    type ByRelease = BTreeMap<(u32, bool), Arc<Unset>>;
    static KNOWN: OnceLock<Mutex<ByRelease>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry((release, is_open)).or_insert_with(|| {
        let mut states: BTreeMap<&'static str, Option<SettingState>> =
            catalogue::entries().iter().map(|entry| (entry.name, Some(SettingState::NotInVersion))).collect();
        states.extend(catalogue::of(release).map(|entry| (entry.name, (!is_open).then(|| default_of(entry)))));
        Arc::new(Unset::of(states.into_iter().collect()))
    }))
}

fn default_of(entry: &Entry) -> SettingState {
    let raw = match entry.default {
        CatalogueDefault::None => return SettingState::Absent,
        CatalogueDefault::Build => return SettingState::Unknown(Why::new(format!("the default of {} differs between builds", entry.name))),
        // An empty word or text means that nothing is set.
        CatalogueDefault::Value("") if entry.kind == Kind::Text => return SettingState::Absent,
        CatalogueDefault::Value(raw) => raw,
    };
    let origin = Origin { kind: OriginKind::Default, span: None, name_span: None };
    match interpret(entry, raw) {
        Ok(meaning) => SettingState::Known(Box::new(setting(entry, meaning, origin, Vec::new()))),
        Err(invalid) => SettingState::Unknown(Why::new(invalid.message)),
    }
}
