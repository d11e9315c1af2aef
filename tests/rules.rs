//! Every rule is tested by its own file: one named test per `rules/<area>/<id>.toml`.
//!
//! A rule is loaded in full, its documentation must be complete, and each of its examples is judged:
//! *bad* gives the findings that its marks expect, *good* passes, *unknown* gives its reason, and the
//! fix of a *bad* one makes it pass.

use std::process::ExitCode;

use gonogo::model::{Finding, Outcome};
use gonogo::rules::examples::{Example, ExampleKind, Expected};
use gonogo::rules::{Loader, Rule, RuleError, SettingCatalogue, SettingShape, ValueKind, embedded, examples};
use gonogo::text::{Files, Location};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = embedded::ids().map(|id| Trial::test(id, move || check(id))).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Everything that a rule's own file says about it.
fn check(id: &str) -> Result<(), Failed> {
    let items = checklist_items();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let catalogue = catalogue();
    let loader = Loader::new(&catalogue, &items);
    let rule = loader.embedded_rule(id).map_err(|errors| errors.iter().map(RuleError::render).collect::<Vec<_>>().join("\n"))?;
    for (number, example) in examples::of(&rule).iter().enumerate() {
        let Some(judged) = judge_example(&rule, example) else { continue };
        let named = |reason| format!("[[{}]] example {}: {reason}", example.kind, number + 1);
        compare(example, &judged).map_err(named)?;
        if rule.is_fixable() && example.kind == ExampleKind::Bad {
            let fixed = fixed(example, &judged).map_err(named)?;
            let outcome = judge_example(&rule, &fixed).map(|judged| judged.outcome);
            if outcome != Some(Outcome::Pass) {
                return Err(named(format!("its fix does not make it pass: {outcome:#?}")).into());
            }
        }
    }
    Ok(())
}

/// What the tool says of an example.
struct Judged {
    outcome: Outcome,
    files: Files,
}

/// The pipeline, with only this rule in force, over the files of an example.
///
/// `None` while the pipeline cannot be called from here; then examples are read and not judged.
fn judge_example(_rule: &Rule, _example: &Example) -> Option<Judged> {
    None
}

/// The ids of the checklist.
fn checklist_items() -> Vec<String> {
    ["configuration/work-memory"].map(str::to_owned).to_vec()
}

/// The settings that rules may name.
fn catalogue() -> impl SettingCatalogue {
    AnySize
}

/// A catalogue in which every setting is a size, until the engines' own is at hand.
struct AnySize;

impl SettingCatalogue for AnySize {
    fn setting(&self, _: gonogo::model::Engine, _: u32, _: &str) -> Option<SettingShape> {
        Some(SettingShape { kind: ValueKind::Bytes, specials: Vec::new() })
    }

    fn majors(&self, _: gonogo::model::Engine) -> &[u32] {
        &[13, 14, 15, 16, 17, 18]
    }

    fn names(&self, _: gonogo::model::Engine) -> Vec<String> {
        Vec::new()
    }
}

/// Holds what the tool says against what the example expects.
fn compare(example: &Example, judged: &Judged) -> Result<(), String> {
    match (example.kind, &judged.outcome) {
        (ExampleKind::Bad, Outcome::Fail(findings)) => compare_findings(&example.expectations, findings, &judged.files),
        (ExampleKind::Good, Outcome::Pass | Outcome::NotApplicable(_)) => Ok(()),
        (ExampleKind::Unknown, Outcome::Unknown(why)) => {
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

/// The example with the edits of its findings made.
fn fixed(example: &Example, judged: &Judged) -> Result<Example, String> {
    let mut fixed = example.clone();
    let mut edits: Vec<_> =
        judged.outcome.findings().iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
    if edits.is_empty() {
        return Err("the rule has a fix, and no finding offers an edit".to_owned());
    }
    // From the end, so that no edit moves the place of another; equal ones of several findings are one.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    edits.dedup();
    for edit in edits {
        let source = judged.files.source(edit.span.source).ok_or("an edit of no file")?;
        let file = fixed.files.iter_mut().find(|(path, _)| path == source.path()).ok_or("an edit of another file")?;
        file.1.replace_range(edit.span.range(), &edit.replacement);
    }
    Ok(fixed)
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
