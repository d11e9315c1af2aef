//! Settings in effect: defaults, environment, files and command line, joined as the server joins them.
//!
//! Reading and parsing happens once ([`ServerConfiguration::read`]); each version then asks what the
//! same text means for it ([`ServerConfiguration::evaluate`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::assignments::{Assigned, Place, assignment_records, places};
use super::catalogue::{Catalogue, Context, Entry, MAJORS};
use super::command_line::CommandLine;
use super::problems;
use super::reading::{self, Reading, ServerFile, Step, ToDisplay};
use super::unset::{self, Circumstances, Loaded, UnsetSettings, not_from_files, setting};
use super::value::{LIBRARIES, Meaning, interpret};
use crate::engines::frame::{Gaps, Pass};
use crate::model::bounds::{MOST_ASSIGNMENTS, Tally};
use crate::model::{
    Cuts as Bounds, EnvironmentEntry, Origin, Presumed, Presumption, Problem, Record, RecordSet, Setting, SettingState, Settings, Value,
    Version, Why, Word,
};
use crate::text::{Files, Span};

/// What a server is started with.
#[derive(Clone, Copy)]
pub struct ServerInputs<'a> {
    /// Where text comes from.
    pub files: &'a Files,
    /// The main file, when it can be seen.
    pub main: Option<&'a ServerFile>,
    /// `postgresql.auto.conf`, when it can be seen.
    pub auto: Option<&'a ServerFile>,
    /// How an absolute path of the server becomes a display path.
    pub to_display: ToDisplay<'a>,
    /// The command line, with or without the program.
    pub words: &'a [Word],
    /// The environment of the process.
    pub environment: &'a [EnvironmentEntry],
}

/// Whether settings that nothing sets have their defaults.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// Why no default can be believed: the main file was not given.
    pub unseen: Option<Why>,
    /// What the image sets, before any file that is mounted.
    pub image: Vec<(String, String)>,
    /// What an operator sets, such as Patroni.
    pub operator: Vec<(String, String)>,
}

/// The configuration of a server as written, for any version.
pub struct ServerConfiguration {
    reading: Reading,
    command_line: CommandLine,
    environment: Vec<(&'static str, EnvironmentEntry)>,
}

/// Without any text of the files, which may hold a password.
impl std::fmt::Debug for ServerConfiguration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerConfiguration")
            .field("paths", &self.reading.paths)
            .field("steps", &self.reading.steps)
            .finish_non_exhaustive()
    }
}

/// The configuration of a server as one version means it.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    /// Every setting that the version knows, those of its extensions, and those with a dot that files set; by lower-case name.
    pub settings: Settings,
    /// What is wrong.
    pub problems: RecordSet,
    /// Every place that sets something.
    pub assignments: RecordSet,
    /// Why there may be more that was not seen.
    pub incomplete: Option<Why>,
    /// Bounds on what is listed that were met.
    pub bounds: Bounds,
}

impl Effective {
    /// Nothing is known of it.
    fn unseen(why: Why) -> Self {
        let unseen = || RecordSet { rows: Vec::new(), incomplete: Some(why.clone()) };
        Self { problems: unseen(), assignments: unseen(), incomplete: Some(why), ..Self::default() }
    }
}

/// Why it is not known what a release sets by itself, and which names it knows.
fn not_catalogued(version: &Version) -> Why {
    Why::new(format!("gonogo knows the settings of PostgreSQL {} to {}, not of {version}", MAJORS.start(), MAJORS.end()))
}

/// Variables of the environment that the server reads.
const VARIABLES: [(&str, &str); 3] = [("PGPORT", "port"), ("PGDATESTYLE", "DateStyle"), ("PGCLIENTENCODING", "client_encoding")];

/// For so many different names that are unknown, the one that was meant is looked for: each takes a comparison with all that are known.
const MOST_SUGGESTIONS: usize = 50;

/// The same for names with a dot, most of which are meant as they stand.
const MOST_SUGGESTIONS_WITH_DOT: usize = 500;

/// Settings that name a folder of the server, in which packages put its release.
const OWN_FOLDERS: [&str; 3] = ["data_directory", "hba_file", "ident_file"];

impl ServerConfiguration {
    /// Reads and parses everything.
    #[must_use]
    pub fn read(inputs: &ServerInputs<'_>) -> Self {
        let reading = reading::read(inputs.files, inputs.to_display, inputs.main, inputs.auto);
        let variable = |entry: &EnvironmentEntry| {
            VARIABLES.iter().find(|(variable, _)| *variable == entry.name).map(|(_, name)| (*name, entry.clone()))
        };
        let environment = inputs.environment.iter().filter_map(variable).collect();
        Self { reading, command_line: CommandLine::parse(inputs.words), environment }
    }

    /// What was read elsewhere than from files and a command line of the server's own.
    pub(super) fn of(reading: Reading, command_line: CommandLine) -> Self {
        Self { reading, command_line, environment: Vec::new() }
    }

    /// The same with what comes behind all files. A gap there is a script that was not understood: where the server's own
    /// files are is not presumed to be changed by it.
    pub(super) fn then(mut self, steps: Vec<Step>) -> Self {
        let keeps = |step: &Step| match step {
            Step::Set(line) => OWN_FOLDERS.iter().any(|name| line.statement.name.eq_ignore_ascii_case(name)),
            _ => false,
        };
        let open = steps.iter().any(|step| matches!(step, Step::Gap(_)));
        self.reading.steps.extend(steps);
        if open {
            let (kept, others): (Vec<Step>, Vec<Step>) = std::mem::take(&mut self.reading.steps).into_iter().partition(keeps);
            self.reading.steps = others;
            self.reading.steps.extend(kept);
        }
        self
    }

    /// The settings that something names, as written.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let lines = self.reading.steps.iter().filter_map(|step| match step {
            Step::Set(line) => Some(line.statement.name.as_str()),
            _ => None,
        });
        lines.chain(self.command_line.arguments.iter().filter_map(|argument| argument.name.as_deref())).collect()
    }

    /// Paths of the server's own folders that its files write, with their places.
    pub(super) fn written_paths(&self) -> impl Iterator<Item = (&str, Span)> {
        self.reading.steps.iter().filter_map(|step| match step {
            Step::Set(line) if OWN_FOLDERS.iter().any(|name| line.statement.name.eq_ignore_ascii_case(name)) => {
                Some((line.statement.value.as_str(), line.statement.value_span))
            }
            _ => None,
        })
    }

    /// Display paths of the files that were read, in the order of reading.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.reading.paths
    }

    /// Bounds that were met in reading.
    pub(super) const fn bounds(&self) -> &Bounds {
        &self.reading.cuts
    }

    /// Display paths of what is included, and was not read since a bound was met.
    pub(super) const fn left_out(&self) -> &BTreeSet<String> {
        &self.reading.left_out
    }

    /// Why the command line may set anything: a variable without a value hides a name.
    fn hidden(&self) -> Option<Why> {
        let hides = self.command_line.arguments.iter().any(|argument| argument.name.is_none());
        let why = || Why::needing("a variable without a value may set it on the command line", "give the variable a value with --env-file");
        hides.then(|| why().presuming(Presumption::HiddenArgument))
    }

    /// What can be presumed of what was not seen.
    pub(super) fn presumed(&self) -> Vec<Presumed> {
        let gap = self.reading.steps.iter().rev().find_map(|step| match step {
            Step::Gap(why) => Some(why.clone()),
            _ => None,
        });
        self.hidden().iter().chain(&gap).flat_map(|why| why.presumed().to_vec()).collect()
    }

    /// Where a setting that nothing sets would be written: behind the last line of the main file.
    #[must_use]
    pub fn anchor(&self) -> Option<Span> {
        let main = self.reading.main.as_ref()?;
        let end = main.text().trim_end().len();
        Some(main.span(end, end))
    }

    /// Where what concerns the server as a whole is reported: the head of the main file.
    #[must_use]
    pub fn head(&self) -> Option<Span> {
        self.reading.main.as_ref().map(|main| main.span(0, 0))
    }

    /// Settings that the main file has behind a comment sign, by lower-case name.
    #[must_use]
    pub fn commented_out(&self) -> Arc<BTreeMap<String, Span>> {
        Arc::clone(&self.reading.commented_out)
    }

    /// What a version makes of it.
    #[must_use]
    pub fn evaluate(&self, version: &Version, defaults: &Defaults) -> Effective {
        self.evaluate_sharing(version, defaults, &UnsetSettings::default(), Pass::Seen)
    }

    /// The same, for one of several servers or versions: what nothing sets is worked out once for all of them.
    #[must_use]
    pub fn evaluate_sharing(&self, version: &Version, defaults: &Defaults, unset: &UnsetSettings, pass: Pass) -> Effective {
        let oldest = || Catalogue::of(*MAJORS.start()).filter(|oldest| version.major() < oldest.major());
        let Some(catalogue) = Catalogue::of(version.major()).or_else(oldest) else { return Effective::unseen(not_catalogued(version)) };
        let is_older = version.major() < catalogue.major();
        let defaults = &if is_older { Defaults { unseen: Some(not_catalogued(version)), ..Defaults::default() } } else { defaults.clone() };
        let mut evaluation = Evaluation::new(self, catalogue, version, defaults, pass);
        evaluation.problems_of_text();
        if !is_older {
            evaluation.problems_of_names();
        }
        let settings = evaluation.settings(unset);
        let incomplete = evaluation.gaps.first_why().or_else(|| defaults.unseen.clone());
        let mut bounds = std::mem::take(&mut evaluation.bounds);
        let before = bounds.iter().count();
        let assignments = assignment_records(&evaluation.assigned, catalogue.major(), &evaluation.gaps, &mut bounds);
        let not_all = (bounds.iter().count() > before).then(|| Why::new(NOT_ALL));
        let rows = std::mem::take(&mut evaluation.problems).into_iter().map(Arc::new).collect();
        Effective {
            settings,
            problems: RecordSet { rows, incomplete: incomplete.clone() },
            assignments: RecordSet { rows: assignments, incomplete: incomplete.clone().or(not_all) },
            incomplete,
            bounds,
        }
    }
}

struct Evaluation<'a> {
    configuration: &'a ServerConfiguration,
    catalogue: &'static Catalogue,
    minor: Option<u32>,
    /// Whether the release is older than its catalogue: what a line sets is known, as the release would refuse other names,
    /// but not what else it would refuse.
    is_older: bool,
    defaults: &'a Defaults,
    gaps: Gaps,
    /// Every setting that something sets.
    assigned: BTreeMap<String, Assigned<'a>>,
    /// Why the command line may set anything: a variable without a value hides a name.
    hidden: Option<Why>,
    pass: Pass,
    problems: Vec<Record>,
    /// How many problems there are of each kind.
    tally: Tally,
    /// Bounds on what is listed that were met.
    bounds: Bounds,
}

/// Why there may be more assignments than are listed.
const NOT_ALL: &str = "more lines set what other lines set again than are listed";

/// What of the text was not seen.
fn gaps_in(reading: &Reading) -> Gaps {
    let mut gaps = Gaps::default();
    for (index, step) in reading.steps.iter().enumerate() {
        match step {
            Step::Set(_) => {}
            Step::Gap(why) => gaps.gap(index, why),
            Step::Broken(why, name) => gaps.broken(index, why, name.as_deref()),
        }
    }
    gaps
}

impl<'a> Evaluation<'a> {
    fn new(
        configuration: &'a ServerConfiguration,
        catalogue: &'static Catalogue,
        version: &Version,
        defaults: &'a Defaults,
        pass: Pass,
    ) -> Self {
        let (minor, is_older) = (version.minor(), version.major() < catalogue.major());
        let assigned = places(&configuration.environment, &configuration.reading, &configuration.command_line, catalogue);
        let hidden = configuration.hidden();
        let gaps = gaps_in(&configuration.reading);
        let (problems, tally, bounds) = (Vec::new(), Tally::default(), Bounds::default());
        Self { configuration, catalogue, minor, is_older, defaults, gaps, assigned, hidden, pass, problems, tally, bounds }
    }

    fn report(&mut self, problem: Problem) {
        if self.tally.count(problem.code, problem.span, &mut self.bounds) {
            self.problems.push(problem.record());
        }
    }

    /// Reports what is odd about a value.
    fn report_value(&mut self, problem: Problem) {
        if !self.is_older {
            self.report(problem);
        }
    }

    /// What grammar, includes and command line have to say.
    fn problems_of_text(&mut self) {
        let configuration = self.configuration;
        for (diagnostic, name) in &configuration.reading.diagnostics {
            self.report(problems::of_diagnostic(diagnostic, name.as_deref()));
        }
        let major = self.catalogue.major();
        for refused in configuration.command_line.refused.iter().filter(|refused| refused.since <= major) {
            let message = format!("On the command line, {}. The server does not start.", refused.message);
            self.report(Problem { code: "command-line-error", span: Some(refused.span), message, fatal: true, ..Problem::default() });
        }
    }

    /// Names that this version does not know, or knows under another name.
    fn problems_of_names(&mut self) {
        let configuration = self.configuration;
        let lines = configuration.reading.steps.iter().filter_map(|step| match step {
            Step::Set(line) => Some((line.statement.name.as_str(), line.statement.name_span)),
            _ => None,
        });
        let arguments = configuration.command_line.arguments.iter().filter_map(|argument| Some((argument.name.as_deref()?, argument.span)));
        let mut plain: BTreeSet<&str> = BTreeSet::new();
        let mut dotted: BTreeSet<&str> = BTreeSet::new();
        for (name, span) in lines.chain(arguments) {
            let (looked_up, most) =
                if name.contains('.') { (&mut dotted, MOST_SUGGESTIONS_WITH_DOT) } else { (&mut plain, MOST_SUGGESTIONS) };
            let suggest = looked_up.len() < most || looked_up.contains(name);
            if suggest && self.catalogue.entry(name).is_none() {
                looked_up.insert(name);
            }
            if let Some(problem) = problems::of_name(name, self.catalogue, self.minor, span, suggest) {
                self.report(problem);
            }
        }
    }

    fn settings(&mut self, unset: &UnsetSettings) -> Settings {
        // Of no name in particular; lines that begin with a name raise doubts of their own, below.
        let doubt = self.doubt_of_unset("").cloned();
        let circumstances = Circumstances {
            major: self.catalogue.major(),
            open: doubt.is_some(),
            image: self.defaults.image.clone(),
            operator: self.defaults.operator.clone(),
        };
        let assumes = self.pass == Pass::Presuming && self.assumes_defaults();
        let assumed = assumes.then(|| unset.of(&Circumstances { open: false, ..circumstances.clone() }, self.catalogue));
        let mut settings = Settings::over(unset.of(&circumstances, self.catalogue), doubt);
        assumed.into_iter().for_each(|assumed| settings.assume(assumed));
        let named = self.assigned.keys().chain(self.gaps.broken_names());
        let mut entries: BTreeMap<&'static str, &'static Entry> =
            named.filter_map(|name| self.catalogue.entry(name)).map(|entry| (entry.key, entry)).collect();
        for (key, entry) in entries.iter().filter(|(_, entry)| !entry.is_of_extension()) {
            let state = self.state(entry);
            settings.insert((*key).to_owned(), state);
        }
        if LIBRARIES.iter().any(|list| entries.contains_key(*list)) {
            // Which extensions are loaded decides about all of their settings.
            entries.extend(self.catalogue.entries().map(|entry| (entry.key, entry)));
        }
        let loaded = Loaded::of(|name| settings.get(name));
        for (key, entry) in entries.into_iter().filter(|(_, entry)| entry.is_of_extension()) {
            let state = if self.assigned.contains_key(key) { self.state(entry) } else { loaded.state(entry, || self.unset(entry, key)) };
            settings.insert(key.to_owned(), state);
        }
        // As many as are listed among the assignments, which also say where there are more.
        for (key, assigned) in self.assigned.iter().filter(|(_, assigned)| assigned.entry.is_none()).take(MOST_ASSIGNMENTS) {
            settings.insert(key.clone(), self.state_of_custom(key, assigned));
        }
        settings
    }

    /// A setting with a dot that no catalogue has: the server keeps it as text.
    fn state_of_custom(&self, key: &str, assigned: &Assigned<'_>) -> SettingState {
        let Some(place) = assigned.last() else { return SettingState::Absent };
        match self.doubt(key, place) {
            Some(why) => SettingState::Unknown(why),
            None => {
                let text = place.shown();
                let value = place.masked_value().unwrap_or_else(|| Value::text(&text));
                SettingState::Known(Box::new(Setting {
                    name: key.to_owned(),
                    value,
                    shown: text,
                    base: None,
                    unit: None,
                    special: None,
                    origin: place.origin(),
                    overrode: assigned.overrode(),
                }))
            }
        }
    }

    fn state(&mut self, entry: &'static Entry) -> SettingState {
        let key = entry.key;
        let Some(assigned) = self.assigned.remove(key) else {
            return self.unset(entry, key);
        };
        self.problems_of_duplicates(&assigned);
        // Of each spelling of a name, the server looks at the last value only.
        let mut meaning = None;
        for place in assigned.examined() {
            meaning = self.meaning(entry, place);
        }
        // What is odd about a value concerns the one that counts.
        if let (Some(meaning), Some(place)) = (&meaning, assigned.last()) {
            for remark in &meaning.remarks {
                self.report_value(problems::of_remark(entry, remark, &place.shown(), Some(place.value_span())));
            }
        }
        let state = match assigned.last() {
            Some(place) => self.state_of_place(entry, key, place, meaning, &assigned),
            None => self.unset(entry, key),
        };
        self.assigned.insert(key.to_owned(), assigned);
        state
    }

    fn state_of_place(
        &self,
        entry: &Entry,
        key: &str,
        place: &Place<'_>,
        meaning: Option<Meaning>,
        assigned: &Assigned<'_>,
    ) -> SettingState {
        if let Some(why) = self.doubt(key, place) {
            return SettingState::Unknown(why);
        }
        if entry.context == Context::Internal {
            return SettingState::Unknown(not_from_files(entry));
        }
        match meaning {
            Some(meaning) => known(entry, meaning, place.origin(), assigned.overrode(), place),
            None => {
                SettingState::Unknown(Why::needing(format!("the value of {} is not valid", entry.name), "correct the value".to_owned()))
            }
        }
    }

    /// Why a place may not be the one that counts, or its value not be seen.
    fn doubt(&self, key: &str, place: &Place<'_>) -> Option<Why> {
        match place {
            Place::Argument(argument) if argument.value.is_none() => {
                Some(Why::needing(format!("the value of {key} is a variable without a value"), "give the variable a value with --env-file"))
            }
            Place::Argument(argument) => self.may_hide().filter(|_| {
                let arguments = self.configuration.command_line.arguments.iter();
                arguments.rev().take_while(|other| !std::ptr::eq(*other, *argument)).any(|other| other.name.is_none())
            }),
            Place::Line(index, _) => self.may_hide().or_else(|| self.gaps.doubt_in(self.pass, key, *index).cloned()),
            Place::Variable(entry) if entry.value.value.is_none() => Some(Why::new(format!("the value of {} is not known", entry.name))),
            Place::Variable(_) => {
                self.hidden.clone().or_else(|| self.gaps.doubt(key, None).cloned()).or_else(|| self.defaults.unseen.clone())
            }
        }
    }

    /// Why the command line may set again what something sets, unless that it does not is presumed.
    fn may_hide(&self) -> Option<Why> {
        self.hidden.clone().filter(|_| self.pass == Pass::Seen)
    }

    /// What a value means; what is wrong with it is reported.
    fn meaning(&mut self, entry: &Entry, place: &Place<'_>) -> Option<Meaning> {
        if entry.context == Context::Internal {
            return None;
        }
        let raw = place.raw()?;
        let meaning = interpret(entry, self.catalogue.major(), raw);
        meaning.map_err(|invalid| self.report_value(problems::of_invalid(entry, &invalid, &place.shown(), Some(place.value_span())))).ok()
    }

    fn problems_of_duplicates(&mut self, assigned: &Assigned<'_>) {
        for duplicate in assigned.duplicates(self.catalogue.major()) {
            // Whatever it would say is not worked out where it is not listed.
            if self.tally.has_room(duplicate.code()) {
                self.report(duplicate.problem());
            } else {
                self.tally.count(duplicate.code(), Some(duplicate.span()), &mut self.bounds);
            }
        }
    }

    /// The state of a setting that nothing sets.
    fn unset(&self, entry: &Entry, key: &str) -> SettingState {
        unset::state(entry, self.catalogue.major(), self.doubt_of_unset(key), &self.defaults.image, &self.defaults.operator)
    }

    /// Whether defaults are in doubt only since something may set them that can be presumed not to.
    fn assumes_defaults(&self) -> bool {
        let of_text = self.gaps.doubt("", None);
        let doubts = self.hidden.iter().chain(of_text);
        self.defaults.unseen.is_none() && doubts.clone().next().is_some() && doubts.clone().all(|why| !why.presumed().is_empty())
    }

    /// Why it is not certain that nothing sets `key`.
    fn doubt_of_unset(&self, key: &str) -> Option<&Why> {
        self.hidden.as_ref().or_else(|| self.gaps.doubt(key, None)).or(self.defaults.unseen.as_ref())
    }
}

fn known(entry: &Entry, meaning: Meaning, origin: Origin, overrode: Vec<crate::model::Assignment>, place: &Place<'_>) -> SettingState {
    let mut setting = setting(entry, meaning, origin, overrode);
    if let Some(value) = place.masked_value() {
        setting.value = value;
        setting.shown = place.shown();
    }
    SettingState::Known(Box::new(setting))
}
