//! What a sizing rests on: the memory, processors, disk and work of a server, as far as they are known.

use super::{GB, MB, shown};
use crate::engines::frame;
use crate::model::{Datum, OriginKind, SettingState, Storage, Subject, Value, Why, Workload};

/// Least memory for which the formulas hold: with less, nothing is left for sessions.
const LEAST_MEMORY: i64 = 512 * MB;

/// Facts of a machine, or of the limits of a container.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// Major release.
    pub major: u32,
    /// Memory in bytes.
    pub memory: i64,
    /// Processors; a container may have a part of one.
    pub cpus: Option<f64>,
    /// Kind of disk.
    pub storage: Option<Storage>,
    /// Kind of work.
    pub workload: Option<Workload>,
    /// `max_connections`, where somebody wrote it.
    pub connections: Option<i64>,
    /// Clients at peak, where gonogo.toml states them.
    pub peak_clients: Option<i64>,
}

impl Machine {
    /// The machine of a server.
    ///
    /// # Errors
    /// Why nothing can be advised.
    pub fn of(subject: &Subject) -> Result<Self, Why> {
        let memory = match subject.fact("memory").datum {
            Datum::Known(Value::Bytes(bytes)) => bytes,
            Datum::Unknown(why) => return Err(*why),
            Datum::Among(_, why) => return Err(*why),
            _ => return Err(Why::needing("the memory of the machine is not known", "say --memory, or [host] memory in gonogo.toml")),
        };
        if memory < LEAST_MEMORY {
            let reason = format!("{} of memory are less than the {} for which the formulas hold", shown(memory), shown(LEAST_MEMORY));
            return Err(Why::needing(reason, "give the server more memory, or keep the defaults"));
        }
        let known = |name: &str| subject.facts.get(name).and_then(|field| field.datum.known());
        let word = |name: &str| known(name).and_then(Value::as_text);
        Ok(Self {
            major: subject.version.as_ref().map_or(0, crate::model::Version::major),
            // Beyond a petabyte it is a slip of the finger.
            memory: memory.min(1_048_576 * GB),
            cpus: known("cpus").and_then(Value::as_number),
            storage: word("storage").and_then(|word| word.parse().ok()),
            workload: word("workload").and_then(|word| word.parse().ok()),
            connections: written_connections(subject),
            peak_clients: known("peak_clients").and_then(Value::as_integer).filter(|number| *number > 0),
        })
    }

    /// The work that is sized for: mixed where nothing tells, which asks for the least memory per session.
    #[must_use]
    pub fn work(&self) -> Workload {
        self.workload.unwrap_or(Workload::Mixed)
    }

    /// What reports say of it.
    #[must_use]
    pub fn shown(&self) -> frame::Machine {
        frame::Machine {
            memory: self.memory,
            cpus: self.cpus,
            storage: self.storage,
            workload: self.work(),
            workload_assumed: self.workload.is_none(),
        }
    }

    /// Whole processors, at least one.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
    pub fn whole_cpus(&self) -> Option<i64> {
        self.cpus.map(|cpus| cpus.clamp(1.0, 4096.0).floor() as i64)
    }
}

/// Only somebody who knows the clients can choose it, so a number that is written is kept where it fits.
fn written_connections(subject: &Subject) -> Option<i64> {
    match subject.settings.get("max_connections")? {
        SettingState::Known(setting) if matches!(setting.origin.kind, OriginKind::File | OriginKind::CommandLine) => {
            setting.value.as_integer().filter(|number| *number > 0)
        }
        _ => None,
    }
}
