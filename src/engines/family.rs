//! What an engine is to the rest of the house: a family of one engine or of several flavours.

use super::frame::{AccessRules, Assembled, Effect, Given, Sizing, Workload};
use crate::formats::{FileKind, Recognised};
use crate::model::{Engine, Placement, RecordSet, Series, SettingShape, Subject, Version, Why};
use crate::workloads::ProjectContext;

/// One engine, or several that share their files: MySQL and MariaDB, Redis and Valkey.
pub trait Family: Sync {
    /// Its engines.
    fn engines(&self) -> &'static [Engine];

    /// The kinds of file that it reads, in the order in which a tie is decided.
    fn kinds(&self) -> &'static [&'static FileKind];

    /// The series that a rule without `versions` must hold for, ascending.
    fn series(&self, engine: Engine) -> &'static [Series];

    /// Every series with a catalogue, ascending.
    fn catalogued(&self, engine: Engine) -> &'static [Series];

    /// A setting of one series; `name` is canonical and in lower case.
    fn shape(&self, engine: Engine, series: Series, name: &str) -> Option<SettingShape>;

    /// Every name of every series, for suggestions.
    fn names(&self, engine: Engine) -> Vec<String>;

    /// How a person gives a setting a value where no file of the server was seen; `None` where there is no telling.
    fn how_to_set(&self, name: &str, value: &str) -> Option<String> {
        let _ = (name, value);
        None
    }

    /// What a change of a setting needs, in a release as far as it is known.
    fn takes_effect(&self, version: Option<&Version>, name: &str) -> Effect {
        let _ = (version, name);
        Effect::Restart
    }

    /// What the settings of a server should be on its machine, or why that cannot be told; `None` where there are no formulas.
    fn sizing(&self, subject: &Subject) -> Option<Result<Sizing, Why>> {
        let _ = subject;
        None
    }

    /// The access rules; `None` where the engine has none in a file.
    fn access_rules(&self) -> Option<AccessRules> {
        None
    }

    /// What a client has to show for a method of the access rules.
    fn asks(&self, method: &str) -> Option<&'static str> {
        let _ = method;
        None
    }

    /// Whether a workload may be a server of the family. It is given no other one: of a large tree they are many.
    fn may_run_in(&self, workload: &Workload<'_>, recognised: &Recognised) -> bool {
        let _ = recognised;
        workload.is_database_of(self.engines())
    }

    /// Records of the service that one of its servers runs in, about what its scripts do.
    fn records_of_service(
        &self,
        placement: &Placement,
        data_directory: Option<&str>,
        context: &ProjectContext<'_>,
    ) -> Vec<(&'static str, RecordSet)> {
        let _ = (placement, data_directory, context);
        Vec::new()
    }

    /// The servers that the files, the workloads and the observations describe.
    fn assemble(&self, given: &Given<'_>) -> Assembled;
}

/// The families that a run knows.
#[derive(Clone, Copy)]
pub struct Families(pub &'static [&'static dyn Family]);

impl Families {
    /// The family of an engine, where there is one.
    #[must_use]
    pub fn of(self, engine: Engine) -> Option<&'static dyn Family> {
        self.0.iter().copied().find(|family| family.engines().contains(&engine))
    }

    /// Whether some family may make a server of a workload.
    #[must_use]
    pub fn may_run_in(self, workload: &Workload<'_>, recognised: &Recognised) -> bool {
        self.0.iter().any(|family| family.may_run_in(workload, recognised))
    }

    /// Adds what the family of its engine knows of a service to its subject.
    pub fn add_to_service(self, subject: &mut Subject, placement: &Placement, context: &ProjectContext<'_>) {
        let identity = context.identity(placement);
        let directory = subject.facts.get("data_directory").and_then(|field| field.datum.known()?.as_text().map(str::to_owned));
        let family = identity.engine.filter(|_| identity.role == "database").and_then(|engine| self.of(engine));
        let records = family.map(|family| family.records_of_service(placement, directory.as_deref(), context));
        // A service without scripts has none of it, rather than that nobody looked.
        subject.records.entry("first_start").or_default();
        subject.records.extend(records.into_iter().flatten());
    }

    /// Every engine that has a family.
    pub fn engines(self) -> impl Iterator<Item = Engine> {
        self.0.iter().flat_map(|family| family.engines()).copied()
    }
}

impl Default for Families {
    /// Those of the program.
    fn default() -> Self {
        super::ALL
    }
}

impl std::fmt::Debug for Families {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.engines()).finish()
    }
}
