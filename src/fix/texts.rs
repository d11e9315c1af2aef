//! The texts that changes meet, each parsed once, with what is looked up again and again kept by place: a file may have
//! as many findings as lines.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::formats::pg_conf::{self, Directive, PgConf, Statement, Unreadable};
use crate::formats::yaml::{self, Node};
use crate::model::Instance;
use crate::text::{Files, Source, SourceId, Span};

/// Texts of one run.
pub(super) struct Texts<'f> {
    files: &'f Files,
    shared: BTreeSet<&'f str>,
    confs: RefCell<BTreeMap<SourceId, Arc<Conf>>>,
    yamls: RefCell<BTreeMap<SourceId, Arc<YamlPlaces>>>,
}

impl<'f> Texts<'f> {
    pub(super) fn new(files: &'f Files, instances: &'f [Instance]) -> Self {
        let mut seen = BTreeSet::new();
        let paths = instances.iter().flat_map(|instance| &instance.sources).map(String::as_str);
        let shared = paths.filter(|path| !seen.insert(*path)).collect();
        Self { files, shared, confs: RefCell::default(), yamls: RefCell::default() }
    }

    /// The text that a place lies in.
    pub(super) fn source(&self, span: Span) -> Option<Arc<Source>> {
        self.files.source(span.source)
    }

    /// Whether more than one server reads a text.
    pub(super) fn is_shared(&self, source: &Source) -> bool {
        self.shared.contains(source.path())
    }

    /// A text, read as `postgresql.conf`.
    pub(super) fn conf(&self, source: &Source) -> Arc<Conf> {
        Arc::clone(self.confs.borrow_mut().entry(source.id()).or_insert_with(|| Arc::new(Conf::of(pg_conf::parse(source)))))
    }

    /// A text, read as YAML.
    pub(super) fn yaml(&self, source: &Source) -> Arc<YamlPlaces> {
        Arc::clone(self.yamls.borrow_mut().entry(source.id()).or_insert_with(|| Arc::new(YamlPlaces::of(source))))
    }
}

/// The statements of a file by place.
pub(super) struct Conf {
    conf: PgConf,
    by_name: BTreeMap<u32, usize>,
    by_value: BTreeMap<u32, usize>,
    names: BTreeSet<String>,
    /// Where the last of the lines stand that say the same of a setting until the end, by lower-case name: from, to.
    repeated: BTreeMap<String, (u32, u32)>,
}

impl Conf {
    fn of(conf: PgConf) -> Self {
        let place = |at: fn(&Statement) -> Span| {
            let numbered = conf.statements.iter().enumerate();
            numbered.map(|(number, statement)| (at(statement).start, number)).collect()
        };
        let by_name = place(|statement| statement.name_span);
        let by_value = place(|statement| statement.value_span);
        let names = conf.statements.iter().map(|statement| statement.name.to_ascii_lowercase()).collect();
        let mut last: BTreeMap<String, (&Statement, u32)> = BTreeMap::new();
        for statement in conf.statements.iter().filter(|statement| statement.directive == Directive::Set) {
            let known = last.entry(statement.name.to_ascii_lowercase()).or_insert((statement, statement.name_span.start));
            let same = known.0.name == statement.name && known.0.value == statement.value;
            *known = (statement, if same { known.1 } else { statement.name_span.start });
        }
        let repeated = last.into_iter().map(|(name, (statement, from))| (name, (from, statement.name_span.start))).collect();
        Self { by_name, by_value, names, repeated, conf }
    }

    /// The statement whose name stands at a place.
    pub(super) fn of_name(&self, span: Span) -> Option<&Statement> {
        let found = self.conf.statements.get(*self.by_name.get(&span.start)?)?;
        (found.name_span == span).then_some(found)
    }

    /// The statement whose value stands at a place.
    pub(super) fn of_value(&self, span: Span) -> Option<&Statement> {
        let found = self.conf.statements.get(*self.by_value.get(&span.start)?)?;
        (found.value_span == span).then_some(found)
    }

    /// The statement that stands at a place.
    pub(super) fn of_whole(&self, span: Span) -> Option<&Statement> {
        let found = self.conf.statements.get(*self.by_name.get(&span.start)?)?;
        (found.name_span.to(found.value_span) == span).then_some(found)
    }

    /// The line that cannot be read and that a place lies in.
    pub(super) fn unreadable(&self, span: Span) -> Option<&Unreadable> {
        self.conf.unreadable.iter().find(|line| line.span.contains(span))
    }

    /// Whether some line sets a setting.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.names.contains(&name.to_ascii_lowercase())
    }

    /// Whether what stands behind a statement says of the same setting the very same, and nothing else.
    pub(super) fn is_repeated(&self, statement: &Statement) -> bool {
        let run = self.repeated.get(&statement.name.to_ascii_lowercase());
        run.is_some_and(|(from, to)| (*from..*to).contains(&statement.name_span.start))
    }
}

/// The scalars and the mappings of a YAML text, by place; what stands there through an alias is not among them.
#[derive(Default)]
pub(super) struct YamlPlaces {
    scalars: BTreeMap<(u32, u32), Node>,
    mappings: BTreeMap<(u32, u32), Node>,
}

impl YamlPlaces {
    fn of(source: &Source) -> Self {
        let mut places = Self::default();
        yaml::parse(source).documents.iter().for_each(|document| places.add(document));
        places
    }

    fn add(&mut self, node: &Node) {
        if node.alias.is_some() {
            return;
        }
        if node.text().is_some() {
            self.scalars.insert((node.span.start, node.span.end), node.clone());
        }
        for entry in node.written_entries().unwrap_or_default() {
            if entry.value.is_mapping() && entry.value.alias.is_none() {
                self.mappings.insert((entry.key.span.start, entry.key.span.end), entry.value.clone());
            }
            self.add(&entry.value);
        }
        node.items().unwrap_or_default().iter().for_each(|item| self.add(item));
    }

    /// The scalar that stands exactly at a place.
    pub(super) fn scalar(&self, span: Span) -> Option<&Node> {
        self.scalars.get(&(span.start, span.end))
    }

    /// The mapping whose key stands exactly at a place.
    pub(super) fn mapping(&self, key: Span) -> Option<&Node> {
        self.mappings.get(&(key.start, key.end))
    }
}
