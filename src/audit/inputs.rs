//! The list of what was looked at, and what became of each.

use std::collections::BTreeMap;

use crate::model::{IGNORE_FILE, Input, InputStatus};
use crate::text::ReadError;

/// Why a copy is skipped.
pub(super) const COPY: &str = "an example or a copy by its name, which no server reads; name it on the command line to have it looked at";

/// What is done with the file of a proxy.
const OF_PROXY: &str = "of the file of a proxy only where it passes connections on is read yet";

/// Inputs by path.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    by_path: BTreeMap<String, Input>,
    /// Files of a database that were not looked at because the tree itself hides them, with the reason.
    hidden: BTreeMap<String, &'static str>,
    /// Where more is hidden than was looked at.
    hides_more: Vec<String>,
}

impl Inputs {
    /// A `.gonogoignore` that hides files.
    pub fn hides(&mut self, path: &str, number: usize) {
        if number > 0 {
            self.parsed(path, IGNORE_FILE, false);
            let files = if number == 1 { "file" } else { "files" };
            self.remark(path, &format!("hides {number} {files}"));
        }
    }

    /// A file that describes a database, or may, and that a `.gonogoignore` hides.
    pub fn hidden(&mut self, path: &str, kind: &str) {
        const REASON: &str = "hidden by .gonogoignore; name it on the command line to have it read";
        self.note_unread(path, kind, InputStatus::Skipped, REASON, false);
        self.hidden.insert(path.to_owned(), REASON);
    }

    /// A link that leads nowhere, or out of what was given, and that may describe a project by its ending.
    pub fn leads_away(&mut self, path: &str) {
        const REASON: &str = "a link to what was not given; name what it leads to, or remove it";
        if [".yml", ".yaml"].iter().any(|ending| path.ends_with(ending)) {
            self.note_unread(path, "", InputStatus::Skipped, REASON, false);
            self.hidden.insert(path.to_owned(), REASON);
        }
    }

    /// A `.gonogoignore` that hides more than was looked at.
    pub fn hides_more(&mut self, path: &str, reason: &str) {
        self.remark(path, reason);
        self.hides_more.push(format!("{path}: {reason}"));
    }

    /// What is hidden was read all the same where a server or a service names it.
    pub fn unhide(&mut self, was_read: impl Fn(&str) -> bool) {
        let read: Vec<String> = self.hidden.keys().filter(|path| was_read(path)).cloned().collect();
        for path in read {
            self.hidden.remove(&path);
            if let Some(input) = self.by_path.get_mut(&path).filter(|input| input.status == InputStatus::Skipped) {
                input.status = InputStatus::Parsed;
                input.reason = None;
            }
        }
    }

    /// What the tree hides and a verdict would have to rest on.
    #[must_use]
    pub fn hidden_from_verdict(&self) -> Vec<String> {
        let hidden = self.hidden.iter().map(|(path, reason)| format!("{path}: {reason}"));
        hidden.chain(self.hides_more.iter().cloned()).collect()
    }

    /// A path that was read in full, as far as is known by now.
    pub fn parsed(&mut self, path: &str, kind: &str, needed: bool) {
        let input = self.entry(path);
        kind.clone_into(&mut input.kind);
        input.needed |= needed;
    }

    /// A path that was looked into without being taken in as text.
    pub fn probed(&mut self, path: &str, kind: &str) {
        let input = self.entry(path);
        kind.clone_into(&mut input.kind);
        input.status = InputStatus::Parsed;
        input.reason = None;
    }

    /// A path that was read up to an error.
    pub fn partial(&mut self, path: &str, reason: &str) {
        let input = self.entry(path);
        if input.status == InputStatus::Parsed {
            input.status = InputStatus::Partial;
            input.reason = Some(reason.to_owned());
        }
    }

    /// A path that was read up to a bound of gonogo's own, which leaves the audit incomplete.
    pub fn bounded(&mut self, path: &str, reason: &str) {
        self.partial(path, reason);
        let input = self.entry(path);
        input.bounded = true;
        if input.reason.as_deref() != Some(reason) && !input.notes.iter().any(|known| known == reason) {
            input.notes.push(reason.to_owned());
        }
    }

    /// A path that could not be read.
    pub fn unreadable(&mut self, path: &str, error: &ReadError, needed: bool) {
        self.note_unread(path, "", InputStatus::Unreadable, &error.to_string(), needed);
    }

    /// A path of a kind that no room reads yet; one that was named leaves the audit incomplete.
    pub fn not_read_yet(&mut self, path: &str, kind: &str, named: bool) {
        self.note_unread(path, kind, InputStatus::Skipped, "this version of gonogo does not read this kind of file yet", named);
    }

    /// A path that was not read, with its reason.
    pub fn note_unread(&mut self, path: &str, kind: &str, status: InputStatus, reason: &str, needed: bool) {
        let input = self.entry(path);
        if !kind.is_empty() {
            kind.clone_into(&mut input.kind);
        }
        input.status = status;
        input.reason = Some(reason.to_owned());
        input.needed |= needed;
    }

    /// A script whose commands were read because a service runs it, or a copy that a service mounts after all; or the file of
    /// a proxy, of which it was read whom it passes on.
    pub fn read_by_a_service(&mut self, path: &str) {
        let is_of_proxy = |input: &&mut Input| input.status == InputStatus::Skipped && input.kind == "nginx.conf";
        if let Some(input) = self.by_path.get_mut(path).filter(is_of_proxy) {
            input.reason = Some(OF_PROXY.to_owned());
        }
        let passed_over = |input: &Input| input.kind == "backup script" || input.reason.as_deref() == Some(COPY);
        let skipped = |input: &&mut Input| input.status == InputStatus::Skipped && passed_over(input);
        if let Some(input) = self.by_path.get_mut(path).filter(skipped) {
            input.status = InputStatus::Parsed;
            input.reason = None;
        }
    }

    /// A remark on a path.
    pub fn remark(&mut self, path: &str, note: &str) {
        let input = self.entry(path);
        if !input.notes.iter().any(|known| known == note) {
            input.notes.push(note.to_owned());
        }
    }

    /// Takes what must not be shown out of everything that is said of the inputs.
    pub fn hide(&mut self, hider: impl Fn(&str) -> Option<String>) {
        for input in self.by_path.values_mut() {
            let texts = std::iter::once(&mut input.path).chain(&mut input.reason).chain(&mut input.notes);
            texts.for_each(|text| *text = hider(text).unwrap_or_else(|| std::mem::take(text)));
        }
    }

    /// Whether a path is listed.
    #[must_use]
    pub fn knows(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// Paths of everything that was read, at least in part.
    pub fn paths(&self) -> impl Iterator<Item = String> + '_ {
        self.by_path.values().filter(|input| input.was_read()).map(|input| input.path.clone())
    }

    /// Every input, sorted by path.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Input> {
        self.by_path.into_values().collect()
    }

    /// Paths that were named or needed and could not be read, and those of which a bound left something unread, with the reason.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let unread =
            |input: &&Input| input.bounded || input.needed && matches!(input.status, InputStatus::Unreadable | InputStatus::Skipped);
        let line = |input: &Input| format!("{}: {}", input.path, input.reason.as_deref().unwrap_or("not read"));
        self.by_path.values().filter(unread).map(line).collect()
    }

    fn entry(&mut self, path: &str) -> &mut Input {
        self.by_path.entry(path.to_owned()).or_insert_with(|| Input {
            path: path.to_owned(),
            kind: String::new(),
            status: InputStatus::Parsed,
            reason: None,
            notes: Vec::new(),
            needed: false,
            bounded: false,
        })
    }
}
