//! `gonogo show`: the configuration in effect, where each value comes from, and what it overrode.

mod hba;
mod json;
mod text;

pub use json::show_json;
pub use text::show_text;

use crate::model::{Instance, Setting, Value, View};
use crate::text::{SECRET_PLACEHOLDER, redact_text};

/// What of the configuration is shown.
#[derive(Clone, Debug, Default)]
pub struct ShowOptions {
    /// Only these settings, whatever their case; empty for all.
    pub settings: Vec<String>,
    /// Show defaults too, and what is not known; text leaves them out otherwise.
    pub all: bool,
    /// Show who can connect instead of the settings (text), beside them (JSON).
    pub who_can_connect: bool,
    /// Whether to write colours.
    pub colour: bool,
    /// Width of the terminal in columns.
    pub width: usize,
}

impl ShowOptions {
    fn wants(&self, name: &str) -> bool {
        self.settings.is_empty() || self.settings.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
    }
}

/// The view under the newest version that the instance may have.
fn newest(instance: &Instance) -> Option<&View> {
    instance.views.last()
}

/// What the server would show, unless that is a secret.
fn shown_value(setting: &Setting) -> String {
    match setting.value {
        Value::Secret(_) => SECRET_PLACEHOLDER.to_owned(),
        _ => redact_text(&setting.shown),
    }
}

/// An earlier value as written, unless the setting holds a secret.
fn overridden_value(setting: &Setting, raw: &str) -> String {
    match setting.value {
        Value::Secret(_) => SECRET_PLACEHOLDER.to_owned(),
        _ => redact_text(raw),
    }
}
