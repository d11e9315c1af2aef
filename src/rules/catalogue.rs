//! The catalogues of the engines, as the loader of rules sees them.

use crate::engines::Families;
use crate::model::{Engine, Series, SettingShape};

pub use gonogo_language::rules::catalogue::SettingCatalogue;

impl SettingCatalogue for Families {
    fn setting(&self, engine: Engine, series: Series, name: &str) -> Option<SettingShape> {
        self.of(engine)?.shape(engine, series, name)
    }

    fn series(&self, engine: Engine) -> &[Series] {
        self.of(engine).map(|family| family.series(engine)).unwrap_or_default()
    }

    fn names(&self, engine: Engine) -> Vec<String> {
        self.of(engine).map(|family| family.names(engine)).unwrap_or_default()
    }
}
