//! Tests of the walk to a place: which links are followed, and which are refused.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::symlink;

use super::*;

/// A machine with a tree under review and, beside it, folders of its own.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["tree/db", "own/reports"] {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        fs::write(machine.path("tree/file"), "").unwrap();
        machine
    }

    /// Without the links of the folder for temporary files itself.
    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    fn link(&self, path: &str, target: impl AsRef<Path>) {
        symlink(target, self.path(path)).unwrap();
    }

    /// Where a path leads, from the folder of the machine.
    fn find(&self, path: &str) -> Result<String, WriteError> {
        let grounds = Grounds::around([self.path("tree").as_path()]);
        let found = Place::find(&self.path("").join(path), &grounds)?;
        Ok(found.real().strip_prefix(self.path("")).unwrap().display().to_string())
    }

    fn refused(&self, link: &str) -> Result<String, WriteError> {
        Err(WriteError::FolderLink(self.path(link).display().to_string()))
    }
}

#[test]
fn folders_are_walked_and_the_last_part_is_not() {
    let machine = Machine::new();
    assert_eq!(machine.find("tree/a").as_deref(), Ok("tree/a"));
    assert_eq!(machine.find("tree/./db/../a").as_deref(), Ok("tree/a"));
    machine.link("tree/link", "nowhere");
    assert_eq!(machine.find("tree/link").as_deref(), Ok("tree/link"));
}

#[test]
fn what_names_no_file_is_told() {
    let machine = Machine::new();
    for path in ["tree/", "tree/a/", "tree/.", "tree/.."] {
        assert_eq!(machine.find(path), Err(WriteError::Directory), "{path}");
    }
    for path in ["", ".", "/", ".."] {
        let found = Place::find(Path::new(path), &Grounds::default()).map(|place| place.real());
        assert_eq!(found, Err(WriteError::Directory), "{path}");
    }
    let shown = |path: &str| machine.path(path).display().to_string();
    assert_eq!(machine.find("tree/no/such/a"), Err(WriteError::NoFolder(shown("tree/no"))));
    assert_eq!(machine.find("tree/file/a"), Err(WriteError::NotFolder(shown("tree/file"))));
}

#[test]
fn links_of_the_tree_are_refused_wherever_they_lead() {
    let machine = Machine::new();
    machine.link("tree/inside", "db");
    machine.link("tree/outside", machine.path("own"));
    machine.link("tree/db/up", "..");
    machine.link("tree/nowhere", "no/such");
    machine.link("tree/self", "self");
    for link in ["tree/inside", "tree/outside", "tree/nowhere", "tree/self"] {
        assert_eq!(machine.find(&format!("{link}/a")), machine.refused(link));
    }
    assert_eq!(machine.find("tree/db/up/a"), machine.refused("tree/db/up"));
    assert_eq!(machine.find("tree/outside/reports/a"), machine.refused("tree/outside"));
    assert_eq!(machine.find("tree/outside/../tree/a"), machine.refused("tree/outside"));
    assert_eq!(machine.find("own/../tree/inside/a"), machine.refused("own/../tree/inside"));
}

#[test]
fn links_of_the_machine_are_followed() {
    let machine = Machine::new();
    machine.link("to-own", "own");
    machine.link("to-reports", "to-own/reports");
    machine.link("absolute", machine.path("own/reports"));
    assert_eq!(machine.find("to-own/reports/a").as_deref(), Ok("own/reports/a"));
    assert_eq!(machine.find("to-reports/a").as_deref(), Ok("own/reports/a"));
    assert_eq!(machine.find("to-reports/../a").as_deref(), Ok("own/a"));
    assert_eq!(machine.find("absolute/a").as_deref(), Ok("own/reports/a"));
    machine.link("circle", "circle");
    assert_eq!(machine.find("circle/a"), machine.refused("circle"));
}

#[test]
fn a_link_of_the_machine_may_lead_over_a_link_of_the_tree() {
    let machine = Machine::new();
    machine.link("tree/reports", machine.path("own"));
    machine.link("latest", "tree/reports/reports");
    assert_eq!(machine.find("latest/a"), machine.refused("latest"));
    machine.link("into", "tree/db");
    assert_eq!(machine.find("into/a").as_deref(), Ok("tree/db/a"));
}

#[test]
fn every_working_copy_is_under_review() {
    let machine = Machine::new();
    machine.link("own/link", "reports");
    assert_eq!(machine.find("own/link/a").as_deref(), Ok("own/reports/a"));
    fs::write(machine.path("own/.git"), "gitdir: elsewhere\n").unwrap();
    assert_eq!(machine.find("own/link/a"), machine.refused("own/link"));
}

#[test]
fn a_folder_that_is_exchanged_after_it_was_opened_changes_nothing() {
    let machine = Machine::new();
    let grounds = Grounds::around([machine.path("tree").as_path()]);
    let place = Place::find(&machine.path("tree/db/a"), &grounds).unwrap();
    fs::rename(machine.path("tree/db"), machine.path("tree/was")).unwrap();
    machine.link("tree/db", machine.path("own"));
    crate::text::files::replace::put(&place, b"text", &crate::text::files::replace::Over::Nothing).unwrap();
    assert_eq!(fs::read_to_string(machine.path("tree/was/a")).unwrap(), "text");
    assert!(!machine.path("own/a").exists());
}

/// Exchanges two names again and again, until what is done meanwhile is done.
#[cfg(target_os = "linux")]
fn while_exchanging(one: &Path, two: &Path, work: impl FnOnce()) {
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                renameat_with(CWD, one, CWD, two, RenameFlags::EXCHANGE).unwrap();
            }
        });
        work();
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn nobody_is_quick_enough_to_lead_a_write_through_a_link() {
    use crate::text::files::replace::{Over, put};
    let machine = Machine::new();
    let grounds = Grounds::around([machine.path("tree").as_path()]);
    let write = |path: &str| put(&Place::find(&machine.path(path), &grounds)?, b"text", &Over::File(&|_| true));
    // The folder is a link at times.
    machine.link("tree/other", machine.path("own"));
    let mut written = 0;
    while_exchanging(&machine.path("tree/db"), &machine.path("tree/other"), || {
        // On a busy machine the folder may be a link at each of many tries.
        for tried in 0..10_000 {
            if tried >= 100 && written > 0 {
                break;
            }
            match write("tree/db/a") {
                Ok(()) => written += 1,
                Err(error) => assert!(matches!(error, WriteError::FolderLink(_) | WriteError::NotFolder(_)), "{error}"),
            }
        }
    });
    assert!(written > 0);
    // The file is one at times.
    fs::write(machine.path("own/victim"), "mine").unwrap();
    machine.link("tree/link", machine.path("own/victim"));
    while_exchanging(&machine.path("tree/file"), &machine.path("tree/link"), || {
        for _ in 0..100 {
            // What was a file, was a link and is a file is left alone as well.
            let _ = write("tree/file");
        }
    });
    assert_eq!(fs::read_to_string(machine.path("own/victim")).unwrap(), "mine");
    assert_eq!(fs::read_dir(machine.path("own")).unwrap().count(), 2);
}
