//! The setting, fact or field that a table names.

use std::ops::Range;

use super::names::{Named, Names};
use crate::model::{SettingShape, ValueKind};
use crate::rules::condition::Operand;
use crate::rules::reader::{Item, Table};

/// The setting, fact or field that a table names.
pub(super) fn operand(table: &Table<'_>, names: Names<'_>) -> Option<Named> {
    let place = |key: &'static str| -> Option<(&str, Range<usize>)> {
        let item: Item<'_> = table.item(key)?;
        Some((table.text(key)?, item.span()))
    };
    if let Some((name, span)) = place("fact") {
        return names.fact(name, span);
    }
    if let Some((path, span)) = place("field") {
        return names.field(path, span);
    }
    let (name, span) = place("setting")?;
    let named = names.setting(name, span)?;
    let Some((key, _)) = place("key") else {
        return Some(named);
    };
    let shape = SettingShape { kind: ValueKind::Text, specials: Vec::new() };
    Some(Named { operand: Operand::Key { setting: named.operand.name().into(), key: key.to_owned().into() }, shape })
}
