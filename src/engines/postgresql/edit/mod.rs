//! How the files of a PostgreSQL server are edited.

mod access;
mod correct_access;
mod correct_conf;
mod statements;

use std::sync::Arc;

use crate::formats::pg_conf::edit;
use crate::formats::yaml::edit::YamlPlaces;
use crate::formats::{Editable, pg_conf};
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};
use statements::Statements;

/// Opens a `postgresql.conf`.
pub(super) fn open_conf(source: &Arc<Source>) -> Box<dyn Editable> {
    Box::new(Conf { source: Arc::clone(source), statements: Statements::of(pg_conf::parse(source)) })
}

/// Opens a `postgresql.auto.conf`, which the server writes itself.
pub(super) fn open_auto_conf(source: &Arc<Source>) -> Box<dyn Editable> {
    Box::new(AutoConf { source: Arc::clone(source) })
}

/// Opens a `pg_hba.conf` or `pg_ident.conf`.
pub(super) fn open_access(source: &Arc<Source>) -> Box<dyn Editable> {
    Box::new(Access { source: Arc::clone(source) })
}

/// Opens the configuration of Patroni.
pub(super) fn open_patroni(source: &Arc<Source>) -> Box<dyn Editable> {
    Box::new(Patroni { places: YamlPlaces::of(source), access: Access { source: Arc::clone(source) } })
}

/// Whether records of a kind are lines of access files.
fn is_access(record: &str) -> bool {
    matches!(record, "hba" | "ident")
}

struct Conf {
    source: Arc<Source>,
    statements: Statements,
}

impl Editable for Conf {
    fn set(&self, value_span: Span, value: &str) -> Option<Edit> {
        edit::set_value(value_span, value, &self.source)
    }

    fn uncomment(&self, line: Span, name: &str, value: &str) -> Option<Edit> {
        edit::uncomment(line, name, value, &self.source)
    }

    fn append(&self, end: Span, name: &str, value: &str) -> Option<Edit> {
        edit::append(end, name, value, &self.source)
    }

    fn replace(&self, _: Option<&str>, word: Span, with: &str) -> Option<Edit> {
        self.statements.of_value(word)?;
        edit::set_value(word, with, &self.source)
    }

    fn remove(&self, _: &str, lines: Span) -> Option<Edit> {
        self.statements.of_whole(lines)?;
        edit::remove_line(lines, &self.source)
    }

    fn correct(&self, place: Span, complaint: &Complaint) -> Vec<Edit> {
        correct_conf::correct(&complaint.code, place, complaint, &self.statements, &self.source).into_iter().collect()
    }
}

struct AutoConf {
    source: Arc<Source>,
}

impl Editable for AutoConf {
    fn by_hand(&self, name: &str, value: Option<&str>) -> Option<String> {
        let statement = match value {
            Some(value) => format!("ALTER SYSTEM SET {name} = '{}'", value.replace('\'', "''")),
            None => format!("ALTER SYSTEM RESET {name}"),
        };
        Some(format!("run `{statement}`, since the server writes {} itself", self.source.path()))
    }
}

struct Access {
    source: Arc<Source>,
}

impl Editable for Access {
    fn replace(&self, _: Option<&str>, word: Span, with: &str) -> Option<Edit> {
        access::replace(word, with, &self.source)
    }

    fn remove(&self, _: &str, lines: Span) -> Option<Edit> {
        access::remove(lines, &self.source)
    }

    fn is_for_all_readers(&self, record: &str) -> bool {
        is_access(record)
    }

    fn correct(&self, place: Span, complaint: &Complaint) -> Vec<Edit> {
        let code = complaint.code.as_str();
        let own = code.strip_prefix("hba-").or_else(|| code.strip_prefix("ident-")).unwrap_or(code);
        correct_access::correct(own, place, complaint, &self.source).into_iter().collect()
    }
}

/// Patroni's YAML: lines of access files are texts in it, settings are scalars.
struct Patroni {
    places: YamlPlaces,
    access: Access,
}

impl Editable for Patroni {
    fn replace(&self, record: Option<&str>, word: Span, with: &str) -> Option<Edit> {
        if record.is_some_and(is_access) {
            return self.access.replace(record, word, with);
        }
        self.places.replace(word, with, &self.access.source)
    }

    fn remove(&self, record: &str, lines: Span) -> Option<Edit> {
        if is_access(record) { self.access.remove(record, lines) } else { None }
    }

    fn is_for_all_readers(&self, record: &str) -> bool {
        is_access(record)
    }

    fn correct(&self, place: Span, complaint: &Complaint) -> Vec<Edit> {
        let of_access = complaint.code.starts_with("hba-") || complaint.code.starts_with("ident-");
        if of_access { self.access.correct(place, complaint) } else { Vec::new() }
    }
}
