//! What describes a workload and runs it.

use super::words::words;

words! {
    /// What describes the workloads of a project, and runs them. A machine that is administered by hand has none.
    Platform {
        /// Docker Compose.
        Compose = "compose",
        /// Kubernetes.
        Kubernetes = "kubernetes",
        /// Terraform.
        Terraform = "terraform",
        /// Cron tables and scripts of the machine itself.
        Host = "host",
    }
}

impl Platform {
    /// The name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compose => "Docker Compose",
            Self::Kubernetes => "Kubernetes",
            Self::Terraform => "Terraform",
            Self::Host => "the machine",
        }
    }
}
