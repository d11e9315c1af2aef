//! What a finding says to do, in the words of the place where the setting stands, and of the programs that are there.

use super::*;
use crate::model::{SettingHome, SettingHomes};

const ARGUMENT: SettingHome = SettingHome {
    before: "",
    between: "=",
    is_word: true,
    place: " in `command:`",
    reload: "recreate it",
    restart: "recreate it",
    removal: "remove it with its flag",
    or_removal: ", or remove it there,",
    note: "No file changes it.",
};
const NEW: SettingHome = SettingHome { before: "-c ", or_removal: ",", note: "", ..ARGUMENT };

/// A server in a container that no file of its own configures; `written` is where ssl stands.
fn in_container(ssl: OriginKind) -> Subject {
    let mut subject = instance();
    subject.setting_homes =
        Some(SettingHomes { reload: "SELECT reload()", in_container: true, on_command_line: &ARGUMENT, in_file: None, unset: Some(&NEW) });
    setting(&mut subject, "ssl", Value::Bool(false), ssl, at(10, 13), None);
    subject
}

fn help(docs: &str, subject: &Subject) -> String {
    let text = rule_text("engine = \"postgresql\"\nrequire = { setting = \"ssl\", is = true }");
    let rule = load(&text.replace("how = \"Write it.\"", docs)).unwrap_or_else(|errors| panic!("{errors:?}"));
    judge(&rule, subject, &today()).findings()[0].help.to_string()
}

#[test]
fn a_remedy_speaks_of_the_place_where_the_setting_stands() {
    let docs = "how = \"Write `ssl = on`, or remove the line, and reload: SELECT reload(). Then see `work_mem = '4 MB'`.\"";
    let of = |kind| help(docs, &in_container(kind));
    assert_eq!(
        of(OriginKind::CommandLine),
        "Write `ssl=on` in `command:`, or remove it there, and recreate it. Then see `-c \"work_mem=4 MB\"`. No file changes it."
    );
    assert_eq!(of(OriginKind::Default), "Write `-c ssl=on` in `command:`, and recreate it. Then see `-c \"work_mem=4 MB\"`.");
    let of_file = "Write `ssl = on`, or remove the line, and reload: SELECT reload(). Then see `work_mem = '4 MB'`.";
    let mut subject = in_container(OriginKind::File);
    subject.setting_homes = subject.setting_homes.map(|homes| SettingHomes { unset: None, ..homes });
    assert_eq!(help(docs, &subject), of_file);
}

#[test]
fn lines_and_restarts_have_other_words_on_a_command_line() {
    let docs = "how = \"Remove the line (the default is on) and restart the server. Start the server anew.\"";
    let told = help(docs, &in_container(OriginKind::CommandLine));
    assert!(told.starts_with("Remove it with its flag (the default is on) and recreate it."), "{told}");
}

#[test]
fn what_is_done_otherwise_in_a_container_has_words_of_its_own() {
    let docs = "how = \"Put the key beside the configuration.\"\nin_container = \"Mount the key, and write `ssl = on`.\"";
    assert_eq!(help(docs, &in_container(OriginKind::Default)), "Mount the key, and write `-c ssl=on` in `command:`.");
    assert_eq!(help(docs, &written("ssl", Value::Bool(false))), "Put the key beside the configuration.");
}
