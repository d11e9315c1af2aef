//! Where the options of a server are written that no option file holds, in the words of remedies: in `command:` of a compose
//! file, or on the command line of the server.

use super::server::Server;
use crate::model::{Platform, SettingHome, SettingHomes};
use crate::workloads::images::Entrypoint;

/// A container takes a new command when it is made again.
const RECREATE: &str = "recreate the container: docker compose up -d";

/// An option in `command:`.
const ARGUMENT: SettingHome = SettingHome {
    before: "--",
    between: "=",
    is_word: true,
    place: " in `command:` of the service",
    reload: RECREATE,
    restart: RECREATE,
    removal: "remove it from `command:`",
    or_removal: ", or remove it there,",
    note: "No option file changes what the command line sets.",
};

/// One more option in `command:`.
const NEW_ARGUMENT: SettingHome = SettingHome { removal: "leave it out of `command:`", or_removal: ",", note: "", ..ARGUMENT };

/// The command line of a server that no compose file describes.
const COMMAND_LINE: SettingHome = SettingHome {
    place: " on the command line of the server",
    reload: "restart the server",
    restart: "restart the server",
    removal: "remove it from the command line of the server",
    ..ARGUMENT
};

/// Where the options of a server are written; `has_file`: an option file of its own was read.
pub(super) fn of(server: &Server<'_>, has_file: bool) -> SettingHomes {
    let compose = server.base.platform() == Some(Platform::Compose);
    SettingHomes {
        // The server reads its files at its start alone.
        reload: "read again",
        in_container: compose,
        on_command_line: if compose { &ARGUMENT } else { &COMMAND_LINE },
        in_file: None,
        unset: (!has_file && takes_arguments(server)).then_some(&NEW_ARGUMENT),
    }
}

/// Whether the image of a container hands its command to the server.
fn takes_arguments(server: &Server<'_>) -> bool {
    let image = server.base.workload.and_then(|workload| workload.identity.image.as_ref());
    image.is_some_and(|image| image.common().entrypoint == Entrypoint::Official)
}
