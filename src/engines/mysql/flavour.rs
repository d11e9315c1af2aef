//! What a release is to the text: which groups it reads, and how it reads names and values.

use crate::model::{Engine, Version};

/// A release of one of the two engines, as a reader of option files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reader {
    pub engine: Engine,
    pub version: Version,
    /// What `--defaults-group-suffix` or `MYSQL_GROUP_SUFFIX` adds to the name of each group.
    pub suffix: Option<String>,
}

/// Groups that both servers read.
const BOTH: [&str; 2] = ["mysqld", "server"];

impl Reader {
    pub fn new(engine: Engine, version: &Version) -> Self {
        Self { engine, version: version.clone(), suffix: None }
    }

    pub fn is_mariadb(&self) -> bool {
        self.engine == Engine::Mariadb
    }

    /// Whether the release is this one or a later one, as far as it is known.
    pub fn is_from(&self, first: u32, second: u32) -> bool {
        !self.version.is_before(&Version(vec![first, second]))
    }

    /// `10.11`, where both numbers are known.
    fn series(&self) -> Option<String> {
        Some(format!("{}.{}", self.version.major(), self.version.minor()?))
    }

    /// Whether the server reads a group, whatever its case.
    pub fn reads(&self, group: &str) -> bool {
        let group = group.to_ascii_lowercase();
        let by_suffix = || {
            let suffix = self.suffix.as_ref()?.to_ascii_lowercase();
            group.strip_suffix(suffix.as_str()).filter(|_| !suffix.is_empty())
        };
        self.reads_whole(&group) || by_suffix().is_some_and(|group| self.reads_whole(group))
    }

    fn reads_whole(&self, group: &str) -> bool {
        if BOTH.contains(&group) || self.of_series("mysqld", group) {
            return true;
        }
        if !self.is_mariadb() {
            return group == "mysql_cluster";
        }
        let newer_name = self.is_from(10, 4) && (group == "mariadbd" || self.of_series("mariadbd", group));
        let of_major =
            || self.is_from(11, 8) && ["mariadb", "mariadbd"].iter().any(|name| group == format!("{name}-{}", self.version.major()));
        matches!(group, "mariadb" | "client-server" | "galera") || self.of_series("mariadb", group) || newer_name || of_major()
    }

    fn of_series(&self, name: &str, group: &str) -> bool {
        let series = group.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        series.is_some_and(|series| self.series().as_deref() == Some(series))
    }

    /// Whether `Port` is `port`.
    pub fn ignores_case(&self) -> bool {
        // It came with minor releases of 10.11 (not 10.11.5 yet) and 11.4 (not 11.4.5 yet); where these are not known, nobody is told off.
        let is_older = match self.version.0.as_slice() {
            [10, 11, minor, ..] | [11, 4, minor, ..] => *minor <= 5,
            _ => !self.is_from(10, 6),
        };
        self.is_mariadb() && !is_older
    }

    /// Whether the beginning of a name is enough, where only one begins so.
    pub fn completes_names(&self) -> bool {
        self.is_mariadb() || !self.is_from(8, 0)
    }

    /// Whether a negative number ends the start where none is allowed.
    pub fn refuses_negative(&self) -> bool {
        self.is_mariadb() && self.is_from(10, 11)
    }

    /// Whether a number that is empty ends the start.
    pub fn refuses_empty(&self) -> bool {
        !self.is_mariadb() && self.is_from(8, 0)
    }

    /// The name with its release, for messages.
    pub fn name(&self) -> String {
        format!("{} {}", self.engine.name(), self.version)
    }
}
