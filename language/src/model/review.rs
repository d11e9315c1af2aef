//! Files and scripts that no program understood and that a person read instead.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::words::words;
use crate::text::{SourceId, Span};

words! {
    /// What a file may change about a server.
    Touch {
        /// Its settings.
        Settings = "settings",
        /// Its roles, and what they may do.
        Roles = "roles",
        /// Who is let in, and how.
        Access = "access",
        /// What is backed up, and whether a failure is noticed.
        Backup = "backup",
        /// From where it can be reached.
        Reach = "reach",
    }
}

/// What a person says about a file after reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Display path of the file.
    pub path: String,
    /// Its text, where it is one that was read.
    pub source: Option<SourceId>,
    /// What it changes, as the person found.
    pub changes: Vec<Touch>,
    /// Who read it, and when: `DBA on call on 2026-11-02`.
    pub told: String,
    /// Why it does not count.
    pub refused: Option<String>,
    /// Where it is stated.
    pub span: Span,
}

/// A review that something rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relied {
    /// The servers that it concerns.
    pub instances: Vec<String>,
    /// What the file could have changed.
    pub touch: Touch,
    /// Display path of the file; empty where nothing but a statement of gonogo.toml is relied on.
    pub path: String,
    /// Its text.
    pub source: Option<SourceId>,
    /// What is relied on, as the rest of a sentence.
    pub told: String,
}

/// A workload: the file that describes it, and its name.
type Workload<'w> = (&'w str, &'w str);

/// Where a review was needed: a workload, the index of the review, what the file could have changed.
type Use = (String, String, usize, Touch);

/// The reviews of a run, and which of them something rests on.
#[derive(Debug, Default)]
pub struct Reviews {
    all: Vec<Review>,
    used: Mutex<BTreeSet<Use>>,
    /// Services that are said to pass nobody on: the file that describes a server, its name, the reason.
    waived: Mutex<BTreeSet<(String, String, String)>>,
    /// Files that were not understood and that nobody answers for, each with its SHA-256.
    open: Mutex<BTreeSet<(String, String)>>,
}

impl PartialEq for Reviews {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl Reviews {
    /// Those that are stated.
    #[must_use]
    pub fn of(all: Vec<Review>) -> Arc<Self> {
        Arc::new(Self { all, ..Self::default() })
    }

    /// Every one.
    #[must_use]
    pub fn all(&self) -> &[Review] {
        &self.all
    }

    /// Whether a person says that a file, which was not understood, leaves this side of a workload's server as it is.
    #[must_use]
    pub fn answer(&self, workload: Workload<'_>, path: &str, touch: Touch) -> bool {
        let counts = |review: &Review| review.path == path && review.refused.is_none() && !review.changes.contains(&touch);
        let Some(index) = self.all.iter().position(counts) else { return false };
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.insert((workload.0.to_owned(), workload.1.to_owned(), index, touch));
        true
    }

    /// Why what is stated about a file does not answer.
    #[must_use]
    pub fn refusal(&self, path: &str) -> Option<String> {
        let review = self.all.iter().find(|review| review.path == path)?;
        Some(match &review.refused {
            Some(refused) => format!("its [[reviewed]] does not count: {refused}"),
            None => format!(
                "its [[reviewed]] says that it changes {}",
                review.changes.iter().map(|touch| touch.word()).collect::<Vec<_>>().join(", ")
            ),
        })
    }

    /// Notes that nobody answers for a file; `path` is how gonogo.toml would name it.
    pub fn leave_open(&self, path: &str, sha256: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert((path.to_owned(), sha256.to_owned()));
    }

    /// The files that nobody answers for, each with its SHA-256.
    #[must_use]
    pub fn open(&self) -> Vec<(String, String)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Notes that ways to a server were left out because somebody says that they lead nowhere.
    pub fn waive(&self, workload: Workload<'_>, reason: &str) {
        let mut waived = self.waived.lock().unwrap_or_else(PoisonError::into_inner);
        waived.insert((workload.0.to_owned(), workload.1.to_owned(), reason.to_owned()));
    }

    /// The ways that were left out: for each server the file that describes it, its name, and the reason.
    #[must_use]
    pub fn waived(&self) -> Vec<(String, String, String)> {
        self.waived.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// What rests on reviews: for each use, the file that describes the workload, its name, and the review.
    #[must_use]
    pub fn used(&self) -> Vec<(String, String, &Review, Touch)> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |(path, name, index, touch): &Use| Some((path.clone(), name.clone(), self.all.get(*index)?, *touch));
        used.iter().filter_map(of).collect()
    }
}
