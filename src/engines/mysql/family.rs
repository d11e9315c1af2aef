//! MySQL and MariaDB, as the rest of the house sees them.

use super::catalogue;
use super::server::ENGINES;
use super::{assemble, kinds, shapes};
use crate::engines::Family;
use crate::engines::frame::{Assembled, Given};
use crate::formats::FileKind;
use crate::model::{Engine, Series, SettingShape};

/// The family of MySQL and MariaDB.
#[derive(Clone, Copy, Debug)]
pub struct MySql;

impl Family for MySql {
    fn engines(&self) -> &'static [Engine] {
        &ENGINES
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &kinds::ALL
    }

    fn series(&self, engine: Engine) -> &'static [Series] {
        shapes::usual(engine)
    }

    fn catalogued(&self, engine: Engine) -> &'static [Series] {
        catalogue::series_of(engine)
    }

    fn shape(&self, engine: Engine, series: Series, name: &str) -> Option<SettingShape> {
        shapes::shape(engine, series, name)
    }

    fn names(&self, engine: Engine) -> Vec<String> {
        shapes::names(engine)
    }

    fn how_to_set(&self, name: &str, value: &str) -> Option<String> {
        Some(format!("write `{name} = {value}` into the group [mysqld] of an option file"))
    }

    fn assemble(&self, given: &Given<'_>) -> Assembled {
        assemble::assemble(given)
    }
}
