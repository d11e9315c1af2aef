//! A rule as the server holds it: type, databases, users, address, method, options.

use std::fmt;
use std::sync::Arc;

use super::address::{Address, Family, Range, impossible_host_name};
use crate::model::words::words;
use crate::model::{Secret, Why};
use crate::text::{SourceId, Span};

words! {
    /// Type of connection of a rule.
    ConnectionType {
        /// Local socket.
        Local = "local",
        /// TCP, encrypted or not.
        Host = "host",
        /// TCP with TLS.
        HostSsl = "hostssl",
        /// TCP without TLS.
        HostNoSsl = "hostnossl",
        /// TCP with GSSAPI encryption.
        HostGssEnc = "hostgssenc",
        /// TCP without GSSAPI encryption.
        HostNoGssEnc = "hostnogssenc",
    }
}

/// How a session is carried. A session is encrypted by TLS or by GSSAPI, never by both.
pub(super) mod sessions {
    /// Over a local socket.
    pub(in super::super) const SOCKET: u8 = 1;
    /// Over TCP, in the clear.
    pub(in super::super) const PLAIN: u8 = 2;
    /// Over TCP, with TLS.
    pub(in super::super) const TLS: u8 = 4;
    /// Over TCP, with GSSAPI encryption.
    pub(in super::super) const GSS: u8 = 8;
}

impl ConnectionType {
    /// The sessions that a rule of this type matches, as bits; with TLS switched off there are none with TLS.
    #[must_use]
    pub(super) const fn sessions(self, ssl: Option<bool>) -> u8 {
        use sessions::{GSS, PLAIN, SOCKET, TLS};
        let all = match self {
            Self::Local => SOCKET,
            Self::Host => PLAIN | TLS | GSS,
            Self::HostSsl => TLS,
            Self::HostNoSsl => PLAIN | GSS,
            Self::HostGssEnc => GSS,
            Self::HostNoGssEnc => PLAIN | TLS,
        };
        if matches!(ssl, Some(false)) { all & !TLS } else { all }
    }
}

/// One word of the databases or users of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameItem {
    /// The keyword `all`. For databases it leaves out physical replication.
    All,
    /// The keyword `replication`: physical replication only.
    Replication,
    /// The keyword `sameuser`: the database named like the user.
    SameUser,
    /// The keyword `samerole` or `samegroup`: the user is a member of the role named like the database.
    SameRole,
    /// `+role`: its direct and indirect members.
    Group(String),
    /// A regular expression, without its slash.
    Regex(String),
    /// A name.
    Name(String),
    /// An `@file` that could not be seen.
    Unseen(String),
}

impl fmt::Display for NameItem {
    /// As one would write it: a name that would read as something else stands in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Replication => f.write_str("replication"),
            Self::SameUser => f.write_str("sameuser"),
            Self::SameRole => f.write_str("samerole"),
            Self::Group(role) => write!(f, "+{role}"),
            Self::Regex(expression) => write!(f, "/{expression}"),
            Self::Unseen(file) => write!(f, "@{file}"),
            Self::Name(name) => {
                let keyword = KEYWORDS.contains(&name.as_str());
                let special = name.is_empty() || name.starts_with(['+', '@']) || name.contains([' ', '\t', ',', '#', '"']);
                if keyword || special { write!(f, "\"{}\"", name.replace('"', "\"\"")) } else { f.write_str(name) }
            }
        }
    }
}

/// Every keyword of the database, user and address fields.
pub(super) const KEYWORDS: [&str; 7] = ["all", "sameuser", "samerole", "samegroup", "replication", "samehost", "samenet"];

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// May be shown.
    Text(String),
    /// Must not.
    Secret(Secret),
}

/// One option of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthOption {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: OptionValue,
    /// How many entries it has, for the lists that RADIUS takes; else 0.
    pub entries: usize,
    /// Where it stands, name and value.
    pub span: Span,
}

impl AuthOption {
    /// The value, unless it is a secret.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            OptionValue::Text(text) => Some(text),
            OptionValue::Secret(_) => None,
        }
    }
}

/// A list with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Its words, with those of `@file`s.
    pub items: Vec<NameItem>,
    /// Where it stands.
    pub span: Span,
    /// Why some of its words could not be seen.
    pub unseen: Option<Why>,
}

impl Names {
    /// Whether a word is among them.
    #[must_use]
    pub fn has(&self, item: &NameItem) -> bool {
        self.items.contains(item)
    }

    /// The words, separated by commas.
    #[must_use]
    pub fn text(&self) -> String {
        self.items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

/// The address of a rule with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAddress {
    /// What it means.
    pub address: Address,
    /// As written, with its mask.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Display path of its file; empty for a rule that stands in none.
    pub path: Arc<str>,
    /// Number of its first line.
    pub line: u32,
    /// All of it.
    pub span: Span,
    /// Type of connection.
    pub kind: ConnectionType,
    /// Where the type stands.
    pub kind_span: Span,
    /// Databases.
    pub databases: Names,
    /// Users.
    pub users: Names,
    /// Address; none for `local`.
    pub address: Option<WrittenAddress>,
    /// Method in effect: `ident` on `local` is `peer`.
    pub method: String,
    /// Where the method stands.
    pub method_span: Span,
    /// Options, in order.
    pub options: Vec<AuthOption>,
    /// Whether an image adds it, so that no file holds it.
    pub image_default: bool,
    /// Whether no client can have its address.
    pub dead_address: bool,
}

/// Whether no client can have an address: a name that no host has, or IPv4 written as IPv6.
pub(super) fn is_dead(address: &Address) -> bool {
    match address {
        Address::Host(name) => impossible_host_name(name).is_some(),
        Address::Range(range) => range.family == Family::Ipv6 && range.is_mapped_ipv4(),
        _ => false,
    }
}

impl Rule {
    /// The logical place, for fingerprints.
    #[must_use]
    pub fn key(&self) -> String {
        let address = self.address.as_ref().map_or("", |address| address.text.as_str());
        format!("hba/{}/{}/{}/{address}", self.kind, self.databases.text(), self.users.text())
    }

    /// The last option of a name, which is the one that counts.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&AuthOption> {
        self.options.iter().rev().find(|option| option.name == name)
    }

    /// The range of its address, where it is one.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        match self.address.as_ref().map(|address| &address.address) {
            Some(Address::Range(range)) => Some(*range),
            _ => None,
        }
    }

    /// Whether any session can match; `None` where that depends on whether TLS is on.
    #[must_use]
    pub fn can_match(&self, ssl: Option<bool>) -> Option<bool> {
        match (self.dead_address, self.kind, ssl) {
            (true, _, _) | (_, ConnectionType::HostSsl, Some(false)) => Some(false),
            (_, ConnectionType::HostSsl, None) => None,
            _ => Some(true),
        }
    }
}

/// The place of something, unless it stands in no file.
pub(super) fn place(span: Span) -> Option<Span> {
    (span.source != SourceId::detached()).then_some(span)
}
