//! `gonogo audit` and `gonogo lint`.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::arguments::{AuditOptions, FailOn, InputOptions, LintOptions, OutputOptions};
use super::exit;
use super::failure::Failure;
use super::request::{Prepared, outputs, prepare};
use super::selection::Selection;
use crate::audit::Request;
use crate::exceptions::Baseline;
use crate::model::{Input, Severity};
use crate::report::{Format, Mode, RenderOptions, Report, Shown, render};
use crate::verdict::scorecard::Decision;

/// Findings, checklist, verdict.
pub(super) fn audit(options: &AuditOptions, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    let wanted = outputs(&options.output)?;
    let mut prepared = prepare(&options.input, Mode::Audit)?;
    prepared.request.criticality.clone_from(&options.criticality);
    prepared.request.size.clone_from(&options.size);
    shows(&mut prepared.request, &wanted);
    let mut report = run(prepared, &options.input, &options.output, err)?;
    let mut code = audit_code(&report, options);
    if code == exit::GOOD && options.output.strict && could_not_read(&report) {
        code = exit::INCOMPLETE;
    }
    write(&mut report, &wanted, &options.output, code, out)?;
    // The process ends here: the system takes the memory back at once, and piece by piece it would take a while.
    std::mem::forget(report);
    Ok(code)
}

/// Findings only.
pub(super) fn lint(options: &LintOptions, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    let wanted = outputs(&options.output)?;
    let mut prepared = prepare(&options.input, Mode::Lint)?;
    shows(&mut prepared.request, &wanted);
    let mut report = run(prepared, &options.input, &options.output, err)?;
    let mut code = lint_code(&report, options);
    if code == exit::GOOD && options.output.strict && could_not_read(&report) {
        code = exit::INCOMPLETE;
    }
    write(&mut report, &wanted, &options.output, code, out)?;
    // The process ends here: the system takes the memory back at once, and piece by piece it would take a while.
    std::mem::forget(report);
    Ok(code)
}

/// What takes time to say is said only where a report shows it.
fn shows(request: &mut Request, wanted: &[(Format, Option<PathBuf>)]) {
    request.lists_outcomes = wanted.iter().any(|(format, _)| matches!(format, Format::Json | Format::Junit));
    request.offers_fixes = wanted.iter().any(|(format, _)| matches!(format, Format::Json | Format::Sarif));
}

fn run(mut prepared: Prepared, input: &InputOptions, output: &OutputOptions, err: &mut dyn Write) -> Result<Report, Failure> {
    prepared.request.baseline = baseline(output)?;
    let start = Instant::now();
    let report = crate::audit::run(prepared.files, &prepared.named, prepared.request, &prepared.checklist);
    if output.timing {
        let inputs = report.inputs.len();
        writeln!(
            err,
            "{inputs} inputs, {} outcomes, {} findings in {:.1?}",
            report.outcomes.len(),
            report.findings.len(),
            start.elapsed()
        )?;
    }
    if report.inputs.is_empty() {
        let where_to = if input.paths.is_empty() {
            ".".to_owned()
        } else {
            input.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
        };
        return Err(Failure::Nothing(format!(
            "nothing to audit in {where_to}: no compose file, no postgresql.conf, no pg_hba.conf and none of the other files that gonogo reads\n\
             next: name a file or a directory that holds one, or say what a file is with --as KIND"
        )));
    }
    if let Some(path) = &output.write_baseline {
        let text = Baseline::of(&report.findings, &report.files).to_json().map_err(|error| Failure::Usage(error.to_string()))?;
        fs::write(path, text).map_err(|error| Failure::Usage(format!("--write-baseline {}: {}", path.display(), error.kind())))?;
    }
    Ok(report)
}

fn baseline(output: &OutputOptions) -> Result<Option<Baseline>, Failure> {
    let Some(path) = &output.baseline else { return Ok(None) };
    let failed = |what: String| Failure::Usage(format!("--baseline {}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failed(error.kind().to_string()))?;
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

fn lint_code(report: &Report, options: &LintOptions) -> u8 {
    let from = options.fail_on.unwrap_or(FailOn::From(Severity::Medium));
    let selection = Selection::new(&options.output.select, &options.output.ignore, Arc::clone(&report.rules));
    let fails = |severity: Severity| matches!(from, FailOn::From(least) if severity >= least);
    let mut counted = report.findings.iter().filter(|finding| finding.suppressed.is_none() && selection.admits(finding));
    if counted.any(|finding| fails(finding.severity)) {
        exit::NO_GO
    } else if !report.incomplete.is_empty() {
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

fn write(
    report: &mut Report,
    wanted: &[(Format, Option<PathBuf>)],
    output: &OutputOptions,
    code: u8,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let selection = Selection::new(&output.select, &output.ignore, Arc::clone(&report.rules));
    report.findings.retain(|finding| selection.admits(finding));
    let shown = Shown { min_severity: output.min_severity, suppressed: output.no_ignores };
    for (format, file) in wanted {
        let colour = file.is_none() && *format == Format::Terminal;
        let options = RenderOptions { colour, width: width(), exit_code: i32::from(code) };
        let text = render(report, *format, shown, options).map_err(|error| Failure::Usage(error.to_string()))?;
        match file {
            Some(path) => {
                fs::write(path, text).map_err(|error| Failure::Usage(format!("--format {format}={}: {}", path.display(), error.kind())))?;
            }
            None => out.write_all(text.as_bytes())?,
        }
    }
    out.flush()?;
    Ok(())
}

/// Columns to fill: those of the terminal, as far as lines stay readable.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
    if std::io::stdout().is_terminal() { columns.unwrap_or(100).clamp(60, 120) } else { 100 }
}
