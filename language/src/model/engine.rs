//! Words about an instance as a whole: engine, deployment, purpose, reach.

use super::Presumed;
use super::words::words;
use crate::text::Span;

words! {
    /// A database engine; flavours are engines of their own.
    Engine {
        /// PostgreSQL.
        Postgresql = "postgresql",
        /// MySQL.
        Mysql = "mysql",
        /// MariaDB.
        Mariadb = "mariadb",
        /// MongoDB.
        Mongodb = "mongodb",
        /// Redis.
        Redis = "redis",
        /// Valkey.
        Valkey = "valkey",
        /// SQLite.
        Sqlite = "sqlite",
        /// PgBouncer, which keeps no data and passes sessions on to PostgreSQL.
        Pgbouncer = "pgbouncer",
    }
}

impl Engine {
    /// The name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgresql => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
            Self::Mongodb => "MongoDB",
            Self::Redis => "Redis",
            Self::Valkey => "Valkey",
            Self::Sqlite => "SQLite",
            Self::Pgbouncer => "PgBouncer",
        }
    }

    /// The engine of the servers that it passes sessions on to; one that does keeps no data itself.
    #[must_use]
    pub const fn passes_on_to(self) -> Option<Self> {
        match self {
            Self::Pgbouncer => Some(Self::Postgresql),
            _ => None,
        }
    }

    /// Whether it keeps data. One that keeps none is a hop on the way to those that do.
    #[must_use]
    pub const fn keeps_data(self) -> bool {
        self.passes_on_to().is_none()
    }
}

words! {
    /// Who runs the server, and on what.
    Deployment {
        /// A server on a machine that the team administers.
        SelfManaged = "self-managed",
        /// A container of one host.
        Container = "container",
        /// A workload of a Kubernetes cluster.
        Kubernetes = "kubernetes",
        /// A service of a cloud provider.
        Managed = "managed",
    }
}

words! {
    /// What an instance is for.
    Purpose {
        /// It holds data that must not be lost.
        Store = "store",
        /// Everything in it can be computed again.
        Cache = "cache",
        /// It holds work that is not done yet.
        Queue = "queue",
    }
}

words! {
    /// Which environment an instance serves; only production votes.
    Environment {
        /// Real users depend on it.
        Production = "production",
        /// A rehearsal of production.
        Staging = "staging",
        /// For developers.
        Development = "development",
    }
}

words! {
    /// From how far away a client can open a session; ordered from nowhere to everywhere.
    Reach {
        /// Only through a local socket or the loopback interface.
        None = "none",
        /// From other containers of the same host.
        Host = "host",
        /// From private networks.
        Private = "private",
        /// From anywhere.
        Any = "any",
    }
}

words! {
    /// The kind of disk that data lies on.
    Storage {
        /// Solid state.
        Ssd = "ssd",
        /// Spinning disks.
        Hdd = "hdd",
    }
}

words! {
    /// The kind of work that a server does.
    Workload {
        /// Many short requests of a web application.
        Web = "web",
        /// Many short transactions.
        Oltp = "oltp",
        /// Few large analytical queries.
        Dw = "dw",
        /// Some of each.
        Mixed = "mixed",
    }
}

/// One link of the chain that explains a reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachStep {
    /// What it says, as "port 5432 is published on all interfaces".
    pub message: String,
    /// Where that stands, if a file says it.
    pub span: Option<Span>,
}

/// The reach as far as it could be told: an interval, and the chain that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachKnown {
    /// The least that is certain.
    pub least: Reach,
    /// The most that is possible.
    pub most: Reach,
    /// How it came about.
    pub chain: Vec<ReachStep>,
    /// What is presumed in place of what could not be seen of it.
    pub presumed: Vec<Presumed>,
}

impl ReachKnown {
    /// The reach, when it is certain.
    #[must_use]
    pub fn exact(&self) -> Option<Reach> {
        (self.least == self.most).then_some(self.least)
    }
}
