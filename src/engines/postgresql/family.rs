//! PostgreSQL, as the rest of the house sees it.

use super::catalogue::{Catalogue, Context};
use super::{assemble, first_start, kinds, methods, patroni, shapes, sizing, versions};
use crate::engines::Family;
use crate::engines::frame::{AccessRules, Assembled, Effect, Given, Sizing, Workload};
use crate::formats::{FileKind, Recognised, pg_conf};
use crate::model::{Engine, Placement, RecordSet, Series, SettingShape, Subject, Version, Why};
use crate::workloads::ProjectContext;

/// The family of PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct PostgreSql;

impl Family for PostgreSql {
    fn engines(&self) -> &'static [Engine] {
        &[Engine::Postgresql]
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &kinds::ALL
    }

    fn series(&self, _: Engine) -> &'static [Series] {
        &shapes::USUAL
    }

    fn catalogued(&self, _: Engine) -> &'static [Series] {
        &versions::CATALOGUED
    }

    fn shape(&self, _: Engine, series: Series, name: &str) -> Option<SettingShape> {
        shapes::shape(series, name)
    }

    fn names(&self, _: Engine) -> Vec<String> {
        shapes::names()
    }

    fn how_to_set(&self, name: &str, value: &str) -> Option<String> {
        let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        let argument = if is_plain { format!("-c {name}={value}") } else { format!("-c \"{name}={value}\"") };
        let written = pg_conf::edit::written(value, false);
        Some(format!("write `{name} = {written}` into the server's postgresql.conf, or add `{argument}` to its command line"))
    }

    fn takes_effect(&self, version: Option<&Version>, name: &str) -> Effect {
        let major = version.map_or(0, Version::major);
        match Catalogue::of(major).and_then(|catalogue| catalogue.entry(name)).map(|entry| entry.context) {
            Some(Context::Postmaster) => Effect::Restart,
            _ => Effect::Reload,
        }
    }

    fn sizing(&self, subject: &Subject) -> Option<Result<Sizing, Why>> {
        Some(sizing::advise(subject))
    }

    fn records_of_service(
        &self,
        placement: &Placement,
        data_directory: Option<&str>,
        context: &ProjectContext<'_>,
    ) -> Vec<(&'static str, RecordSet)> {
        let start = first_start::read(placement, data_directory.unwrap_or(first_start::DATA), context.files);
        vec![("first_start", first_start::records(&start, placement, context))]
    }

    fn access_rules(&self) -> Option<AccessRules> {
        Some(AccessRules { record: "hba", file: "pg_hba.conf" })
    }

    fn asks(&self, method: &str) -> Option<&'static str> {
        methods::asks(method)
    }

    fn may_run_in(&self, workload: &Workload<'_>, recognised: &Recognised) -> bool {
        let mut patronis = recognised.of(&kinds::PATRONI).iter();
        workload.is_database_of(self.engines()) || patronis.any(|source| patroni::is_mounted(source.path(), workload.placement))
    }

    fn assemble(&self, given: &Given<'_>) -> Assembled {
        assemble::assemble(given)
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::MAJORS;
    use super::*;

    #[test]
    fn the_series_are_those_of_the_catalogue() {
        assert_eq!(versions::CATALOGUED.to_vec(), MAJORS.map(Series::one).collect::<Vec<_>>());
    }
}
