//! The statements of a `postgresql.conf` by place: a file may have as many findings as lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::pg_conf::{Directive, PgConf, Statement, Unreadable};
use crate::text::Span;

/// The statements of a file by place.
pub(super) struct Statements {
    conf: PgConf,
    by_name: BTreeMap<u32, usize>,
    by_value: BTreeMap<u32, usize>,
    names: BTreeSet<String>,
    /// Where the last of the lines stand that say the same of a setting until the end, by lower-case name: from, to.
    repeated: BTreeMap<String, (u32, u32)>,
}

impl Statements {
    pub(super) fn of(conf: PgConf) -> Self {
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
