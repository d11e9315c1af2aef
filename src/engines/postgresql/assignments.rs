//! Every place that sets a setting, in the order in which the server takes them, and which of them counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bare_number::too_little;
use super::catalogue::{Catalogue, Default as CatalogueDefault, Entry};
use super::command_line::{Argument, CommandLine};
use super::reading::{Line, Reading, Step};
use super::secrets::{Masked, mask};
use super::value::{interpret, interpret_default};
use crate::engines::frame::Gaps;
use crate::model::bounds::{MOST_ASSIGNMENTS, MOST_OVERRODE};
use crate::model::{Assignment, Cuts as Bounds, EnvironmentEntry, Field, Origin, OriginKind, Problem, Record, Value};
use crate::text::Span;

/// A place that sets something.
#[derive(Clone, Debug)]
pub(super) enum Place<'a> {
    /// A variable of the environment.
    Variable(&'a EnvironmentEntry),
    /// A line of a file, with its position among the steps.
    Line(usize, &'a Line),
    /// A word of the command line.
    Argument(&'a Argument),
}

/// All places that set one setting.
#[derive(Clone, Debug)]
pub(super) struct Assigned<'a> {
    /// The setting; `None` for a name with a dot that no catalogue has.
    pub entry: Option<&'static Entry>,
    /// The places; the last one counts.
    places: Vec<Place<'a>>,
}

/// Every setting that something sets, by lower-case name: environment first, then files, then command line.
pub(super) fn places<'a>(
    environment: &'a [(&'static str, EnvironmentEntry)],
    reading: &'a Reading,
    command_line: &'a CommandLine,
    catalogue: &Catalogue,
) -> BTreeMap<String, Assigned<'a>> {
    let mut assigned: BTreeMap<String, Assigned<'a>> = BTreeMap::new();
    let mut add = |name: &str, place| {
        let entry = catalogue.entry(name);
        if entry.is_none() && !name.contains('.') {
            return;
        }
        let key = entry.map_or_else(|| name.to_ascii_lowercase(), |entry| entry.key.to_owned());
        assigned.entry(key).or_insert_with(|| Assigned { entry, places: Vec::new() }).places.push(place);
    };
    for (name, entry) in environment {
        add(name, Place::Variable(entry));
    }
    for (index, step) in reading.steps.iter().enumerate() {
        if let Step::Set(line) = step {
            add(&line.statement.name, Place::Line(index, line));
        }
    }
    for argument in &command_line.arguments {
        if let Some(name) = &argument.name {
            add(name, Place::Argument(argument));
        }
    }
    assigned
}

impl Place<'_> {
    /// The value as the server gets it; `None` where it cannot be seen.
    pub(super) fn raw(&self) -> Option<&str> {
        match self {
            Self::Variable(entry) => entry.value.value.as_deref(),
            Self::Line(_, line) => Some(&line.statement.value),
            Self::Argument(argument) => argument.value.as_deref(),
        }
    }

    /// Where the value stands.
    pub(super) fn value_span(&self) -> Span {
        match self {
            Self::Variable(entry) => entry.value.span,
            Self::Line(_, line) => line.statement.value_span,
            Self::Argument(argument) => argument.span,
        }
    }

    /// Where name and value stand.
    fn span(&self) -> Span {
        match self {
            Self::Line(_, line) => line.statement.name_span.to(line.statement.value_span),
            other => other.value_span(),
        }
    }

    fn masked(&self) -> Option<Masked> {
        match self {
            Self::Variable(_) => None,
            Self::Line(_, line) => line.masked.clone(),
            Self::Argument(argument) => mask(argument.name.as_deref()?, argument.value.as_deref()?),
        }
    }

    /// The value to keep where it is a secret, or holds one.
    pub(super) fn masked_value(&self) -> Option<Value> {
        self.masked().map(|masked| masked.value)
    }

    /// The value as it may be shown.
    pub(super) fn shown(&self) -> String {
        match self.masked() {
            Some(masked) => masked.text,
            None => self.raw().unwrap_or("").to_owned(),
        }
    }

    /// Where it comes from.
    pub(super) fn origin(&self) -> Origin {
        let (kind, name_span) = match self {
            Self::Variable(entry) => (OriginKind::Environment, Some(entry.name_span)),
            Self::Line(_, line) => (OriginKind::File, Some(line.statement.name_span)),
            Self::Argument(_) => (OriginKind::CommandLine, None),
        };
        Origin { kind, span: Some(self.value_span()), name_span }
    }

    fn origin_word(&self) -> &'static str {
        match self {
            Self::Variable(_) => "environment",
            Self::Line(_, line) if line.auto => "auto-file",
            Self::Line(..) => "file",
            Self::Argument(_) => "command-line",
        }
    }

    fn assignment(&self) -> Assignment {
        Assignment { raw: self.shown(), origin: self.origin() }
    }
}

impl<'a> Assigned<'a> {
    /// The place that counts.
    pub(super) fn last(&self) -> Option<&Place<'a>> {
        self.places.last()
    }

    /// The places that do not count, the nearest of them.
    pub(super) fn overrode(&self) -> Vec<Assignment> {
        let (_, before) = self.places.split_last().map_or((None, &[][..]), |(last, before)| (Some(last), before));
        before.iter().skip(before.len().saturating_sub(MOST_OVERRODE)).map(Place::assignment).collect()
    }

    /// The places whose values the server examines, the one that counts last.
    ///
    /// Files: it drops a line when the same name, letter by letter, comes again below; `Work_Mem = x`
    /// above `work_mem = 4MB` is examined and stops it. The environment and every word of the command
    /// line are examined as well.
    pub(super) fn examined(&self) -> Vec<&Place<'a>> {
        let mut spellings: Vec<&str> = Vec::new();
        let mut examined: Vec<&Place<'a>> = Vec::new();
        for place in self.places.iter().rev() {
            if let Place::Line(_, line) = place {
                // More spellings than this of one name are a joke, and would take square time.
                if spellings.contains(&line.statement.name.as_str()) || spellings.len() >= 32 {
                    continue;
                }
                spellings.push(&line.statement.name);
            }
            examined.push(place);
        }
        examined.reverse();
        examined
    }

    /// Lines of files that a later line replaces.
    pub(super) fn duplicates(&self, major: u32) -> impl Iterator<Item = Duplicate<'a>> {
        let entry = self.entry;
        let lines = || self.places.iter().filter_map(|place| if let Place::Line(_, line) = place { Some(*line) } else { None });
        let last = lines().next_back();
        let restored = entry.zip(last).and_then(|(entry, last)| restored_default(entry, major, &last.statement.value));
        let before = lines().count().saturating_sub(1);
        // ALTER SYSTEM is meant to override; the records of kind `assignment` tell of it.
        let of_last = move |line: &'a Line| {
            let last = last.filter(|last| line.auto == last.auto && !is_of_package(line, last))?;
            // A line may be repeated many thousand times: what the default is, and that the last line says it, is asked once.
            let before = || printed(entry?, major, &line.statement.value);
            let is_other =
                |default: &String| line.statement.value != last.statement.value && before().is_some_and(|before| before != *default);
            let loses_tuning = restored.as_ref().is_some_and(is_other);
            Some(Duplicate { line, last, loses_tuning })
        };
        lines().take(before).collect::<Vec<_>>().into_iter().filter_map(of_last)
    }
}

/// A line of a file that a later line replaces.
#[derive(Clone, Copy)]
pub(super) struct Duplicate<'a> {
    line: &'a Line,
    last: &'a Line,
    /// Whether the later line brings the default back.
    loses_tuning: bool,
}

/// What initdb and Debian's packages write into every postgresql.conf, without its quotes.
const OF_PACKAGE: [(&str, &[&str]); 11] = [
    ("max_connections", &["100"]),
    ("shared_buffers", &["128MB"]),
    ("max_wal_size", &["1GB"]),
    ("min_wal_size", &["80MB"]),
    ("log_line_prefix", &["%m [%p] ", "%m [%p] %q%u@%d "]),
    ("port", &["5432"]),
    ("ssl", &["on"]),
    ("ssl_cert_file", &["/etc/ssl/certs/ssl-cert-snakeoil.pem"]),
    ("ssl_key_file", &["/etc/ssl/private/ssl-cert-snakeoil.key"]),
    ("log_timezone", &["Etc/UTC"]),
    ("timezone", &["Etc/UTC"]),
];

/// Whether a line stands as a package wrote it, and another file below the main one sets it for this server: that is what
/// such files are for.
fn is_of_package(line: &Line, last: &Line) -> bool {
    let name = line.statement.name.to_ascii_lowercase();
    let written = OF_PACKAGE.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, values)| values);
    line.source.id() != last.source.id()
        && written.contains(&line.statement.value.as_str())
        && !written.contains(&last.statement.value.as_str())
}

/// The default of a setting, as the server prints it, where a value brings it back.
fn restored_default(entry: &Entry, major: u32, value: &str) -> Option<String> {
    let CatalogueDefault::Value(default) = entry.default else { return None };
    // What initdb writes is what everybody has; the compiled default of some releases is less.
    let default = if entry.name == "shared_buffers" { "128MB" } else { default };
    let default = interpret_default(entry, major, default).ok()?.printed;
    printed(entry, major, value).filter(|printed| *printed == default)
}

fn printed(entry: &Entry, major: u32, raw: &str) -> Option<String> {
    interpret(entry, major, raw).ok().map(|meaning| meaning.printed)
}

impl Duplicate<'_> {
    /// Which kind of problem it is.
    pub(super) fn code(&self) -> &'static str {
        let Self { line, last, loses_tuning } = self;
        match line.source.id() == last.source.id() {
            true => "duplicate-setting",
            false if line.statement.value != last.statement.value && is_numbered_before(last.source.path(), line.source.path()) => {
                "include-order"
            }
            false if *loses_tuning => "overridden-tuning",
            false => "overridden-setting",
        }
    }

    /// Where name and value stand.
    pub(super) fn span(&self) -> Span {
        self.line.statement.name_span.to(self.line.statement.value_span)
    }

    /// The problem.
    pub(super) fn problem(self) -> Problem {
        duplicate(self)
    }
}

fn duplicate(duplicate: Duplicate<'_>) -> Problem {
    let code = duplicate.code();
    let Duplicate { line, last, loses_tuning } = duplicate;
    let same_file = line.source.id() == last.source.id();
    let place = last.source.location(last.statement.name_span.start).line;
    let place = if same_file { format!("line {place}") } else { format!("{} line {place}", last.source.path()) };
    let out_of_order = code == "include-order";
    let kind = if same_file { "set again" } else { "overridden" };
    let same_value = line.statement.value == last.statement.value;
    let effect = match same_value {
        true => "to the same value",
        false if loses_tuning => "which brings the default back, and only that counts",
        false => "and only that value counts",
    };
    let validated =
        if line.statement.name == last.statement.name { "; the server does not even look whether this one is valid" } else { "" };
    let name = line.statement.name.to_ascii_lowercase();
    let message = if out_of_order {
        let (_, first) = folder_and_name(line.source.path());
        format!(
            "`{name}` is {kind} on {place}, which is read after {first} although its number is lower: include_dir sorts names character by character."
        )
    } else {
        format!("`{name}` is {kind} on {place}, {effect}{validated}.")
    };
    Problem {
        code,
        message,
        name,
        span: Some(line.statement.name_span.to(line.statement.value_span)),
        related: vec![(last.statement.name_span.to(last.statement.value_span), "this one counts".to_owned())],
        ..Problem::default()
    }
}

/// Whether two files of one directory begin with numbers, and the first has the lower one.
fn is_numbered_before(one: &str, other: &str) -> bool {
    let ((one_folder, one), (other_folder, other)) = (folder_and_name(one), folder_and_name(other));
    one_folder == other_folder && matches!((number(one), number(other)), (Some(one), Some(other)) if one < other)
}

/// The number that a name begins with.
fn number(name: &str) -> Option<u64> {
    let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    name.get(..end)?.parse().ok()
}

fn folder_and_name(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The records of kind `assignment`, in the order of the settings' names, and of reading within one.
///
/// Places that count are all there; of the others, and of names that no catalogue has, there are as many as are listed.
pub(super) fn assignment_records(assigned: &BTreeMap<String, Assigned<'_>>, major: u32, gaps: &Gaps, met: &mut Bounds) -> Vec<Arc<Record>> {
    let mut records = Vec::new();
    let (mut custom, mut overridden) = (0, 0);
    for (key, assigned) in assigned {
        let Some((last, before)) = assigned.places.split_last() else { continue };
        if assigned.entry.is_none() {
            custom += 1;
            if custom > MOST_ASSIGNMENTS {
                too_many(met, last.span());
                continue;
            }
        }
        let doubt = if let Place::Line(index, _) = last { gaps.doubt(key, Some(*index)) } else { None };
        let in_effect = doubt.map_or_else(|| Field::bool(true, None), |why| Field::unknown(why.clone()));
        let counts = with_meaning(record(key, last), assigned.entry, major, last).with("in_effect", in_effect);
        let counts = Arc::new(counts);
        for place in before {
            overridden += 1;
            if overridden > MOST_ASSIGNMENTS {
                too_many(met, place.span());
                continue;
            }
            let same_file = matches!((place, last), (Place::Line(_, a), Place::Line(_, b)) if a.source.id() == b.source.id());
            let by = Field::text(key.as_str(), Some(last.span())).with_record(Arc::clone(&counts));
            let mut overridden = record(key, place).with("in_effect", Field::bool(false, None)).with("overridden_by", by);
            overridden.related.push((last.span(), "this one counts".to_owned()));
            records.push(Arc::new(overridden.with("same_file", Field::bool(same_file, None))));
        }
        records.push(counts);
    }
    records
}

fn too_many(met: &mut Bounds, span: Span) {
    let say = || format!("{MOST_ASSIGNMENTS} places that set something and do not count are listed, this one is not");
    met.add("assignment", span, say);
}

/// What is to be said of a number without a unit that is hardly meant as it stands.
fn with_meaning(record: Record, entry: Option<&Entry>, major: u32, place: &Place<'_>) -> Record {
    let span = Some(place.value_span());
    let Some(said) = entry.zip(place.raw()).and_then(|(entry, raw)| too_little(entry, major, raw)) else {
        return record;
    };
    record
        .with("bare_number", Field::text(said.weight, span))
        .with("meaning", Field::text(said.meaning, span))
        .with("meant", Field::text(said.meant, span))
        .with("effect", Field::text(said.effect, span))
}

fn record(key: &str, place: &Place<'_>) -> Record {
    let span = Some(place.span());
    let kind = place.origin().kind;
    Record::new("assignment", key, span)
        .with("name", Field::text(key, span).with_origin(kind))
        .with("value", Field::text(place.shown(), Some(place.value_span())).with_origin(kind))
        .with("origin", Field::text(place.origin_word(), span).with_origin(kind))
}
