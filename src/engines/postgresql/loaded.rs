//! Libraries that the server loads at its start, which decides whether an extension's settings have their defaults.

use crate::model::{Setting, SettingState, Settings, Value, Why};

/// Libraries that are loaded, as far as it is known.
pub(super) struct Loaded {
    names: Vec<String>,
    unknown: Option<Why>,
}

impl Loaded {
    /// The libraries that the settings name.
    pub(super) fn of(settings: &Settings) -> Self {
        let mut loaded = Self { names: Vec::new(), unknown: None };
        for list in ["shared_preload_libraries", "session_preload_libraries", "local_preload_libraries"] {
            match settings.get(list) {
                Some(SettingState::Known(Setting { value: Value::List(names), .. })) => loaded.names.extend(names.iter().cloned()),
                Some(SettingState::Unknown(why)) => loaded.unknown = Some(why.clone()),
                _ => {}
            }
        }
        loaded
    }

    /// Whether a library is among them, or why that cannot be told.
    pub(super) fn has(&self, library: &str) -> Result<bool, Why> {
        let is_it = |name: &String| name.rsplit('/').next().is_some_and(|name| name.trim_end_matches(".so") == library);
        match &self.unknown {
            _ if self.names.iter().any(is_it) => Ok(true),
            Some(why) => Err(why.clone()),
            None => Ok(false),
        }
    }
}
