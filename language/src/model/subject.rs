//! What a rule looks at: facts, settings and records of one subject, each with its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::records;
use super::{
    Datum, Engine, Fields, OriginKind, Platform, Presumed, SettingHome, SettingHomes, SettingState, Settings, SubjectKind, Value, Version,
    Why,
};
use crate::text::Span;

/// One named value of a subject or of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it is.
    pub datum: Datum,
    /// Where that stands; for an absent thing, `None`.
    pub span: Option<Span>,
    /// Where the value came from, for the report's `origin`.
    pub origin: Option<OriginKind>,
    /// The record that it names, so that `target.healthcheck` can be asked.
    pub record: Option<Arc<Record>>,
}

impl Field {
    /// A value with its place.
    #[must_use]
    pub fn known(value: Value, span: Option<Span>) -> Self {
        Self { datum: Datum::Known(value), span, origin: None, record: None }
    }

    /// Text with its place.
    #[must_use]
    pub fn text(text: impl Into<String>, span: Option<Span>) -> Self {
        Self::known(Value::text(text), span)
    }

    /// A word of an enumeration with its place.
    #[must_use]
    pub const fn word(word: &'static str, span: Option<Span>) -> Self {
        Self { datum: Datum::Known(Value::Text(Cow::Borrowed(word))), span, origin: None, record: None }
    }

    /// A truth with its place.
    #[must_use]
    pub fn bool(truth: bool, span: Option<Span>) -> Self {
        Self::known(Value::Bool(truth), span)
    }

    /// Looked for, and not there.
    #[must_use]
    pub fn absent() -> Self {
        Self { datum: Datum::Absent, span: None, origin: None, record: None }
    }

    /// Not visible.
    #[must_use]
    pub fn unknown(why: Why) -> Self {
        Self { datum: Datum::Unknown(Box::new(why)), span: None, origin: None, record: None }
    }

    /// The same with an origin.
    #[must_use]
    pub fn with_origin(mut self, origin: OriginKind) -> Self {
        self.origin = Some(origin);
        self
    }

    /// The same with the record that it names.
    #[must_use]
    pub fn with_record(mut self, record: Arc<Record>) -> Self {
        self.record = Some(record);
        self
    }
}

/// One record: an HBA rule, a published port, a problem of a grammar.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its kind, a name of the table in `records.rs`.
    pub kind: &'static str,
    /// The logical place within its file, for fingerprints: `services.db.ports`, never a value.
    pub key: String,
    /// Where the record stands.
    pub span: Option<Span>,
    /// Its fields; one that is missing here counts as absent.
    pub fields: Fields,
    /// Places that belong to the story, with what to say there: "published here".
    pub related: Vec<(Span, String)>,
    /// Whether it comes from the defaults of an image, so that only rules that ask for these see it fail.
    pub image_default: bool,
    /// Equal for records about the same secret: it stands for the secret, and no output shows it.
    pub twin: Option<u64>,
}

impl Record {
    /// A record without fields.
    #[must_use]
    pub fn new(kind: &'static str, key: impl Into<String>, span: Option<Span>) -> Self {
        Self { kind, key: key.into(), span, fields: Fields::new(), related: Vec::new(), image_default: false, twin: None }
    }

    /// The same with room for so many fields: of the largest records there are the most.
    #[must_use]
    pub fn with_room(mut self, fields: usize) -> Self {
        self.fields.reserve(fields);
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &'static str, field: Field) -> Self {
        debug_assert!(
            records::admits(self.kind, name, &field.datum),
            "the vocabulary does not know {}.{name} = {:?}",
            self.kind,
            field.datum
        );
        self.fields.insert(name, field);
        self
    }

    /// States another place for the record and all of its fields.
    pub fn move_to(&mut self, span: Span) {
        self.span = Some(span);
        self.fields.values_mut().for_each(|field| field.span = Some(span));
    }

    /// A field's text, when it is known text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.datum.known()?.as_text()
    }

    /// A field's truth, when it is a known boolean.
    #[must_use]
    pub fn truth(&self, name: &str) -> Option<bool> {
        self.fields.get(name)?.datum.known()?.as_bool()
    }
}

/// All records of one kind that a subject has, and whether all could be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordSet {
    /// Those that were seen, in the order of their files.
    pub rows: Vec<Arc<Record>>,
    /// Why there may be more, when not all could be seen.
    pub incomplete: Option<Why>,
}

/// What a rule looks at. For an instance there is one per candidate version.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Instance id, service name, or path.
    pub id: String,
    /// Instances that it belongs to; for an instance, itself.
    pub instances: Arc<Vec<String>>,
    /// Engine, where it has one.
    pub engine: Option<Engine>,
    /// What describes it, where a platform does.
    pub platform: Option<Platform>,
    /// The version that this view assumes.
    pub version: Option<Version>,
    /// Where something that is absent is reported: the service key, the main file's head.
    pub anchor: Option<Span>,
    /// Facts by name.
    pub facts: Fields,
    /// Settings by canonical lower-case name.
    pub settings: Settings,
    /// Why a setting that is not listed is unknown; `None` when it simply does not exist.
    pub settings_unknown: Option<Why>,
    /// Where a setting that nothing sets would be written.
    pub setting_anchor: Option<Span>,
    /// The end of the main configuration file; `None` where none was read.
    pub configuration_end: Option<Span>,
    /// Where its settings are written that no file of its own holds; `None` where nobody said.
    pub setting_homes: Option<SettingHomes>,
    /// Lines that would set a setting if they were no comments (`#ssl = off`), by canonical lower-case name.
    pub commented_out: Arc<BTreeMap<String, Span>>,
    /// Records by kind; a kind that is missing here was not seen.
    pub records: BTreeMap<&'static str, RecordSet>,
    /// What it takes for granted; empty where everything in it was seen.
    pub presumed: Vec<Presumed>,
    /// The same under presumptions, where something of it could not be seen; of an instance its views hold it.
    pub presuming: Option<Box<Self>>,
}

impl Subject {
    /// An empty subject.
    #[must_use]
    pub fn new(kind: SubjectKind, id: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            instances: Arc::default(),
            engine: None,
            platform: None,
            version: None,
            anchor: None,
            facts: Fields::new(),
            settings: Settings::new(),
            settings_unknown: None,
            setting_anchor: None,
            configuration_end: None,
            setting_homes: None,
            commented_out: Arc::default(),
            records: BTreeMap::new(),
            presumed: Vec::new(),
            presuming: None,
        }
    }

    /// Where a setting that nothing sets is reported: at its line that is commented out, else where it would be written.
    #[must_use]
    pub fn place_of_unset(&self, name: &str) -> Option<Span> {
        self.commented_out.get(name).copied().or(self.setting_anchor)
    }

    /// Where a setting is written, unless that is a file of the server.
    #[must_use]
    pub fn home_of(&self, name: &str) -> Option<&'static SettingHome> {
        let homes = self.setting_homes?;
        match self.settings.get(name) {
            Some(SettingState::Known(setting)) => match setting.origin.kind {
                OriginKind::CommandLine => Some(homes.on_command_line),
                OriginKind::File => homes.in_file,
                _ => homes.unset,
            },
            _ => homes.unset,
        }
    }

    /// A fact; one that nobody stated is unknown.
    #[must_use]
    pub fn fact(&self, name: &str) -> Field {
        self.facts.get(name).cloned().unwrap_or_else(|| Field::unknown(Why::new(format!("{name} is not known here"))))
    }

    /// The number of a setting (bytes, microseconds, or as it is), when it is known and an amount.
    #[must_use]
    pub fn setting_number(&self, name: &str) -> Option<f64> {
        match self.settings.get(name)? {
            SettingState::Known(setting) if setting.special.is_none() => setting.value.as_number(),
            _ => None,
        }
    }

    /// The word for the special value that a setting has, if it has one.
    #[must_use]
    pub fn setting_special(&self, name: &str) -> Option<&'static str> {
        match self.settings.get(name)? {
            SettingState::Known(setting) => setting.special,
            _ => None,
        }
    }

    /// The records of a kind; one that nobody collected is unseen.
    #[must_use]
    pub fn records(&self, kind: &str) -> RecordSet {
        self.records
            .get(kind)
            .cloned()
            .unwrap_or_else(|| RecordSet { rows: Vec::new(), incomplete: Some(Why::new(format!("no {kind} could be seen"))) })
    }

    /// Adds a record to a set that is otherwise seen.
    pub fn add(&mut self, record: Record) {
        self.records.entry(record.kind).or_default().rows.push(Arc::new(record));
    }
}
