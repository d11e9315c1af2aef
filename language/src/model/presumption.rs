//! What is taken for granted where something could not be seen, so that what is bad in the rest can be said.

use std::sync::Arc;

use super::words::words;

words! {
    /// What is presumed. `rules/data/presumptions.toml` says it in words, and why it may be.
    Presumption {
        /// Nothing that was not read sets again what was read.
        UnreadInclude = "unread-include",
        /// A variable without a value does not set again what was read.
        HiddenArgument = "hidden-argument",
        /// Clients come over a network, where a server listens on one and its access rules were not given.
        NetworkClients = "network-clients",
        /// A server listens on a network, where its access rules admit clients from one.
        NetworkListener = "network-listener",
        /// A server archives its WAL, where a command for that is written.
        Archiving = "archiving",
        /// An image of a registry or publisher that is not known is the official one of its name and tag.
        MirroredImage = "mirrored-image",
    }
}

/// One thing that is presumed of a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Presumed {
    /// What.
    pub what: Presumption,
    /// What could not be seen: "pg_hba.conf was not given".
    pub because: Arc<str>,
}

/// What a presumption says, and why it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresumptionRow {
    /// Which one.
    pub what: Presumption,
    /// Its words, behind "if": "clients come over a network".
    pub says: &'static str,
    /// Why it is not far-fetched.
    pub why: &'static str,
}
