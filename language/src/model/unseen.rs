//! Workloads of which too little was seen to say that no harm is in them.

/// A workload that may hold or be a database, and that nobody could look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// Its id, as a `[[target]]` names it.
    pub workload: String,
    /// The name of its engine, where it is a database that was recognised and whose configuration is not read.
    pub database: Option<&'static str>,
    /// What was not seen, as a sentence without its end.
    pub reason: String,
    /// What to do.
    pub next: String,
}
