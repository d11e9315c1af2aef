//! PgBouncer, as the rest of the house sees it.

use super::{assemble, kinds, shapes};
use crate::engines::Family;
use crate::engines::frame::{Assembled, Given, Workload};
use crate::formats::{FileKind, Recognised};
use crate::model::{Engine, Series, SettingShape};

/// The family of PgBouncer.
#[derive(Clone, Copy, Debug)]
pub struct PgBouncer;

impl Family for PgBouncer {
    fn engines(&self) -> &'static [Engine] {
        &[Engine::Pgbouncer]
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &kinds::ALL
    }

    fn series(&self, _: Engine) -> &'static [Series] {
        shapes::usual()
    }

    fn catalogued(&self, _: Engine) -> &'static [Series] {
        &shapes::CATALOGUED
    }

    fn shape(&self, _: Engine, series: Series, name: &str) -> Option<SettingShape> {
        shapes::shape(series, name)
    }

    fn names(&self, _: Engine) -> Vec<String> {
        shapes::names()
    }

    fn may_run_in(&self, workload: &Workload<'_>, _: &Recognised) -> bool {
        assemble::is_its_image(workload)
    }

    fn assemble(&self, given: &Given<'_>) -> Assembled {
        assemble::assemble(given)
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue;
    use super::*;

    #[test]
    fn the_series_are_those_of_the_catalogue() {
        assert_eq!(shapes::CATALOGUED.to_vec(), catalogue::RELEASES.map(|release| Series::two(1, release)).collect::<Vec<_>>());
        assert_eq!(PgBouncer.series(Engine::Pgbouncer).first(), Some(&Series::two(1, super::super::server::OLDEST_SHIPPED)));
    }
}
