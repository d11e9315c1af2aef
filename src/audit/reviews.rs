//! What people say about files that no program understood: whether it counts, and what rests on it.

use std::sync::Arc;

use crate::config::{Config, Criticality, Reviewed};
use crate::model::{Date, Relied, Review, Reviews, Touch};
use crate::text::{Files, ReadError};

/// Days that a review counts.
const REVIEW_DAYS: i64 = 180;

/// The reviews of gonogo.toml, each held against the file that it is about.
pub(super) fn stated(config: &Config, criticality: Option<&str>, files: &Files, now: Date) -> Arc<Reviews> {
    let stated = criticality.and_then(|word| word.parse().ok()).or(config.profile.criticality.as_ref().map(|at| at.value));
    let needs_two = stated == Some(Criticality::High);
    let review = |reviewed: &Reviewed| {
        let path = config.resolve(&reviewed.path.value, files);
        Review {
            source: files.read(&path).ok().map(|source| source.id()),
            refused: refused(reviewed, &path, files, now, needs_two),
            changes: reviewed.changes.clone(),
            told: format!("{} on {}", reviewed.by, reviewed.on),
            span: reviewed.span,
            path,
        }
    };
    Reviews::of(config.reviewed.iter().map(review).collect())
}

/// Why a review does not count.
fn refused(reviewed: &Reviewed, path: &str, files: &Files, now: Date, needs_two: bool) -> Option<String> {
    let until = reviewed.on.after(REVIEW_DAYS);
    let alone = reviewed.reviewed_by.as_ref().is_none_or(|second| *second == reviewed.by);
    match files.digest(path) {
        Err(error @ ReadError::Missing) => Some(error.to_string()),
        Err(error) => Some(format!("it cannot be compared with what was read: {error}")),
        Ok(digest) if digest.sha256 != reviewed.sha256.value => {
            Some(format!("the file has changed since it was read; its sha256 is now {}", digest.sha256))
        }
        Ok(_) if until < now => Some(format!("expired since {until}: it was read on {}", reviewed.on)),
        Ok(_) if needs_two && alone => {
            Some("in this profile somebody else must have read it too (reviewed_by, another than by)".to_owned())
        }
        Ok(_) => None,
    }
}

/// What rests on reviews; `servers` gives the servers that a workload concerns, by the file that describes it and its name.
pub(super) fn relied(reviews: &Reviews, servers: impl Fn(&str, &str) -> Vec<String>) -> Vec<Relied> {
    let relied = reviews.used().into_iter().map(|(path, name, review, touch)| Relied {
        instances: servers(&path, &name),
        touch,
        path: review.path.clone(),
        source: review.source,
        told: format!("{} was read by {}", review.path, review.told),
    });
    let waived = reviews.waived().into_iter().map(|(path, name, reason)| Relied {
        instances: servers(&path, &name),
        touch: Touch::Reach,
        path: String::new(),
        source: None,
        told: format!("gonogo.toml says which services pass clients on ({reason})"),
    });
    relied.chain(waived).collect()
}
