//! The types of what rules ask about: settings, facts, fields.

use super::records::FieldType;

/// The type of something that a rule can ask about, be it a setting, a fact or a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// True or false.
    Bool,
    /// A whole number without a unit.
    Integer,
    /// A number without a unit.
    Real,
    /// A size.
    Bytes,
    /// A length of time.
    Duration,
    /// Free text.
    Text,
    /// One of these words.
    Words(Vec<String>),
    /// A list of texts.
    List,
    /// Something that may be asked about and never shown.
    Secret,
    /// A record of this kind.
    Record(&'static str),
}

impl ValueKind {
    /// Whether the kind has an order, so that `at_least` and its neighbours make sense.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Real | Self::Bytes | Self::Duration)
    }

    /// Whether `starts_with` and its neighbours make sense.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Words(_) | Self::Secret)
    }

    /// As an error message names it: "a size", "one of on, off".
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Bool => "a boolean".to_owned(),
            Self::Integer => "a whole number".to_owned(),
            Self::Real => "a number".to_owned(),
            Self::Bytes => "a size".to_owned(),
            Self::Duration => "a length of time".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Words(words) => format!("one of {}", words.join(", ")),
            Self::List => "a list".to_owned(),
            Self::Secret => "a secret".to_owned(),
            Self::Record(kind) => format!("a record of kind {kind}"),
        }
    }
}

impl From<FieldType> for ValueKind {
    fn from(of: FieldType) -> Self {
        match of {
            FieldType::Bool => Self::Bool,
            FieldType::Integer => Self::Integer,
            FieldType::Real => Self::Real,
            FieldType::Bytes => Self::Bytes,
            FieldType::Duration => Self::Duration,
            FieldType::Text => Self::Text,
            FieldType::Words(words) => Self::Words(words.iter().map(|word| (*word).to_owned()).collect()),
            FieldType::List => Self::List,
            FieldType::Secret => Self::Secret,
            FieldType::Record(kind) => Self::Record(kind),
        }
    }
}

/// What a rule may say about a setting of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingShape {
    /// Its type; a number with a unit is a size or a length of time.
    pub kind: ValueKind,
    /// Words for values that are no size, time or count: `off` for a timeout of 0, `auto` for -1.
    pub specials: Vec<&'static str>,
}
