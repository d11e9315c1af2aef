//! Values that Docker Compose refuses for their type, whatever reads them.

use super::keys::section;
use super::reader::Reader;
use crate::formats::yaml::Node;

/// Reports the values below a place that their keys do not take, where nothing was said of them yet.
pub(super) fn check(reader: &mut Reader<'_>, node: &Node, path: &str) {
    let Some(section) = section(path) else { return };
    for entry in node.entries() {
        let Some(key) = entry.key.text().and_then(|name| section.keys.iter().find(|key| key.name == name)) else { continue };
        let found = key.form.and_then(|form| Some((form.misfit(&entry.value)?, form)));
        let Some(((misfit, what), form)) = found else {
            if entry.value.is_mapping() {
                check(reader, &entry.value, &format!("{path}.{}", key.name));
            }
            continue;
        };
        let place = if misfit.is_null() { entry.key.span } else { misfit.place() };
        if !reader.has_refused(entry.key.span.to(entry.value.place())) {
            let within = if std::ptr::eq(misfit, &raw const entry.value) { "" } else { "an item of " };
            reader.problem("compose-invalid-value", place, &format!("{within}`{}` {what}", key.name), &form.expected());
        }
        reader.lose(key.name, key.aspects(), place);
    }
}
