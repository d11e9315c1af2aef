//! Why a file was not written.

use std::io;

use thiserror::Error;

use super::ReadError;

/// Why a file was not written; each text ends with what to do, where something can be done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WriteError {
    /// It cannot be opened any more, or lies outside the given paths.
    #[error("not written: {0}")]
    Read(#[from] ReadError),
    /// It is a link.
    #[error("not written: a link, and gonogo writes through none; remove it, or name the file that it leads to")]
    Link,
    /// A folder of its path is a link that a change under review may have put there.
    #[error("not written: the folder `{0}` is a link; name the folder that it leads to")]
    FolderLink(String),
    /// A folder of its path is not there.
    #[error("not written: the folder `{0}` does not exist; create it first")]
    NoFolder(String),
    /// A part of its path is not a folder.
    #[error("not written: `{0}` is not a folder; name a file in a folder")]
    NotFolder(String),
    /// A directory.
    #[error("not written: a directory; name a file in it")]
    Directory,
    /// A FIFO, socket or device.
    #[error("not written: not a regular file; name a file, or /dev/stdout, /dev/stderr, /dev/fd/N or /dev/null")]
    NotRegular,
    /// Something is there already, and must not be replaced.
    #[error("not written: something has this name already; name another file")]
    Exists,
    /// It is one of the files that this run has read.
    #[error("not written: this run has read the file as an input; name another one")]
    IsInput,
    /// It has another name.
    #[error("not written: the file has a second name (a hard link), which would keep the old text")]
    HardLink,
    /// Its mode forbids writing.
    #[error("not written: the file is read-only; chmod u+w it first")]
    ReadOnly,
    /// Somebody else has written it in the meantime.
    #[error("not written: the file has changed since it was read; run the command again")]
    Changed,
    /// The new file could not be given the owner of the old one.
    #[error("not written: the file belongs to another account; run the command as its owner")]
    Owner,
    /// The new file could not be given an attribute of the old one.
    #[error("not written: the attribute `{0}` of the file cannot be kept; remove it from the file, or run the command as its owner")]
    Attribute(String),
    /// The operating system refused.
    #[error("not written: {0}")]
    Io(String),
}

impl WriteError {
    /// Whether what was named is wrong, rather than that writing failed.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::Link | Self::FolderLink(_) | Self::NoFolder(_) | Self::NotFolder(_) | Self::Directory => true,
            Self::NotRegular | Self::Exists | Self::IsInput => true,
            Self::Read(_) | Self::HardLink | Self::ReadOnly | Self::Changed | Self::Owner | Self::Attribute(_) | Self::Io(_) => false,
        }
    }
}

/// The reason alone, with what to do.
pub(super) fn failed(error: &io::Error) -> WriteError {
    use io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, ResourceBusy, StorageFull};
    let reason = match error.kind() {
        PermissionDenied => "no permission to write into its folder; change the folder's permissions, or name another one".to_owned(),
        StorageFull => "the disk is full; make room and run the command again".to_owned(),
        QuotaExceeded => "the disk quota is used up; make room and run the command again".to_owned(),
        FileTooLarge => "larger than a file may be here; raise the limit (ulimit -f) and run the command again".to_owned(),
        ReadOnlyFilesystem => "the file system is read-only; name a file elsewhere".to_owned(),
        ResourceBusy => "the file is in use, for example as a mount of its own; mount its folder instead".to_owned(),
        kind => kind.to_string(),
    };
    WriteError::Io(reason)
}
