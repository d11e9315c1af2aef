//! Where the settings of a server are written, in the words of remedies: in `command:` of a compose file, by ALTER SYSTEM,
//! by Patroni, or in the file that remedies are written for.

use super::server::Server;
use crate::model::{OriginKind, Platform, SettingHome, SettingHomes, SettingState, Settings};
use crate::workloads::images::Entrypoint;

/// What has a running server read its files again.
const RELOAD: &str = "SELECT pg_reload_conf()";
/// A container takes a new command when it is made again.
const RECREATE: &str = "recreate the container: docker compose up -d";

/// An argument in `command:`.
const ARGUMENT: SettingHome = SettingHome {
    before: "",
    between: "=",
    is_word: true,
    place: " in `command:`",
    reload: RECREATE,
    restart: RECREATE,
    removal: "remove it from `command:` together with its `-c`",
    or_removal: ", or remove it there together with its `-c`,",
    note: "postgresql.conf and ALTER SYSTEM do not change what the command line sets.",
};

/// One more argument in `command:`.
const NEW_ARGUMENT: SettingHome = SettingHome {
    before: "-c ",
    place: " in `command:` of the service",
    removal: "leave it out of `command:`",
    or_removal: ",",
    note: "",
    ..ARGUMENT
};

/// The command line of a server that no compose file describes.
const COMMAND_LINE: SettingHome = SettingHome {
    before: "",
    is_word: true,
    place: " on the command line of the server",
    reload: "restart the server",
    restart: "restart the server",
    removal: "remove it from the command line of the server together with its `-c`",
    or_removal: ", or remove it there together with its `-c`,",
    ..ARGUMENT
};

/// What the image starts is its own matter: the server keeps the setting itself.
const STATEMENT: SettingHome = SettingHome {
    before: "",
    between: " = ",
    is_word: false,
    place: " with ALTER SYSTEM SET",
    reload: "reload: SELECT pg_reload_conf()",
    restart: "restart the container: docker compose restart",
    removal: "leave it out",
    or_removal: ",",
    note: "",
};

/// Patroni writes the server's files from its own.
const PATRONI: SettingHome = SettingHome {
    before: "",
    between: ": ",
    is_word: false,
    place: " in postgresql.parameters (patronictl edit-config)",
    reload: "have it taken over: patronictl reload",
    restart: "have it taken over: patronictl restart",
    removal: "remove it from postgresql.parameters (patronictl edit-config)",
    or_removal: ", or remove it there,",
    note: "",
};

/// Where the settings of a server are written; `has_file`: a main file of its own was read.
pub(super) fn of(server: &Server<'_>, has_file: bool, settings: &Settings) -> SettingHomes {
    let compose = server.base.platform() == Some(Platform::Compose);
    let homes = SettingHomes {
        reload: RELOAD,
        in_container: compose,
        on_command_line: if compose { &ARGUMENT } else { &COMMAND_LINE },
        in_file: None,
        unset: None,
    };
    if server.patroni.is_some() {
        return SettingHomes { in_container: false, in_file: Some(&PATRONI), unset: Some(&PATRONI), ..homes };
    }
    if has_file || !compose {
        return homes;
    }
    let image = server.base.workload.and_then(|workload| workload.identity.image.as_ref());
    let takes_arguments = image.is_some_and(|image| image.common().entrypoint == Entrypoint::Official) || has_arguments(settings);
    SettingHomes { unset: Some(if takes_arguments { &NEW_ARGUMENT } else { &STATEMENT }), ..homes }
}

/// Whether the command sets something already: then it can set more.
fn has_arguments(settings: &Settings) -> bool {
    let is_argument =
        |state: &SettingState| matches!(state, SettingState::Known(setting) if setting.origin.kind == OriginKind::CommandLine);
    settings.values().any(is_argument)
}
