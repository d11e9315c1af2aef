//! Settings that Patroni passes on the command line of the server, where nothing overrides them.
//!
//! Source: `CMDLINE_OPTIONS` of patroni/postgresql/config.py.

/// Who decides about a setting, and what Patroni takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Control {
    /// `postgresql.listen` or `scope`; a value among the parameters has no effect.
    Own,
    /// The DCS, if its value is at least this.
    AtLeast(f64),
    /// The DCS, if its value is one of these.
    OneOf(&'static [&'static str]),
    /// On, whatever is written.
    AlwaysOn,
}

/// A setting that Patroni controls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Controlled {
    pub name: &'static str,
    pub control: Control,
    /// Its value where the DCS has none.
    pub default: Option<&'static str>,
}

const fn controlled(name: &'static str, control: Control, default: Option<&'static str>) -> Controlled {
    Controlled { name, control, default }
}

pub(super) const CONTROLLED: [Controlled; 15] = [
    controlled("listen_addresses", Control::Own, None),
    controlled("port", Control::Own, None),
    controlled("cluster_name", Control::Own, None),
    controlled("wal_level", Control::OneOf(&["hot_standby", "replica", "logical"]), Some("replica")),
    controlled("hot_standby", Control::AlwaysOn, Some("on")),
    controlled("wal_log_hints", Control::OneOf(&["on", "off"]), Some("on")),
    controlled("max_connections", Control::AtLeast(25.0), Some("100")),
    controlled("max_wal_senders", Control::AtLeast(3.0), Some("10")),
    controlled("wal_keep_segments", Control::AtLeast(1.0), None),
    controlled("wal_keep_size", Control::AtLeast(16.0 * 1024.0 * 1024.0), Some("128MB")),
    controlled("max_prepared_transactions", Control::AtLeast(0.0), Some("0")),
    controlled("max_locks_per_transaction", Control::AtLeast(32.0), Some("64")),
    controlled("track_commit_timestamp", Control::OneOf(&["on", "off"]), Some("off")),
    controlled("max_replication_slots", Control::AtLeast(4.0), Some("10")),
    controlled("max_worker_processes", Control::AtLeast(2.0), Some("8")),
];

/// The controlled setting of a name.
pub(super) fn of(name: &str) -> Option<&'static Controlled> {
    CONTROLLED.iter().find(|controlled| controlled.name.eq_ignore_ascii_case(name))
}

impl Controlled {
    /// Why Patroni does not take a value from the DCS; nothing where it does, or where that cannot be told.
    pub(super) fn refuses(&self, value: &str) -> Option<String> {
        let name = self.name;
        match self.control {
            Control::Own => Some(format!("Patroni sets `{name}` itself, from {}", source_of(name))),
            Control::AlwaysOn => (value != "on").then(|| format!("Patroni always sets `{name}` to on")),
            Control::OneOf(words) => {
                let known = words.iter().any(|word| word.eq_ignore_ascii_case(value));
                (!known).then(|| format!("Patroni takes `{name}` only as {}", words.join(", ")))
            }
            Control::AtLeast(least) => {
                let number = value.parse::<f64>().ok().or_else(|| bytes(value))?;
                let shown = if name == "wal_keep_size" { "16MB".to_owned() } else { least.to_string() };
                let number = if name == "wal_keep_size" && value.parse::<f64>().is_ok() { number * 1024.0 * 1024.0 } else { number };
                (number < least).then(|| format!("Patroni takes `{name}` only from {shown} on"))
            }
        }
    }
}

fn source_of(name: &str) -> &'static str {
    if name == "cluster_name" { "`scope`" } else { "`postgresql.listen`" }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of configurations stay far below 2^53")]
fn bytes(value: &str) -> Option<f64> {
    crate::config::parse_bytes(value).ok().map(|bytes| bytes as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patroni_takes_what_is_sane() {
        for (name, value, taken) in [
            ("max_connections", "200", true),
            ("max_connections", "20", false),
            ("wal_level", "minimal", false),
            ("wal_level", "logical", true),
            ("hot_standby", "off", false),
            ("wal_keep_size", "1GB", true),
            ("wal_keep_size", "8", false),
            ("port", "5433", false),
        ] {
            assert_eq!(of(name).unwrap().refuses(value).is_none(), taken, "{name} {value}");
        }
        assert!(of("shared_buffers").is_none());
    }
}
