//! What may be read, and what is answered where it may not.

use super::*;

#[test]
fn nothing_outside_the_tree_is_read() {
    let files = Files::in_memory([("db/postgresql.conf", "x")]);
    assert_eq!(files.read("db/../../etc/shadow").unwrap_err(), ReadError::OutsideTree);
    assert_eq!(files.read("db/conf.d/../postgresql.conf").unwrap().text(), "x");
    assert_eq!(files.read("db/postgresql.conf").unwrap().text(), "x");
}

#[test]
fn a_link_out_of_the_tree_is_refused_and_a_fifo_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "x").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("link")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("loop"), folder.path().join("loop")).unwrap();
    let fifo = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let mut files = Files::new(ReadLimits::default());
    assert_eq!(files.add_root(folder.path()).unwrap(), Found::Directory(String::new()));
    assert_eq!(files.read("link").unwrap_err(), ReadError::OutsideTree);
    assert_eq!(files.read("fifo").unwrap_err(), ReadError::NotRegular);
    assert_eq!(files.read("loop").unwrap_err(), ReadError::LinkLoop);
    assert_eq!(files.read("missing").unwrap_err(), ReadError::Missing);
}

#[test]
fn bytes_that_are_not_utf8_are_read_and_placed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.conf"), b"# ok\n# caf\xe9\n").unwrap();
    let mut files = Files::new(ReadLimits::default());
    files.add_root(folder.path()).unwrap();
    let source = files.read("a.conf").unwrap();
    let foreign = source.foreign().unwrap();
    assert_eq!((source.text(), foreign.byte), ("# ok\n# caf\u{fffd}\n", 0xe9));
    assert_eq!(source.location(foreign.offset), crate::text::Location { line: 2, column: 6 });
    fs::write(folder.path().join("b.conf"), b"\xff\xfep\0o\0r\0t\0").unwrap();
    assert_eq!(files.read("b.conf").unwrap_err(), ReadError::Utf16);
}

#[test]
fn a_path_can_be_read_again() {
    let files = Files::in_memory([("a", "x")]);
    assert_eq!(files.read("a").unwrap().text(), "x");
    assert_eq!(files.read("./a").unwrap().text(), "x");
}

#[test]
fn size_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("big"), vec![b'a'; 100]).unwrap();
    let mut files = Files::new(ReadLimits { file_size: 50, total_size: 1000 });
    files.add_root(folder.path()).unwrap();
    assert_eq!(files.read("big").unwrap_err(), ReadError::TooLarge { size: 100, limit: 50 });
}
