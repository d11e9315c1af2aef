//! A database server as the files describe it.

use super::words::words;
use super::{Deployment, Engine, Environment, HostFacts, Platform, Purpose, ReachKnown, Subject, VersionCandidates};
use crate::text::Span;

words! {
    /// How a session over a network is encrypted. A session is encrypted by TLS or by GSSAPI, never by both.
    Encryption {
        /// By TLS.
        Tls = "tls",
        /// By GSSAPI.
        Gss = "gss",
        /// Not at all.
        None = "none",
    }
}

/// Which rule of access decides for a kind of client, for `show --who-can-connect`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HbaDecision {
    /// The path that the client takes: "local socket", "loopback", "10.0.0.0/8 with TLS".
    pub from: String,
    /// How the session is encrypted: `None` for a socket, and where it makes no difference.
    pub encryption: Option<Encryption>,
    /// Databases of the deciding rule, as written.
    pub databases: String,
    /// Users of the deciding rule, as written.
    pub users: String,
    /// The method, or `reject` where no rule matches.
    pub method: String,
    /// Options of the method as `name=value`, secrets redacted.
    pub options: Vec<String>,
    /// The deciding rule; `None` where no rule matches.
    pub span: Option<Span>,
}

/// What the files say under the assumption of one version.
#[derive(Clone, Debug)]
pub struct View {
    /// Facts, settings and records.
    pub subject: Subject,
    /// The same under presumptions, where they make a difference: what a rule cannot tell by `subject` it is asked of this.
    pub presumed: Option<Box<Subject>>,
    /// Who can connect, path by path.
    pub who_can_connect: Vec<HbaDecision>,
}

/// A database server.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The id that evidence, `--live` and JSON use.
    pub id: String,
    /// Engine.
    pub engine: Engine,
    /// Candidate versions.
    pub versions: VersionCandidates,
    /// What describes the workload that it runs in, where a platform does.
    pub platform: Option<Platform>,
    /// Who runs it.
    pub deployment: Deployment,
    /// What it is for.
    pub purpose: Purpose,
    /// Environment that it serves.
    pub environment: Environment,
    /// From how far away it can be reached.
    pub reach: ReachKnown,
    /// Machine or container.
    pub host: HostFacts,
    /// Replication group that it belongs to.
    pub group: Option<String>,
    /// Display paths of its files, sorted.
    pub sources: Vec<String>,
    /// Name of its service, when a deployment describes it.
    pub service: Option<String>,
    /// One view per candidate version, in the same order.
    pub views: Vec<View>,
}

impl View {
    /// The server as it was seen, and as it is presumed.
    pub fn subjects_mut(&mut self) -> impl Iterator<Item = &mut Subject> {
        std::iter::once(&mut self.subject).chain(self.presumed.as_deref_mut())
    }
}

impl Instance {
    /// The version to show, when it is certain.
    #[must_use]
    pub fn version_text(&self) -> Option<String> {
        self.versions.exact().map(ToString::to_string)
    }
}
