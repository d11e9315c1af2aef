//! Files that were not understood and that a person may answer for with a `[[reviewed]]` of gonogo.toml.

use crate::model::{Placement, Touch};
use crate::text::Files;

/// What a program that starts a server may change about it.
pub(super) const SIDES: [Touch; 4] = [Touch::Settings, Touch::Roles, Touch::Access, Touch::Reach];

/// Whether a person says that a file, which was not understood, leaves all these sides of a server as they are.
#[must_use]
pub fn is_answered(placement: &Placement, path: &str, touches: &[Touch]) -> bool {
    // Each is asked: what rests on the review is noted.
    let workload = (placement.path.as_str(), placement.name.as_str());
    touches.iter().filter(|touch| !placement.reviews.answer(workload, path, **touch)).count() == 0
}

/// What to do about a file that was not understood, where nobody has read it yet or what is stated does not count.
#[must_use]
pub fn how_to_answer(placement: &Placement, path: &str, files: &Files) -> Option<String> {
    let sha256 = files.digest(path).ok()?.sha256;
    let path_there = files.in_project(path);
    placement.reviews.leave_open(&path_there, &sha256);
    let lines = format!("[[reviewed]] with path = \"{path_there}\", sha256 = \"{sha256}\", changes = [\"nothing\"], by and on");
    Some(match placement.reviews.refusal(path) {
        Some(refusal) => format!("have {path} read again: {refusal}"),
        None => format!("have somebody read {path}, and add to gonogo.toml what it changes: {lines}"),
    })
}
