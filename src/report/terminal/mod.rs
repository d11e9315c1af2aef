//! The report for people in a terminal: what was not read, findings, checklist, and the verdict last,
//! where the eye ends up.

mod findings;
mod folded;
mod line;
pub(super) mod page;
mod scorecard;
mod snippet;
mod verdict;

use std::collections::BTreeMap;

use super::plain::{count, plain};
use super::selection::Counts;
use super::{Mode, RenderOptions, Report, Shown};
use crate::model::{Input, InputStatus};
use page::{BOLD, DIM, Page};

/// Most remarks about inputs that are listed.
const MOST_REMARKS: usize = 10;
/// The same where each is one line among those of findings.
const MOST_LINES: usize = 3;

pub(super) fn render(report: &Report, shown: Shown, options: RenderOptions) -> String {
    let mut page = Page::new(options);
    inputs(&mut page, report, report.mode == Mode::Audit || shown.full);
    findings::write(&mut page, report, shown);
    match report.mode {
        Mode::Lint => {
            summary(&mut page, report);
            if !shown.full && !report.findings.is_empty() {
                page.line("--full shows the lines and what to do; `gonogo explain RULE` says why.");
            }
        }
        Mode::Audit => {
            scorecard::write(&mut page, report);
            summary(&mut page, report);
            verdict::write(&mut page, report);
        }
    }
    page.finish()
}

/// What could not be read, or only in part.
fn inputs(page: &mut Page, report: &Report, with_heading: bool) {
    let mut remarks: Vec<String> = report.inputs.iter().flat_map(input_remarks).collect();
    // What is listed by its own status is not said again as what is missing.
    let unread = |input: &&Input| input.status != InputStatus::Parsed;
    let listed = |text: &str| {
        report.inputs.iter().filter(unread).any(|input| text.strip_prefix(&input.path).is_some_and(|rest| rest.starts_with(": ")))
    };
    let named = |text: &&String| !listed(text);
    remarks.extend(report.incomplete.iter().filter(named).map(|text| plain(text)));
    remarks.extend(skipped(report));
    if remarks.is_empty() {
        return;
    }
    let unread = !report.incomplete.is_empty() || report.inputs.iter().any(|input| input.status != InputStatus::Parsed);
    let title = if unread { "Not looked at" } else { "Of the files" };
    if !with_heading {
        remarks_in_lines(page, title, &remarks);
        return;
    }
    page.heading(title);
    for remark in remarks.iter().take(MOST_REMARKS) {
        page.wrapped("  ", "    ", remark);
    }
    if remarks.len() > MOST_REMARKS {
        page.line(&format!("  + {} more; --format json lists all inputs", remarks.len() - MOST_REMARKS));
    }
    page.blank();
}

/// One line each, as findings are.
fn remarks_in_lines(page: &mut Page, title: &str, remarks: &[String]) {
    for remark in remarks.iter().take(MOST_LINES) {
        page.line(&format!("{title}: {remark}"));
    }
    if remarks.len() > MOST_LINES {
        page.line(&format!("{title}: {} more; --full lists them", remarks.len() - MOST_LINES));
    }
}

fn input_remarks(input: &Input) -> Vec<String> {
    let word = match input.status {
        InputStatus::Unreadable => Some("could not be read"),
        InputStatus::Partial => Some("read in part"),
        InputStatus::Skipped | InputStatus::Parsed => None,
    };
    let status = word.map(|word| {
        let reason = input.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        plain(&format!("{}: {word}{reason}", input.path))
    });
    status.into_iter().chain(input.notes.iter().map(|note| plain(&format!("{}: {note}", input.path)))).collect()
}

/// What was recognised and left, one line per reason.
fn skipped(report: &Report) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for input in report.inputs.iter().filter(|input| input.status == InputStatus::Skipped) {
        by_reason.entry(input.reason.as_deref().unwrap_or("not read")).or_default().push(plain(&input.path));
    }
    by_reason.iter().map(|(reason, paths)| format!("skipped, {}: {}", plain(reason), first_few(paths))).collect()
}

/// The first names of a list, and how many more there are.
fn first_few(names: &[String]) -> String {
    let (first, rest) = names.split_at(names.len().min(4));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    format!("{}{more}", first.join(", "))
}

/// One line on what was found, and in what.
fn summary(page: &mut Page, report: &Report) {
    let counts = Counts::of(report);
    if counts.files == 0 && counts.instances == 0 {
        let other = count(report.unrecognised + report.inputs.len(), "file", "files");
        page.wrapped("", "", &format!("Nothing to look at: {other} met, none that gonogo could read. Name one on the command line."));
        return;
    }
    let where_from = format!("in {}{}", count(counts.files, "file", "files"), instances(report));
    let hidden =
        if counts.suppressed > 0 { format!("; {} suppressed (--no-ignores shows them)", counts.suppressed) } else { String::new() };
    let found = counts.by_severity();
    if found.is_empty() {
        page.wrapped("", "", &format!("Nothing found {where_from}{hidden}. Looked at: {}.", looked_at(report)));
    } else {
        let text = format!("Found {found} {where_from}{hidden}.");
        page.wrapped("", "", &text);
    }
    if let Some(text) = unread_databases(report) {
        page.wrapped("", "", &text);
    }
    if let Some(gone) = report.gone.filter(|gone| *gone > 0) {
        let findings = count(gone, "finding", "findings");
        page.wrapped("", "", &format!("Of the baseline, {findings} no longer occur; --write-baseline FILE writes a new one."));
    }
    if let Some((title, causes)) = report.undecided.lines() {
        page.wrapped("", "", &title);
        causes.iter().for_each(|cause| page.wrapped("  ", "    ", &plain(cause)));
    }
}

fn instances(report: &Report) -> String {
    match report.scorecard.instances.as_slice() {
        // A database that is recognised is one, whatever is read of it.
        [] if !report.unread_databases.is_empty() => String::new(),
        [] => " of no database instance".to_owned(),
        [one] => {
            let version = one.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            format!(" of one instance ({}{version} `{}`)", one.engine.name(), plain(&one.id))
        }
        several => format!(" of {} instances", several.len()),
    }
}

/// Which databases were judged by how they are run alone.
fn unread_databases(report: &Report) -> Option<String> {
    let names: Vec<String> = report.unread_databases.iter().map(|name| plain(name)).collect();
    let own = match names.len() {
        0 => return None,
        1 => "its",
        _ => "their",
    };
    let names = first_few(&names);
    Some(format!("Recognised, and judged only by how it is run: {names}. This version of gonogo does not read {own} configuration yet."))
}

/// The first files that were read, by name.
fn looked_at(report: &Report) -> String {
    let read = |input: &&Input| matches!(input.status, InputStatus::Parsed | InputStatus::Partial);
    let paths: Vec<String> = report.inputs.iter().filter(read).map(|input| plain(&input.path)).collect();
    first_few(&paths)
}

/// A label in bold and what belongs to it.
fn labelled(page: &Page, label: &str, text: &str) -> String {
    format!("{} {text}", page.paint(BOLD, label))
}

/// Text that steps back.
fn aside(page: &Page, text: &str) -> String {
    page.paint(DIM, text)
}
