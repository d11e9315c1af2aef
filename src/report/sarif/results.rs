//! Results, with their places, fingerprints and fixes.

use std::collections::BTreeMap;

use serde_json::json;

use super::bag;
use super::model::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Location, Message, PhysicalLocation, PropertyBag, Region, Replacement,
    ReportingDescriptor, ResultObject, Suppression,
};
use super::rules::descriptor;
use super::words::{level, without_links};
use crate::model::{Applicability, Finding, Severity, SuppressionKind};
use crate::report::Report;
use crate::report::line_hash::{BLOCK, line_hashes};
use crate::report::place::Place;
use crate::report::selection::still_counts;
use crate::text::path::on_disk;
use crate::text::{Files, Source, SourceId, Span};

/// Most related places of a result; a service shows few.
const MOST_RELATED: usize = 10;

/// Results and the rules that they name, in the order of their index.
pub(super) struct Results {
    pub(super) rules: Vec<ReportingDescriptor>,
    pub(super) results: Vec<ResultObject>,
}

impl Results {
    pub(super) fn of(report: &Report, findings: &[&Finding]) -> Self {
        let mut weights: BTreeMap<&str, Severity> = BTreeMap::new();
        for finding in findings {
            let weight = weights.entry(&finding.rule).or_insert(finding.severity);
            *weight = (*weight).max(finding.severity);
        }
        let indexes: BTreeMap<&str, i64> = weights.keys().copied().zip(0..).collect();
        let mut hashes = LineHashes::default();
        let results = findings.iter().filter_map(|finding| result(report, finding, &indexes, &mut hashes)).collect();
        let rules = weights.iter().map(|(id, weight)| descriptor(report, id, *weight, findings)).collect();
        Self { rules, results }
    }
}

const fn rank(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Info => 5.0,
    }
}

fn result(report: &Report, finding: &Finding, indexes: &BTreeMap<&str, i64>, hashes: &mut LineHashes) -> Option<ResultObject> {
    let files = &report.files;
    let primary = finding.primary.as_ref()?;
    let place = Place::in_project(files, primary.span)?;
    let related = related(finding, files);
    let mut fingerprints = BTreeMap::from([("gonogoFingerprint/v1", finding.fingerprint.clone())]);
    if let Some(hash) = hashes.of(files, primary.span) {
        fingerprints.insert("primaryLocationLineHash", hash);
    }
    Some(ResultObject {
        rule_id: finding.rule.to_string(),
        rule_index: indexes.get(&*finding.rule).copied()?,
        kind: "fail",
        level: level(finding.severity),
        rank: rank(finding.severity),
        message: Message { text: message(finding, &related) },
        locations: [Location { id: None, message: None, physical_location: physical(&place) }],
        partial_fingerprints: fingerprints,
        properties: properties(finding),
        related_locations: related,
        fixes: fixes(finding, files),
        // What a comment ignores counts in the verdict all the same: there it is not a suppressed result.
        suppressions: if still_counts(report, finding) { None } else { suppressions(finding) },
    })
}

/// What is wrong and what to do, then links to the related places: services show these only so.
fn message(finding: &Finding, related: &[Location]) -> String {
    let mut text = without_links(format!("{} {}", finding.message, finding.help).trim());
    let links: Vec<String> = related
        .iter()
        .filter_map(|location| {
            let label = location.message.as_ref().map_or("here", |message| message.text.as_str());
            Some(format!("[{}]({})", label.replace(['[', ']', '\\'], ""), location.id?))
        })
        .collect();
    if !links.is_empty() {
        text.push_str(&format!(" See: {}.", links.join(", ")));
    }
    text
}

fn related(finding: &Finding, files: &Files) -> Vec<Location> {
    let placed = finding.related.iter().filter_map(|label| Some((Place::in_project(files, label.span)?, &label.message)));
    placed
        .take(MOST_RELATED)
        .zip(1_i64..)
        .map(|((place, message), id)| {
            let text = if message.is_empty() { place.to_string() } else { without_links(message) };
            Location { id: Some(id), message: Some(Message { text }), physical_location: physical(&place) }
        })
        .collect()
}

pub(super) fn physical(place: &Place) -> PhysicalLocation {
    PhysicalLocation { artifact_location: ArtifactLocation::in_project(uri(&place.path)), region: Some(region(place)) }
}

fn region(place: &Place) -> Region {
    Region { start_line: place.line, start_column: place.column, end_line: place.end_line, end_column: place.end_column }
}

fn properties(finding: &Finding) -> PropertyBag {
    bag([
        ("severity", json!(finding.severity.word())),
        ("pillar", json!(finding.pillar.word())),
        ("certainty", json!(finding.certainty.word())),
        ("depends_on", json!(finding.depends_on)),
        ("origin", json!(finding.origin.word())),
        ("subject", json!({"kind": finding.subject.kind.word(), "id": *finding.subject.id})),
        ("instances", json!(*finding.instances)),
        ("items", json!(finding.items)),
        ("found", json!(finding.found)),
        ("expected", json!(finding.expected)),
    ])
}

fn fixes(finding: &Finding, files: &Files) -> Option<[Fix; 1]> {
    let fix = finding.fix.as_ref().filter(|fix| fix.applicability != Applicability::Display)?;
    let mut changes: BTreeMap<String, Vec<Replacement>> = BTreeMap::new();
    for edit in &fix.edits {
        let place = Place::in_project(files, edit.span)?;
        let inserted_content = ArtifactContent { text: edit.replacement.clone() };
        let replacement = Replacement { deleted_region: region(&place), inserted_content };
        changes.entry(place.path).or_default().push(replacement);
    }
    let change = |(path, replacements): (String, Vec<Replacement>)| ArtifactChange {
        artifact_location: ArtifactLocation::in_project(uri(&path)),
        replacements,
    };
    let artifact_changes: Vec<ArtifactChange> = changes.into_iter().map(change).collect();
    let caution = if fix.applicability == Applicability::Safe { "" } else { " Review this change." };
    let description = Message { text: format!("{}{caution}", finding.help) };
    (!artifact_changes.is_empty()).then_some([Fix { artifact_changes, description }])
}

fn suppressions(finding: &Finding) -> Option<[Suppression; 1]> {
    let by = finding.suppressed.as_ref()?;
    let kind = if by.kind == SuppressionKind::Comment { "inSource" } else { "external" };
    Some([Suppression { kind, status: "accepted", justification: by.reason.clone() }])
}

/// A display path as a relative URI. A colon is encoded, too: the first segment must not read as a scheme.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for &byte in on_disk(path).as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The line hashes of the files that results point into, computed once per file, and which lines have
/// one, looked up once per line.
#[derive(Default)]
struct LineHashes {
    of_source: BTreeMap<SourceId, Vec<String>>,
    near_secret: BTreeMap<(SourceId, u32), bool>,
}

impl LineHashes {
    /// The hash of the line that a span begins on.
    ///
    /// The hash can be turned back into the text that it covers, so lines that have a secret within
    /// reach go without; the upload action of GitHub, which has the file, adds theirs.
    fn of(&mut self, files: &Files, span: Span) -> Option<String> {
        let source = files.source(span.source)?;
        let line = source.location(span.start).line;
        if *self.near_secret.entry((span.source, line)).or_insert_with(|| secret_within_reach(&source, line)) {
            return None;
        }
        let hashes = self.of_source.entry(span.source).or_insert_with(|| line_hashes(source.text()));
        hashes.get((line as usize).saturating_sub(1)).cloned()
    }
}

fn secret_within_reach(source: &Source, first: u32) -> bool {
    let mut covered = 0;
    let mut line = first;
    while covered < BLOCK && line <= source.line_count() {
        let text = source.text().get(source.line_range(line)).unwrap_or_default();
        if source.excerpt_of_line(line, source.span(0, 0)).text != text {
            return true;
        }
        covered += text.chars().filter(|sign| !matches!(sign, ' ' | '\t')).count() + 1;
        line += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("db/my conf#1.yaml"), "db/my%20conf%231.yaml");
        assert_eq!(uri("C:é.conf"), "C%3A%C3%A9.conf");
        assert_eq!(uri("caf\\xE9.conf"), "caf%E9.conf");
    }

    #[test]
    fn a_text_makes_no_link() {
        assert_eq!(without_links("see [here](http://x)"), "see \\[here\\](http://x)");
        assert_eq!(without_links("a[1] (b)"), "a[1] (b)");
    }

    #[test]
    fn a_line_before_a_secret_has_no_hash() {
        let mut text = "ssl = off\nrequirepass hunter2\n".to_owned();
        text.push_str(&"# comment that is long enough to fill the window of the hash\n".repeat(3));
        let files = Files::in_memory([("redis.conf", text)]);
        let source = files.read("redis.conf").unwrap();
        let mut hashes = LineHashes::default();
        assert_eq!(hashes.of(&files, source.span(0, 3)), None);
        let after = source.text().find('#').unwrap();
        assert!(hashes.of(&files, source.span(after, after + 1)).is_some());
    }
}
