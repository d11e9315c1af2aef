//! The name that was probably meant by one that nobody knows.

/// The nearest of some names, if it is near enough to be a typo. `wanted` is in lower case.
#[must_use]
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Names are short; a line of a megabyte must not be compared with all of them.
    if wanted.len() > 100 {
        return None;
    }
    let most = 1 + wanted.len() / 6;
    let near = names.filter(|name| name.len().abs_diff(wanted.len()) <= most);
    let scored = near.map(|name| (strsim::damerau_levenshtein(wanted, &name.to_ascii_lowercase()), name));
    scored.filter(|(distance, _)| *distance <= most).min().map(|(_, name)| name)
}
