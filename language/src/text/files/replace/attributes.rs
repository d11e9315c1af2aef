//! Extended attributes and access lists of a file that is replaced, on Linux and systems of Apple. (The access lists of
//! macOS are not attributes, and are not seen here.)

/// Attributes that the system keeps for itself: they are computed from the text or, as capabilities are, taken away
/// when it is written.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
const OF_THE_SYSTEM: [&[u8]; 4] = [b"security.capability", b"security.ima", b"security.evm", b"com.apple.provenance"];

/// Gives one file the attributes of another, and takes away those that it has beyond them.
///
/// # Errors
/// The name of an attribute that cannot be kept.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn keep(from: &std::fs::File, to: &std::fs::File) -> Result<(), String> {
    use system::{names, remove, set, value};
    let shown = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let wanted = names(from).map_err(|_| "(list of attributes)".to_owned())?;
    let given = names(to).map_err(|_| "(list of attributes)".to_owned())?;
    for name in &wanted {
        let old = value(from, name).map_err(|_| shown(name))?;
        // A label that is right already may still be forbidden to set.
        if value(to, name).is_ok_and(|new| new == old) {
            continue;
        }
        set(to, name, &old).map_err(|_| shown(name))?;
    }
    // An access list that the folder hands down would open the file further than it was.
    for name in given.iter().filter(|name| !wanted.contains(name) && !name.starts_with(b"security.")) {
        remove(to, name).map_err(|_| shown(name))?;
    }
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn keep(_from: &std::fs::File, _to: &std::fs::File) -> Result<(), String> {
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod system {
    //! The system calls.

    use std::fs::File;

    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};
    use rustix::io::{Errno, Result};

    use super::OF_THE_SYSTEM;

    /// Most bytes of a list of names, and of a value, that Linux has.
    const MOST: usize = 64 * 1024;

    pub(super) fn names(file: &File) -> Result<Vec<Vec<u8>>> {
        let mut list = vec![0; MOST];
        let size = match flistxattr(file, list.as_mut_slice()) {
            Ok(size) => size,
            // A file system without attributes.
            Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        list.truncate(size);
        let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty() && !OF_THE_SYSTEM.contains(name));
        Ok(names.map(<[u8]>::to_vec).collect())
    }

    pub(super) fn value(file: &File, name: &[u8]) -> Result<Vec<u8>> {
        let mut value = vec![0; MOST];
        let size = fgetxattr(file, name, value.as_mut_slice())?;
        value.truncate(size);
        Ok(value)
    }

    pub(super) fn set(file: &File, name: &[u8], value: &[u8]) -> Result<()> {
        fsetxattr(file, name, value, XattrFlags::empty())
    }

    pub(super) fn remove(file: &File, name: &[u8]) -> Result<()> {
        fremovexattr(file, name)
    }
}
