//! "Did you mean": the known name that lies closest to what was written.

/// The closest of `candidates`, when one is close enough to have been meant.
pub fn closest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let written = written.to_ascii_lowercase();
    candidates
        .into_iter()
        // A whole item may have been meant by its last part: `tls` for `security/tls`.
        .map(|name| (if name.rsplit('/').next() == Some(&written) { 1.0 } else { strsim::jaro_winkler(&written, name) }, name))
        .filter(|(likeness, _)| *likeness >= 0.86)
        .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["evidence", "environment", "security/tls"];
        assert_eq!(closest("evidnce", known), Some("evidence"));
        assert_eq!(closest("tls", known), Some("security/tls"));
        assert_eq!(closest("colour", known), None);
    }
}
