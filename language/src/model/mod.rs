//! The nouns of the product, as pure data: no I/O, no grammar, no rule.

use std::sync::Arc;

pub mod bounds;
pub mod codes;
mod date;
mod difference;
mod engine;
mod fields;
mod finding;
pub mod footprint;
mod image;
mod input;
mod instance;
mod limits;
mod nearest;
mod observed;
mod outcome;
mod placement;
mod platform;
mod presumption;
mod problem;
pub mod records;
mod review;
mod setting;
mod setting_home;
mod severity;
mod shape;
mod subject;
mod subject_ref;
mod unseen;
mod value;
mod version;
pub mod words;

pub use bounds::{Cut, Cuts};
pub use date::{Date, parse_date};
pub use difference::{Difference, share_records, share_rows};
pub use engine::{Deployment, Engine, Environment, Purpose, Reach, ReachKnown, ReachStep, Storage, Workload};
pub use fields::Fields;
pub use finding::{
    Alike, Applicability, Certainty, Change, Complaint, Compliance, Edit, Finding, Fix, Label, SettingPlace, Suppressed, SuppressionKind,
};
pub use image::{ImageReference, TagKind};
pub use input::{IGNORE_FILE, Input, InputStatus};
pub use instance::{Encryption, HbaDecision, Instance, View};
pub use limits::HostFacts;
pub use nearest::nearest;
pub use observed::{Observed, ObservedSetting};
pub use outcome::{AcceptedBy, Outcome, OutcomeOf};
pub use placement::{
    Aspect, Built, Command, Dependency, EnvironmentEntry, Gap, Healthcheck, Interpolated, Logging, Mount, MountKind, Opening, Placement,
    Port, Provenance, StorageKind, VolumeStorage, Word,
};
pub use platform::Platform;
pub use presumption::{Presumed, Presumption, PresumptionRow};
pub use problem::Problem;
pub use review::{Relied, Review, Reviews, Touch};
pub use setting::{Assignment, Comparisons, Origin, OriginKind, Setting, SettingState, Settings, Unset};
pub use setting_home::{SettingHome, SettingHomes};
pub use severity::{Pillar, Severity};
pub use shape::{SettingShape, ValueKind};
pub use subject::{Field, Record, RecordSet, Subject};
pub use subject_ref::{SubjectKind, SubjectRef};
pub use unseen::Unseen;
pub use value::{Secret, Value, format_bytes, format_duration};
pub use version::{EngineVersion, Series, Version, VersionBasis, VersionCandidates};

/// Why something is not known, and what would make it known. It goes from facts to conditions to outcomes, so its words are shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Why {
    /// In words that a newcomer understands: "postgresql.conf was not given".
    pub reason: Arc<str>,
    /// What to do to have it seen: an option, a file to name, evidence to state.
    pub needs: Option<Arc<str>>,
    /// What is presumed in its place where a rule would else stay silent; `None` where nothing is.
    pub presumed: Option<Arc<[Presumed]>>,
}

impl Why {
    /// A reason without a remedy.
    #[must_use]
    pub fn new(reason: impl Into<Arc<str>>) -> Self {
        Self { reason: reason.into(), needs: None, presumed: None }
    }

    /// A reason with what would lift it.
    #[must_use]
    pub fn needing(reason: impl Into<Arc<str>>, needs: impl Into<Arc<str>>) -> Self {
        Self { reason: reason.into(), needs: Some(needs.into()), presumed: None }
    }

    /// The same, with what is presumed while it is not known.
    #[must_use]
    pub fn presuming(mut self, what: Presumption) -> Self {
        self.presumed = Some(Arc::new([Presumed { what, because: Arc::clone(&self.reason) }]));
        self
    }

    /// What is presumed in its place.
    #[must_use]
    pub fn presumed(&self) -> &[Presumed] {
        self.presumed.as_deref().unwrap_or_default()
    }
}

/// Something that was seen, with its place; or the reason why it was not.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// Seen.
    Known(Value),
    /// Looked for where it would be, and not there.
    Absent,
    /// Could not be seen.
    Unknown(Box<Why>),
    /// One of these, and it is not certain which: what holds for all of them holds.
    Among(Box<[Value]>, Box<Why>),
}

impl Datum {
    /// The value, when it was seen.
    #[must_use]
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }
}
