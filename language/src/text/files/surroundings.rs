//! How much of what lies around a file was given with it: what it means that nothing is at a path beside it.

use super::Files;
use crate::text::path::normalise;

/// What was given around a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// Nothing: it is a text of standard input.
    Nothing,
    /// A folder as somebody keeps it: git stores no empty folder, and a copy often leaves some out.
    Copy,
    /// The file system that the server itself runs on: what is not there is missing.
    Machine,
}

/// Folders below which programs keep their configuration and their data on the machine that they run on.
const OF_MACHINES: [&str; 8] =
    ["/etc", "/var/lib", "/var/db", "/usr/local/etc", "/usr/local/var", "/usr/share", "/opt/homebrew/etc", "/opt/homebrew/var"];

impl Files {
    /// What was given around a file.
    #[must_use]
    pub fn surroundings(&self, path: &str) -> Surroundings {
        let Some(path) = normalise(path) else { return Surroundings::Nothing };
        if self.alone.contains_key(&path) {
            return Surroundings::Nothing;
        }
        let is_of_machine = self.absolute_of(&path).is_some_and(|absolute| is_of_machine(&absolute));
        if is_of_machine && !self.is_checked_out(&path) { Surroundings::Machine } else { Surroundings::Copy }
    }
}

/// Folders in which administrators run what they did not package.
const OF_ADMINISTRATORS: [&str; 3] = ["/opt", "/srv", "/root"];

impl Files {
    /// Whether a file is where a machine runs what it describes.
    pub(super) fn is_deployed(&self, path: &str) -> bool {
        let below = |absolute: &str| OF_ADMINISTRATORS.iter().any(|folder| is_below(absolute, folder));
        self.absolute_of(path).is_some_and(|absolute| is_of_machine(&absolute) || below(&absolute))
    }
}

fn is_below(absolute: &str, folder: &str) -> bool {
    absolute.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn is_of_machine(absolute: &str) -> bool {
    OF_MACHINES.iter().any(|folder| is_below(absolute, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_known_by_where_its_programs_keep_their_files() {
        assert!(is_of_machine("/etc/db/main.conf") && is_of_machine("/var/lib/db/data/main.conf"));
        assert!(!is_of_machine("/home/me/etc/main.conf") && !is_of_machine("/etcetera/main.conf") && !is_of_machine("/tmp/main.conf"));
    }

    #[test]
    fn a_tree_in_memory_is_a_copy_and_standard_input_has_nothing_beside_it() {
        let mut files = Files::in_memory([("etc/a.conf", "")]);
        files.add_standard_input("b.conf", b"").unwrap();
        assert_eq!(files.surroundings("etc/a.conf"), Surroundings::Copy);
        assert_eq!(files.surroundings("b.conf"), Surroundings::Nothing);
    }
}
