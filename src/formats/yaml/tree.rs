//! The tree of a YAML text.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::formats::{Comment, Diagnostic};
use crate::text::Span;

/// A YAML text.
#[derive(Clone, Debug, Default)]
pub struct Yaml {
    /// The documents, in order; of one that breaks off, what was read before.
    pub documents: Vec<Node>,
    /// Comments, in order.
    pub comments: Vec<Comment>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The first place that shows the text to be a template of some YAML (Go, Jinja, ERB) rather than YAML.
    pub template: Option<Span>,
    /// The place of the first syntax error, from which on something is missing.
    pub broken_at: Option<Span>,
    /// The first alias that would have copied too much, and was left out with its key.
    pub cut_at: Option<Span>,
}

/// The tag of an item that is an entry of a mapping.
const PAIR: &str = "!pair";

/// One node. Cloning is cheap: an alias is a clone of the node that it names.
#[derive(Clone)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it is written, without tag and anchor; for an alias, where the anchored node is written.
    pub span: Span,
    /// Its tag, as `!reset`.
    pub tag: Option<Tag>,
    /// The place of `*name`, when the node stands here through an alias.
    pub alias: Option<Span>,
    /// How many nodes a walk of it meets, aliases followed.
    pub(super) weight: u32,
    /// How many levels a walk of it descends, aliases followed.
    pub(super) height: u16,
    /// What copying it costs, aliases followed.
    pub(super) bulk: u32,
}

/// A tag as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As written: `!reset`, `!!str`.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// What a node is.
#[derive(Clone)]
pub enum Kind {
    /// A text, number, truth value or null.
    Scalar(Scalar),
    /// Keys with values.
    Mapping(Arc<[Entry]>),
    /// A list.
    Sequence(Arc<[Node]>),
}

/// A scalar, not yet typed.
#[derive(Clone)]
pub struct Scalar {
    /// Its text, escapes and folding resolved.
    pub value: Arc<str>,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: it may be a number, a truth value or null.
    Plain,
    /// In single quotes.
    SingleQuoted,
    /// In double quotes.
    DoubleQuoted,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// One key with its value.
#[derive(Clone)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(&scalar.value),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping as written: merge keys stand among them, keys may repeat.
    #[must_use]
    pub fn written_entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries of a mapping as meant: merge keys applied, each key once, the last written winning.
    ///
    /// What stands in the mapping itself comes first and wins over what is merged in; of a list of
    /// merged mappings the earlier wins. Entries keep the places where they are written.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry> {
        let mut collected = Vec::new();
        self.collect(&mut collected, &mut HashSet::new());
        collected
    }

    /// The value of a key, merge keys applied.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, merge keys applied.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let entries = self.written_entries()?;
        let own = entries.iter().rev().find(|entry| !entry.is_merge() && entry.key.text() == Some(key));
        own.or_else(|| {
            entries.iter().filter(|entry| entry.is_merge()).find_map(|entry| merged(&entry.value).find_map(|node| node.entry(key)))
        })
    }

    /// The mapping with those of its entries, merge keys applied, that `keep` asks for.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        let entries = self.entries().into_iter().filter(|entry| keep(entry)).cloned().collect();
        Self { kind: Kind::Mapping(entries), ..self.clone() }
    }

    /// Whether it is a mapping.
    #[must_use]
    pub fn is_mapping(&self) -> bool {
        matches!(self.kind, Kind::Mapping(_))
    }

    /// Whether it carries the tag `tag`, as `!reset`.
    #[must_use]
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tag.as_ref().is_some_and(|written| &*written.text == tag)
    }

    /// Where to point a reader: the alias, when the node stands here through one; else the node.
    #[must_use]
    pub fn place(&self) -> Span {
        self.alias.unwrap_or(self.span)
    }

    /// A mapping of these entries, at the place of this node and without its tag.
    #[must_use]
    pub fn with_entries(&self, entries: Vec<Entry>) -> Self {
        let weight = entries.iter().fold(1u32, |sum, entry| sum.saturating_add(entry.key.weight).saturating_add(entry.value.weight));
        let bulk = entries.iter().fold(1u32, |sum, entry| sum.saturating_add(entry.key.bulk).saturating_add(entry.value.bulk));
        let height = entries.iter().map(|entry| entry.value.height).max().unwrap_or(0).saturating_add(1);
        Self { kind: Kind::Mapping(entries.into()), span: self.span, tag: None, alias: self.alias, weight, height, bulk }
    }

    /// A list of these items, at the place of this node and without its tag.
    #[must_use]
    pub fn with_items(&self, items: Vec<Self>) -> Self {
        let weight = items.iter().fold(1u32, |sum, item| sum.saturating_add(item.weight));
        let bulk = items.iter().fold(1u32, |sum, item| sum.saturating_add(item.bulk));
        let height = items.iter().map(|item| item.height).max().unwrap_or(0).saturating_add(1);
        Self { kind: Kind::Sequence(items.into()), span: self.span, tag: None, alias: self.alias, weight, height, bulk }
    }

    /// The null at the place of this node.
    #[must_use]
    pub fn null_here(&self) -> Self {
        let kind = Kind::Scalar(Scalar { value: "".into(), style: Style::Plain });
        Self { kind, span: self.span, tag: None, alias: self.alias, weight: 1, height: 1, bulk: 1 }
    }

    /// A text that stands for this node where another form would write it.
    #[must_use]
    pub fn named(&self, text: &str) -> Self {
        let kind = Kind::Scalar(Scalar { value: text.into(), style: Style::Plain });
        Self { kind, ..self.null_here() }
    }

    /// An entry of a mapping as an item of a list, among items that say `key=value`.
    #[must_use]
    pub fn pair(entry: &Entry) -> Self {
        let pair = entry.value.with_entries(vec![entry.clone()]);
        Self { tag: Some(Tag { text: PAIR.into(), span: entry.key.span }), span: entry.key.span.to(entry.value.span), ..pair }
    }

    /// The entry that an item of [`Node::pair`] holds.
    #[must_use]
    pub fn as_pair(&self) -> Option<&Entry> {
        self.written_entries().filter(|_| self.has_tag(PAIR))?.first()
    }

    fn collect<'n>(&'n self, into: &mut Vec<&'n Entry>, seen: &mut HashSet<&'n str>) {
        let Some(entries) = self.written_entries() else {
            return;
        };
        let first = into.len();
        into.reserve(entries.len());
        seen.reserve(entries.len());
        // From the back, so that of a key that repeats the last one is kept; then the order is restored.
        for entry in entries.iter().rev().filter(|entry| !entry.is_merge()) {
            if entry.key.text().is_none_or(|key| seen.insert(key)) {
                into.push(entry);
            }
        }
        if let Some(own) = into.get_mut(first..) {
            own.reverse();
        }
        for entry in entries.iter().filter(|entry| entry.is_merge()) {
            for node in merged(&entry.value) {
                node.collect(into, seen);
            }
        }
    }
}

impl Entry {
    /// Whether it is a merge key `<<`, which takes over the entries of another mapping.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        matches!(&self.key.kind, Kind::Scalar(scalar) if &*scalar.value == "<<" && scalar.style == Style::Plain)
    }
}

/// The mappings that a merge key names: one, or a list of them.
fn merged(value: &Node) -> impl Iterator<Item = &Node> {
    let list: &[Node] = match &value.kind {
        Kind::Sequence(items) => items,
        _ => std::slice::from_ref(value),
    };
    list.iter().filter(|node| node.is_mapping())
}

// Values may be secrets, so that only shapes are shown.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Scalar(scalar) => format!("{:?} scalar", scalar.style),
            Kind::Mapping(entries) => format!("mapping of {}", entries.len()),
            Kind::Sequence(items) => format!("sequence of {}", items.len()),
        };
        write!(f, "{kind} at {}..{}", self.span.start, self.span.end)
    }
}
