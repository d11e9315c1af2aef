//! From the name of a file to the file: as the server resolves it, through mounts, and whether its absence is seen.

use super::files::TlsFile;
use crate::engines::frame::{Paths, Standing};
use crate::engines::postgresql::server::Server;
use crate::model::{Command, OriginKind, SettingState, Settings, Value, Why};
use crate::text::Files;

/// What stands where a setting points to.
pub(super) enum Located {
    /// A file of the project, by its display path.
    Here(String),
    /// Nothing, and its folder was seen.
    Missing,
    /// It cannot be told.
    Unseen(Why),
}

/// Finds files of one server.
pub(super) struct Locator<'a> {
    pub server: &'a Server<'a>,
    pub files: &'a Files,
    pub paths: &'a Paths<'a>,
    pub settings: &'a Settings,
}

/// Commands that make or change files before the server starts.
const CHANGE_FILES: [&str; 5] = ["chmod", "chown", "cp", "install", "openssl"];

impl Locator<'_> {
    pub(super) fn locate(&self, file: &TlsFile<'_>) -> Located {
        if file.written.is_empty() {
            return Located::Missing;
        }
        let placement = self.server.base.workload.map(|workload| workload.placement);
        let mut commands = placement.iter().flat_map(|placement| [&placement.entrypoint, &placement.command]).flatten();
        if commands.any(changes_files) {
            return Located::Unseen(Why::new("the command of the service makes or changes files before the server starts"));
        }
        if !file.written.starts_with('/') && self.server.base.workload.is_none() && self.data_directory().is_none() {
            return self.beside_main(file);
        }
        let absolute = if file.written.starts_with('/') {
            file.written.to_owned()
        } else {
            let directory = self.data_directory().unwrap_or("/var/lib/postgresql/data");
            format!("{}/{}", directory.trim_end_matches('/'), file.written)
        };
        match self.paths.find(&absolute) {
            Standing::Here(path) => match self.files.exists(&path) {
                Ok(true) => Located::Here(path),
                Ok(false) => self.absent(file, &path),
                Err(error) => Located::Unseen(Why::new(format!("{path} cannot be seen: {error}"))),
            },
            Standing::Unseen(why) => match self.files.display_of_absolute(&absolute) {
                Some(path) if self.files.exists(&path) == Ok(false) => self.absent(file, &path),
                _ => Located::Unseen(why),
            },
            Standing::Inside => Located::Unseen(Why::needing(
                format!("{absolute} is inside the image or on a volume, and cannot be seen"),
                "state what was checked as evidence for security/certificates in gonogo.toml",
            )),
            Standing::Inline(..) => {
                Located::Unseen(Why::new(format!("{absolute} is part of the compose file itself, which is not read for certificates")))
            }
        }
    }

    /// The data directory, where a container or a setting tells it.
    fn data_directory(&self) -> Option<&str> {
        if let Some(directory) = self.server.data_directory() {
            return Some(directory);
        }
        match self.settings.get("data_directory")? {
            SettingState::Known(setting) if setting.origin.kind != OriginKind::Default => match &setting.value {
                Value::Text(directory) if directory.starts_with('/') => Some(directory),
                _ => None,
            },
            _ => None,
        }
    }

    /// A relative name of a server whose main file lies in its data directory.
    fn beside_main(&self, file: &TlsFile<'_>) -> Located {
        let folder = &self.server.files.folder;
        let path = if folder.is_empty() { file.written.to_owned() } else { format!("{folder}/{}", file.written) };
        match self.files.exists(&path) {
            Ok(true) => Located::Here(path),
            // A folder with a main file alone is a copy of it; with PG_VERSION it is the data directory itself.
            Ok(false) if self.server.files.pg_version.is_some() => self.absent(file, &path),
            _ => Located::Unseen(not_given(file)),
        }
    }

    /// Nothing is at a path: it is missing where its folder was seen, other than in a working copy of git,
    /// which seldom holds keys and certificates.
    fn absent(&self, file: &TlsFile<'_>, path: &str) -> Located {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let seen = folder.is_empty() || self.files.exists(folder) == Ok(true);
        if !seen || matches!(self.paths, Paths::Root(..)) {
            return Located::Unseen(not_given(file));
        }
        if self.files.is_link(path) {
            return Located::Unseen(Why::needing(format!("{path} is a link that leads nowhere here"), "run gonogo on the machine itself"));
        }
        if self.files.is_checked_out(path) {
            let reason = format!("{path} is not there; a working copy of git often leaves out certificates and keys");
            return Located::Unseen(Why::needing(reason, "run gonogo on the machine itself"));
        }
        Located::Missing
    }
}

fn not_given(file: &TlsFile<'_>) -> Why {
    Why::needing(format!("{} was not given", file.written), format!("name {} on the command line too", file.written))
}

fn changes_files(command: &Command) -> bool {
    let mut words = command.words.iter().filter_map(|word| word.value.as_deref()).flat_map(str::split_whitespace);
    words.any(|word| CHANGE_FILES.contains(&word))
}
