//! What is no result: files that could not be read, findings without a place, results left out.

use super::model::{
    ArtifactLocation, Level, Location, Message, MultiformatMessageString, Notification, PhysicalLocation, ReportingDescriptor,
    ReportingDescriptorReference,
};
use super::results::uri;
use super::words::{level, without_links};
use crate::model::{Finding, InputStatus};
use crate::report::Report;

const UNREADABLE: (&str, &str) = ("unreadable-input", "A path could not be read, so that nothing is known of what it says.");
const WITHOUT_PLACE: (&str, &str) = ("finding-without-place", "A running server says so and no file explains it.");
const UNDECIDED: (&str, &str) = ("undecided", "Checks that could not be decided, with the reason and what would let them be.");
const LEFT_OUT: (&str, &str) = ("results-left-out", "More results than a code-scanning service takes; the lightest are left out.");

/// Most causes of undecided checks that are told.
const MOST_CAUSES: usize = 20;

/// The kinds of notification.
pub(super) fn descriptors() -> Vec<ReportingDescriptor> {
    let descriptor = |(id, text): (&str, &str)| {
        // GitHub asks for all three texts.
        let text = MultiformatMessageString::plain(text);
        ReportingDescriptor {
            id: id.to_owned(),
            short_description: text.clone(),
            full_description: text.clone(),
            help: text,
            help_uri: None,
            default_configuration: None,
            properties: None,
        }
    };
    [UNREADABLE, WITHOUT_PLACE, UNDECIDED, LEFT_OUT].into_iter().map(descriptor).collect()
}

pub(super) fn of(report: &Report, unplaced: &[&Finding], cut: usize) -> Vec<Notification> {
    let mut list: Vec<Notification> = Vec::new();
    let unreadable: Vec<_> = report.inputs.iter().filter(|input| input.status == InputStatus::Unreadable).collect();
    for input in &unreadable {
        let reason = input.reason.as_deref().unwrap_or("it could not be read");
        let mut one =
            notification(UNREADABLE, if input.needed { Level::Error } else { Level::Warning }, format!("{}: {reason}", input.path));
        let place =
            PhysicalLocation { artifact_location: ArtifactLocation::in_project(uri(&report.files.in_project(&input.path))), region: None };
        one.locations = Some([Location { id: None, message: None, physical_location: place }]);
        list.push(one);
    }
    let named = |text: &&String| !unreadable.iter().any(|input| text.contains(&input.path));
    list.extend(report.incomplete.iter().filter(named).map(|text| notification(UNREADABLE, Level::Error, text.clone())));
    for finding in unplaced {
        let text = format!("[{}] {}: {} {}", finding.rule, finding.subject.id, finding.message, finding.help);
        list.push(notification(WITHOUT_PLACE, level(finding.severity), text.trim().to_owned()));
    }
    for (why, count) in report.undecided.causes().take(MOST_CAUSES) {
        let checks = if count == 1 { "1 check" } else { &format!("{count} checks") };
        let next = why.needs.as_deref().map(|needs| format!("; {needs}")).unwrap_or_default();
        list.push(notification(UNDECIDED, Level::Note, format!("{checks} could not be decided: {}{next}", why.reason)));
    }
    if cut > 0 {
        list.push(notification(
            LEFT_OUT,
            Level::Warning,
            format!("{cut} results of the lowest severities are left out; the JSON report has them."),
        ));
    }
    list
}

fn notification(kind: (&'static str, &str), level: Level, text: String) -> Notification {
    Notification {
        descriptor: ReportingDescriptorReference { id: kind.0 },
        level,
        locations: None,
        message: Message { text: without_links(&text) },
    }
}
