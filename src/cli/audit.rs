//! `gonogo audit` and `gonogo lint`.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Instant;

use super::arguments::{AuditOptions, FailOn, InputOptions, LintOptions, OutputOptions};
use super::exit;
use super::failure::Failure;
use super::outputs::{self, Content, Outputs, Wanted};
use super::request::{Prepared, prepare};
use super::selection::Selection;
use super::streams::Guarded;
use crate::audit::{Kinds, Request};
use crate::deployments;
use crate::engines;
use crate::exceptions::Baseline;
use crate::model::{Finding, Input, Severity};
use crate::report::{Format, Mode, RenderOptions, Report, Shown, render};
use crate::text::{Output, path, read_given};
use crate::verdict::scorecard::Decision;

/// Most bytes that are read of a baseline: some 200,000 findings.
const MOST_BASELINE: u64 = 64 * 1024 * 1024;

/// Findings, checklist, verdict.
pub(super) fn audit(options: &AuditOptions, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    let wanted = Outputs::of(&options.output, &options.input.paths)?;
    let mut prepared = prepare(&options.input, Mode::Audit, err)?;
    let selection = Selection::new(&options.output.select, &options.output.ignore, Arc::clone(&prepared.request.rules))?;
    prepared.request.criticality.clone_from(&options.criticality);
    prepared.request.size.clone_from(&options.size);
    shows(&mut prepared.request, &wanted, &options.output);
    let mut report = run(prepared, &options.input, &options.output, err)?;
    let code = audit_code(&report, options);
    let code = strictly(code, &report, &options.output, err)?;
    let code = write(&mut report, &wanted, &options.output, &selection, code, out, err)?;
    // The process ends here: the system takes the memory back at once, and piece by piece it would take a while.
    std::mem::forget(report);
    Ok(code)
}

/// Findings only.
pub(super) fn lint(options: &LintOptions, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    let wanted = Outputs::of(&options.output, &options.input.paths)?;
    let mut prepared = prepare(&options.input, Mode::Lint, err)?;
    let selection = Selection::new(&options.output.select, &options.output.ignore, Arc::clone(&prepared.request.rules))?;
    shows(&mut prepared.request, &wanted, &options.output);
    let mut report = run(prepared, &options.input, &options.output, err)?;
    let code = match lint_code(&report, options, &selection) {
        // What was found is in the baseline now.
        exit::NO_GO if options.output.write_baseline.is_some() => without_findings(&report),
        code => code,
    };
    let code = strictly(code, &report, &options.output, err)?;
    let code = write(&mut report, &wanted, &options.output, &selection, code, out, err)?;
    // The process ends here: the system takes the memory back at once, and piece by piece it would take a while.
    std::mem::forget(report);
    Ok(code)
}

/// With `--strict`, what could not be read or decided is no good end.
fn strictly(code: u8, report: &Report, output: &OutputOptions, err: &mut dyn Write) -> Result<u8, Failure> {
    if code != exit::GOOD || !output.strict {
        return Ok(code);
    }
    let open = report.undecided.weighty_on_named(&report.inputs, &report.scorecard.instances);
    if let Some(first) = open.first() {
        let more = if open.len() > 1 { format!(" and {} more", open.len() - 1) } else { String::new() };
        let (rule, subject) = (&first.rule, path::shown(std::path::Path::new(&*first.subject.id)));
        writeln!(err, "--strict: checks of severity high or critical could not be decided: {rule} of {subject}{more}")?;
        return Ok(exit::INCOMPLETE);
    }
    Ok(if could_not_read(report) { exit::INCOMPLETE } else { code })
}

/// What takes time to say is said only where a report shows it.
fn shows(request: &mut Request, wanted: &Outputs, output: &OutputOptions) {
    request.lists_outcomes = wanted.has(&[Format::Json, Format::Junit]);
    request.offers_fixes = wanted.has(&[Format::Json, Format::Sarif]);
    request.says_fingerprints = output.write_baseline.is_some() || wanted.has(&[Format::Json, Format::Sarif, Format::Gitlab]);
}

fn run(mut prepared: Prepared, input: &InputOptions, output: &OutputOptions, err: &mut dyn Write) -> Result<Report, Failure> {
    prepared.request.baseline = baseline(output)?;
    let start = Instant::now();
    let report = crate::audit::run(prepared.files, &prepared.named, prepared.request, &prepared.checklist);
    if output.timing {
        let inputs = report.inputs.len();
        writeln!(
            err,
            "{inputs} inputs, {} files opened, {} rules asked, {} outcomes, {} findings in {:.1?}",
            report.work.files_opened,
            report.work.rules_asked,
            report.work.outcomes,
            report.findings.len(),
            start.elapsed()
        )?;
    }
    if report.inputs.is_empty() {
        let where_to = if input.paths.is_empty() {
            ".".to_owned()
        } else {
            input.paths.iter().map(|path| path::shown(path)).collect::<Vec<_>>().join(", ")
        };
        return Err(Failure::Nothing(format!(
            "nothing to audit in {where_to}: no file of a kind that gonogo reads ({})\n\
             next: name a file or a directory that holds one, or say what a file is with --as KIND",
            Kinds::of(deployments::ALL, engines::ALL).names().join(", ")
        )));
    }
    Ok(report)
}

fn baseline(output: &OutputOptions) -> Result<Option<Baseline>, Failure> {
    let Some(path) = &output.baseline else { return Ok(None) };
    let next = "name the file that --write-baseline wrote";
    let failed = |what: String| Failure::Usage(format!("--baseline {}: {what}\nnext: {next}", path::shown(path)));
    let text = read_given(path, MOST_BASELINE).map_err(|error| failed(error.to_string()))?;
    Baseline::parse(&text).map(Some).map_err(|error| failed(error.to_string()))
}

fn audit_code(report: &Report, options: &AuditOptions) -> u8 {
    let decision = report.scorecard.verdict.as_ref().map_or(Decision::NotEvaluated, |verdict| verdict.decision);
    let immature = options.min_maturity.is_some_and(|least| {
        let levels = report.scorecard.instances.iter().filter(|card| card.votes.is_ok()).filter_map(|card| card.maturity.as_ref());
        levels.map(|maturity| maturity.level).min().unwrap_or(0) < least
    });
    match decision {
        Decision::NoGo => exit::NO_GO,
        _ if immature => exit::NO_GO,
        _ if !report.incomplete.is_empty() => exit::INCOMPLETE,
        Decision::NotEvaluated => exit::NOTHING,
        Decision::GoWithReservations if options.output.strict => exit::NO_GO,
        Decision::GoWithReservations | Decision::Go => exit::GOOD,
    }
}

fn lint_code(report: &Report, options: &LintOptions, selection: &Selection<'_>) -> u8 {
    let from = options.fail_on.unwrap_or(FailOn::From(Severity::Medium));
    let of_suspicions = options.output.fail_on_suspected.unwrap_or(FailOn::From(Severity::High));
    let reaches = |finding: &Finding, from: FailOn| matches!(from, FailOn::From(least) if finding.severity >= least);
    let fails = |finding: &Finding| reaches(finding, from) && (!finding.is_suspected() || reaches(finding, of_suspicions));
    let left_out = |finding: &Finding| options.output.certain && finding.is_suspected();
    let mut counted =
        report.findings.iter().filter(|finding| finding.suppressed.is_none() && selection.admits(finding) && !left_out(finding));
    if counted.any(fails) { exit::NO_GO } else { without_findings(report) }
}

/// The exit code of `lint` where no finding counts.
fn without_findings(report: &Report) -> u8 {
    if !report.incomplete.is_empty() {
        exit::INCOMPLETE
    } else if report.inputs.iter().any(Input::was_read) {
        exit::GOOD
    } else if could_not_read(report) {
        exit::INCOMPLETE
    } else {
        exit::NOTHING
    }
}

fn could_not_read(report: &Report) -> bool {
    report.inputs.iter().any(|input| input.status == crate::model::InputStatus::Unreadable)
}

/// Writes every output; the exit code may become that of what could not be written.
fn write(
    report: &mut Report,
    wanted: &Outputs,
    output: &OutputOptions,
    selection: &Selection<'_>,
    code: u8,
    out: &mut Guarded<'_>,
    err: &mut Guarded<'_>,
) -> Result<u8, Failure> {
    // A baseline holds what was found, whatever is shown of it.
    let baseline = if output.write_baseline.is_some() { outputs::baseline(report) } else { Baseline::default() };
    let baseline_text = baseline.to_json().map_err(|error| Failure::Usage(error.to_string()))?;
    report.findings.retain(|finding| selection.admits(finding) && !(output.certain && finding.is_suspected()));
    let shown = Shown { min_severity: output.min_severity, suppressed: output.no_ignores, full: output.full };
    let report = &*report;
    let text = |wanted: &Wanted| match wanted.content {
        Content::Baseline => Ok(baseline_text.clone()),
        Content::Report(format) => {
            let colour = wanted.output == Output::Standard && format == Format::Terminal;
            let options = RenderOptions { colour, width: width(), exit_code: i32::from(code) };
            render(report, format, shown, options).map_err(|error| Failure::Usage(error.to_string()))
        }
    };
    let code = wanted.write(&report.files, code, &text, out, err)?;
    if let Some(path) = output.write_baseline.as_ref().filter(|_| code != exit::USAGE) {
        let (count, findings) = (baseline.count(), if baseline.count() == 1 { "finding" } else { "findings" });
        writeln!(err, "wrote {count} {findings} to {}; --baseline {} hides them", path::shown(path), path::shown(path))?;
    }
    Ok(code)
}

/// Columns to fill: those of the terminal, as far as lines stay readable.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
    if std::io::stdout().is_terminal() { columns.unwrap_or(100).clamp(60, 120) } else { 100 }
}
