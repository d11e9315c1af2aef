//! From bytes to text: a server reads bytes, whatever the letters are; what is not UTF-8 is read all the same, and shown as U+FFFD.

use super::ReadError;
use crate::text::source::Foreign;

/// Bytes of a text that are looked at for the pattern of UTF-16.
const LOOKED_AT: usize = 1024;

/// A text, and the first of its bytes that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub text: String,
    pub foreign: Option<Foreign>,
}

/// The text of the bytes of a file.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, ReadError> {
    if is_utf16(&bytes) {
        return Err(ReadError::Utf16);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text, foreign: None }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(at).copied().unwrap_or_default();
            let foreign = Foreign { offset: u32::try_from(at).unwrap_or(u32::MAX), byte };
            Ok(Decoded { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), foreign: Some(foreign) })
        }
    }
}

/// The beginning of a file as text, to tell what it is.
pub(super) fn head(bytes: &[u8]) -> String {
    if !is_utf16(bytes) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let big_endian = bytes.first().is_some_and(|byte| matches!(byte, 0 | 0xfe));
    let unit = |pair: &[u8]| match pair {
        [first, second] if big_endian => u16::from_be_bytes([*first, *second]),
        [first, second] => u16::from_le_bytes([*first, *second]),
        _ => 0,
    };
    String::from_utf16_lossy(&bytes.chunks_exact(2).map(unit).collect::<Vec<_>>()).trim_start_matches('\u{feff}').to_owned()
}

/// Whether a text is UTF-16: by its byte order mark, or because every other byte is zero.
fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let head = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    if !head.contains(&0) {
        return false;
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    pairs >= 2 && (even == 0 && odd * 4 >= pairs * 3 || odd == 0 && even * 4 >= pairs * 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf8_is_replaced_and_its_first_place_kept() {
        let decoded = decode(b"a = 1\nb = 'caf\xe9' # \xfc\n".to_vec()).unwrap();
        assert_eq!(decoded.text, "a = 1\nb = 'caf\u{fffd}' # \u{fffd}\n");
        assert_eq!(decoded.foreign, Some(Foreign { offset: 14, byte: 0xe9 }));
        assert_eq!(decode("caf\u{e9}".into()).unwrap().foreign, None);
    }

    #[test]
    fn utf16_is_told_by_its_mark_or_its_zeros() {
        let units = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        for big in [false, true] {
            for text in ["\u{feff}port = 5432\n", "port = 5432\n"] {
                assert_eq!(decode(units(text, big)), Err(ReadError::Utf16), "{text:?} {big}");
                assert_eq!(head(&units(text, big)), "port = 5432\n");
            }
        }
        for text in [&b"port = 5432\0\n"[..], b"\0\0\0\0", b"", b"a\0"] {
            assert!(decode(text.to_vec()).is_ok(), "{text:?}");
        }
    }
}
