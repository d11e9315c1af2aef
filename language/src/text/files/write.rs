//! Writing a file that was read: only one that is still as it was read, and only under the name that it was read by.

use super::Files;
use super::place::{Grounds, Place};
use super::replace::{Over, put};
use super::write_error::WriteError;
use crate::text::source::Source;

impl Files {
    /// Replaces the text of a file that was read, in one step.
    ///
    /// # Errors
    /// When the file lies outside the given paths or behind a link, is read-only, or is no longer as it was read.
    pub fn replace(&self, source: &Source, text: &str) -> Result<(), WriteError> {
        let disk = self.disk_path(source.path())?;
        let grounds = Grounds::around(self.roots.iter().map(|root| root.real.as_path()));
        let place = Place::find(&disk, &grounds)?;
        put(&place, text.as_bytes(), &Over::Text(source.text().as_bytes()))
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use super::*;
    use crate::text::ReadLimits;

    fn opened(folder: &Path, name: &str) -> (Files, std::sync::Arc<Source>) {
        let mut files = Files::new(ReadLimits::default());
        files.add_root(folder).unwrap();
        let path = files.display_path(&folder.join(name)).unwrap();
        let source = files.read(&path).unwrap();
        (files, source)
    }

    #[test]
    fn a_file_is_replaced_with_its_mode_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.conf");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let (files, source) = opened(folder.path(), "a.conf");
        files.replace(&source, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // What it was read from is no longer there.
        assert_eq!(files.replace(&source, "newer"), Err(WriteError::Changed));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn links_and_what_may_not_be_written_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.conf");
        fs::write(&path, "old").unwrap();
        symlink("a.conf", folder.path().join("link.conf")).unwrap();
        let (files, source) = opened(folder.path(), "link.conf");
        assert_eq!(files.replace(&source, "new"), Err(WriteError::Link));
        let (files, source) = opened(folder.path(), "a.conf");
        fs::hard_link(&path, folder.path().join("b.conf")).unwrap();
        assert_eq!(files.replace(&source, "new"), Err(WriteError::HardLink));
        fs::remove_file(folder.path().join("b.conf")).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
        assert_eq!(files.replace(&source, "new"), Err(WriteError::ReadOnly));
        fs::remove_file(&path).unwrap();
        fs::write(folder.path().join("other"), "old").unwrap();
        symlink("other", &path).unwrap();
        assert_eq!(files.replace(&source, "new"), Err(WriteError::Link));
        assert_eq!(fs::read_to_string(folder.path().join("other")).unwrap(), "old");
    }

    #[test]
    fn a_folder_behind_a_link_in_the_tree_is_not_written_into() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        fs::write(folder.path().join("real/a.conf"), "old").unwrap();
        symlink("real", folder.path().join("linked")).unwrap();
        let (files, source) = opened(folder.path(), "linked/a.conf");
        assert!(matches!(files.replace(&source, "new"), Err(WriteError::FolderLink(path)) if path.ends_with("/linked")));
        assert_eq!(fs::read_to_string(folder.path().join("real/a.conf")).unwrap(), "old");
    }

    #[test]
    fn a_link_of_the_machine_above_a_path_is_followed() {
        let machine = tempfile::tempdir().unwrap();
        fs::create_dir(machine.path().join("data")).unwrap();
        fs::write(machine.path().join("data/a.conf"), "old").unwrap();
        symlink("data", machine.path().join("link")).unwrap();
        let (files, source) = opened(&machine.path().join("link"), "a.conf");
        files.replace(&source, "new").unwrap();
        assert_eq!(fs::read_to_string(machine.path().join("data/a.conf")).unwrap(), "new");
        // In a working copy of git the same link may come from a change.
        fs::create_dir(machine.path().join(".git")).unwrap();
        let (files, source) = opened(&machine.path().join("link"), "a.conf");
        assert!(matches!(files.replace(&source, "newer"), Err(WriteError::FolderLink(_))));
    }
}
