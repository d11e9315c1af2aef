//! The list of users that `auth_file` names.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::problems;
use super::records::{self, Accounts};
use crate::engines::frame::{Paths, Standing};
use crate::formats::userlist::{self, Userlist};
use crate::model::{Datum, Field, Record, RecordSet, SettingState, Subject, Value, Why};
use crate::text::path::{join, shown_text};
use crate::text::{Files, ReadError};
use crate::workloads::{exposure, is_placeholder, is_weak};

/// The list, as far as it was seen.
#[derive(Default)]
pub(super) struct AuthFile {
    list: Option<Userlist>,
    /// Display path of the list, where it was read.
    pub path: Option<String>,
    /// Why it was not read.
    unseen: Option<Why>,
}

impl AuthFile {
    /// Reads what the settings name. A list that was not given is no gap in what was read: it rightly is in no repository.
    pub fn of(subject: &Subject, folder: &str, files: &Files, paths: &Paths<'_>) -> Self {
        match file_of(subject, "auth_file", folder, files, paths) {
            Ok(None) => Self::default(),
            Ok(Some(path)) => match files.read(&path) {
                Ok(source) => Self { list: Some(userlist::parse(&source)), path: Some(path), unseen: None },
                Err(error) => Self { unseen: Some(why_not(&path, &error)), ..Self::default() },
            },
            Err(why) => Self { unseen: Some(why), ..Self::default() },
        }
    }

    /// Adds its users and its problems to a subject; a password that repeats its user or one of the databases is guessed.
    pub fn add(&self, subject: &mut Subject, files: &Files, databases: &[&str]) {
        let judge = |name: &str, text: &str| {
            let placeholder = is_placeholder("password", text);
            (!placeholder && is_weak(text, databases.iter().copied().chain([name])), placeholder)
        };
        let path = self.path.as_deref().unwrap_or("");
        let exposed = self.path.as_deref().map_or_else(Field::absent, |path| exposure(path, files));
        let accounts = Accounts { list: self.list.as_ref(), path, exposed, judge: &judge };
        let rows = records::users(&accounts, subject);
        let problems = self.list.iter().flat_map(|list| &list.diagnostics).map(problems::of_list);
        let problems: Vec<Arc<Record>> = problems.map(Arc::new).collect();
        let set = subject.records.entry("problem").or_default();
        set.rows.extend(problems);
        if let Some(why) = &self.unseen {
            set.rows.push(Arc::new(unseen_list(why.clone())));
        }
        subject.records.insert("user", RecordSet { rows, incomplete: self.unseen.clone() });
    }

    /// How many users there are, or why that is not known.
    pub fn counted(&self) -> Result<usize, Why> {
        match (&self.list, &self.unseen) {
            (Some(list), _) => Ok(list.users.iter().map(|user| user.name.as_str()).collect::<BTreeSet<_>>().len()),
            (None, Some(why)) => Err(why.clone()),
            (None, None) => Err(Why::new("no auth_file lists the users")),
        }
    }
}

/// The display path of a file that a setting names; none where it names none.
pub(super) fn file_of(subject: &Subject, setting: &str, folder: &str, files: &Files, paths: &Paths<'_>) -> Result<Option<String>, Why> {
    let written = match subject.settings.get(setting) {
        Some(SettingState::Known(setting)) => setting.value.as_text().unwrap_or(""),
        Some(SettingState::Unknown(why)) => return Err(why.clone()),
        _ => "",
    };
    if written.is_empty() {
        return Ok(None);
    }
    if written.starts_with('/') {
        return match paths.find(written) {
            Standing::Here(display) => Ok(Some(display)),
            Standing::Unseen(why) => Err(why),
            Standing::Inside | Standing::Inline(..) => Err(Why::new(format!("{written} is inside the image or on a volume"))),
        };
    }
    // It counts from the folder in which the program is started; a file of that name beside the main one is taken.
    let beside = join(folder, &shown_text(written));
    if files.exists(&beside) == Ok(true) { Ok(Some(beside)) } else { Err(Why::new(format!("{written} was not given"))) }
}

/// Why a file that is named could not be read.
pub(super) fn why_not(path: &str, error: &ReadError) -> Why {
    match error {
        ReadError::Missing => Why::new(format!("{path} is not there")),
        error => Why::new(format!("{path} could not be read: {error}")),
    }
}

/// A stand-in for the problems of a list that was not seen.
fn unseen_list(why: Why) -> Record {
    let codes = ["broken-user-list", "none"].into_iter().map(Value::text).collect();
    let field = Field { datum: Datum::Among(codes, Box::new(why)), span: None, origin: None, record: None };
    Record::new("problem", "unseen", None).with("code", field)
}
