//! Tests of outputs: which words name streams, and what is not written over.

#![expect(clippy::panic, reason = "tests")]

use std::fs;
use std::io::Read;
use std::os::fd::AsRawFd;

use super::*;
use crate::text::ReadLimits;

fn named(path: &str) -> Output {
    Output::named(Path::new(path))
}

fn is_stream(path: &str) -> bool {
    matches!(named(path), Output::Path(Target { is_stream: true, .. }))
}

fn target(path: &Path) -> Target {
    match Output::named(path) {
        Output::Path(target) => target,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_words_that_nobody_can_link_name_streams() {
    for path in ["-", "/dev/stdout", "/dev//stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        assert_eq!(named(path), Output::Standard, "{path}");
    }
    for path in ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"] {
        assert_eq!(named(path), Output::Error, "{path}");
    }
    for path in ["/dev/fd/0", "/dev/fd/63", "/proc/self/fd/9", "/dev/null", "/dev/tty"] {
        assert!(is_stream(path), "{path}");
    }
    for path in ["dev/stdout", "/dev/fd/1/2", "/dev/fd/+3", "/dev/fd/", "/dev/fd", "/dev/../dev/stdout", "/dev/full", "/proc/7/fd/1", "./-"]
    {
        assert!(matches!(named(path), Output::Path(Target { is_stream: false, .. })), "{path}");
    }
}

#[test]
fn outputs_of_one_place_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink("real", &link).unwrap();
    let same = |one: &Path, two: &Path| Output::named(one).is_same(&Output::named(two), &Grounds::default());
    assert!(same(&real.join("a"), &real.join("a")));
    assert!(same(&real.join("a"), &link.join("a")));
    assert!(same(&real.join("a"), &folder.path().join("real/../real/./a")));
    assert!(!same(&real.join("a"), &real.join("b")));
    fs::write(real.join("a"), "").unwrap();
    fs::hard_link(real.join("a"), real.join("b")).unwrap();
    assert!(same(&real.join("a"), &real.join("b")));
    assert!(same(Path::new("-"), Path::new("/dev/stdout")));
    assert!(same(Path::new("/dev/fd/3"), Path::new("/dev/fd/3")));
    assert!(!same(Path::new("/dev/fd/3"), Path::new("/dev/fd/4")));
    assert!(!same(Path::new("/dev/null"), Path::new("/dev/null")));
}

#[test]
fn what_was_opened_as_an_input_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.conf", "b.conf", "c.conf"] {
        fs::write(folder.path().join(name), "old").unwrap();
    }
    let mut files = Files::new(ReadLimits::default());
    files.add_root(folder.path()).unwrap();
    files.read("a.conf").unwrap();
    files.probe("b.conf", 9, <[u8]>::len).unwrap();
    let write = |name: &str| target(&folder.path().join(name)).write("new", &Grounds::default(), &files);
    assert_eq!(write("a.conf"), Err(WriteError::IsInput));
    assert_eq!(write("b.conf"), Err(WriteError::IsInput));
    assert_eq!(write("c.conf"), Ok(()));
    assert_eq!(write("d.conf"), Ok(()));
    assert_eq!(fs::read_to_string(folder.path().join("a.conf")).unwrap(), "old");
}

#[test]
fn what_is_open_already_is_written_to_and_loses_nothing() {
    let write = |path: &str| target(Path::new(path)).write("new", &Grounds::default(), &Files::default());
    let number = |file: &dyn AsRawFd| format!("/dev/fd/{}", file.as_raw_fd());
    let (mut reader, writer) = std::io::pipe().unwrap();
    write(&number(&writer)).unwrap();
    drop(writer);
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert_eq!(read, "new");
    // A file that the shell opened is added to.
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, b"old ").unwrap();
    write(&number(&file)).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    read.clear();
    file.read_to_string(&mut read).unwrap();
    assert_eq!(read, "old new");
    assert_eq!(write("/dev/null"), Ok(()));
    // A reader that has gone away keeps nobody waiting, and is not a failure.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(write(&number(&writer)), Ok(()));
    let full = File::options().write(true).open("/dev/full").unwrap();
    assert!(matches!(write(&number(&full)), Err(WriteError::Io(_))));
    assert!(write("/dev/fd/60000").is_err());
    let folder = File::open("/").unwrap();
    assert!(write(&number(&folder)).is_err());
}
