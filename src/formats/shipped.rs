//! Data files of gonogo's own, which are part of the program.

use serde::de::DeserializeOwned;

/// Reads one. Types are read from JSON values, which takes half the code of reading each of them from TOML: a first build
/// compiles that code.
///
/// # Errors
///
/// What is wrong with the text, in words.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value: serde_json::Value = toml::from_str(text).map_err(|error| error.to_string())?;
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeMap;

    #[test]
    fn tables_lists_and_numbers_are_read() {
        let read: BTreeMap<String, Vec<f64>> = super::read("a = [1, 2.5]\nb = []\n").unwrap();
        assert_eq!(read, BTreeMap::from([("a".to_owned(), vec![1.0, 2.5]), ("b".to_owned(), Vec::new())]));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = super::read::<BTreeMap<String, u16>>("a = -1\n").unwrap_err();
        assert!(wrong.contains("-1"), "{wrong}");
    }
}
