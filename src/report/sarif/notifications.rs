//! What is no result: files that could not be read, findings without a place, results left out.

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, Notification, PhysicalLocation, ReportingDescriptor,
    ReportingDescriptorReference,
};

use super::results::{level, uri, without_links};
use crate::model::{Finding, InputStatus};
use crate::report::Report;

const UNREADABLE: (&str, &str) = ("unreadable-input", "A path could not be read, so that nothing is known of what it says.");
const WITHOUT_PLACE: (&str, &str) = ("finding-without-place", "A running server says so and no file explains it.");
const LEFT_OUT: (&str, &str) = ("results-left-out", "More results than a code-scanning service takes; the lightest are left out.");

/// The kinds of notification.
pub(super) fn descriptors() -> Vec<ReportingDescriptor> {
    let descriptor = |(id, text): (&str, &str)| {
        // GitHub asks for all three texts.
        let text = MultiformatMessageString::builder().text(text).build();
        ReportingDescriptor::builder().id(id).short_description(text.clone()).full_description(text.clone()).help(text).build()
    };
    [UNREADABLE, WITHOUT_PLACE, LEFT_OUT].into_iter().map(descriptor).collect()
}

pub(super) fn of(report: &Report, unplaced: &[&Finding], cut: usize) -> Vec<Notification> {
    let mut list: Vec<Notification> = Vec::new();
    let unreadable: Vec<_> = report.inputs.iter().filter(|input| input.status == InputStatus::Unreadable).collect();
    for input in &unreadable {
        let reason = input.reason.as_deref().unwrap_or("it could not be read");
        let mut one = notification(UNREADABLE, if input.needed { "error" } else { "warning" }, format!("{}: {reason}", input.path));
        let place = PhysicalLocation::builder().artifact_location(ArtifactLocation::builder().uri(uri(&input.path)).build()).build();
        one.locations = Some(vec![Location::builder().physical_location(place).build()]);
        list.push(one);
    }
    let named = |text: &&String| !unreadable.iter().any(|input| text.contains(&input.path));
    list.extend(report.incomplete.iter().filter(named).map(|text| notification(UNREADABLE, "error", text.clone())));
    for finding in unplaced {
        let text = format!("[{}] {}: {} {}", finding.rule, finding.subject.id, finding.message, finding.help);
        let mut one = notification(WITHOUT_PLACE, "note", text.trim().to_owned());
        one.level = Some(json!(level(finding.severity)));
        list.push(one);
    }
    if cut > 0 {
        list.push(notification(
            LEFT_OUT,
            "warning",
            format!("{cut} results of the lowest severities are left out; the JSON report has them."),
        ));
    }
    list
}

fn notification(kind: (&str, &str), level: &str, text: String) -> Notification {
    Notification::builder()
        .descriptor(ReportingDescriptorReference::builder().id(kind.0).build())
        .level(json!(level))
        .message(Message::builder().text(without_links(&text)).build())
        .build()
}
