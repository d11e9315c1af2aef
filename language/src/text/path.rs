//! Paths as text: how a path of the file system is shown, and the way back.
//!
//! A shown path is relative, with forward slashes, and names one file only: bytes that are not UTF-8 are written
//! `\xE9`, and where a name really holds such a word its backslash is written `\x5C`.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::harmless::one_line;

/// A name of the file system as it is shown.
#[must_use]
pub fn shown_name(name: &OsStr) -> Cow<'_, str> {
    match name.to_str() {
        Some(text) => shown_text(text),
        None => Cow::Owned(escape_bytes(name)),
    }
}

/// A path with its root and all its parts, harmless: for messages about a path that a person or gonogo.toml names.
#[must_use]
pub fn shown(path: &Path) -> String {
    one_line(&shown_name(path.as_os_str()))
}

/// A path that a file names, as it is shown: what looks like an escaped byte is meant letter by letter.
#[must_use]
pub fn shown_text(text: &str) -> Cow<'_, str> {
    if escapes(text).next().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 3);
    let mut from = 0;
    for (at, _) in escapes(text) {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str("\\x5C");
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// The way back from [`shown_name`].
#[must_use]
pub fn on_disk(shown: &str) -> Cow<'_, Path> {
    if escapes(shown).next().is_none() {
        return Cow::Borrowed(Path::new(shown));
    }
    let mut bytes = Vec::with_capacity(shown.len());
    let mut from = 0;
    for (at, byte) in escapes(shown) {
        bytes.extend_from_slice(shown.get(from..at).unwrap_or_default().as_bytes());
        bytes.push(byte);
        from = at + 4;
    }
    bytes.extend_from_slice(shown.get(from..).unwrap_or_default().as_bytes());
    Cow::Owned(PathBuf::from(of_bytes(bytes)))
}

/// The parts of a relative path with forward slashes, without `.` and `..`.
#[must_use]
#[cfg(feature = "program")]
pub(super) fn slashes(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(shown_name(name)),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// `base/name`, without a leading slash when `base` is empty.
#[must_use]
pub fn join(base: &str, name: &str) -> String {
    match (base.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => base.to_owned(),
        _ => format!("{base}/{name}"),
    }
}

/// The folder of a shown path; empty at the top.
#[must_use]
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last name of a shown path.
#[must_use]
pub fn name_of(path: &str) -> &str {
    let slash = path.bytes().rposition(|byte| byte == b'/');
    slash.and_then(|slash| path.get(slash + 1..)).unwrap_or(path)
}

/// The path of a name in the folder of a file.
#[must_use]
pub fn beside(file: &str, name: &str) -> String {
    file.rsplit_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/{name}"))
}

/// `path` below the folder shown as `base`, or `None` when it is not below it.
#[must_use]
pub fn strip<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    if base.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(base)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// Removes `.` and resolves `..` by text; `None` when it would leave the tree.
#[must_use]
pub fn normalise(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    Some(if path.starts_with('/') { format!("/{joined}") } else { joined })
}

/// Escaped bytes in a shown path: where each begins, and the byte. Only a byte that UTF-8 text cannot have alone is
/// ever escaped, and the backslash: neither a dot nor a slash can come of an escape.
fn escapes(text: &str) -> impl Iterator<Item = (usize, u8)> {
    text.match_indices("\\x").filter_map(|(at, _)| {
        let digits = text.get(at + 2..at + 4).filter(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F')))?;
        let byte = u8::from_str_radix(digits, 16).ok()?;
        (byte >= 0x80 || byte == b'\\').then_some((at, byte))
    })
}

#[cfg(unix)]
fn escape_bytes(name: &OsStr) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt;
    let mut out = String::new();
    for chunk in name.as_bytes().utf8_chunks() {
        out.push_str(&shown_text(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

#[cfg(not(unix))]
fn escape_bytes(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn of_bytes(bytes: Vec<u8>) -> OsString {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_escaped() {
        for (bytes, expected) in [
            (&b"plain.conf"[..], "plain.conf"),
            (b"caf\xe9.conf", "caf\\xE9.conf"),
            ("café.conf".as_bytes(), "café.conf"),
            (b"caf\\xE9.conf", "caf\\x5CxE9.conf"),
            (b"a\\xe9\\x2E\\x", "a\\xe9\\x2E\\x"),
            (b"\\x5CxE9", "\\x5Cx5CxE9"),
        ] {
            assert_eq!(shown_name(OsStr::from_bytes(bytes)), expected);
            assert_eq!(on_disk(expected).as_os_str().as_bytes(), bytes);
        }
    }

    proptest! {
        #[test]
        fn every_name_has_a_shown_form_of_its_own(bytes in proptest::collection::vec(prop_oneof![Just(b'\\'), Just(b'x'), Just(b'E'), Just(b'9'), Just(b'5'), Just(b'C'), any::<u8>()], 0..24)) {
            let shown = shown_name(OsStr::from_bytes(&bytes));
            let back = on_disk(&shown);
            prop_assert_eq!(back.as_os_str().as_bytes(), bytes.as_slice());
        }
    }
}
