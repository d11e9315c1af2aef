//! `pg_hba.conf`: who may connect, from where, and how they prove who they are, per release.
//!
//! [`assemble`] reads the file as the server of one major would (tokens, includes, checks), and
//! yields records for rules, problems, and the decision for each kind of client.

mod address;
mod admits;
mod anchors;
mod asymmetry;
mod clients;
mod connect;
mod cover;
mod fields;
mod intervals;
mod ldap_url;
mod locate;
mod methods;
mod options;
mod overlap;
mod places;
pub(super) mod problem;
pub(super) mod read;
mod record;
pub(super) mod regex;
mod relation;
mod remarks;
mod rule;
mod strength;
mod widened;

pub use address::{Address, Family, Range};
pub(super) use admits::{Answer, Origin, Visitor, answer, local_rule};
pub(super) use anchors::is_anchored;
pub use locate::PathMapper;
pub use rule::{AuthOption, ConnectionType, NameItem, Names, OptionValue, Rule, WrittenAddress};
pub use strength::Compared;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cover::{Left, Step, analyse};
use fields::read_rule;
use problem::{Area, Problem, shown};
use read::{Entry, Line, Reader, Reading};
use remarks::{comma_remark, named_map, remarks};

use crate::model::bounds::{MOST_ACCESS_LINES, MOST_PROBLEMS, Tally};
use crate::model::{Cuts, HbaDecision, Record, RecordSet, Why};
use crate::text::{Files, SourceId, Span};

/// A rule that no file holds: what an image appends when it creates the database.
#[derive(Clone, Debug)]
pub struct ImageRule {
    /// As it would be written: `host all all all scram-sha-256`.
    pub text: String,
    /// The place that brings it about, such as the `image:` value.
    pub span: Option<Span>,
}

/// What is needed to assemble the access rules of a server.
#[derive(Clone, Copy)]
pub struct HbaInput<'a> {
    /// Where files are read.
    pub files: &'a Files,
    /// Display path of pg_hba.conf; `None` when there are only rules of an image.
    pub path: Option<&'a str>,
    /// Major release that reads it.
    pub major: u32,
    /// Whether TLS is on, as far as that is known.
    pub ssl: Option<bool>,
    /// Finds absolute paths that the file names.
    pub resolve: PathMapper<'a>,
    /// Names of the maps of pg_ident.conf, when all of it was seen.
    pub ident_maps: Option<&'a BTreeSet<String>>,
    /// Rules that the image appends after those of the file.
    pub image_rules: &'a [ImageRule],
}

/// The access rules of a server, as one release reads them.
#[derive(Debug, Default)]
pub struct HbaView {
    /// Records of kind `hba`, in the order in which the server tries them.
    pub records: RecordSet,
    /// Records of kind `problem`; one that is fatal keeps the server from starting. Every release that reads alike has a share.
    pub problems: Vec<Arc<Record>>,
    /// The rules behind the records, in the same order.
    pub rules: Vec<Rule>,
    /// Which rule decides for each kind of client.
    pub who_can_connect: Vec<HbaDecision>,
    /// Maps that rules name, with the first place of each.
    pub maps_used: BTreeMap<String, Span>,
    /// Display paths of all files that were opened.
    pub paths: Vec<String>,
    /// Why something may be missing.
    pub incomplete: Option<Why>,
    /// Bounds that were met.
    pub cuts: Cuts,
    /// Display paths of files that are included, and were not read for one.
    pub left_out: BTreeSet<String>,
}

/// The first of the releases that read an access file alike: between them, neither grammar nor checks nor messages changed.
#[must_use]
pub const fn generation(major: u32) -> u32 {
    match major {
        13 => 12,
        15 => 14,
        17 => 16,
        other => other,
    }
}

/// Reads the access rules as the server of one release would.
#[must_use]
pub fn assemble(input: &HbaInput<'_>) -> HbaView {
    assemble_at(input, None)
}

/// The same for a file that the server sees at another path than the one at hand, as one that is mounted into a
/// container: what it includes is then looked for beside `server_path`, through [`HbaInput::resolve`].
#[must_use]
pub fn assemble_at(input: &HbaInput<'_>, server_path: Option<&str>) -> HbaView {
    let mut assembly = Assembly::new(input.major);
    let reader = || Reader::new(input.files, input.major, input.resolve, Area::Hba);
    if let Some(path) = input.path {
        let reader = reader();
        let reader = if let Some(server_path) = server_path { reader.seen_as(path, server_path) } else { reader };
        let reading = reader.read(path);
        let start = input.files.read(path).ok().map(|source| source.span(0, 0));
        assembly.take(reading);
        if let (Some(start), true) = (start, input.image_rules.is_empty()) {
            assembly.report_no_entries(start);
        }
    }
    for image in input.image_rules {
        let before = assembly.view.rules.len();
        let reading = reader().read_text(&image.text);
        assembly.take(Reading { paths: Vec::new(), problems: Vec::new(), ..reading });
        let added = assembly.view.rules.get_mut(before..).unwrap_or_default();
        added.iter_mut().for_each(|rule| relocate(rule, image.span));
    }
    assembly.finish(input)
}

/// The same for rules that stand in a list of another file, such as Patroni's, each at its place there.
#[must_use]
pub fn assemble_listed(input: &HbaInput<'_>, lines: &[ImageRule]) -> HbaView {
    let mut assembly = Assembly::new(input.major);
    for (number, line) in lines.iter().enumerate() {
        let span = line.span.unwrap_or(NOWHERE);
        if number >= MOST_ACCESS_LINES {
            assembly.view.cuts.add("lines", span, || read::TOO_MANY.to_owned());
            assembly.order.push(Met::Unseen(Why::new(read::TOO_MANY), span));
            assembly.view.incomplete.get_or_insert_with(|| Why::new(read::TOO_MANY));
            break;
        }
        let (rules, problems, met) = (assembly.view.rules.len(), assembly.view.problems.len(), assembly.order.len());
        let reading = Reader::new(input.files, input.major, input.resolve, Area::Hba).read_text(&line.text);
        let before = std::mem::take(&mut assembly.view.cuts);
        assembly.take(Reading { paths: Vec::new(), ..reading });
        // Of a line that stands in no text of its own, every place is that of its entry.
        let bounds = std::mem::replace(&mut assembly.view.cuts, before);
        assembly.view.cuts.extend(bounds.moved_to(span));
        for rule in assembly.view.rules.get_mut(rules..).unwrap_or_default() {
            relocate(rule, line.span);
            rule.image_default = false;
        }
        for problem in assembly.view.problems.get_mut(problems..).unwrap_or_default() {
            Arc::make_mut(problem).move_to(span);
        }
        for met in assembly.order.get_mut(met..).unwrap_or_default() {
            if let Met::Unseen(_, at) = met {
                *at = span;
            }
        }
    }
    assembly.finish(input)
}

/// The place of what stands in no text.
const NOWHERE: Span = Span { source: SourceId::detached(), start: 0, end: 0 };

/// One thing that the server meets: a rule by its index, or lines that could not be seen.
enum Met {
    Rule(usize),
    Unseen(Why, Span),
}

struct Assembly {
    view: HbaView,
    order: Vec<Met>,
    /// Problems reported so far: a file that is included twice has its problems once.
    seen: BTreeSet<(Span, &'static str)>,
    major: u32,
    tally: Tally,
}

impl Assembly {
    fn new(major: u32) -> Self {
        Self { view: HbaView::default(), order: Vec::new(), seen: BTreeSet::new(), major, tally: Tally::default() }
    }

    fn take(&mut self, reading: Reading) {
        // The reading bounds its own; of a list in another file, each line is a reading.
        if self.view.problems.len() < 20 * MOST_PROBLEMS {
            self.view.problems.extend(reading.problems.into_iter().map(Arc::new));
        }
        self.view.cuts.extend(reading.cuts);
        self.view.left_out.extend(reading.left_out);
        self.view.paths.extend(reading.paths);
        self.view.incomplete = self.view.incomplete.take().or(reading.incomplete);
        for entry in reading.entries {
            match entry {
                Entry::Unseen(why, span) => self.order.push(Met::Unseen(why, span)),
                Entry::Line(line) => self.line(&line),
            }
        }
    }

    fn line(&mut self, line: &Line) {
        // A type, or an option, that an unread file holds: nothing can be said about the line.
        let unseen = line
            .fields
            .iter()
            .enumerate()
            .filter(|(at, _)| !matches!(at, 1 | 2))
            .find_map(|(_, field)| field.words.iter().find_map(|word| word.unseen.clone()));
        if let Some(why) = unseen {
            self.view.incomplete.get_or_insert_with(|| why.clone());
            self.order.push(Met::Unseen(why, line.span));
            return;
        }
        match read_rule(line, self.major) {
            // A word of an `@file` stands elsewhere: the line that names it belongs to the story.
            Err(problem) if problem.span.source != line.span.source => {
                self.report(problem.related(line.span, "this line names the file"), &line.key(Area::Hba))
            }
            Err(problem) => self.report(explained(problem, line), &line.key(Area::Hba)),
            Ok(rule) => {
                let remarks = remarks(line, &rule, self.major);
                if !remarks.is_empty() {
                    let key = rule.key();
                    remarks.into_iter().for_each(|remark| self.report(remark, &key));
                }
                self.order.push(Met::Rule(self.view.rules.len()));
                self.view.rules.push(rule);
            }
        }
    }

    fn report(&mut self, problem: Problem, key: &str) {
        let new = problem.span.source == SourceId::detached() || self.seen.insert((problem.span, problem.code));
        if new && self.tally.count(problem.code, Some(problem.span), &mut self.view.cuts) {
            self.view.problems.push(Arc::new(problem.into_record(Area::Hba, key)));
        }
    }

    /// A file without a single rule keeps the server from starting.
    fn report_no_entries(&mut self, start: Span) {
        let failed = self.view.problems.iter().any(|problem| problem.truth("fatal") == Some(true));
        if self.order.is_empty() && !failed && self.view.incomplete.is_none() {
            let message = "The file holds no rule, and the server does not start with such a file.";
            self.report(Problem::error("no-entries", start, message).expected("at least one rule"), "hba");
        }
    }

    fn finish(mut self, input: &HbaInput<'_>) -> HbaView {
        self.check_maps(input.ident_maps);
        let mut view = self.view;
        let unseen_names = view.rules.iter().find_map(|rule| rule.databases.unseen.clone().or_else(|| rule.users.unseen.clone()));
        let steps: Vec<Step<'_>> = self
            .order
            .iter()
            .filter_map(|met| match met {
                Met::Rule(index) => view.rules.get(*index).map(Step::Rule),
                Met::Unseen(why, span) => Some(Step::Unseen(why, *span)),
            })
            .collect();
        let left: Vec<Left> = analyse(&steps, input.ssl);
        view.who_can_connect = connect::who_can_connect(&steps, input.ssl);
        let rows = record::records(&view.rules, &left, &asymmetry::uneven(&steps, input.ssl), input.ssl);
        view.incomplete = view.incomplete.or(unseen_names);
        let incomplete = self.order.iter().find_map(|met| match met {
            Met::Unseen(why, _) => Some(why.clone()),
            Met::Rule(_) => None,
        });
        view.records = RecordSet { rows, incomplete };
        view
    }

    fn check_maps(&mut self, known: Option<&BTreeSet<String>>) {
        let named: Vec<(String, Span, String)> =
            self.view.rules.iter().filter_map(|rule| named_map(rule).map(|(name, span)| (name.to_owned(), span, rule.key()))).collect();
        for (name, span, key) in named {
            if known.is_some_and(|known| !known.contains(&name)) {
                let message = format!("No line of pg_ident.conf has the map `{}`, so nobody can log in by this line.", shown(&name));
                self.report(
                    Problem::remark("map-missing", span, message).name(&name).found(&name).expected("a map of pg_ident.conf"),
                    &key,
                );
            }
            self.view.maps_used.entry(name).or_insert(span);
        }
    }
}

/// Some errors are only the consequence of a slip before them, which is what to report.
fn explained(problem: Problem, line: &Line) -> Problem {
    if let Some(span) = line.loose_backslash {
        let message = format!(
            "The backslash does not continue the line: it must be the very last character, and before PostgreSQL 14 there is no continuation. So: {}",
            problem.message
        );
        return Problem { code: "broken-continuation", span, message, ..problem };
    }
    match comma_remark(line) {
        Some(comma) => {
            Problem { code: comma.code, span: comma.span, message: format!("{} So: {}", comma.message, problem.message), ..problem }
        }
        None => problem,
    }
}

/// Gives a rule that stands in no file the place that brings it about.
fn relocate(rule: &mut Rule, span: Option<Span>) {
    let span = span.unwrap_or(NOWHERE);
    rule.span = span;
    rule.kind_span = span;
    rule.databases.span = span;
    rule.users.span = span;
    rule.method_span = span;
    rule.image_default = true;
    if let Some(address) = &mut rule.address {
        address.span = span;
    }
    rule.options.iter_mut().for_each(|option| option.span = span);
}
