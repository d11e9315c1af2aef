//! Who may do what with a file.

/// Who may do what with a file, as the file system of this machine has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Permission bits, as `0o640`.
    pub mode: u32,
    /// Number of the owner; 0 is root. `None` where only a mode is stated.
    pub owner: Option<u32>,
    /// Number of its group, as with the owner.
    pub group: Option<u32>,
}
