//! Rows of the tables that catalogues are kept in: fields between tabs, of which a row writes what differs from the one above.

/// The rows of a table. A row without its first field continues the one above, `"` repeats the field above, and a line that begins
/// with `#` is a comment.
pub fn rows<const FIELDS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; FIELDS]> {
    let mut above = [""; FIELDS];
    table.lines().filter(|line| !line.starts_with('#')).map(move |line| {
        let mut fields = [""; FIELDS];
        for (field, (text, above)) in fields.iter_mut().zip(line.split('\t').zip(above)) {
            *field = if text == "\"" { above } else { text };
        }
        if let (Some(name), Some(known)) = (fields.first_mut().filter(|name| name.is_empty()), above.first()) {
            *name = known;
        }
        above = fields;
        fields
    })
}
