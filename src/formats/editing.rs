//! How a text of some kind is edited: by whoever knows its grammar, and so that it is still read afterwards.

use std::sync::Arc;

use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// Opens a text for editing.
pub type Open = fn(&Arc<Source>) -> Box<dyn Editable>;

/// A text that was read once, to be edited at many places. What a kind of file has no way to write, it leaves out.
pub trait Editable {
    /// Gives the setting whose value is at a place another value.
    fn set(&self, value_span: Span, value: &str) -> Option<Edit> {
        let _ = (value_span, value);
        None
    }

    /// Takes the comment sign from a line, and gives the setting on it a value.
    fn uncomment(&self, line: Span, name: &str, value: &str) -> Option<Edit> {
        let _ = (line, name, value);
        None
    }

    /// Adds a setting behind the last line that says something.
    fn append(&self, end: Span, name: &str, value: &str) -> Option<Edit> {
        let _ = (end, name, value);
        None
    }

    /// Gives a key of the workload whose name is at a place a value.
    fn set_key(&self, workload: Span, key: &str, value: &str) -> Option<Edit> {
        let _ = (workload, key, value);
        None
    }

    /// Puts another word in the place of one. `record` is the kind of record that the word is of.
    fn replace(&self, record: Option<&str>, word: Span, with: &str) -> Option<Edit> {
        let _ = (record, word, with);
        None
    }

    /// Takes out the lines of a record.
    fn remove(&self, record: &str, lines: Span) -> Option<Edit> {
        let _ = (record, lines);
        None
    }

    /// Whether the lines of such a record may be taken out only where one server reads them: what decides nothing for
    /// one may decide for another.
    fn is_for_all_readers(&self, record: &str) -> bool {
        let _ = record;
        false
    }

    /// Repairs a place as the complaint about it says.
    fn correct(&self, place: Span, complaint: &Complaint) -> Vec<Edit> {
        let _ = (place, complaint);
        Vec::new()
    }

    /// What a person does instead, where the server writes the file itself: gives a setting a value, or takes it out.
    fn by_hand(&self, name: &str, value: Option<&str>) -> Option<String> {
        let _ = (name, value);
        None
    }
}
