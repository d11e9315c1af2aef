//! What the loader must know about settings to check a rule that names one.
//!
//! The catalogues themselves belong to the engines; rules see them through this narrow window.

use crate::model::{Engine, Series, SettingShape};

/// The settings of every engine that is catalogued.
pub trait SettingCatalogue: Sync {
    /// A setting of one series; `name` is canonical and in lower case.
    fn setting(&self, engine: Engine, series: Series, name: &str) -> Option<SettingShape>;
    /// The series that a rule without `versions` must hold for, ascending; none for an engine without a catalogue.
    fn series(&self, engine: Engine) -> &[Series];
    /// Every name of every series, for suggestions.
    fn names(&self, engine: Engine) -> Vec<String>;
}
