//! Fingerprints of files that may be no text: a proof is a log, a picture, a PDF.

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::sync::PoisonError;

use sha2::{Digest as _, Sha256};

use super::{Files, ReadError, io_error};
use crate::text::path::normalise;

/// What is known of a file without taking it in as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Files {
    /// Size and SHA-256 of a file of any kind.
    ///
    /// # Errors
    /// When it is not there, not a regular file, not within the given paths, or larger than the bound.
    pub fn digest(&self, path: &str) -> Result<Digest, ReadError> {
        let path = normalise(path).ok_or(ReadError::OutsideTree)?;
        let mut known = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(digest) = known.get(&path) {
            return digest.clone();
        }
        let before: u64 = known.values().flatten().map(|digest| digest.size).sum();
        let digest = self.digest_within(&path, self.limits.total_size.saturating_sub(before));
        known.insert(path, digest.clone());
        digest
    }

    /// The same, of a file that was not asked for before; `room` is what may still be read of all.
    fn digest_within(&self, path: &str, room: u64) -> Result<Digest, ReadError> {
        if let Some(text) = self.memory.as_ref().and_then(|memory| memory.get(path)) {
            return Ok(Digest { size: text.len() as u64, sha256: hexadecimal(&Sha256::digest(text.as_bytes())) });
        }
        let disk = self.disk_path(path)?;
        let metadata = fs::metadata(&disk).map_err(|error| io_error(&error))?;
        if !metadata.is_file() {
            return Err(if metadata.is_dir() { ReadError::Directory } else { ReadError::NotRegular });
        }
        let limit = self.limits.file_size;
        if metadata.len() > limit {
            return Err(ReadError::TooLarge { size: metadata.len(), limit });
        }
        if metadata.len() > room {
            return Err(ReadError::TotalTooLarge(self.limits.total_size - room));
        }
        self.note_opened(&metadata);
        let mut file = fs::File::open(&disk).map_err(|error| io_error(&error))?.take(limit + 1);
        let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
        loop {
            let read = file.read(&mut buffer).map_err(|error| io_error(&error))?;
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            hash.update(bytes);
            size += read as u64;
        }
        if size > limit { Err(ReadError::TooLarge { size, limit }) } else { Ok(Digest { size, sha256: hexadecimal(&hash.finalize()) }) }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ReadLimits;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_digest_is_the_same_in_memory_and_on_disk() {
        assert_eq!(Files::in_memory([("a", "abc")]).digest("a").unwrap(), Digest { size: 3, sha256: ABC.to_owned() });
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "abc").unwrap();
        fs::write(folder.path().join("b"), b"\xff\x00").unwrap();
        let mut files = Files::new(ReadLimits::default());
        files.add_root(folder.path()).unwrap();
        assert_eq!(files.digest("a").unwrap().sha256, ABC);
        assert_eq!(files.digest("b").unwrap().size, 2);
        assert_eq!(files.digest("").unwrap_err(), ReadError::Directory);
    }
}
