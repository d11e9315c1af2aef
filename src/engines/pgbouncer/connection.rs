//! The keys that `[databases]`, `[users]` and `[peers]` know, release by release.

/// Sections of the file, in the case in which they must be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// `[pgbouncer]`: settings.
    Main,
    /// `[databases]`.
    Databases,
    /// `[users]`.
    Users,
    /// `[peers]`.
    Peers,
}

impl Section {
    /// The section of a name; names are told apart by case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Main, Self::Databases, Self::Users, Self::Peers].into_iter().find(|section| section.name() == name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "pgbouncer",
            Self::Databases => "databases",
            Self::Users => "users",
            Self::Peers => "peers",
        }
    }

    /// The first release that knows the section.
    #[must_use]
    pub const fn since(self) -> u32 {
        match self {
            Self::Peers => 19,
            _ => 0,
        }
    }

    /// The first release whose entries of this section know a key; `None` where no release knows it.
    #[must_use]
    pub fn key_since(self, key: &str) -> Option<u32> {
        self.keys().iter().find(|(name, _)| *name == key).map(|(_, since)| *since)
    }

    /// The keys of its entries, with the first release of each.
    #[must_use]
    pub const fn keys(self) -> &'static [(&'static str, u32)] {
        match self {
            Self::Main => &[],
            Self::Databases => &DATABASE,
            Self::Users => &USER,
            Self::Peers => &[("host", 19), ("port", 19), ("pool_size", 19)],
        }
    }
}

const DATABASE: [(&str, u32); 23] = [
    ("application_name", 0),
    ("auth_dbname", 19),
    ("auth_query", 22),
    ("auth_user", 0),
    ("client_encoding", 0),
    ("connect_query", 0),
    ("datestyle", 0),
    ("dbname", 0),
    ("host", 0),
    ("load_balance_hosts", 24),
    ("max_db_client_connections", 24),
    ("max_db_connections", 0),
    ("min_pool_size", 16),
    ("password", 0),
    ("pool_mode", 0),
    ("pool_size", 0),
    ("port", 0),
    ("query_wait_timeout", 26),
    ("reserve_pool", 0),
    ("reserve_pool_size", 24),
    ("server_lifetime", 23),
    ("timezone", 0),
    ("user", 0),
];

const USER: [(&str, u32); 10] = [
    ("client_idle_timeout", 24),
    ("idle_transaction_timeout", 24),
    ("max_user_client_connections", 24),
    ("max_user_connections", 0),
    ("pool_mode", 0),
    ("pool_size", 23),
    ("query_timeout", 24),
    ("query_wait_timeout", 26),
    ("reserve_pool_size", 24),
    ("transaction_timeout", 25),
];
