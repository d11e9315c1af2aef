//! From what was named to what it is: walk, open, recognise.

use std::path::Path;
use std::sync::Arc;

use super::inputs::{COPY, Inputs};
use super::kinds::Kinds;
use super::request::Named;
use crate::deployments::compose;
use crate::formats::{Claim, FileKind, Recognised, pem, template, unread};
use crate::model::{IGNORE_FILE, InputStatus};
use crate::text::{Files, Found, ReadError, Source, Walk, path};

/// Why a certificate or key that was named is not looked into.
const NOT_NAMED: &str = "no setting of the given files names it";

/// What a file was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    As(&'static FileKind),
    /// A kind that no room reads yet.
    Unread(&'static str),
    /// Two kinds claim it alike.
    Tie(&'static FileKind, &'static FileKind),
    /// A certificate or key, which is looked into where a server's setting names it, and never read as text.
    Armoured,
}

/// What was found: recognised texts, and how many files of the walk no room recognised.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Recognised texts.
    pub recognised: Recognised,
    /// Files of the walk that no room recognised.
    pub unrecognised: usize,
    /// Compose files that are said to make up one project, in their order.
    pub compose_files: Vec<String>,
}

/// Opens what was named, and tells what each file is.
///
/// `forced` is the kind that `--as` gives to files that were named one by one, and to standard input.
pub fn discover(files: &mut Files, request: &Named, kinds: &Kinds, forced: Option<&'static FileKind>, inputs: &mut Inputs) -> Discovered {
    let mut named: Vec<String> = Vec::new();
    let mut met: Vec<String> = files.memory_paths();
    let mut hidden: Vec<String> = Vec::new();
    if let Some((path, text)) = &request.standard_input {
        match files.add_standard_input(path, text) {
            Ok(()) => named.push(path.clone()),
            Err(error) => inputs.unreadable(path, &error, true),
        }
    }
    for path in &request.paths {
        match files.add_named(path) {
            Ok(Found::File(display)) => named.push(display),
            Ok(Found::Directory(_)) => {
                let walked = walk(files, path, kinds, inputs);
                met.extend(walked.met);
                hidden.extend(walked.hidden);
            }
            Err(error) => {
                let is_pattern = error == ReadError::Missing && path.to_string_lossy().contains(['*', '?', '[']);
                let hint = if is_pattern { "; no file matches the pattern, so the shell has left it as it is" } else { "" };
                inputs.note_unread(&path::shown(path), "", InputStatus::Unreadable, &format!("{error}{hint}"), true);
            }
        }
    }
    let stated: Vec<String> = request.compose_files.iter().filter_map(|path| files.display_of_absolute(&path.to_string_lossy())).collect();
    met.extend(stated.iter().cloned());
    named.sort();
    named.dedup();
    met.sort();
    met.dedup();
    met.retain(|path| named.binary_search(path).is_err());
    hidden.retain(|path| named.binary_search(path).is_err() && met.binary_search(path).is_err());

    let what = |path: &str, head: &str| {
        let is_stated = stated.iter().any(|stated| stated == path);
        if is_stated { Some(Taken::As(&compose::KIND)) } else { recognise(kinds, path, head) }
    };
    let mut found = Discovered::default();
    let of_named = files.read_wanted(&named, |path, head| {
        let recognised = what(path, head);
        // Whatever it is called, a key is not read as text.
        let forced = forced.map(Taken::As).filter(|_| recognised != Some(Taken::Armoured));
        let taken = forced.or(recognised);
        (taken, taken != Some(Taken::Armoured))
    });
    for (path, (taken, read)) in named.iter().zip(of_named) {
        match read {
            Some(Ok(source)) => found.take(path, source, taken.flatten(), Some(kinds), inputs),
            Some(Err(error)) => inputs.unreadable(path, &error, true),
            None => inputs.note_unread(path, "certificate or key", InputStatus::Skipped, NOT_NAMED, true),
        }
    }
    let of_met = files.read_wanted(&met, |path, head| {
        let taken = what(path, head);
        let ours = match taken {
            Some(Taken::As(kind)) => !kind.is_copy(path),
            Some(Taken::Tie(..)) => true,
            _ => false,
        };
        (taken, ours)
    });
    for (path, (taken, read)) in met.iter().zip(of_met) {
        match (taken.flatten(), read) {
            (Some(Taken::As(kind)), None) if kind.is_copy(path) => {
                inputs.note_unread(path, kind.name, InputStatus::Skipped, COPY, false);
            }
            (taken, Some(Ok(source))) => found.take(path, source, taken, None, inputs),
            (taken, Some(Err(error))) => not_readable(path, taken, &error.to_string(), kinds, inputs),
            (Some(Taken::Unread(kind)), None) => inputs.not_read_yet(path, kind, false),
            (_, None) => found.unrecognised += 1,
        }
    }
    recognise_hidden(files, &hidden, kinds, inputs);
    found.compose_files = stated;
    found
}

/// A file that the walk met and that could not be read. One that describes a server leaves the audit incomplete: nobody knows
/// what is in it. Where not even its first bytes were seen, its name says what it is.
fn not_readable(path: &str, taken: Option<Taken>, reason: &str, kinds: &Kinds, inputs: &mut Inputs) {
    let (kind, needed) = match taken.or_else(|| recognise(kinds, path, "")) {
        Some(Taken::As(kind) | Taken::Tie(kind, _)) => (kind.name, kind.describes && !kind.is_copy(path)),
        _ => ("", false),
    };
    inputs.note_unread(path, kind, InputStatus::Unreadable, reason, needed);
}

/// What `.gonogoignore` hides is looked at far enough to tell whether a database is described there.
fn recognise_hidden(files: &Files, hidden: &[String], kinds: &Kinds, inputs: &mut Inputs) {
    let of_hidden = files.read_wanted(hidden, |path, head| (recognise(kinds, path, head), false));
    for (path, (taken, _)) in hidden.iter().zip(of_hidden) {
        let kind = match taken.flatten() {
            Some(Taken::As(kind) | Taken::Tie(kind, _)) if kind.describes && !kind.is_copy(path) => kind.name,
            Some(Taken::Unread(kind)) => kind,
            _ => continue,
        };
        inputs.hidden(path, kind);
    }
}

/// Display paths that a walk met.
struct Walked {
    met: Vec<String>,
    /// Those that a `.gonogoignore` hides.
    hidden: Vec<String>,
}

fn walk(files: &Files, root: &Path, kinds: &Kinds, inputs: &mut Inputs) -> Walked {
    let walk = Walk::of(root, files);
    for ignore_file in &walk.ignore_files {
        inputs.hides(&ignore_file.path, ignore_file.hides);
    }
    for (path, reason) in &walk.not_obeyed {
        inputs.note_unread(path, IGNORE_FILE, InputStatus::Unreadable, &format!("it hides nothing: {reason}"), false);
    }
    if walk.hides_more {
        let reason = "so many files are hidden that not all of them were looked at";
        for ignore_file in walk.ignore_files.iter().filter(|file| file.hides > 0) {
            inputs.hides_more(&ignore_file.path, reason);
        }
    }
    for (path, problem) in walk.problems {
        let display = files.display_path(&path).unwrap_or_default();
        let is_named = path.as_path() == root;
        let display = if is_named { path::shown(&path) } else { display };
        if is_named {
            inputs.note_unread(&display, "", InputStatus::Unreadable, &problem, true);
        } else {
            not_readable(&display, None, &problem, kinds, inputs);
        }
    }
    for (path, problem) in walk.links {
        let display = files.display_path(&path).unwrap_or_default();
        // Its name is all that is known of what it leads to.
        if recognise(kinds, &display, "").is_some() {
            inputs.note_unread(&display, "", InputStatus::Unreadable, problem, false);
        }
        inputs.leads_away(&display);
    }
    let mut met = Vec::with_capacity(walk.files.len());
    for file in walk.files {
        let Some(display) = files.display_path(&file.path) else { continue };
        if file.regular {
            met.push(display);
        } else if recognise(kinds, &display, "").is_some() {
            not_readable(&display, None, &ReadError::NotRegular.to_string(), kinds, inputs);
        }
    }
    let hidden = walk.hidden.iter().filter(|file| file.regular).filter_map(|file| files.display_path(&file.path)).collect();
    Walked { met, hidden }
}

fn recognise(kinds: &Kinds, path: &str, head: &str) -> Option<Taken> {
    if pem::looks_armoured(head) {
        return Some(Taken::Armoured);
    }
    let mut claims: Vec<(Claim, &'static FileKind)> =
        kinds.iter().map(|kind| ((kind.claims)(path, head), kind)).filter(|(claim, _)| *claim > Claim::No).collect();
    // Stable: of equal claims the first kind of the list stays first.
    claims.sort_by_key(|(claim, _)| std::cmp::Reverse(*claim));
    let unread = unread::recognise(path, head).map(Taken::Unread);
    match claims.as_slice() {
        [] => unread,
        // What only looks like one of ours gives way to what is unmistakably something else.
        [(Claim::Maybe, _), ..] if unread.is_some() => unread,
        [(first, a), (second, b), ..] if first == second => Some(Taken::Tie(a, b)),
        [(_, kind), ..] => Some(Taken::As(kind)),
    }
}

impl Discovered {
    fn take(&mut self, path: &str, source: Arc<Source>, taken: Option<Taken>, named: Option<&Kinds>, inputs: &mut Inputs) {
        let is_named = named.is_some();
        let kind = match taken {
            Some(Taken::As(kind)) => kind,
            Some(Taken::Tie(a, b)) => {
                inputs.remark(path, &format!("it looks like {} and like {}; read as {}. Say which with --as", a.name, b.name, a.name));
                a
            }
            Some(Taken::Unread(kind)) => return inputs.not_read_yet(path, kind, is_named),
            Some(Taken::Armoured) => return,
            None if is_named => {
                let kinds = named.map(Kinds::names).unwrap_or_default().join(", ");
                return inputs.note_unread(
                    path,
                    "",
                    InputStatus::Skipped,
                    &format!("neither its name nor its content says what it is; say it with --as ({kinds})"),
                    true,
                );
            }
            None => {
                self.unrecognised += 1;
                return;
            }
        };
        if kind.may_be_template && template::looks_templated(source.text()) {
            return inputs.note_unread(path, kind.name, InputStatus::Skipped, "template: give the rendered file", is_named);
        }
        inputs.parsed(path, kind.name, is_named);
        self.recognised.add(kind, source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_has_one_kind_for_each_file() {
        let kinds = Kinds::of(crate::deployments::ALL, crate::engines::ALL);
        let name = |path: &str, head: &str| match recognise(&kinds, path, head) {
            Some(Taken::As(kind)) => kind.name,
            _ => "",
        };
        assert_eq!(name("data/postgresql.auto.conf", "# Do not edit this file manually!\nwork_mem = '8MB'\n"), "postgresql.auto.conf");
        assert_eq!(name("data/postgresql.conf", "work_mem = 8MB\n"), "postgresql.conf");
        assert_eq!(name("data/pg_hba.conf", "local all all peer\n"), "pg_hba.conf");
        assert_eq!(name("data/pg_ident.conf", "# MAPNAME\n"), "pg_ident.conf");
        assert_eq!(name("data/PG_VERSION", "17\n"), "PG_VERSION");
    }
}
