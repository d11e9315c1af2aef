//! How much a finding matters, and what it is about.

use super::words::words;

words! {
    /// What happens if a finding is left as it is; ordered from harmless to NO-GO.
    Severity {
        /// Worth knowing.
        Info = "info",
        /// Hygiene.
        Low = "low",
        /// Will hurt under load or in an incident.
        Medium = "medium",
        /// One more mistake away from losing or leaking data.
        High = "high",
        /// Data can be read, changed or lost now, or the server does not start: NO-GO by itself.
        Critical = "critical",
    }
}

words! {
    /// The part of the checklist that something belongs to.
    Pillar {
        /// Who can reach the data, and as whom.
        Security = "security",
        /// How the server is set up and sized.
        Configuration = "configuration",
        /// Whether anybody notices trouble.
        Monitoring = "monitoring",
        /// Whether the data can be had back.
        Backup = "backup",
        /// Whether people know what to do.
        Documentation = "documentation",
    }
}
