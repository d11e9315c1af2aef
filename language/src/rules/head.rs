//! What is known of a rule without its logic: enough to list it, to name it, and to tell whether anything concerns it.

use std::borrow::Cow;

use super::CheckKind;
use super::load::area_of;
use crate::model::{Applicability, Engine, Pillar, Platform, Severity, Subject, SubjectKind};

/// The head of a rule. Those of the shipped rules are a table of the program, so that each part can be borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its id, which is its file name.
    pub id: Cow<'static, str>,
    /// One line.
    pub title: Cow<'static, str>,
    /// Every severity that it can have, in the order of its cases: see [`Head::highest_severity`].
    pub severities: Cow<'static, [Severity]>,
    /// Pillar.
    pub pillar: Pillar,
    /// Checklist items that it counts for.
    pub items: Cow<'static, [Cow<'static, str>]>,
    /// Engines that it is about; empty for rules about deployments.
    pub engines: Cow<'static, [Engine]>,
    /// Platforms whose workloads and files it is about; empty where it reads nothing that only one platform writes.
    pub platforms: Cow<'static, [Platform]>,
    /// Kind of subject.
    pub subject: SubjectKind,
    /// How it decides.
    pub kind: CheckKind,
    /// How safely its fix can be made, when it has one.
    pub fix: Option<Applicability>,
}

impl Head {
    /// The highest severity that the rule can have.
    #[must_use]
    pub fn highest_severity(&self) -> Severity {
        self.severities.iter().copied().max().unwrap_or(Severity::Info)
    }

    /// The lowest severity that the rule can have.
    #[must_use]
    pub fn lowest_severity(&self) -> Severity {
        self.severities.iter().copied().min().unwrap_or(Severity::Info)
    }

    /// The prefix of its id: `postgresql`, `hba`, `compose`, …
    #[must_use]
    pub fn area(&self) -> &str {
        area_of(&self.id)
    }

    /// Whether the rule is about subjects of this kind, engine and platform.
    #[must_use]
    pub fn concerns(&self, subject: &Subject) -> bool {
        let engine_fits = self.engines.is_empty() || subject.engine.is_some_and(|engine| self.engines.contains(&engine));
        self.subject == subject.kind && engine_fits && self.fits_platform(subject)
    }

    /// Whether the rule is about what the platform of a subject describes.
    #[must_use]
    pub fn fits_platform(&self, subject: &Subject) -> bool {
        self.platforms.is_empty() || subject.platform.is_some_and(|platform| self.platforms.contains(&platform))
    }

    /// Whether `fix` can write something that remedies it.
    #[must_use]
    pub fn is_fixable(&self) -> bool {
        self.fix.is_some_and(|applicability| applicability != Applicability::Display)
    }
}
