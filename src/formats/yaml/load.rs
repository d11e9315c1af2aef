//! From the parser's events to the tree, within bounds.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, Placement, ScalarStyle, options};

use super::error::{conflict_marker, not_utf8, syntax_error};
use super::{Entry, Kind, Node, Scalar, Style, Tag, Yaml, template};
use crate::formats::{Comment, Diagnostic};
use crate::model::bounds::MOST_COPIED;
use crate::text::{Source, Span};

/// Levels of nesting, aliases followed; a tree of this height is safe to walk by recursion.
const DEEPEST: u16 = 512;

/// Nodes that all aliases of a file may add to a walk; real files stay far below a thousand.
const MOST_ALIASED: u64 = 400_000;

/// Keys that repeat, of one file, that are reported.
const MOST_DUPLICATES: usize = 200;

/// Broken documents of one file that are reported; a file with more is no YAML.
const MOST_ERRORS: usize = 20;

/// Reads a YAML text. Nothing in it can make this fail or take long.
#[must_use]
pub fn parse(source: &Source) -> Yaml {
    let mut options = options! { emit_anchor_events: true, emit_unresolved_aliases: true };
    options.max_buffered_comment_events = usize::MAX;
    let mut parser = Parser::new_from_str_with_options(source.text(), options);
    let mut loader = Loader::new(source);
    let conflict = conflict_marker(source);
    if let Some(diagnostic) = not_utf8(source) {
        loader.yaml.broken_at = Some(diagnostic.span);
        loader.yaml.diagnostics.push(diagnostic);
    }
    loop {
        match parser.next_event() {
            Some(Ok((event, span))) => loader.event(event, &span),
            Some(Err(error)) => {
                let diagnostic = syntax_error(source, &error, conflict);
                loader.yaml.broken_at.get_or_insert(diagnostic.span);
                source.distrust();
                loader.break_off();
                // One conflict makes one problem, however many lines of it the parser stumbles over.
                if !loader.yaml.diagnostics.iter().any(|known| known.span == diagnostic.span) {
                    loader.yaml.diagnostics.push(diagnostic);
                }
                if loader.yaml.diagnostics.len() >= MOST_ERRORS || !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
            None => break,
        }
    }
    loader.finish()
}

/// A collection that is still open.
struct Open {
    mapping: bool,
    span: Span,
    tag: Option<Tag>,
    anchor: usize,
    entries: Vec<Entry>,
    items: Vec<Node>,
    key: Option<Node>,
    /// How many nodes a walk would meet in what was left out.
    left_out: u32,
}

struct Loader<'s> {
    source: &'s Source,
    yaml: Yaml,
    open: Vec<Open>,
    /// Anchored nodes that are complete, by the parser's number and by name. Names live on in later documents.
    by_number: HashMap<usize, Node>,
    by_name: HashMap<String, Node>,
    names: HashMap<usize, String>,
    aliased: u64,
    copied: u64,
}

impl<'s> Loader<'s> {
    fn new(source: &'s Source) -> Self {
        Self {
            source,
            yaml: Yaml::default(),
            open: Vec::new(),
            by_number: HashMap::new(),
            by_name: HashMap::new(),
            names: HashMap::new(),
            aliased: 0,
            copied: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) {
        let span = self.span(place);
        match event {
            Event::Comment(_, placement) => self.yaml.comments.push(Comment { span, trailing: placement == Placement::Right }),
            Event::Scalar(value, style, anchor, tag) => {
                let bulk = 1u32.saturating_add(u32::try_from(value.len() / 64).unwrap_or(u32::MAX));
                let kind = Kind::Scalar(Scalar {
                    value: if tag.is_none() && span.start == span.end { Arc::from("") } else { Arc::from(&*value) },
                    style: style_of(style),
                });
                self.complete(Node { kind, span, tag: self.tag(tag.is_some(), place), alias: None, weight: 1, height: 1, bulk }, anchor);
            }
            Event::SequenceStart(_, anchor, tag) => self.start(false, span, self.tag(tag.is_some(), place), anchor),
            Event::MappingStart(_, anchor, tag) => self.start(true, span, self.tag(tag.is_some(), place), anchor),
            Event::SequenceEnd | Event::MappingEnd => self.end(Some(span)),
            Event::Alias(anchor) => self.alias(self.by_number.get(&anchor).cloned(), span),
            Event::UnresolvedAlias(name) => self.alias(self.by_name.get(&*name).cloned(), span),
            Event::Anchor(anchor, name) => {
                if let Some(node) = self.by_number.get(&anchor) {
                    self.by_name.insert(name.to_string(), node.clone());
                }
                self.names.insert(anchor, name.into_owned());
            }
            _ => {}
        }
    }

    fn start(&mut self, mapping: bool, span: Span, tag: Option<Tag>, anchor: usize) {
        // The parser may use a number again in a later document.
        self.by_number.remove(&anchor);
        self.names.remove(&anchor);
        self.open.push(Open { mapping, span, tag, anchor, entries: Vec::new(), items: Vec::new(), key: None, left_out: 0 });
    }

    fn end(&mut self, end: Option<Span>) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let children = open.entries.iter().flat_map(|entry| [&entry.key, &entry.value]).chain(&open.items);
        let start = (1u32.saturating_add(open.left_out), 0u16, 1u32, open.span.start);
        let (weight, height, bulk, last) = children.fold(start, |(weight, height, bulk, last), child| {
            let (weight, bulk) = (weight.saturating_add(child.weight), bulk.saturating_add(child.bulk));
            (weight, height.max(child.height), bulk, last.max(child.place().end))
        });
        // A flow collection ends with its bracket; a block ends with its last child, not with the comments after it.
        let bracket = end.filter(|end| end.start < end.end).map_or(last, |end| end.end);
        let span = Span { end: bracket.max(last), ..open.span };
        if open.mapping {
            self.report_duplicates(&open.entries);
            self.report_merges(&open.entries);
        }
        let kind = if open.mapping { Kind::Mapping(open.entries.into()) } else { Kind::Sequence(open.items.into()) };
        self.complete(Node { kind, span, tag: open.tag, alias: None, weight, height: height.saturating_add(1), bulk }, open.anchor);
    }

    /// Puts a complete node where it belongs.
    fn complete(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            if let Some(name) = self.names.get(&anchor).filter(|_| !matches!(node.kind, Kind::Scalar(_))) {
                self.by_name.insert(name.clone(), node.clone());
            }
            self.by_number.insert(anchor, node.clone());
        }
        self.place(node);
    }

    fn place(&mut self, mut node: Node) {
        match self.open.last_mut() {
            None => self.yaml.documents.push(node),
            Some(open) if !open.mapping => open.items.push(node),
            Some(open) => match open.key.take() {
                None => open.key = Some(node),
                Some(key) => {
                    if node.span.start == node.span.end && node.alias.is_none() {
                        // Nothing is written after the colon: the place of nothing is the end of its key.
                        let end = key.place().end;
                        node.span = Span { start: end, end, ..node.span };
                    }
                    open.entries.push(Entry { key, value: node });
                }
            },
        }
    }

    fn alias(&mut self, target: Option<Node>, span: Span) {
        let name = self.source.slice(span).to_owned();
        let Some(target) = target else {
            let open = self.open.iter().any(|open| self.names.get(&open.anchor).is_some_and(|known| name.get(1..) == Some(known)));
            let (message, expected) = if open {
                (format!("`{name}` is inside the very node that it names"), "an anchor that is complete before it is used")
            } else {
                (
                    format!("there is no anchor `&{}` above this alias", name.trim_start_matches('*')),
                    "the anchor in the same file, before the alias",
                )
            };
            return self.refuse("yaml-unknown-alias", span, message, expected);
        };
        self.aliased += u64::from(target.weight);
        let deep = self.open.len().saturating_add(usize::from(target.height)) > usize::from(DEEPEST);
        if deep || self.aliased > MOST_ALIASED {
            let message = format!("the aliases of this file unfold to more than {MOST_ALIASED} values, or to more than {DEEPEST} levels");
            return self.refuse("yaml-alias-bound", span, message, "aliases that do not multiply each other");
        }
        let copied = self.copied.saturating_add(u64::from(target.bulk));
        if copied > MOST_COPIED && self.leave_out(target.weight) {
            self.yaml.cut_at.get_or_insert(span);
            return;
        }
        self.copied = copied;
        self.place(Node { alias: Some(span), ..target });
    }

    /// Leaves out the item or the value that would come next, the latter with its key.
    fn leave_out(&mut self, weight: u32) -> bool {
        let Some(open) = self.open.last_mut().filter(|open| !open.mapping || open.key.is_some()) else { return false };
        open.key = None;
        open.left_out = open.left_out.saturating_add(weight);
        true
    }

    /// Puts a null where an alias cannot be followed, and says so.
    fn refuse(&mut self, code: &'static str, span: Span, message: String, expected: &'static str) {
        let known = self.yaml.diagnostics.iter().filter(|known| known.code == code).count();
        if known < MOST_ERRORS && !(code == "yaml-alias-bound" && known > 0) {
            let message = format!("{message}; expected {expected}");
            let expected = Some(expected.to_owned());
            self.yaml.diagnostics.push(Diagnostic { code, span, message, found: None, expected, related: Vec::new(), fatal: true });
        }
        let kind = Kind::Scalar(Scalar { value: Arc::from(""), style: Style::Plain });
        self.place(Node { kind, span, tag: None, alias: Some(span), weight: 1, height: 1, bulk: 1 });
    }

    fn report_duplicates(&mut self, entries: &[Entry]) {
        let mut seen: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
        for entry in entries {
            let Some(key) = entry.key.text() else {
                continue;
            };
            if let Some(first) = seen.get(key) {
                if self.yaml.diagnostics.len() >= MOST_DUPLICATES {
                    return;
                }
                self.yaml.diagnostics.push(Diagnostic {
                    code: "yaml-duplicate-key",
                    span: entry.key.span,
                    message: format!("the key `{key}` occurs twice in one mapping; keep one of the two"),
                    found: Some(key.to_owned()),
                    expected: Some("each key once".to_owned()),
                    related: vec![(*first, "first written here".to_owned())],
                    fatal: false,
                });
            } else {
                seen.insert(key, entry.key.span);
            }
        }
    }

    fn report_merges(&mut self, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| entry.is_merge()) {
            let mergeable = match &entry.value.kind {
                Kind::Mapping(_) => true,
                Kind::Sequence(items) => items.iter().all(Node::is_mapping),
                Kind::Scalar(_) => entry.value.alias.is_some_and(|alias| self.refused(alias)),
            };
            if !mergeable {
                self.yaml.diagnostics.push(Diagnostic {
                    code: "yaml-merge-value",
                    span: entry.key.span.to(entry.value.place()),
                    message:
                        "`<<` takes over the keys of a mapping, and there is none here; expected an alias of a mapping, or a list of them"
                            .to_owned(),
                    found: None,
                    expected: Some("an alias of a mapping, or a list of them".to_owned()),
                    related: Vec::new(),
                    fatal: true,
                });
            }
        }
    }

    /// Whether an alias at this place was refused, which is problem enough.
    fn refused(&self, span: Span) -> bool {
        self.yaml.diagnostics.iter().any(|known| known.span == span)
    }

    /// Closes what is open where the text breaks off.
    fn break_off(&mut self) {
        while let Some(open) = self.open.last_mut() {
            open.key = None;
            self.end(None);
        }
    }

    fn finish(mut self) -> Yaml {
        self.yaml.comments.sort_by_key(|comment| comment.span.start);
        self.yaml.template = if self.yaml.broken_at.is_some() {
            template::in_broken_text(self.source)
        } else {
            self.yaml.documents.iter().find_map(|document| template::in_tree(self.source, document))
        };
        self.yaml
    }

    fn span(&self, place: &granit_parser::Span) -> Span {
        let range = place.byte_range().unwrap_or(0..0);
        self.source.span(range.start, range.end)
    }

    fn tag(&self, tagged: bool, place: &granit_parser::Span) -> Option<Tag> {
        let span = self.span(&place.tag_span().filter(|_| tagged)?);
        Some(Tag { text: Arc::from(self.source.slice(span)), span })
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
