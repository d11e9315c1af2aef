//! The table of doors beside the one of clients: ports for members and administration, passwords of images, programs that pass
//! connections on. It is read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::formats::shipped;

/// Who speaks at a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Use {
    Members,
    Administration,
}

impl Use {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Members => "member-port-published",
            Self::Administration => "admin-port-published",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SidePort {
    pub(super) numbers: Vec<u16>,
    #[serde(default)]
    pub(super) engines: Vec<String>,
    #[serde(default)]
    pub(super) images: Vec<String>,
    #[serde(rename = "use")]
    pub(super) by: Use,
    pub(super) what: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shipped {
    pub(super) images: Vec<String>,
    pub(super) variables: Vec<String>,
    pub(super) login: String,
}

/// How something passes connections on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Way {
    /// From a published port.
    Port,
    /// From a machine outside that it connects to.
    Tunnel,
    /// From a private network that it joins.
    Network,
    /// As what its users ask a database for, at a published port.
    Gateway,
    /// To any address that its users name, at a published port.
    Socks,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) names: Vec<String>,
    pub(super) way: Way,
}

/// The whole table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) port: Vec<SidePort>,
    pub(super) password: Vec<Shipped>,
    pub(super) relay: Vec<Entry>,
}

pub(super) static KNOWN: LazyLock<Known> = LazyLock::new(|| read().unwrap_or_default());

/// How programs and images pass connections on, by their names.
static WAYS: LazyLock<HashMap<&str, Way>> =
    LazyLock::new(|| KNOWN.relay.iter().flat_map(|entry| entry.names.iter().map(|name| (name.as_str(), entry.way))).collect());

/// How what has this name passes connections on.
pub(super) fn way_of(name: &str) -> Option<Way> {
    WAYS.get(name).copied()
}

fn read() -> Result<Known, String> {
    shipped::read(include_str!("../../rules/data/side-doors.toml"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::model::Engine;

    #[test]
    fn the_table_is_well_formed() {
        let known: Known = read().unwrap();
        assert!(known.port.len() > 10 && known.password.len() > 2);
        for port in &known.port {
            assert!(!port.numbers.is_empty() && port.engines.is_empty() != port.images.is_empty(), "{port:?}");
            port.engines.iter().for_each(|name| assert!(name.parse::<Engine>().is_ok(), "{name}"));
        }
    }

    #[test]
    fn the_table_names_each_program_once() {
        let known: Known = read().unwrap();
        let names: Vec<&String> = known.relay.iter().flat_map(|entry| &entry.names).collect();
        assert_eq!(names.len(), names.iter().collect::<HashSet<_>>().len());
        assert!(known.relay.len() >= 5);
    }
}
