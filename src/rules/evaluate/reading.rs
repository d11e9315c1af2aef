//! What an operand shows: its value, its place, and where it came from.

use std::borrow::Cow;

use crate::formats::connection_string;
use crate::model::{Datum, Engine, Field, OriginKind, Record, SettingState, Subject, Value, Why};
use crate::rules::condition::{FieldPath, Operand};
use crate::text::Span;

/// What a condition is asked of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) subject: &'a Subject,
    /// The record at hand, inside `where` and `require`.
    pub(crate) record: Option<&'a Record>,
    /// Whether records that an image brings along are seen.
    pub(crate) image_defaults: bool,
    /// Whether settings that something unread may set have what they have where it does not.
    pub(crate) assumes: bool,
}

impl<'a> Scope<'a> {
    /// A subject as a whole.
    pub(crate) fn of(subject: &'a Subject, image_defaults: bool) -> Self {
        Self { subject, record: None, image_defaults, assumes: false }
    }

    /// The same for a guard: a default that may not be in force is assumed to be where the subject assumes it, since a
    /// guard only says whether what is written matters.
    pub(crate) fn of_guard(self) -> Self {
        Self { assumes: true, ..self }
    }

    /// The same with a record at hand.
    pub(crate) fn at(self, record: &'a Record) -> Self {
        Self { record: Some(record), ..self }
    }

    /// The records of a kind that are seen here, and why there may be more.
    pub(crate) fn records(self, kind: &str) -> (impl Iterator<Item = &'a Record> + use<'a>, Option<Why>) {
        let set = self.subject.records.get(kind);
        let incomplete = match set {
            Some(set) => set.incomplete.clone(),
            None => self.subject.records(kind).incomplete,
        };
        let rows = set.map_or(&[][..], |set| set.rows.as_slice());
        (rows.iter().map(AsRef::as_ref).filter(move |row| self.image_defaults || !row.image_default), incomplete)
    }
}

/// A value as far as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen<'a> {
    Known(Cow<'a, Value>),
    Absent,
    Unknown(Why),
    /// One of these: what holds for each of them holds.
    Among(&'a [Value], &'a Why),
}

/// What an operand shows.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) seen: Seen<'a>,
    /// Where the value stands.
    pub(crate) span: Option<Span>,
    pub(crate) origin: Option<OriginKind>,
    /// The value as its server shows it.
    pub(crate) shown: Option<&'a str>,
    /// The word for a value that is no size, time or count.
    pub(crate) special: Option<&'static str>,
    /// The record that the value names.
    pub(crate) record: Option<&'a Record>,
}

impl<'a> Reading<'a> {
    fn bare(seen: Seen<'a>) -> Self {
        Self { seen, span: None, origin: None, shown: None, special: None, record: None }
    }

    fn unknown(why: Why) -> Self {
        Self::bare(Seen::Unknown(why))
    }

    fn of_field(field: &'a Field) -> Self {
        let seen = match &field.datum {
            Datum::Known(value) => Seen::Known(Cow::Borrowed(value)),
            Datum::Absent => Seen::Absent,
            Datum::Unknown(why) => Seen::Unknown(Why::clone(why)),
            Datum::Among(values, why) => Seen::Among(values, why),
        };
        Self { seen, span: field.span, origin: field.origin, shown: None, special: None, record: field.record.as_deref() }
    }

    /// The value as messages show it; `None` for what is not there, not known, or secret.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.seen {
            Seen::Known(value) => match value.as_ref() {
                Value::Secret(_) => None,
                value => {
                    let shown = self.shown.filter(|shown| !shown.is_empty()).map(ToOwned::to_owned);
                    let text = shown.unwrap_or_else(|| if value.is_empty() { "empty".to_owned() } else { value.to_string() });
                    // `0 (off)`: the number alone tells only those who know the setting.
                    Some(match self.special.filter(|special| *special != text) {
                        Some(special) => format!("{text} ({special})"),
                        None => text,
                    })
                }
            },
            Seen::Absent | Seen::Unknown(_) | Seen::Among(..) => None,
        }
    }

    /// Whether a file, the environment or a command line says it.
    pub(crate) fn is_written(&self) -> bool {
        match self.origin {
            Some(origin) => matches!(origin, OriginKind::File | OriginKind::Environment | OriginKind::CommandLine),
            None => self.span.is_some() && matches!(self.seen, Seen::Known(_)),
        }
    }
}

/// Looks at an operand.
pub(crate) fn read<'a>(operand: &Operand, scope: Scope<'a>) -> Reading<'a> {
    match operand {
        Operand::Setting(name) => setting(name, scope),
        Operand::Key { setting: name, key } => connection_key(setting(name, scope), key),
        Operand::Fact(name) => {
            scope.subject.facts.get(name).map_or_else(|| Reading::unknown(Why::new(format!("{name} is not known here"))), Reading::of_field)
        }
        Operand::Field(path) => field(path, scope),
    }
}

fn setting<'a>(name: &str, scope: Scope<'a>) -> Reading<'a> {
    let subject = scope.subject;
    let assumed = if scope.assumes { subject.settings.assumed(name) } else { None };
    match assumed.or_else(|| subject.settings.get(name)) {
        Some(SettingState::Known(setting)) => Reading {
            seen: Seen::Known(Cow::Borrowed(&setting.value)),
            span: setting.origin.span,
            origin: Some(setting.origin.kind),
            shown: Some(&setting.shown),
            special: setting.special,
            record: None,
        },
        Some(SettingState::Unknown(why)) => Reading::unknown(why.clone()),
        Some(SettingState::NotInVersion) => {
            let engine = subject.engine.map_or("this engine", Engine::name);
            let version = subject.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            Reading::unknown(Why::new(format!("{engine}{version} has no setting {name}")))
        }
        Some(SettingState::Absent) => Reading { origin: Some(OriginKind::Absent), ..Reading::bare(Seen::Absent) },
        None => match &subject.settings_unknown {
            Some(why) => Reading::unknown(why.clone()),
            None => Reading { origin: Some(OriginKind::Absent), ..Reading::bare(Seen::Absent) },
        },
    }
}

/// One key of a connection string; a string that is kept as a secret shows all keys but the secret ones.
fn connection_key<'a>(setting: Reading<'a>, key: &str) -> Reading<'a> {
    let seen = match &setting.seen {
        Seen::Known(value) => match value.as_ref() {
            Value::Text(text) => known_or_absent(connection_string::value(text, key)),
            Value::Secret(secret) => {
                let found = std::cell::RefCell::new(None);
                // Only the value of this one key leaves the closure, and a secret one leaves it as a secret.
                _ = secret.test(|text| found.replace(connection_string::value(text, key)).is_none());
                known_or_absent(found.into_inner())
            }
            Value::Unresolved(_) => return setting,
            _ => Seen::Absent,
        },
        Seen::Absent => Seen::Absent,
        Seen::Unknown(_) | Seen::Among(..) => return setting,
    };
    Reading { seen, shown: None, special: None, ..setting }
}

fn known_or_absent<'a>(text: Option<Value>) -> Seen<'a> {
    text.map_or(Seen::Absent, |value| Seen::Known(Cow::Owned(value)))
}

/// A field of the record at hand, through the records that the fields before it name.
fn field<'a>(path: &FieldPath, scope: Scope<'a>) -> Reading<'a> {
    let mut reading = Reading { record: scope.record, ..Reading::bare(Seen::Absent) };
    for name in path.names() {
        let Some(record) = reading.record else {
            // The chain ended before its last name: what it ended with (absent, unknown) is the answer.
            return reading;
        };
        reading = record.fields.get(name).map_or_else(|| Reading::bare(Seen::Absent), Reading::of_field);
    }
    reading
}
