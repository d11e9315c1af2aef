//! Tests of replacing a file: what stays, what is refused, what is left behind.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{XattrFlags, getxattr, mkfifoat, setxattr};

use super::*;
use crate::text::files::place::Grounds;

struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    /// A folder with one file.
    fn new() -> Self {
        let ground = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(ground.path("a"), "old").unwrap();
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, over: &Over<'_>) -> Result<(), WriteError> {
        let grounds = Grounds::around([self.folder.path()]);
        put(&Place::find(&self.path(name), &grounds)?, b"new", over)
    }

    fn replace(&self, name: &str) -> Result<(), WriteError> {
        self.put(name, &Over::File(&|_| true))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap().mode() & 0o7777
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_file_is_made_or_replaced_and_nothing_is_left_beside_it() {
    let ground = Ground::new();
    ground.replace("a").unwrap();
    ground.replace("b").unwrap();
    ground.put("c", &Over::Nothing).unwrap();
    assert_eq!((ground.read("a"), ground.read("b"), ground.read("c")), ("new".into(), "new".into(), "new".into()));
    assert_eq!(ground.names(), ["a", "b", "c"]);
    // What is made gets the mode that any program would give it.
    fs::write(ground.path("d"), "").unwrap();
    assert_eq!(ground.mode("b"), ground.mode("d"));
    assert_eq!(ground.mode("c"), ground.mode("d"));
}

#[test]
fn what_is_there_stays_where_nothing_may_be_there() {
    let ground = Ground::new();
    symlink("nowhere", ground.path("dangling")).unwrap();
    fs::create_dir(ground.path("folder")).unwrap();
    for name in ["a", "dangling", "folder"] {
        assert_eq!(ground.put(name, &Over::Nothing), Err(WriteError::Exists), "{name}");
    }
    assert_eq!((ground.read("a"), ground.names().len()), ("old".into(), 3));
    // Also what came in between.
    let place = Place::find(&ground.path("late"), &Grounds::default()).unwrap();
    let temporary = Temporary::create(&place.folder, false).unwrap();
    fs::write(ground.path("late"), "mine").unwrap();
    assert_eq!(temporary.rename_new(&place).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!((ground.read("late"), ground.names().len()), ("mine".into(), 4));
}

#[test]
fn only_regular_files_are_replaced() {
    let ground = Ground::new();
    symlink("a", ground.path("link")).unwrap();
    symlink("nowhere", ground.path("dangling")).unwrap();
    symlink(".", ground.path("to-folder")).unwrap();
    fs::create_dir(ground.path("folder")).unwrap();
    mkfifoat(rustix::fs::CWD, ground.path("fifo"), rustix::fs::Mode::RWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(ground.path("socket")).unwrap();
    let before = ground.names();
    for (name, error) in [
        ("link", WriteError::Link),
        ("dangling", WriteError::Link),
        ("to-folder", WriteError::Link),
        ("folder", WriteError::Directory),
        ("fifo", WriteError::NotRegular),
        ("socket", WriteError::NotRegular),
    ] {
        assert_eq!(ground.replace(name), Err(error.clone()), "{name}");
        assert_eq!(ground.put(name, &Over::Text(b"old")), Err(error), "{name}");
    }
    assert_eq!((ground.read("a"), ground.names()), ("old".into(), before));
    let null = Place::find(Path::new("/dev/null"), &Grounds::default()).unwrap();
    assert_eq!(put(&null, b"new", &Over::File(&|_| true)), Err(WriteError::NotRegular));
}

#[test]
fn only_the_text_that_was_read_is_replaced() {
    let ground = Ground::new();
    for other in ["", "ol", "old ", "Old"] {
        assert_eq!(ground.put("a", &Over::Text(other.as_bytes())), Err(WriteError::Changed), "{other}");
    }
    assert_eq!(ground.put("missing", &Over::Text(b"")), Err(WriteError::Changed));
    assert_eq!((ground.read("a"), ground.names()), ("old".into(), vec!["a".to_owned()]));
    ground.put("a", &Over::Text(b"old")).unwrap();
    assert_eq!(ground.read("a"), "new");
}

#[test]
fn further_names_keep_the_old_text_or_forbid_the_new_one() {
    let ground = Ground::new();
    fs::hard_link(ground.path("a"), ground.path("b")).unwrap();
    assert_eq!(ground.put("a", &Over::Text(b"old")), Err(WriteError::HardLink));
    ground.replace("a").unwrap();
    assert_eq!((ground.read("a"), ground.read("b")), ("new".into(), "old".into()));
}

#[test]
fn permission_bits_stay_and_what_gives_rights_to_others_does_not() {
    let ground = Ground::new();
    for (mode, kept) in [(0o600, 0o600), (0o664, 0o664), (0o777, 0o777), (0o4755, 0o755), (0o2775, 0o775), (0o1644, 0o644)] {
        fs::set_permissions(ground.path("a"), PermissionsExt::from_mode(mode)).unwrap();
        ground.replace("a").unwrap();
        assert_eq!(ground.mode("a"), kept, "{mode:o}");
    }
    fs::set_permissions(ground.path("a"), PermissionsExt::from_mode(0o444)).unwrap();
    assert_eq!(ground.replace("a"), Err(WriteError::ReadOnly));
}

#[test]
fn the_owner_stays() {
    let ground = Ground::new();
    if std::os::unix::fs::chown(ground.path("a"), Some(12), Some(34)).is_err() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    ground.replace("a").unwrap();
    let metadata = fs::metadata(ground.path("a")).unwrap();
    assert_eq!((metadata.uid(), metadata.gid(), ground.mode("a")), (12, 34, metadata.mode() & 0o777));
}

fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 1024];
    let size = getxattr(path, name, value.as_mut_slice()).ok()?;
    value.truncate(size);
    Some(value)
}

/// An access list: the owner, account 1234, the group, the mask, everybody else.
fn access_list(permissions: [u16; 5]) -> Vec<u8> {
    let entries = [(1_u16, u32::MAX), (2, 1234), (4, u32::MAX), (16, u32::MAX), (32, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for ((tag, id), may) in entries.into_iter().zip(permissions) {
        list.extend([tag.to_le_bytes(), may.to_le_bytes()].concat());
        list.extend(id.to_le_bytes());
    }
    list
}

#[test]
fn attributes_stay() {
    let ground = Ground::new();
    let long = vec![b'x'; 900];
    for (name, value) in [("user.origin", b"ansible".as_slice()), ("user.empty", b""), ("user.long", &long)] {
        if setxattr(ground.path("a"), name, value, XattrFlags::empty()).is_err() {
            eprintln!("skipped: this file system has no attributes");
            return;
        }
    }
    for over in [Over::File(&|_| true), Over::Text(b"new")] {
        ground.put("a", &over).unwrap();
        assert_eq!(attribute(&ground.path("a"), "user.origin").as_deref(), Some(b"ansible".as_slice()));
        assert_eq!(attribute(&ground.path("a"), "user.empty").as_deref(), Some(b"".as_slice()));
        assert_eq!(attribute(&ground.path("a"), "user.long"), Some(long.clone()));
    }
}

#[test]
fn access_lists_stay_and_none_comes_from_the_folder() {
    let ground = Ground::new();
    let (list, inherited) = (access_list([6, 4, 4, 4, 0]), access_list([7, 7, 7, 7, 0]));
    if setxattr(ground.path("a"), "system.posix_acl_access", &list, XattrFlags::empty()).is_err() {
        eprintln!("skipped: this file system has no access lists");
        return;
    }
    fs::write(ground.path("plain"), "old").unwrap();
    fs::set_permissions(ground.path("plain"), PermissionsExt::from_mode(0o640)).unwrap();
    setxattr(ground.folder.path(), "system.posix_acl_default", &inherited, XattrFlags::empty()).unwrap();
    ground.replace("a").unwrap();
    assert_eq!((attribute(&ground.path("a"), "system.posix_acl_access"), ground.mode("a")), (Some(list), 0o640));
    ground.replace("plain").unwrap();
    assert_eq!((attribute(&ground.path("plain"), "system.posix_acl_access"), ground.mode("plain")), (None, 0o640));
    // A file that is new gets what the folder hands down, as from any program.
    ground.replace("made").unwrap();
    assert!(attribute(&ground.path("made"), "system.posix_acl_access").is_some());
}

#[test]
fn an_attribute_that_cannot_be_kept_is_named() {
    let ground = Ground::new();
    // A place for temporary files in memory, and an attribute that other file systems do not take.
    let Ok(elsewhere) = tempfile::tempfile_in("/dev/shm") else { return };
    fs::write(ground.path("b"), "").unwrap();
    let kept = |name: &str| {
        setxattr(ground.path("a"), name, b"1", XattrFlags::empty()).ok()?;
        Some(attributes::keep(&File::open(ground.path("a")).unwrap(), &elsewhere))
    };
    let Some(Err(name)) = kept("user.origin") else {
        eprintln!("skipped: both file systems take the attribute");
        return;
    };
    assert_eq!(name, "user.origin");
}

#[test]
fn only_our_own_leavings_are_removed() {
    let ground = Ground::new();
    let place = Place::find(&ground.path("a"), &Grounds::default()).unwrap();
    // The name that an earlier version would have taken, and one of the same kind.
    let others = [format!(".a.gonogo-{}", std::process::id()), ".gonogo-0000000000000000.tmp".to_owned()];
    for other in &others {
        fs::write(ground.path(other), "mine").unwrap();
    }
    ground.replace("a").unwrap();
    assert_eq!(ground.put("a", &Over::Text(b"changed")), Err(WriteError::Changed));
    let (one, two) = (Temporary::create(&place.folder, true).unwrap(), Temporary::create(&place.folder, true).unwrap());
    assert_ne!(one.name, two.name);
    drop(one);
    // Somebody has put a file of theirs in the place of ours.
    let name = two.name.to_string_lossy().into_owned();
    fs::remove_file(ground.path(&name)).unwrap();
    fs::write(ground.path(&name), "mine").unwrap();
    drop(two);
    for other in others.iter().chain([&name]) {
        assert_eq!(ground.read(other), "mine");
    }
    assert_eq!(ground.names().len(), 4);
}

#[test]
fn a_refusal_by_the_system_says_what_to_do() {
    for (kind, word) in [
        (io::ErrorKind::StorageFull, "make room"),
        (io::ErrorKind::QuotaExceeded, "make room"),
        (io::ErrorKind::FileTooLarge, "ulimit -f"),
        (io::ErrorKind::ReadOnlyFilesystem, "elsewhere"),
        (io::ErrorKind::ResourceBusy, "mount its folder"),
        (io::ErrorKind::PermissionDenied, "permission"),
    ] {
        let error = failed(&kind.into());
        assert!(error.to_string().starts_with("not written: ") && error.to_string().contains(word), "{error}");
        assert!(!error.is_usage());
    }
}
