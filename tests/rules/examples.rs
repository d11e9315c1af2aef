//! Every rule is tested by its own file: one named test per `rules/<area>/<id>.toml`.
//!
//! A rule is loaded in full, its documentation must be complete, and each of its examples is judged:
//! *bad* gives the findings that its marks expect, *good* passes, *unknown* gives its reason, and the
//! fix of a *bad* one makes it pass.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gonogo::audit::{self, Named, Request};
use gonogo::config::{Config, parse_bytes};
use gonogo::engines;
use gonogo::model::{Edit, Finding, HostFacts, InputStatus, Outcome, parse_date};
use gonogo::report::Mode;
use gonogo::rules::examples::{Example, ExampleKind, Expected};
use gonogo::rules::{Known, Loader, Rule, RuleError, RuleSet, checks, examples, shipped};
use gonogo::text::{Files, Location};
use gonogo::verdict::checklist::Checklist;
use libtest_mimic::{Failed, Trial};

/// One test for each rule, under its id.
pub(crate) fn trials() -> impl Iterator<Item = Trial> {
    shipped::ids().map(|id| Trial::test(id, move || check(id)))
}

/// Everything that a rule's own file says about it.
fn check(id: &str) -> Result<(), Failed> {
    let checklist = Checklist::embedded()?;
    let rule = RuleSet::shipped().get(id).cloned().ok_or("the rule cannot be read back")?;
    is_as_written(&rule, &checklist)?;
    let examples = if is_judged_by_exceptions(id) { Vec::new() } else { examples::of(&rule) };
    let mut fixes = 0;
    for (number, example) in examples.iter().enumerate() {
        let named = |reason| format!("[[{}]] example {}: {reason}", example.kind, number + 1);
        let judged = judge_example(&rule, example, &checklist).map_err(named)?;
        compare(example, &judged).map_err(named)?;
        if rule.is_fixable() && example.kind == ExampleKind::Bad {
            fixes += check_fix(&rule, example, &judged, &checklist).map_err(named)?;
        }
    }
    if rule.is_fixable() && fixes == 0 {
        return Err("the rule has a fix, and no bad example offers an edit".into());
    }
    Ok(())
}

/// Whether the rule of the program is what its file says, in full and as far as one is read whose thresholds are changed.
fn is_as_written(rule: &Rule, checklist: &Checklist) -> Result<(), Failed> {
    let items = checklist.item_ids();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let ids: Vec<&str> = shipped::ids().collect();
    let loader = Loader::new(Known { catalogue: &engines::ALL, items: &items, natives: checks::NAMES, rules: &ids });
    let text = shipped::text(&rule.id).ok_or("the rule has no text")?;
    for written in [loader.shipped_in_full(&rule.id, text), loader.shipped(&rule.id, text)] {
        let written = written.map_err(|errors| errors.iter().map(RuleError::render).collect::<Vec<_>>().join("\n"))?;
        let same = written.head == rule.head && written.logic == rule.logic && written.benchmarks == rule.benchmarks;
        if !same || *written.docs != *rule.docs || !rule.shipped {
            return Err("the rule of the program is not what its file says".into());
        }
    }
    Ok(())
}

/// Rules about exceptions are judged after all others; `tests/cli/exceptions.rs` has their examples.
fn is_judged_by_exceptions(id: &str) -> bool {
    gonogo::exceptions::DEAD_RULES.contains(&id)
}

/// What the tool says of an example.
pub(crate) struct Judged {
    pub(crate) outcome: Outcome,
    files: Files,
}

/// The pipeline, with only this rule in force, over the files of an example.
pub(crate) fn judge_example(rule: &Rule, example: &Example, checklist: &Checklist) -> Result<Judged, String> {
    let mut tree = example.tree.as_deref().map(texts_below).unwrap_or_default();
    tree.extend(example.files.iter().cloned());
    let mut files = Files::in_memory(tree);
    for (path, mode) in &example.modes {
        files.set_permissions(path, *mode);
    }
    let given = &example.given;
    let set: RuleSet = std::iter::once(rule.clone()).collect();
    let now = parse_date(given.now.as_deref().unwrap_or("2026-11-20"))?;
    let mut request = Request::plain(Mode::Lint, now, Arc::new(set));
    if let Ok(source) = files.read("gonogo.toml") {
        request.config = Config::read(&source, &files, now).map_err(|errors| format!("its gonogo.toml: {errors:?}"))?;
    }
    request.engine_versions = given.version_of(given.version.as_deref())?;
    request.target_versions = given.version_of(given.target.as_deref())?;
    request.deployment = given.deployment.as_deref().map(str::parse).transpose()?;
    request.host = HostFacts {
        memory: given.memory.as_deref().map(parse_bytes).transpose()?.map(|bytes| (bytes, None)),
        cpus: given.cpus.map(|cpus| (cpus, None)),
        storage: given.storage.as_deref().map(str::parse).transpose()?,
        workload: given.workload.as_deref().map(str::parse).transpose()?,
    };
    let report = audit::run(files, &Named::default(), request, checklist);
    let unread: Vec<_> = report.inputs.iter().filter(|input| input.status == InputStatus::Skipped).collect();
    if !unread.is_empty() {
        return Err(format!("not every file was recognised: {unread:?}"));
    }
    let outcome = joined(report.outcomes.iter().filter(|of| *of.rule == *rule.id).map(|of| &of.outcome));
    let files = Arc::into_inner(report.files).ok_or("the files are still in use")?;
    Ok(Judged { outcome, files })
}

/// The texts of a folder of the repository, which an example lays its own files over.
fn texts_below(folder: &str) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let text = |entry: std::fs::DirEntry| Some((entry.file_name().into_string().ok()?, std::fs::read_to_string(entry.path()).ok()?));
    entries.filter_map(|entry| text(entry.unwrap())).collect()
}

/// One outcome over all subjects of an example: what fails anywhere fails.
fn joined<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Outcome {
    let mut joined = Outcome::NotApplicable("no subject of the example is of its kind".to_owned());
    for outcome in outcomes {
        joined = match (joined, outcome) {
            (Outcome::Fail(mut all), Outcome::Fail(more)) => {
                all.extend(more.iter().cloned());
                Outcome::Fail(all)
            }
            (fail @ Outcome::Fail(_), _) => fail,
            (_, fail @ Outcome::Fail(_)) => fail.clone(),
            (Outcome::Unknown(why, mut all), Outcome::Unknown(_, more)) => {
                all.extend(more.iter().cloned());
                Outcome::Unknown(why, all)
            }
            (unknown @ Outcome::Unknown(..), _) => unknown,
            (_, unknown @ Outcome::Unknown(..)) => unknown.clone(),
            (Outcome::Pass, _) => Outcome::Pass,
            (_, other) => other.clone(),
        };
    }
    joined
}

/// Holds what the tool says against what the example expects.
fn compare(example: &Example, judged: &Judged) -> Result<(), String> {
    match (example.kind, &judged.outcome) {
        (ExampleKind::Bad, Outcome::Fail(findings)) => compare_findings(&example.expectations, findings, &judged.files),
        (ExampleKind::Good, Outcome::Pass | Outcome::NotApplicable(_)) => Ok(()),
        (ExampleKind::Suspected, Outcome::Unknown(_, suspicions)) => compare_findings(&example.expectations, suspicions, &judged.files),
        (ExampleKind::Unknown, Outcome::Unknown(_, suspicions)) if !suspicions.is_empty() => {
            Err(format!("something is suspected, so that it is a [[suspected]] example:\n{}", shown(suspicions, &judged.files)))
        }
        (ExampleKind::Unknown, Outcome::Unknown(why, _)) => {
            let needs = why.needs.as_deref().unwrap_or_default();
            let wrong = example.expectations.iter().find(|expected| !expected.says(&why.reason, needs));
            wrong.map_or(Ok(()), |expected| Err(format!("expected the reason {:?}, found {why:?}", expected.text)))
        }
        (kind, outcome) => Err(format!("a {kind} example came out as {}: {outcome:#?}", outcome.word())),
    }
}

/// Every expectation has its finding, and every finding its expectation.
fn compare_findings(expectations: &[Expected], findings: &[Finding], files: &Files) -> Result<(), String> {
    let mut left: Vec<&Finding> = findings.iter().collect();
    for expected in expectations {
        let at = left.iter().position(|finding| {
            let (path, start, end) = place(finding, files);
            expected.describes(finding, path.as_deref(), start, end)
        });
        match at {
            Some(at) => _ = left.remove(at),
            None => return Err(format!("expected {expected:?}; found\n{}", shown(findings, files))),
        }
    }
    if left.is_empty() { Ok(()) } else { Err(format!("nothing expects\n{}", shown(left, files))) }
}

/// The findings that offer an edit are gone when it is made, those that offer none are still there, and every file
/// still reads and is otherwise as it was. Answers how many edits were made.
fn check_fix(rule: &Rule, example: &Example, judged: &Judged, checklist: &Checklist) -> Result<usize, String> {
    let offers = |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| !fix.edits.is_empty());
    let (offering, left): (Vec<&Finding>, Vec<&Finding>) = judged.outcome.findings().iter().partition(offers);
    let (fixed, made) = fixed(example, judged, &offering)?;
    if made == 0 {
        return Ok(0);
    }
    let after = judge_example(rule, &fixed, checklist)?.outcome;
    let same = |finding: &Finding| left.iter().any(|known| known.key == finding.key && known.message == finding.message);
    if after.findings().len() != left.len() || !after.findings().iter().all(same) {
        return Err(format!("its fix does not make it pass: {after:#?}\n{:#?}", fixed.files));
    }
    if left.is_empty() && !matches!(after, Outcome::Pass | Outcome::NotApplicable(_)) {
        return Err(format!("its fix leaves it undecided: {after:#?}"));
    }
    Ok(made)
}

/// The example with the edits of findings made, and how many there were.
fn fixed(example: &Example, judged: &Judged, offering: &[&Finding]) -> Result<(Example, usize), String> {
    let mut fixed = example.clone();
    let mut made = 0;
    let chosen = gonogo::fix::choose(offering.iter().copied());
    for id in chosen.sources() {
        let source = judged.files.source(id).ok_or("an edit of no file")?;
        let edits = chosen.edits_of(id);
        let mut draft = gonogo::fix::Draft::of(Arc::clone(&source));
        draft.edit(&edits);
        let file = fixed.files.iter_mut().find(|(path, _)| path == source.path()).ok_or("an edit of another file")?;
        only_the_edits(source.text(), &draft.text(), &edits)?;
        file.1 = draft.text();
        made += edits.len();
    }
    Ok((fixed, made))
}

/// Lines that no edit touches stay byte by byte, and the text ends in a line end as it did before.
fn only_the_edits(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    let mut expected = before.to_owned();
    for edit in edits.iter().rev() {
        expected.replace_range(edit.span.range(), &edit.replacement);
    }
    let touches_end = |edit: &Edit| edit.span.end as usize == before.len() && edit.replacement.is_empty();
    let same_end = before.ends_with('\n') == after.ends_with('\n') || after.is_empty() || edits.iter().any(touches_end);
    if expected == after && same_end { Ok(()) } else { Err(format!("more changed than the edits say:\n{before}\n---\n{after}")) }
}

fn place(finding: &Finding, files: &Files) -> (Option<String>, Option<Location>, Option<Location>) {
    let found = finding.primary.as_ref().and_then(|label| Some((files.source(label.span.source)?, label.span)));
    let Some((source, span)) = found else {
        return (None, None, None);
    };
    (Some(source.path().to_owned()), Some(source.location(span.start)), Some(source.location(span.end)))
}

fn shown<'f>(findings: impl IntoIterator<Item = &'f Finding>, files: &Files) -> String {
    let line = |finding: &Finding| {
        let (path, start, end) = place(finding, files);
        format!("  {path:?} {start:?} to {end:?}: {}", finding.message)
    };
    findings.into_iter().map(line).collect::<Vec<_>>().join("\n")
}
