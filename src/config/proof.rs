//! Proof: a non-empty file of the project, whose SHA-256 goes into the report, or a reference that is not fetched.

mod content;

use crate::text::path::{join, shown_text};
use crate::text::{Digest, Files, ReadError, redact_text};

/// What shows that something was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A file of the project.
    File {
        /// Its path as written.
        path: String,
        /// SHA-256 of its bytes, in hexadecimal.
        sha256: String,
    },
    /// A file that is not there, is empty or says nothing: what it was to show is not shown.
    Missing {
        /// Its path as written.
        path: String,
        /// What was found.
        found: String,
    },
    /// A URL or ticket, as it may be shown; nobody looked at it.
    Reference(String),
}

impl Proof {
    /// Finds out what a proof is, of a runbook or of something else: the first of the places that has it decides.
    pub(super) fn find(written: &str, runbook: bool, places: &[(&Files, &str)]) -> Result<Self, String> {
        if is_reference(written) {
            return Ok(Self::Reference(redact_text(written)));
        }
        match digest(written, places) {
            Ok(digest) if digest.size == 0 => Ok(Self::Missing { path: written.to_owned(), found: "an empty file".to_owned() }),
            Ok(digest) => Ok(match wanting(written, runbook, digest.size, places) {
                Some(found) => Self::Missing { path: written.to_owned(), found },
                None => Self::File { path: written.to_owned(), sha256: digest.sha256 },
            }),
            Err(error @ ReadError::Missing) => Ok(Self::Missing { path: written.to_owned(), found: error.to_string() }),
            Err(ReadError::OutsideTree) => Err("a path that leads out of the project".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// As it may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::File { path, .. } | Self::Missing { path, .. } => path,
            Self::Reference(reference) => reference,
        }
    }

    /// SHA-256 of a file.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        match self {
            Self::File { sha256, .. } => Some(sha256),
            Self::Reference(_) | Self::Missing { .. } => None,
        }
    }

    /// What was found in the place of a file.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        match self {
            Self::Missing { found, .. } => Some(found),
            Self::File { .. } | Self::Reference(_) => None,
        }
    }
}

/// Largest file that is looked into: what says nothing is short, and a long runbook has its parts.
const LARGEST_READ: u64 = 4096;
const LARGEST_PLACEHOLDER: u64 = 512;

/// What is wanting in a file that is there; nothing is known of one that is no text.
fn wanting(written: &str, runbook: bool, size: u64, places: &[(&Files, &str)]) -> Option<String> {
    let most = if runbook { LARGEST_READ } else { LARGEST_PLACEHOLDER };
    if size > most {
        return None;
    }
    let look = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
        content::says_nothing(text).or_else(|| if runbook { content::lacks(text) } else { None })
    };
    places.iter().find_map(|(files, folder)| files.probe(&path_in(written, folder), most, look).ok()).flatten()
}

fn path_in(written: &str, folder: &str) -> String {
    let shown = shown_text(written);
    if written.starts_with('/') { shown.to_string() } else { join(folder, &shown) }
}

fn digest(written: &str, places: &[(&Files, &str)]) -> Result<Digest, ReadError> {
    let mut first_error = None;
    for (files, folder) in places {
        match files.digest(&path_in(written, folder)) {
            Ok(digest) => return Ok(digest),
            Err(error) => _ = first_error.get_or_insert(error),
        }
    }
    Err(first_error.unwrap_or(ReadError::Missing))
}

/// Whether it is a URL, or a ticket such as `OPS-123` or `#123`.
fn is_reference(written: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let ticket = |(project, id): (&str, &str)| {
        project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            && number(id)
    };
    let address = |(_, rest): (&str, &str)| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[' || c == '/');
    written.split_once("://").is_some_and(address)
        || written.strip_prefix('#').is_some_and(number)
        || written.split_once('-').is_some_and(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_hashed_and_a_reference_is_not_fetched() {
        let files = Files::in_memory([("shop/docs/restore.log", "ok"), ("shop/empty.log", ""), ("shop/todo.md", "TODO\n")]);
        let find = |written| Proof::find(written, false, &[(&files, "shop")]);
        assert_eq!(find("docs/restore.log").unwrap().sha256().map(str::len), Some(64));
        assert_eq!(find("https://wiki/x?a=1"), Ok(Proof::Reference("https://wiki/x?a=1".to_owned())));
        assert_eq!(find("https://me:hunter2@wiki/x").unwrap().shown(), "https://me:<redacted>@wiki/x");
        assert_eq!(find("OPS-123"), Ok(Proof::Reference("OPS-123".to_owned())));
        assert_eq!(find("empty.log").unwrap().missing(), Some("an empty file"));
        assert_eq!(find("todo.md").unwrap().missing(), Some("a placeholder, `TODO`"));
        let runbook = Proof::find("docs/restore.log", true, &[(&files, "shop")]).unwrap();
        assert_eq!(runbook.missing(), Some("fewer than 20 words, too few for a runbook"));
        assert_eq!(find("docs/missing.log").unwrap().missing(), Some("no such file"));
        assert_eq!(find("../../etc/passwd"), Err("a path that leads out of the project".to_owned()));
        assert_eq!(find("restore-2026").unwrap().missing(), Some("no such file"));
    }
}
