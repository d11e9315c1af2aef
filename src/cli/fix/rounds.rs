//! Fixing in rounds: make the edits in memory, judge again, and go on until nothing is offered.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use crate::cli::arguments::FixOptions;
use crate::cli::failure::Failure;
use crate::cli::request::prepare;
use crate::cli::selection::Selection;
use crate::fix::{Draft, choose};
use crate::model::{Applicability, Finding, InputStatus, Severity};
use crate::report::{Mode, Report};
use crate::text::Files;

/// Rounds after which whatever is still offered stays: two rules that undo each other must not go on for ever.
const MOST_ROUNDS: usize = 12;

/// A finding that an edit remedied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fixed {
    pub path: String,
    pub line: u32,
    pub rule: String,
}

/// What a finding is about: rule, path, logical place.
type About = (String, String, String);

/// Fixing, as far as it got.
pub(super) struct Rounds<'o> {
    options: &'o FixOptions,
    selection: Selection<'o>,
    /// The files as they are.
    pub on_disk: Arc<Files>,
    /// What is judged now, the drafts in the place of their files.
    pub report: Report,
    /// Files that change, by path.
    pub drafts: BTreeMap<String, Draft>,
    /// What was remedied.
    pub fixed: Vec<Fixed>,
    /// Fixes after which something worse was found, or the same again.
    pub refused: BTreeSet<About>,
}

/// What came of a round.
enum Step {
    Nothing,
    Done,
    Refused(BTreeSet<About>),
}

impl<'o> Rounds<'o> {
    /// Judges the files as they are.
    pub(super) fn new(options: &'o FixOptions, err: &mut dyn Write) -> Result<Self, Failure> {
        let report = audit(options, &BTreeMap::new(), err)?;
        let selection = Selection::new(&options.select, &options.ignore, Arc::clone(&report.rules))?;
        Ok(Self {
            options,
            selection,
            on_disk: Arc::clone(&report.files),
            report,
            drafts: BTreeMap::new(),
            fixed: Vec::new(),
            refused: BTreeSet::new(),
        })
    }

    /// Makes the edits that are offered, and those that are offered then.
    pub(super) fn run(&mut self) -> Result<(), Failure> {
        for _ in 0..MOST_ROUNDS {
            match self.round(None)? {
                Step::Nothing => break,
                Step::Done => {}
                Step::Refused(about) => self.one_by_one(about)?,
            }
        }
        self.fixed.sort();
        Ok(())
    }

    /// Which of several rules made it worse, only one after the other can tell. What does not help now may do so when
    /// another edit was made: of two equal lines, the first can only go after the second.
    fn one_by_one(&mut self, about: BTreeSet<About>) -> Result<(), Failure> {
        let rules: BTreeSet<String> = about.into_iter().map(|(rule, ..)| rule).collect();
        let mut refused = BTreeSet::new();
        let mut done = false;
        for rule in &rules {
            match self.round(Some(rule))? {
                Step::Refused(about) => refused.extend(about),
                Step::Done => done = true,
                Step::Nothing => {}
            }
        }
        self.refused = if done { BTreeSet::new() } else { &self.refused | &refused };
        Ok(())
    }

    /// Findings that count here: neither suppressed nor deselected.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(|finding| finding.suppressed.is_none() && self.selection.admits(finding))
    }

    /// Whether a fix of a finding was tried, and made nothing better.
    pub(super) fn was_refused(&self, finding: &Finding) -> bool {
        self.refused.contains(&about(finding, &self.report))
    }

    fn takes(&self, finding: &Finding) -> bool {
        let wanted = finding.fix.as_ref().is_some_and(|fix| match fix.applicability {
            Applicability::Safe => true,
            Applicability::Unsafe => self.options.with_unsafe,
            Applicability::Display => false,
        });
        wanted && !self.was_refused(finding) && self.is_ours(finding)
    }

    /// Whether every edit is of a file below a PATH. A file of `--env-file` alone may be read and not written.
    fn is_ours(&self, finding: &Finding) -> bool {
        let path = |edit: &crate::model::Edit| self.report.files.source(edit.span.source).map(|source| source.path().to_owned());
        let is_lent = |path: &String| self.options.input.env_file.iter().any(|file| file.ends_with(path));
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        edits.into_iter().all(|edit| path(edit).is_some_and(|path| !is_lent(&path)))
    }

    /// One round, over all rules or over one.
    fn round(&mut self, only: Option<&str>) -> Result<Step, Failure> {
        let wanted = self.findings().filter(|finding| only.is_none_or(|rule| finding.rule == rule) && self.takes(finding));
        let chosen = choose(wanted);
        if chosen.findings.is_empty() {
            return Ok(Step::Nothing);
        }
        let mut drafts = self.drafts.clone();
        for id in chosen.sources() {
            let Some(source) = self.report.files.source(id) else { continue };
            let draft = drafts.entry(source.path().to_owned()).or_insert_with(|| Draft::of(source));
            draft.edit(&chosen.edits_of(id));
        }
        let after = audit(self.options, &drafts, &mut std::io::sink())?;
        if !is_better(&self.report, &after, &chosen.findings) {
            return Ok(Step::Refused(chosen.findings.iter().map(|finding| about(finding, &self.report)).collect()));
        }
        let fixed: Vec<Fixed> = chosen.findings.iter().map(|finding| fixed(finding, &self.report)).collect();
        self.fixed.extend(fixed);
        (self.drafts, self.report) = (drafts, after);
        Ok(Step::Done)
    }
}

/// Judges what was named, with drafts in the place of their files.
fn audit(options: &FixOptions, drafts: &BTreeMap<String, Draft>, err: &mut dyn Write) -> Result<Report, Failure> {
    let mut prepared = prepare(&options.input, Mode::Lint, err)?;
    prepared.request.offers_fixes = true;
    for (path, draft) in drafts {
        prepared.files.add_text(path, &draft.text());
    }
    Ok(crate::audit::run(prepared.files, &prepared.named, prepared.request, &prepared.checklist))
}

/// Whether what was to be fixed is, every text can be read as well as before, and nothing worse was found instead.
fn is_better(before: &Report, after: &Report, fixed: &[&Finding]) -> bool {
    // Of several, nobody knows which one brought a new finding: it must not weigh more than the lightest.
    let lightest = fixed.iter().map(|finding| finding.severity).min().unwrap_or(Severity::Info);
    let unread = |report: &Report| report.inputs.iter().filter(|input| input.status != InputStatus::Parsed).count();
    let (known, now) = (count(before), count(after));
    let none = (0, Severity::Info);
    let worse = now.iter().any(|(about, (number, heaviest))| {
        let (before, known) = known.get(about).unwrap_or(&none);
        *heaviest > lightest && (number > before || heaviest > known)
    });
    let mut wanted: BTreeMap<Counted, usize> = BTreeMap::new();
    for finding in fixed {
        let (rule, path, _) = about(finding, before);
        *wanted.entry((rule, path)).or_default() += 1;
    }
    let number = |of: &BTreeMap<Counted, (usize, Severity)>, about: &Counted| of.get(about).map_or(0, |(number, _)| *number);
    let gone = wanted.iter().all(|(about, count)| number(&now, about) + count <= number(&known, about));
    gone && !worse && unread(after) <= unread(before) && after.incomplete.len() <= before.incomplete.len()
}

/// Rule and path: the logical place may be named by the very words that an edit changes.
type Counted = (String, String);

/// How many findings a rule has in a file, and the weight of the heaviest.
fn count(report: &Report) -> BTreeMap<Counted, (usize, Severity)> {
    let mut counted: BTreeMap<Counted, (usize, Severity)> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let (rule, path, _) = about(finding, report);
        let (number, severity) = counted.entry((rule, path)).or_insert((0, finding.severity));
        *number += 1;
        *severity = finding.severity.max(*severity);
    }
    counted
}

fn about(finding: &Finding, report: &Report) -> About {
    let path = finding.primary.as_ref().and_then(|label| report.files.source(label.span.source));
    (finding.rule.to_string(), path.map(|source| source.path().to_owned()).unwrap_or_default(), finding.key.clone())
}

/// A finding with its line.
pub(super) fn fixed(finding: &Finding, report: &Report) -> Fixed {
    let place = finding.primary.as_ref().and_then(|label| Some((report.files.source(label.span.source)?, label.span)));
    let (path, line) = place.map_or_else(Default::default, |(source, span)| (source.path().to_owned(), source.location(span.start).line));
    Fixed { path, line, rule: finding.rule.to_string() }
}
