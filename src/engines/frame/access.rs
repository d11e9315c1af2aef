//! What the access rules of an engine are called, for reports.

/// The access rules of an engine: which records they are, and in which file.
///
/// The records have the fields `type`, `databases`, `users`, `address`, `method`, `options` and `shadowed_by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessRules {
    /// The kind of record, which is also their key in JSON.
    pub record: &'static str,
    /// The file that holds them.
    pub file: &'static str,
}
