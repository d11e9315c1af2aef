//! What the value of a key may be: the types by which Docker Compose refuses a project before anything starts.
//!
//! Asked of Docker Compose 2.40.3, value by value: `tests/vectors/compose-values.txt`.

use super::units::{amount, duration};
use crate::formats::yaml::{Node, Typed};

/// What a value may be.
#[derive(Clone, Copy)]
pub(super) struct Form {
    scalar: Scalar,
    list: Items,
    mapping: Entries,
    /// Whether it may be left empty.
    null: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Scalar {
    None,
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A text with one of these words in it.
    Holding(&'static [&'static str]),
    Truth,
    /// A whole number that may be below zero.
    Whole,
    /// A whole number from zero on.
    Count,
    Number,
    Size,
    Time,
}

#[derive(Clone, Copy, PartialEq)]
enum Items {
    None,
    Any,
    Text,
    /// Texts, and entries that a merge has put among them; who reads them tells of other mappings.
    Pairs,
    TextOrNumber,
}

#[derive(Clone, Copy, PartialEq)]
enum Entries {
    None,
    Any,
    /// Texts, numbers, true or false, or nothing.
    Plain,
}

const fn scalar(scalar: Scalar) -> Form {
    Form { scalar, list: Items::None, mapping: Entries::None, null: false }
}

impl Form {
    pub(super) const TEXT: Self = scalar(Scalar::Text);
    pub(super) const TRUTH: Self = scalar(Scalar::Truth);
    pub(super) const WHOLE: Self = scalar(Scalar::Whole);
    pub(super) const COUNT: Self = scalar(Scalar::Count);
    pub(super) const NUMBER: Self = scalar(Scalar::Number);
    pub(super) const SIZE: Self = scalar(Scalar::Size);
    pub(super) const TIME: Self = scalar(Scalar::Time);
    pub(super) const LIST: Self = Self { list: Items::Any, ..scalar(Scalar::None) };
    pub(super) const TEXTS: Self = Self { list: Items::Text, ..scalar(Scalar::None) };
    pub(super) const TEXTS_OR_NUMBERS: Self = Self { list: Items::TextOrNumber, ..scalar(Scalar::None) };
    pub(super) const TEXT_OR_TEXTS: Self = Self { list: Items::Text, ..scalar(Scalar::Text) };
    pub(super) const TEXT_OR_LIST: Self = Self { list: Items::Any, ..scalar(Scalar::Text) };
    pub(super) const COMMAND: Self = Self { null: true, ..Self::TEXT_OR_TEXTS };
    pub(super) const MAPPING: Self = Self { mapping: Entries::Any, ..scalar(Scalar::None) };
    pub(super) const MAPPING_OR_NOTHING: Self = Self { null: true, ..Self::MAPPING };
    pub(super) const PLAIN_MAPPING: Self = Self { mapping: Entries::Plain, ..scalar(Scalar::None) };
    pub(super) const TEXT_OR_MAPPING: Self = Self { mapping: Entries::Any, ..scalar(Scalar::Text) };
    /// `KEY=VALUE` items, or a mapping.
    pub(super) const PAIRS: Self = Self { list: Items::Pairs, ..Self::PLAIN_MAPPING };
    /// Names, or a mapping with more about each.
    pub(super) const NAMES: Self = Self { list: Items::Text, ..Self::MAPPING };

    pub(super) const fn word(words: &'static [&'static str]) -> Self {
        scalar(Scalar::Word(words))
    }

    pub(super) const fn holding(words: &'static [&'static str]) -> Self {
        scalar(Scalar::Holding(words))
    }

    pub(super) const fn word_or_list(words: &'static [&'static str]) -> Self {
        Self { list: Items::Any, ..scalar(Scalar::Word(words)) }
    }

    /// What a value is instead, where it does not fit: the node, and what it is in words.
    pub(super) fn misfit<'n>(&self, node: &'n Node) -> Option<(&'n Node, &'static str)> {
        if node.is_null() {
            // An alias without its anchor is told as that.
            return (!self.null && node.alias.is_none()).then_some((node, "is empty"));
        }
        if let Some(items) = node.items() {
            return match self.list {
                Items::None => Some((node, "is a list")),
                Items::Any => None,
                Items::Text => items.iter().find_map(|item| Some((item, not_text(item)?))),
                Items::Pairs => items.iter().filter(|item| !item.is_mapping()).find_map(|item| Some((item, not_text(item)?))),
                Items::TextOrNumber => items.iter().filter(|item| !is_number(item)).find_map(|item| Some((item, not_text(item)?))),
            };
        }
        if node.is_mapping() {
            return match self.mapping {
                Entries::None => Some((node, "is a mapping")),
                Entries::Any => None,
                Entries::Plain => values(node).find_map(|value| Some((value, not_plain(value)?))),
            };
        }
        self.scalar.misfit(node).map(|what| (node, what))
    }

    /// What it may be, in words.
    pub(super) fn expected(&self) -> String {
        let list = match self.list {
            Items::None => None,
            Items::Any => Some("a list"),
            Items::Text | Items::Pairs => Some("a list of texts"),
            Items::TextOrNumber => Some("a list of texts or numbers"),
        };
        let mapping = match self.mapping {
            Entries::None => None,
            Entries::Any => Some("a mapping"),
            Entries::Plain => Some("a mapping of texts and numbers"),
        };
        let parts = [self.scalar.expected(), list.map(str::to_owned), mapping.map(str::to_owned)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" or ")
    }
}

impl Scalar {
    fn misfit(self, node: &Node) -> Option<&'static str> {
        let text = node.text().unwrap_or_default();
        // What a variable brings is looked at where it is read.
        if text.contains('$') && self != Self::None {
            return None;
        }
        let number = is_number(node);
        match self {
            Self::None => Some(if number { "is a number" } else { "is a text" }),
            Self::Text => not_text(node),
            Self::Word(words) => (not_text(node).is_some() || !words.contains(&text)).then_some("is none of its words"),
            Self::Holding(words) => {
                (not_text(node).is_some() || !words.iter().any(|word| text.contains(word))).then_some("is none of its words")
            }
            Self::Truth => {
                let is_word = ["true", "false", "yes", "no", "y", "n", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word));
                (number || !is_word).then_some("is neither true nor false")
            }
            Self::Whole | Self::Count => {
                let least = if self == Self::Count { 0 } else { i64::MIN };
                text.parse::<i64>().is_ok_and(|number| number >= least).eq(&false).then_some("is not a valid whole number")
            }
            Self::Number => text.parse::<f64>().is_err().then_some("is not a valid number"),
            Self::Size => (text.parse::<i64>().is_err() && amount(text).is_none()).then_some("is not a valid size"),
            Self::Time => (number || duration(text).is_none()).then_some("is not a valid duration"),
        }
    }

    fn expected(self) -> Option<String> {
        Some(match self {
            Self::None => return None,
            Self::Text => "a text, in quotes where it looks like a number".to_owned(),
            Self::Word(words) | Self::Holding(words) => format!("one of {}", words.join(", ")),
            Self::Truth => "true or false".to_owned(),
            Self::Whole => "a whole number".to_owned(),
            Self::Count => "a whole number from 0 on".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Size => "a size, for example 512m".to_owned(),
            Self::Time => "a duration, for example 30s".to_owned(),
        })
    }
}

/// The values of a mapping but for those that merge keys bring, which are looked at where they are merged.
fn values(node: &Node) -> impl Iterator<Item = &Node> {
    node.entries().into_iter().filter(|entry| entry.key.text() != Some("<<")).map(|entry| &entry.value)
}

fn is_number(node: &Node) -> bool {
    matches!(node.typed(), Some(Typed::Integer(_) | Typed::Real(_)))
}

/// What a value is that is no text to YAML.
fn not_text(node: &Node) -> Option<&'static str> {
    if node.is_null() {
        return Some("is empty");
    }
    if node.items().is_some() {
        return Some("is a list");
    }
    match node.typed() {
        Some(Typed::Text) => None,
        Some(Typed::Integer(_) | Typed::Real(_)) => Some("is a number"),
        Some(Typed::Bool(_)) => Some("is true or false"),
        Some(Typed::Timestamp) => Some("is a date without quotes"),
        Some(Typed::Null) => Some("is empty"),
        None => Some("is a mapping"),
    }
}

fn not_plain(node: &Node) -> Option<&'static str> {
    if node.items().is_some() {
        return Some("is a list");
    }
    match node.typed() {
        Some(Typed::Timestamp) => Some("is a date without quotes"),
        None => Some("is a mapping"),
        Some(_) => None,
    }
}
