//! Where the settings of a server are written when that is no file of its own, in words: remedies speak of that place.

use std::borrow::Cow;

/// A place that is no configuration file, in the words that a remedy has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingHome {
    /// What stands before an assignment: `-c `.
    pub before: &'static str,
    /// What stands between a name and its value.
    pub between: &'static str,
    /// Whether a value with blanks or signs is quoted as a word of a command that Compose reads.
    pub is_word: bool,
    /// Follows the first assignment: ` in `command:``.
    pub place: &'static str,
    /// What makes the server take a new value that a reload would bring.
    pub reload: &'static str,
    /// The same for one that needs a restart.
    pub restart: &'static str,
    /// "Remove the line", where that is what to do; in lower case.
    pub removal: &'static str,
    /// ", or remove the line," beside a value to write.
    pub or_removal: &'static str,
    /// A sentence at the end.
    pub note: &'static str,
}

impl SettingHome {
    /// An assignment as it is written there. The value is that of a configuration file, with its quotes.
    #[must_use]
    pub fn assignment(&self, name: &str, value: &str) -> String {
        let Self { before, between, .. } = self;
        if !self.is_word {
            return format!("{before}{name}{between}{value}");
        }
        let bare = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(value);
        let bare: Cow<'_, str> = if bare.contains('$') { bare.replace('$', "$$").into() } else { bare.into() };
        let is_plain = bare.chars().all(|sign| sign.is_ascii_alphanumeric() || "._-/%…*".contains(sign));
        let quote = if is_plain {
            ""
        } else if bare.contains('"') {
            "'"
        } else {
            "\""
        };
        format!("{before}{quote}{name}{between}{bare}{quote}")
    }
}

/// Where the settings of one server are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingHomes {
    /// What has a running server of the engine read its files again, as remedies have it.
    pub reload: &'static str,
    /// Whether a container runs it.
    pub in_container: bool,
    /// Of what its command line sets.
    pub on_command_line: &'static SettingHome,
    /// Of what a file sets, where that is none of the engine's own.
    pub in_file: Option<&'static SettingHome>,
    /// Of what nothing sets; `None` where a file of its own was read.
    pub unset: Option<&'static SettingHome>,
}
