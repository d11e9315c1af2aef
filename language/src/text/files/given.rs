//! A text that the command line names and that is not audited: the baseline. The user's own word, so links are followed;
//! and bounded all the same.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::{ReadError, io_error, not_utf8};

/// The text of a regular file of no more than `most` bytes.
///
/// # Errors
/// When it is not there, not a regular file, larger, or not UTF-8.
pub fn read_given(path: &Path, most: u64) -> Result<String, ReadError> {
    // Asked before it is opened: opening alone can wait for ever, or set a device going.
    check(&path.metadata().map_err(|error| io_error(&error))?, most)?;
    let file = open(path).map_err(|error| io_error(&error))?;
    check(&file.metadata().map_err(|error| io_error(&error))?, most)?;
    let mut bytes = Vec::new();
    // One byte more than the bound, to notice a file that grows while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| io_error(&error))?;
    if bytes.len() as u64 > most {
        return Err(ReadError::TooLarge { size: bytes.len() as u64, limit: most });
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()))
}

fn check(metadata: &std::fs::Metadata, most: u64) -> Result<(), ReadError> {
    if metadata.is_dir() {
        return Err(ReadError::Directory);
    }
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    let size = metadata.len();
    if size > most { Err(ReadError::TooLarge { size, limit: most }) } else { Ok(()) }
}

/// Without waiting for the other end of what has become a FIFO in the meantime.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_a_regular_file_within_the_bound_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("text"), "12345").unwrap();
        std::os::unix::fs::symlink("text", path("link")).unwrap();
        assert_eq!(read_given(&path("text"), 5).as_deref(), Ok("12345"));
        assert_eq!(read_given(&path("link"), 5).as_deref(), Ok("12345"));
        assert_eq!(read_given(&path("text"), 4), Err(ReadError::TooLarge { size: 5, limit: 4 }));
        File::create(path("sparse")).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(read_given(&path("sparse"), 5), Err(ReadError::TooLarge { size: 1 << 40, limit: 5 }));
        rustix::fs::mkfifoat(rustix::fs::CWD, path("fifo"), rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        assert_eq!(read_given(&path("fifo"), 5), Err(ReadError::NotRegular));
        assert_eq!(read_given(Path::new("/dev/zero"), 5), Err(ReadError::NotRegular));
        // Its size is stated as 0.
        assert_eq!(read_given(Path::new("/proc/self/maps"), 5), Err(ReadError::TooLarge { size: 6, limit: 5 }));
        assert_eq!(read_given(folder.path(), 5), Err(ReadError::Directory));
        assert_eq!(read_given(&path("missing"), 5), Err(ReadError::Missing));
        fs::write(path("latin"), b"\xe9").unwrap();
        assert!(matches!(read_given(&path("latin"), 5), Err(ReadError::NotUtf8 { .. })));
    }
}
